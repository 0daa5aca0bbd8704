"""Bookmarks of a document: each there once, however often a loop has made it, and one for the last page."""

from __future__ import annotations

from itertools import count

from quizgen.writers.docx.wordml import Element, element, find, name

_LAST = "_LastPage"  # hidden, as its underscore tells Word
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


def mark_last_page(body: Element) -> None:
    """Set a bookmark on the document's last page."""
    *_, last = body.iter(name("w:p"))
    at = 0 if find(last, "w:pPr") is None else 1
    last.insert(at, element("w:bookmarkEnd", {"w:id": 0}))
    last.insert(at, element("w:bookmarkStart", {"w:id": 0, "w:name": _LAST}))


def count_to_last_page(part: Element) -> None:
    """Let a header or footer say the last page's number instead of how many pages there are.

    Word leaves the blank pages that it puts before right-hand ones out of its count: it would print 7 / 6.
    """
    for field in part.iter(name("w:fldSimple")):
        field.set(name("w:instr"), field.get(name("w:instr"), "").replace("NUMPAGES", f"PAGEREF {_LAST}"))
    for field in part.iter(name("w:instrText")):
        field.text = (field.text or "").replace("NUMPAGES", f"PAGEREF {_LAST}")
