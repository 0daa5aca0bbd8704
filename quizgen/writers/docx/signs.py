"""The signs of formulas: which sum, open and close, stand above a letter, and how wide spaces are."""

from __future__ import annotations

SUMS = frozenset("∑∏∐⋃⋂⋁⋀⨁⨂⨀⨄⨆")
INTEGRALS = frozenset("∫∬∭∮∯∰")
CLOSING = {
    "(": ")]",
    "[": "])",
    "{": "}",
    "⟨": "⟩",
    "⌈": "⌉",
    "⌊": "⌋",
    "⟦": "⟧",
    "|": "|",
    "‖": "‖",
}
ENDS_OPERAND = frozenset("=<>≤≥≠≈≡∼≃≅∝→⇒⇔←↔↦∈∉⊂⊆,;+−-±∓")
ACCENTS = {
    "^": "\u0302",
    "ˆ": "\u0302",
    "~": "\u0303",
    "˜": "\u0303",
    "˙": "\u0307",
    ".": "\u0307",
    "¨": "\u0308",
    "ˇ": "\u030c",
    "´": "\u0301",
    "`": "\u0300",
    "˘": "\u0306",
    "→": "\u20d7",
    "⃗": "\u20d7",
}
BARS = frozenset("¯―‾_\u0305\u0332\u2015\u00af")
BRACES = frozenset("⏞⏟⏜⏝⎴⎵")
STYLES = {
    "bold": ("", "b"),
    "italic": ("", "i"),
    "bold-italic": ("", "bi"),
    "double-struck": ("double-struck", "p"),
    "script": ("script", "p"),
    "fraktur": ("fraktur", "p"),
    "sans-serif": ("sans-serif", "p"),
    "monospace": ("monospace", "p"),
}
EMS = {"em": 1.0, "ex": 0.45, "pt": 0.1, "mm": 0.27, "cm": 2.7, "in": 6.9}
SPACES = ((0.9, "\u2003"), (0.45, "\u2002"), (0.24, "\u2005"), (0.1, "\u2009"))  # from so many em on
