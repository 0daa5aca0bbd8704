"""A question of GIFT as a draft."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quizgen.importers.attributes import Attributes, shown
from quizgen.importers.formatted import read_text
from quizgen.importers.gift.entries import MOODLES_COMMENT, Entry, plain
from quizgen.importers.graded import TRUE_FALSE, Doubt, Graded, Keyed, NotCarriedError, keyed
from quizgen.importers.html import HtmlError
from quizgen.importers.imported import QuestionDraft
from quizgen.importers.naming import language_of
from quizgen.importers.text import cleaned

_FORMATS = {"html": "html", "markdown": "markdown", "plain": "plain_text", "moodle": "moodle_auto_format"}
_FORMAT = re.compile(r"\s*\[(html|markdown|plain|moodle)\]")
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d{0,20})?)%")
_GAP = "_____"
_ID = re.compile(r"\[id:((?:\\\]|[^\]\x00-\x1f])+)\]")
_TAG = re.compile(r"\[tag:((?:\\\]|[^\]<>`\x00-\x1f])+)\]")


def read_question(entry: Entry) -> tuple[QuestionDraft, tuple[Doubt, ...]]:
    """The draft of a question, and what is doubtful about it.

    Raises NotCarriedError when it is of a type that banks do not have here, or has no key.
    """
    title, body = split_title(entry.text)
    stem, answers = _stem_and_answers(body)
    _refuse_other_types(answers)
    before, mark, general = answers.rpartition("####")
    answers, general = (before.strip(), general) if mark else (answers, "")
    lost: set[str] = set()
    try:
        text_format, text = _format(stem, "moodle_auto_format")
        texts = _Texts(text_format, lost)
        question = texts.markdown(text, text_format)
        key = _key(answers, texts, question)
        explanation = texts.read(general)
    except HtmlError as error:
        raise NotCarriedError("text-length", f"one of its texts {error}") from error
    if not question:
        raise NotCarriedError("no-text", "it has no text")
    doubts = (*key.doubts, *(Doubt("formatting", clause) for clause in sorted(lost)))
    said = "\n".join(entry.comments)
    about = Attributes(shown(plain(title)), *_id_and_tags(said))
    draft = QuestionDraft(
        entry.position,
        key.type,
        question,
        key.choices,
        key.answer,
        id=about.id(question),
        explanation=explanation,
        difficulty=about.difficulty,
        tags=about.tags,
        shuffle=not _is_true_false(answers),
        comments=(*about.comments(question), *_own_comments(entry), *(doubt.message for doubt in doubts)),
    )
    return draft, doubts


@dataclass(frozen=True, slots=True)
class _Texts:
    """Reads the texts of one question, and keeps what they lose."""

    default_format: str
    lost: set[str]

    def read(self, text: str) -> str:
        """The Markdown of a text that may begin with its format."""
        text_format, rest = _format(text, self.default_format)
        return self.markdown(rest, text_format)

    def markdown(self, text: str, text_format: str) -> str:
        result = read_text(plain(text).strip(), text_format)
        self.lost.update(result.lost)
        return cleaned(result.text)


def _format(text: str, default: str) -> tuple[str, str]:
    match = _FORMAT.match(text)
    return (_FORMATS[match[1]], text[match.end() :]) if match else (default, text)


def split_title(text: str) -> tuple[str, str]:
    """The title between `::` and `::`, and what stands behind it."""
    if not text.startswith("::"):
        return "", text
    title, mark, rest = text[2:].partition("::")
    return (title, rest) if mark else ("", text[2:])


def _stem_and_answers(text: str) -> tuple[str, str]:
    """The question, with a gap where its answers stand in the middle of it, and the answers."""
    start = text.find("{")
    end = text.find("}", start + 1)
    if start < 0 and "}" not in text:
        raise NotCarriedError("question-type", "a text without answers in braces cannot be imported")
    if start < 0 or end < 0:
        alone = "}" if start < 0 else "{"
        raise NotCarriedError("brace", f"a {alone} has no partner; where it is text, write \\{alone}")
    rest = text[end + 1 :]
    gap = _GAP if rest.strip() else ""
    return f"{text[:start]}{gap}{rest}", text[start + 1 : end].strip()


def _refuse_other_types(answers: str) -> None:
    kind = ""
    if not answers:
        kind = "essay"
    elif answers.startswith("#") and not answers.startswith("####"):
        kind = "numerical"
    elif "~" not in answers and not _is_true_false(answers):
        kind = "matching" if "=" in answers and "->" in answers else "short answer"
    if kind:
        raise NotCarriedError("question-type", f"questions of the type {kind} cannot be imported")


def _is_true_false(answers: str) -> bool:
    return "~" not in answers and answers.partition("#")[0].strip() in ("T", "TRUE", "F", "FALSE")


def _key(answers: str, texts: _Texts, question: str) -> Keyed:
    if _is_true_false(answers):
        return _true_false(answers, texts, TRUE_FALSE[language_of(question)])
    parts = [part.strip() for part in answers.replace("=", "~=").split("~")]
    graded = [_graded(part, texts) for part in (parts if parts[0] else parts[1:])]
    return keyed(graded, single="=" in answers)


def _graded(part: str, texts: _Texts) -> Graded:
    right = part.startswith("=")
    text = part.removeprefix("=").lstrip()
    weight = _WEIGHT.match(text)
    percent = float(weight[1]) if weight else 100.0 * right
    answer, _, feedback = (text[weight.end() :] if weight else text).partition("#")
    return Graded(texts.read(answer), percent, texts.read(feedback))


def _true_false(answers: str, texts: _Texts, words: tuple[str, str]) -> Keyed:
    """The two answers; the first feedback is for a wrong answer, the second for a right one."""
    said, *feedback = answers.split("#", 2)
    wrong, right = [*map(texts.read, feedback), "", ""][:2]
    is_true = said.strip().startswith("T")
    true, false = words
    graded = (
        Graded(true, 100.0 * is_true, right if is_true else wrong),
        Graded(false, 100.0 * (not is_true), wrong if is_true else right),
    )
    return keyed(graded, single=True)


def _id_and_tags(comments: str) -> tuple[str, tuple[str, ...]]:
    match = _ID.search(comments)
    tags = tuple(tag.replace(r"\]", "]").strip() for tag in _TAG.findall(comments))
    return (match[1].replace(r"\]", "]").strip() if match else ""), tags


def _own_comments(entry: Entry) -> Iterator[str]:
    """What the author wrote into comments, less what Moodle itself writes there."""
    for comment in entry.comments:
        rest = plain(_TAG.sub("", _ID.sub("", comment))).strip()
        if rest and not MOODLES_COMMENT.match(comment):
            yield rest
