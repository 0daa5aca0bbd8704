"""Questions that a book asks twice, word for word or nearly so."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from quizgen.importers.imported import BankDraft, QuestionDraft
from quizgen.importers.textbook.findings import Findings

_PIECE = 3
_NEARLY = 0.75
# A piece of text that more questions share says nothing about two of them.
_MOST_SHARING = 12


@dataclass(frozen=True, slots=True)
class _Asked:
    name: str
    draft: QuestionDraft
    words: str

    def same_key(self, other: _Asked) -> bool:
        """Whether the right choices of two questions that read alike are the same ones."""
        return _right(self.draft) == _right(other.draft)


def without_doubles(banks: Sequence[BankDraft], findings: Findings) -> tuple[BankDraft, ...]:
    """The banks without what is asked a second time in the same words; what nearly is gets a comment."""
    asked = [_Asked(f"{bank.id}/{draft.id}", draft, _words(draft)) for bank in banks for draft in bank.questions]
    comments: dict[str, str] = {}
    left_out: set[str] = set()
    first: dict[str, _Asked] = {}
    for one in asked:
        before = first.setdefault(one.words, one)
        if before is not one and before.same_key(one):
            left_out.add(one.name)
            findings.skip(one.draft.position.line, "duplicate-question", one.name, f"it is the same as {before.name}")
        elif before is not one:
            comments[one.name] = f"{one.name} is the same as {before.name}, but has another key; correct one of them"
    kept = [one for one in asked if one.name not in left_out]
    for one, before in _near(kept):
        comments.setdefault(one.name, f"{one.name} reads almost like {before.name}; keep one if they ask the same")
    for one in kept:
        if one.name in comments:
            findings.doubtful(one.draft.position.line, 1, "near-duplicate", comments[one.name])
    return tuple(_commented(bank, comments, left_out) for bank in banks)


def _commented(bank: BankDraft, comments: dict[str, str], left_out: set[str]) -> BankDraft:
    questions = []
    for draft in bank.questions:
        name = f"{bank.id}/{draft.id}"
        if name not in left_out:
            comment = (comments[name],) if name in comments else ()
            questions.append(replace(draft, comments=(*draft.comments, *comment)))
    return replace(bank, questions=tuple(questions))


def _words(draft: QuestionDraft) -> str:
    """All that a question says, its choices in any order, without blanks and punctuation."""
    return "\n".join([_letters(draft.text), *sorted(_letters(choice.text) for choice in draft.choices)])


def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum() or character in "-=+<>/|&")


def _right(draft: QuestionDraft) -> list[str]:
    return sorted(_letters(choice.text) for choice in draft.choices if choice.label in draft.answer)


def _near(asked: Sequence[_Asked]) -> Iterator[tuple[_Asked, _Asked]]:
    """Pairs of questions, the later one first, that share nearly all of what they say."""
    pieces = [frozenset(_pieces(one.words)) for one in asked]
    holders: dict[str, list[int]] = defaultdict(list)
    for number, own in enumerate(pieces):
        shared = Counter(other for piece in own for other in holders[piece] if len(holders[piece]) <= _MOST_SHARING)
        for other, count in sorted(shared.items()):
            if 4 * count >= len(own) and _likeness(own, pieces[other]) >= _NEARLY:
                yield asked[number], asked[other]
                break
        for piece in own:
            holders[piece].append(number)


def _pieces(words: str) -> Iterator[str]:
    return (words[start : start + _PIECE] for start in range(max(1, len(words) - _PIECE + 1)))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
