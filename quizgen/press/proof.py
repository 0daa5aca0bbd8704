"""The proof: whether two files show the same text at the same places."""

from __future__ import annotations

from collections import Counter

_NEAR = 0.75  # points by which a place may differ


def difference(one: bytes, other: bytes) -> str:
    """What differs between two files, in words; nothing where all letters stand alike."""
    pages = [_pages(data) for data in (one, other)]
    if len(pages[0]) != len(pages[1]):
        return f"{len(pages[0])} pages in place of {len(pages[1])}"
    for number, (found, wanted) in enumerate(zip(*pages, strict=True), start=1):
        if astray := _astray(found, wanted):
            return f"on page {number}, {astray}"
    return ""


Letter = tuple[str, float, float]


def _astray(found: list[Letter], wanted: list[Letter]) -> str:
    have, want = (Counter(letter for letter, _, _ in letters) for letters in (found, wanted))
    if have != want:
        return f"the letters {dict((have - want) or (want - have))}"
    places: dict[str, list[tuple[float, float]]] = {}
    for letter, x, y in wanted:
        places.setdefault(letter, []).append((x, y))
    for letter, x, y in found:
        near = next((at for at in places[letter] if abs(at[0] - x) <= _NEAR and abs(at[1] - y) <= _NEAR), None)
        if near is None:
            return f"the letter {letter} at {x:.1f}, {y:.1f}"
        places[letter].remove(near)
    return ""


def _pages(data: bytes) -> list[list[Letter]]:
    """The letters of each page with their places in points."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        return [_letters(document[number]) for number in range(len(document))]
    finally:
        document.close()


def _letters(page: object) -> list[Letter]:
    from pypdfium2 import raw

    text = page.get_textpage()  # type: ignore[attr-defined]
    letters = []
    for place in range(text.count_chars()):
        left, bottom, _, _ = text.get_charbox(place, loose=True)
        character = chr(raw.FPDFText_GetUnicode(text.raw, place))
        if not character.isspace():
            letters.append((character, left, bottom))
    return letters
