"""What an importer hands on: drafts of banks and assignments, and all that a teacher should know about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from quizgen.problems import Position

QuestionType = Literal["single", "multiple"]
Difficulty = Literal["easy", "normal", "hard"]
Pin = Literal["first", "last"]


@dataclass(frozen=True, slots=True)
class ChoiceDraft:
    """A choice: `label` is what the answer names (a, b, c, … unless the file has better); texts are Markdown."""

    label: str
    text: str
    feedback: str = ""
    pin: Pin | None = None


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """A question; an empty id is filled in later. `comments` are lines that the YAML gets as `# …` above it.

    `position` is where it stands in the imported file: a question that turns out to break a rule of banks is
    reported and left out with it.
    """

    position: Position
    type: QuestionType
    text: str
    choices: tuple[ChoiceDraft, ...]
    answer: tuple[str, ...]
    id: str = ""
    explanation: str = ""
    points: Decimal = Decimal(1)
    difficulty: Difficulty = "normal"
    tags: tuple[str, ...] = ()
    shuffle: bool = True
    stimulus: str = ""
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StimulusDraft:
    """A common stimulus; its id is what questions name in `stimulus`."""

    id: str
    text: str
    shuffle: bool = False


@dataclass(frozen=True, slots=True)
class BankDraft:
    """A bank, one file; an empty id and an empty language are filled in later, from its title and its texts."""

    title: str
    questions: tuple[QuestionDraft, ...]
    id: str = ""
    language: Literal["ja", "en", ""] = ""
    stimuli: tuple[StimulusDraft, ...] = ()
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AssignmentDraft:
    """An assignment; an empty id is filled in later."""

    position: Position
    title: str
    goal: str
    id: str = ""
    steps: str = ""
    submit: str = ""
    points: Decimal = Decimal(10)
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AssignmentsDraft:
    """Assignments that are handed out together, one file."""

    title: str
    assignments: tuple[AssignmentDraft, ...]
    id: str = ""
    language: Literal["ja", "en", ""] = ""
    text: str = ""


@dataclass(frozen=True, order=True, slots=True)
class Note:
    """A defect of the file, `repaired` where it was certain what is meant; `--strict` refuses a file with any."""

    position: Position
    code: str
    message: str
    repaired: bool = False

    def __str__(self) -> str:
        return f"{self.position}: {self.message} [{self.code}]"


@dataclass(frozen=True, order=True, slots=True)
class Skipped:
    """A question that was read but left out: where it stands, which it is (`Q3`, its name), and why."""

    position: Position
    code: str
    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.position}: {self.what} is left out: {self.why} [{self.code}]"


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A file that comes along: its path below the bank folder (`images/x.png`), with `/`, and its bytes."""

    path: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file held; one Skipped for each question of it that is in no bank."""

    banks: tuple[BankDraft, ...] = ()
    assignments: tuple[AssignmentsDraft, ...] = ()
    notes: tuple[Note, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    files: tuple[ImportedFile, ...] = ()

    @property
    def questions(self) -> int:
        """How many questions were imported."""
        return sum(len(bank.questions) for bank in self.banks)
