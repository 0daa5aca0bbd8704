"""The parts of an Office file, a ZIP archive of XML: read in bounded memory, whatever the archive says of itself."""

from __future__ import annotations

import posixpath
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from quizgen.problems import Position, Problem, ProblemsError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LARGEST_FILE = 100_000_000  # bytes
LARGEST = 400_000_000  # bytes of all parts together, unpacked
LARGEST_XML = 100_000_000
MOST_PARTS = 10_000
MOST_ELEMENTS = 2_000_000
MOST_ELEMENTS_AT_ONCE = 500_000  # of a part that is held in memory as a whole
DEEPEST = 200

_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office files before 2007, and those with a password


@dataclass(frozen=True, slots=True)
class Link:
    """A relationship of a part to another one, or to something outside the file."""

    kind: str
    target: str
    outside: bool


class Archive:
    """An Office file; every method raises ProblemsError when what it reads is broken or too large."""

    def __init__(self, name: str, data: bytes, program: str) -> None:
        """Look at the list of the parts; `program` is what a user saves such a file with."""
        self.name = name
        self.program = program
        if len(data) > LARGEST_FILE:
            self._too_large(f"it has {len(data):,} bytes, the most is {LARGEST_FILE:,}")
        if data.count(_ENTRY) > MOST_PARTS:
            self._too_large(f"it has more than {MOST_PARTS:,} parts")
        try:
            self._zip = ZipFile(BytesIO(data))
        except (BadZipFile, ValueError, OSError, NotImplementedError) as error:
            self._damaged(str(error), error)
        self._parts = {info.filename.lower(): info for info in self._zip.infolist()}
        declared = sum(info.file_size for info in self._zip.infolist())
        if declared > LARGEST:
            self._too_large(f"it unpacks to {declared:,} bytes, the most is {LARGEST:,}")

    def __contains__(self, part: str) -> bool:
        """Whether there is such a part; case does not matter, as Office has it."""
        return part.lower() in self._parts

    def names(self, start: str) -> tuple[str, ...]:
        """The names of the parts that begin so."""
        return tuple(info.filename for name, info in self._parts.items() if name.startswith(start.lower()))

    def read(self, part: str, largest: int = LARGEST_XML) -> bytes:
        """The bytes of a part."""
        info = self._parts.get(part.lower())
        if info is None:
            self._damaged(f"its part {part} is missing")
        self._check(info, largest)
        try:
            with self._zip.open(info) as stream:
                data = stream.read(largest + 1)
        except (BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
            self._damaged(f"its part {part} cannot be unpacked", error)
        if len(data) > largest:
            self._too_large(f"its part {part} unpacks to more than {largest:,} bytes")
        return data

    def _check(self, info: ZipInfo, largest: int) -> None:
        if info.flag_bits & _ENCRYPTED:
            self._problem("password", f"it is protected by a password; save it without one in {self.program}")
        if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            self._damaged(f"its part {info.filename} is packed in a way that Office does not use")
        if info.file_size > largest:
            self._too_large(f"its part {info.filename} has {info.file_size:,} bytes, the most is {largest:,}")

    def tree(self, part: str) -> Element:
        """The XML of a part, as a whole."""
        root = None
        for event, element in self.stream(part, MOST_ELEMENTS_AT_ONCE):
            if event == "start" and root is None:
                root = element
        if root is None:
            self._damaged(f"its part {part} is empty")
        return root

    def stream(self, part: str, most: int = MOST_ELEMENTS) -> Iterator[tuple[str, Element]]:
        """The starts and ends of a part's elements; who reads clears those that are done with."""
        from xml.etree.ElementTree import ParseError

        from defusedxml import DefusedXmlException, ElementTree

        depth = count = 0
        data = BytesIO(self.read(part))
        try:
            for event, element in ElementTree.iterparse(data, ("start", "end"), forbid_dtd=True):
                depth += 1 if event == "start" else -1
                count += event == "start"
                if count > most or depth > DEEPEST:
                    self._too_large(f"its part {part} has more than {most:,} elements, or {DEEPEST} levels")
                yield event, element
        except DefusedXmlException as error:
            message = f"its part {part} declares entities, as no program that saves such files does; it is not read"
            self._problem("hostile", message, error)
        except (ParseError, ValueError, LookupError) as error:
            self._damaged(f"its part {part} is no well-formed XML: {error}", error)

    def links(self, part: str) -> Mapping[str, Link]:
        """What a part refers to, by the ids that its XML uses."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if path not in self:
            return {}
        found = {}
        for element in self.tree(path):
            outside = element.get("TargetMode") == "External"
            target = element.get("Target", "")
            kind = element.get("Type", "").rpartition("/")[2]
            found[element.get("Id", "")] = Link(kind, target if outside else _inside(folder, target), outside)
        return found

    def main(self, fallback: str) -> str:
        """The name of the part that all begins with."""
        links = self.links("").values()
        return next((link.target for link in links if link.kind == "officeDocument" and not link.outside), fallback)

    def _damaged(self, why: str, cause: Exception | None = None) -> NoReturn:
        self._problem("damaged", f"{why}; open it in {self.program} and save it again", cause)

    def _too_large(self, why: str) -> NoReturn:
        self._problem("too-large", f"{why}; save what is to be imported in a file of its own")

    def _problem(self, code: str, why: str, cause: Exception | None = None) -> NoReturn:
        message = f"the file cannot be read: {why}"
        raise ProblemsError([Problem(Position(self.name), code, message)]) from cause


def _inside(folder: str, target: str) -> str:
    """The part that a relationship means; a path that leads out of the archive ends at its root."""
    return posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")


def local(name: str) -> str:
    """A tag's or an attribute's name without its namespace, of which Office has two for everything."""
    return name.rpartition("}")[2]


def attributes(element: Element) -> dict[str, str]:
    """An element's attributes by their local names."""
    return {local(name): value for name, value in element.attrib.items()}


def children(element: Element, name: str) -> list[Element]:
    """The children of a name."""
    return [child for child in element if local(child.tag) == name]


def child(element: Element | None, *path: str) -> Element | None:
    """The first child of a name, the first child of that one, and so on; None where there is none."""
    for name in path:
        element = next(iter(children(element, name)), None) if element is not None else None
    return element


def refuse_old(name: str, data: bytes, program: str, extension: str) -> None:
    """Raise ProblemsError for a file from before 2007 or with a password, which is no ZIP archive."""
    if not data.startswith(_OLE):
        return
    if "EncryptedPackage".encode("utf-16-le") in data:
        code, why = "password", f"it is protected by a password; save it without one in {program}"
    else:
        code, why = "old-format", f"it has the format from before 2007; save it as {extension} in {program}"
    raise ProblemsError([Problem(Position(name), code, f"the file cannot be read: {why}")])


def is_old(data: bytes, stream: str) -> bool:
    """Whether a file is of the old kind and holds a stream of that name, or is one with a password."""
    names = (stream.encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le"))
    return data.startswith(_OLE) and any(name in data for name in names)


def holds(data: bytes, part: str) -> bool:
    """Whether a file is a ZIP archive with a part of this name, told by looking for the name alone."""
    return data.startswith(b"PK\x03\x04") and part.encode() in data
