"""Bad files and what is said of each, word for word; good files, of which nothing is said."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from quizgen.cli.terminal import text_report
from quizgen.problems import Problem, ProblemsError
from quizgen.reader import Reading, read, read_job

BANKS = Path(__file__).parent / "banks"
BAD = sorted(path.name for path in (BANKS / "bad").iterdir())


def problems(path: Path, data: bytes | str) -> tuple[Problem, ...]:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read([path]).problems


@pytest.mark.parametrize("name", BAD)
def test_each_bad_file_is_told_its_problems_word_for_word(name, golden, monkeypatch):
    monkeypatch.chdir(BANKS / "bad")
    found = read([Path(name)]).problems
    assert found
    golden(f"problems/{name.removesuffix('.yaml')}.txt", text_report(found) + "\n")


@pytest.mark.parametrize("path", sorted((BANKS / "ok").rglob("*.yaml")), ids=lambda path: path.stem)
def test_nothing_is_said_of_a_good_file(path):
    assert read([path]).problems == ()


def test_fifty_faults_over_ten_files_are_fifty_lines(tmp_path):
    bank = "kind: bank\nid: bank-N\ntitle: t\nquestions:\n" + "".join(
        f"  - {{id: q{n}, type: single, text: x, choices: {{a: one, b: two}}, answer: z}}\n" for n in range(5)
    )
    for number in range(10):
        (tmp_path / f"{number}.yaml").write_text(bank.replace("N", str(number)))
    found = read([tmp_path]).problems
    assert len(found) == 50
    assert found == tuple(sorted(found))
    assert {problem.code for problem in found} == {"unknown-answer"}


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("cp932", "Shift_JIS"), ("euc-jp", "EUC-JP"), ("utf-16", "UTF-16"), ("utf-16-be", "UTF-16")],
)
def test_a_wrong_encoding_is_named_with_the_way_to_convert_it(tmp_path, encoding, name):
    (problem,) = problems(tmp_path / "bank.yaml", "kind: bank\ntitle: コンテナの基本\n".encode(encoding))
    assert problem.code == "encoding"
    assert f"in {name}, not UTF-8" in problem.message
    assert "iconv" in problem.message


def test_bytes_of_no_encoding_are_pointed_at(tmp_path):
    (problem,) = problems(tmp_path / "bank.yaml", b"kind: bank\ntitle: \xff\xfe\xfa\n")
    assert (problem.position.line, problem.position.column, problem.code) == (2, 8, "encoding")


def test_control_characters_are_pointed_at_and_kept_from_the_terminal(tmp_path):
    found = problems(tmp_path / "bank.yaml", "kind: bank\nid: a\0b\ntitle: \x1b[31mred\n")
    assert [(problem.position.line, problem.position.column) for problem in found] == [(2, 6), (3, 8)]
    assert not re.search(r"[\0\x1b]", text_report(found))


def test_a_byte_order_mark_is_no_problem(tmp_path):
    (problem,) = problems(tmp_path / "bank.yaml", b"\xef\xbb\xbfkind: quiz\n")
    assert (problem.position.column, problem.code) == (7, "unknown-kind")


def test_a_file_too_large_is_refused_unread(tmp_path):
    path = tmp_path / "huge.yaml"
    with path.open("wb") as stream:
        stream.truncate(100_000_000)
    (problem,) = read([path]).problems
    assert (problem.code, str(problem.position)) == ("too-large", str(path))


@pytest.mark.skipif(sys.platform == "win32", reason="needs a named pipe")
def test_a_pipe_is_refused_rather_than_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    (problem,) = read([tmp_path / "pipe.yaml"]).problems
    assert problem.code == "not-a-file"


def test_a_picture_behind_a_link_out_of_the_folder_is_refused(tmp_path):
    (tmp_path / "secret.png").write_bytes(b"secret")
    course = tmp_path / "course"
    (course / "images").mkdir(parents=True)
    (course / "images" / "a.png").symlink_to(tmp_path / "secret.png")
    bank = "kind: bank\nid: b\ntitle: t\nquestions:\n  - {id: q, type: single, text: '![x](images/a.png)', "
    (problem,) = problems(course / "bank.yaml", bank + "choices: {a: one, b: two}, answer: a}\n")
    assert problem.code == "image-outside"


def test_text_fields_take_what_was_written(tmp_path):
    path = tmp_path / "exams" / "exam.yaml"
    path.parent.mkdir()
    (tmp_path / "bank.yaml").write_text(
        "kind: bank\nid: b\ntitle: 1.20\nquestions:\n"
        "  - {id: q, type: single, text: 09:30, choices: {a: NO, b: null, c: 0x10, d: 1_000}, answer: a}\n"
    )
    path.write_text("kind: exam\nid: e\ntitle: on\nsections: [{questions: b/q}]\n")
    job = read_job(path)
    (question,) = job.course.banks["b"].questions
    assert job.course.banks["b"].title == "1.20"
    assert question.text == "09:30"
    assert [choice.text for choice in question.choices.values()] == ["NO", "null", "0x10", "1_000"]
    assert job.document.title == "on"


def test_aliases_work(tmp_path):
    found = problems(
        tmp_path / "bank.yaml",
        "kind: bank\nid: b\ntitle: t\nquestions:\n"
        "  - {id: q, type: single, text: x, choices: &truth {a: true, b: false}, answer: a}\n"
        "  - {id: r, type: single, text: y, choices: *truth, answer: b}\n",
    )
    assert found == ()


def test_an_exam_is_not_blamed_for_a_bank_that_cannot_be_read(tmp_path):
    (tmp_path / "exams").mkdir()
    (tmp_path / "bank.yaml").write_text("kind: bank\nid: b\n")
    path = tmp_path / "exams" / "e.yaml"
    found = problems(path, "kind: exam\nid: e\ntitle: t\nsections: [{draw: {from: b, count: 1}}]\n")
    assert {problem.position.path for problem in found} == {str(tmp_path / "bank.yaml")}


def test_a_bank_is_not_built_but_told_so(tmp_path):
    path = tmp_path / "bank.yaml"
    problems(
        path,
        "kind: bank\nid: b\ntitle: t\nquestions: [{id: q, type: single, text: x, choices: {a: 1, b: 2}, answer: a}]\n",
    )
    with pytest.raises(ProblemsError, match="not-an-exam"):
        read_job(path)


ROSTERS = {
    "id,name\ns1,山田\ns1,again\n": "roster-id",
    "id,name\n../up,x\n": "roster-id",
    "name,seat\n山田,1\n": "roster-columns",
    "id,name\n": "roster-empty",
}


@pytest.mark.parametrize(("text", "code"), ROSTERS.items())
def test_a_roster_that_is_wrong_is_told_where(tmp_path, text, code):
    (tmp_path / "bank.yaml").write_text(
        "kind: bank\nid: b\ntitle: t\nquestions: [{id: q, type: single, text: x, choices: {a: 1, b: 2}, answer: a}]\n"
    )
    (tmp_path / "roster.csv").write_text(text)
    path = tmp_path / "exam.yaml"
    found = problems(path, "kind: exam\nid: e\ntitle: t\nroster: roster.csv\nsections: [{questions: b/q}]\n")
    assert [problem.code for problem in found] == [code]
    assert found[0].position.path.endswith("roster.csv")


def test_a_roster_gives_students_with_their_further_columns(tmp_path):
    (tmp_path / "bank.yaml").write_text(
        "kind: bank\nid: b\ntitle: t\nquestions: [{id: q, type: single, text: x, choices: {a: 1, b: 2}, answer: a}]\n"
    )
    (tmp_path / "roster.csv").write_text("氏名,学籍番号,座席\n髙橋,S-01,A1\n\n𠮷田,S-02,A2\n")
    path = tmp_path / "exam.yaml"
    path.write_text("kind: exam\nid: e\ntitle: t\nroster: roster.csv\nsections: [{questions: b/q}]\n")
    students = read_job(path).students
    assert [(s.id, s.name, s.extra) for s in students] == [
        ("S-01", "髙橋", (("座席", "A1"),)),
        ("S-02", "𠮷田", (("座席", "A2"),)),
    ]


def test_deep_nesting_and_alias_bombs_end_in_bounded_memory(tmp_path):
    """In a process that may take 1 GB: a bomb that went off would end it with a MemoryError's traceback."""
    script = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
        "from pathlib import Path; from quizgen.reader import read\n"
        "print([p.code for p in read([Path(p) for p in sys.argv[1:]]).problems])"
    )
    files = [str(BANKS / "bad" / name) for name in ("alias-bomb.yaml", "deep.yaml", "recursive-alias.yaml")]
    run = subprocess.run(
        [sys.executable, "-c", script, *files], capture_output=True, text=True, check=False, timeout=60
    )
    assert run.stdout == "['alias-bomb', 'too-deep', 'recursive-alias']\n", run.stderr


def test_a_bank_of_thousands_is_read_in_parts_as_if_it_were_in_one(tmp_path):
    names = [*(f"q{number}" for number in range(2100)), "q7"]
    questions = [f"  - {{id: {name}, type: true-false, text: 'about {name}', answer: true}}" for name in names]
    questions[1500] = questions[1500].replace("true-false", "essay").replace("answer", "lines").replace("true", "soon")
    questions[2050] = questions[2050].replace("about", "$$ about")
    (tmp_path / "b.yaml").write_text("\n".join(["kind: bank", "id: b", "title: t", "questions:", *questions]) + "\n")
    found = [(problem.position.line, problem.code) for problem in read([tmp_path]).problems]
    assert found == [(1505, "not-a-number"), (2055, "unclosed-maths"), (2105, "duplicate-id")]


def test_an_exam_draws_from_a_bank_of_thousands(tmp_path):
    questions = [f"  - {{id: q{n}, type: true-false, text: t, answer: true, tags: [t{n}]}}" for n in range(1200)]
    (tmp_path / "b.yaml").write_text("\n".join(["kind: bank", "id: b", "title: t", "questions:", *questions]) + "\n")
    exam = tmp_path / "exams" / "e.yaml"
    exam.parent.mkdir()
    exam.write_text("{kind: exam, id: e, title: t, sections: [{draw: {from: b, count: 1, tags: t1100}}]}")
    assert read([tmp_path]) == Reading((), 2, 1200)
    assert len(read_job(exam).course.entries) == 1200
