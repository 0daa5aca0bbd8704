"""YAML as data and places, composed from parser events with bounds on depth and on what aliases multiply to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from quizgen.problems import QuizgenError
from quizgen.source.folded import PART, Folded
from quizgen.source.places import Kind, Places

MOST_DEPTH = 40
MOST_ALIASED = 100_000

# What follows a text without quotes on its line, where it is cut off.
_COMMENT = re.compile("[ \t]+(#[^\n\r\x85\u2028\u2029]*)")

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Plain(str):
    """A scalar written without quotes; `comment` is what followed it behind ` #` on its line."""

    __slots__ = ("comment",)
    comment: str

    def __new__(cls, text: str, comment: str = "") -> Plain:
        """The text as written, and the comment that cut it off."""
        plain = super().__new__(cls, text)
        plain.comment = comment
        return plain

    def __reduce__(self) -> tuple[type[Plain], tuple[str, str]]:
        return Plain, (str(self), self.comment)


class ComposeError(QuizgenError):
    """YAML that parses but is refused; `line` and `column` count from 0."""

    def __init__(self, line: int, column: int, code: str, message: str) -> None:
        super().__init__(message)
        self.line, self.column, self.code = line, column, code


@dataclass(frozen=True, slots=True)
class Double:
    """A key that is written twice in one mapping: its name, the line of the first, and the place of the second."""

    name: str
    first_line: int
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Composed:
    """A document: its data (dict, list, str, Plain; None where it is empty), its parts' places, and doubled keys.

    Aliases share what they name; of doubled keys the first counts.
    """

    data: object
    places: Places
    doubles: tuple[Double, ...]


def compose(text: str, *, fold: bool = False) -> Composed:
    """The only document of a YAML text; lists under its keys, if they are long and it is asked for, are `Folded`.

    Raises ComposeError for what is refused, yaml.YAMLError for what is no YAML.
    """
    return _Composer(text, fold=fold).compose()


@dataclass(frozen=True, slots=True)
class _Anchored:
    """What an anchor names: its data, its number among the places, and how many parts it has with aliases unfolded."""

    data: object
    number: int
    size: int


class _Composer:
    def __init__(self, text: str, *, fold: bool) -> None:
        self.text = text
        self.fold = fold
        self.events: Iterator[yaml.Event] = yaml.parse(text, Loader=_Loader)
        self.places = Places()
        self.anchors: dict[str, _Anchored | None] = {}
        self.unused: dict[str, yaml.Event] = {}
        self.doubles: list[Double] = []
        self.keys: dict[str, Plain] = {}
        # The parts, and what they would be with each alias unfolded.
        self.count = self.unfolded = 0

    def compose(self) -> Composed:
        data: object = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if self.count:
                    raise self._refused(
                        event,
                        "several-documents",
                        "a second `---` document begins here; write it in a file of its own",
                    )
                root = next(self.events)
                data = self._node(root, 0)
                self._refuse_bomb(root)
        for anchor, event in self.unused.items():
            raise self._refused(
                event, "unused-anchor", f"nothing uses the anchor `&{anchor}`; a text that begins with `&` needs quotes"
            )
        return Composed(data, self.places, tuple(self.doubles))

    def _refuse_bomb(self, root: yaml.Event) -> None:
        if self.unfolded - self.count > MOST_ALIASED:
            raise self._refused(
                root, "alias-bomb", f"the aliases unfold to {self.unfolded:,} parts; write less by alias"
            )

    def _node(self, event: yaml.Event, depth: int) -> object:
        """The data of the part that begins with an event; its number is the next one of the places."""
        self.count += 1
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if depth > MOST_DEPTH:
            raise self._refused(event, "too-deep", f"lists and mappings are nested more than {MOST_DEPTH} deep here")
        before = self.unfolded
        self.unfolded += 1
        anchor: str | None = getattr(event, "anchor", None)
        if anchor:
            self.anchors[anchor] = None
            # An anchor on a list or a mapping is written by intent; on a text it may be the text's own `&`.
            if isinstance(event, yaml.ScalarEvent):
                self.unused[anchor] = event
        self._refuse_tag(event)
        number = self.places.add(*_start(event), _kind(event))
        data = self._data(event, number, depth)
        if anchor:
            self.anchors[anchor] = _Anchored(data, number, self.unfolded - before)
        return data

    def _data(self, event: yaml.Event, number: int, depth: int) -> object:
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        data = self._sequence(depth) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(depth)
        self.places.end(number)
        return data

    def _alias(self, event: yaml.AliasEvent) -> object:
        if event.anchor not in self.anchors:
            raise self._refused(
                event,
                "unknown-alias",
                f"`*{event.anchor}` names no anchor above; a text that begins with `*` needs quotes",
            )
        anchored = self.anchors[event.anchor]
        self.unused.pop(event.anchor, None)
        if anchored is None:
            raise self._refused(
                event,
                "recursive-alias",
                f"`*{event.anchor}` stands inside what it names; an alias cannot hold itself",
            )
        self.unfolded += anchored.size
        self.places.add_alias(anchored.number)
        return anchored.data

    def _scalar(self, event: yaml.ScalarEvent) -> str:
        value: str = event.value
        # "!!str 1" is a way to write a quoted text.
        if event.style or event.tag:
            return value
        comment = _COMMENT.match(self.text, event.end_mark.index) if event.end_mark else None
        return Plain(value, comment[1] if comment else "")

    def _sequence(self, depth: int) -> list[object] | Folded:
        items: list[object] = []
        folded = Folded()
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            if len(items) == PART and depth == 1 and self.fold:
                folded.add(items)
                items = []
            items.append(self._node(event, depth + 1))
        if not folded:
            return items
        folded.add(items)
        return folded

    def _mapping(self, depth: int) -> dict[str, object]:
        data: dict[str, object] = {}
        lines: dict[str, int] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            number = len(self.places)
            key = self._node(event, depth + 1)
            if not isinstance(key, str):
                raise self._refused(
                    event,
                    "key-not-text",
                    "a key has to be a text; put quotes around a text that begins with `{` or `[`",
                )
            self.places.make_key(number, key)
            value = self._node(next(self.events), depth + 1)
            if key in data:
                place = self.places.line(number), self.places.column(number)
                self.doubles.append(Double(key, lines[key], *place))
                continue
            lines[key] = self.places.line(number)
            data[self._shared(key)] = value
        return data

    def _shared(self, key: str) -> str:
        """The same object for the same key, of which a large bank has millions."""
        return self.keys.setdefault(key, key) if isinstance(key, Plain) and not key.comment else key

    def _refuse_tag(self, event: yaml.Event) -> None:
        tag: str | None = getattr(event, "tag", None)
        if tag and tag not in ("!", "tag:yaml.org,2002:str"):
            written = tag.replace("tag:yaml.org,2002:", "!!")
            raise self._refused(
                event,
                "tag",
                f"YAML tags such as `{written}` are not used here; put quotes around a text that begins with `!`",
            )

    @staticmethod
    def _refused(event: yaml.Event, code: str, message: str) -> ComposeError:
        return ComposeError(*_start(event), code, message)


def _start(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line, mark.column) if mark else (0, 0)


def _kind(event: yaml.Event) -> Kind:
    match event:
        case yaml.SequenceStartEvent():
            return "list"
        case yaml.MappingStartEvent():
            return "mapping"
        case yaml.ScalarEvent(style="|" | ">"):
            return "block"
        case _:
            return "text"
