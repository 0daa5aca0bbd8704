"""What a page's content stream is made of: pieces of text, marks of structure, names of resources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

_USED = {
    "/Font": re.compile(rb"/([\w.+-]+) [\d.]+ Tf"),
    "/XObject": re.compile(rb"/([\w.+-]+) Do"),
    "/ExtGState": re.compile(rb"/([\w.+-]+) gs"),
    "/Pattern": re.compile(rb"/([\w.+-]+) (?:scn|SCN)"),
    "/Shading": re.compile(rb"/([\w.+-]+) sh"),
    "/ColorSpace": re.compile(rb"/([\w.+-]+) (?:cs|CS)"),
}
_ARTIFACT = re.compile(rb"/Artifact\s<<[^>]*/Pagination[^>]*>>\sBDC\n(.*?)EMC\n", re.DOTALL)
_NO_KERNING = re.compile(rb"(?<=[0-9a-f])>0<(?=[0-9a-f])")
_TOKEN = re.compile(
    r"^(?:(?P<save>q)|(?P<restore>Q)|(?P<colour>[\d. -]+ (?:rg|g))|(?P<text>BT\n.*?^ET))$", re.MULTILINE | re.DOTALL
)
_MARKED = re.compile(
    r"<</MCID (?P<number>\d+)>>\nBDC$|(?P<begin>B[MD]C)$|(?P<end>^EMC)$|1 0 0 -1 (?P<x>[\d.-]+) (?P<y>[\d.-]+) Tm$",
    re.MULTILINE,
)
_IN_TEXT = re.compile(
    r"1 0 0 -1 (?P<x>[\d.-]+) (?P<y>[\d.-]+) Tm|/(?P<font>[\w.+-]+) (?P<size>[\d.]+) Tf|(?P<glyphs>\[.*?\]) TJ"
    r"|(?P<colour>[\d. -]+) rg",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in CSS pixels from the page's top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Its width in pixels."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Its height in pixels."""
        return self.bottom - self.top

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies inside, or within a pixel of it."""
        return self.left - 1 <= x <= self.right + 1 and self.top - 1 <= y <= self.bottom + 1


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text as drawn: where its baseline begins (pixels), in which font, size and colour, which glyphs."""

    x: float
    y: float
    font: str
    size: str
    colour: str
    glyphs: str

    def moved(self, x: float, y: float) -> Piece:
        """The same, so much further right and down."""
        return replace(self, x=self.x + x, y=self.y + y)

    def drawn_from(self, x: float, y: float) -> str:
        """The operators that draw it so much further right and down, where the unit is the pixel, counted down."""
        at = f"1 0 0 -1 {self.x + x:.2f} {self.y + y:.2f} Tm"
        return f"{self.colour} rg\nBT\n{at}\n/{self.font} {self.size} Tf\n{self.glyphs} TJ\nET\n"


def used_names(stream: bytes) -> dict[str, tuple[str, ...]]:
    """The names of resources that a content stream uses, by their kind."""
    found = {
        kind: tuple(sorted({name.decode() for name in pattern.findall(stream)})) for kind, pattern in _USED.items()
    }
    return {kind: names for kind, names in found.items() if names}


def without_artifacts(stream: bytes) -> bytes:
    """A page's content without its running heads and number, and without the kerning of nought between glyphs."""
    return _NO_KERNING.sub(b"", _ARTIFACT.sub(b"", stream)).replace(b">0]", b">]")


def without(stream: bytes, cut: Sequence[Piece]) -> bytes:
    """A page's content without some pieces of its text."""
    places = {(piece.x, piece.y) for piece in cut}

    def keep(token: re.Match[str]) -> str:
        starts = ((float(part["x"]), float(part["y"])) for part in _IN_TEXT.finditer(token[0]) if part["x"] is not None)
        return "BT\nET" if token.lastgroup == "text" and any(start in places for start in starts) else token[0]

    return _TOKEN.sub(keep, stream.decode("latin-1")).encode("latin-1") if cut else stream


def marks_of(stream: bytes, cut: Sequence[Piece]) -> list[int]:
    """The number of the marked content in which each piece of a page's text stands; -1 for one in none."""
    found: dict[tuple[float, float], int] = {}
    open_: list[int] = []
    for token in _MARKED.finditer(stream.decode("latin-1")):
        match token.lastgroup:
            case "number" | "begin":
                open_.append(int(token["number"] or -1))
            case "end":
                open_[-1:] = []
            case _:
                found[float(token["x"]), float(token["y"])] = open_[-1] if open_ else -1
    return [found.get((piece.x, piece.y), -1) for piece in cut]


def pieces(stream: bytes) -> Iterator[Piece]:
    """The pieces of text of a content stream in the order of drawing."""
    colours = ["0 0 0"]
    for token in _TOKEN.finditer(stream.decode("latin-1")):
        match token.lastgroup:
            case "save":
                colours.append(colours[-1])
            case "restore":
                colours.pop()
            case "colour":
                colours[-1] = _red_green_blue(token[0])
            case _:
                yield from _shown(token[0], colours)


def _red_green_blue(operator: str) -> str:
    *values, kind = operator.split()
    return " ".join(values if kind == "rg" else values * 3)


def _shown(text: str, colours: list[str]) -> Iterator[Piece]:
    x = y = 0.0
    font = size = ""
    for part in _IN_TEXT.finditer(text):
        if part["x"] is not None:
            x, y = float(part["x"]), float(part["y"])
        elif part["font"] is not None:
            font, size = part["font"], part["size"]
        elif part["colour"] is not None:
            colours[-1] = part["colour"].strip()
        else:
            yield Piece(x, y, font, size, colours[-1], part["glyphs"])
