"""What stands before a line's text: a question's number, a choice's label, a word such as 正解 or 解説."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from quizgen.importers.answers import place, plain_label
from quizgen.importers.docx.lines import Line, Span
from quizgen.language import LabelStyle
from quizgen.richtext.tree import Text

RIGHT = "✓✔☑☒○◯〇◎⭕✅"
WRONG = "×✗✘❌☐□"
_LONGEST_HEAD = 100  # characters; what stands before a text is no longer, and no pattern is tried on more
_LONGEST_ROW = 3_000  # of choices beside each other
_STYLES: tuple[LabelStyle, ...] = ("numbers", "letters", "katakana", "iroha")
_NUMBER = "[0-9０-９]{1,3}"
_NO_DIGIT = "[A-Za-zＡ-Ｚａ-ｚァ-ヶｱ-ﾝあ-ん]"
_LETTER = f"{_NO_DIGIT}|[0-9０-９]{{1,2}}"
# A range is no question: 問1～問3に答えよ.
_NO_RANGE = r"(?!\s*[〜~～–‐\-－,、・と及]\s*(?:問|Q|Ｑ)?\s*[0-9０-９])"
_KINDS = {
    "named": re.compile(
        rf"^[\s　]*[■●◆◇□【\[〔]?\s*(?:問題?|設問|[Qq]uestion|Ques\.?|[QＱ]|No\.|問い)\s*[.．]?\s*({_NUMBER})"
        rf"(?![0-9０-９]){_NO_RANGE}\s*[】\]〕]?\s*[.．:：、)）]?[\s　]*"
    ),
    "ordinal": re.compile(rf"^[\s　]*[■●◆◇□【\[〔]?\s*第\s*({_NUMBER})\s*問\s*[】\]〕]?\s*[.．:：、]?[\s　]*"),
    "bracket": re.compile(rf"^[\s　]*[【\[［(（<〈]\s*({_NUMBER})\s*[】\]］)）>〉]\s*"),
    "dot": re.compile(rf"^[\s　]*({_NUMBER})[.．](?![0-9０-９])\s*"),
    "parenthesis": re.compile(rf"^[\s　]*({_NUMBER})[)）]\s*"),
    "comma": re.compile(rf"^[\s　]*({_NUMBER})[、:：]\s*"),
    "blank": re.compile(rf"^({_NUMBER})[\s　]+"),
}
_CHOICE = re.compile(
    rf"^[\s　]*(?P<mark>[{RIGHT}{WRONG}＊*][\s　]*)?(?:"
    rf"[(（\[［〔]\s*(?P<bracketed>{_LETTER})\s*[)）\]］〕]"
    r"|(?P<enclosed>[①-⑳㋐-㋾ⓐ-ⓩⒶ-Ⓩ⑴-⒇⒜-⒵⒈-⒛])"
    rf"|(?P<dotted>{_LETTER})\s*[.)．）、:：](?![0-9])"
    rf"|(?P<bare>{_LETTER})(?=[\s　])"
    r")[\s　]*"
)
_MORE = re.compile(
    rf"(?<=[\t　\ufffc])[\s　]*(?:(?:{_LETTER})\s*[.)．）、:：](?![0-9])|(?:{_NO_DIGIT})(?=[\s　]))"
    rf"|(?<=[\s　])[\s　]*(?:[(（](?:{_LETTER})[)）]|[①-⑳㋐-㋾ⓐ-ⓩⒶ-Ⓩ⑴-⒇⒜-⒵⒈-⒛])"
    rf"|(?<=  )\s*(?:{_LETTER})\s*[.)．）、:：](?![0-9])"
)
_OPEN, _CLOSE = (
    r"^[\s　]*[■●◆◇□▼]?\s*[【\[〔(（<＜「]?\s*",
    r"\s*(?:[】\]〕)）>＞」]\s*[:：=＝]?|[:：=＝]|は(?=[\s　])|$|(?=[\s　]))[\s　]*[:：]?[\s　]*",
)
_ANSWER = re.compile(
    rf"{_OPEN}(?:正解|正答|解答|答え?|模範解答|(?:correct )?answers?|ans\.?|key)(?:一覧|表|例)?{_CLOSE}", re.IGNORECASE
)
_ANSWERS = re.compile(
    rf"{_OPEN}(?:解答|正解|正答|答え|模範解答|正解表)(?:・|と|及び|/|／)?(?:解説|一覧|表|例|解答例)?(?:集|編)?"
    r"\s*[】\]〕)）>＞」]?\s*[:：]?[\s　]*$"
    rf"|{_OPEN}(?:answers?|answer key|answer list|solutions?|key|answers and explanations)\s*[\])>]?\s*[:：]?[\s　]*$",
    re.IGNORECASE,
)
_EXPLANATION = re.compile(rf"{_OPEN}(?:解答)?(?:解説|説明|explanation|rationale|ポイント){_CLOSE}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A line that begins as a question does: the way, its number, and where its text begins."""

    kind: str
    number: int
    start: int


@dataclass(frozen=True, slots=True)
class Labelled:
    """A line that begins as a choice does: the places that its label can mean, and where its text begins.

    `mark` is a sign of right or wrong before the label; `bullet` is set where there is no label but a bullet.
    """

    places: tuple[tuple[LabelStyle, int], ...]
    start: int
    mark: str = ""
    bullet: bool = False


def numbered(line: Line) -> list[Numbered]:
    """The ways in which a line can begin a question."""
    if line.grid or line.code:
        return []
    if line.label and not line.label.bullet:
        of_list = f"list {line.label.list} {line.label.level}"
        match = re.search(f"({_NUMBER})[^0-9０-９]*$", line.label.text)
        return [Numbered(of_list, _whole(match[1]), 0)] if match else []
    text = line.text[:_LONGEST_HEAD]
    matches = ((kind, pattern.match(text)) for kind, pattern in _KINDS.items())
    return [Numbered(kind, _whole(match[1]), match.end()) for kind, match in matches if match]


def _whole(text: str) -> int:
    return int(unicodedata.normalize("NFKC", text))


def labelled(line: Line) -> Labelled | None:
    """The label of a choice before a line; None where there is none."""
    if line.grid:
        return None
    if line.label:
        return _automatic(line)
    match = _CHOICE.match(line.text[:_LONGEST_HEAD])
    if match is None or (match["bare"] and line.code):
        return None
    label = match["bracketed"] or match["enclosed"] or match["dotted"] or match["bare"]
    return Labelled(_places(label), match.end(), (match["mark"] or "").strip())


def _automatic(line: Line) -> Labelled | None:
    text = line.label.text if line.label else ""
    if line.label and line.label.bullet:
        sign = text if text in RIGHT + WRONG else {"\uf0fc": "✓", "\uf0fe": "☑", "\uf0a8": "☐"}.get(text, "")
        typed = _CHOICE.match(line.text[:_LONGEST_HEAD])
        if typed and not typed["bare"]:
            label = typed["bracketed"] or typed["enclosed"] or typed["dotted"]
            return Labelled(_places(label), typed.end(), sign)
        return Labelled((), 0, sign, bullet=True)
    # Of `2.1.` or `問1-ア`, the last is the choice's own.
    own = re.split(r"[-.．](?=[^-.．]+$)", text.rstrip(".．)）"))[-1]
    return Labelled(_places(own), 0)


def _places(label: str) -> tuple[tuple[LabelStyle, int], ...]:
    found = ((style, place(label, style)) for style in _STYLES)
    return tuple((style, at) for style, at in found if at is not None)


def choice_lines(line: Line) -> list[Line]:
    """The choices in a table or beside each other on a line, each as a line; the line itself where there are none."""
    if line.grid is None:
        return _beside_each_other(line)
    cells = [cell for row in line.grid.rows for cell in row if any(not one.blank for one in cell)]
    if len(cells) > 1 and _count_from_first([_first(cell) for cell in cells]):
        return [one for cell in cells for one in cell]
    rows = [_joined(row) for row in line.grid.rows]
    if len(rows) > 1 and all(len(row) > 1 for row in line.grid.rows) and _count_from_first(rows):
        return rows
    return [line]


def _first(cell: Sequence[Line]) -> Line:
    return next(one for one in cell if not one.blank)


def _joined(row: Sequence[Sequence[Line]]) -> Line:
    """The cells of a row as one line."""
    filled = [one for cell in row for one in cell if not one.blank]
    spans = tuple(span for one in filled for span in (*one.spelled_out().spans, Span(Text("\t"))))
    return replace(filled[0], spans=spans[:-1], label=None) if filled else Line(0)


def _count_from_first(lines: Sequence[Line]) -> bool:
    """Whether the labels of lines count from the first of a style."""
    heads = [labelled(line) for line in lines]
    return any(all(head and (style, at) in head.places for at, head in enumerate(heads)) for style in _STYLES)


def _beside_each_other(line: Line) -> list[Line]:
    head = labelled(line)
    text = line.text
    if head is None or line.code or head.bullet or len(text) > _LONGEST_ROW:
        return [line]
    parts = []
    start = 0
    places = dict(head.places)
    for match in _MORE.finditer(text, head.start):
        label = plain_label(match[0])
        following = {style: at for style, at in _places(label) if places.get(style) == at - 1}
        if following:
            parts.append(line.cut(start, match.start()))
            start, places = match.start(), following
    first, *others = [*parts, line.cut(start)]
    return [replace(first, label=line.label), *others]


def after_answer(text: str) -> int | None:
    """Where the answer begins in a line `正解: …`; None for another line."""
    match = _ANSWER.match(text[:_LONGEST_HEAD])
    return match.end() if match else None


def after_explanation(text: str) -> int | None:
    """Where the explanation begins in a line `解説: …`; None for another line."""
    match = _EXPLANATION.match(text[:_LONGEST_HEAD])
    return match.end() if match else None


def is_answers_heading(text: str) -> bool:
    """Whether a line is the heading of a list of answers."""
    return len(text) <= _LONGEST_HEAD and bool(_ANSWERS.match(text))
