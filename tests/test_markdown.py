"""Authors' Markdown as a tree: what is read, what is left as text, and what an author is told."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizgen.richtext import Fault, faults, images, map_images, parse, walk
from quizgen.richtext.tree import (
    Block,
    Code,
    CodeBlock,
    Emphasis,
    Heading,
    Image,
    Inline,
    Inlines,
    LineBreak,
    Link,
    List,
    Math,
    MathBlock,
    Paragraph,
    Quote,
    Ruby,
    Rule,
    Strong,
    Table,
    Text,
    Width,
)

NOTATION = "\n $*_`[](){}|!<>&\\#-+.:~漢字「」あaZ09\t\r\x00\u3000"
notation = st.text(st.sampled_from(NOTATION), max_size=60) | st.text(max_size=30)


def inlines(text: str) -> Inlines:
    (paragraph,) = parse(text)
    assert isinstance(paragraph, Paragraph)
    return paragraph.content


def only(text: str) -> Block:
    (block,) = parse(text)
    return block


def codes(text: str) -> list[str]:
    return [fault.code for fault in faults(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*a* **b** `c`", (Emphasis((Text("a"),)), Text(" "), Strong((Text("b"),)), Text(" "), Code("c"))),
        ("a  \nb\\\nc", (Text("a"), LineBreak(), Text("b"), LineBreak(), Text("c"))),
        ("<b>x</b> &amp; &copy;", (Text("<b>x</b> & ©"),)),
        ("[a](https://e.org/?b&c)", (Link("https://e.org/?b&c", (Text("a"),)),)),
        ("<mailto:a@b.c>", (Link("mailto:a@b.c", (Text("mailto:a@b.c"),)),)),
        ("![p](図.svg)", (Image("図.svg", "p"),)),
        ("![p *q*](<a b.png>)", (Image("a b.png", "p q"),)),
    ],
)
def test_commonmark_is_read(text: str, expected: Inlines) -> None:
    assert inlines(text) == expected


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("## h", Heading(2, (Text("h"),))),
        ("***", Rule()),
        ("> a", Quote((Paragraph((Text("a"),)),))),
        ("- a\n- b", List(((Paragraph((Text("a"),)),), (Paragraph((Text("b"),)),)))),
        ("0. a", List(((Paragraph((Text("a"),)),),), 0)),
        ("3) a", List(((Paragraph((Text("a"),)),),), 3)),
        ("$$x$$", MathBlock("x")),
        ("$$\nx\n+ 1\n$$", MathBlock("x\n+ 1")),
        ("| a | b |\n|:-|-:|\n| c |", Table(("left", "right"), ((Text("a"),), (Text("b"),)), (((Text("c"),), ()),))),
    ],
)
def test_blocks_are_read(text: str, block: Block) -> None:
    assert only(text) == block


@pytest.mark.parametrize(
    "text",
    [
        "costs $5 and $6",
        "5$と6$",
        "$5, $10",
        "$5です。$10も",
        r"\$x\$",
        "a $ b $ c",
        "docker {start|stop}",
        r"\{漢字|かんじ}",
        "{|かんじ}",
        "{漢字|}",
        "{漢字|かん|じ}",
        "<script>alert(1)</script>",
    ],
)
def test_prices_program_text_and_escapes_stay_text(text: str) -> None:
    assert inlines(text) == (Text(text.replace("\\", "")),)


@pytest.mark.parametrize(
    ("text", "latex"),
    [("$x$ は 5", "x"), ("$a_1 b_1$", "a_1 b_1"), (r"$a\$b$", r"a\$b"), ("a $$x$$ b", "x"), ("$x\n+y$", "x\n+y")],
)
def test_maths_in_a_line_is_read(text: str, latex: str) -> None:
    assert Math(latex) in inlines(text)


def test_a_formula_of_its_own_ends_a_paragraph() -> None:
    assert parse("次の式：\n$$\nx\n$$\nである。") == (
        Paragraph((Text("次の式："),)),
        MathBlock("x"),
        Paragraph((Text("である。"),)),
    )


def test_ruby_is_read_in_text_and_in_tables() -> None:
    ruby = Ruby("漢字", "かんじ")
    assert inlines("{漢字|かんじ}を") == (ruby, Text("を"))
    assert only("|a|\n|-|\n|{漢字\\|かんじ}|") == Table(("",), ((Text("a"),),), (((ruby,),),))
    assert inlines("`{漢字|かんじ}`") == (Code("{漢字|かんじ}"),)


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("行の\n続き", "行の続き"),
        ("コンテナは\nDocker の", "コンテナはDocker の"),
        ("Docker\nは", "Dockerは"),
        ("two\nwords", "two words"),
        ("안녕\n하세요", "안녕 하세요"),
        ("ok 👍\nnext", "ok 👍 next"),
    ],
)
def test_a_line_break_in_the_source_is_a_space_only_between_words(text: str, joined: str) -> None:
    assert inlines(text) == (Text(joined),)


def test_a_line_break_looks_into_the_neighbouring_inlines() -> None:
    assert inlines("**強調**\n`x`\n`y`") == (Strong((Text("強調"),)), Code("x"), Text(" "), Code("y"))


@pytest.mark.parametrize("text", ["これは**「重要」**です", "Docker**（コンテナ）**とは", "**「A」**は", "は**「A」**"])
def test_emphasis_needs_no_spaces_beside_japanese_brackets(text: str) -> None:
    assert any(isinstance(inline, Strong) for inline in inlines(text))
    assert faults(text) == ()


@pytest.mark.parametrize(
    ("braces", "width"),
    [
        ("{width=80mm}", Width(80, "mm")),
        ('{width="8.5 cm"}', Width(85, "mm")),
        ("{ width = 50% }", Width(50, "%")),
        ("{width=0mm}", None),
        ("{width=101%}", None),
        ("{height=3mm}", None),
        ("", None),
    ],
)
def test_an_image_has_the_width_in_the_braces_behind_it(braces: str, width: Width | None) -> None:
    assert inlines(f"![p](a.png){braces}。") == (Image("a.png", "p", width), Text("。"))


def test_code_keeps_every_character_and_is_coloured_by_its_language() -> None:
    source = "def f():\n\n\treturn '<あ>'  # x"
    block = only(f"```Python extra\n{source}\n```")
    assert isinstance(block, CodeBlock)
    assert (block.language, block.text) == ("python", source)
    assert block.lines[0][0].kind == "k"
    assert block.lines[1] == ()


@pytest.mark.parametrize("language", ["", "no-such-language", "../x", "python" * 99])
def test_code_in_no_known_language_is_plain(language: str) -> None:
    block = only(f"```{language}\nif x:\n```")
    assert isinstance(block, CodeBlock)
    assert [[token.kind for token in row] for row in block.lines] == [[""]]


def test_long_code_is_not_coloured() -> None:
    block = only("```python\n" + "if x: pass\n" * 2000 + "```")
    assert isinstance(block, CodeBlock)
    assert {token.kind for row in block.lines for token in row} == {""}


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=40), st.sampled_from(["python", "bash", "yaml"])
)
def test_code_is_printed_as_it_was_written(text: str, language: str) -> None:
    block = only(f"~~~{language}\n{text}\n~~~" if not text.lstrip().startswith("~~~") else "    x")
    assert isinstance(block, CodeBlock)
    assert block.text in (text, "x")


def test_blocks_and_images_know_their_lines() -> None:
    text = "a\nb ![p](x)\n\n- c\n- ![q](y)\n\n|t|\n|-|\n|![r](z)|\n"
    assert [block.line for block in parse(text)] == [0, 3, 6]
    assert [(line, image.alt) for line, image in images(parse(text))] == [(1, "p"), (4, "q"), (8, "r")]


def test_every_part_is_walked_once_and_in_order() -> None:
    blocks = parse("> - a *b [c](https://e.org)*\n>\n> |d|\n> |-|\n> |e|\n\n# f")
    walked = [part.text for part in walk(blocks) if isinstance(part, Text)]
    assert walked == ["a ", "b ", "c", "d", "e", "f"]


def test_images_are_replaced_wherever_they_stand() -> None:
    text = (
        "![a](1)\n\n# ![b](1)\n\n- > *![c](1)*\n\n|![d](1)|\n|-|\n|[![e](1)](https://e.org)|\n\n---\n\n    x\n\n$$x$$"
    )
    renamed = map_images(parse(text), lambda image: Image("2", image.alt))
    assert [(image.alt, image.source) for _, image in images(renamed)] == [(alt, "2") for alt in "abcde"]
    assert parse(text.replace("(1)", "(2)")) == renamed


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a\n\n![](p.png)", Fault(2, "image-alt", "describe the picture in the brackets: ![…](p.png)")),
        (
            "![a](p){width=8}",
            Fault(
                0,
                "image-width",
                "{width=8} is no width of a picture; write {width=80mm}, {width=8cm} or {width=50%}, and an id before "
                "it as in {#network width=80mm}",
            ),
        ),
        (
            "a\n[b](javascript:c)",
            Fault(
                1,
                "link",
                "the link leads to `javascript:c`; it has to begin with https://, http:// or mailto:, "
                "or with # and the id of a figure",
            ),
        ),
        ("- ```\n  a", Fault(0, "unclosed-fence", "the code that begins here never ends; close it with a line ```")),
        ("a\n$\\foo$", Fault(1, "maths", "there is no command \\foo")),
        ("$$\n\\frac{1}\n$$", Fault(0, "maths", "something is missing: a command, ^ or _ has nothing to stand with")),
        (
            "|a|b|\n|-|-|\n|1|2|3|",
            Fault(2, "table", "this row has 3 cells, the table's header has 2; a bar inside a cell is written \\|"),
        ),
        ("|a|b|\n|-|\n", Fault(1, "table", "this table's header has 2 cells, its line of dashes 1; they must agree")),
        (
            "|a|\n|-|\n文",
            Fault(2, "table", "this line is read as a row of the table above it; put an empty line between them"),
        ),
        ("a\x07", Fault(0, "control-character", "the invisible character U+0007 cannot be printed; delete it")),
        ("x" * 50_001, Fault(0, "text-length", "the text has 50,001 characters, the most is 50,000; split it")),
    ],
)
def test_a_fault_says_where_what_and_what_to_do(text: str, fault: Fault) -> None:
    assert faults(text) == (fault,)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("$$x", "unclosed-maths"),
        ("a\n$$\nx\n\ny", "unclosed-maths"),
        ("2$\\pi$", "maths"),
        ("![a](my pod.png)", "image"),
        ("{漢字｜かんじ}", "ruby"),
        ("{漢字|}", "ruby"),
        ("これは**重要 です", "emphasis"),
        ("[A]: 選択肢", "link-definition"),
        ("[a](x.html)", "link"),
        ("[a](https:///x)", "link"),
        ("[a](file:///etc/passwd)", "link"),
        ("> " * 25 + "x", "nesting"),
        ("".join("  " * i + "- a\n" for i in range(15)), "nesting"),
        ("*" * 60 + "a" + "*" * 60, "nesting"),
    ],
)
def test_notation_that_was_not_understood_is_told(text: str, code: str) -> None:
    assert set(codes(text)) == {code}


@pytest.mark.parametrize(
    "text",
    [
        "",
        r"\$\$ \{漢字|} \*\*あ",
        "`$$` `{漢字|}` `**`あ",
        "```\n$$ **あ\n```",
        "> ```sh\n> x\n> ```",
        "~~~\n~~~",
        "[a]: https://e.org\n\n[a]",
        "> |a|b|\n> |-|-|\n> |x\\|y|z|",
        "2**3 と {start|stop}",
        "価格は$5です。$x$ と $y$",
    ],
)
def test_a_sound_text_has_no_fault(text: str) -> None:
    assert faults(text) == ()


@given(notation)
def test_no_text_is_too_odd_to_be_read(text: str) -> None:
    found = faults(text)
    parts: list[Block | Inline] = list(walk(parse(text)))
    lines = max(1, len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))
    assert all(0 <= fault.line < lines for fault in found)
    assert all(0 <= part.line < lines for part in parts if isinstance(part, Paragraph | Image | CodeBlock))


@pytest.mark.parametrize(
    "text",
    [
        ">" * 40_000,
        "[" * 40_000,
        "![" * 20_000,
        "*" * 20_000 + "a" + "*" * 20_000,
        "![" * 9_000 + "a" + "](b)" * 6_000,
        "$$a\n" * 10_000,
        "$\\a" * 10_000,
        "{漢" * 20_000,
        "|" * 20_000 + "\n" + "|-" * 10_000,
        "a\n" * 20_000,
        "x" * 1_000_000,
    ],
    ids=range(11),
)
def test_hostile_texts_are_read_in_bounded_depth(text: str) -> None:
    assert depth(parse(text)) <= 60
    faults(text)


def depth(parts: tuple[object, ...]) -> int:
    """How deep tuples and parts are nested, found without recursion."""
    deepest, waiting = 0, [(part, 1) for part in parts]
    while waiting:
        part, level = waiting.pop()
        deepest = max(deepest, level)
        content = getattr(part, "content", None) or getattr(part, "items", None)
        nested = part if isinstance(part, tuple) else content if isinstance(content, tuple) else ()
        waiting += [(below, level + 1) for below in nested]
    return deepest


@settings(max_examples=30)
@given(notation, notation)
def test_a_text_is_read_alike_at_any_time(first: str, second: str) -> None:
    before = parse.__wrapped__(first)
    parse.__wrapped__(second)
    assert parse.__wrapped__(first) == before
