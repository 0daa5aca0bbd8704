"""Pictures as Word holds them: inline drawings with their alternative text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quizgen.writers.docx.wordml import Element, element

if TYPE_CHECKING:
    from quizgen.picture import Picture
    from quizgen.richtext.tree import Image, Width
    from quizgen.writers.docx.host import Host

_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_EMU_PER_INCH = 914_400
_EMU_PER_MM = 36_000
_EMU_PER_PIXEL = 9_525
_EMU_PER_TWIP = 635
_TALLEST = 220 * _EMU_PER_MM  # what an A4 page holds beside a line of text


def drawing(image: Image, host: Host, room: int) -> Element:
    """A picture as wide as its author wants it, but within `room` (twentieths of a point)."""
    picture = host.pictures[image.source]
    width, height = _size(picture, image.width, room * _EMU_PER_TWIP)
    pixels, lines = host.embed(picture, width / _EMU_PER_INCH)
    size = {"cx": width, "cy": height}
    locks = element("a:graphicFrameLocks", {"noChangeAspect": 1})
    data = element("a:graphicData", {"uri": _PICTURE}, _picture(picture, pixels, lines, size))
    inline = element(
        "wp:inline",
        {"distT": 0, "distB": 0, "distL": 0, "distR": 0},
        element("wp:extent", dict(size)),
        # The renderer numbers the drawings of a document; an id only has to be there.
        element("wp:docPr", {"id": 1, "name": picture.name, "descr": image.alt}),
        element("wp:cNvGraphicFramePr", None, locks),
        element("a:graphic", None, data),
    )
    return element("w:r", None, element("w:drawing", None, inline))


def _size(picture: Picture, width: Width | None, room: int) -> tuple[int, int]:
    match width:
        case None:
            wanted = picture.width * _EMU_PER_PIXEL
        case _ if width.unit == "mm":
            wanted = width.value * _EMU_PER_MM
        case _:
            wanted = width.value / 100 * room
    ratio = picture.height / picture.width
    across = max(1.0, min(wanted, float(room), _TALLEST / ratio))
    return round(across), max(1, round(across * ratio))


def _picture(picture: Picture, pixels: str, lines: str | None, size: dict[str, int]) -> Element:
    described = element(
        "pic:nvPicPr", None, element("pic:cNvPr", {"id": 0, "name": picture.name}), element("pic:cNvPicPr")
    )
    fill = element("pic:blipFill", None, _blip(pixels, lines), element("a:stretch", None, element("a:fillRect")))
    frame = element("a:xfrm", None, element("a:off", {"x": 0, "y": 0}), element("a:ext", dict(size)))
    shape = element("a:prstGeom", {"prst": "rect"}, element("a:avLst"))
    return element("pic:pic", None, described, fill, element("pic:spPr", None, frame, shape))


def _blip(pixels: str, lines: str | None) -> Element:
    blip = element("a:blip", {"r:embed": pixels})
    if lines is not None:
        vector = element("asvg:svgBlip", {"r:embed": lines})
        blip.append(element("a:extLst", None, element("a:ext", {"uri": _SVG_EXTENSION}, vector)))
    return blip
