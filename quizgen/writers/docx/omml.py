"""Formulas as Word's own equations (OMML), which an instructor can edit: made from MathML."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from lxml import etree

from quizgen.richtext import maths
from quizgen.writers.docx import signs
from quizgen.writers.docx.wordml import Element, clean, element, value, words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_SCRIPTS = {"msub", "msup", "msubsup", "munder", "mover", "munderover"}
_LIMITS = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}
_WIDEST_SPACE = 40
# Word shows a dotted box where an argument is empty; a space of no width keeps it away.
_NOTHING = "\u200b"


def inline(latex: str) -> Element:
    """A formula inside a line: `m:oMath`."""
    return element("m:oMath", None, *_formula(latex, display=False))


def display(latex: str) -> Element:
    """A formula on a line of its own: `m:oMathPara`."""
    centred = element("m:oMathParaPr", None, value("m:jc", "center"))
    return element("m:oMathPara", None, centred, element("m:oMath", None, *_formula(latex, display=True)))


def _formula(latex: str, *, display: bool) -> list[Element]:
    root = etree.fromstring(_mathml(latex, display).encode())
    for node in root.iter():
        # On a line of its own a sum has the room for its bounds above and below.
        if _is_limit(node) or (display and _tag(node) in _LIMITS and _text(node[0]) in signs.SUMS):
            node.tag = _LIMITS.get(_tag(node), _tag(node))
    return _row(list(root))


@cache
def _mathml(latex: str, display: bool) -> str:  # noqa: FBT001  (a cache key)
    return maths.mathml(latex, display=display)


def _row(nodes: Sequence[Element]) -> list[Element]:
    """Nodes side by side, with fences and big operators made to hold what belongs to them."""
    made: list[Element] = []
    rest = [child for node in nodes for child in _opened(node)]
    while rest:
        taken, elements = _fenced(rest) or _big(rest) or (1, _one(rest[0]))
        made += elements
        rest = rest[taken:]
    return made


def _opened(node: Element) -> list[Element]:
    """A group's contents in its place, where the group means nothing by itself."""
    if _tag(node) in {"annotation", "annotation-xml"}:
        return []
    if _tag(node) in {"mrow", "mstyle", "mpadded", "semantics"} and len(node) and not any(map(_form, node)):
        return [child for part in node for child in _opened(part)]
    return [node]


def _group(node: Element) -> list[Element]:
    """A group with stretching fences, of which one side may be missing, or with nothing in it."""
    if not len(node):
        return [_run(_NOTHING)]
    *inside, last = list(node)
    if _form(last) == "postfix" and not any(_form(part) == "prefix" for part in inside):
        return [_fence("", _text(last), inside)]
    return _row(list(node))


def _fenced(nodes: list[Element]) -> tuple[int, list[Element]] | None:
    """The fence that the first node opens, with what it holds; None where it opens none or one not to be stretched."""
    opening = nodes[0]
    stretched = _form(opening) == "prefix"
    if not stretched and (_tag(opening) not in {"mo", "mi"} or _text(opening) not in signs.CLOSING):
        return None
    place = _closing(nodes)
    if place is None:
        return (len(nodes), [_fence(_text(opening), "", nodes[1:])]) if stretched else None
    inside = nodes[1:place]
    is_plain = _text(opening) in "([{" and not any(map(_is_tall, inside))
    # What has scripts needs its base in one piece: LibreOffice takes a bracket alone for an error.
    if is_plain and not stretched and _nucleus(nodes[place]) is nodes[place]:
        return None
    return place + 1, [_scripted(nodes[place], _fence(_text(opening), _text(_nucleus(nodes[place])), inside))]


def _closing(nodes: list[Element]) -> int | None:
    """Where the fence that the first node opens is closed."""
    depth = 0
    for place, node in enumerate(nodes[1:], 1):
        closes = _closes(node, nodes[0])
        if closes and depth == 0:
            return place
        depth += _is_alike(node, nodes[0]) - closes
    return None


def _is_tall(node: Element) -> bool:
    return any(_tag(part) in {"mfrac", "mtable", "munderover", "msqrt", "mroot"} for part in node.iter())


def _nucleus(node: Element) -> Element:
    """What scripts stand at: `)` in `)^2`."""
    return node[0] if _tag(node) in _SCRIPTS and len(node) else node


def _closes(node: Element, opening: Element) -> bool:
    nucleus = _nucleus(node)
    if _tag(nucleus) not in {"mo", "mi"}:
        return False
    if _form(opening) == "prefix":
        return _form(nucleus) == "postfix"
    return bool(text := _text(nucleus)) and text in signs.CLOSING[_text(opening)]


def _is_alike(node: Element, opening: Element) -> bool:
    return _text(node) == _text(opening) and _form(node) == _form(opening)


def _form(node: Element) -> str:
    return node.get("form", "") if _tag(node) == "mo" else ""


def _scripted(node: Element, fence: Element) -> Element:
    """A fence with the scripts that MathML puts at its closing sign."""
    tags = {"msub": ("m:sSub", "m:sub"), "msup": ("m:sSup", "m:sup"), "msubsup": ("m:sSubSup", "m:sub", "m:sup")}
    if _tag(node) not in tags:
        return fence
    tag, *parts = tags[_tag(node)]
    scripts = (_argument(part, [child]) for part, child in zip(parts, list(node)[1:], strict=True))
    return element(tag, None, element("m:e", None, fence), *scripts)


def _fence(opening: str, closing: str, inside: Sequence[Element]) -> Element:
    limits = element("m:dPr", None, value("m:begChr", opening), value("m:endChr", closing))
    return element("m:d", None, limits, _argument("m:e", inside))


def _big(nodes: list[Element]) -> tuple[int, list[Element]] | None:
    """A sum, an integral or a limit together with the term that it works on."""
    head = nodes[0]
    operand = _operand(nodes[1:])
    nucleus = _nucleus(head)
    if _tag(nucleus) == "mo" and _text(nucleus) in signs.SUMS | signs.INTEGRALS:
        return 1 + len(operand), [_nary(head, operand)]
    if _is_limit(head):
        name = element("m:fName", None, *_one(head))
        return 1 + len(operand), [element("m:func", None, name, _argument("m:e", operand))]
    return None


def _is_limit(node: Element) -> bool:
    return _tag(node) in {"msub", "munder"} and _tag(node[0]) == "mo" and _text(node[0]).isalpha()


def _nary(head: Element, operand: Sequence[Element]) -> Element:
    under, over = _limits(head, list(head))
    shape = element(
        "m:naryPr",
        None,
        value("m:chr", _text(_nucleus(head))),
        value("m:limLoc", "undOvr" if _tag(head) in _LIMITS.values() else "subSup"),
        *([value("m:subHide", 1)] if under is None else []),
        *([value("m:supHide", 1)] if over is None else []),
    )
    limits = (element("m:sub", None, *_maybe(under)), element("m:sup", None, *_maybe(over)))
    return element("m:nary", None, shape, *limits, _argument("m:e", operand))


def _limits(head: Element, parts: Sequence[Element]) -> tuple[Element | None, Element | None]:
    match _tag(head):
        case "msub" | "munder":
            return parts[1], None
        case "msup" | "mover":
            return None, parts[1]
        case "msubsup" | "munderover":
            return parts[1], parts[2]
        case _:
            return None, None


def _operand(nodes: Sequence[Element]) -> list[Element]:
    """The term that begins these nodes: up to the next sign that ends one, but for those inside of brackets."""
    taken: list[Element] = []
    while nodes:
        node = nodes[0]
        if taken and _tag(node) == "mo" and _text(node) in signs.ENDS_OPERAND:
            break
        opens = _tag(node) in {"mo", "mi"} and _text(node) in signs.CLOSING
        end = (_closing(list(nodes)) or 0) + 1 if opens else 1
        taken += nodes[:end]
        nodes = nodes[end:]
    return taken


def _maybe(node: Element | None) -> list[Element]:
    return [] if node is None else _row([node])


def _one(node: Element) -> list[Element]:
    make = _MAKERS.get(_tag(node))
    return make(node) if make else _row(list(node))


def _argument(tag: str, nodes: Sequence[Element]) -> Element:
    return element(tag, None, *(_row(nodes) or [_run(_NOTHING)]))


def _run(text: str, *, upright: bool = False, style: tuple[str, str] | None = None) -> Element:
    look = element("m:rPr")
    if upright:
        look.append(element("m:nor"))
    look.extend([value(tag, val) for tag, val in zip(("m:scr", "m:sty"), style or (), strict=False) if val])
    return element("m:r", None, *([look] if len(look) else []), _font(), words("m:t", clean(text)))


def _font() -> Element:
    fonts = {"w:ascii": "Cambria Math", "w:hAnsi": "Cambria Math"}
    return element("w:rPr", None, element("w:rFonts", dict[str, str | int](fonts)))


def _identifier(node: Element) -> list[Element]:
    text, variant = _text(node), node.get("mathvariant", "")
    upright = variant == "normal" or (len(text) > 1 and text.isalpha() and not variant)
    return [_run(text, upright=upright, style=signs.STYLES.get(variant))] if text else []


def _operator(node: Element) -> list[Element]:
    text = _text(node)
    return [_run(text, upright=text.isalpha())] if text else []


def _quoted(node: Element) -> list[Element]:
    text = (node.text or "").replace("\u00a0", " ")
    return [_run(text, upright=True)] if text else []


def _space(node: Element) -> list[Element]:
    measure = re.fullmatch(r"(\d*\.?\d+)([a-z]{2})", node.get("width", ""))
    ems = min(float(measure[1]) * signs.EMS.get(measure[2], 0), _WIDEST_SPACE) if measure else 0
    rest = next((space for least, space in signs.SPACES if ems % 1 >= least), "")
    spaces = "\u2003" * int(ems) + rest
    return [_run(spaces)] if spaces else []


def _fraction(node: Element) -> list[Element]:
    over, under = list(node)
    bare = node.get("linethickness", "1") in {"0", "0pt", "0em", "0px"}
    shape = [element("m:fPr", None, value("m:type", "noBar"))] if bare else []
    return [element("m:f", None, *shape, _argument("m:num", [over]), _argument("m:den", [under]))]


def _square_root(node: Element) -> list[Element]:
    hidden = element("m:radPr", None, value("m:degHide", 1))
    return [element("m:rad", None, hidden, element("m:deg"), _argument("m:e", list(node)))]


def _root(node: Element) -> list[Element]:
    inside, degree = list(node)
    return [element("m:rad", None, _argument("m:deg", [degree]), _argument("m:e", [inside]))]


def _scripts(tag: str, *parts: str) -> Callable[[Element], list[Element]]:
    def make(node: Element) -> list[Element]:
        return [element(tag, None, *(_argument(part, [child]) for part, child in zip(parts, node, strict=True)))]

    return make


def _under(node: Element) -> list[Element]:
    base, mark = list(node)
    return [_marked(base, mark, above=False)]


def _over(node: Element) -> list[Element]:
    base, mark = list(node)
    return [_marked(base, mark, above=True)]


def _under_over(node: Element) -> list[Element]:
    base, under, over = list(node)
    lower = element("m:limLow", None, _argument("m:e", [base]), _argument("m:lim", [under]))
    return [element("m:limUpp", None, element("m:e", None, lower), _argument("m:lim", [over]))]


def _marked(base: Element, mark: Element, *, above: bool) -> Element:
    sign = _text(mark) if _tag(mark) == "mo" else ""
    place = "top" if above else "bot"
    if sign in signs.BARS:
        return element("m:bar", None, element("m:barPr", None, value("m:pos", place)), _argument("m:e", [base]))
    if sign in signs.BRACES:
        shape = (value("m:chr", sign), value("m:pos", place), value("m:vertJc", "bot" if above else "top"))
        return element("m:groupChr", None, element("m:groupChrPr", None, *shape), _argument("m:e", [base]))
    if above and sign in signs.ACCENTS:
        shape_of = element("m:accPr", None, value("m:chr", signs.ACCENTS[sign]))
        return element("m:acc", None, shape_of, _argument("m:e", [base]))
    limit = "m:limUpp" if above else "m:limLow"
    return element(limit, None, _argument("m:e", [base]), _argument("m:lim", [mark]))


def _table(node: Element) -> list[Element]:
    rows = [[cell for cell in row if _tag(cell) == "mtd"] for row in node if _tag(row) == "mtr"]
    columns = max((len(row) for row in rows), default=1)
    first = rows[0] if rows else []
    sides = [cell.get("columnalign", "center") for cell in first] + ["center"] * (columns - len(first))
    gap = [value("m:cGpRule", 3), value("m:cGp", 0)] if sides[:2] == ["right", "left"] else []
    shape = element("m:mPr", None, *gap, element("m:mcs", None, *(_column(side) for side in sides)))
    return [element("m:m", None, shape, *(_table_row(row, columns) for row in rows))]


def _column(side: str) -> Element:
    return element("m:mc", None, element("m:mcPr", None, value("m:count", 1), value("m:mcJc", side)))


def _table_row(cells: Sequence[Element], columns: int) -> Element:
    missing: list[list[Element]] = [[]] * (columns - len(cells))
    return element("m:mr", None, *(_argument("m:e", inside) for inside in [*map(list, cells), *missing]))


def _enclosure(node: Element) -> list[Element]:
    notation = node.get("notation", "box").split()
    strikes = {"updiagonalstrike": "m:strikeBLTR", "downdiagonalstrike": "m:strikeTLBR"}
    struck = [value(strikes[name], 1) for name in ("updiagonalstrike", "downdiagonalstrike") if name in notation]
    sides = ("m:hideTop", "m:hideBot", "m:hideLeft", "m:hideRight")
    shape = [value(side, 1) for side in sides] + struck if struck else []
    described = [element("m:borderBoxPr", None, *shape)] if shape else []
    return [element("m:borderBox", None, *described, _argument("m:e", list(node)))]


def _phantom(node: Element) -> list[Element]:
    hidden = element("m:phantPr", None, value("m:show", 0))
    return [element("m:phant", None, hidden, _argument("m:e", list(node)))]


_MAKERS: dict[str, Callable[[Element], list[Element]]] = {
    "mrow": _group,
    "mi": _identifier,
    "mn": _identifier,
    "mo": _operator,
    "mtext": _quoted,
    "ms": _quoted,
    "mspace": _space,
    "mfrac": _fraction,
    "msqrt": _square_root,
    "mroot": _root,
    "msub": _scripts("m:sSub", "m:e", "m:sub"),
    "msup": _scripts("m:sSup", "m:e", "m:sup"),
    "msubsup": _scripts("m:sSubSup", "m:e", "m:sub", "m:sup"),
    "munder": _under,
    "mover": _over,
    "munderover": _under_over,
    "mtable": _table,
    "menclose": _enclosure,
    "mphantom": _phantom,
}


def _tag(node: Element) -> str:
    return etree.QName(node).localname


def _text(node: Element) -> str:
    return "".join(map(str, node.itertext())).strip()
