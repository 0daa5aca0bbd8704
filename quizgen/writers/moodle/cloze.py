"""Cloze: each gap as a code of Moodle's in the running text, such as `{1:SHORTANSWER:=etcd}`."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, assert_never

from quizgen.paper import Blank, Choice
from quizgen.richtext.plain import to_plain
from quizgen.richtext.tree import Code, Emphasis, Image, Paragraph, Strong, Text
from quizgen.richtext.walk import walk
from quizgen.writers.moodle.accepted import number, spellings
from quizgen.writers.moodle.html import fragment, gap_mark, plain

if TYPE_CHECKING:
    from fractions import Fraction

    from quizgen.paper import Cloze, Gap, Option
    from quizgen.richtext.tree import Blocks
    from quizgen.scoring import Scoring
    from quizgen.writers.moodle.xml import Fragment

# What Moodle would read as a gap, or as the place that a gap was taken from.
_LIKE_A_CODE = re.compile(r"\{(?=#\d|\d*:[A-Z])")
# What ends an answer or begins it. A backslash saves two of them and is then taken away, even where the author wrote
# it; entities are read first, so that they save all the others, and an ampersand that stands before an end.
_QUOTED = {"}": r"\}", "#": r"\#"} | {sign: f"&#{ord(sign)};" for sign in "&~=%\\<>"}
_SPECIAL = re.compile("[" + re.escape("".join(_QUOTED)) + "]")
_WORDS = (Paragraph, Text, Code, Strong, Emphasis)


def weight(points: Decimal, cloze: Cloze) -> int:
    """The points of each gap: whole ones, since Moodle takes no others."""
    return max(1, int((points / len(cloze.gaps)).to_integral_value(ROUND_HALF_UP)))


def filled(text: Fragment, cloze: Cloze, each: int, scoring: Scoring, *, shuffle: bool) -> Fragment:
    """The text with each gap's code in its place; `each` is what a gap is worth."""
    html = _LIKE_A_CODE.sub("&#123;", text.html)
    for gap in cloze.gaps:
        kind, answers = _code(gap, scoring, shuffle=shuffle)
        html = html.replace(gap_mark(gap.label), f"{{{each}:{kind}:{'~'.join(answers)}}}", 1)
    return replace(text, html=html)


def shows_pictures(gap: Gap) -> bool:
    """Whether a choice of the gap holds a picture, for which Moodle has no place there."""
    return isinstance(gap.response, Choice) and any(_illustrated(option.text) for option in gap.response.options)


def _code(gap: Gap, scoring: Scoring, *, shuffle: bool) -> tuple[str, tuple[str, ...]]:
    """The name of a gap's type, and its answers."""
    match gap.response:
        case Blank(tolerance=None) as blank:
            kind = "SHORTANSWER_C" if blank.match_case else "SHORTANSWER"
            return kind, tuple(f"={quoted(form)}" for form in spellings(blank))
        case Blank(accepted, _, tolerance):
            return "NUMERICAL", tuple(f"={number(value)}:{number(tolerance or Decimal(0))}" for value in accepted)
        case Choice(options):
            words = _are_words(options)
            kind = "MULTICHOICE_" + ("" if words else "V") + ("S" if shuffle else "")
            return kind.rstrip("_"), tuple(_choice(option, scoring.penalty, words=words) for option in options)
        case _:
            assert_never(gap.response)


def _choice(option: Option, penalty: Fraction, *, words: bool) -> str:
    lost = f"%-{float(penalty * 100):.5f}%" if penalty else ""
    feedback = f"#{quoted(_html(option.feedback))}" if option.feedback else ""
    return ("=" if option.right else lost) + quoted(_html(option.text, words=words)) + feedback


def _html(blocks: Blocks, *, words: bool = False) -> str:
    if words or _illustrated(blocks):
        return plain(" ".join(to_plain(blocks).split()))
    return fragment(blocks, {}).html


def _are_words(options: tuple[Option, ...]) -> bool:
    """Whether the options lose nothing in a drop-down menu, which shows the words of each and no more."""
    return all(isinstance(part, (*_WORDS, Image)) for option in options for part in walk(option.text))


def _illustrated(blocks: Blocks) -> bool:
    return any(isinstance(part, Image) for part in walk(blocks))


def quoted(text: str) -> str:
    """A text as it has to stand in a code, so that Moodle reads the very same."""
    return _SPECIAL.sub(lambda match: _QUOTED[match[0]], text)
