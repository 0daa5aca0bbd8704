"""Drafts out of what the book holds: texts as Markdown, the type told by the closing instruction or the key."""

from __future__ import annotations

import re

from quizgen.importers.imported import AssignmentDraft, ChoiceDraft, QuestionDraft, QuestionType
from quizgen.importers.markdown import literal
from quizgen.importers.textbook.book import ListedKey, PrintedAssignment, Question
from quizgen.importers.textbook.choices import MendedChoice, mended_choices, right_choices, unbalanced, without_stray
from quizgen.importers.textbook.findings import Findings
from quizgen.importers.textbook.lines import CODE, ChoiceHead, Kind
from quizgen.language import LABELS, MOST_CHOICES
from quizgen.problems import Position

_SENTENCES = re.compile(r"[^。．？?！!\n]*(?:[。．？?！!]+|\n|$)")
_PICK = r"(?:選択し|選んで|選び|選べ|答え|解答し|挙げ)"
_ALL = re.compile(rf"(?:すべて|全て|全部).*{_PICK}|[2-9２-９二三四五](?:つ|個)を?、?{_PICK}")
_ONE = re.compile(rf"(?:最も|もっとも).*{_PICK}|(?:(?<![0-9０-９])[1１一](?:つ|個)|ひとつ)を?、?{_PICK}")
# An instruction that says nothing but how to tick; the question itself stands in the sentence before.
_BARE = re.compile(
    r"[\s　]*(?:(?:次|以下)(?:の[^。]{0,12})?(?:から|より|のうち)、?)?"
    r"(?:最も|もっとも)?(?:適切な|適当な|正しい|ふさわしい|当てはまる|あてはまる|該当する)"
    r"(?:もの|選択肢|記述|番号)を、?(?:すべて|全て|全部|[1１一]つ|ひとつ)?、?"
    r"(?:選択して|選んで|選び|選択し|選びなさい|選択しなさい|選べ|選択せよ)(?:ください|下さい|なさい)?[。．]?[\s　]*"
)
_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})")
_LABELS = LABELS["letters"]
_ASKS = re.compile(r"(?:か[。．]?|[？?])[\s　]*$")
_OPPOSITES = (
    {"正しい", "正しくない"}, {"正しい", "誤り"}, {"正しい", "誤っている"}, {"はい", "いいえ"}, {"○", "×"}, {"〇", "×"},
    {"真", "偽"}, {"正", "誤"}, {"できる", "できない"}, {"true", "false"}, {"yes", "no"},
)  # fmt: skip


def question_draft(
    number: int, question: Question, listed: ListedKey | None, tag: str, findings: Findings
) -> QuestionDraft | None:
    """A question's draft; None, and a word in the findings, when it cannot be one."""
    name = f"Q{number}"
    code, why = _hindrance(question, listed)
    if code or listed is None or listed.key is None:
        findings.skip(question.line, code, name, why)
        return None
    already = len(findings.notes)
    text = without_stray(question.text, name, question.line, question.column, findings)
    if fault := unbalanced(text):
        findings.doubtful(question.line, question.column, "cut-off", f"the text of {name} {fault}; complete it")
    choices = mended_choices(number, question, findings)
    right = right_choices(number, choices, listed.line, listed.key, findings)
    if not right:
        findings.skip(question.line, "unknown-choice", name, "its key names none of its choices")
        return None
    stem, said = stem_and_type(text)
    return QuestionDraft(
        Position(findings.path, question.line, 1),
        _type(name, question, said, len(right), findings),
        markdown(stem),
        tuple(map(_choice, _LABELS, choices)),
        tuple(_LABELS[place] for place in right),
        id=f"q{number:02}",
        tags=(tag,) if tag else (),
        shuffle={choice.text.rstrip("。").lower() for choice in choices} not in _OPPOSITES,
        comments=tuple(note.message for note in findings.notes[already:] if not note.repaired),
    )


def _hindrance(question: Question, listed: ListedKey | None) -> tuple[str, str]:
    """Why a question cannot be imported, as code and words; empty ones when it can."""
    if not 2 <= len(question.choices) <= MOST_CHOICES:
        return "no-choices", f"{len(question.choices) or 'no'} numbered choices follow it; 2 to {MOST_CHOICES} can"
    if listed is None:
        return "no-key", "the answer list has no key for it"
    return ("", "") if listed.key else ("unreadable-key", f"its key `{listed.rest}` cannot be read")


def _choice(label: str, choice: MendedChoice) -> ChoiceDraft:
    return ChoiceDraft(label, markdown(choice.text))


def _type(name: str, question: Question, said: QuestionType | None, right: int, findings: Findings) -> QuestionType:
    """The type that the instruction says, or else the key; where both say different things, the key."""
    by_key: QuestionType = "single" if right == 1 else "multiple"
    if said is None:
        message = (
            f"{name} does not say whether one choice is right or several; its key names {right}, so it is {by_key}"
        )
        # A key of one leaves it open whether several might have been.
        tell = findings.doubtful if right == 1 else findings.repaired
        tell(question.line, question.column, "no-instruction", message)
        return by_key
    if said == "single" and right > 1:
        message = f"{name} asks for one choice, but its key names {right}, so it is multiple; check its key"
        findings.doubtful(question.line, question.column, "type-by-key", message)
        return by_key
    return said


def stem_and_type(text: str) -> tuple[str, QuestionType | None]:
    """A question's text without an instruction on ticking, which papers print themselves, and what it said."""
    sentences = _SENTENCES.findall(text.rstrip())
    while sentences and not sentences[-1].strip():
        sentences.pop()
    said = next((kind for sentence in reversed(sentences) if (kind := _said(sentence))), None)
    before = "".join(sentences[:-1]).rstrip()
    if sentences and _BARE.fullmatch(sentences[-1]) and _ASKS.search(before):
        return before, said
    return text, said


def _said(sentence: str) -> QuestionType | None:
    if _ALL.search(sentence):
        return "multiple"
    return "single" if _ONE.search(sentence) else None


def markdown(text: str) -> str:
    """Printed text as Markdown; code between fences or backticks stays code."""
    parts: list[str] = []
    inside = False
    for line in text.split("\n"):
        fence = _FENCE.match(line) is not None
        parts.append(line if inside or fence else literal(line, keep_code=True))
        inside ^= fence
    return "\n".join(parts)


def assignment_draft(printed: PrintedAssignment, findings: Findings) -> AssignmentDraft:
    """An assignment's draft; what the book says is its goal, and a comment names what an author adds."""
    inline = "。" in printed.title
    heading = f"課題 {printed.number}"
    lines = [*([printed.title] if inline else []), *(_body_line(kind, line) for kind, line in printed.lines)]
    return AssignmentDraft(
        Position(findings.path, printed.line, 1),
        heading if inline or not printed.title else f"{heading} {printed.title}",
        "\n".join(lines).replace("{{", r"\{{"),
        id=f"a{printed.number:02}",
        comments=("the book has no steps, checks or rubric for this one",),
    )


def _body_line(kind: Kind, line: str) -> str:
    if isinstance(kind, ChoiceHead) and kind.style == "digit":
        return f"{kind.number}. {literal(kind.text, keep_code=True)}"
    return line if kind == CODE else literal(line, keep_code=True)
