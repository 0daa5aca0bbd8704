"""Tables with a question in each row, from a CSV file or a workbook, become banks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from quizgen.importers.imported import BankDraft, Imported, Note, QuestionDraft, Skipped, StimulusDraft
from quizgen.importers.layout import Columns, columns
from quizgen.importers.rows import AskedInRow, Row, asked
from quizgen.problems import Position, Problem, ProblemsError

MOST_ROWS = 50_000
MOST_COLUMNS = 256

_HEADINGS_WITHIN = 20  # rows
_MOST_PROBLEMS = 20
_MOST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Table:
    """A table, the title that its bank gets where no column says one, and its position."""

    title: str
    position: Position
    rows: tuple[Row, ...]

    @property
    def headings(self) -> int | None:
        """The index of the row of headings, among the first rows."""
        first = enumerate(self.rows[:_HEADINGS_WITHIN])
        return next((at for at, row in first if _columns(row).usable), None)

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it."""
        return all(row.empty for row in self.rows)


def imported(tables: Sequence[Table], guides: frozenset[str] = frozenset()) -> Imported:
    """The questions of all tables with our headings, a bank for each title; notes tell of the other tables.

    A table whose title is one of `guides` is for people to read. Raises ProblemsError when no table has headings.
    """
    headed = [(table, at) for table in tables if (at := table.headings) is not None]
    if not headed:
        raise ProblemsError([_no_headings(tables)])
    problems = [problem for table, at in headed for problem in _unusable(table, at)]
    if problems:
        raise ProblemsError(problems[:_MOST_PROBLEMS])
    found = [outcome for table, at in headed for outcome in _read(table, at)]
    notes = [note for table in tables for note in _foreign(table, guides)]
    return _banks([*notes, *found])


def _columns(row: Row) -> Columns:
    return columns([cell.text for cell in row.cells])


def _no_headings(tables: Sequence[Table]) -> Problem:
    """What the row that is most like headings lacks."""
    rows = [row for table in tables for row in table.rows[:_HEADINGS_WITHIN] if not row.empty]
    if not rows:
        return Problem(tables[0].position, "no-questions", "there is nothing in the table")
    likest = min(rows, key=lambda row: len(_columns(row).missing))
    lacking = ", ".join(_columns(likest).missing)
    message = f"no row has the headings of a table of questions; this one lacks {lacking}"
    return Problem(likest.position, "headings", message)


def _unusable(table: Table, at: int) -> Iterator[Problem]:
    used = _columns(table.rows[at]).used
    for row in table.rows[at:]:
        yield from (cell.problem for number, cell in enumerate(row.cells) if cell.problem and number in used)


def _foreign(table: Table, guides: frozenset[str]) -> Iterator[Note]:
    if table.headings is None and not table.empty and table.title not in guides:
        message = f"the sheet {table.title} has no headings of questions; it is left out"
        yield Note(table.position, "sheet-left-out", message)


def _read(table: Table, at: int) -> Iterator[Note | AskedInRow | Skipped]:
    head = table.rows[at]
    found = _columns(head)
    yield from _notes(table.rows[:at], head, found)
    title = table.title
    for row in table.rows[at + 1 :]:
        if row.empty:
            continue
        outcome = asked(row, found)
        if isinstance(outcome, AskedInRow):
            # An empty cell means the bank of the row above, as people write tables.
            title = outcome.bank or title
            outcome = replace(outcome, bank=title)
        yield outcome


def _notes(above: Iterable[Row], head: Row, found: Columns) -> Iterator[Note]:
    for row in above:
        if not row.empty:
            message = f"row {row.number} stands above the headings and is left out"
            yield Note(row.position, "above-headings", message, repaired=True)
    for at in found.unknown:
        message = f"questions have no column `{_name(head, at)}`; it is left out"
        yield Note(head.position, "unknown-column", message)
    for at in found.doubled:
        message = f"the column `{_name(head, at)}` is there twice; the second is left out"
        yield Note(head.position, "doubled-column", message)


def _name(head: Row, at: int) -> str:
    return " ".join(head.cell(at).text.split())[:_MOST_SHOWN]


def _banks(found: Iterable[Note | AskedInRow | Skipped]) -> Imported:
    questions: dict[str, list[QuestionDraft]] = {}
    stimuli: dict[str, dict[str, StimulusDraft]] = {}
    notes: list[Note] = []
    skipped: list[Skipped] = []
    for outcome in found:
        match outcome:
            case Note():
                notes.append(outcome)
            case Skipped():
                skipped.append(outcome)
            case AskedInRow(bank, stimulus, question):
                known = stimuli.setdefault(bank, {})
                if stimulus and stimulus not in known:
                    known[stimulus] = StimulusDraft(f"s{len(known) + 1:02}", stimulus)
                name = known[stimulus].id if stimulus else ""
                questions.setdefault(bank, []).append(replace(question, stimulus=name))
                notes += outcome.notes
    banks = [BankDraft(bank, tuple(asked), stimuli=tuple(stimuli[bank].values())) for bank, asked in questions.items()]
    return Imported(tuple(banks), (), tuple(dict.fromkeys(notes)), tuple(skipped))
