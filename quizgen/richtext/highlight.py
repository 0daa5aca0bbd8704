"""Code as rows of tokens, coloured by Pygments where its language is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quizgen.richtext.tree import CodeToken

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pygments.lexer import Lexer
    from pygments.token import _TokenType

# Lexers are regular expressions that a hostile text can slow down: what no exam prints goes uncoloured.
_LONGEST = 20_000
_LONGEST_LINE = 1_000

Rows = tuple[tuple[CodeToken, ...], ...]


def rows(text: str, language: str) -> Rows:
    """The lines of a piece of code; one plain token each when its language is none or not known."""
    lexer = _lexer(text, language)
    if lexer is not None:
        coloured = _rows(lexer, text)
        # A lexer that changed the code would make the exam ask about something else.
        if _text(coloured) == text:
            return coloured
    return tuple((CodeToken("", line),) if line else () for line in text.split("\n"))


def _lexer(text: str, language: str) -> Lexer | None:
    if not language or len(text) > _LONGEST or max(map(len, text.split("\n"))) > _LONGEST_LINE:
        return None
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def _rows(lexer: Lexer, text: str) -> Rows:
    row: list[CodeToken] = []
    finished: list[tuple[CodeToken, ...]] = []
    for kind, value in lexer.get_tokens(text):
        first, *others = value.split("\n")
        _append(row, _short(kind), first)
        for line in others:
            finished.append(tuple(row))
            row = []
            _append(row, _short(kind), line)
    return (*finished, tuple(row))


def _short(kind: _TokenType) -> str:
    from pygments.token import STANDARD_TYPES

    name = next(STANDARD_TYPES[known] for known in reversed(kind.split()) if known in STANDARD_TYPES)
    return "" if name == "w" else name  # white space has no colour


def _append(row: list[CodeToken], kind: str, text: str) -> None:
    if text and row and row[-1].kind == kind:
        row[-1] = CodeToken(kind, row[-1].text + text)
    elif text:
        row.append(CodeToken(kind, text))


def _text(rows: Iterable[Iterable[CodeToken]]) -> str:
    return "\n".join("".join(token.text for token in row) for row in rows)
