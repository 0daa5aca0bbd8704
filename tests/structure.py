"""What PDF/UA-1 asks of a file, by the checks of the Matterhorn Protocol that a program can make."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BytesIO

import pikepdf
from pikepdf import Dictionary, Name, Object, Pdf

GROUPING = {"Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "NonStruct", "Index"}
BLOCKS = {"P", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table", "THead", "TBody", "TFoot"}
INLINE = {"Span", "Quote", "Note", "Code", "Link", "Ruby", "RB", "RT", "Figure", "Formula", "Form"}
KINDS = GROUPING | BLOCKS | INLINE | {"TR", "TH", "TD"}
# What may stand only in what, and what nothing else may stand in.
PARENTS = {
    "LI": {"L"},
    "Lbl": {"LI"},
    "LBody": {"LI"},
    "THead": {"Table"},
    "TBody": {"Table"},
    "TFoot": {"Table"},
    "TR": {"Table", "THead", "TBody", "TFoot"},
    "TH": {"TR"},
    "TD": {"TR"},
    "RB": {"Ruby"},
    "RT": {"Ruby"},
}
CHILDREN = {
    "L": {"L", "LI", "Caption"},
    "LI": {"Lbl", "LBody"},
    "Table": {"THead", "TBody", "TFoot", "TR", "Caption"},
    "TR": {"TH", "TD"},
    "Ruby": {"RB", "RT"},
}
PAINTING = {"Tj", "TJ", "'", '"', "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "Do", "sh", "INLINE IMAGE"}


def faults(data: bytes) -> list[str]:
    """What a file lacks, in its order."""
    with pikepdf.open(BytesIO(data)) as pdf:
        root = pdf.Root
        if "/StructTreeRoot" not in root:
            return ["there is no structure tree"]
        found = elements(pdf)
        return [
            *_of_catalog(pdf),
            *(fault for element, parent in found for fault in _of_element(element, parent)),
            *_of_headings([_kind(element) for element, _ in found]),
            *_of_pages(pdf, {element.objgen for element, _ in found}),
            *_of_fonts(pdf),
        ]


def elements(pdf: Pdf) -> list[tuple[Object, str]]:
    """The elements of a file in reading order, each with the kind of what it stands in."""
    return list(_elements(pdf.Root.StructTreeRoot.K, "Root"))


def kinds(data: bytes) -> list[str]:
    """The kinds of a file's elements in reading order."""
    with pikepdf.open(BytesIO(data)) as pdf:
        return [_kind(element) for element, _ in elements(pdf)]


def languages(data: bytes) -> set[str]:
    """The languages of a file and of its parts."""
    with pikepdf.open(BytesIO(data)) as pdf:
        parts = [element for element, _ in elements(pdf)]
        return {str(part.Lang) for part in (pdf.Root, *parts) if "/Lang" in part}


def readings(data: bytes) -> list[tuple[str, str]]:
    """The ruby of a file: each word with its reading."""
    with pikepdf.open(BytesIO(data)) as pdf:
        texts = {place: _texts(page) for place, page in enumerate(pdf.pages)}
        places = {page.objgen: place for place, page in enumerate(pdf.pages)}
        rubies = [part for part, _ in elements(pdf) if _kind(part) == "Ruby"]
        said = [["".join(_said(kid, texts, places)) for kid in _kids(ruby)] for ruby in rubies]
    return [(base, reading) for base, reading in said]


def _said(element: Object, texts: dict[int, dict[int, str]], places: dict[tuple[int, int], int]) -> Iterator[str]:
    for kid in _kids(element):
        if isinstance(kid, int):
            yield texts[places[element.Pg.objgen]][kid]
        else:
            yield from _said(kid, texts, places)


def _texts(page: pikepdf.Page) -> dict[int, str]:
    """What each mark of a page says, by the fonts' own tables."""
    meanings = {name: _meaning(font) for name, font in page.obj.Resources.Font.items()}
    said: dict[int, str] = {}
    font, mark = "", -1
    for instruction in pikepdf.parse_content_stream(page):
        operator, operands = str(instruction.operator), instruction.operands
        if operator == "BDC":
            mark = int(operands[1]["/MCID"]) if "/MCID" in operands[1] else -1
        elif operator == "Tf":
            font = str(operands[0])
        elif operator in ("Tj", "TJ"):
            strings = [
                bytes(part)
                for part in (operands[0] if operator == "TJ" else operands)
                if isinstance(part, pikepdf.String)
            ]
            said[mark] = said.get(mark, "") + "".join(meanings[font](string) for string in strings)
    return said


def _meaning(font: Object) -> Callable[[bytes], str]:
    """What a font's codes of two bytes mean."""
    pairs = re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*$", font.ToUnicode.read_bytes().decode(), re.MULTILINE)
    table = {int(code, 16): bytes.fromhex(letters).decode("utf-16-be") for code, letters in pairs}
    return lambda string: "".join(table.get(int.from_bytes(string[at : at + 2]), "") for at in range(0, len(string), 2))


def _kind(element: Object) -> str:
    return str(element.S)[1:]


def _kids(element: Object) -> list[Object]:
    kids = element.get("/K", [])
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _elements(kids: Object, parent: str) -> Iterator[tuple[Object, str]]:
    for kid in list(kids) if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield kid, parent
            yield from _elements(kid.get("/K", pikepdf.Array()), _kind(kid))


def _of_catalog(pdf: Pdf) -> Iterator[str]:
    root = pdf.Root
    if not root.get("/MarkInfo", {}).get("/Marked"):
        yield "the file does not say that it is tagged"
    if not str(root.get("/Lang", "")):
        yield "the file has no language"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "the title is not shown in place of the file's name"
    metadata = root.Metadata.read_bytes().decode() if "/Metadata" in root else ""
    if "<pdfuaid:part>1<" not in metadata and 'pdfuaid:part="1"' not in metadata:
        yield "the metadata do not say PDF/UA-1"
    if "<dc:title>" not in metadata:
        yield "the metadata have no title"


def _of_element(element: Object, parent: str) -> Iterator[str]:
    kind = _kind(element)
    inside = [_kind(kid) for kid in _kids(element) if isinstance(kid, Dictionary) and "/S" in kid]
    if kind not in KINDS:
        yield f"{kind} is no kind of PDF 1.7"
    if parent not in PARENTS.get(kind, {parent}):
        yield f"{kind} stands in {parent}"
    if kind in CHILDREN and not set(inside) <= CHILDREN[kind]:
        yield f"{kind} holds {', '.join(sorted(set(inside) - CHILDREN[kind]))}"
    match kind:
        case "Figure" | "Formula":
            yield from _of_figure(element)
        case "TH" if "/Scope" not in element.get("/A", {}):
            yield "a heading of a table says not for what"
        case "Table":
            yield from _of_table(element)
        case "Ruby" if inside != ["RB", "RT"]:
            yield f"ruby is {inside}"
        case _:
            pass


def _of_figure(element: Object) -> Iterator[str]:
    if not str(element.get("/Alt", "")).strip():
        yield "a figure has no alternative text"
    left, bottom, right, top = map(float, element.A.BBox)
    _, _, width, height = map(float, element.Pg.MediaBox)
    if not (-1 <= left <= right <= width + 1 and -1 <= bottom <= top <= height + 1):
        yield f"a figure lies outside its page: {left:g} {bottom:g} {right:g} {top:g}"


def _of_table(table: Object) -> Iterator[str]:
    rows = [element for element, _ in _elements(table.K, "Table") if _kind(element) == "TR"]
    widths = {sum(int(cell.get("/A", {}).get("/ColSpan", 1)) for cell in _kids(row)) for row in rows}
    spans = [cell for row in rows for cell in _kids(row) if "/RowSpan" in cell.get("/A", {})]
    if len(widths) > 1 and not spans:
        yield f"the rows of a table have {sorted(widths)} cells"
    if not any(_kind(cell) == "TH" for row in rows for cell in _kids(row)):
        yield "a table has no headings"


def _of_headings(found: list[str]) -> Iterator[str]:
    before = 0
    for level in (int(kind[1]) for kind in found if kind[0] == "H" and kind[1:].isdigit()):
        if level > before + 1:
            yield f"a heading of level {level} follows one of level {before}"
        before = level


def _of_pages(pdf: Pdf, reachable: set[tuple[int, int]]) -> Iterator[str]:
    numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
    parents = {int(numbers[place]): numbers[place + 1] for place in range(0, len(numbers), 2)}
    for place, page in enumerate(pdf.pages, start=1):
        if page.obj.get("/Tabs") != Name.S:
            yield f"page {place}: the order of its links is not that of the structure"
        owners = parents[int(page.obj.StructParents)]
        resources = page.obj.get("/Resources", {}).get("/XObject", {})
        found = _of_content(page, owners, reachable, resources, parents)
        yield from (f"page {place}: {fault}" for fault in found)
        for note in page.obj.get("/Annots", []):
            parent = parents[int(note.StructParent)]
            if not str(note.get("/Contents", "")) or parent.objgen not in reachable or _kind(parent) != "Link":
                yield f"page {place}: a link has no words, or no place in the structure"


def _of_content(
    content: pikepdf.Page | Object,
    owners: Object,
    reachable: set[tuple[int, int]],
    resources: Object,
    parents: dict[int, Object],
) -> Iterator[str]:
    """What is painted is in the structure once, or an artifact; a form may have marks of its own."""
    open_: list[str | int] = []
    seen: set[int] = set()
    for instruction in pikepdf.parse_content_stream(content):
        operator = str(instruction.operator)
        if operator in ("BMC", "BDC"):
            properties = instruction.operands[1] if operator == "BDC" else {}
            marked = int(properties["/MCID"]) if "/MCID" in properties else str(instruction.operands[0])
            open_.append(marked)
            yield from _of_mark(marked, open_, seen, owners, reachable)
        elif operator == "Do" and not open_ and "/StructParents" in (form := resources[str(instruction.operands[0])]):
            inner = form.get("/Resources", {}).get("/XObject", {})
            yield from _of_content(form, parents[int(form.StructParents)], reachable, inner, parents)
        elif operator == "EMC":
            open_.pop()
        elif operator in PAINTING and not any(isinstance(mark, int) or mark == "/Artifact" for mark in open_):
            yield f"{operator} paints what is neither tagged nor an artifact"


def _of_mark(
    marked: str | int, open_: list[str | int], seen: set[int], owners: Object, reachable: set[tuple[int, int]]
) -> Iterator[str]:
    if isinstance(marked, str):
        return
    if marked in seen:
        yield f"the mark {marked} comes twice"
    seen.add(marked)
    if len([mark for mark in open_ if isinstance(mark, int) or mark == "/Artifact"]) > 1:
        yield f"the mark {marked} stands in another or in an artifact"
    owner = owners[marked] if marked < len(owners) else None
    if owner is None or owner.objgen not in reachable or marked not in map(_mark, _kids(owner)):
        yield f"the mark {marked} is not in the structure"


def _mark(kid: Object) -> int | None:
    """The number of the mark that a kid of an element is."""
    return int(kid.get("/MCID", -1)) if isinstance(kid, Dictionary) else kid


def _of_fonts(pdf: Pdf) -> Iterator[str]:
    fonts = {font.objgen: font for page in pdf.pages for font in page.obj.Resources.get("/Font", {}).values()}
    for font in fonts.values():
        name = str(font.BaseFont)
        if "/ToUnicode" not in font:
            yield f"the letters of {name} have no meaning"
        for part in font.get("/DescendantFonts", [font]):
            described = part.get("/FontDescriptor", {})
            if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(described.keys()):
                yield f"the font {name} is not in the file"
