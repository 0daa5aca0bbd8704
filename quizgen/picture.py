"""Pictures of a bank: their bytes, what they are and how large, checked before anything opens them."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

from quizgen import svg
from quizgen.libraries import found_by_name
from quizgen.problems import QuizgenError

if TYPE_CHECKING:
    from PIL.Image import Image
    from weasyprint.text.fonts import FontConfiguration

MediaType = Literal["image/png", "image/jpeg", "image/gif", "image/svg+xml"]

LARGEST = 10_000_000  # bytes
LONGEST_SIDE = 20_000  # pixels
MOST_PIXELS = 40_000_000
_MOST_RASTER_PIXELS = 20_000_000

_EXTENSIONS: dict[MediaType, tuple[str, ...]] = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/svg+xml": (".svg",),
}
_STARTS: dict[bytes, MediaType] = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
_FOREIGN = {
    b"RIFF": "a WebP picture",
    b"BM": "a BMP picture",
    b"II*\x00": "a TIFF picture",
    b"MM\x00*": "a TIFF picture",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed SVG",
    b"PK": "a ZIP archive or an Office file",
}
_KINDS = "PNG, JPEG, GIF or SVG"
_ORIENTATION = 0x0112  # the EXIF tag; 1 is upright
_SVG_STARTS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<", b"\xfe\xff\x00<")


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
    try:
        media_type = _media_type(data, path)
        width, height = _size(data, media_type)
    except (_UnprintableError, svg.SvgError) as error:
        raise PictureError(f"{path} {error}") from error
    name = sha256(data).hexdigest()[:16] + _EXTENSIONS[media_type][0]
    return Picture(name, media_type, width, height, data)


class _UnprintableError(ValueError):
    """Why a picture cannot be printed; its text goes on after the picture's name."""


def _media_type(data: bytes, path: str) -> MediaType:
    if not data:
        raise _UnprintableError("is empty")
    if len(data) > LARGEST:
        raise _UnprintableError(f"has {len(data):,} bytes, the most is {LARGEST:,}; make it smaller")
    media_type = _by_content(data)
    extension = PurePosixPath(path).suffix.lower()
    if extension not in _EXTENSIONS[media_type]:
        ending = _EXTENSIONS[media_type][0]
        raise _UnprintableError(f"is in truth a {_kind(media_type)}; rename it so that it ends in {ending}")
    return media_type


def _kind(media_type: MediaType) -> str:
    return media_type.removeprefix("image/").removesuffix("+xml").upper()


def _by_content(data: bytes) -> MediaType:
    for start, media_type in _STARTS.items():
        if data.startswith(start):
            return media_type
    if data.lstrip().startswith(_SVG_STARTS):
        return "image/svg+xml"
    foreign = next((kind for start, kind in _FOREIGN.items() if data.startswith(start)), "no picture")
    if data[4:8] == b"ftyp":
        foreign = "a HEIC or AVIF picture"
    raise _UnprintableError(f"is {foreign}; save it as {_KINDS}")


def _size(data: bytes, media_type: MediaType) -> tuple[float, float]:
    if media_type == "image/svg+xml":
        width, height = svg.size(data, _check_inner)
        if max(width, height) > LONGEST_SIDE:
            raise _UnprintableError(f"is {max(width, height):,.0f} pixels long, the most is {LONGEST_SIDE:,}")
        return width, height
    return _raster_size(data, media_type)


def _check_inner(encoded: str) -> None:
    """A picture inside an SVG is held to the same limits."""
    try:
        data = b64decode(encoded)
        _raster_size(data, _by_content(data))
    except (Base64Error, _UnprintableError) as error:
        raise _UnprintableError(f"holds a picture that {error}") from error


def _raster_size(data: bytes, media_type: MediaType) -> tuple[int, int]:
    import warnings

    from PIL import Image

    try:
        with warnings.catch_warnings(), _whole():
            warnings.simplefilter("ignore")  # of metadata: what counts is whether it can be drawn
            with Image.open(BytesIO(data), formats=[_kind(media_type)]) as image:
                _check_dimensions(image)
                image.load()
                return image.size
    except _UnprintableError:
        raise
    except Image.DecompressionBombError as error:
        raise _UnprintableError(f"has more than {MOST_PIXELS:,} pixels; make it smaller") from error
    except Exception as error:  # Pillow has a dozen kinds for a file that ends early or lies about itself
        raise _UnprintableError("is damaged or cut off; save or copy it again") from error


@contextmanager
def _whole() -> Iterator[None]:
    """Loads whole pictures only: WeasyPrint, once imported, has Pillow make do with those that are cut off."""
    from PIL import ImageFile

    lenient = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient


def _check_dimensions(image: Image) -> None:
    """Refuse by the header alone, before there is any memory for the pixels."""
    width, height = image.size
    if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS:
        raise _UnprintableError(
            f"has {width:,} × {height:,} pixels, the most is {MOST_PIXELS:,} in all and {LONGEST_SIDE:,} a side; "
            "make it smaller"
        )
    if image.getexif().get(_ORIENTATION, 1) != 1:
        raise _UnprintableError(
            "is stored lying and only marked to be turned (EXIF), which Word does not heed; "
            "turn it in an image editor and save it"
        )


@lru_cache(maxsize=64)
def raster(picture: Picture, width_px: int) -> bytes:
    """An SVG picture as PNG bytes of the given width, or less where that would be too many pixels.

    Raises ValueError for any other picture.
    """
    if picture.media_type != "image/svg+xml":
        raise ValueError(f"{picture.name} is no SVG")
    from pypdfium2 import PdfDocument

    ratio = picture.height / picture.width
    width = min(width_px, int((_MOST_RASTER_PIXELS / ratio) ** 0.5), int(LONGEST_SIDE / ratio))
    document = PdfDocument(_pdf(picture))
    try:
        page = document[0]
        image = page.render(scale=max(width, 1) / page.get_width()).to_pil()
    finally:
        document.close()
    out = BytesIO()
    image.convert("RGB").save(out, "PNG", compress_level=9)
    return out.getvalue()


def _pdf(picture: Picture) -> bytes:
    """The picture as the one thing on a page of its own size."""
    with found_by_name():
        from weasyprint import CSS, HTML
        from weasyprint.urls import URLFetcher

    fonts = _fonts()

    size = f"{picture.width:.3f}px {picture.height:.3f}px"
    style = f"@page {{ size: {size}; margin: 0 }} body {{ margin: 0 }} img {{ display: block; width: 100% }}"
    html = f'<img src="data:image/svg+xml;base64,{b64encode(picture.data).decode()}" alt="">'
    page = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=["data"]))
    pdf: bytes = page.write_pdf(stylesheets=[CSS(string=style, font_config=fonts)], font_config=fonts)
    return pdf


@cache
def _fonts() -> FontConfiguration:
    """What fonts there are, which takes longer to find out than to draw a small picture."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()
