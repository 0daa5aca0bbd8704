"""Where parts of the paper begin: on a page of their own, or on a right-hand one, by Word's own sections."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from quizgen.problems import QuizgenError
from quizgen.writers.docx.marks import reshape, set_free
from quizgen.writers.docx.wordml import NAMESPACE, Element, element, find, name, value

if TYPE_CHECKING:
    from quizgen.paper import Paper, Section
    from quizgen.writers.docx.host import Host

At = Literal["flow", "page", "right", "left"]

_BEGIN = f"{{{NAMESPACE}}}begin"
_TYPES = {"right": "oddPage", "left": "evenPage"}


@dataclass(frozen=True, slots=True)
class Begin:
    """Where on paper begins what stands behind it."""

    at: At


def opening(section: Section, paper: Paper) -> At:
    """Where a section begins: the first behind the cover on a page of its own, the others as the exam says."""
    at = paper.printing.sections
    if section.number > 1:
        return at
    return "flow" if not paper.printing.cover else "page" if at == "flow" else at


def begin_mark(at: At) -> str:
    """The XML that says where something begins."""
    return f'<q:begin xmlns:q="{NAMESPACE}" at="{at}"/>'


def begin(body: Element, host: Host) -> bool:
    """Begin pages and sections of the document where its marks say; whether any may follow a blank page."""
    page = find(body, "w:sectPr")
    current = ""
    for mark in list(body.iter(_BEGIN)):
        at, target = mark.get("at", ""), _behind(mark, body)
        if target is None or target is page or page is None:
            continue
        if at == "page":
            _on_new_page(target)
        elif at in _TYPES and target.getprevious() is not None:
            _end_section(target, _section(page, current), host)
            current = at
    if page is not None and current:
        body.replace(page, _section(page, current))
    return bool(current)


def _behind(mark: Element, body: Element) -> Element | None:
    """What begins at a mark: its paragraph, or what follows that where it holds nothing else."""
    set_free(mark)
    paragraph = mark.getparent()
    if paragraph is None or paragraph.getparent() is not body:
        raise QuizgenError("a tag that begins a page stands in a table; put it into a paragraph outside of it")
    paragraph.remove(mark)
    if any(child.tag != name("w:rPr") for run in paragraph.iterchildren(name("w:r")) for child in run):
        return paragraph
    following = paragraph.getnext()
    body.remove(paragraph)
    return following


def _on_new_page(target: Element) -> None:
    first = next(target.iter(name("w:p")), None)
    if first is not None:
        reshape(first, find(first, "w:pPr"), element("w:pageBreakBefore"))


def _end_section(target: Element, section: Element, host: Host) -> None:
    """End a section of the document before what begins the next."""
    last = target.getprevious()
    if last is None or last.tag != name("w:p") or last.find(f"{name('w:pPr')}/{name('w:sectPr')}") is not None:
        last = element("w:p", None, host.styled("Table Gap"))
        target.addprevious(last)
    reshape(last, find(last, "w:pPr"), section)


def _section(page: Element, at: str) -> Element:
    """The pages of a section that begins there; within a document none is without its running head."""
    made = deepcopy(page)
    gone = ("w:type", "w:titlePg") if at == "right" else ("w:type",)
    for found in [child for child in made if child.tag in map(name, gone)]:
        made.remove(found)
    if at:
        begins = value("w:type", _TYPES[at])
        size = find(made, "w:pgSz")
        (made.append if size is None else size.addprevious)(begins)
    return made
