"""Running a template, with its mistakes told as the author's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import TemplateError

from quizgen.problems import QuizgenError

if TYPE_CHECKING:
    from jinja2 import Environment


def rendered(environment: Environment, name: str, **values: object) -> str:
    """What a template makes of the values.

    Raises QuizgenError when the template cannot be compiled or run.
    """
    try:
        return environment.get_template(name).render(values)
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        line = getattr(error, "lineno", None)
        place = f"{getattr(error, 'name', None) or name}:{line}" if line else name
        raise QuizgenError(f"the template {place} cannot be used: {error}") from error
