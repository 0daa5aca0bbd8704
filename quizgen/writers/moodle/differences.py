"""What Moodle's arithmetic cannot do: the questions that it scores otherwise than the exam says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quizgen.writers.moodle.fractions import grading

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from quizgen.paper import Choice, Paper
    from quizgen.scoring import Scoring
    from quizgen.writers.moodle.fractions import Grading

_NAMED = 3


def differences(papers: Iterable[Paper]) -> tuple[str, ...]:
    """A sentence for each rule that Moodle can only come near to, with the figures and the questions."""
    found: dict[str, dict[str, Grading]] = {}
    for paper in papers:
        for question in paper.questions:
            near = grading(question.response, paper.scoring)
            if near.more or near.less:
                rule = _rule(question.response, paper.scoring)
                found.setdefault(rule, {})[question.id] = near
    return tuple(_sentence(rule, gradings) for rule, gradings in sorted(found.items()))


def _rule(choice: Choice, scoring: Scoring) -> str:
    return scoring.multiple if choice.many else f"a penalty of {_percent(scoring.penalty)}"


def _sentence(rule: str, gradings: dict[str, Grading]) -> str:
    more = max(near.more for near in gradings.values())
    less = max(near.less for near in gradings.values())
    extent = " or ".join(f"{_percent(share)} {word}" for share, word in ((more, "more"), (less, "less")) if share)
    named = ", ".join(list(gradings)[:_NAMED])
    others = f" and {len(gradings) - _NAMED} others" if len(gradings) > _NAMED else ""
    return (
        f"Moodle cannot score {rule} exactly: there an answer can earn up to {extent} of a question's points "
        f"than on paper ({named}{others})"
    )


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):.3g} %"
