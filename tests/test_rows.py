"""The rows of a mark sheet: one for each mark that a question asks for, numbered through the paper."""

from __future__ import annotations

from dataclasses import replace

import pytest

from papers import every_kind, matching, ordering, paper, plain_choice, question, text
from quizgen.language import GAP_LABELS
from quizgen.paper import Blank, Cloze, Gap, Lines, Paper, Response, rows
from quizgen.paper.printing import Printing
from quizgen.paper.rows import MOST_SYMBOLS, SIGNS


def asked(*responses: Response) -> Paper:
    return paper(*(question(number, response) for number, response in enumerate(responses, 1)))


def test_every_kind_has_the_rows_that_its_answer_takes() -> None:
    found = [(row.number, row.label, row.kind, len(row.symbols)) for row in rows(every_kind("ja"))]
    assert found == [
        (1, "1", "choice", 2),
        *((number, f"4({number - 1})", "stem", 4) for number in (2, 3, 4)),
        *((number, f"5({number - 4})", "place", 3) for number in (5, 6, 7)),
        (8, "7(2)", "gap", 3),
    ]


def test_a_number_has_a_row_for_each_of_its_signs() -> None:
    found = rows(asked(Blank(("-0.5",), digits=4), Blank(("7",), digits=1), Blank(("12",))))
    assert [row.label for row in found] == ["1(1)", "1(2)", "1(3)", "1(4)", "2"]
    assert {row.symbols for row in found} == {SIGNS}
    assert {row.kind for row in found} == {"digit"}


def test_only_choices_of_several_ask_for_all_that_apply() -> None:
    found = rows(asked(plain_choice(2, 3), plain_choice(1, 3, many=False)))
    assert [row.many for row in found] == [True, False]


@pytest.mark.parametrize(("symbols", "count"), [(MOST_SYMBOLS, 1), (MOST_SYMBOLS + 1, 0)])
def test_what_has_more_symbols_than_a_row_is_written(symbols: int, count: int) -> None:
    assert len(rows(asked(plain_choice(1, symbols - 1)))) == count


def test_texts_have_no_rows() -> None:
    assert rows(asked(Lines(3), Blank(("a",)), Cloze((Gap(GAP_LABELS[0], Blank(("a",))),)))) == ()


@pytest.mark.parametrize("answers", ["boxes", "booklet"])
def test_a_paper_without_a_mark_sheet_has_no_rows(answers: str) -> None:
    assert rows(replace(every_kind("ja"), printing=Printing(answers=answers))) == ()  # type: ignore[arg-type]


def test_rows_do_not_tell_the_key() -> None:
    sides = (text("one"), text("two"))
    first = asked(matching("en", {"a": sides[0]}, sides), ordering("en", (text("x"), 1), (text("y"), 2)))
    other = asked(matching("en", {"a": sides[1]}, sides), ordering("en", (text("x"), 2), (text("y"), 1)))
    assert rows(first) == rows(other) == rows(first.without_key())
