"""A question in its place: the order of what it shuffles, and where its right choices stand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Placed:
    """A question by name (`bank/question`), the identities of what it shuffles in printed order, and its key.

    What is shuffled are a choice question's labels, an ordering's items, a matching's right sides, a cloze's
    choices as `blank/label`. `right` and `free` serve balancing and are empty but for choice questions: the labels
    that the key names, and those that may change places with one another.
    """

    name: str
    order: tuple[str, ...]
    right: frozenset[str] = frozenset()
    free: frozenset[str] = frozenset()
    many: bool = False

    @property
    def places(self) -> tuple[int, ...]:
        """Where the right choices stand, from 0."""
        if not self.right:
            return ()
        if len(self.right) == 1:
            (label,) = self.right
            return (self.order.index(label),)
        return tuple([place for place, label in enumerate(self.order) if label in self.right])

    def can_move(self, source: int, target: int) -> bool:
        """Whether the right choice at one place may change places with a wrong one at another."""
        if max(source, target) >= len(self.order):
            return False
        here, there = self.order[source], self.order[target]
        return here in self.free and there in self.free and here in self.right and there not in self.right

    def moved(self, source: int, target: int) -> Placed:
        """The same question with two choices exchanged."""
        order = list(self.order)
        order[source], order[target] = order[target], order[source]
        return Placed(self.name, tuple(order), self.right, self.free, self.many)
