"""Characters to elements: any HTML, however broken, within bounds; what is no tag of HTML stays text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from quizgen.importers.text import UNPRINTABLE, one_line_end
from quizgen.problems import QuizgenError

if TYPE_CHECKING:
    from lxml.etree import _Element

_LONGEST = 15_000_000  # characters, nearly all of them pictures'
_DEEPEST = 80

_TAGS = (
    "a abbr acronym address applet area article aside audio b base bdi bdo big blockquote body br button canvas "
    "caption center cite code col colgroup data dd del details dfn dir div dl dt em embed fieldset figcaption figure "
    "font footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins kbd label legend li link main map "
    "mark math menu meta meter nav nolink noscript object ol optgroup option output p param picture pre progress q rb "
    "rbc rp rt rtc ruby s samp script section select small source span strike strong style sub summary sup svg table "
    "tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr "
    # What is inside <math> and <svg> has names of its own.
    "annotation maction menclose mfrac mi mn mo mover mpadded mphantom mroot mrow ms mspace msqrt mstyle msub msubsup "
    "msup mtable mtd mtext mtr munder munderover none semantics "
    "circle clippath defs desc ellipse g line lineargradient marker path polygon polyline radialgradient rect stop "
    "symbol text tspan use"
)
_KNOWN = frozenset(_TAGS.split())
# What Word leaves behind in an editor.
_WORDS_OWN = re.compile(r"</?(?:o|w|v|m|st1):[a-zA-Z0-9]{1,30}(?:\s[^<>]{0,500})?/?>|<!\[(?:if|endif)[^<>]{0,100}>")
_TAG = re.compile(r"<(?:/?([A-Za-z][A-Za-z0-9]*)(?=[\s/>])|(!--))?")


class HtmlError(QuizgenError):
    """Why a text cannot be read; the sentence goes on after the text's name."""


def parsed(html: str) -> _Element | None:
    """The body of a piece of HTML; None when there is nothing in it."""
    from lxml import etree

    if len(html) > _LONGEST:
        raise HtmlError(f"has {len(html):,} characters, the most is {_LONGEST:,}")
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    clean = UNPRINTABLE.sub("", one_line_end(_TAG.sub(_known_tag, _WORDS_OWN.sub("", html))))
    root = etree.fromstring(f"<body>{clean}</body>".encode(), parser)
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log) or _depth(root) > _DEEPEST:
        raise HtmlError("has elements nested too deep, or one that is too long")
    body = root.find("body")
    # A frame of elements cannot stand in a body; what it holds is what the text holds.
    return root if body is None else body


def _known_tag(match: re.Match[str]) -> str:
    """The tag, or its `<` as text where HTML has none of that name: `a < b`, `List<String>`, `<コンテナID>`."""
    name = (match[1] or "").lower()
    return match[0] if match[2] or name in _KNOWN else f"&lt;{match[0][1:]}"


def _depth(root: _Element) -> int:
    from lxml import etree

    deepest = depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(depth, deepest)
    return deepest
