"""YAML nodes with their places, composed from parser events with bounds on depth and on what aliases multiply to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from quizgen.problems import QuizgenError

MOST_DEPTH = 40
MOST_ALIASED = 100_000

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


@dataclass(slots=True, eq=False)
class Scalar:
    """A text with its place; `style` is None for plain, else the quote or block mark; lines and columns from 0."""

    line: int
    column: int
    value: str
    style: str | None = None
    size: int = 1


@dataclass(slots=True, eq=False)
class Sequence:
    """A list of nodes; `size` counts the nodes below it with each alias unfolded."""

    line: int
    column: int
    items: list[Node] = field(default_factory=list)
    size: int = 1


@dataclass(slots=True, eq=False)
class Mapping:
    """Keys and their values in written order, doubles included."""

    line: int
    column: int
    pairs: list[tuple[Scalar, Node]] = field(default_factory=list)
    size: int = 1


Node = Scalar | Sequence | Mapping


class ComposeError(QuizgenError):
    """YAML that parses but is refused; `line` and `column` count from 0."""

    def __init__(self, line: int, column: int, code: str, message: str) -> None:
        super().__init__(message)
        self.line, self.column, self.code = line, column, code


def compose(text: str, lines: list[str]) -> Node | None:
    """The only document of a YAML text; None when there is nothing in it.

    Raises ComposeError for what is refused, yaml.YAMLError for what is no YAML.
    """
    return _Composer(text, lines).compose()


class _Composer:
    def __init__(self, text: str, lines: list[str]) -> None:
        self.events: Iterator[yaml.Event] = yaml.parse(text, Loader=_Loader)
        self.lines = lines
        self.anchors: dict[str, Node | None] = {}
        self.unused: dict[str, yaml.Event] = {}
        self.count = 0

    def compose(self) -> Node | None:
        root: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise self._refused(
                        event,
                        "several-documents",
                        "a second `---` document begins here; write it in a file of its own",
                    )
                root = self._node(next(self.events), 0)
        if root is not None and root.size - self.count > MOST_ALIASED:
            raise ComposeError(
                root.line,
                root.column,
                "alias-bomb",
                f"the aliases unfold to {root.size:,} parts; write less by alias",
            )
        for anchor, event in self.unused.items():
            raise self._refused(
                event, "unused-anchor", f"nothing uses the anchor `&{anchor}`; a text that begins with `&` needs quotes"
            )
        return root

    def _node(self, event: yaml.Event, depth: int) -> Node:
        self.count += 1
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if depth > MOST_DEPTH:
            raise self._refused(event, "too-deep", f"lists and mappings are nested more than {MOST_DEPTH} deep here")
        anchor: str | None = getattr(event, "anchor", None)
        if anchor:
            self.anchors[anchor] = None
            # An anchor on a list or a mapping is written by intent; on a text it may be the text's own `&`.
            if isinstance(event, yaml.ScalarEvent):
                self.unused[anchor] = event
        self._refuse_tag(event)
        node: Node
        if isinstance(event, yaml.ScalarEvent):
            node = self._scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self._sequence(event, depth)
        else:
            node = self._mapping(event, depth)
        if anchor:
            self.anchors[anchor] = node
        return node

    def _alias(self, event: yaml.AliasEvent) -> Node:
        if event.anchor not in self.anchors:
            raise self._refused(
                event,
                "unknown-alias",
                f"`*{event.anchor}` names no anchor above; a text that begins with `*` needs quotes",
            )
        node = self.anchors[event.anchor]
        self.unused.pop(event.anchor, None)
        if node is None:
            raise self._refused(
                event,
                "recursive-alias",
                f"`*{event.anchor}` stands inside what it names; an alias cannot hold itself",
            )
        return node

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        line, column = _start(event)
        # "!!str 1" is a way to write a quoted text.
        style = event.style or ('"' if event.tag else None)
        value: str = event.value
        if style is None:
            rest = self._behind(event)
            comment = rest.lstrip(" \t")
            cut = comment if comment.startswith("#") and comment is not rest else ""
            value = Plain(value, cut)
        return Scalar(line, column, value, style)

    def _behind(self, event: yaml.Event) -> str:
        """What stands on the line behind a scalar."""
        end = event.end_mark
        if end is None or end.line >= len(self.lines):
            return ""
        return self.lines[end.line][end.column :]

    def _sequence(self, event: yaml.Event, depth: int) -> Sequence:
        node = Sequence(*_start(event))
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            item = self._node(event, depth + 1)
            node.items.append(item)
            node.size += item.size
        return node

    def _mapping(self, event: yaml.Event, depth: int) -> Mapping:
        node = Mapping(*_start(event))
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            if not isinstance(key, Scalar):
                raise self._refused(
                    event,
                    "key-not-text",
                    "a key has to be a text; put quotes around a text that begins with `{` or `[`",
                )
            value = self._node(next(self.events), depth + 1)
            node.pairs.append((key, value))
            node.size += 1 + value.size
        return node

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


def construct(node: Node) -> object:
    """The plain data of a node: dict, list and str; aliases share what they name, of doubled keys the first counts."""
    return _construct(node, {})


def _construct(node: Node, made: dict[int, object]) -> object:
    if isinstance(node, Scalar):
        return node.value
    if id(node) in made:
        return made[id(node)]
    data: object
    if isinstance(node, Sequence):
        data = [_construct(item, made) for item in node.items]
    else:
        data = {key.value: _construct(value, made) for key, value in reversed(node.pairs)}
        data = dict(reversed(data.items()))
    made[id(node)] = data
    return data
