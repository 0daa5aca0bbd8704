"""Word's equations in LaTeX notation; what has no equivalent is told, and nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING

from quizgen.importers.archive import attributes, child, children, local
from quizgen.richtext import maths

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_COMMANDS = r"""
× \times ÷ \div ± \pm ∓ \mp · \cdot ⋅ \cdot ∗ * ∘ \circ ∞ \infty ∂ \partial ∇ \nabla ∅ \emptyset ∈ \in ∉ \notin ∋ \ni
⊂ \subset ⊃ \supset ⊆ \subseteq ⊇ \supseteq ∩ \cap ∪ \cup ∧ \wedge ∨ \vee ¬ \neg ∀ \forall ∃ \exists ≤ \le ≥ \ge ≠ \ne
≈ \approx ≡ \equiv ∼ \sim ≅ \cong ∝ \propto ≪ \ll ≫ \gg → \to ← \leftarrow ↔ \leftrightarrow ⇒ \Rightarrow ⇐ \Leftarrow
⇔ \Leftrightarrow ↦ \mapsto … \ldots ⋯ \cdots ⋮ \vdots ∑ \sum ∏ \prod ∫ \int ∮ \oint ∣ \mid ∥ \parallel ⟨ \langle
⟩ \rangle ⌊ \lfloor ⌋ \rfloor ⌈ \lceil ⌉ \rceil − - ′ ' α \alpha β \beta γ \gamma δ \delta ε \varepsilon ζ \zeta η \eta
θ \theta ι \iota κ \kappa λ \lambda μ \mu ν \nu ξ \xi π \pi ρ \rho σ \sigma τ \tau υ \upsilon φ \varphi χ \chi ψ \psi
ω \omega Γ \Gamma Δ \Delta Θ \Theta Λ \Lambda Ξ \Xi Π \Pi Σ \Sigma Φ \Phi Ψ \Psi Ω \Omega % \% # \# $ \$ & \& _ \_ { \{
} \} \ \backslash ~ \sim ^ \wedge
"""
_WORDS = _COMMANDS.split()
_SIGNS = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True))
_OVER = {"\u0302": r"\hat", "\u0303": r"\tilde", "\u0304": r"\bar", "\u0305": r"\overline", "\u0307": r"\dot"}
_OVER |= {"\u0308": r"\ddot", "\u20d7": r"\vec", "\u030c": r"\check", "": r"\hat", "^": r"\hat", "~": r"\tilde"}
_FUNCTIONS = {"sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh"}
_FUNCTIONS |= {"log", "ln", "exp", "lim", "max", "min", "sup", "inf", "det", "gcd"}
_CUT_WORD = re.compile(r"(?<=[^\\{}])\}\\text\{(?=[^{}]*\})")
_TALL = re.compile(r"\\(?:d?frac|sum|prod|int|oint|sqrt|begin|binom|overline|underline)|[_^]")
_MATRICES = {("(", ")"): "pmatrix", ("[", "]"): "bmatrix", ("|", "|"): "vmatrix", ("{", ""): "cases"}
_BRACES = {"{": r"\{", "}": r"\}", "": "."}


class EquationError(ValueError):
    """What an equation has that cannot be carried."""


def latex(equation: Element) -> str:
    """An equation of Word's in LaTeX notation.

    Raises EquationError when it has a part that cannot be carried, or what comes out cannot be printed.
    """
    written = " ".join(_row(equation).split())
    if not written or maths.fault(written):
        raise EquationError(written)
    return written


def plain(equation: Element) -> str:
    """The letters and signs of an equation, without its layout."""
    return "".join(part.text or "" for part in equation.iter() if local(part.tag) == "t")


def _row(element: Element | None) -> str:
    row = "".join(map(_part, element if element is not None else ()))
    # Word cuts words up; one \\text beside another is one.
    return _CUT_WORD.sub("", row)


def _part(element: Element) -> str:
    name = local(element.tag)
    if name.endswith("Pr") or name in _NOTHING:
        return ""
    if name not in _PARTS:
        raise EquationError(name)
    return _PARTS[name](element)


def _run(element: Element) -> str:
    text = "".join(part.text or "" for part in children(element, "t"))
    if text.strip() in _FUNCTIONS:
        return rf"\{text.strip()} "
    if child(element, "rPr", "nor") is not None:
        return rf"\text{{{_words(text)}}}"
    return "".join(map(_sign, text))


def _words(text: str) -> str:
    return "".join(f"\\{letter}" if letter in "%#$&_{}" else letter for letter in text)


def _sign(letter: str) -> str:
    """A sign as its command, and letters of mathematical alphabets (𝑥) as plain ones, which are set so anyway."""
    if letter in _SIGNS:
        return _spaced(_SIGNS[letter])
    name = unicodedata.name(letter, "")
    return unicodedata.normalize("NFKC", letter) if name.startswith("MATHEMATICAL ") and "ITALIC" in name else letter


def _braced(element: Element, *path: str) -> str:
    return f"{{{_row(child(element, *path))}}}"


def _value(element: Element, name: str, default: str) -> str:
    """The value of a property; the default where there is none."""
    for properties in element:
        found = child(properties, name) if local(properties.tag).endswith("Pr") else None
        if found is not None:
            return attributes(found).get("val", "")
    return default


def _fraction(element: Element) -> str:
    kind = _value(element, "type", "bar")
    if kind == "lin":
        return f"{_row(child(element, 'num'))}/{_row(child(element, 'den'))}"
    command = r"\binom" if kind == "noBar" else r"\frac"
    return f"{command}{_braced(element, 'num')}{_braced(element, 'den')}"


def _scripts(*names: str) -> Callable[[Element], str]:
    signs = {"sub": "_", "sup": "^"}
    return lambda element: _base(element) + "".join(signs[name] + _script(element, name) for name in names)


def _base(element: Element) -> str:
    """What scripts stand at, in braces where it is more than one sign."""
    row = _row(child(element, "e")).strip()
    return row if re.fullmatch(r"[^\\{}]|\\[A-Za-z]+|\\left(?:(?!\\left).)*\\right\S*", row) else f"{{{row}}}"


def _script(element: Element, name: str) -> str:
    row = _row(child(element, name)).strip()
    return row if re.fullmatch("[A-Za-z0-9]", row) else f"{{{row}}}"


def _radical(element: Element) -> str:
    degree = _row(child(element, "deg"))
    return rf"\sqrt{f'[{degree}]' if degree else ''}{_braced(element, 'e')}"


def _delimited(element: Element) -> str:
    left, right = _value(element, "begChr", "("), _value(element, "endChr", ")")
    between = _value(element, "sepChr", "|")
    inner = _SIGNS.get(between, between).join(_row(part) for part in children(element, "e"))
    if (left, right) == ("(", ")") and re.fullmatch(r"\\binom\{[^{}]*\}\{[^{}]*\}", inner):
        return inner
    table = re.fullmatch(r"\\begin\{(?:matrix|aligned)\}((?:(?!\\begin).)*)\\end\{(?:matrix|aligned)\}", inner.strip())
    if table and (left, right) in _MATRICES:
        name = _MATRICES[left, right]
        return rf"\begin{{{name}}}{table[1]}\end{{{name}}}"
    if left and right and not _TALL.search(inner):
        return f"{_spaced(_bracket(left))}{inner.strip()}{_spaced(_bracket(right))}"
    return rf"\left{_bracket(left)} {inner}\right{_bracket(right)} "


def _spaced(command: str) -> str:
    return f"{command} " if command[-1:].isalpha() else command


def _bracket(sign: str) -> str:
    return _BRACES.get(sign) or _SIGNS.get(sign, sign)


def _large(element: Element) -> str:
    sign = _value(element, "chr", "∫")
    limits = ((mark, _row(child(element, name))) for mark, name in (("_", "sub"), ("^", "sup")))
    scripts = "".join(f"{mark}{{{limit}}}" for mark, limit in limits if limit)
    return f"{_SIGNS.get(sign, sign)}{scripts} {_row(child(element, 'e'))}"


def _function(element: Element) -> str:
    return f"{_row(child(element, 'fName')).strip()} {_row(child(element, 'e'))}"


def _accent(element: Element) -> str:
    sign = _value(element, "chr", "\u0302")
    if sign not in _OVER:
        raise EquationError("acc")
    return f"{_OVER[sign]}{_braced(element, 'e')}"


def _bar(element: Element) -> str:
    command = r"\overline" if _value(element, "pos", "bot") == "top" else r"\underline"
    return f"{command}{_braced(element, 'e')}"


def _limit(mark: str) -> Callable[[Element], str]:
    return lambda element: f"{_row(child(element, 'e')).strip()}{mark}{_braced(element, 'lim')}"


def _rows(environment: str, name: str) -> Callable[[Element], str]:
    def written(element: Element) -> str:
        rows = [" & ".join(_row(cell) for cell in children(row, "e")) or _row(row) for row in children(element, name)]
        inside = r" \\ ".join(rows)
        return rf"\begin{{{environment}}}{inside}\end{{{environment}}}"

    return written


_NOTHING = {"bookmarkStart", "bookmarkEnd", "proofErr", "commentRangeStart", "commentRangeEnd"}
_PARTS: dict[str, Callable[[Element], str]] = {
    **dict.fromkeys(("oMath", "oMathPara", "e", "box", "ins", "smartTag", "num", "den", "lim", "fName"), _row),
    "r": _run,
    "f": _fraction,
    "sSub": _scripts("sub"),
    "sSup": _scripts("sup"),
    "sSubSup": _scripts("sub", "sup"),
    "rad": _radical,
    "d": _delimited,
    "nary": _large,
    "func": _function,
    "acc": _accent,
    "bar": _bar,
    "limLow": _limit("_"),
    "limUpp": _limit("^"),
    "m": _rows("matrix", "mr"),
    "eqArr": _rows("aligned", "e"),
}
