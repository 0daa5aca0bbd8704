"""Pages cut down to one of the elements that stand on them, to be painted by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from weasyprint.document import Page

from quizgen.press.measure import UnpressableError
from quizgen.writers.pdf.places import name_of


class Cutter:
    """Cuts a page that is laid out: what is kept stays where it stands."""

    def __init__(self, page: Page) -> None:
        self._paths: dict[str, tuple[Any, ...]] = {}
        for path in _paths((page._page_box,)):
            self._paths.setdefault(name_of(path[-1]), path)

    def __call__(self, kept: str, end: str = "") -> Page:
        """A page with nothing but the element of one id, up to that of another inside it."""
        path = self._path(kept)
        return Page(_narrowed(path[:-1], _ended(path[-1], self._path(end)[len(path) :]) if end else path[-1]))

    def _path(self, name: str) -> tuple[Any, ...]:
        if name not in self._paths:
            raise UnpressableError("a part of a question stands apart from it")
        return self._paths[name]


def _paths(path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """The elements with ids below a box, each with all boxes around it; not what is placed apart from its parent."""
    for box in getattr(path[-1], "children", ()):
        if hasattr(box, "copy_with_children"):
            if name_of(box):
                yield *path, box
            yield from _paths((*path, box))


def _narrowed(around: tuple[Any, ...], box: Any) -> Any:
    """Boxes of which each holds the next alone, and the last one the given."""
    for parent in reversed(around):
        box = parent.copy_with_children([box])
    return box


def _ended(box: Any, path: tuple[Any, ...]) -> Any:
    """A box with what comes before the end of a path into it."""
    before = box.children[: box.children.index(path[0])]
    return box.copy_with_children([*before, _ended(path[0], path[1:])] if len(path) > 1 else [*before])
