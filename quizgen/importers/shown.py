"""What a spreadsheet shows for a number: by its format where that is plain, and a doubt where it is not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, DecimalException

_BUILT_IN = {
    **dict(zip((1, 2, 3, 4, 9, 10, 49), ("0", "0.00", "#,##0", "#,##0.00", "0%", "0.00%", "@"), strict=True)),
    **dict.fromkeys((11, 48), "0.00E+00"),
    **dict.fromkeys((*range(14, 18), *range(27, 32), 36, *range(50, 55), 57, 58), "yyyy-mm-dd"),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56), "hh:mm:ss"),
    22: "yyyy-mm-dd hh:mm",
}
_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_PLAIN = re.compile(r"(#,##)?0(?:\.(0+))?(%)?")
_LONGEST = 400  # characters; Excel has no number that is longer, nor has a format so many decimals
_LAST_DAY = 2_958_466  # of the year 9999


@dataclass(frozen=True, slots=True)
class Shown:
    """The text that stands for a number, and what is doubtful about it."""

    text: str
    code: str = ""
    doubt: str = ""


def format_code(number: int, own: dict[int, str]) -> str:
    """The format with this number: one of the workbook's own, or one that every workbook has."""
    return own.get(number, _BUILT_IN.get(number, "General"))


def shown(value: str, code: str, *, from_1904: bool) -> Shown | None:
    """A number as its format shows it; None when it is no number."""
    try:
        number = Decimal(value)
    except DecimalException:
        return None
    if not number.is_finite() or abs(number.adjusted()) > _LONGEST:
        return None
    first = _NOT_FORMAT.sub("", code.partition(";")[0])
    if code != "General" and re.search("[ymdhsg年月日時分秒]", first.casefold().replace("general", "")):
        return _date(number, first, from_1904=from_1904)
    plain = _PLAIN.fullmatch(first.strip())
    return Shown(_formatted(number, plain)) if plain else _general(number, code)


def _formatted(number: Decimal, plain: re.Match[str]) -> str:
    decimals = min(len(plain[2] or ""), 30)
    shifted = number * 100 if plain[3] else number
    rounded = shifted.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) if shifted.adjusted() < 20 else shifted
    return f"{rounded:{',' if plain[1] else ''}f}{plain[3] or ''}"


def _general(number: Decimal, code: str) -> Shown:
    # Excel counts with 15 digits; a file may have the 17 of 0.1 + 0.2.
    text = f"{Decimal(f'{number:.15g}').normalize():f}"
    if code not in ("General", "@", ""):
        return Shown(text, "number-cell", f"shows the number {text} in the format {code[:30]}, which is not imported")
    if number != number.to_integral_value():
        doubt = f"is the number {text}; if it was typed as {text}0, the 0 is lost, and only a text keeps it"
        return Shown(text, "number-cell", doubt)
    return Shown(text)


def _date(number: Decimal, code: str, *, from_1904: bool) -> Shown | None:
    days = number + (1462 if from_1904 else 0)
    if not 0 <= days < _LAST_DAY:
        return None
    # The calendar of Excel has a 29 February 1900.
    start = datetime(1899, 12, 30 if days >= 61 else 31)  # noqa: DTZ001 - a date on a wall, of no zone
    moment = start + timedelta(seconds=round(float(days) * 86_400))
    clock = f"{moment:%H:%M:%S}".removesuffix(":00")
    if number < 1 or not re.search("[ymd年月日]", code.casefold().replace("am/pm", "")):
        text = clock
    else:
        text = f"{moment.year:04}-{moment:%m-%d}" + ("" if clock == "00:00" else f" {clock}")
    return Shown(text, "date-cell", f"is a date or a time, {text}, perhaps made of something else that was typed (1/4)")
