"""What a sheet's drawing is made of, in millimetres: paths and words; and how SVG says them."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import escape

FONT = "BIZ UDGothic,Noto Sans Mono CJK JP,monospace"


@dataclass(frozen=True, slots=True)
class Path:
    """A path in SVG's notation, filled, or drawn as a line of that width."""

    d: str
    fill: str = "none"
    stroke: str = ""
    width: float = 0

    @property
    def svg(self) -> str:
        """The path as SVG."""
        stroke = f' stroke="{self.stroke}" stroke-width="{self.width:g}"' if self.stroke else ""
        return f'<path d="{self.d}" fill="{self.fill}"{stroke}/>'


@dataclass(frozen=True, slots=True)
class Words:
    """Words on a line at `y`: `x` is where they begin, or where each of their letters does."""

    text: str
    x: str
    y: float
    size: float
    fill: str = "#000"

    @property
    def svg(self) -> str:
        """The words as SVG."""
        font = f'font-family="{FONT}" font-size="{self.size:g}" fill="{self.fill}"'
        return f'<text x="{self.x}" y="{self.y:.2f}" {font}>{escape(self.text)}</text>'


Shape = Path | Words
