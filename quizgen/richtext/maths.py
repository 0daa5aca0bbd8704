"""Formulas in LaTeX notation: what is wrong with one, and one as MathML and as a drawing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, tostring

from quizgen.richtext.latex import MathsError, read
from quizgen.richtext.syntax import is_wide

if TYPE_CHECKING:
    from ziafont.fonttypes import BBox
    from ziamath.mathfont import MathFont

_WIDEST = 48  # times the letters' size: 18 cm in letters of 10.5 pt, a line of A4
_MOST_WORK = 5_000  # a third of a second
_ROWS = {"math", "mrow", "mtd", "mtr", "mpadded", "mphantom"}
_TRIAL = 10.0
_MARGIN = 0.02  # round the drawing, in letters' sizes, for what leans out of its box
_FONT = "quizgen"
# Fonts whose Japanese letters are one square each, which is what the layout takes them for.
_TEXT_FONTS = "BIZ UDGothic, Noto Sans CJK JP, IPAGothic, Hiragino Sans, MS Gothic, sans-serif"

# Signs that ziamath sets without space around them.
_SPACED = {
    **dict.fromkeys("∩∪∧∨⋅⊓⊔", "mediummathspace"),
    **dict.fromkeys(("⊂", "⊃", "≜", "⊊", "⊋", "mod"), "thickmathspace"),
}
_ALPHABETS = {
    "bold": "mathbf",
    "double-struck": "mathbb",
    "fraktur": "mathfrak",
    "monospace": "mathtt",
    "sans-serif": "mathsf",
    "script": "mathcal",
}
_UNSTRETCHED = {"↑", "↓", "⟨", "⟩"}
_ACCENTS = {"^": ("\u02c6", "\u0302"), "~": ("\u02dc", "\u0303")}  # over one letter, over many


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as a self-contained SVG; measures in points.

    `depth` is how far it reaches below the baseline: `vertical-align: -depth`.
    """

    svg: str
    width: float
    height: float
    depth: float


@lru_cache(maxsize=8192)
def fault(latex: str) -> str | None:
    """What is wrong with a formula, in the author's words; None when it can be printed."""
    try:
        drawing = svg(latex, _TRIAL, display=True)
    except MathsError as error:
        return str(error)
    if drawing.width > _WIDEST * _TRIAL:
        return r"the formula is wider than a page; break it: \begin{aligned} … \\ … \end{aligned}"
    return None


@lru_cache(maxsize=8192)
def mathml(latex: str, *, display: bool = False) -> str:
    """A formula as MathML.

    Raises MathsError when there is something wrong with it, as `fault` says.
    """
    return tostring(read(latex, display=display), encoding="unicode")


@lru_cache(maxsize=8192)
def svg(latex: str, size: float, *, display: bool = False) -> Formula:
    """A formula as a drawing in letters of the given size, in points; it refers to nothing outside itself.

    Raises MathsError when there is something wrong with it, as `fault` says.
    """
    element = read(latex, display=display)
    _check_glyphs(element)
    _prepare(element)
    _flatten(element)
    if _work(element) > _MOST_WORK:
        raise MathsError("the formula is nested too deep to be drawn; give its parts names of their own")
    return _drawn(element, size)


def _check_glyphs(element: Element) -> None:
    font = _font()
    for character in sorted(set("".join(element.itertext()))):
        if not (character.isspace() or is_wide(character) or font.glyphindex(character)):
            raise MathsError(f"{character} (U+{ord(character):04X}) cannot be printed in a formula")


def _prepare(element: Element) -> None:
    """Say in MathML what TeX takes for granted and ziamath does not know."""
    del element.attrib["xmlns"]
    for part in element.iter():
        _use_alphabet(part)
        match part.tag:
            case "mo":
                _prepare_operator(part, part.text or "")
            case "mover" if part[1].text in _ACCENTS:
                part[1].text = _ACCENTS[part[1].text][len("".join(part[0].itertext())) > 1]
            case "mrow" if not len(part):
                part.tag = "mspace"
            case "mtable":
                part.set("columnspacing", part.get("columnspacing", "").replace("0em 2em", "0em 0.3em"))
            case _:
                pass
        if part.text in _UNSTRETCHED:
            part.set("stretchy", "false")


def _prepare_operator(part: Element, text: str) -> None:
    if text in _SPACED:
        part.attrib.update(lspace=_SPACED[text], rspace=_SPACED[text])
    elif len(text) > 1 and text.isascii() and text.isalpha():
        part.tag = "mi"  # \operatorname, with a word's spaces
    elif part.get("minsize") == part.get("maxsize") == "2.047em":
        part.attrib = {"fence": "true", "stretchy": "true"}  # \binom, whatever its style


def _use_alphabet(part: Element) -> None:
    """Put the mathematical letters themselves (𝐀, ℝ, 𝚊) in place of plain ones with a variant."""
    from latex2mathml.symbols_parser import convert_symbol

    command = _ALPHABETS.get(part.get("mathvariant", ""))
    if command and part.text:
        codes = [(letter, convert_symbol(rf"\{command}{{{letter}}}")) for letter in part.text]
        part.text = "".join(chr(int(code, 16)) if code else letter for letter, code in codes)
        part.set("mathvariant", "normal")


def _flatten(element: Element) -> None:
    """Take out rows of one part; an operator alone in a row has no space around it, so that one stays."""
    if len(element) == 1 and element[0].tag == "mrow":
        element[:] = list(element[0])
    for part in element.iter():
        for i, child in enumerate(part):
            while child.tag == "mrow" and not child.attrib and len(child) == 1 and child[0].tag != "mo":
                child = part[i] = child[0]  # noqa: PLW2901


def _work(element: Element) -> int:
    """How many elements ziamath lays out: those in a row twice, in a row in a row four times, and so on."""
    row = element.tag in _ROWS or (element.tag in ("msqrt", "menclose") and len(element) > 1)
    return 1 + (2 if row else 1) * sum(map(_work, element))


def _drawn(element: Element, size: float) -> Formula:
    from ziamath.zmath import Math

    _font()
    try:
        drawing = Math(element, size=size, font=_FONT, margin=0)
        root = Element("svg", xmlns="http://www.w3.org/2000/svg")
        drawing.node.draw(0, 0, root)
    except Exception as error:  # whatever it stumbles over
        raise MathsError("the formula is too unusual to be drawn; write it more simply") from error
    box = drawing.node.bbox
    margin = size * _MARGIN
    left, top = box.xmin - margin, -box.ymax - margin
    width, height = box.xmax - box.xmin + 2 * margin, box.ymax - box.ymin + 2 * margin
    if not len(root) or height <= 0:
        raise MathsError("the formula prints nothing")
    root.attrib |= {
        "width": f"{width:.3f}pt",
        "height": f"{height:.3f}pt",
        "viewBox": f"{left:.3f} {top:.3f} {width:.3f} {height:.3f}",
    }
    depth = round(margin - box.ymin, 3)
    return Formula(tostring(root, encoding="unicode"), round(width, 3), round(height, 3), depth)


@cache
def _font() -> MathFont:
    """STIX Two Math, but that Japanese letters, which it lacks, are set as text."""
    from ziamath import zmath
    from ziamath.config import config
    from ziamath.mathfont import MathFont

    font: MathFont = zmath.loadedfonts["default"]

    class Font(MathFont):
        def findglyph(self, char: str, variant: Any) -> Any:
            if is_wide(char) and not self.glyphindex(char):
                return _Letter(char, self)
            return super().findglyph(char, variant)

    config.svg2 = False  # glyphs as paths in place of <use>, whose ids would collide on a page
    # It was read when ziamath was imported; to read it again would take longer than most formulas.
    font.__class__ = Font
    font.basesize = _TRIAL
    zmath.loadedfonts[_FONT] = font
    return font


class _Letter:
    """A letter of Japanese script in the place of a glyph: a square that holds text."""

    index = 0
    id = ""

    def __init__(self, character: str, font: MathFont) -> None:
        from ziafont.fonttypes import BBox

        self.character = character
        self.font = font
        self.em = font.info.layout.unitsperem
        self.bbox: BBox = BBox(0, self.em, -0.12 * self.em, 0.88 * self.em)
        self.path = SimpleNamespace(bbox=self.bbox)

    def advance(self, nextchr: object = None) -> int:  # noqa: ARG002 - as ziafont calls it
        return int(self.em)

    def place(self, x: float, y: float, point_size: float) -> Element:
        text = Element("text", {"x": f"{x:.3f}", "y": f"{y:.3f}", "font-size": f"{point_size:.3f}"})
        text.set("font-family", _TEXT_FONTS)
        text.text = self.character
        return text
