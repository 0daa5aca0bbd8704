"""The course that the project ships: complete, fair to answer, and of one piece."""

from __future__ import annotations

import csv
import json
import re
import tarfile
from collections import Counter
from difflib import SequenceMatcher
from functools import cache
from io import BytesIO, StringIO
from itertools import combinations
from pathlib import Path

import pypdfium2
import pytest

import word
from quizgen.assemble import Slot, arrange, lower, pool
from quizgen.model import Bank, Course, Exam, Question
from quizgen.paper import Paper, Pool
from quizgen.reader import read, read_banks, read_job
from quizgen.richtext import images, parse
from quizgen.richtext.plain import to_plain
from quizgen.templates import Templates
from quizgen.writers import FORMATS, writer

CONTAINER = Path(__file__).parent.parent / "banks" / "container"
EXAMS = CONTAINER / "exams"
CHAPTERS = {
    "docker": 8,
    "kubernetes": 5,
    "deployment": 6,
    "network": 6,
    "storage": 8,
    "scheduling": 7,
    "resources": 7,
    "availability": 6,
    "cloud": 5,
    "cloud-storage": 3,
}
BANKS = pytest.mark.parametrize("name", [*CHAPTERS, "docker-en"])
ALIKE = 0.85


@cache
def course() -> Course:
    return read_banks(CONTAINER).course


def printed(text: str) -> str:
    return to_plain(parse(text))


def texts(bank: Bank) -> list[str]:
    found = [stimulus.text for stimulus in bank.stimuli]
    for question in bank.questions:
        found += [question.text, question.explanation or "", *(choice.text for choice in question.choices.values())]
    return found


def is_longest(question: Question) -> bool:
    """Whether the right choice is longer than every other."""
    lengths = {label: len(printed(choice.text)) for label, choice in question.choices.items()}
    right = lengths.pop(question.answer[0])
    return right > max(lengths.values())


def alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    # The quick ratios are upper bounds; without them this takes minutes.
    return all(ratio() >= ALIKE for ratio in (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio))


def test_nothing_is_said_of_the_course():
    assert read([CONTAINER]).problems == ()


@BANKS
def test_each_question_is_explained_weighed_and_tagged(name):
    lacking = {
        question.id
        for question in course().banks[name].questions
        if not (question.explanation and {"points", "difficulty"} <= question.model_fields_set)
        or len(set(question.tags)) < 2
    }
    assert lacking == set()


@BANKS
def test_the_longest_choice_is_no_better_a_guess_than_another(name):
    singles = [question for question in course().banks[name].questions if question.type == "single"]
    longest = [is_longest(question) for question in singles]
    assert sum(longest) < len(longest) / 2


@BANKS
def test_no_choice_is_told_by_its_letter_because_choices_are_shuffled(name):
    by_letter = re.compile(
        r"選択肢 ?[A-Za-zア-オ](?![A-Za-zァ-ヶー])|[上下]の選択肢|\b(?:[Cc]hoice|[Oo]ption|[Aa]nswer) [A-F]\b"
    )
    assert [text for text in texts(course().banks[name]) if by_letter.search(printed(text))] == []


def test_each_fact_of_the_course_is_asked():
    facts = {
        bank.id: re.findall(r"(?m)^  # fact (\d+)\n  - id:", path.read_text(encoding="utf-8"))
        for bank in course().banks.values()
        for path in CONTAINER.glob("*.yaml")
        if f"\nid: {bank.id}\n" in path.read_text(encoding="utf-8")
    }
    assert {name: facts[name] for name in CHAPTERS} == {
        name: [str(number) for number in range(1, count + 1)] for name, count in CHAPTERS.items()
    }


def test_a_chapters_test_has_twice_as_many_questions_to_draw_from():
    for number, (name, count) in enumerate(CHAPTERS.items(), start=1):
        exam = read_job(EXAMS / f"chapter-{number:02}.yaml").document
        (section,) = exam.sections
        assert {bank for draw in section.draw for bank in draw.banks} == {name}
        assert sum(draw.count for draw in section.draw) == count
        assert len(course().banks[name].questions) >= 2 * count
    assert sum(len(course().banks[name].questions) for name in CHAPTERS) >= 120


@pytest.mark.parametrize(("exam", "questions", "banks"), [("midterm", 30, 5), ("final", 50, 10)])
def test_the_great_exams_are_worth_a_hundred_points_over_their_chapters(exam, questions, banks):
    sections = read_job(EXAMS / f"{exam}.yaml").document.sections
    drawn = [(draw, section.points) for section in sections for draw in section.draw]
    assert sum(draw.count for draw, _ in drawn) == questions
    assert sum(draw.count * points for draw, points in drawn) == 100
    assert {bank for draw, _ in drawn for bank in draw.banks} == set(list(CHAPTERS)[:banks])


def test_no_question_is_asked_twice():
    stems = {name: printed(entry.question.text) for name, entry in course().entries.items()}
    pairs = [(one, other) for one, other in combinations(stems, 2) if alike(stems[one], stems[other])]
    assert pairs == []


def test_the_pictures_are_those_that_the_questions_show():
    shown = {
        image.source for bank in course().banks.values() for text in texts(bank) for _, image in images(parse(text))
    }
    kept = {path.relative_to(CONTAINER).as_posix() for path in (CONTAINER / "images").iterdir()}
    assert shown == kept


def test_some_questions_show_a_diagram_and_some_share_a_stimulus():
    asked = course().entries.values()
    diagrams = [entry for entry in asked if any(True for _ in images(parse(entry.question.text)))]
    sharing = Counter(entry.unit for entry in asked if entry.stimulus)
    assert len(diagrams) >= 6
    assert sum(count >= 3 for count in sharing.values()) >= 4


@cache
def whole() -> Paper:
    """One paper that asks every question of the course."""
    sections = [
        {"title": bank.title, "shuffle": False, "draw": {"from": name, "count": str(len(bank.questions))}}
        for name, bank in course().banks.items()
    ]
    exam = Exam.model_validate({"kind": "exam", "id": "whole", "title": "全問", "sections": sections})
    return lower(exam, course(), Slot("A"), arrange(exam, course(), "A"))


@pytest.mark.parametrize("name", FORMATS)
def test_every_question_is_built_into_every_format(name):
    """Each format takes the whole course, and what can be counted in a file is all there."""
    printable = pool_of_the_course() if name == "moodle-bank" else whole()
    files = {file.path.name: file.data for file in writer(name).write([printable], Templates())}
    count = sum(len(bank.questions) for bank in course().banks.values())
    match name:
        case "pdf":
            with pypdfium2.PdfDocument(files["booklet.pdf"]) as document:
                text = "".join(page.get_textpage().get_text_range() for page in document)
            assert set(map(int, re.findall(r"問(\d+)", text))) == set(range(1, count + 1))
        case "docx":
            said = "\n".join(word.paragraphs(files["booklet.docx"], "Question"))
            assert set(map(int, re.findall(r"問(\d+)", said))) == set(range(1, count + 1))
        case "moodle" | "moodle-bank":
            (xml,) = files.values()
            assert xml.count(b'<question type="') - xml.count(b'<question type="category"') == count
        case "csv":
            assert len(list(csv.DictReader(StringIO(files["answer-key.csv"].decode("utf-8-sig"))))) == count
        case "json":
            asked = json.dumps(json.loads(files["paper.json"]))
            assert all(f'"{question.id}"' in asked for question in whole().questions)
        case _:
            (backup,) = files.values()
            with tarfile.open(fileobj=BytesIO(backup)) as archive:
                questions = archive.extractfile("questions.xml").read()
            assert questions.count(b"<question_bank_entry ") == count


def pool_of_the_course() -> Pool:
    sections = [{"draw": {"from": name, "count": "1"}} for name in course().banks]
    exam = Exam.model_validate({"kind": "exam", "id": "whole", "title": "全問", "sections": sections})
    return pool(exam, course())
