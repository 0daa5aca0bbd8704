"""Texts in several languages: which of them lack one that others have, or that an edition needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, TypeVar

from quizgen.language import LANGUAGES
from quizgen.model import (
    Bank,
    Exam,
    MatchingQuestion,
    NumericalQuestion,
    Translated,
    in_language,
    languages,
    spoken,
)
from quizgen.model.pool import all_draws, fixed_names, pool
from quizgen.reader.finding import Finding
from quizgen.reader.questions import response_texts
from quizgen.richtext import parse, walk
from quizgen.richtext.tree import Image, Text

if TYPE_CHECKING:
    from quizgen.language import Language
    from quizgen.model import Question
    from quizgen.source import Location

    Texts = Iterable[tuple[Location, str]]

M = TypeVar("M", bound=Bank | Exam)

_NAMES: dict[int | str, str] = {"ja": "Japanese", "en": "English"}
# Kana and kanji; what has none, such as code or a product's name, is read in any language as it stands.
_JAPANESE = re.compile("[々〆\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_ENGLISH = re.compile("[a-z]{2}")


def readings(model: M) -> Iterator[tuple[Location, M]]:
    """A file as it reads in each of its languages, with what a text in it adds to its location; or as it is."""
    said_in = languages(model)
    yield from (((language,), spoken(model, language)) for language in LANGUAGES if language in said_in)
    if not said_in:
        yield (), model


def in_each_language(model: M, check: Callable[[M], Iterable[Finding]]) -> Iterator[Finding]:
    """What a check finds, each at its text in a language; what is not so in all languages says in which it is."""
    found: dict[Finding, list[Location]] = {}
    for language, said in readings(model):
        for finding in check(said):
            found.setdefault(finding, []).append(language)
    count = max(1, len(languages(model)))
    for finding, where in found.items():
        for place in where:
            told = "" if len(where) == count else f" (in {_NAMES[place[0]]})"
            yield replace(finding, location=(*finding.location, *place), message=finding.message + told)


def in_both(exam: Exam, banks: Mapping[str, Bank]) -> frozenset[str]:
    """The questions (`bank/question`) that an exam may print in two languages side by side."""
    if not exam.print.is_bilingual:
        return frozenset()
    drawn = (name for _, _, draw in all_draws(exam) for name in pool(banks, draw))
    return fixed_names(exam).union(drawn)


def bank_language_findings(bank: Bank, asked: Mapping[str, str]) -> Iterator[Finding]:
    """Students read a question and its stimulus in the same languages; `asked` names the exam that needs it in two."""
    yield from _lacking([(("title",), bank.title)], {bank.language, *languages(bank.title)}, bank.language, _OTHERS)
    stimuli = {stimulus.id: (number, stimulus.text) for number, stimulus in enumerate(bank.stimuli)}
    for number, question in enumerate(bank.questions):
        texts = list(_shown(question, ("questions", number)))
        if question.stimulus in stimuli:
            place, text = stimuli[question.stimulus]
            texts.append((("stimuli", place, "text"), text))
        needed = {bank.language, *languages([question, *(text for _, text in texts)])}
        exam = asked.get(f"{bank.id}/{question.id}")
        texts += _told(question, ("questions", number))
        yield from _lacking(texts, set(LANGUAGES) if exam else needed, bank.language, _edition(exam) or _OTHERS)
        if isinstance(question, MatchingQuestion):
            yield from _unlike_sides(question, ("questions", number))


def exam_language_findings(exam: Exam) -> Iterator[Finding]:
    """Students read an exam's own texts in the same languages, too."""
    texts: list[tuple[Location, str | None]] = [
        *(((field,), getattr(exam, field)) for field in ("title", "course", "date", "instructions")),
        *((("sections", number, "title"), section.title) for number, section in enumerate(exam.sections)),
        *((("sections", number, "text"), section.text) for number, section in enumerate(exam.sections)),
    ]
    needed, why = {exam.language, *languages(exam)}, "other texts of this exam have it"
    if exam.print.is_bilingual:
        needed, why = set(LANGUAGES), _edition(exam.id)
    yield from _lacking(((place, text) for place, text in texts if text), needed, exam.language, why)


_OTHERS = "other texts of this question have it"


def _edition(exam: str | None) -> str:
    return f"the exam `{exam}` is printed in two languages (`bilingual`)" if exam else ""


def _shown(question: Question, place: Location) -> Iterator[tuple[Location, str]]:
    """What students read of a question."""
    yield (*place, "text"), question.text
    yield from ((where, text) for where, text in response_texts(question, place) if where[-1] != "feedback")
    if isinstance(question, NumericalQuestion) and question.unit:
        yield (*place, "unit"), question.unit


def _told(question: Question, place: Location) -> Iterator[tuple[Location, str]]:
    """What teachers read of a question, where it is in several languages; in one, it may stay so."""
    texts = [((*place, "explanation"), question.explanation or ""), *response_texts(question, place)]
    for where, text in texts:
        if where[-1] in {"explanation", "feedback"} and isinstance(text, Translated):
            yield where, text


def _lacking(texts: Texts, needed: set[Language], own: Language, why: str) -> Iterator[Finding]:
    for location, text in texts:
        for language in LANGUAGES:
            if language in needed and not _is_in(text, language, own):
                way_out = _way_out(location, text, language)
                because = "it is the file's `language`" if language == own else why
                yield Finding(location, "missing-language", f"{_NAMES[language]} is missing: {because}; {way_out}")


def _is_in(text: str, language: Language, own: Language) -> bool:
    if isinstance(text, Translated):
        return language in text.texts
    return language == own or not _has_words(text, own)


def _has_words(text: str, own: Language) -> bool:
    """Whether a text says something that only readers of its language understand."""
    if own == "ja":
        return _JAPANESE.search(text) is not None
    parts = walk(parse(text))
    said = (part.text if isinstance(part, Text) else part.alt for part in parts if isinstance(part, Text | Image))
    return any(_ENGLISH.search(words) for words in said)


def _way_out(location: Location, text: str, language: Language) -> str:
    if isinstance(text, Translated):
        return f"add `{language}: …`"
    if location[-1] == "left":
        return "write the pair as {left: {ja: …, en: …}, right: …}"
    return "write {ja: …, en: …}"


def _unlike_sides(question: MatchingQuestion, place: Location) -> Iterator[Finding]:
    """Right sides that are the same choice in one language and two in another."""
    places = [(*place, "pairs", key) for key in question.pairs]
    for (_, (_, one)), (where, (_, other)) in combinations(zip(places, question.sides, strict=True), 2):
        alike = [language for language in LANGUAGES if in_language(one, language) == in_language(other, language)]
        if 0 < len(alike) < len(LANGUAGES):
            name = _NAMES[alike[0]]
            message = f"in {name} alone it reads like the right side `{one[:40]}`; tell the two apart, or make them one"
            yield Finding(where, "choices-alike", message)
