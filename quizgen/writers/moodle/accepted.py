"""Written answers as Moodle has to be told them: it compares texts letter by letter and reads plain numbers only."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from unicodedata import normalize

if TYPE_CHECKING:
    from collections.abc import Iterator

    from quizgen.paper import Blank

_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
_MOST_DIGITS = 30


def spellings(blank: Blank) -> tuple[str, ...]:
    """The accepted texts as written, in half-width and in full-width letters, with no `*` that stands for anything."""
    forms = dict.fromkeys(form for text in blank.accepted for form in _forms(text))
    return tuple(form.replace("*", r"\*") for form in forms)


def _forms(text: str) -> Iterator[str]:
    half = " ".join(normalize("NFKC", text).split())
    yield " ".join(text.split())
    yield half
    yield half.translate(_FULL_WIDTH)


def number(text: str | Decimal) -> str:
    """A number in half-width digits with a decimal point."""
    value = Decimal(normalize("NFKC", text).strip() if isinstance(text, str) else text)
    # Written out, a great power of ten would fill the memory.
    return f"{value:f}" if abs(value.adjusted()) <= _MOST_DIGITS else f"{value:e}"
