"""Drawings in SVG's notation as PDF operators: paths of rectangles, lines and ellipses, colours, squares of codes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_N = r"(-?[\d.]+)"
_RECTANGLE = re.compile(rf"{_N} {_N}h{_N}v{_N}h-?[\d.]+z")
_LINE = re.compile(rf"{_N} {_N}h{_N}")
_ELLIPSE = re.compile(rf"{_N} {_N}a({_N} {_N}) 0 1 0 [\d.]+ 0a[\d.]+ [\d.]+ 0 1 0 -[\d.]+ 0z")
_KAPPA = 0.5522847498  # of a radius: where the handles of a quarter of an ellipse end
_DARK = re.compile(rb"\0+")


def drawn(d: str, paint: str) -> str:
    """The operators that draw a path; raises ValueError for anything but rectangles, level lines, upright ellipses.

    Ellipses of one size are drawn one by one, each as far from the one before as it stands: that takes the least time.
    """
    first, *parts = d.split("M")
    if first or not parts:
        raise ValueError(f"a path of another kind: {first[:20]}")
    if "a" in parts[0]:
        return _ellipses(parts, paint)
    return "".join(map(_straight, parts)) + paint + "\n"


@lru_cache(maxsize=4096)
def _straight(part: str) -> str:
    if found := _RECTANGLE.fullmatch(part):
        x, y, width, height = found.groups()
        return f"{x} {y} {width} {height} re\n"
    if found := _LINE.fullmatch(part):
        x, y, length = found.groups()
        return f"{x} {y} m {float(x) + float(length):g} {y} l\n"
    raise ValueError(f"a path of another kind: {part[:20]}")


def _ellipses(parts: Sequence[str], paint: str) -> str:
    before_x = before_y = 0.0
    done = ["q\n"]
    for part in parts:
        x, y, radii = _ellipse(part)
        done.append(f"1 0 0 1 {x - before_x:.3f} {y - before_y:.3f} cm\n{_outline(radii)}{paint}\n")
        before_x, before_y = x, y
    return "".join([*done, "Q\n"])


@lru_cache(maxsize=4096)
def _ellipse(part: str) -> tuple[float, float, str]:
    """An ellipse's left edge and middle, and its radii."""
    found = _ELLIPSE.fullmatch(part)
    if found is None:
        raise ValueError(f"a path of another kind: {part[:20]}")
    return float(found[1]), float(found[2]), found[3]


@lru_cache(maxsize=64)
def _outline(radii: str) -> str:
    """An ellipse whose left edge is the origin."""
    rx, ry = map(float, radii.split())
    u, v = rx * _KAPPA, ry * _KAPPA
    return (
        "0 0 m\n"
        f"0 {v:.3f} {rx - u:.3f} {ry:g} {rx:g} {ry:g} c\n"
        f"{rx + u:.3f} {ry:g} {2 * rx:g} {v:.3f} {2 * rx:g} 0 c\n"
        f"{2 * rx:g} {-v:.3f} {rx + u:.3f} {-ry:g} {rx:g} {-ry:g} c\n"
        f"{rx - u:.3f} {-ry:g} 0 {-v:.3f} 0 0 c\n"
        "h\n"
    )


@lru_cache
def colour(name: str) -> str:
    """The red, green and blue of #rgb."""
    return " ".join(f"{int(digit, 16) / 15:.6g}" for digit in name.removeprefix("#"))


def squares(count: int, found: bytes, hair: str) -> str:
    """Dark squares (0) of so many in a line, each of side 1; those beside each other as one, `hair` high."""
    known = _runs(count, hair)
    lines = b"\1".join([found[start : start + count] for start in range(0, len(found), count)])
    return "".join([known[run.span()] for run in _DARK.finditer(lines)])


class _Runs(dict[tuple[int, int], str]):
    """A rectangle for each run of squares, by its start and end among lines that one light square follows each."""

    def __init__(self, count: int, hair: str) -> None:
        self._step, self._hair = count + 1, hair

    def __missing__(self, span: tuple[int, int]) -> str:
        row, column = divmod(span[0], self._step)
        self[span] = f"{column} {row} {span[1] - span[0]} {self._hair} re\n"
        return self[span]


@lru_cache(maxsize=16)
def _runs(count: int, hair: str) -> _Runs:
    return _Runs(count, hair)
