"""A chart of lines over two logarithmic scales, as SVG; readable on light and on dark pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

_WIDTH, _HEIGHT = 820, 420
_LEFT, _TOP, _RIGHT, _BOTTOM = 70, 20, 230, 50
_COLOURS = ("#1f83c6", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#3f9fd8", "#8f6fd0", "#808080")
_STYLE = """\
svg { font: 13px sans-serif }
.page { fill: #fff } text { fill: #24292f } .grid { stroke: #d8dee4 }
@media (prefers-color-scheme: dark) { .page { fill: #0d1117 } text { fill: #e6edf3 } .grid { stroke: #30363d } }
"""


@dataclass(frozen=True, slots=True)
class Point:
    """A size and what it took; reckoned points are drawn hollow, with a dashed line to them."""

    x: float
    y: float
    is_reckoned: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """Points from left to right under one name."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    """Powers of ten between two places."""

    least: int
    most: int
    start: float
    end: float

    def at(self, value: float) -> float:
        return self.start + (self.end - self.start) * (log10(value) - self.least) / (self.most - self.least)

    @property
    def marks(self) -> Iterator[tuple[float, str]]:
        for power in range(self.least, self.most + 1):
            yield self.at(10.0**power), f"{10**power:,}" if power >= 0 else f"{10.0**power:g}"


def chart(lines: Sequence[Line], across: str, up: str) -> str:
    """The lines; `across` and `up` say what the scales count."""
    points = [point for line in lines for point in line.points]
    xs = _scale([point.x for point in points], _LEFT, _WIDTH - _RIGHT)
    ys = _scale([point.y for point in points], _HEIGHT - _BOTTOM, _TOP)
    drawn = [*_grid(xs, ys), *_titles(across, up)]
    for number, line in enumerate(lines):
        drawn += [*_drawn(line, xs, ys, number), *_legend(line, number)]
    title = escape(f"{up} by {across}: {', '.join(line.name for line in lines)}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">\n'
        f"<title>{title}</title>\n<style>\n{_STYLE}</style>\n"
        f'<rect class="page" width="{_WIDTH}" height="{_HEIGHT}"/>\n' + "\n".join(drawn) + "\n</svg>\n"
    )


def _scale(values: Sequence[float], start: float, end: float) -> _Scale:
    """The powers of ten between which all values lie."""
    least, most = floor(log10(min(values))), ceil(log10(max(values)))
    return _Scale(least, max(most, least + 1), start, end)


def _grid(xs: _Scale, ys: _Scale) -> Iterator[str]:
    for x, label in xs.marks:
        yield f'<path class="grid" d="M{x:.1f} {_TOP}V{_HEIGHT - _BOTTOM}"/>'
        yield f'<text x="{x:.1f}" y="{_HEIGHT - _BOTTOM + 18}" text-anchor="middle">{label}</text>'
    for y, label in ys.marks:
        yield f'<path class="grid" d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}"/>'
        yield f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{label}</text>'


def _titles(across: str, up: str) -> Iterator[str]:
    middle = _TOP + (_HEIGHT - _TOP - _BOTTOM) / 2
    yield f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2}" y="{_HEIGHT - 10}" text-anchor="middle">{escape(across)}</text>'
    yield f'<text transform="translate(16 {middle}) rotate(-90)" text-anchor="middle">{escape(up)}</text>'


def _drawn(line: Line, xs: _Scale, ys: _Scale, number: int) -> Iterator[str]:
    colour = _COLOURS[number % len(_COLOURS)]
    places = [(xs.at(point.x), ys.at(point.y)) for point in line.points]
    for point, (x, y), (to_x, to_y) in zip(line.points[1:], places, places[1:], strict=False):
        dashes = ' stroke-dasharray="4 4"' if point.is_reckoned else ""
        yield f'<path d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}" stroke="{colour}" stroke-width="2"{dashes}/>'
    for point, (x, y) in zip(line.points, places, strict=True):
        fill = 'class="page"' if point.is_reckoned else f'fill="{colour}"'
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" stroke="{colour}" stroke-width="1.5" {fill}/>'


def _legend(line: Line, number: int) -> Iterator[str]:
    x, y = _WIDTH - _RIGHT + 14, _TOP + 14 + 20 * number
    yield f'<path d="M{x} {y - 4}h18" stroke="{_COLOURS[number % len(_COLOURS)]}" stroke-width="3"/>'
    yield f'<text x="{x + 24}" y="{y}">{escape(line.name)}</text>'
