"""A page's content said with fewer bytes: no idle operators, short numbers, strings of text in place of hexadecimal."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from quizgen.press.measure import UnpressableError

_MCID = re.compile(rb"<</MCID (\d+)>>")
_LONG = re.compile(rb"-?\d*\.\d{3,}")
_GLYPHS = re.compile(rb"<([0-9a-f]*)>|(-?[\d.]+(?:e-?\d+)?)")
_ESCAPED = re.compile(rb"[()\\\r]")
_ESCAPES = {b"(": rb"\(", b")": rb"\)", b"\\": rb"\\", b"\r": rb"\r"}
_ALPHA = re.compile(rb"/([aA])([\d.]+) gs")
# What need not be said again while it stays the same, and what else sets it.
_KEPT = {b"Tf": b"Tf", b"rg": b"rg", b"RG": b"RG", b"w": b"w"}
_RESETS = {b"g": b"rg", b"k": b"rg", b"sc": b"rg", b"scn": b"rg", b"G": b"RG", b"K": b"RG", b"SC": b"RG", b"SCN": b"RG"}
_STATES = (b" rg", b" RG", b" g", b" G", b" gs", b" w")
_PATHS = (b" re", b" m", b" l", b" c", b" v", b" y", b" w")
# What holds where a page begins.
_BEGINNING = {b"rg": b"0 0 0 rg", b"RG": b"0 0 0 RG", b"w": b"1 w", b"a": b"1", b"A": b"1"}
_STRAY = 4.0  # thousandths by which a letter may stand elsewhere when all distances in a line are made alike
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
    those of marks by what they were: those that mark nothing are left out, and those that go on with another.
    """

    template: bytes
    hidden: tuple[int, ...]
    numbers: Mapping[int, int]


def concise(stream: bytes, following: Mapping[int, int], kept: Collection[int] | None = None) -> Content:
    """A page's content; raises UnpressableError for one that is put together otherwise than usual.

    `following` tells of a mark which one it follows in the structure: side by side, they become one. Marks that are
    `kept` stay although their text was cut away, and are then all that is hidden.
    """
    tree = _tree(stream, kept or ())
    _join(tree, following, frozenset(_hidden(tree)))
    marks = [part.number for part in _marks(tree)]
    hidden = frozenset(_hidden(tree)).intersection(marks if kept is None else kept)
    numbers = {old: new for new, old in enumerate(marks)}
    lines = [*_texts_joined(_flat(tree, dict(_BEGINNING), hidden))]
    if len(lines) < 2 or not _OUTER.fullmatch(lines[0]) or lines[1] != _PIXELS:
        raise UnpressableError("a page's content does not begin as usual")
    return Content(b"\n".join(lines[2:]), tuple(numbers[old] for old in marks if old in hidden), numbers)


def shown(glyphs: bytes, size: float = 0) -> bytes:
    """The operators that show glyphs, of an array of hexadecimal strings and distances: these in whole thousandths.

    Where the size is known, those that are alike between all letters of a line are said once.
    """
    parts = [(code, float(distance or 0)) for code, distance in _GLYPHS.findall(glyphs)]
    if size and (even := _even(parts)):
        codes = bytes.fromhex(b"".join([code for code, _ in parts]).decode())
        return b"%b Tc\n%b Tj\n0 Tc" % (number(-even / 1000 * size, 4), _string(codes))
    done, exact, said, string = list[bytes](), 0.0, 0, b""
    for code, distance in parts:
        exact += distance
        if not code:
            continue
        if step := round(exact - said):  # what rounding left over goes into the next distance
            done += [_string(string)] * bool(string) + [b"%d" % step]
            string, said = b"", said + step
        string += bytes.fromhex(code.decode())
    done += [_string(string)] * bool(string)
    return b"%b Tj" % done[0] if len(done) == 1 else b"[%b] TJ" % b"".join(done)


def _even(parts: Sequence[tuple[bytes, float]]) -> float:
    """The distance between letters where it is nearly the same everywhere; otherwise 0."""
    places: list[float] = []
    exact = 0.0
    for code, distance in parts:
        exact += distance
        places += [exact] * (len(code) // 4)
    if len(places) < 4 or places[0]:
        return 0
    even = places[-1] / (len(places) - 1)
    return even if max(abs(place - even * at) for at, place in enumerate(places)) < _STRAY else 0


def _string(codes: bytes) -> bytes:
    return b"(%b)" % _ESCAPED.sub(lambda found: _ESCAPES[found[0]], codes)


def _tree(stream: bytes, kept: Collection[int]) -> _Group:
    """The operators in groups; without empty texts, and marks that hold nothing else unless they are kept."""
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
            case b"EMC" if (mark := _idle(parts)) is not None:
                begun = parts.index(mark)
                states = [part for part in parts[begun + 1 :] if part != _NOTHING]
                parts[begun:] = [*states, mark, line] if mark.number in kept else states
            case b"":
                pass
            case _:
                parts.append(line)
    if len(stack) != 1:
        raise UnpressableError("a page's content is not balanced")
    return stack[0]


def _idle(parts: Sequence[_Group | _Mark | bytes]) -> _Mark | None:
    """The mark that begins last, where behind it stands an empty text and nothing else that is drawn."""
    if not parts or parts[-1] != _NOTHING:
        return None
    for part in reversed(parts):
        if isinstance(part, _Mark):
            return part
        if isinstance(part, _Group) or not (part == _NOTHING or part.endswith(_STATES)):
            return None
    return None


def _close(stack: list[_Group]) -> None:
    """End a group: one within it that comes last is ended with it."""
    if len(stack) < 2:
        raise UnpressableError("a page's content is not balanced")
    group = stack.pop()
    if group.parts and isinstance(last := group.parts[-1], _Group):
        group.parts[-1:] = last.parts
    if all(isinstance(part, _Mark) or part == b"EMC" for part in group.parts):
        stack[-1].parts += group.parts
    else:
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


def _join(group: _Group, following: Mapping[int, int], hidden: frozenset[int]) -> None:
    """Make one mark of those that follow each other, in the content as well as in the structure."""
    done: list[_Group | _Mark | bytes] = []
    open_: list[int] = []
    closed = -1
    for part in group.parts:
        if isinstance(part, _Group):
            _join(part, following, hidden)
        elif isinstance(part, _Mark):
            one = following.get(part.number, -2)
            if done and done[-1] == b"EMC" and one == closed and not {one, part.number} & hidden:
                done.pop()
                open_.append(part.number)
                continue
            open_.append(part.number)
        elif part == b"EMC":
            closed = open_.pop() if open_ else -1
        elif part.endswith((b" BMC", b" BDC")):
            open_.append(-1)
        done.append(part)
    group.parts = done


def _texts_joined(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines in which texts that follow each other are one, and say how far from one to the next."""
    ended, place = False, (0.0, 0.0)
    for line in lines:
        if ended:
            ended = False
            if line == b"BT":
                continue
            yield b"ET"
            place = (0.0, 0.0)
        if line == b"ET":
            ended = True
        elif line.startswith(b"1 0 0 -1 ") and line.endswith(b" Tm"):
            x, y = map(float, line.split(b" ")[4:6])
            yield b"%b %b Td" % (number(x - place[0]), number(place[1] - y, 3)) if any(place) else line
            place = x, y
        else:
            if line.endswith(b" Tm"):
                place = (0.0, 0.0)
            yield line
    if ended:
        yield b"ET"


def _flat(group: _Group, state: dict[bytes, bytes], hidden: frozenset[int]) -> Iterator[bytes]:
    """The lines of a group; `state` is what has been said already."""
    parts = group.parts
    for place, part in enumerate(parts):
        if isinstance(part, _Mark):
            yield b"%b<</MCID %%d>>BDC%b" % (part.tag, b"%b" if part.number in hidden else b"")
        elif not isinstance(part, _Group):
            if part != _NOTHING and _says_something(part, state):
                yield _line(part, state)
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
        if alpha:
            line = b"%g" % float(alpha[2])
        else:
            state.clear()
    state.pop(_RESETS.get(operator, b""), None)
    if key and state.get(key) == line:
        return False
    if key:
        state[key] = line
    return True


def _line(line: bytes, state: Mapping[bytes, bytes]) -> bytes:
    if line.endswith(b" TJ"):
        size = float(state[b"Tf"].split(b" ")[1]) if b"Tf" in state else 0.0
        return shown(line[:-3], size).replace(b"%", b"%%")
    if line.endswith(b" Tm"):
        *matrix, x, y, _ = line.split(b" ")
        return b" ".join([*matrix, number(float(x)), number(float(y), 3), b"Tm"])
    if line.endswith((*_PATHS, b" Tf")):
        return _LONG.sub(lambda found: number(float(found[0]), 3), line)
    return line.replace(b"%", b"%%")


def number(value: float, places: int = 2) -> bytes:
    """A number as short as it can be."""
    return b"%d" % value if value == int(value) else (f"{value:.{places}f}".rstrip("0").rstrip(".") or "0").encode()
