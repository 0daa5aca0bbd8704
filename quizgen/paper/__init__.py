"""An exam or a set of assignments with nothing left to chance: what the writers print."""

from quizgen.paper.exam import Group, Paper, Question, Section
from quizgen.paper.pool import Pool
from quizgen.paper.printing import Printing
from quizgen.paper.response import (
    Blank,
    Choice,
    Cloze,
    Gap,
    Item,
    Lines,
    Matching,
    Option,
    Ordering,
    Response,
    Stem,
)
from quizgen.paper.rows import Row, rows
from quizgen.paper.student import Student
from quizgen.paper.worksheet import Assignment, Check, Criterion, Worksheet

Printable = Paper | Worksheet

__all__ = [
    "Assignment",
    "Blank",
    "Check",
    "Choice",
    "Cloze",
    "Criterion",
    "Gap",
    "Group",
    "Item",
    "Lines",
    "Matching",
    "Option",
    "Ordering",
    "Paper",
    "Pool",
    "Printable",
    "Printing",
    "Question",
    "Response",
    "Row",
    "Section",
    "Stem",
    "Student",
    "Worksheet",
    "rows",
]
