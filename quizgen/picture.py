"""Pictures of a bank: their bytes, what they are and how large, checked before anything opens them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

from quizgen.problems import QuizgenError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MediaType = Literal["image/png", "image/jpeg", "image/gif", "image/svg+xml"]

_EXTENSIONS: dict[MediaType, tuple[str, ...]] = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/svg+xml": (".svg",),
}
_RASTER: dict[str, MediaType] = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif"}

_MOST_BYTES = 10 * 1024 * 1024
_MOST_PIXELS = 40_000_000
_LONGEST_SIDE = 20_000
_MOST_ELEMENTS = 20_000
_MOST_DRAWN = 50_000  # with every <use> unfolded
_MOST_DEPTH = 100

_PIXELS = {"": 1.0, "px": 1.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "pt": 96 / 72, "pc": 16.0}
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+)(px|in|cm|mm|pt|pc)?\s*")
_URL = re.compile(r"url\(\s*['\"]?\s*([^#'\")\s][^'\")]*)", re.IGNORECASE)
_DATA_RASTER = re.compile(r"data:image/(png|jpeg|gif);base64,")
_ACTIVE = ("script", "foreignobject", "iframe", "handler", "listener", "animate", "set", "animatetransform")


@dataclass(frozen=True, slots=True)
class Picture:
    """A checked picture: its content-hash file name (`3f2a….png`), its bytes, and its natural size.

    `width` and `height` are in CSS pixels, 96 to the inch.
    """

    name: str
    media_type: MediaType
    width: float
    height: float
    data: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """The hash of the bytes, in hex."""
        return sha256(self.data).hexdigest()


class PictureError(QuizgenError):
    """A picture that cannot be printed, and why."""


def read(data: bytes, path: str) -> Picture:
    """The picture in a file's bytes; `path` is for messages and the extension.

    Raises PictureError when it is no picture, too large, or does more than to be looked at.
    """
    if not data:
        raise PictureError(f"{path} is empty")
    if len(data) > _MOST_BYTES:
        raise PictureError(f"{path} has {len(data) / 1e6:.0f} MB; the most is {_MOST_BYTES / 1e6:.0f} MB")
    looks_like_xml = data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    media_type, width, height = _read_svg(data, path) if looks_like_xml else _read_raster(data, path)
    extensions = _EXTENSIONS[media_type]
    if PurePosixPath(path).suffix.lower() not in extensions:
        raise PictureError(f"{path} is a picture of another kind than its name says; name it {extensions[0]}")
    return Picture(sha256(data).hexdigest()[:16] + extensions[0], media_type, width, height, data)


def _read_raster(data: bytes, path: str) -> tuple[MediaType, float, float]:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(data), formats=list(_RASTER)) as image:
            width, height = image.size
            if max(width, height) > _LONGEST_SIDE or width * height > _MOST_PIXELS:
                raise PictureError(f"{path} has {width} × {height} pixels; the most is 40 million, so make it smaller")
            image.load()
            return _RASTER[image.format or ""], float(width), float(height)
    except UnidentifiedImageError as error:
        raise PictureError(f"{path} is no PNG, JPEG, GIF or SVG picture; save it as one of these") from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureError(f"{path} is damaged: {error}") from error


def _read_svg(data: bytes, path: str) -> tuple[MediaType, float, float]:
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise PictureError(f"{path} has a DOCTYPE or entities; save it as plain SVG") from error
    except (ParseError, ValueError, LookupError) as error:
        raise PictureError(f"{path} is no well-formed SVG: {error}") from error
    except RecursionError as error:
        raise PictureError(f"{path} is nested too deep") from error
    if _local(root) != "svg":
        raise PictureError(f"{path} is no PNG, JPEG, GIF or SVG picture; save it as one of these")
    for fault in _svg_faults(root):
        raise PictureError(f"{path} {fault}")
    width, height = _svg_size(root, path)
    return "image/svg+xml", width, height


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _svg_faults(root: Element) -> Iterator[str]:
    """What an SVG does beyond showing itself, or costs beyond reason."""
    depth = _depth(root)
    if depth > _MOST_DEPTH:
        yield f"is nested {depth} deep; the most is {_MOST_DEPTH}"
        return
    elements = list(root.iter())
    if len(elements) > _MOST_ELEMENTS:
        yield f"has {len(elements)} elements; the most is {_MOST_ELEMENTS}"
    for element in elements:
        if _local(element) in _ACTIVE:
            yield f"holds <{_local(element)}>; a printed picture cannot run or move, so remove it"
        for name, value in element.attrib.items():
            yield from _attribute_faults(name.rpartition("}")[2].lower(), value)
        if _local(element) == "style" and (_URL.search(element.text or "") or "@import" in (element.text or "")):
            yield "loads something from outside in its style; a picture has to hold all that it shows"
    if _drawn(root, {element.get("id", ""): element for element in elements}) > _MOST_DRAWN:
        yield "draws too much by <use>; the most is 50,000 shapes"


def _attribute_faults(name: str, value: str) -> Iterator[str]:
    if name.startswith("on"):
        yield f"holds the script `{name}`; remove it"
    if name in ("href", "src") and not value.startswith("#") and not _DATA_RASTER.match(value):
        yield f"refers to `{value[:60]}`; a picture has to hold all that it shows"
    if _URL.search(value):
        yield "refers to something outside; a picture has to hold all that it shows"


def _depth(root: Element) -> int:
    """How deep elements are nested, counted without recursion."""
    depth, level = 0, [root]
    while level:
        depth, level = depth + 1, [child for element in level for child in element]
        if depth > _MOST_DEPTH:
            break
    return depth


def _drawn(element: Element, by_id: dict[str, Element], seen: tuple[str, ...] = ()) -> int:
    """How many elements are drawn with every <use> unfolded; counting stops above the limit."""
    count = 1
    if _local(element) == "use":
        name = next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == "href"), "")[1:]
        # One that uses itself draws nothing; chains longer than this are no picture's need.
        if name in seen or len(seen) > 20:
            return _MOST_DRAWN + 1
        if name in by_id:
            count += _drawn(by_id[name], by_id, (*seen, name))
    for child in element:
        count += _drawn(child, by_id, seen)
        if count > _MOST_DRAWN:
            break
    return count


def _svg_size(root: Element, path: str) -> tuple[float, float]:
    box = [float(number) for number in re.findall(r"-?[0-9]*\.?[0-9]+", root.get("viewBox", ""))[:4]]
    width, height = _length(root.get("width")), _length(root.get("height"))
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        width = width or (height * box[2] / box[3] if height else box[2])
        height = height or width * box[3] / box[2]
    if not width or not height:
        raise PictureError(f"{path} has no size; give its <svg> a width and height, or a viewBox")
    if max(width, height) > _LONGEST_SIDE:
        raise PictureError(f"{path} is {width:.0f} × {height:.0f} pixels large; the longest side is {_LONGEST_SIDE}")
    return width, height


def _length(text: str | None) -> float:
    match = _LENGTH.fullmatch(text or "")
    return float(match[1]) * _PIXELS[match[2] or ""] if match else 0.0


def raster(picture: Picture, width_px: int) -> bytes:
    """An SVG picture as PNG bytes of the given width, drawn as it is in print."""
    import pypdfium2
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    width, height = picture.width, picture.height
    page = f"<style>@page{{size:{width}px {height}px;margin:0}}img{{display:block;width:100%}}</style>"
    html = f'{page}<img src="data:image/svg+xml;base64,{_base64(picture.data)}">'
    pdf = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=["data"])).write_pdf()
    with pypdfium2.PdfDocument(pdf) as document:
        image = document[0].render(scale=width_px / width * 96 / 72).to_pil()
    png = BytesIO()
    image.convert("RGB").save(png, "PNG", optimize=True)
    return png.getvalue()


def _base64(data: bytes) -> str:
    from base64 import b64encode

    return b64encode(data).decode()
