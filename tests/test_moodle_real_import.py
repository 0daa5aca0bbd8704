"""What a real Moodle took from our export and exports again is imported as the questions it was made of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import papers
from moodle_site import ask, needs_moodle
from quizgen.importers.imported import QuestionDraft, StimulusDraft
from quizgen.importers.moodle import read
from quizgen.paper import Paper
from quizgen.problems import Position
from quizgen.templates import Templates
from quizgen.writers import moodle

pytestmark = needs_moodle


def drafts(data: bytes) -> list[tuple[QuestionDraft, str]]:
    """The questions, each with its stimulus, by their ids, whatever bank and line they stand in."""
    banks = read("x.xml", data).banks
    stimuli = [{one.id: one.text for one in (*bank.stimuli, StimulusDraft("", ""))} for bank in banks]
    found = [(one, texts[one.stimulus]) for bank, texts in zip(banks, stimuli, strict=True) for one in bank.questions]
    plain = [(replace(one, position=Position(""), stimulus=""), text) for one, text in found]
    return sorted(plain, key=lambda pair: pair[0].id)


@pytest.mark.parametrize("paper", [papers.japanese(), papers.english()], ids=["ja", "en"])
def test_moodles_own_export_is_imported_as_ours_is(paper: Paper, tmp_path: Path) -> None:
    (file,) = moodle.write([paper], Templates())
    sent = tmp_path / "sent.xml"
    sent.write_bytes(file.data)
    answer = ask("questions", xml=str(sent), attempts=[[] for _ in paper.questions])
    assert len(drafts(file.data)) == len(paper.questions)
    assert drafts(answer["exported"].encode()) == drafts(file.data)
