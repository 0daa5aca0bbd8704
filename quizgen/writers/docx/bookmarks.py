"""Bookmarks of a document: each there once, however often a loop has made it."""

from __future__ import annotations

from itertools import count

from quizgen.writers.docx.wordml import Element, name

_START, _END, _ID = name("w:bookmarkStart"), name("w:bookmarkEnd"), name("w:id")


def tell_apart(body: Element) -> None:
    """Keep the first of bookmarks that a loop has made several of, and number those that are left."""
    names: set[str] = set()
    numbers = count(1)
    open_: dict[str, str] = {}
    for mark in list(body.iter(_START, _END)):
        said, called = mark.get(_ID, ""), mark.get(name("w:name"), "")
        if mark.tag == _START and called not in names:
            names.add(called)
            open_[said] = str(next(numbers))
        if said in open_:
            mark.set(_ID, open_[said] if mark.tag == _START else open_.pop(said))
        else:
            mark.getparent().remove(mark)  # type: ignore[union-attr]
