"""Figures as people write them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

_LONGEST = 6  # signs of a decimal; a number with more is shown as a fraction


def number(value: Decimal | Fraction | int) -> str:
    """A number as people write it: 2, 2.5, 4/3."""
    exact = Fraction(value)
    if exact.denominator == 1:
        return str(exact.numerator)
    decimal = Decimal(exact.numerator) / Decimal(exact.denominator)
    written = f"{decimal:f}"
    return written if Fraction(decimal) == exact and len(written) <= _LONGEST else str(exact)
