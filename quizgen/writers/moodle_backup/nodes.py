"""Elements of a backup's documents, as Moodle writes them: fields as child elements, nothing as a word of its own."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, tostring

_HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n'
NOTHING = "$@NULL@$"
# The format with versions of questions, which every Moodle since 4.0 reads; and its date, since a build has none.
VERSION = 2022041900
RELEASE = "4.0"
DATE = 1650326400

# What XML 1.0 cannot hold, and lone surrogates, which UTF-8 cannot.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Value = str | int | None


def node(tag: str, *children: Element, id_: int | None = None, **fields: Value) -> Element:
    """An element with the id `id_`, its fields first and then its children."""
    element = Element(tag, {} if id_ is None else {"id": str(id_)})
    for name, value in fields.items():
        SubElement(element, name).text = NOTHING if value is None else _FORBIDDEN.sub("", str(value))
    element.extend(children)
    return element


def document(root: Element) -> bytes:
    """The element as a file, which Moodle knows by its first line, letter by letter."""
    text: str = tostring(root, encoding="unicode")
    return _HEAD + text.encode()
