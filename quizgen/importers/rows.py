"""A row of a table as a question: what its cells mean, and what is doubtful or wrong in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from quizgen.importers.answers import LETTERS, Answer, answer
from quizgen.importers.imported import ChoiceDraft, Difficulty, Note, QuestionDraft, QuestionType, Skipped
from quizgen.importers.layout import Columns, Field
from quizgen.importers.markdown import literal
from quizgen.importers.text import cleaned
from quizgen.problems import Position, Problem

_Value = TypeVar("_Value")

_MOST_SHOWN = 40
_MOST_POINTS = 10_000
_POINTS = re.compile(r"(\d{1,5}(?:\.\d{1,2})?)0* ?(?:点|points?|pts?|marks?)?\.?")
_TAGS = re.compile(r"[,、，;；|\n]")
_INDENT = re.compile(r"^[ \t　]*")
_TYPES: dict[str, QuestionType] = {
    **dict.fromkeys(
        ("single", "単一", "単一選択", "単数", "単数選択", "択一", "択一式", "一つ選択", "1つ選択"), "single"
    ),
    **dict.fromkeys(("single choice", "single select", "single answer", "radio", "ラジオボタン"), "single"),
    **dict.fromkeys(
        ("multiple", "複数", "複数選択", "複数回答", "複数解答", "すべて選択", "チェックボックス"), "multiple"
    ),
    **dict.fromkeys(("multiple select", "multiple response", "multiple answer", "multiple answers"), "multiple"),
    **dict.fromkeys(("multi-select", "multiselect", "checkbox", "checkboxes"), "multiple"),
}
# What says no more than that there are choices; the answer tells the type.
_EITHER = {
    "",
    "選択",
    "選択式",
    "選択問題",
    "多肢選択",
    "多肢選択式",
    "choice",
    "multiple choice",
    "multichoice",
    "mcq",
}
_DIFFICULTIES: dict[str, Difficulty] = {
    **dict.fromkeys(("easy", "易", "易しい", "やさしい", "簡単", "低", "low", "初級", "基礎", "beginner"), "easy"),
    **dict.fromkeys(("", "normal", "普通", "ふつう", "標準", "中", "medium", "moderate", "中級"), "normal"),
    **dict.fromkeys(
        ("hard", "難", "難しい", "むずかしい", "高", "high", "difficult", "上級", "応用", "advanced"), "hard"
    ),
}
_FLAGS = {
    **dict.fromkeys(("", "true", "yes", "on", "1", "y", "する", "はい", "有", "○", "〇", "◯"), True),
    **dict.fromkeys(("false", "no", "off", "0", "n", "しない", "いいえ", "無", "×", "x", "固定"), False),
}
_MARKUPS = {
    **dict.fromkeys(("", "plain", "plain text", "text", "テキスト", "平文"), False),
    **dict.fromkeys(("markdown", "md", "マークダウン"), True),
}
# Fields whose value is read and checked, so that it does not matter how it was typed.
_VALUES: tuple[Field, ...] = ("points", "difficulty", "shuffle", "type", "markup")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text, what is doubtful about it, and what makes it unusable."""

    text: str = ""
    note: Note | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row by its number in the table, from 1, and its position in the file."""

    number: int
    position: Position
    cells: tuple[Cell, ...]

    def cell(self, at: int | None) -> Cell:
        """The cell in a column; an empty one where there is none."""
        return self.cells[at] if at is not None and at < len(self.cells) else Cell()

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it but blanks."""
        return not any(cell.text.strip() or cell.problem for cell in self.cells)


@dataclass(frozen=True, slots=True)
class AskedInRow:
    """A question with its bank's title and its stimulus's text, "" for none, and notes on it."""

    bank: str
    stimulus: str
    question: QuestionDraft
    notes: tuple[Note, ...]


def asked(row: Row, columns: Columns) -> AskedInRow | Skipped:
    """The question in a row, or why it is left out."""
    return _Reading(row, columns).asked()


def as_markdown(text: str) -> str:
    """A plain text as Markdown that prints the same, its lines and indents included."""
    paragraphs = re.split(r"\n(?:[ \t　]*\n)+", cleaned(text))
    return "\n\n".join("\\\n".join(map(_literal_line, paragraph.split("\n"))) for paragraph in paragraphs)


def _literal_line(line: str) -> str:
    indent = _INDENT.match(line)
    width = indent.end() if indent else 0
    inside = literal(line, keep_code=True)
    # A last backslash would join with that of the line break behind it.
    odd = (len(inside) - len(inside.rstrip("\\"))) % 2
    # Markdown drops blanks at a line's start, but for those that do not break.
    return "\u00a0" * len(line[:width].expandtabs(4)) + inside + "\\" * odd


@dataclass(slots=True)
class _Reading:
    """A row being read; notes are gathered on the way."""

    row: Row
    columns: Columns
    notes: list[Note] = field(default_factory=list)

    def asked(self) -> AskedInRow | Skipped:
        choices = {at: self._text_at(column) for at, column in self.columns.choices.items()}
        choices = {at: choices[at] for at in sorted(choices) if choices[at].strip()}
        key = self._key(choices)
        fault = self._fault(choices, key)
        if fault:
            return self._skipped(*fault)
        self._note_cells()
        question = self._draft(choices, key)
        return AskedInRow(self._line("bank"), self._markdown(self._text("stimulus")), question, tuple(self.notes))

    def _text_at(self, column: int | None) -> str:
        return cleaned(self.row.cell(column).text)

    def _text(self, name: Field) -> str:
        return self._text_at(self.columns.fields.get(name))

    def _line(self, name: Field) -> str:
        return " ".join(self._text(name).split())

    def _word(self, name: Field) -> str:
        """A value in the one form that all its writings have."""
        return unicodedata.normalize("NFKC", self._line(name)).casefold()

    def _markdown(self, text: str) -> str:
        return text if _MARKUPS.get(self._word("markup")) else as_markdown(text)

    def _key(self, choices: Mapping[int, str]) -> Answer:
        texts = [choices.get(at, "") for at in range(max(choices, default=-1) + 1)]
        return answer(self._text("answer"), texts, self.columns.style)

    def _fault(self, choices: Mapping[int, str], key: Answer) -> tuple[str, str] | None:
        """Why the row cannot be a question, with its code."""
        kind = self._word("type")
        if not self._text("text").strip():
            return "no-text", "it has no text"
        if kind not in _TYPES and kind not in _EITHER:
            return "unsupported-type", f"`{kind[:_MOST_SHOWN]}` is no type of question that can be imported"
        if len(choices) < 2:
            return "too-few-choices", f"it has {len(choices)} of the two choices that it needs"
        if key.unknown:
            named, known = key.unknown[0][:_MOST_SHOWN], ", ".join(LETTERS[at] for at in choices)
            return "unknown-answer", f"its answer names `{named}`, but the choices are {known}"
        return None if key.places else ("no-answer", "it has no answer")

    def _skipped(self, code: str, why: str) -> Skipped:
        name = self._line("id")[:_MOST_SHOWN]
        return Skipped(self.row.position, code, f"row {self.row.number}" + (f" ({name})" if name else ""), why)

    def _note_cells(self) -> None:
        fields = {column for name, column in self.columns.fields.items() if name not in _VALUES}
        for column in sorted(fields | {*self.columns.choices.values(), *self.columns.feedback.values()}):
            note = self.row.cell(column).note
            if note:
                self.notes.append(note)

    def _draft(self, choices: Mapping[int, str], key: Answer) -> QuestionDraft:
        kind, comments = self._type(key)
        return QuestionDraft(
            self.row.position,
            kind,
            self._markdown(self._text("text")),
            tuple(self._choice(at, text) for at, text in choices.items()),
            tuple(LETTERS[at] for at in sorted(key.places)),
            id=self._line("id"),
            explanation=self._markdown(self._text("explanation")),
            points=self._points(),
            difficulty=self._one_of("difficulty", _DIFFICULTIES, "normal"),
            tags=tuple(dict.fromkeys(tag.strip() for tag in _TAGS.split(self._text("tags")) if tag.strip())),
            shuffle=self._one_of("shuffle", _FLAGS, default=True),
            comments=comments,
        )

    def _choice(self, at: int, text: str) -> ChoiceDraft:
        feedback = self._text_at(self.columns.feedback.get(at))
        return ChoiceDraft(LETTERS[at], self._markdown(text), self._markdown(feedback))

    def _type(self, key: Answer) -> tuple[QuestionType, tuple[str, ...]]:
        """The type that is said, or else the one that the answer makes; and what is doubtful about the answer."""
        doubts = [key.doubt] if key.doubt else []
        kind = _TYPES.get(self._word("type"), "multiple" if len(key.places) > 1 else "single")
        if kind == "single" and len(key.places) > 1:
            kind = "multiple"
            doubts.append("the type was single, but the answer names several choices")
        for doubt in doubts:
            self._doubtful("doubtful-answer", doubt)
        return kind, tuple(doubts)

    def _points(self) -> Decimal:
        word = self._word("points")
        match = _POINTS.fullmatch(word)
        points = Decimal(match[1]) if match else Decimal(0)
        if 0 < points <= _MOST_POINTS:
            return points
        if word:
            self._doubtful("points", f"`{word[:_MOST_SHOWN]}` is no number of points; it has 1")
        return Decimal(1)

    def _one_of(self, name: Field, values: Mapping[str, _Value], default: _Value) -> _Value:
        word = self._word(name)
        if word not in values:
            self._doubtful(name, f"`{word[:_MOST_SHOWN]}` is none of the values of {name}; it is left out")
        return values.get(word, default)

    def _doubtful(self, code: str, message: str) -> None:
        self.notes.append(Note(self.row.position, code, f"row {self.row.number}: {message}"))
