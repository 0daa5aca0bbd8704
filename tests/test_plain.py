"""The tree as plain text: one readable line for each line, no markup left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizgen.richtext import parse
from quizgen.richtext.plain import to_plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("*a* **b** `c` [d](https://e.org)", "a b c d"),
        ("{漢字|かんじ}を", "漢字（かんじ）を"),
        (r"$\frac12$", r"\frac12"),
        ("$$\nx\n$$", "x"),
        ("![Pod の図](a.svg)", "[Pod の図]"),
        ("a\\\nb\n\n# c", "a\nb\nc"),
        ("```python\nx = 1\n\ny\n```", "x = 1\n\ny"),
        ("|a|b|\n|-|-|\n|1|{漢\\|か}|", "a | b\n1 | 漢（か）"),
        ("- a\n- b\n  - c", "・a\n・b\n  ・c"),
        ("9. a\n10. b\n\n    c", "9. a\n10. b\n  c"),
        ("> a\n>\n> b", "> a\n> b"),
        ("a\n\n---\n\nb", "a\n――――――――\nb"),
        ("<b>&amp;", "<b>&"),
        ("", ""),
    ],
)
def test_each_part_has_its_plain_text(text: str, plain: str) -> None:
    assert to_plain(parse(text)) == plain


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp", "P", "S"]), min_size=1))
def test_letters_and_digits_are_their_own_plain_text(text: str) -> None:
    assert to_plain(parse(text)) == text


@given(st.text())
def test_every_text_has_a_plain_one(text: str) -> None:
    assert "\x00" not in to_plain(parse(text))
