"""Pictures: what is let through, and why the rest is not."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from io import BytesIO
from zlib import compress, crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from quizgen.picture import Picture, PictureError, raster, read

NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def drawn(kind: str, width: int = 30, height: int = 20, **options: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), "red").save(out, kind, **options)
    return out.getvalue()


def svg(body: str = "<rect/>", attributes: str = 'width="80mm" height="40mm"') -> bytes:
    return f"<svg {NAMESPACES} {attributes}>{body}</svg>".encode()


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + crc32(kind + data).to_bytes(4, "big")


def huge_png(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to have many pixels."""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x01\x00\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", compress(b"")) + chunk(b"IEND", b"")


def turned_jpeg() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return drawn("JPEG", exif=exif)


def refusal(data: bytes, path: str) -> str:
    with pytest.raises(PictureError) as refused:
        read(data, path)
    name, _, reason = str(refused.value).partition(" ")
    assert name == path
    return reason


@pytest.mark.parametrize(
    ("kind", "path", "media_type"),
    [
        ("PNG", "a.png", "image/png"),
        ("JPEG", "a.jpg", "image/jpeg"),
        ("JPEG", "a.JPEG", "image/jpeg"),
        ("GIF", "a.gif", "image/gif"),
    ],
)
def test_a_picture_is_known_by_its_content(kind: str, path: str, media_type: str) -> None:
    picture = read(drawn(kind), path)
    assert (picture.media_type, picture.width, picture.height) == (media_type, 30, 20)


def test_a_picture_is_named_for_its_content() -> None:
    data = drawn("JPEG")
    picture = read(data, "images/photo.jpeg")
    assert picture.name == sha256(data).hexdigest()[:16] + ".jpg"
    assert picture.sha256 == sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("attributes", "width", "height"),
    [
        ('width="96" height="48px"', 96, 48),
        ('width="25.4mm" height="2.54cm"', 96, 96),
        ('width="1in" height="72pt"', 96, 96),
        ('width="6pc" viewBox="0 0 2 1"', 96, 48),
        ('height="1in" viewBox="0,0,2,1"', 192, 96),
        ('viewBox="-5 -5 100 50"', 100, 50),
        ('width="100%" height="auto" viewBox="0 0 100 50"', 100, 50),
    ],
)
def test_a_drawing_has_a_natural_size(attributes: str, width: float, height: float) -> None:
    picture = read(svg(attributes=attributes), "a.svg")
    assert [picture.width, picture.height] == pytest.approx([width, height])


@pytest.mark.parametrize(
    ("data", "path", "reason"),
    [
        (b"", "a.png", "is empty"),
        (b"hello", "a.png", "is no picture; save it as PNG, JPEG, GIF or SVG"),
        (drawn("WEBP"), "a.png", "is a WebP picture; save it as PNG, JPEG, GIF or SVG"),
        (b"%PDF-1.7", "a.pdf", "is a PDF; save it as PNG, JPEG, GIF or SVG"),
        (b"\0\0\0\x18ftypheic", "a.jpg", "is a HEIC or AVIF picture; save it as PNG, JPEG, GIF or SVG"),
        (drawn("PNG"), "a.jpg", "is in truth a PNG; rename it so that it ends in .png"),
        (drawn("JPEG"), "a", "is in truth a JPEG; rename it so that it ends in .jpg"),
        (svg(), "a.png", "is in truth a SVG; rename it so that it ends in .svg"),
        (bytes(10_000_001), "a.png", "has 10,000,001 bytes, the most is 10,000,000; make it smaller"),
        (drawn("PNG", 200, 200)[:90], "a.png", "is damaged or cut off; save or copy it again"),
        (drawn("JPEG", 400, 400)[:1500], "a.jpg", "is damaged or cut off; save or copy it again"),
        (huge_png(10, 10), "a.png", "is damaged or cut off; save or copy it again"),
        (
            huge_png(20_001, 1),
            "a.png",
            "has 20,001 × 1 pixels, the most is 40,000,000 in all and 20,000 a side; make it smaller",
        ),
        (
            huge_png(8_000, 5_001),
            "a.png",
            "has 8,000 × 5,001 pixels, the most is 40,000,000 in all and 20,000 a side; make it smaller",
        ),
        (huge_png(2**31 - 1, 2**31 - 1), "a.png", "has more than 40,000,000 pixels; make it smaller"),
        (
            turned_jpeg(),
            "a.jpg",
            "is stored lying and only marked to be turned (EXIF), which Word does not heed; "
            "turn it in an image editor and save it",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_refusal_names_the_picture_and_the_way_out(data: bytes, path: str, reason: str) -> None:
    assert refusal(data, path) == reason


NOT_A_DRAWING = "which is a program or a page and no drawing; save as plain SVG"
ONLY_ITSELF = "only parts of itself and PNG, JPEG or GIF data can be used"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<script>alert(1)</script>", f"has a <script>, {NOT_A_DRAWING}"),
        ("<g><foreignObject/></g>", f"has a <foreignObject>, {NOT_A_DRAWING}"),
        ('<rect onclick="x()"/>', "has a program in its attribute onclick; save as plain SVG"),
        ('<image href="https://e.org/a.png"/>', f"refers to https://e.org/a.png; {ONLY_ITSELF}"),
        ('<image xlink:href="/etc/passwd"/>', f"refers to /etc/passwd; {ONLY_ITSELF}"),
        ('<use href="other.svg#a"/>', f"refers to other.svg#a; {ONLY_ITSELF}"),
        (
            '<image href="data:image/svg+xml;base64,PHN2Zy8+"/>',
            f"refers to data:image/svg+xml;base64,PHN2Zy8+; {ONLY_ITSELF}",
        ),
        (
            '<image href="data:image/png;base64,AAAA"/>',
            "holds a picture that is no picture; save it as PNG, JPEG, GIF or SVG",
        ),
        ('<a href="javascript:x"/>', f"refers to javascript:x; {ONLY_ITSELF}"),
        ('<rect fill="url(https://e.org)"/>', "refers to url(https://e.org); only parts of itself can be used"),
        ("<rect style=\"fill: URL( 'x.svg#a' )\"/>", "refers to url(x.svg#a); only parts of itself can be used"),
        ("<style>@import 'a.css'</style>", "has @import in its style, which can reach other files; delete it"),
        (r"<style>a{fill:\75rl(x)}</style>", "has \\ in its style, which can reach other files; delete it"),
        ('<g xml:base="https://e.org/"/>', "has an attribute xml:base; delete it"),
        ('<set attributeName="href"/>', "has an animation (<set>), which does not print; save as plain SVG"),
        (
            '<linearGradient spreadMethod="repeat"/>',
            "has a gradient that repeats (spreadMethod=repeat); draw its stops out",
        ),
        ("<g>" * 100 + "</g>" * 100, "has elements nested deeper than 100 levels; simplify it or save a PNG"),
        ("<g/>" * 20_000, "has more than 20,000 elements; simplify it or save a PNG"),
        ("<g", "is no well-formed SVG: not well-formed (invalid token): line 1, column 112"),
    ],
    ids=lambda value: value[:20],
)
def test_a_drawing_that_reaches_out_or_never_ends_is_refused(body: str, reason: str) -> None:
    assert refusal(svg(body), "a.svg") == reason


def doubling(part: str, reference: str) -> str:
    """Parts that each draw the one before ten times."""
    return "".join(f'<{part} id="p{i + 1}">{reference.format(i) * 10}</{part}>' for i in range(7))


@pytest.mark.parametrize(
    "body",
    [
        doubling("g", '<use href="#p{}"/>'),
        doubling("pattern", '<rect fill="url(#p{})"/>'),
        doubling("mask", '<rect mask="url( #p{} )"/>'),
        doubling("g", "<rect style=\"filter: url('#p{}')\"/>"),
        '<g id="a"><use href="#a"/></g>',
        '<g id="a"><use href="#b"/></g><g id="b"><use xlink:href="#a"/></g>',
        "".join(f'<use id="u{i}" href="#u{i + 1}"/>' for i in range(5_000)),
        "".join(f'<use id="u{i}" href="#u{i - 1}"/>' for i in range(5_000)),
    ],
    ids=range(8),
)
def test_parts_that_multiply_or_refer_in_a_circle_are_refused(body: str) -> None:
    assert refusal(svg(body), "a.svg").startswith(("repeats its parts", "has parts that refer to parts"))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<!DOCTYPE svg>" + svg(), "has a <!DOCTYPE …> or an entity; delete it, or save as plain SVG"),
        (
            b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg("&a;"),
            "has a <!DOCTYPE …> or an entity; delete it, or save as plain SVG",
        ),
        (
            b'<?xml-stylesheet href="https://e.org/a.css"?>' + svg(),
            "has its style in another file (<?xml-stylesheet …?>); delete that line",
        ),
        (svg().decode().encode("utf-16"), "is not UTF-8; save it with that encoding"),
        (b'<?xml version="1.0" encoding="EUC-JP"?>' + svg(), "says that its encoding is EUC-JP; save it as UTF-8"),
        (b"<html/>", 'is no SVG: it has to begin with <svg xmlns="http://www.w3.org/2000/svg" …>'),
        (
            svg(attributes='width="100%"'),
            'has no size; give its <svg> a width and a height, or viewBox="0 0 width height"',
        ),
        (svg(attributes='width="20001" height="1"'), "is 20,001 pixels long, the most is 20,000"),
        (svg("x" * 2_000_000), "is an SVG of 2,000,116 bytes, the most is 2,000,000; simplify it or save a PNG"),
    ],
    ids=range(9),
)
def test_a_file_that_is_no_plain_drawing_is_refused(data: bytes, reason: str) -> None:
    assert refusal(data, "a.svg") == reason


def test_a_drawing_may_use_its_own_parts_and_hold_pictures() -> None:
    inner = b64encode(drawn("PNG")).decode()
    body = (
        '<defs><linearGradient id="g"/><g id="a"><rect fill="url(#g)" style="stroke: url(#g)"/></g></defs>'
        f'<use href="#a"/><use xlink:href="#a"/><image href="data:image/png;base64,{inner}"/>'
        "<style>rect{fill:url(#g)}</style>"
    )
    picture = read(b"\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?>\n<!-- Pod -->" + svg(body), "a.svg")
    assert (picture.media_type, picture.name[16:]) == ("image/svg+xml", ".svg")


@given(
    st.binary(max_size=60),
    st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"<svg", svg()[:90]]),
)
def test_no_file_is_too_odd_to_be_refused(data: bytes, start: bytes) -> None:
    with pytest.raises(PictureError, match=r"^a\.png "):
        read(start + data, "a.png")


@pytest.fixture(scope="module")
def half_red() -> Picture:
    return read(svg('<rect width="50%" height="100%" fill="red"/>'), "a.svg")


def test_a_drawing_becomes_pixels_of_the_width_asked_for(half_red: Picture) -> None:
    with Image.open(BytesIO(raster(half_red, 200))) as image:
        assert (image.format, image.size) == ("PNG", (200, 100))
        assert image.getpixel((50, 50)) == (255, 0, 0)
        assert image.getpixel((150, 50)) == (255, 255, 255)


def test_the_same_drawing_becomes_the_same_bytes(half_red: Picture) -> None:
    assert raster(half_red, 120) == raster(half_red, 120)


def test_the_pixels_of_a_drawing_are_bounded() -> None:
    tall = read(svg(attributes='width="2" height="2000"'), "a.svg")
    with Image.open(BytesIO(raster(tall, 10_000))) as image:
        assert image.size == (20, 20_000)


def test_only_drawings_become_pixels() -> None:
    with pytest.raises(ValueError, match="is no SVG"):
        raster(read(drawn("PNG"), "a.png"), 100)


def test_a_picture_that_is_cut_off_is_refused_with_weasyprint_imported_as_well():
    import weasyprint  # noqa: F401

    assert "cut off" in refusal(drawn("PNG", 200, 200)[:90], "a.png")
