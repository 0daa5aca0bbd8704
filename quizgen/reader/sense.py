"""The third gate: what a well-formed bank, exam or set of assignments must also hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizgen.model import MultipleQuestion, SingleQuestion
from quizgen.model.pool import all_draws, can_meet, fixed_names, pool
from quizgen.parameters import unknown
from quizgen.reader.figures import figure_findings, figure_ids
from quizgen.reader.finding import Finding, did_you_mean
from quizgen.reader.questions import question_findings, response_texts
from quizgen.richtext import faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from quizgen.model import Assignment, Assignments, Bank, Draw, Exam, Question
    from quizgen.source import Location


def bank_findings(bank: Bank) -> Iterator[Finding]:
    """What a bank must hold: keys that name choices, stimuli that exist, texts that compile."""
    yield from doubled_ids([stimulus.id for stimulus in bank.stimuli], "stimuli", {})
    stimuli = {stimulus.id for stimulus in bank.stimuli}
    for number, question in enumerate(bank.questions):
        yield from question_findings(question, ("questions", number))
        if question.stimulus and question.stimulus not in stimuli:
            hint = did_you_mean(question.stimulus, stimuli)
            message = f"this bank has no stimulus `{question.stimulus}`{hint}"
            yield Finding(("questions", number, "stimulus"), "unknown-stimulus", message)
    for location, text in bank_texts(bank):
        yield from text_findings(location, text)
    yield from _figure_findings(bank)


def _figure_findings(bank: Bank) -> Iterator[Finding]:
    """A question may refer to figures of its own and to those of its stimulus, and to its choices."""
    stimuli = {stimulus.id: figure_ids(stimulus.text) for stimulus in bank.stimuli}
    for number, stimulus in enumerate(bank.stimuli):
        yield from figure_findings([(("stimuli", number, "text"), stimulus.text)])
    for number, question in enumerate(bank.questions):
        common = stimuli.get(question.stimulus or "", frozenset())
        choices = question.choices if isinstance(question, SingleQuestion | MultipleQuestion) else ()
        yield from figure_findings(question_texts(question, ("questions", number)), common, choices)


def bank_texts(bank: Bank) -> Iterator[tuple[Location, str]]:
    """Every Markdown text of a bank, with its place."""
    for number, stimulus in enumerate(bank.stimuli):
        yield ("stimuli", number, "text"), stimulus.text
    for number, question in enumerate(bank.questions):
        yield from question_texts(question, ("questions", number))


def question_texts(question: Question, place: Location) -> Iterator[tuple[Location, str]]:
    """Every Markdown text of a question, with its place."""
    yield (*place, "text"), question.text
    if question.explanation:
        yield (*place, "explanation"), question.explanation
    yield from response_texts(question, place)


def text_findings(location: Location, text: str) -> Iterator[Finding]:
    """What is wrong with a Markdown text."""
    for fault in faults(text):
        yield Finding(location, fault.code, fault.message, line=fault.line)


def doubled_ids(ids: Iterable[str], field: str, first: dict[str, int], start: int = 0) -> Iterator[Finding]:
    """Ids that are taken already; `first` is where each stood first, `start` the number of the first of these."""
    for number, name in enumerate(ids, start):
        if first.setdefault(name, number) != number:
            message = f"the id `{name}` is taken already, by number {first[name] + 1} of these {field}"
            yield Finding((field, number, "id"), "duplicate-id", message)


def assignments_findings(assignments: Assignments) -> Iterator[Finding]:
    """What assignments must hold: ids that differ, rubrics that add up, parameters that exist."""
    yield from doubled_ids([assignment.id for assignment in assignments.assignments], "assignments", {})
    for number, assignment in enumerate(assignments.assignments):
        place: Location = ("assignments", number)
        yield from _rubric_findings(assignment, place)
        yield from _parameter_findings(assignment, place)
        yield from _blank_findings(assignment, place)
        yield from figure_findings(assignment_texts(assignment, place))
    for location, text in assignments_texts(assignments):
        yield from text_findings(location, text)


def _rubric_findings(assignment: Assignment, place: Location) -> Iterator[Finding]:
    if not assignment.rubric:
        return
    best = sum(max(criterion.levels.values()) for criterion in assignment.rubric)
    if best != assignment.points:
        message = f"the best levels of the rubric add up to {best}, but the assignment has {assignment.points} points"
        yield Finding((*place, "rubric"), "rubric-points", message)


def _parameter_findings(assignment: Assignment, place: Location) -> Iterator[Finding]:
    for name, parameter in assignment.parameters.items():
        where = (*place, "parameters", name)
        if not name.isidentifier():
            message = f"`{name}` cannot be a parameter's name; use letters, digits and `_`"
            yield Finding(where, "parameter-name", message, key=True)
        if name == "student":
            yield Finding(where, "parameter-name", "`student` is given already: the student's id", key=True)
        if (parameter.choose is None) == (parameter.range is None):
            message = f"`{name}` needs either `choose: [one, two, …]` or `range: [least, greatest]`"
            yield Finding(where, "parameter", message)
        if parameter.range and parameter.range[0] > parameter.range[1]:
            yield Finding((*where, "range"), "parameter", "the least stands first, then the greatest")


def assignments_texts(assignments: Assignments) -> Iterator[tuple[Location, str]]:
    """Every Markdown text of the assignments, with its place, parameters not filled in."""
    if assignments.text:
        yield ("text",), assignments.text
    for number, assignment in enumerate(assignments.assignments):
        yield from assignment_texts(assignment, ("assignments", number))


def assignment_texts(assignment: Assignment, place: Location) -> Iterator[tuple[Location, str]]:
    """Every Markdown text of an assignment, with its place, parameters not filled in."""
    for field in ("goal", "steps", "submit", "cost", "cleanup", "solution"):
        if text := getattr(assignment, field):
            yield (*place, field), text
    for index, text in enumerate(assignment.prerequisites):
        yield (*place, "prerequisites", index), text


def _blank_findings(assignment: Assignment, place: Location) -> Iterator[Finding]:
    known = {"student", *assignment.parameters}
    texts = [((*place, "title"), assignment.title), *assignment_texts(assignment, place)]
    for index, check in enumerate(assignment.checks):
        texts += [
            ((*place, "checks", index, "run"), check.run),
            ((*place, "checks", index, "expect"), check.expect),
        ]
    for location, text in texts:
        for line, written, name in unknown(text, known):
            yield Finding(location, "unknown-parameter", _blank_message(written, name, known), line=line)


def _blank_message(written: str, name: str, known: set[str]) -> str:
    if not name:
        return f"`{{{{ {written} }}}}` cannot be filled in; between the braces only a parameter's name can stand"
    hint = did_you_mean(name, known)
    return f"no parameter is called `{name}`{hint}; to print the braces themselves, write `\\{{{{`"


def exam_findings(exam: Exam, banks: Mapping[str, Bank]) -> Iterator[Finding]:
    """What an exam must hold against the banks of its course: questions that exist, draws that can be met."""
    if exam.instructions:
        yield from text_findings(("instructions",), exam.instructions)
        yield from figure_findings([(("instructions",), exam.instructions)])
    named: dict[str, int] = {}
    for number, section in enumerate(exam.sections):
        place: Location = ("sections", number)
        if not section.questions and not section.draw:
            yield Finding(place, "empty-section", "a section needs `questions` or `draw`")
        if section.text:
            yield from text_findings((*place, "text"), section.text)
            yield from figure_findings([((*place, "text"), section.text)])
        for index, name in enumerate(section.questions):
            yield from _named_question_findings(name, (*place, "questions", index), banks, named)
    yield from _draw_findings(exam, banks)
    yield from _answer_sheet_findings(exam)


def _answer_sheet_findings(exam: Exam) -> Iterator[Finding]:
    """Sheets for students need a roster; one for all needs papers that are alike but for their variant."""
    place: Location = ("print", "answer_sheets")
    match exam.print.answer_sheets:
        case "student" if not exam.roster:
            message = "there is no roster to take students from; name its file under `roster`, or write `variant`"
            yield Finding(place, "answer-sheets", message)
        case "generic" if exam.roster and not exam.variants:
            message = (
                "every student's paper is drawn for them alone, so that no sheet can serve all; "
                "say how many `variants` there are, or write `student`"
            )
            yield Finding(place, "answer-sheets", message)
        case _:
            return


def _named_question_findings(
    name: str, place: Location, banks: Mapping[str, Bank], named: dict[str, int]
) -> Iterator[Finding]:
    bank, _, question = name.partition("/")
    if not question:
        yield Finding(place, "question-name", f"`{name}` names no bank; write it as bank/question")
    elif bank not in banks:
        yield Finding(place, "unknown-bank", _unknown_bank(bank, banks))
    elif question not in {other.id for other in banks[bank].questions}:
        hint = did_you_mean(question, [other.id for other in banks[bank].questions])
        yield Finding(place, "unknown-question", f"the bank `{bank}` has no question `{question}`{hint}")
    elif name in named:
        yield Finding(place, "asked-twice", f"`{name}` is asked twice in this exam")
    named[name] = 1


def _unknown_bank(bank: str, banks: Iterable[str]) -> str:
    known = sorted(banks)
    listed = f"the banks are {', '.join(known)}" if known else "there are none beside this exam"
    return f"there is no bank `{bank}` in this course{did_you_mean(bank, known)}; {listed}"


def _draw_findings(exam: Exam, banks: Mapping[str, Bank]) -> Iterator[Finding]:
    fixed = fixed_names(exam)
    pools: list[frozenset[str]] = []
    counts: list[int] = []
    short = False
    for section, number, draw in all_draws(exam):
        place: Location = ("sections", section, "draw", number)
        for index, bank in enumerate(draw.banks):
            if bank not in banks:
                short = True
                yield Finding((*place, "from", index), "unknown-bank", _unknown_bank(bank, banks))
        names = frozenset(pool(banks, draw, fixed))
        if len(names) < draw.count and all(bank in banks for bank in draw.banks):
            short = True
            yield Finding((*place, "count"), "pool-too-small", _shortage(draw, names, fixed, banks))
        pools.append(names)
        counts.append(draw.count)
    if not short and not can_meet(counts, pools):
        message = (
            f"the draws of this exam ask for {sum(counts)} different questions of pools that overlap, "
            f"which together have {len(frozenset().union(*pools))} and cannot meet them all; lower a count"
        )
        yield Finding(("sections",), "pools-too-small", message, key=True)


def _shortage(draw: Draw, names: frozenset[str], fixed: frozenset[str], banks: Mapping[str, Bank]) -> str:
    what = " ".join(filter(None, [" or ".join(draw.difficulty), "questions", _tagged(draw)]))
    there = f"there {'is' if len(names) == 1 else 'are'} {len(names)}"
    besides = len(pool(banks, draw)) - len(names)
    also = f" besides the {besides} that the exam names itself" if besides and fixed else ""
    return f"needs {draw.count} {what} from {', '.join(draw.banks)}, {there}{also}"


def _tagged(draw: Draw) -> str:
    return f"tagged {' or '.join(draw.tags)}" if draw.tags else ""
