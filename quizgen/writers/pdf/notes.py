"""HTML without notes, for which WeasyPrint styles five elements more beside each that there is."""

from __future__ import annotations

import re
from copy import copy
from functools import cache
from typing import Any

from weasyprint import HTML
from weasyprint.html import UA_STYLESHEET

# How a style asks for a note at the foot of a page or at the end.
_ASKED = re.compile(r"footnote|note\(|::note", re.IGNORECASE)
_OF_NOTES = {"footnote-call", "footnote-marker", "note-call", "note-marker", "note-callback"}


def asked(text: str) -> bool:
    """Whether a style sheet, or the style within HTML, may ask for notes."""
    return bool(_ASKED.search(text))


class Plain(HTML):  # type: ignore[misc]
    """HTML in which nothing is set as a note."""

    def _ua_stylesheets(self, forms: bool = False) -> list[Any]:  # noqa: FBT001, FBT002 - as in WeasyPrint
        _, *others = super()._ua_stylesheets(forms)
        return [_usual(), *others]


@cache
def _usual() -> Any:
    """WeasyPrint's own style sheet without what it says of notes."""
    sheet = copy(UA_STYLESHEET)
    sheet.matcher = copy(sheet.matcher)
    sheet.matcher.other_selectors = [entry for entry in sheet.matcher.other_selectors if entry[3] not in _OF_NOTES]
    return sheet
