"""What stays together on a page: all of a question, up to where the template says that it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from quizgen.writers.docx.marks import reshape
from quizgen.writers.docx.wordml import NAMESPACE, Element, find, name, value

if TYPE_CHECKING:
    from quizgen.writers.docx.host import Host

_END = f"{{{NAMESPACE}}}end"


@dataclass(frozen=True, slots=True)
class End:
    """The end of what stays together."""

    of: object


def end_mark() -> str:
    """The XML that says so."""
    return f'<q:end xmlns:q="{NAMESPACE}"/>'


def let_go(body: Element, host: Host) -> None:
    """Let the pages end where the marks are: what stands before one is not kept with what stands behind it."""
    for mark in list(body.iter(_END)):
        paragraph = next(mark.iterancestors(name("w:p")))
        last = paragraph.getprevious()
        paragraph.getparent().remove(paragraph)  # type: ignore[union-attr]
        for held in _last_lines(last) if last is not None else ():
            if host.says(find(held, "w:pPr"), "w:keepNext"):
                reshape(held, find(held, "w:pPr"), value("w:keepNext", 0))


def _last_lines(last: Element) -> list[Element]:
    """A paragraph, or those of a table's last row."""
    if last.tag == name("w:p"):
        return [last]
    rows = last.findall(name("w:tr"))
    return list(rows[-1].iter(name("w:p"))) if rows else []
