"""Drawings in SVG's notation as PDF operators: paths of rectangles, lines and ellipses, colours, squares of codes."""

from __future__ import annotations

import re
from functools import lru_cache

_N = r"(-?[\d.]+)"
_PART = re.compile(
    rf"M{_N} {_N}(?:h{_N}v{_N}h-?[\d.]+z|h{_N}|a{_N} {_N} 0 1 0 [\d.]+ 0a[\d.]+ [\d.]+ 0 1 0 -[\d.]+ 0z)"
)
_KAPPA = 0.5522847498  # of a radius: where the handles of a quarter of an ellipse end
_DARK = re.compile(rb"\0+")


def path(d: str) -> str:
    """A path's operators; raises ValueError for anything but rectangles, level lines and upright ellipses."""
    done: list[str] = []
    end = 0
    for part in _PART.finditer(d):
        if part.start() != end:
            break
        end = part.end()
        x, y, width, height, length, rx, ry = part.groups()
        if width:
            done.append(f"{x} {y} {width} {height} re")
        elif length:
            done.append(f"{x} {y} m {float(x) + float(length):g} {y} l")
        else:
            done.append(_ellipse(x, y, rx, ry))
    if end != len(d):
        raise ValueError(f"a path of another kind: {d[end : end + 20]}")
    return "\n".join(done)


@lru_cache(maxsize=4096)
def _ellipse(left: str, middle: str, width: str, height: str) -> str:
    x, y, rx, ry = float(left), float(middle), float(width), float(height)
    x += rx
    u, v = rx * _KAPPA, ry * _KAPPA
    return (
        f"{x - rx:.2f} {y:.2f} m\n"
        f"{x - rx:.2f} {y + v:.3f} {x - u:.3f} {y + ry:.2f} {x:.2f} {y + ry:.2f} c\n"
        f"{x + u:.3f} {y + ry:.2f} {x + rx:.2f} {y + v:.3f} {x + rx:.2f} {y:.2f} c\n"
        f"{x + rx:.2f} {y - v:.3f} {x + u:.3f} {y - ry:.2f} {x:.2f} {y - ry:.2f} c\n"
        f"{x - u:.3f} {y - ry:.2f} {x - rx:.2f} {y - v:.3f} {x - rx:.2f} {y:.2f} c\n"
        "h"
    )


@lru_cache
def colour(name: str) -> str:
    """The red, green and blue of #rgb."""
    return " ".join(f"{int(digit, 16) / 15:.6g}" for digit in name.removeprefix("#"))


def squares(count: int, found: bytes, hair: str) -> str:
    """Dark squares (0) of so many in a line, each of side 1; those beside each other as one, `hair` high."""
    rows = [_rows(count, row, hair) for row in range(count)]
    return "".join(
        rows[row][run.span()] for row in range(count) for run in _DARK.finditer(found[row * count : (row + 1) * count])
    )


@lru_cache(maxsize=512)
def _rows(count: int, row: int, hair: str) -> dict[tuple[int, int], str]:
    """A rectangle for each run of squares in a row, by its start and end."""
    return {
        (start, end): f"{start} {row} {end - start} {hair} re\n"
        for start in range(count)
        for end in range(start + 1, count + 1)
    }
