"""A page's content said with fewer bytes: no idle operators, short numbers, strings of text in place of hexadecimal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from quizgen.press.measure import UnpressableError

_MCID = re.compile(rb"<</MCID (\d+)>>")
_LONG = re.compile(rb"-?\d*\.\d{3,}")
_GLYPHS = re.compile(rb"<([0-9a-f]*)>|(-?[\d.]+(?:e-?\d+)?)")
_ESCAPED = re.compile(rb"[()\\\r]")
_ESCAPES = {b"(": rb"\(", b")": rb"\)", b"\\": rb"\\", b"\r": rb"\r"}
_ALPHA = re.compile(rb"/([aA])[\d.]+ gs")
# What need not be said again while it stays the same, and what else sets it.
_KEPT = {b"Tf": b"Tf", b"rg": b"rg", b"RG": b"RG", b"w": b"w"}
_RESETS = {b"g": b"rg", b"k": b"rg", b"sc": b"rg", b"scn": b"rg", b"G": b"RG", b"K": b"RG", b"SC": b"RG", b"SCN": b"RG"}
_PATHS = (b" re", b" m", b" l", b" c", b" v", b" y", b" w")
_OUTER = re.compile(rb"1 0 0 -1 0 [\d.]+ cm")
_PIXELS = b"0.75 0 0 0.75 0 0 cm"


@dataclass(frozen=True, slots=True)
class _Mark:
    """The beginning of marked content of the structure: its tag and its number."""

    tag: bytes
    number: int


@dataclass(slots=True)
class _Group:
    """What stands between q and Q."""

    parts: list[_Group | _Mark | bytes] = field(default_factory=list)


_NOTHING = b""  # where an empty text stood


@dataclass(frozen=True, slots=True)
class Content:
    """A page's content in pixels from its top left corner, as a template.

    `%d` stands for the number of each mark, `%b` after that of each mark in `hidden` for what it says; `numbers` are
    those of marks by what they were: those that mark nothing are left out.
    """

    template: bytes
    hidden: tuple[int, ...]
    numbers: Mapping[int, int]


def concise(stream: bytes) -> Content:
    """A page's content; raises UnpressableError for one that is put together otherwise than usual."""
    tree = _tree(stream)
    marks = [part.number for part in _marks(tree)]
    hidden = frozenset(_hidden(tree))
    numbers = {old: new for new, old in enumerate(marks)}
    lines = [*_flat(tree, {}, hidden)]
    if len(lines) < 2 or not _OUTER.fullmatch(lines[0]) or lines[1] != _PIXELS:
        raise UnpressableError("a page's content does not begin as usual")
    return Content(b"\n".join(lines[2:]), tuple(numbers[old] for old in marks if old in hidden), numbers)


def shown(glyphs: bytes) -> bytes:
    """The operator that shows glyphs, of an array of hexadecimal strings and distances: these in whole thousandths."""
    done, exact, said, string = [], 0.0, 0, b""
    for code, distance in _GLYPHS.findall(glyphs):
        exact += float(distance or 0)
        if not code:
            continue
        if step := round(exact - said):  # what rounding left over goes into the next distance
            done += [_string(string)] * bool(string) + [b"%d" % step]
            string, said = b"", said + step
        string += bytes.fromhex(code.decode())
    done += [_string(string)] * bool(string)
    return b"%b Tj" % done[0] if len(done) == 1 else b"[%b] TJ" % b"".join(done)


def _string(codes: bytes) -> bytes:
    return b"(%b)" % _ESCAPED.sub(lambda found: _ESCAPES[found[0]], codes)


def _tree(stream: bytes) -> _Group:
    """The operators in groups; without empty texts, and marks that hold nothing else."""
    stack = [_Group()]
    for line in stream.split(b"\n"):
        parts = stack[-1].parts
        match line:
            case b"q":
                stack.append(_Group())
            case b"Q":
                _close(stack)
            case b"BMC" | b"BDC":
                _open(parts, line)
            case b"ET" if parts and parts[-1] == b"BT":
                parts[-1] = _NOTHING
            case b"EMC" if len(parts) > 1 and parts[-1] == _NOTHING and isinstance(parts[-2], _Mark):
                del parts[-2:]
            case b"":
                pass
            case _:
                parts.append(line)
    if len(stack) != 1:
        raise UnpressableError("a page's content is not balanced")
    return stack[0]


def _close(stack: list[_Group]) -> None:
    """End a group: one within it that comes last is ended with it."""
    if len(stack) < 2:
        raise UnpressableError("a page's content is not balanced")
    group = stack.pop()
    if group.parts and isinstance(last := group.parts[-1], _Group):
        group.parts[-1:] = last.parts
    if group.parts:
        stack[-1].parts.append(group)


def _open(parts: list[_Group | _Mark | bytes], operator: bytes) -> None:
    """Join the beginning of marked content with its tag and properties, which stand in lines of their own."""
    operands: list[bytes] = []
    while parts and isinstance(last := parts[-1], bytes) and last[:1] in (b"/", b"<") and len(operands) < 2:
        operands.insert(0, last)
        parts.pop()
        if last[:1] == b"/":
            break
    found = _MCID.fullmatch(operands[-1]) if operands else None
    parts.append(_Mark(operands[0], int(found[1])) if found else b" ".join([*operands, operator]))


def _marks(group: _Group) -> Iterator[_Mark]:
    for part in group.parts:
        if isinstance(part, _Group):
            yield from _marks(part)
        elif isinstance(part, _Mark):
            yield part


def _hidden(group: _Group) -> Iterator[int]:
    """The numbers of marks behind which nothing stands."""
    for place, part in enumerate(group.parts):
        if isinstance(part, _Group):
            yield from _hidden(part)
        elif isinstance(part, _Mark) and group.parts[place + 1 : place + 2] == [b"EMC"]:
            yield part.number


def _flat(group: _Group, state: dict[bytes, bytes], hidden: frozenset[int]) -> Iterator[bytes]:
    """The lines of a group; `state` is what has been said already."""
    parts = group.parts
    for place, part in enumerate(parts):
        if isinstance(part, _Mark):
            yield b"%b<</MCID %%d>>BDC%b" % (part.tag, b"%b" if part.number in hidden else b"")
        elif not isinstance(part, _Group):
            if part != _NOTHING and _says_something(part, state):
                yield _line(part)
        elif place + 1 == len(parts):
            yield from _flat(part, state, hidden)
        else:
            yield b"q"
            yield from _flat(part, dict(state), hidden)
            yield b"Q"


def _says_something(line: bytes, state: dict[bytes, bytes]) -> bool:
    operator = line[line.rfind(b" ") + 1 :]
    key = _KEPT.get(operator, b"")
    if operator == b"gs":
        alpha = _ALPHA.fullmatch(line)
        key = alpha[1] if alpha else b""
        if not key:
            state.clear()
    state.pop(_RESETS.get(operator, b""), None)
    if key and state.get(key) == line:
        return False
    if key:
        state[key] = line
    return True


def _line(line: bytes) -> bytes:
    if line.endswith(b" TJ"):
        return shown(line[:-3]).replace(b"%", b"%%")
    if line.endswith(b" Tm"):
        *matrix, x, y, _ = line.split(b" ")
        return b" ".join([*matrix, number(float(x)), number(float(y), 3), b"Tm"])
    if line.endswith((*_PATHS, b" Tf")):
        return _LONG.sub(lambda found: number(float(found[0]), 3), line)
    return line.replace(b"%", b"%%")


def number(value: float, places: int = 2) -> bytes:
    """A number as short as it can be."""
    return b"%d" % value if value == int(value) else (f"{value:.{places}f}".rstrip("0").rstrip(".") or "0").encode()
