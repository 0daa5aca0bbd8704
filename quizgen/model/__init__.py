"""What an author may write: banks, exams and assignments as strict, frozen models of the YAML."""

from quizgen.model.assignments import Assignment, Assignments, Check, Criterion, Parameter
from quizgen.model.bank import Bank, Stimulus
from quizgen.model.course import Course, Entry
from quizgen.model.exam import Draw, Exam, Scoring, Section
from quizgen.model.printing import Print
from quizgen.model.question import (
    Choice,
    ClozeBlank,
    ClozeQuestion,
    EssayQuestion,
    MatchingQuestion,
    MultipleQuestion,
    NumericalQuestion,
    OrderingQuestion,
    Pair,
    Question,
    ShortAnswerQuestion,
    SingleQuestion,
    TrueFalseQuestion,
)
from quizgen.model.schema import KINDS, json_schema
from quizgen.model.translated import Translated, in_language, languages, spoken

__all__ = [
    "KINDS",
    "Assignment",
    "Assignments",
    "Bank",
    "Check",
    "Choice",
    "ClozeBlank",
    "ClozeQuestion",
    "Course",
    "Criterion",
    "Draw",
    "Entry",
    "EssayQuestion",
    "Exam",
    "MatchingQuestion",
    "MultipleQuestion",
    "NumericalQuestion",
    "OrderingQuestion",
    "Pair",
    "Parameter",
    "Print",
    "Question",
    "Scoring",
    "Section",
    "ShortAnswerQuestion",
    "SingleQuestion",
    "Stimulus",
    "Translated",
    "TrueFalseQuestion",
    "in_language",
    "json_schema",
    "languages",
    "spoken",
]
