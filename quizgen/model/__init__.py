"""What an author may write: banks, exams and assignments as strict, frozen models of the YAML."""

from quizgen.model.assignments import Assignment, Assignments, Check, Criterion, Parameter
from quizgen.model.bank import Bank, Choice, MultipleQuestion, Question, SingleQuestion, Stimulus
from quizgen.model.course import Course, Entry
from quizgen.model.exam import Draw, Exam, Scoring, Section
from quizgen.model.schema import KINDS, json_schema

__all__ = [
    "KINDS",
    "Assignment",
    "Assignments",
    "Bank",
    "Check",
    "Choice",
    "Course",
    "Criterion",
    "Draw",
    "Entry",
    "Exam",
    "MultipleQuestion",
    "Parameter",
    "Question",
    "Scoring",
    "Section",
    "SingleQuestion",
    "Stimulus",
    "json_schema",
]
