"""What texts refer to: each reference has a figure or a choice, and each figure an id of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from quizgen.reader.finding import Finding, did_you_mean
from quizgen.richtext import images, parse, walk
from quizgen.richtext.tree import CHOICE, Paragraph, Reference

if TYPE_CHECKING:
    from quizgen.source import Location

    Texts = Iterable[tuple[Location, str]]


def figure_ids(text: str) -> frozenset[str]:
    """The ids of a text's figures."""
    return frozenset(image.id for _, image in images(parse(text)) if image.id) if "{#" in text else frozenset()


def figure_findings(
    texts: Texts, elsewhere: frozenset[str] = frozenset(), choices: Collection[str] = ()
) -> Iterator[Finding]:
    """What is wrong with the references of texts that belong together, of which some figures stand `elsewhere`."""
    texts = [(location, text) for location, text in texts if "{#" in text or "(#" in text]
    seen = set(elsewhere)
    for location, text in texts:
        for line, image in images(parse(text)):
            if image.id and image.id in seen:
                message = f"the id `{image.id}` is taken already by another figure; choose another"
                yield Finding(location, "doubled-figure", message, line=line)
            seen |= {image.id} - {""}
    for location, text in texts:
        for line, name in _references(text):
            if name.startswith(CHOICE):
                yield from _choice_finding(name.removeprefix(CHOICE), choices, location, line)
            elif name not in seen:
                hint = did_you_mean(name, seen) or "; give the picture an id as in ![…](…){#" + name + "}"
                message = f"no figure here has the id `{name}`{hint}"
                yield Finding(location, "unknown-figure", message, line=line)


def _choice_finding(label: str, choices: Collection[str], location: Location, line: int) -> Iterator[Finding]:
    if label not in choices:
        known = f"the choices are {', '.join(choices)}" if choices else "only questions with `choices` have any"
        yield Finding(location, "unknown-choice", f"no choice here has the label `{label}`; {known}", line=line)


def _references(text: str) -> Iterator[tuple[int, str]]:
    """The ids that a text refers to, each with the line at which its paragraph begins."""
    line = 0
    for part in walk(parse(text)):
        if isinstance(part, Paragraph):
            line = part.line
        elif isinstance(part, Reference):
            yield line, part.id
