"""The numbers of questions and of keys, each mended by the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from quizgen.importers.textbook.book import ListedKey, Question
from quizgen.importers.textbook.findings import Findings


def keys_by_number(listed: Sequence[ListedKey], printed: Collection[int], findings: Findings) -> dict[int, ListedKey]:
    """The keys of a chapter; `printed` has the numbers of its questions."""
    keys: dict[int, ListedKey] = {}
    numbers = {key.number for key in listed}
    before = 0
    for key in listed:
        number = key.number
        if number in keys and before + 1 in printed and before + 1 not in numbers:
            number = before + 1
            message = f"the key of Q{key.number} stands here a second time; by the questions it is that of Q{number}"
            findings.repaired(key.line, 1, "key-number", message)
        if number not in keys:
            keys[number] = key
        elif _same(keys[number], key):
            findings.repaired(key.line, 1, "key-twice", f"the key of Q{number} is listed a second time, the same")
        else:
            message = f"the key of Q{number} is another one on line {keys[number].line}"
            findings.doubtful(key.line, 1, "key-twice", message)
            keys[number] = ListedKey(number, key.line, None, "two keys")
        before = number
    return keys


def _same(one: ListedKey, other: ListedKey) -> bool:
    return one.key is not None and other.key is not None and one.key.choices == other.key.choices


def numbered(questions: Sequence[Question], known: Collection[int], findings: Findings) -> list[tuple[int, Question]]:
    """The questions of a chapter by their right numbers; `known` has the numbers that the answer list has."""
    numbers = _by_place(questions, known) or _by_the_one_before(questions, known)
    counts = Counter(question.number for question in questions)
    right: list[tuple[int, Question]] = []
    first: dict[int, Question] = {}
    for number, question in zip(numbers, questions, strict=True):
        if number != question.number:
            message = f"{_slip(question.number, counts)}; by the answer list it is Q{number}"
            findings.repaired(question.line, 1, "question-number", message)
        if number not in first:
            first[number] = question
            right.append((number, question))
        elif _reads(first[number]) == _reads(question):
            why = f"the same question stands on line {first[number].line}"
            findings.skip(question.line, "duplicate-question", f"Q{number}", why)
        else:
            why = (
                f"another question of this number stands on line {first[number].line}, and the answer list has one key"
            )
            findings.skip(question.line, "question-number", f"Q{number}", why)
    return right


def _slip(number: int, counts: Counter[int]) -> str:
    return f"Q{number} is printed {'twice' if counts[number] > 1 else 'here but is not in the answer list'}"


def _reads(question: Question) -> tuple[str, ...]:
    return (question.text, *(choice.text for choice in question.choices))


def _by_place(questions: Sequence[Question], known: Collection[int]) -> list[int] | None:
    """The numbers of the answer list in order, if only numbers that cannot be right differ from it."""
    expected = sorted(known)
    printed = [question.number for question in questions]
    counts = Counter(printed)
    if len(printed) != len(expected):
        return None
    fits = (
        number == place or counts[number] > 1 or number not in known
        for number, place in zip(printed, expected, strict=True)
    )
    return expected if all(fits) else None


def _by_the_one_before(questions: Sequence[Question], known: Collection[int]) -> list[int]:
    """As printed, but that a number which cannot be right is the next one where the answer list has that."""
    missing = set(known) - {question.number for question in questions}
    numbers: list[int] = []
    used: set[int] = set()
    for question in questions:
        number = question.number
        following = numbers[-1] + 1 if numbers else 1
        if (number in used or number not in known) and following in missing:
            missing.remove(following)
            number = following
        numbers.append(number)
        used.add(number)
    return numbers
