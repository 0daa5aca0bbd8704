"""Formulas in LaTeX notation: what is wrong with one, and one as MathML and as a drawing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as a self-contained SVG; measures in the unit of the size asked for.

    `depth` is how far it reaches below the baseline: `vertical-align: -depth`.
    """

    svg: str
    width: float
    height: float
    depth: float


def fault(latex: str) -> str | None:
    """What is wrong with a formula, in the author's words; None when it can be printed."""
    raise NotImplementedError(latex)


def mathml(latex: str, *, display: bool = False) -> str:
    """A formula as MathML."""
    raise NotImplementedError(latex, display)


def svg(latex: str, size: float, *, display: bool = False) -> Formula:
    """A formula as a drawing in letters of the given size."""
    raise NotImplementedError(latex, size, display)
