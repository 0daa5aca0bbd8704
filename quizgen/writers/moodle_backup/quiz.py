"""A paper as a quiz: its questions in sections, its time, and what students see of the results."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from defusedxml.ElementTree import fromstring

from quizgen.writers import moodle
from quizgen.writers.moodle.html import fragment
from quizgen.writers.moodle.names import shortened
from quizgen.writers.moodle_backup.activity import LONGEST_NAME, Activity, Numbers, Spot, documents, intro, numbers
from quizgen.writers.moodle_backup.nodes import DATE, node
from quizgen.writers.moodle_backup.questions import Bank, Owner, bank

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from quizgen.paper import Paper
    from quizgen.templates import Templates
    from quizgen.writers.moodle_backup.store import Store

# When students see something of their attempt.
_DURING, _AT_ONCE, _LATER, _AFTER_CLOSE = 0x10000, 0x1000, 0x100, 0x10
_REVIEW = {
    "reviewattempt": _DURING | _AFTER_CLOSE,
    "reviewcorrectness": _AFTER_CLOSE,
    "reviewmaxmarks": _DURING | _AT_ONCE | _LATER | _AFTER_CLOSE,
    "reviewmarks": _AFTER_CLOSE,
    "reviewspecificfeedback": _AFTER_CLOSE,
    "reviewgeneralfeedback": _AFTER_CLOSE,
    "reviewrightanswer": _AFTER_CLOSE,
    "reviewoverallfeedback": _AFTER_CLOSE,
}


def quiz(paper: Paper, variant: str, templates: Templates, spot: Spot, store: Store) -> Activity:
    """The activity of a paper; `variant` is what tells it from the exam's other papers."""
    name = shortened(f"{paper.title} {variant}" if variant else paper.title, LONGEST_NAME)
    at = numbers(store)
    owner = Owner(name, f"{paper.course} {paper.id} {variant}", at.module, at.context)
    held = bank(_questions(paper, templates), owner, store)
    own = _quiz(paper, name, held, at, store)
    slug = f"{paper.id}-{variant}" if variant else paper.id
    found = documents(own, name, f"{paper.points:.5f}", at, spot, store, held.categories)
    return Activity("quiz", name, slug, at.module, found, held.nodes)


def _questions(paper: Paper, templates: Templates) -> list[Element]:
    """The paper's questions as Moodle XML, so that an import and a restore agree on every one."""
    (file,) = moodle.write([paper], templates)
    return [element for element in fromstring(file.data).findall("question") if element.get("type") != "category"]


def _quiz(paper: Paper, name: str, held: Bank, at: Numbers, store: Store) -> Element:
    return node(
        "quiz",
        node("question_instances", *_slots(paper, held, at, store)),
        node("sections", *_sections(paper, store)),
        node("feedbacks", _no_feedback(paper, store)),
        node("overrides"),
        node("grades"),
        node("attempts"),
        id_=at.instance,
        name=name,
        intro=intro(fragment(paper.instructions, paper.pictures), "quiz", at, store),
        introformat=1,
        timeopen=0,
        timeclose=0,
        timelimit=60 * (paper.duration or 0),
        overduehandling="autosubmit",
        graceperiod=0,
        preferredbehaviour="deferredfeedback",
        canredoquestions=0,
        attempts_number=1,
        attemptonlast=0,
        grademethod=1,
        decimalpoints=2,
        questiondecimalpoints=-1,
        **_REVIEW,
        questionsperpage=1,
        navmethod="free",
        # The variant's own order is the exam's.
        shuffleanswers=0,
        sumgrades=f"{paper.points:.5f}",
        grade=f"{paper.points:.5f}",
        timecreated=DATE,
        timemodified=DATE,
        password="",
        subnet="",
        browsersecurity="-",
        delay1=0,
        delay2=0,
        showuserpicture=0,
        showblocks=0,
        completionattemptsexhausted=0,
        completionminattempts=0,
        allowofflineattempts=0,
    )


def _slots(paper: Paper, held: Bank, at: Numbers, store: Store) -> Iterator[Element]:
    """The questions in order, each on a page of its own, since each brings its stimulus along."""
    for slot, (question, entry) in enumerate(zip(paper.questions, held.entries, strict=True), 1):
        reference = node(
            "question_reference",
            id_=store.number(),
            usingcontextid=at.context,
            component="mod_quiz",
            questionarea="slot",
            questionbankentryid=entry,
            version=None,
        )
        yield node(
            "question_instance",
            reference,
            id_=store.number(),
            quizid=at.instance,
            slot=slot,
            page=slot,
            displaynumber=None,
            requireprevious=0,
            maxmark=f"{question.points:.7f}",
            quizgradeitemid=None,
        )


def _sections(paper: Paper, store: Store) -> Iterator[Element]:
    first = 1
    for section in paper.sections:
        heading = shortened(section.title, LONGEST_NAME)
        yield node("section", id_=store.number(), firstslot=first, heading=heading, shufflequestions=0)
        first += len(section.questions)


def _no_feedback(paper: Paper, store: Store) -> Element:
    return node(
        "feedback",
        id_=store.number(),
        feedbacktext="",
        feedbacktextformat=1,
        mingrade="0.00000",
        maxgrade=f"{paper.points + 1:.5f}",
    )
