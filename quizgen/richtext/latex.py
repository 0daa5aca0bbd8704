"""From LaTeX notation to a MathML tree: everything that would print wrong is refused, and told why."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING
from unicodedata import category

from quizgen.richtext.syntax import is_wide

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

LONGEST = 2000
DEEPEST = 30
_DEEPEST_TREE = 120  # elements inside elements; what 30 levels of braces can make

_TOKEN = re.compile(r"\\(?:begin|end)\s*\{[^{}]*\}|\\[a-zA-Z]+|\\.?|[{}%#&$]", re.DOTALL)
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([^{}]*)\}")
_REFERENCE = re.compile(r"&#x([0-9A-Fa-f]{1,6});")

_COLOUR = re.compile(r"[a-zA-Z]{3,20}|#[0-9a-fA-F]{3}|#[0-9a-fA-F]{6}")
_HARMFUL = {"href", "class", "style", "id"}

_MATRICES = {f"{prefix}matrix{star}" for prefix in ("", "p", "b", "B", "v", "V") for star in ("", "*")}
ENVIRONMENTS = _MATRICES | {"aligned", "align*", "split", "array", "cases", "smallmatrix"}

# Definitions could grow without end, and Moodle and Word would not know them; the others do more than print.
_REFUSED = {
    **dict.fromkeys(("newcommand", "renewcommand", "def", "DeclareMathOperator"), "write the formula out"),
    **dict.fromkeys(("newenvironment", "let", "require"), "write the formula out"),
    **dict.fromkeys(("href", "style", "class", "unicode", "verb"), "leave it out"),
    **dict.fromkeys(("tag", "label", "ref", "eqref", "nonumber"), "formulas have no numbers here"),
    "not": r"write the negated sign itself: \ne, \notin, \nmid, …",
    "hline": "lines in a formula's table are not drawn; write a Markdown table",
    "ce": r"write chemical formulas as \mathrm{H_2O}",
}
_MISSING = "something is missing: a command, ^ or _ has nothing to stand with"
_MESSAGES = {
    "DoubleSubscriptsError": "two subscripts follow each other; write a_{b_c} or {a_b}_c",
    "DoubleSuperscriptsError": "two superscripts follow each other; write a^{b^c} or {a^b}^c",
    "LimitsMustFollowMathOperatorError": r"\limits stands only after an operator, as in \sum\limits",
    "InvalidAlignmentError": r"the columns of an array are l, c or r, as in \begin{array}{lcr}",
}
_ARITY = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}


class MathsError(ValueError):
    """A formula that cannot be read or drawn, and why."""


def read(latex: str, *, display: bool) -> Element:
    """The MathML of a formula.

    Raises MathsError when there is something in it that would not print as meant.
    """
    if not latex.strip():
        raise MathsError("the formula is empty")
    if len(latex) > LONGEST:
        raise MathsError(f"the formula has {len(latex):,} characters, the most is {LONGEST:,}")
    _check_notation(latex)
    element = _converted(latex, display=display)
    _check_tree(element)
    return element


def _check_notation(latex: str) -> None:
    """What the library would misread: things that do not close, and what it has no idea of."""
    opened: list[str] = []
    for match in _TOKEN.finditer(latex):
        token = match[0]
        if token in ("{", r"\left") or token.startswith(r"\begin"):
            _check_environment(token)
            opened.append(token)
        elif token in ("}", r"\right") or token.startswith(r"\end"):
            _close(opened, token)
        else:
            _check_sign(token, inside=any(part.startswith(r"\begin") for part in opened))
        if len(opened) > DEEPEST:
            raise MathsError(f"the formula is nested too deep; {DEEPEST} levels are the most")
    if opened:
        raise MathsError(f"{opened[-1]} is never closed by {_partner(opened[-1])}")


def _partner(token: str) -> str:
    if token.startswith(r"\begin"):
        return token.replace("begin", "end")
    return {"{": "}", r"\left": r"\right"}[token]


def _close(opened: list[str], token: str) -> None:
    if not opened:
        raise MathsError(f"{token} closes nothing")
    partner = _partner(opened.pop())
    if re.sub(r"\s", "", partner) != re.sub(r"\s", "", token):
        raise MathsError(f"{token} stands where {partner} is to come first")


def _check_environment(token: str) -> None:
    match = _ENVIRONMENT.fullmatch(token)
    if match and match[2] not in ENVIRONMENTS:
        near = get_close_matches(match[2], sorted(ENVIRONMENTS), 1, cutoff=0.5)
        hint = rf"; did you mean \begin{{{near[0]}}}?" if near else ""
        raise MathsError(rf"\begin{{{match[2]}}} is not known here{hint}")


def _check_sign(sign: str, *, inside: bool) -> None:
    if sign[1:] in _REFUSED:
        raise MathsError(f"{sign} cannot be used here: {_REFUSED[sign[1:]]}")
    if sign in ("%", "#", "$"):
        raise MathsError(f"in a formula {sign} is written \\{sign}")
    if sign == "&" and not inside:
        raise MathsError(r"& stands only inside \begin{…}; for the sign itself write \&")
    if sign == "\\":
        raise MathsError(r"a \ at the end has nothing after it")


def _converted(latex: str, *, display: bool) -> Element:
    from latex2mathml.converter import Converter

    # latex2mathml takes \mathrm{d} for an italic d, and has aligned under the name of align*.
    latex = re.sub(r"\\mathrm\s*\{", r"\\mathrm {", latex).replace("{aligned}", "{align*}")
    try:
        element = Converter(display="block" if display else "inline").convert_to_element(latex)
    except Exception as error:  # it raises some twenty kinds, of no common base
        name = type(error).__name__
        raise MathsError(_MESSAGES.get(name, _MISSING)) from error
    for part in element.iter():
        _decode(part)
    return element


def _decode(part: Element) -> None:
    """Turn the library's character references into characters, and what it leaves hollow into a row."""
    if part.text:
        part.text = _REFERENCE.sub(lambda match: chr(int(match[1], 16) % 0x110000), part.text)
    elif part.tag in ("mi", "mn", "mo", "mtext"):
        part.tag, part.text = "mrow", None
        part.attrib.clear()


def _check_tree(element: Element) -> None:
    for depth, part in _parts(element):
        text = part.text or ""
        if depth > _DEEPEST_TREE:
            raise MathsError("the formula is nested too deep")
        if _ARITY.get(part.tag, len(part)) != len(part):
            raise MathsError(_MISSING)
        _check_attributes(part)
        if part.tag == "mi" and len(text) > 1 and text.startswith("\\"):
            raise MathsError(_unknown_command(text))
        if part.tag == "mi" and text in ("{", "}"):
            raise MathsError(r"\text{…} can hold no braces")
        _check_characters(text, part.tag)


def _check_attributes(part: Element) -> None:
    if "rowlines" in part.attrib or "columnlines" in part.attrib:
        raise MathsError(_REFUSED["hline"])
    if part.get("linebreak"):
        raise MathsError(r"\\ stands only inside \begin{aligned} … \end{aligned} and the like")
    colour = part.get("mathcolor")
    if colour is not None and not _COLOUR.fullmatch(colour):
        raise MathsError(f"{colour} is no colour; write its English name, as in \\color{{blue}}")
    if not _HARMFUL.isdisjoint(part.attrib):
        raise MathsError("a formula can have letters and signs, and no links or styles")


def _parts(element: Element) -> Iterator[tuple[int, Element]]:
    waiting = [(0, element)]
    while waiting:
        depth, part = waiting.pop()
        yield depth, part
        waiting += [(depth + 1, child) for child in reversed(part)]


def _check_characters(text: str, tag: str) -> None:
    for character in text:
        if category(character) in ("Cc", "Cs", "Cn", "Co"):
            raise MathsError(f"the character U+{ord(character):04X} cannot be printed; delete it")
        if tag != "mtext" and is_wide(character):
            raise MathsError(rf"write {character} inside \text{{…}}; if the dollar signs mean no formula, write \$")


def _unknown_command(command: str) -> str:
    near = get_close_matches(command, _commands(), 1, cutoff=0.75)
    return f"there is no command {command}" + (f"; did you mean {near[0]}?" if near else "")


@cache
def _commands() -> tuple[str, ...]:
    from latex2mathml.commands import CONVERSION_MAP, FUNCTIONS
    from latex2mathml.symbols_parser import SYMBOLS

    names = {*CONVERSION_MAP, *FUNCTIONS, *SYMBOLS}
    return tuple(sorted(name for name in names if re.fullmatch(r"\\[a-zA-Z]+", name)))
