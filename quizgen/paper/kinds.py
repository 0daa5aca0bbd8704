"""The response kinds by name, as templates ask for them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal, assert_never, get_args

from quizgen.paper.response import Blank, Choice, Cloze, Lines, Matching, Ordering, Response

Kind = Literal["choice", "blank", "lines", "matching", "ordering", "cloze"]


def kind(response: Response) -> Kind:
    """The name of a response's kind."""
    match response:
        case Choice():
            return "choice"
        case Blank():
            return "blank"
        case Lines():
            return "lines"
        case Matching():
            return "matching"
        case Ordering():
            return "ordering"
        case Cloze():
            return "cloze"
        case _:
            assert_never(response)


def _is(response: Response, name: Kind) -> bool:
    return kind(response) == name


def _is_multiple(response: Response) -> bool:
    return isinstance(response, Choice) and response.many


def _is_numerical(response: Response) -> bool:
    return isinstance(response, Blank) and response.tolerance is not None


# Jinja's tests: `{% if question.response is matching %}`
TESTS: dict[str, Callable[[Response], bool]] = {
    **{name: partial(_is, name=name) for name in get_args(Kind)},
    "multiple": _is_multiple,
    "numerical": _is_numerical,
}
