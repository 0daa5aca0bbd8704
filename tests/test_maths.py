"""Formulas: what an author is told about a wrong one, and that a right one is a drawing that stands by itself."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizgen.richtext import maths
from quizgen.richtext.latex import ENVIRONMENTS, MathsError

SOUND = [
    r"x^2 + y_1",
    r"\frac{-b \pm \sqrt{b^2-4ac}}{2a}",
    r"\sum_{i=1}^{n} i \le \int_0^\infty e^{-x}\,dx",
    r"\binom{n}{k} = \left(\frac{a}{b}\right)^n",
    r"\begin{cases} x & (x > 0) \\ -x & (x \le 0) \end{cases}",
    r"\begin{aligned} a &= b \\ c &= d \end{aligned}",
    r"A \cap B \subseteq \mathbb{R}, \mathbf{v}, \mathtt{code}, \mathrm{d}x",
    r"\hat{x} + \widehat{xy} + \overline{AB} + \vec{v}",
    r"\text{速度} = \frac{\text{距離}}{\text{時間}}",
    r"\operatorname{rank} A \bmod 2, 50\%, \{x \mid x > 0\}, \langle a \rangle, \uparrow",
    r"x^{} \color{blue}{y} \phantom{z}",
]


@pytest.mark.parametrize("latex", SOUND)
def test_a_sound_formula_has_no_fault(latex: str) -> None:
    assert maths.fault(latex) is None


@pytest.mark.parametrize("environment", sorted(ENVIRONMENTS))
def test_every_environment_that_is_let_through_can_be_drawn(environment: str) -> None:
    columns = "{c}" if environment == "array" else ""
    assert maths.fault(rf"\begin{{{environment}}}{columns} a \\ b \end{{{environment}}}") is None


@pytest.mark.parametrize(
    ("latex", "message"),
    [
        ("", "the formula is empty"),
        (" ", "the formula is empty"),
        (r"\foo", r"there is no command \foo"),
        (r"\alhpa", r"there is no command \alhpa; did you mean \alpha?"),
        (r"\frac{1}", "something is missing: a command, ^ or _ has nothing to stand with"),
        ("x^", "something is missing: a command, ^ or _ has nothing to stand with"),
        ("x^{2", "{ is never closed by }"),
        ("x}", "} closes nothing"),
        (r"\left( x", r"\left is never closed by \right"),
        (r"{\left( x} \right)", r"} stands where \right is to come first"),
        (r"\begin{matrix} a", r"\begin{matrix} is never closed by \end{matrix}"),
        (r"\begin{matrx} a \end{matrx}", r"\begin{matrx} is not known here; did you mean \begin{matrix}?"),
        (r"\begin{tikz} a \end{tikz}", r"\begin{tikz} is not known here"),
        ("a & b", r"& stands only inside \begin{…}; for the sign itself write \&"),
        (r"a \\ b", r"\\ stands only inside \begin{aligned} … \end{aligned} and the like"),
        ("50%", r"in a formula % is written \%"),
        ("x\\", "a \\ at the end has nothing after it"),
        ("a_b_c", "two subscripts follow each other; write a_{b_c} or {a_b}_c"),
        ("a^b^c", "two superscripts follow each other; write a^{b^c} or {a^b}^c"),
        (r"\newcommand{\a}{b}", r"\newcommand cannot be used here: write the formula out"),
        (r"\def\a{b}", r"\def cannot be used here: write the formula out"),
        (r"\href{https://e.org}{x}", r"\href cannot be used here: leave it out"),
        (r"\not=", r"\not cannot be used here: write the negated sign itself: \ne, \notin, \nmid, …"),
        (r"\color{url(x)}{y}", r"url(x) is no colour; write its English name, as in \color{blue}"),
        (
            r"\begin{array}{c|c} a & b \end{array}",
            "lines in a formula's table are not drawn; write a Markdown table",
        ),
        (r"\text{a {b} c}", r"\text{…} can hold no braces"),
        ("速度", r"write 速 inside \text{…}; if the dollar signs mean no formula, write \$"),
        (r"\text{🙂}", "🙂 (U+1F642) cannot be printed in a formula"),
        ("x\x01", "the character U+0001 cannot be printed; delete it"),
        (r"\quad", "the formula prints nothing"),
        ("x" * 2001, "the formula has 2,001 characters, the most is 2,000"),
        ("{" * 31 + "}" * 31, "the formula is nested too deep; 30 levels are the most"),
        (r"\sqrt" * 300 + "x", "the formula is nested too deep"),
        (
            r"\left(" * 20 + "x" + r"\right)" * 20,
            "the formula is nested too deep to be drawn; give its parts names of their own",
        ),
        ("x+" * 90 + "x", r"the formula is wider than a page; break it: \begin{aligned} … \\ … \end{aligned}"),
    ],
)
def test_a_fault_is_told_in_the_authors_words(latex: str, message: str) -> None:
    assert maths.fault(latex) == message


COMMANDS = st.sampled_from(
    [r"\frac", r"\sqrt", r"\left(", r"\right)", r"\begin{cases}", r"\end{cases}", r"\text{漢}", r"\sum", r"\over"]
)
SIGNS = st.sampled_from([r"\limits", r"\mathbb", r"\overset", r"\big", r"\\", "&", "{", "}", "^", "_", "x", "1", " "])


@given(st.lists(COMMANDS | SIGNS | st.text(max_size=3), max_size=12).map("".join))
@settings(max_examples=200)
def test_no_formula_is_too_odd_to_be_told_about(latex: str) -> None:
    if maths.fault(latex) is None:
        assert maths.svg(latex, 10).width > 0
        ET.fromstring(maths.mathml(latex))


@pytest.mark.parametrize("latex", SOUND)
def test_a_drawing_refers_to_nothing_and_has_no_names_that_could_clash(latex: str) -> None:
    drawing = maths.svg(latex, 10.5)
    assert not re.search(r"\b(id|href|style|class)=|url\(|<use|<image", drawing.svg)
    assert {part.tag.rpartition("}")[2] for part in ET.fromstring(drawing.svg).iter()} <= {
        "svg",
        "path",
        "rect",
        "text",
    }


def test_a_drawing_tells_its_size_and_where_its_baseline_is() -> None:
    drawing = maths.svg("y", 10)
    root = ET.fromstring(drawing.svg)
    assert root.get("width") == f"{drawing.width:.3f}pt"
    assert root.get("height") == f"{drawing.height:.3f}pt"
    assert 1.5 < drawing.depth < drawing.height < 10
    left, top, width, height = map(float, root.get("viewBox", "").split())
    assert (width, height) == (drawing.width, drawing.height)
    assert top + height == pytest.approx(drawing.depth, abs=0.002)
    assert left < 0


def test_letters_without_descenders_stand_on_the_baseline() -> None:
    assert maths.svg("x", 10).depth < 0.5 < maths.svg(r"\frac{1}{2}", 10).depth


def test_a_drawing_grows_with_its_size_and_in_display() -> None:
    small, large = maths.svg(r"\frac{a}{b}", 10), maths.svg(r"\frac{a}{b}", 20)
    assert large.height == pytest.approx(2 * small.height, rel=0.05)
    assert maths.svg(r"\frac{a}{b}", 10, display=True).height > small.height


def test_japanese_in_a_formula_is_text_of_its_width() -> None:
    drawing = maths.svg(r"\text{速度}", 10)
    root = ET.fromstring(drawing.svg)
    assert [part.text for part in root] == ["速", "度"]
    assert 20 <= drawing.width <= 21


def test_mathml_escapes_what_an_author_writes_in_text() -> None:
    mathml = maths.mathml(r"\text{<b>} < x")
    assert "&lt;b&gt;" in mathml
    assert "".join(ET.fromstring(mathml).itertext()) == "<b><x"


def test_mathml_says_whether_the_formula_stands_alone() -> None:
    assert 'display="block"' in maths.mathml("x", display=True)
    assert 'display="inline"' in maths.mathml("x")


@pytest.mark.parametrize("latex", [r"\foo", "x^"])
def test_a_wrong_formula_is_neither_drawn_nor_written(latex: str) -> None:
    for write in (maths.mathml, lambda wrong: maths.svg(wrong, 10)):
        with pytest.raises(MathsError):
            write(latex)
