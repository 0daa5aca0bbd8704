"""The formats: one module each, listed once; commands, docs and tests read this table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from quizgen.paper import Printable
    from quizgen.templates import Templates


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A file to be written: its path below the output folder, and its bytes, whole or in chunks.

    Chunks are an iterable that begins anew each time, so that a large file is never in memory as a whole. `note` is
    what the user is told of how it was made.
    """

    path: PurePosixPath
    content: bytes | Iterable[bytes]
    note: str = ""

    @property
    def data(self) -> bytes:
        """All of its bytes."""
        return b"".join(self.chunks)

    @property
    def chunks(self) -> Iterable[bytes]:
        """Its bytes, piece by piece."""
        return (self.content,) if isinstance(self.content, bytes) else self.content


class Writer(Protocol):
    """What a format's module has.

    `PER_PAPER`: whether `write` is called with one paper at a time (so that papers can be spread over
    processes) or once with all of them. `TEMPLATES`: the files in templates/ that it reads. One that makes several
    documents of a paper names them in `DOCUMENTS`; its `write` takes `documents`, those that are wanted (none: all).

    It may also have `WHOLE_BANKS` (true: it is given a `Pool` of the banks instead of the papers), and functions of
    all papers: `prepare`, what they share (which `write` is then given as `prepared`), with sentences on it;
    before that `unprepared` and `lay_out`, pieces of it that several processes can make; `laid_out`, how many questions
    `write` has to lay out for those papers alone; `together`, further files that are made once (where `write` takes
    papers as they come); `warnings`, sentences on what the format cannot do; and `notes`, on how to use what was made.
    """

    PER_PAPER: bool
    TEMPLATES: tuple[str, ...]

    def write(self, papers: Sequence[Printable], templates: Templates) -> Iterator[OutputFile]:
        """The documents of the papers, students' ones made from `paper.without_key()` and nothing else."""
        ...


FORMATS = {
    "pdf": "print: booklet, answer sheet, answer key, explanations",
    "docx": "Word: booklet, answer key, explanations",
    "moodle": "Moodle XML: one question category for each variant",
    "moodle-bank": "Moodle XML: every question of the exam's banks once, for Moodle's own random draws",
    "moodle-backup": "Moodle backups to restore: a quiz for each variant, an activity for each assignment",
    "moodle-course": "the same as one backup of a course",
    "csv": "the answer key as a table",
    "json": "the whole paper as data",
}

# What print and Word make of a paper, by file names.
DOCUMENTS = ("booklet", "answer-sheet", "answer-key", "overlay", "explanations")

# What a build makes unless it is told: a backup is for who knows that the school allows restoring, and whole banks
# are for who lets Moodle draw.
USUAL = tuple(name for name in FORMATS if name not in {"moodle-bank", "moodle-backup", "moodle-course"})


def writer(name: str) -> Writer:
    """The module that writes a format; imported only now, since each brings a heavy library."""
    from importlib import import_module

    from quizgen.libraries import found_by_name

    with found_by_name():
        module: Writer = import_module(f"quizgen.writers.{name.replace('-', '_')}")
    return module
