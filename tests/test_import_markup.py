"""HTML and trees become Markdown that reads back as the same tree, or says what it has lost."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizgen.importers.formatted import read_text
from quizgen.importers.html import HtmlError, parsed
from quizgen.importers.markup import markdown
from quizgen.importers.pieces import paragraphs
from quizgen.richtext import faults, parse
from quizgen.richtext.plain import to_plain
from quizgen.richtext.tree import Gap, Paragraph, Text
from trees import FRAGMENTS, pieces, trees

TAGS = ["<p>", "</p>", "<ul>", "<li>", "</ul>", "<b>", "</b>", "<i>", "</i>", "<code>", "</code>", "<pre>", "</pre>"]
TAGS += ["<table>", "<td>", "<tr>", "<br>", "<sup>", "<ruby>", "<rt>", "<a href='https://x.org'>", "</a>", "<h4>"]
SHIFTED = ("<sup>", "<ruby>", "<rt>")


def letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


@settings(deadline=None)
@given(trees())
def test_a_tree_reads_back_as_itself_or_tells_what_is_lost(blocks):
    result = markdown(blocks)
    assert result.lost or parse(result.text) == blocks


@settings(deadline=None)
@given(trees())
def test_no_letter_is_lost_and_no_mistake_made(blocks):
    text = markdown(blocks).text
    assert letters(to_plain(parse(text))) == letters(to_plain(blocks))
    assert faults(text) == ()


@settings(deadline=None)
@given(pieces(images=True).map(lambda row: paragraphs(replace(piece, marks=()) for piece in row)))
def test_text_without_emphasis_loses_nothing(blocks):
    assert markdown(blocks).lost == frozenset()


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("a <b>bold </b>and<i> it</i>snake_case 5 * 3", "a **bold** and *it*snake_case 5 * 3"),
        ("a < b, List<String>, <コンテナID> &lt;b&gt; &amp;amp;", r"a < b, List<String>, <コンテナID> <b> \&amp;"),
        ("<p>一<br>二<br><br>三</p><div>四</div>五", "一\\\n二\n\n三\n\n四\n\n五"),
        ("正しいものを<strong>「すべて」</strong>選べ。", "正しいものを**「すべて」**選べ。"),
        ("<span style='font-weight: bold'>a</span><span style='font-style:italic'>b</span>", "**a***b*"),
        ("<ul><li>x<ul><li>y</li></ul><li>z</ul>", "- x\n  - y\n- z"),
        ("<ul><li>x</li><ul><li>y</li></ul></ul>", "- x\n  - y"),
        ("<ul>a<li>b</li>c<p>d</p></ul>", "- a\n\n- b\n\n  c\n\n  d"),
        ("<ul><ul><li>a</ul><li>b</ul>", "- - a\n\n- b"),
        ("<ul>" * 10 + "<li>a", "- " * 8 + "a"),
        ("<ol start=3><li>- a<li># b</ol><ol><li>c</ol>", "3. \\- a\n4. \\# b\n\n1) c"),
        ("<h3>T #</h3><h5>U</h5><hr>", "# T \\#\n\n## U\n\n---"),
        ("<blockquote><p>a</p><ul><li>b</ul></blockquote>", "> a\n>\n> - b"),
        ('<pre><code class="language-yaml">a: b\n\n  c\n</code></pre>', "```yaml\na: b\n\n  c\n```"),
        ("<pre>\n```\nx<br>y</pre>", "````\n```\nx\ny\n````"),
        ("<code>a  `b`</code><kbd>Ctrl</kbd>", "``a  `b`Ctrl``"),
        (r"\(a_1 &lt; b\) と \[x^2\] と $$y$$", "$a_1 < b$ と\n\n$$x^2$$\n\nと\n\n$$y$$"),
        (r"5\(x\)7 $x$ <code>\(y\)</code>", r"5$$x$$7 \$x\$ `\(y\)`"),
        (r'\<span class="nolink">(</span>x\) $<span class="nolink">$</span>y$$', r"\\(x\\) \$\$y\$\$"),
        ("<ruby><rb>漢字</rb><rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>", "{漢字|かんじ}"),
        ("<ruby>漢<rt>かん</rt>字<rt>じ</rt>x</ruby> {漢|a}", "{漢|かん}{字|じ}x \\{漢|a}"),
        ("H<sub>2</sub>O 2<sup>10</sup>", "H₂O 2¹⁰"),
        ('<a href="https://x.org/(a)">li<b>nk</b></a><a href="javascript:x">y</a>', "[li**nk**](<https://x.org/(a)>)y"),
        ("<table><tr><th>a|b<th align=right>c<tr><td><code>x|y</code><td><p>1<p>2</table>",
         "| a\\|b | c |\n| --- | ---: |\n| `x\\|y` | 1 2 |"),
        ("<table><tr><td><p>a</p><ul><li>b</ul></table>", "a\n\n- b"),
        ("<table><caption>題</caption>x<tbody><td>a<td>b</tbody><p>z</p></table>",
         "題\n\nx\n\nz\n\n| a | b |\n| --- | --- |"),
        ("<table><tr><td>a<ul><li>b</ul><td>c</table>", "| a b | c |\n| --- | --- |"),
        ("<table><tr></tr></table>a<ul></ul><blockquote></blockquote><h4></h4><pre></pre>", "a"),
        ("<ruby><rbc><rb>漢</rb></rbc><rtc><rt>かん</rt></rtc></ruby><ruby>字<rt></rt></ruby>", "{漢|かん}字"),
        (r"\(\text{あ} \) \( \)", r"$\text{あ}$ \\( \\)"),
        ("<pre>a<script>b</script></pre>", "```\na\n```"),
        ("<p>a&nbsp; b</p><p>&nbsp;</p>", "a b"),
        ("x<!--[if gte mso 9]><o:p>y</o:p><![endif]--><o:p></o:p><style>p{}</style>", "x"),
        ("<math><mi>x</mi><annotation encoding='application/x-tex'>x^2</annotation></math>", "$x^2$"),
        ("", ""),
    ],
)  # fmt: skip
def test_html_becomes_what_an_author_would_write(html, expected):
    result = read_text(html, "html")
    assert (result.text, result.lost) == (expected, frozenset())


EMPHASIS = "some emphasis is left out, which Markdown has no way to write"


@pytest.mark.parametrize(
    ("html", "expected", "lost"),
    [
        ("<u>a</u>", "*a*", "underlining became emphasis"),
        ("<del>a</del>b", "ab", "a line through text is left out"),
        ("a<video src=x>b</video>", "a", "<video> is left out"),
        ("x<sup>k+1</sup>", "x^(k+1)", "raised or lowered letters stand behind ^ or _ now"),
        ("x<sub>k</sub>", r"x_k", "raised or lowered letters stand behind ^ or _ now"),
        ('<img src="http://[">', "[[image]](http://%5B)", "the picture `image` is left out"),
        (r"\[a$$b\]", "`a$$b`", EMPHASIS),
        (r"a \(b$c\)", "a `b$c`", EMPHASIS),
        ("<table><tr><td>a<td rowspan=2>b<tr><td>c</table>", "| a | b |\n| --- | --- |\n| c |  |",
         "cells of a table that reached over others are cells like the others now"),
        ("<math><mi>x</mi></math>", "x", "a formula in MathML became plain text"),
        ('<img src="https://x.org/a.png" alt="図">', "[[図]](https://x.org/a.png)", "the picture `図` is left out"),
        ('<a href="@@PLUGINFILE@@/%E8%B3%87.pdf">資料</a>', "資料", "the file `資`, to which a link led, is left out"),
        ("<b>(a)</b>b <b>c</b>", "(a)b **c**", EMPHASIS),
        ("<table><tr><td>a<td>b<tr><td><pre>c\nd</pre></table>", "| a | b |\n| --- | --- |\n| `c` `d` |  |",
         "lines of code in the cell of a table became one line"),
        ("<table><tr><td rowspan=2>a<td>b<tr><td>c<tr><td colspan=2>d<td>e</table>",
         "| a | b |  |\n| --- | --- | --- |\n|  | c |  |\n| d |  | e |",
         "cells of a table that reached over others are cells like the others now"),
    ],
)  # fmt: skip
def test_what_markdown_cannot_say_is_told(html, expected, lost):
    result = read_text(html, "html")
    assert (result.text, result.lost) == (expected, frozenset({lost}))


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ('alt="a" style="width: 60mm"', "![a](images/x.png){width=60mm}"),
        ('alt="a" style="max-width:100%; width: 40%"', "![a](images/x.png){width=40%}"),
        ('alt="[a]" width="300" height=20', r"![\[a\]](images/x.png){width=79mm}"),
        ('alt="a" width="0"', "![a](images/x.png)"),
    ],
)
def test_a_picture_keeps_its_description_and_its_width(image, expected):
    result = read_text(f'<img src="@@PLUGINFILE@@/x.png" {image}>', "html", lambda source: "images/x.png")
    assert (result.text, result.lost) == (expected, frozenset())


def test_a_picture_inside_the_text_has_no_name():
    result = read_text('<img src="data:image/png;base64,">', "html", lambda source: "images/x.png")
    assert result.text == "![image](images/x.png)"


def test_a_picture_without_description_is_told():
    result = read_text('<img src="@@PLUGINFILE@@/%E5%9B%B3%201.png">', "html", lambda source: "images/x.png")
    assert result.text == "![図 1](images/x.png)"
    assert "no description" in min(result.lost)


@pytest.mark.parametrize(
    ("text_format", "text", "expected"),
    [
        ("plain_text", "a <b>*x*\n  if y:\n\n\\(z\\)", "a <b>\\*x\\*\\\n\xa0\xa0if y:\n\n\\\\(z\\\\)"),
        ("moodle_auto_format", "a < b\nc <b>d</b>\n\n<p>x</p>\ny\n<pre>1\n2</pre>",
         "a < b\\\nc **d**\n\nx\n\ny\n\n```\n1\n2\n```"),
        ("markdown", "a *b* <b>c</b>\n- x\n\n| a |\n| - |\n| b |", "a *b* **c**\n\n- x\n\n| a |\n| --- |\n| b |"),
        ("wiki", "<b>x</b>", "**x**"),
    ],
)  # fmt: skip
def test_each_format_is_read_as_moodle_shows_it(text_format, text, expected):
    assert read_text(text, text_format).text == expected


LONG = ["x" * 60_000, "*" * 40_000, "<p>x" * 30_000, "x" * 15_000_001]
DEEP = ["<div>" * 5000, "<b>" * 3000 + "x"]


@pytest.mark.parametrize("html", [*LONG, *DEEP, "<table>" + "<tr><td>x" * 6000], ids=range(7))
def test_what_is_longer_or_deeper_than_a_question_is_refused(html):
    with pytest.raises(HtmlError):
        read_text(html, "html")


def test_markdown_that_is_longer_than_a_text_is_refused():
    with pytest.raises(HtmlError, match="more than 50,000 characters"):
        read_text("x" * 50_001, "markdown")


def test_a_gap_is_written_as_its_label():
    assert markdown((Paragraph((Text("a "), Gap("(1)"))),)).text == "a [(1)]"


@settings(deadline=None)
@given(st.lists(st.sampled_from([*FRAGMENTS, *(tag for tag in TAGS if tag not in SHIFTED)]), max_size=12).map("".join))
def test_no_letter_of_any_html_is_lost(html):
    body = parsed(html)
    expected = "" if body is None else "".join(body.itertext())
    assert letters(to_plain(parse(read_text(html, "html").text))) == letters(expected)


@pytest.mark.parametrize(
    "html", ["<li>" * 9000, "\\(" * 9000, "$$" * 9000, "<!--" * 9000, "<b>a</b>*" * 2000, "<a " * 9000]
)
def test_broken_html_is_read_all_the_same(html):
    assert len(read_text(html, "html").text) < 50_000


@settings(deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS + TAGS), max_size=12).map("".join))
def test_any_html_becomes_text_without_mistakes(html):
    assert {fault.code for fault in faults(read_text(html, "html").text)} <= {"maths"}
