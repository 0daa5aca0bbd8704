"""The notation of a text: CommonMark and tables, and what authors of exams need besides.

`$x$` and `$$x$$` for maths, `{漢字|かんじ}` for ruby, `![alt](path){width=80mm}` for a picture's width.
Raw HTML is no part of it: a tag is text.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any
from unicodedata import category, east_asian_width

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

DEEPEST = 20  # levels of lists and quotes (a list is two), and of emphasis; markdown-it drops what lies deeper
_MOST_LINES = 100  # of one formula: looking on to the text's end from every line would take too long

_ESCAPED = r"(?:[^$\\]|\\.)"
_DISPLAY = re.compile(rf"\$\$({_ESCAPED}++)\$\$", re.DOTALL)
_INLINE = re.compile(rf"\$(?![\s$])({_ESCAPED}++)\$(?!\d)", re.DOTALL)
_PRICE = re.compile(r"\$\d[\d.,]*+(.)")
_RUBY = re.compile(r"\{([^{}|\n]+)\|([^{}|\n]+)\}")
_ATTRIBUTES = re.compile(r"\{([^{}|\n]*)\}")


def tokens(text: str) -> tuple[list[Token], dict[str, Any]]:
    """The markdown-it tokens of a text, and the environment that holds its link definitions."""
    environment: dict[str, Any] = {}
    return _parser().parse(text, environment), environment


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    options = {"html": False, "maxNesting": DEEPEST, "store_labels": True}
    parser = MarkdownIt("commonmark", options).enable("table")
    # Adjacent texts stay apart, so that `faults` can tell what was escaped from what was not understood.
    parser.core.ruler.disable("text_join")
    # Every address becomes a link here: `faults` has to see the ones that the tree leaves out.
    parser.validateLink = lambda url: True  # type: ignore[method-assign] # noqa: ARG005
    parser.inline.ruler.at("emphasis", _emphasis)
    parser.inline.ruler.before("escape", "maths", _maths)
    parser.inline.ruler.before("escape", "ruby", _ruby)
    parser.inline.ruler.before("ruby", "attributes", _attributes)
    interrupted = ["paragraph", "reference", "blockquote", "list"]
    parser.block.ruler.before("fence", "maths", _maths_block, {"alt": interrupted})
    return parser


def is_wide(character: str) -> bool:
    """Whether a character is one of Japanese or Chinese script, which has no spaces between words."""
    # Hangul is wide but has spaces; pictographs (So) belong to no script.
    return (
        east_asian_width(character or " ") in "WF"
        and category(character) != "So"
        and not "\uac00" <= character <= "\ud7a3"
    )


def _emphasis(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it calls it so
    """CommonMark's rule, but that `**「…」**` needs no spaces around it in Japanese."""
    from markdown_it.rules_inline.state_inline import Delimiter

    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    run = state.scanDelims(state.pos, marker == "*")
    before = state.src[max(state.pos - 1, 0) : state.pos]
    after = state.src[state.pos + run.length : state.pos + run.length + 1]
    japanese = marker == "*" and (is_wide(before) or is_wide(after))
    can_open = run.can_open or (japanese and not after.isspace() and after != "")
    can_close = run.can_close or (japanese and not before.isspace() and before != "")
    for _ in range(run.length):
        state.push("text", "", 0).content = marker
        index = len(state.tokens) - 1
        state.delimiters.append(Delimiter(ord(marker), run.length, index, -1, can_open, can_close))
    state.pos += run.length
    return True


def _maths(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    if state.src[state.pos] != "$":
        return False
    match = _DISPLAY.match(state.src, state.pos, state.posMax) or _inline_maths(state)
    if match is None or not match[1].strip():
        return False
    if not silent:
        state.push("maths", "", 0).content = match[1].strip()
    state.pos = match.end()
    return True


def _inline_maths(state: StateInline) -> re.Match[str] | None:
    """A `$` is a price's after a digit ("5$"), before a number and Japanese ("$5です"), or if none closes it directly.

    "$5 and $6" has a space before the second one, "$5, $10" a digit after it.
    """
    price = _PRICE.match(state.src, state.pos)
    if (price and is_wide(price[1])) or (state.pos and state.src[state.pos - 1].isdigit()):
        return None
    match = _INLINE.match(state.src, state.pos, state.posMax)
    return None if match is None or match[1][-1].isspace() else match


def _ruby(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    match = _RUBY.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "{" else None
    # Only ASCII on both sides is program text, as in "docker {start|stop}".
    if match is None or match[0].isascii() or not (match[1].strip() and match[2].strip()):
        return False
    if not silent:
        token = state.push("ruby", "", 0)
        token.content, token.info = match[1].strip(), match[2].strip()
    state.pos = match.end()
    return True


def _attributes(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """What stands in braces directly after a picture; kept as written on the picture's token."""
    if silent or state.src[state.pos] != "{" or state.pending or not state.tokens:
        return False
    match = _ATTRIBUTES.match(state.src, state.pos, state.posMax)
    picture = state.tokens[-1]
    if match is None or picture.type != "image" or "braces" in picture.meta:
        return False
    picture.meta["braces"] = match[1]
    state.pos = match.end()
    return True


def _maths_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    if state.is_code_block(start) or not _line(state, start).startswith("$$"):
        return False
    last = _closing_line(state, start, end)
    if last is None:
        return False
    if not silent:
        token = state.push("maths_block", "", 0)
        token.map = [start, last + 1]
        lines = [_line(state, line) for line in range(start, last + 1)]
        token.content = "\n".join(lines)[2:-2].strip()
        state.line = last + 1
    return True


def _closing_line(state: StateBlock, start: int, end: int) -> int | None:
    first = _line(state, start)
    if "$$" in first[2:]:
        return start if first[2:].strip("$") and first.find("$$", 2) == len(first) - 2 else None
    for line in range(start + 1, min(end, start + _MOST_LINES)):
        content = _line(state, line)
        if not content or state.sCount[line] < state.blkIndent:
            return None
        if content.endswith("$$"):
            return line
    return None


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()
