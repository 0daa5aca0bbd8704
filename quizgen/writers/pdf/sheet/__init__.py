"""The answer sheet: what is asked for, where it stands, how it is drawn, and what reads it back."""

from quizgen.writers.pdf.sheet.asked import Asked, asked
from quizgen.writers.pdf.sheet.compose import digits_fit, sheet
from quizgen.writers.pdf.sheet.drawing import drawing
from quizgen.writers.pdf.sheet.geometry import Sheet
from quizgen.writers.pdf.sheet.layout import digest, layout_json
from quizgen.writers.pdf.sheet.united import differences, united

__all__ = [
    "Asked",
    "Sheet",
    "asked",
    "differences",
    "digest",
    "digits_fit",
    "drawing",
    "layout_json",
    "sheet",
    "united",
]
