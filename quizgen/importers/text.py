"""Text from elsewhere: bytes in any encoding that schools have, as characters that YAML can hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.importers.imported import Note
from quizgen.problems import Position, Problem, ProblemsError

# What a YAML file of ours cannot hold, or no format can print; a line's end in any writing is kept as one.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028]")
_KANA = re.compile("[ぁ-んァ-ヶー]")
_MOST_NOTES = 20


def decoded(name: str, data: bytes) -> tuple[str, tuple[Note, ...]]:
    """The text of a file with `\\n` at the lines' ends, and notes on its encoding and on characters left out.

    Raises ProblemsError when the bytes are in no encoding that can be told.
    """
    encoding = _encoding(data)
    if encoding is None:
        message = "the file is no text that can be read; save it as UTF-8"
        raise ProblemsError([Problem(Position(name), "encoding", message)])
    # A form feed parts pages and says nothing else.
    text = one_line_end(data.decode(encoding).removeprefix("\ufeff").replace("\f", " "))
    notes = tuple(_notes(name, text, encoding))
    return UNPRINTABLE.sub("", text) if notes else text, notes


def one_line_end(text: str) -> str:
    """A text with `\\n` for every kind of line's end, and an empty line for a paragraph's."""
    return _LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n")


def cleaned(text: str) -> str:
    """A text as it can stand in YAML: no control characters, no blank lines around it, no blanks at its end."""
    return re.sub(r"\A(?:[ \t　]*\n)+", "", UNPRINTABLE.sub("", one_line_end(text))).rstrip()


def _encoding(data: bytes) -> str | None:
    """UTF-8, UTF-16 with its mark, or that of the two old Japanese encodings which makes more kana."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _first_that_decodes(data, ("utf-16",))
    if b"\0" in data or _decodes(data, "utf-8"):
        return _first_that_decodes(data, ("utf-8",))
    old = [encoding for encoding in ("cp932", "euc_jp") if _decodes(data, encoding)]
    return max(old, key=lambda encoding: len(_KANA.findall(data.decode(encoding))), default=None)


def _first_that_decodes(data: bytes, encodings: tuple[str, ...]) -> str | None:
    return next((encoding for encoding in encodings if _decodes(data, encoding)), None)


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _notes(name: str, text: str, encoding: str) -> Iterator[Note]:
    if encoding != "utf-8":
        spoken = {"cp932": "Shift_JIS", "euc_jp": "EUC-JP", "utf-16": "UTF-16"}[encoding]
        yield Note(Position(name), "encoding", f"the file is in {spoken}; it was read as such", repaired=True)
    line, start = 1, 0
    for count, match in enumerate(UNPRINTABLE.finditer(text)):
        if count == _MOST_NOTES:
            message = "more invisible control characters follow; all are left out"
            yield Note(Position(name), "control-character", message, repaired=True)
            return
        line += text.count("\n", start, match.start())
        start = match.start()
        column = start - text.rfind("\n", 0, start)
        message = f"the invisible control character U+{ord(match[0]):04X} is left out"
        yield Note(Position(name, line, column), "control-character", message, repaired=True)
