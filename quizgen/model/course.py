"""A course: the banks that lie together in one folder, and their pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from quizgen.model.bank import Bank, Stimulus
from quizgen.model.question import Question
from quizgen.picture import Picture


@dataclass(frozen=True, slots=True)
class Entry:
    """A question of a course: its name (`bank/question`), its place in its bank from 0, and its stimulus if any."""

    name: str
    question: Question
    place: int
    stimulus: Stimulus | None = None

    @property
    def unit(self) -> str:
        """What the question stands together with: the name of its stimulus, or else its own."""
        # "#" is in no id, so a stimulus and a question of the same id are different units.
        return f"{self.name.partition('/')[0]}#{self.stimulus.id}" if self.stimulus else self.name


@dataclass(frozen=True)
class Course:
    """Banks by their ids; `pictures` holds each picture by its path as written (relative to the folder)."""

    banks: Mapping[str, Bank]
    pictures: Mapping[str, Picture] = field(default_factory=dict)

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        """Every question by its name."""
        found = {}
        for bank in self.banks.values():
            stimuli = {stimulus.id: stimulus for stimulus in bank.stimuli}
            for place, question in enumerate(bank.questions):
                name = f"{bank.id}/{question.id}"
                found[name] = Entry(name, question, place, stimuli.get(question.stimulus or ""))
        return found

    @cached_property
    def pictures_by_name(self) -> Mapping[str, Picture]:
        """Every picture by its content-hash name."""
        return {picture.name: picture for picture in self.pictures.values()}
