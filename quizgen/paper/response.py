"""The response kinds: how a student answers. Question types are many; writers know only these few.

Every kind has `guessed` (the expected share of the points from blind guessing), `worth` (the share that each right
part earns), `key` (the right answer in a line of text), and `without_key` (the same as a student may have it). What
a response earns is a method of each kind by itself, since each takes an answer of its own form.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING

from quizgen.scoring import Scoring, Tally, Worth, earned, guessed, worth

if TYPE_CHECKING:
    from quizgen.richtext.tree import Blocks


@dataclass(frozen=True, slots=True)
class Option:
    """One choice as printed: its label on this paper (ア), its identity in the bank (`a`), and whether it is right."""

    id: str
    label: str
    text: Blocks
    right: bool
    feedback: Blocks = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A response by marking options: exactly one, or (`many`) all that apply.

    `columns` is how many are printed side by side; 0 goes by their length.
    """

    options: tuple[Option, ...]
    many: bool
    columns: int = 0

    @property
    def right(self) -> tuple[Option, ...]:
        """The options that the key names, in printed order."""
        return tuple(option for option in self.options if option.right)

    @property
    def key(self) -> str:
        """The labels of the right options."""
        return " ".join(option.label for option in self.right)

    def earned(self, scoring: Scoring, ticked: frozenset[str]) -> Fraction:
        """The share of the points for ticking the options with these ids."""
        hits = sum(option.id in ticked for option in self.right)
        tally = Tally(len(self.right), len(self.options) - len(self.right), hits, len(ticked) - hits)
        return earned(scoring, tally, many=self.many)

    def guessed(self, scoring: Scoring) -> Fraction:
        """One option picked evenly, or each ticked by the toss of a coin."""
        right = len(self.right)
        return guessed(scoring, right=right, wrong=len(self.options) - right, many=self.many)

    def worth(self, scoring: Scoring) -> Worth:
        """What a tick earns and costs."""
        right = len(self.right)
        return worth(scoring, right=right, wrong=len(self.options) - right, many=self.many)

    def without_key(self) -> Choice:
        """The same options with none right."""
        return replace(self, options=tuple(replace(o, id=o.label, right=False, feedback=()) for o in self.options))


@dataclass(frozen=True, slots=True)
class Blank:
    """A response by one short text: any of the accepted ones, or a number within `tolerance` of the first.

    `tolerance` is None for a text. `unit` is printed behind the blank and is no part of the answer. `digits` is how
    many rows of a mark sheet take the number, a sign each; 0 where it is written.
    """

    accepted: tuple[str, ...]
    match_case: bool = False
    tolerance: Decimal | None = None
    unit: str = ""
    digits: int = 0

    @property
    def key(self) -> str:
        """The accepted answers; a number with its tolerance."""
        number = f" ± {self.tolerance}" if self.tolerance else ""
        return " / ".join(self.accepted) + number + (f" {self.unit}" if self.unit and self.accepted else "")

    def earned(self, written: str) -> Fraction:
        """All of the points for an accepted answer, nothing for another; full-width letters and digits are as good."""
        if self.tolerance is None:
            return Fraction(self._read(written) in map(self._read, self.accepted))
        try:
            number = Decimal(unicodedata.normalize("NFKC", written).strip())
        except InvalidOperation:
            return Fraction(0)
        if not number.is_finite():
            return Fraction(0)
        return Fraction(any(abs(number - Decimal(accepted)) <= self.tolerance for accepted in self.accepted))

    def _read(self, text: str) -> str:
        plain = " ".join(unicodedata.normalize("NFKC", text).split())
        return plain if self.match_case else plain.casefold()

    def guessed(self, scoring: Scoring) -> Fraction:
        """Nobody guesses a text."""
        del scoring
        return Fraction(0)

    def worth(self, scoring: Scoring) -> Worth:
        """An accepted answer earns all."""
        del scoring
        return Worth("accepted", Fraction(1))

    def without_key(self) -> Blank:
        """The same blank, of which a student knows only whether a number is asked for."""
        tolerance = None if self.tolerance is None else Decimal(0)
        return replace(self, accepted=(), match_case=False, tolerance=tolerance)


@dataclass(frozen=True, slots=True)
class Lines:
    """A response by a text of several lines, marked by hand against the explanation."""

    count: int

    @property
    def key(self) -> str:
        """Nothing: the explanation holds the model answer."""
        return ""

    def guessed(self, scoring: Scoring) -> Fraction:
        """Nobody guesses a text."""
        del scoring
        return Fraction(0)

    def worth(self, scoring: Scoring) -> Worth:
        """Whoever marks it decides."""
        del scoring
        return Worth("by-hand", Fraction(1))

    def without_key(self) -> Lines:
        """The same lines."""
        return self


@dataclass(frozen=True, slots=True)
class Stem:
    """The left side of a pair: its label (①), and the label of the option that belongs to it ("" for a student)."""

    label: str
    text: Blocks
    right: str


@dataclass(frozen=True, slots=True)
class Matching:
    """A response by giving each stem an option; an option may serve several stems or none."""

    stems: tuple[Stem, ...]
    options: tuple[Option, ...]

    @property
    def key(self) -> str:
        """Each stem's label with its option's."""
        return "  ".join(f"{stem.label}–{stem.right}" for stem in self.stems)

    def earned(self, given: Mapping[str, str]) -> Fraction:
        """The share of stems with the right option, by their labels."""
        return Fraction(sum(given.get(stem.label) == stem.right for stem in self.stems), len(self.stems))

    def guessed(self, scoring: Scoring) -> Fraction:
        """Any option for each stem."""
        del scoring
        return Fraction(1, len(self.options))

    def worth(self, scoring: Scoring) -> Worth:
        """Each pair earns the same."""
        del scoring
        return Worth("each-pair", Fraction(1, len(self.stems)))

    def without_key(self) -> Matching:
        """The same stems and options, nothing joined."""
        options = tuple(replace(o, id=o.label, right=False, feedback=()) for o in self.options)
        return Matching(tuple(replace(stem, right="") for stem in self.stems), options)


@dataclass(frozen=True, slots=True)
class Item:
    """Something to be put in order: its label as printed, and its place from 1 (0 for a student)."""

    label: str
    text: Blocks
    place: int


@dataclass(frozen=True, slots=True)
class Ordering:
    """A response by putting items in order; they are printed in another."""

    items: tuple[Item, ...]

    @property
    def key(self) -> str:
        """The labels in the right order."""
        return " → ".join(item.label for item in sorted(self.items, key=lambda item: item.place))

    def earned(self, given: Sequence[str]) -> Fraction:
        """The share of items that stand at their own place, by their labels."""
        places = {item.label: item.place for item in self.items}
        hits = sum(places.get(label) == place for place, label in enumerate(given, start=1))
        return Fraction(hits, len(self.items))

    def guessed(self, scoring: Scoring) -> Fraction:
        """A shuffled order puts one item right on average."""
        del scoring
        return Fraction(1, len(self.items))

    def worth(self, scoring: Scoring) -> Worth:
        """Each item in its place earns the same."""
        del scoring
        return Worth("each-place", Fraction(1, len(self.items)))

    def without_key(self) -> Ordering:
        """The same items as printed."""
        return Ordering(tuple(replace(item, place=0) for item in self.items))


@dataclass(frozen=True, slots=True)
class Gap:
    """A numbered gap in a cloze text (①), to be filled by a blank's text or by one of a choice's options."""

    label: str
    response: Blank | Choice


@dataclass(frozen=True, slots=True)
class Cloze:
    """A response by filling the gaps of the question's text; each gap is worth the same share."""

    gaps: tuple[Gap, ...]

    @property
    def key(self) -> str:
        """Each gap's label with its answer."""
        return "  ".join(f"{gap.label} {gap.response.key}" for gap in self.gaps)

    def earned(self, scoring: Scoring, given: Mapping[str, str]) -> Fraction:
        """The mean of what the gaps earn; `given` holds a text or an option's id by their labels."""
        shares = [_gap_earned(gap, scoring, given.get(gap.label, "")) for gap in self.gaps]
        return sum(shares, Fraction(0)) / len(shares)

    def guessed(self, scoring: Scoring) -> Fraction:
        """Each gap by its own kind."""
        return sum((gap.response.guessed(scoring) for gap in self.gaps), Fraction(0)) / len(self.gaps)

    def worth(self, scoring: Scoring) -> Worth:
        """Each gap earns the same; a wrong choice in one costs what a wrong single choice does."""
        share = Fraction(1, len(self.gaps))
        chosen = any(isinstance(gap.response, Choice) for gap in self.gaps)
        return Worth("each-gap", share, share * scoring.penalty if chosen else Fraction(0))

    def without_key(self) -> Cloze:
        """The same gaps, nothing filled in."""
        return Cloze(tuple(replace(gap, response=gap.response.without_key()) for gap in self.gaps))


def _gap_earned(gap: Gap, scoring: Scoring, given: str) -> Fraction:
    if isinstance(gap.response, Choice):
        return gap.response.earned(scoring, frozenset([given] if given else []))
    return gap.response.earned(given)


Response = Choice | Blank | Lines | Matching | Ordering | Cloze
