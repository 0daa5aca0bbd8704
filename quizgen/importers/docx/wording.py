"""What the words of a question say of it: its points, and whether one choice is asked for or several."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from quizgen.importers.docx.lines import Line

_OPEN, _CLOSE = r"[\s　]*[（(【\[<＜][\s　]*", r"[\s　]*[）)】\]>＞][\s　]*"
_POINTS = r"(?:配点[\s　:：]*)?(?P<points>[0-9０-９]{1,4}(?:[.．][0-9０-９]{1,2})?)[\s　]*(?:点|points?|pts?\.?|marks?)"
_SEVERAL = "(?P<several>複数選択|複数回答|複数解答|すべて選択|select all that apply|choose all that apply)"
_MARK = rf"{_OPEN}(?:{_POINTS}|{_SEVERAL}){_CLOSE}"
# Of a mark sheet's row, in its box; it is counted anew on each paper.
_ROW = r"\s*(?:解答番号|answer no\.)\s*[\[［]?\s*[0-9０-９]{1,3}(?![0-9０-９])\s*[\]］]?\s*"
_FIRST, _LAST = re.compile(f"^(?:{_MARK}|{_ROW})", re.IGNORECASE), re.compile(f"{_MARK}$", re.IGNORECASE)
_MOST_MARKS = 4
_LONGEST_MARK = 60  # characters, with the blanks around it
_ASKS_SEVERAL = re.compile(
    r"(?:すべて|全て|[2-9２-９二三四五六]つ|ふたつ|みっつ|複数)(?:を|、)?\s*(?:選|挙げ|答え|チェック)"
    r"|all that apply|(?:select|choose|pick|mark) (?:all|two|three|four|[2-4])\b|which (?:two|three)\b",
    re.IGNORECASE,
)
_ASKS_ONE = re.compile(
    r"(?:[1１一][つ個]|ひとつ)(?:だけ)?を?\s*(?:選|挙げ|答え)|(?:select|choose|pick|mark) (?:the )?(?:one|best|1)\b",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"(?:問|Q|questions? )\s*(\d{1,3})\s*(?:[~〜～–\-－,、と]|から|to|and)\s*(?:問|Q)?\s*(\d{1,3})", re.IGNORECASE
)
_THING = (
    "文|図|表|グラフ|資料|会話|説明|記述|プログラム|コード|マニフェスト|設定|構成|出力|画面|コマンド|状況"
    "|Dockerfile|YAML"
)
_LEADS_ON = re.compile(
    rf"(?:次|以下|下記|下|右)の(?:{_THING})|\b(?:read|refer to|look at|study|consider)\b"
    r"|following (?:text|passage|figure|table|code|manifest|program|output|diagram|situation|command)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Stem:
    """A question's lines without the marks beside them, and what these say; points None where none does."""

    lines: tuple[Line, ...]
    points: Decimal | None = None
    several: bool = False

    @property
    def asks_several(self) -> bool:
        """Whether it asks for several choices."""
        return self.several or bool(_ASKS_SEVERAL.search(self.text))

    @property
    def asks_one(self) -> bool:
        """Whether it asks for one choice and no more."""
        return not self.several and bool(_ASKS_ONE.search(self.text))

    @property
    def text(self) -> str:
        """The plain text."""
        return "\n".join(line.whole for line in self.lines)


def stem(lines: Sequence[Line]) -> Stem:
    """A question's lines, with marks such as `（2点）` and `【複数選択】` taken off."""
    points: Decimal | None = None
    several = False
    kept = list(lines)
    for _ in range(_MOST_MARKS):
        found = _mark(kept)
        if found is None:
            break
        at, match, kept[at] = found
        several = several or bool(match["several"])
        points = Decimal(match["points"].replace("．", ".")) if match["points"] else points
    return Stem(tuple(kept), points or None, several)


def _mark(lines: Sequence[Line]) -> tuple[int, re.Match[str], Line] | None:
    """A mark at the start of the first line or at the end of the last: its place, and the line without it."""
    filled = [at for at, line in enumerate(lines) if line.text.strip() and not line.code]
    if not filled:
        return None
    first, last = lines[filled[0]], lines[filled[-1]]
    before = _FIRST.match(first.text[:_LONGEST_MARK])
    if before:
        return filled[0], before, first.cut(before.end())
    start = max(len(last.text) - _LONGEST_MARK, 0)
    behind = _LAST.search(last.text[start:])
    return (filled[-1], behind, last.cut(0, start + behind.start())) if behind else None


def asked_range(text: str) -> tuple[int, int] | None:
    """The numbers of the questions that a common text says it is for: `問3～問5`."""
    match = _RANGE.search(text)
    return (int(match[1]), int(match[2])) if match else None


def leads_on(text: str) -> bool:
    """Whether a text speaks of what follows it."""
    return bool(_LEADS_ON.search(text))
