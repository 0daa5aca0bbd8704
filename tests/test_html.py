"""The tree as HTML: what each part becomes, and that nothing of an author's text is ever markup."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizgen.richtext import parse
from quizgen.richtext.html import Dialect, to_html
from quizgen.richtext.plain import to_plain

BLOCKS = {"p", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "hr", "table", "thead", "tbody", "tr", "th", "td"}
TAGS = BLOCKS | {"strong", "em", "br", "a", "b", "i", "pre", "img"}
DIALECT = Dialect(
    math=lambda latex, display: f"<i>{'D' if display else ''}{escape(latex)}</i>",
    image=lambda image: f'<img src="{escape(image.source)}" alt="{escape(image.alt)}">',
    code=lambda text: f"<b>{escape(text)}</b>",
    code_block=lambda block: f"<pre>{escape(block.text)}</pre>",
    ruby=lambda ruby: f"{escape(ruby.base)}({escape(ruby.reading)})",
)


def html(text: str) -> str:
    return to_html(parse(text), DIALECT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a & <b>", "<p>a &amp; &lt;b&gt;</p>"),
        ("a\\\nb", "<p>a<br>b</p>"),
        ("*a **b***", "<p><em>a <strong>b</strong></em></p>"),
        ("# a", "<h4>a</h4>"),
        ("###### a", "<h6>a</h6>"),
        ('[a](<https://e.org/?"&>)', '<p><a href="https://e.org/?%22&amp;">a</a></p>'),
        ("[a](javascript:b)", "<p>a</p>"),
        ("`<` {漢|か} $<$", "<p><b>&lt;</b> 漢(か) <i>&lt;</i></p>"),
        ("$$x$$", '<p class="math"><i>Dx</i></p>'),
        ("![a](b)", '<p class="figure"><img src="b" alt="a"></p>'),
        ("![a](b) c", '<p><img src="b" alt="a"> c</p>'),
        ("> a\n\n---", "<blockquote>\n<p>a</p>\n</blockquote>\n<hr>"),
        ("    <a>\n    b", "<pre>&lt;a&gt;\nb</pre>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a\n   1. b", '<ol start="3">\n<li>a\n<ol>\n<li>b</li>\n</ol></li>\n</ol>'),
        ("- a\n\n  b", "<ul>\n<li><p>a</p>\n<p>b</p></li>\n</ul>"),
        (
            "|a|b|\n|-:|-|\n|1|2|",
            '<table>\n<thead>\n<tr><th style="text-align: right">a</th><th>b</th></tr>\n</thead>\n<tbody>\n'
            '<tr><td style="text-align: right">1</td><td>2</td></tr>\n</tbody>\n</table>',
        ),
        ("", ""),
    ],
)
def test_each_part_has_its_html(text: str, expected: str) -> None:
    assert html(text) == expected


class Reader(HTMLParser):
    """What a reader of HTML finds: the tags, whether they close in order, and the text."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in ("br", "hr", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)


MARKUP = st.sampled_from(
    ["<b>", "</p>", "<!--", "-->", "<?x", "&lt;", "&#60;", '"', "'", "`", "*", "**", "[", "](", ")", "<a:b>", "\n", "|"]
) | st.sampled_from(
    ["\n\n", "# ", "- ", "> ", "\n|-|\n", "$", "$$", "{漢|か}", "![", "onload=", "javascript:", "~~~", "<![CDATA["]
)


@given(st.lists(MARKUP | st.text(max_size=5), max_size=25).map("".join))
def test_no_text_becomes_markup_of_its_own(text: str) -> None:
    found = Reader(html(text))
    assert not found.open
    assert found.tags <= TAGS
    assert found.attributes <= {"class", "style", "start", "href", "src", "alt"}


@given(st.text(st.sampled_from("<>&\"'ab漢"), min_size=1))
def test_what_was_typed_is_what_is_read(text: str) -> None:
    # A list of entities and tags only: no Markdown in it, so every character has to arrive.
    escaped = "".join(f"\\{character}" if character in "<>&\"'" else character for character in text)
    assert Reader(html(escaped)).text == text == to_plain(parse(escaped))
