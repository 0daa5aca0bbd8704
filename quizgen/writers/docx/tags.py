"""The tags of a template, looked through before they are run: each closed, each block ended where it began."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from quizgen.problems import QuizgenError
from quizgen.writers.docx.wordml import Element, name

_TAG = re.compile(r"\{\{.*?\}\}|\{#.*?#\}|\{%(.*?)%\}", re.DOTALL)
_STATEMENT = re.compile(r"(?:(p|tr|tc|r)\s)?[-+]?\s*(\w+)")
_FULL_WIDTH = re.compile("｛\\s*[｛{％%]|\\{\\s*｛")
_BLOCKS = frozenset({"if", "for", "set", "with", "macro", "call", "filter", "block", "trans", "autoescape"})
_MIDDLES = frozenset({"else", "elif", "pluralize"})
# What else Jinja and docxtpl know.
_ALONE = frozenset({"include", "import", "from", "extends", "do", "break", "continue", "colspan", "cellbg", "vm", "hm"})
_AROUND = {"tr": "w:tbl", "tc": "w:tr"}  # what a tag that takes away rows or cells has to stay within
_LONGEST = 120

MISNESTED = (
    "its tags do not nest: a {%p … %} tag takes away the whole paragraph that it stands in, and a {%tr … %} tag "
    "the whole row, so a loop or condition has to begin and end in the same cell, or both outside of tables, by tags "
    "of the same kind"
)


@dataclass(frozen=True, slots=True)
class _Block:
    """A loop or condition that is open: its word, what it takes away with it, and where it stands."""

    word: str
    reach: tuple[str, Element | None]
    text: str


def check(part: Element) -> None:
    """Look through the tags of a document, header or footer.

    Raises QuizgenError, with the paragraph's text, when a tag or a block is not closed, or closed elsewhere.
    """
    blocks: list[_Block] = []
    for paragraph in part.iter(name("w:p")):
        text = _text(paragraph)
        _check_braces(text)
        for kind, word, whole in _statements(text):
            _follow(blocks, _Block(word, _reach(kind, paragraph), text), whole)
    if blocks:
        left = blocks[-1]
        raise QuizgenError(
            f"{{% {left.word} … %}} is not ended, or another within it: put {{% end{left.word} %}} below"
            f"{within(left.text)}"
        )


def within(text: str) -> str:
    """Where in a template something is: the paragraph by its words."""
    said = _short(text)
    return f", in “{said}”" if said else ""


def _short(text: str) -> str:
    said = " ".join(text.split())
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def _text(paragraph: Element) -> str:
    """The words of a paragraph, without those of text boxes in it."""
    found = paragraph.iter(name("w:t"))
    return "".join(t.text or "" for t in found if next(t.iterancestors(name("w:p"))) is paragraph)


def _check_braces(text: str) -> None:
    left = _TAG.sub("", text)
    if any(mark in left for mark in ("{{", "{%", "{#")):
        raise QuizgenError(f"a tag has no end: write }}}} or %}} behind it, in the same paragraph{within(text)}")
    if "}}" in left or "%}" in left:
        raise QuizgenError(
            f"a tag has no beginning: write {{{{ or {{% before it, without a space between{within(text)}"
        )
    if _FULL_WIDTH.search(left):
        raise QuizgenError(f"a tag is written with full-width braces: write {{{{ and }}}}{within(text)}")


def _statements(text: str) -> Iterator[tuple[str, str, str]]:
    """The kind (p, tr, …), the first word and all of each {% … %} tag."""
    for tag in _TAG.finditer(text):
        found = _STATEMENT.match(tag[1]) if tag[1] else None
        if found:
            yield found[1] or "", found[2], tag[1]


def _reach(kind: str, paragraph: Element) -> tuple[str, Element | None]:
    around = _AROUND.get(kind)
    return kind, next(paragraph.iterancestors(name(around)), None) if around else paragraph.getparent()


def _follow(blocks: list[_Block], found: _Block, whole: str) -> None:
    """Open or close a block."""
    if found.word in _BLOCKS and not (found.word == "set" and "=" in whole):
        blocks.append(found)
    elif found.word in _MIDDLES or found.word.startswith("end"):
        if not blocks:
            raise QuizgenError(f"{{% {found.word} %}} belongs to no tag above it{within(found.text)}")
        _match(blocks[-1], found)
        if found.word.startswith("end"):
            blocks.pop()
    elif found.word not in _BLOCKS | _ALONE:
        near = get_close_matches(found.word, _BLOCKS | _MIDDLES | _ALONE, 1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise QuizgenError(f"there is no tag {{% {found.word} … %}}{hint}{within(found.text)}")


def _match(open_: _Block, found: _Block) -> None:
    if found.word.startswith("end") and found.word != f"end{open_.word}":
        missing = f"{{% {found.word} %}} stands where {{% end{open_.word} %}} is missing"
    elif found.reach != open_.reach:
        missing = MISNESTED
    else:
        return
    raise QuizgenError(f"{missing}{within(open_.text)} and “{_short(found.text)}”")
