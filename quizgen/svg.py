"""What an SVG drawing may hold: shapes and letters that stay inside the file, in a bounded number."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from xml.etree.ElementTree import Element

LARGEST = 2_000_000  # bytes; the renderer reads every number of every path
MOST_ELEMENTS = 20_000
MOST_DRAWN = 50_000  # elements, counting those that <use>, patterns and masks repeat
DEEPEST = 100
_MOST_STEPS = 30  # references to references

_SVG = "{http://www.w3.org/2000/svg}"
_UNITS = {"": 1.0, "px": 1.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0, "pt": 96 / 72, "pc": 16.0}
_ENCODING = re.compile(rb"<\?xml[^>]*?\sencoding\s*=\s*[\"']([\w.-]*)")
_LENGTH = re.compile(r"\s*(\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})(px|mm|cm|in|pt|pc|)\s*")
_URL = re.compile(r"url\s*\(\s*([^)]*)\)?", re.IGNORECASE)
_FRAGMENT = re.compile(r"#([^\s#]+)")
_RASTER = re.compile(r"data:image/(?:png|jpeg|jpg|gif);base64,([A-Za-z0-9+/=\s]*)")
_OUTSIDE = re.compile(r"@import|image-set|\bsrc\s*\(|expression|javascript:|\\", re.IGNORECASE)
_ACTIVE = {"script", "foreignObject", "iframe", "object", "embed", "audio", "video", "handler", "listener"}
_MOVING = {"animate", "animateColor", "animateMotion", "animateTransform", "set", "mpath", "discard"}


class SvgError(ValueError):
    """A drawing that is not let through; its text goes on after the picture's name."""


def size(data: bytes, check_raster: Callable[[str], None]) -> tuple[float, float]:
    """The natural width and height of a drawing in CSS pixels.

    `check_raster` is called with the base64 text of every picture inside the drawing.
    Raises SvgError when the drawing is not let through.
    """
    root = _parsed(data)
    for element in root.iter():
        _check(element, check_raster)
    _check_repetition(root)
    return _size(root)


def _parsed(data: bytes) -> Element:
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException, ElementTree

    if len(data) > LARGEST:
        raise SvgError(f"is an SVG of {len(data):,} bytes, the most is {LARGEST:,}; simplify it or save a PNG")
    _check_encoding(data)
    if b"<?xml-stylesheet" in data:
        raise SvgError("has its style in another file (<?xml-stylesheet …?>); delete that line")
    try:
        root = _counted(ElementTree.iterparse(BytesIO(data), ("start", "end"), forbid_dtd=True))
    except DefusedXmlException as error:
        raise SvgError("has a <!DOCTYPE …> or an entity; delete it, or save as plain SVG") from error
    except ParseError as error:
        raise SvgError(f"is no well-formed SVG: {error}") from error
    if root.tag != f"{_SVG}svg":
        raise SvgError('is no SVG: it has to begin with <svg xmlns="http://www.w3.org/2000/svg" …>')
    return root


def _check_encoding(data: bytes) -> None:
    declared = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf"))
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise SvgError("is not UTF-8; save it with that encoding") from error
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii"):
        raise SvgError(f"says that its encoding is {declared[1].decode()}; save it as UTF-8")


def _counted(events: Iterator[tuple[str, Element]]) -> Element:
    """The root, read no further than a drawing may go."""
    depth = count = 0
    root = None
    for event, element in events:
        depth += 1 if event == "start" else -1
        count += event == "start"
        root = element if root is None else root
        if count > MOST_ELEMENTS:
            raise SvgError(f"has more than {MOST_ELEMENTS:,} elements; simplify it or save a PNG")
        if depth > DEEPEST:
            raise SvgError(f"has elements nested deeper than {DEEPEST} levels; simplify it or save a PNG")
    if root is None:
        raise SvgError("is no well-formed SVG: it has no element")
    return root


def _check(element: Element, check_raster: Callable[[str], None]) -> None:
    name = _local(element.tag)
    if name in _ACTIVE:
        raise SvgError(f"has a <{name}>, which is a program or a page and no drawing; save as plain SVG")
    if name in _MOVING:
        raise SvgError(f"has an animation (<{name}>), which does not print; save as plain SVG")
    if name == "style":
        _check_style("".join(element.itertext()))
    for attribute, value in element.attrib.items():
        _check_attribute(_local(attribute), value, check_raster)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _check_attribute(name: str, value: str, check_raster: Callable[[str], None]) -> None:
    if name.lower().startswith("on"):
        raise SvgError(f"has a program in its attribute {name}; save as plain SVG")
    if name == "base":
        raise SvgError("has an attribute xml:base; delete it")
    if name == "spreadMethod" and value != "pad":
        raise SvgError(f"has a gradient that repeats (spreadMethod={value}); draw its stops out")
    if name in ("href", "src"):
        _check_address(value, check_raster)
    elif name == "style":
        _check_style(value)
    else:
        _check_urls(value)


def _check_address(value: str, check_raster: Callable[[str], None]) -> None:
    raster = _RASTER.fullmatch(value.strip())
    if raster:
        check_raster(raster[1])
    elif not _FRAGMENT.fullmatch(value.strip()):
        raise SvgError(f"refers to {value[:60]}; only parts of itself and PNG, JPEG or GIF data can be used")


def _check_style(css: str) -> None:
    outside = _OUTSIDE.search(css)
    if outside:
        raise SvgError(f"has {outside[0]} in its style, which can reach other files; delete it")
    _check_urls(css)


def _check_urls(value: str) -> None:
    for match in _URL.finditer(value):
        address = match[1].strip().strip("'\"")
        if not _FRAGMENT.fullmatch(address):
            raise SvgError(f"refers to url({address[:60]}); only parts of itself can be used")


def _check_repetition(root: Element) -> None:
    """Refuse drawings that draw themselves, or so often that no printer gets done."""
    parts = {element.get("id", ""): element for element in root.iter() if element.get("id")}
    drawn: dict[Element, tuple[int, int]] = {}
    # Children and targets before what holds them: with the depth bounded, plain recursion is safe.
    for element in reversed(list(root.iter())):
        _drawn(element, parts, drawn, 0)


def _drawn(
    element: Element, parts: Mapping[str, Element], drawn: dict[Element, tuple[int, int]], steps: int
) -> tuple[int, int]:
    """How many elements one draws, and over how many references."""
    if element in drawn:
        return drawn[element]
    if steps > _MOST_STEPS:
        raise SvgError("has parts that refer to parts in a circle or in too long a chain; simplify it")
    count, longest = 1, 0
    for child in element:
        below, chain = _drawn(child, parts, drawn, steps)
        count, longest = count + below, max(longest, chain)
    for target in _targets(element, parts):
        below, chain = _drawn(target, parts, drawn, steps + 1)
        count, longest = count + below, max(longest, chain + 1)
    if count > MOST_DRAWN or longest > _MOST_STEPS:
        raise SvgError(f"repeats its parts to more than {MOST_DRAWN:,} elements; simplify it or save a PNG")
    drawn[element] = count, longest
    return drawn[element]


def _targets(element: Element, parts: Mapping[str, Element]) -> Iterator[Element]:
    for attribute, value in element.attrib.items():
        addresses = [value] if _local(attribute) == "href" else _URL.findall(value)
        for address in addresses:
            target = parts.get(address.strip().strip("'\"").removeprefix("#"))
            if target is not None:
                yield target


def _size(root: Element) -> tuple[float, float]:
    width, height = _length(root.get("width")), _length(root.get("height"))
    box = _box(root.get("viewBox", ""))
    if box:
        ratio = box[1] / box[0]
        width = width or (height / ratio if height else box[0])
        height = height or width * ratio
    if not width or not height:
        raise SvgError('has no size; give its <svg> a width and a height, or viewBox="0 0 width height"')
    return width, height


def _length(text: str | None) -> float | None:
    match = _LENGTH.fullmatch(text or "")
    return float(match[1]) * _UNITS[match[2]] if match else None


def _box(text: str) -> tuple[float, float] | None:
    numbers = re.split(r"[\s,]+", text.strip())
    try:
        _, _, width, height = map(float, numbers)
    except ValueError:
        return None
    return (width, height) if 0 < width < 1e9 and 0 < height < 1e9 else None
