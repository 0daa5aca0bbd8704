"""The students of a roster that tell what has to be set for all of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from quizgen.paper.student import Student, telling

TEXTS = st.text(alphabet="ab田中髙𠮷あア ", max_size=6)
STUDENTS = st.lists(
    st.builds(lambda number, name, seat: Student(number, name, (("番号", seat),)), TEXTS, TEXTS, TEXTS), max_size=12
)


def values(student: Student) -> tuple[str, ...]:
    return student.id, student.name, student.extra[0][1]


def width(text: str) -> int:
    return len(text) + sum(not character.isascii() for character in text)


@given(STUDENTS)
def test_every_character_and_every_longest_value_is_among_them(students):
    chosen = telling(students)
    assert {*"".join(text for one in chosen for text in values(one))} == {
        *"".join(text for one in students for text in values(one))
    }
    for column in range(3):
        longest = max((width(values(one)[column]) for one in students), default=0)
        assert max((width(values(one)[column]) for one in chosen), default=0) == longest


def test_of_ten_thousand_like_students_few_are_needed():
    students = [Student(f"s{number:05}", "田中 花子") for number in range(10_000)]
    assert len(telling(students)) < 12


def test_a_name_in_a_mixture_of_scripts_that_no_other_has_is_among_them():
    plain = [Student("1", "田中あ"), Student("2", "田あ"), Student("3", "ab")]
    mixed = Student("4", "田a")
    assert mixed in telling([*plain, mixed])
