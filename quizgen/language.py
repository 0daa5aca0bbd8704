"""What depends on an exam's language: the printed words (message catalogs) and the labels of choices."""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Literal, get_args

Language = Literal["ja", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
# What an edition of a booklet can have beside the usual look.
Feature = Literal["large-print", "furigana", "high-contrast", "dyslexia-friendly", "bilingual"]
LabelStyle = Literal["numbers", "circled", "letters", "capitals", "katakana", "iroha"]

MOST_CHOICES = 26  # as many as every label style has

LABELS: dict[LabelStyle, tuple[str, ...]] = {
    "numbers": tuple(str(number) for number in range(1, 27)),
    "circled": tuple("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖"),
    "letters": tuple("abcdefghijklmnopqrstuvwxyz"),
    "capitals": tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    "katakana": tuple("アイウエオカキクケコサシスセソタチツテトナニヌネノハ"),
    "iroha": tuple("イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノ"),
}
# Numbers of gaps and stems, which choices are never labelled with unless the author asks for it.
GAP_LABELS = tuple(f"({number})" for number in range(1, MOST_CHOICES + 1))
DEFAULT_LABELS: dict[Language, LabelStyle] = {"ja": "katakana", "en": "capitals"}


@cache
def catalog(language: str) -> NullTranslations:
    """The printed words of a language; English is what the templates say themselves.

    The .po file is what translators edit and what we read: no compiled copy can fall behind it.
    """
    path = files("quizgen") / "locale" / f"{language}.po"
    if not path.is_file():
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(path.read_bytes()), locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)
