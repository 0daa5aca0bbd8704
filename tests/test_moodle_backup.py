"""Moodle backups without a Moodle: everything that is referred to is there, and the same paper gives the same bytes."""

from __future__ import annotations

import gzip
import re
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from hashlib import sha1
from io import BytesIO
from urllib.parse import unquote

import pytest
from defusedxml.ElementTree import fromstring
from lxml import etree

import papers
from papers import paper, plain_choice, question, text
from quizgen.paper import Group, Paper, Printable, Section, Student
from quizgen.problems import QuizgenError
from quizgen.richtext.tree import Image
from quizgen.templates import Templates
from quizgen.writers import moodle, moodle_backup, moodle_course, writer
from quizgen.writers.moodle_backup.cloze import take_apart
from quizgen.writers.moodle_backup.qtypes import Place, plugin
from quizgen.writers.moodle_backup.store import Store

Documents = dict[str, etree._Element]


def with_pictures() -> Paper:
    """An exam whose instructions show a picture, too."""
    return replace(papers.english(), instructions=text("Look: ", Image(papers.ICON.name, "an icon")))


SAMPLES: dict[str, tuple[Printable, ...]] = {
    "kinds": (papers.every_kind("ja"), papers.every_kind("ja", "B")),
    "final": (papers.japanese(), papers.shuffled(papers.japanese(), "B")),
    "midterm": (with_pictures(),),
    "container-labs": (papers.worksheet("ja"),),
    "labs": (papers.worksheet("en"),),
}
ARCHIVES = [(name, form) for name in SAMPLES for form in ("moodle-backup", "moodle-course")]


def files(form: str, *printables: Printable) -> dict[str, bytes]:
    return {file.path.name: file.data for file in writer(form).write(printables, Templates())}


def unpacked(data: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=BytesIO(data)) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive}


def documents(data: bytes) -> Documents:
    return {name: etree.fromstring(part) for name, part in unpacked(data).items() if name.endswith(".xml")}


def only(form: str, *printables: Printable) -> Documents:
    (data,) = files(form, *printables).values()
    return documents(data)


def found(parts: Documents, kind: str) -> etree._Element:
    (element,) = [root.find(kind) for name, root in parts.items() if name.endswith(f"/{kind}.xml")]
    return element


def quiz(p: Printable) -> etree._Element:
    return found(only("moodle-backup", p), "quiz")


def values(parts: Documents, path: str) -> list[str]:
    return [value for root in parts.values() for value in root.xpath(path)]


@pytest.fixture(params=ARCHIVES, ids="-".join)
def archives(request: pytest.FixtureRequest) -> list[bytes]:
    name, form = request.param
    return list(files(form, *SAMPLES[name]).values())


# The files


def test_each_variant_and_each_assignment_has_a_file_of_its_own() -> None:
    assert list(files("moodle-backup", *SAMPLES["final"])) == ["final-A.mbz", "final-B.mbz"]
    assert list(files("moodle-backup", *SAMPLES["midterm"])) == ["midterm.mbz"]
    assert list(files("moodle-backup", *SAMPLES["container-labs"])) == [
        "container-labs-nginx.mbz",
        "container-labs-least.mbz",
    ]


def test_a_course_has_them_all_in_one_file() -> None:
    ((name, data),) = files("moodle-course", *SAMPLES["final"]).items()
    assert name == "final-course.mbz"
    titles = documents(data)["moodle_backup.xml"].xpath("//activity/title/text()")
    assert titles == ["コンテナ技術 期末試験 A", "コンテナ技術 期末試験 B"]


def test_moodle_knows_the_archive_by_its_beginning(archives: list[bytes]) -> None:
    for data in archives:
        head = unpacked(data)["moodle_backup.xml"][:200]
        assert head.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
        assert b"<moodle_backup><information>" in head


def test_the_archive_holds_what_a_restore_looks_for(archives: list[bytes]) -> None:
    for data in archives:
        parts = documents(data)
        roots = {f"{name}.xml" for name in ("questions", "files", "groups", "roles", "scales", "outcomes")}
        assert roots <= parts.keys()
        for folder, kind in activities(parts):
            own = {f"{folder}/{name}.xml" for name in (kind, "module", "grades", "roles", "inforef")}
            assert own <= parts.keys()


def activities(parts: Documents) -> Iterator[tuple[str, str]]:
    for activity in parts["moodle_backup.xml"].iter("activity"):
        if activity.find("directory") is not None:
            yield activity.findtext("directory"), activity.findtext("modulename")


def test_a_course_brings_its_section() -> None:
    parts = only("moodle-course", *SAMPLES["final"])
    information = parts["moodle_backup.xml"]
    section = parts[f"{information.findtext('.//contents/sections/section/directory')}/section.xml"]
    assert section.findtext("name") == "コンテナ技術 期末試験"
    assert section.findtext("sequence").split(",") == information.xpath("//activity/moduleid/text()")
    assert parts["course/course.xml"].findtext("fullname") == "コンテナ技術"


def test_the_same_papers_give_the_same_bytes(archives: list[bytes], request: pytest.FixtureRequest) -> None:
    name, form = request.node.callspec.params["archives"]
    assert list(files(form, *SAMPLES[name]).values()) == archives


def test_no_date_and_no_owner_is_in_the_archive(archives: list[bytes]) -> None:
    for data in archives:
        assert data[4:8] == bytes(4)
        with tarfile.open(fileobj=BytesIO(gzip.decompress(data))) as archive:
            members = archive.getmembers()
        assert {(m.mtime, m.uid, m.gid, m.uname, m.gname, m.mode) for m in members} == {(0, 0, 0, "", "", 0o644)}
        assert [m.name for m in members] == sorted(m.name for m in members)


def test_the_archive_is_labelled_for_every_moodle_with_versions_of_questions(archives: list[bytes]) -> None:
    for data in archives:
        information = documents(data)["moodle_backup.xml"].find("information")
        assert information.findtext("moodle_version") == information.findtext("backup_version") == "2022041900"


# Numbers


def test_no_number_means_two_things(archives: list[bytes]) -> None:
    for data in archives:
        parts = documents(data)
        # The two documents of a module begin with its numbers; what they mean is one thing.
        named = [element for root in parts.values() for element in root.iter() if element.get("id")]
        numbers = [element.get("id") for element in named if element.tag not in {"activity", "module"}]
        assert len(numbers) == len(set(numbers))


def test_whatever_is_referred_to_is_there(archives: list[bytes]) -> None:
    for data in archives:
        parts = documents(data)
        for references, targets in (
            ("//questionbankentryid/text()", "//question_bank_entry/@id"),
            ("//usingcontextid/text()", "//activity/@contextid"),
            ("//question_category/contextid/text()", "//activity/@contextid"),
            ("//question_category/contextinstanceid/text()", "//module/@id"),
            ("//question_category/parent[text()!='0']/text()", "//question_category/@id"),
            ("//questioncategoryid/text()", "//question_category[@id]/@id"),
            ("//fileref/file/id/text()", "//file/@id"),
            ("//grade_itemref/grade_item/id/text()", "//grade_item/@id"),
            ("//question_categoryref/question_category/id/text()", "//question_category/@id"),
            ("//files/file/contextid/text()", "//activity/@contextid"),
            ("//iteminstance/text()", "//activity/*/@id"),
            ("//activity/moduleid/text()", "//module/@id"),
            ("//truefalse/*[contains(name(), 'answer')]/text()", "//answer/@id"),
            ("//numerical_record/answer/text()", "//answer/@id"),
            ("//multianswer/question/text()", "//question/@id"),
            ("//question/parent[text()!='0']/text()", "//question/@id"),
        ):
            assert set(values(parts, references)) <= set(values(parts, targets)), references


def test_a_text_with_blanks_names_each_of_them_in_order() -> None:
    bank = only("moodle-backup", papers.every_kind("en"))["questions.xml"]
    (sequence,) = bank.xpath("//multianswer/sequence/text()")
    blanks = bank.xpath("//question[parent!='0']")
    assert sequence.split(",") == [blank.get("id") for blank in blanks]
    assert [blank.findtext("qtype") for blank in blanks] == ["multichoice", "shortanswer"]


def test_every_category_is_named_to_the_restore(archives: list[bytes]) -> None:
    for data in archives:
        parts = documents(data)
        named = values(parts, "//question_categoryref/question_category/id/text()")
        assert sorted(named) == sorted(parts["questions.xml"].xpath("/question_categories/question_category/@id"))


def test_every_setting_says_what_is_included(archives: list[bytes]) -> None:
    for data in archives:
        information = documents(data)["moodle_backup.xml"]
        for kind in ("activity", "section"):
            named = [path.rpartition("/")[2] for path in information.xpath(f"//contents//{kind}/directory/text()")]
            assert information.xpath(f"//setting[level='{kind}' and value='1']/{kind}/text()") == named


# Pictures


def test_contents_lie_under_their_digest(archives: list[bytes]) -> None:
    for data in archives:
        pool = {name: part for name, part in unpacked(data).items() if name.startswith("files/")}
        assert all(
            name == f"files/{sha1(part).hexdigest()[:2]}/{sha1(part).hexdigest()}" for name, part in pool.items()
        )
        entries = documents(data)["files.xml"].findall("file")
        assert {f"files/{e.findtext('contenthash')[:2]}/{e.findtext('contenthash')}" for e in entries} == pool.keys()


AREAS = {
    "questiontext": ("question", "questiontext"),
    "generalfeedback": ("question", "generalfeedback"),
    "answertext": ("question", "answer"),
    "feedback": ("question", "answerfeedback"),
    "intro": (None, "intro"),
}


def test_every_picture_lies_in_the_area_of_the_text_that_shows_it(archives: list[bytes]) -> None:
    for data in archives:
        parts = documents(data)
        shown = {place for root in parts.values() for place in pictures_of(root)}
        entries = parts["files.xml"].findall("file")
        tags = ("component", "filearea", "itemid", "filename")
        assert {tuple(entry.findtext(tag) for tag in tags) for entry in entries} == shown


def pictures_of(root: etree._Element) -> Iterator[tuple[str, ...]]:
    for element in root.iter():
        for name in re.findall(r"@@PLUGINFILE@@/([^\"]+)", element.text or ""):
            component, area = AREAS[element.tag]
            owner = element.getparent()
            item = "0" if component is None else owner.get("id")
            yield component or f"mod_{owner.tag}", area, item, unquote(name)


# Questions


@pytest.mark.parametrize("name", ["final", "midterm"])
def test_a_backup_holds_the_questions_of_the_moodle_xml(name: str) -> None:
    for p in SAMPLES[name]:
        ((file),) = moodle.write([p], Templates())
        sent = [q for q in etree.fromstring(file.data) if q.get("type") != "category"]
        kept = list(only("moodle-backup", p)["questions.xml"].iter("question"))
        for ours, xml in zip(kept, sent, strict=True):
            assert ours.findtext("questiontext") == xml.findtext("questiontext/text")
            assert ours.findtext("defaultmark") == xml.findtext("defaultgrade")
            assert ours.xpath(".//answertext/text()") == xml.xpath("answer/text/text()")
            shares = [float(answer.get("fraction")) / 100 for answer in xml.findall("answer")]
            assert [float(share) for share in ours.xpath(".//fraction/text()")] == pytest.approx(shares, abs=1e-7)
            assert ours.xpath("tags/tag/rawname/text()") == xml.xpath("tags/tag/text/text()")


def stamps(p: Paper) -> list[str]:
    return only("moodle-backup", p)["questions.xml"].xpath("//question/stamp/text()")


def test_a_question_keeps_its_stamp_while_others_change() -> None:
    first, second = question(1, plain_choice(1, 2)), question(2, plain_choice(2, 2))
    changed = replace(second, text=text("Another question?"))
    before, after = stamps(paper(first, second)), stamps(paper(first, changed))
    assert (before[0] == after[0], before[1] == after[1]) == (True, False)


def test_no_two_variants_share_a_stamp() -> None:
    parts = only("moodle-course", *SAMPLES["final"])["questions.xml"]
    found = parts.xpath("//stamp/text()")
    assert len(found) == len(set(found))


XML = {
    "multichoice": (
        "<single>false</single><shuffleanswers>1</shuffleanswers><answernumbering>123</answernumbering><shownumcorrect/>"
        "<answer fraction='33.33333'><text>a</text></answer><answer fraction='-100'><text>b</text></answer>",
        {"single": "0", "shuffleanswers": "1", "answernumbering": "123", "shownumcorrect": "1", "layout": "0"},
    ),
    "truefalse": (
        "<answer fraction='100'><text>true</text></answer><answer fraction='0'><text>false</text></answer>",
        {"trueanswer": "3", "falseanswer": "4", "showstandardinstruction": "0"},
    ),
    "shortanswer": (
        "<usecase>1</usecase><answer fraction='100' format='plain_text'><text>a</text></answer>",
        {"usecase": "1", "answertext": "a", "answerformat": "2", "fraction": "1.0000000"},
    ),
    "numerical": (
        "<answer fraction='100'><text>3.14</text><tolerance>0.01</tolerance></answer>"
        "<units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit></units><unitgradingtype>0</unitgradingtype>",
        {"answer": "3", "tolerance": "0.01", "unit": "m", "showunits": "0"},
    ),
    "matching": (
        "<shuffleanswers>false</shuffleanswers>"
        "<subquestion format='html'><text>Pod</text><answer><text>small</text></answer></subquestion>",
        {"questiontext": "Pod", "answertext": "small", "shuffleanswers": "0"},
    ),
    "ordering": (
        "<layouttype>VERTICAL</layouttype><selecttype>ALL</selecttype><selectcount>2</selectcount>"
        "<gradingtype>ABSOLUTE_POSITION</gradingtype><showgrading>HIDE</showgrading><answer><text>b</text></answer>",
        {"selecttype": "0", "gradingtype": "0", "showgrading": "0", "fraction": "1.0000000"},
    ),
    "essay": (
        "<responseformat>plain</responseformat><graderinfo format='html'><text>key</text></graderinfo>",
        {"responseformat": "plain", "graderinfo": "key", "minwordlimit": "$@NULL@$"},
    ),
}


@pytest.mark.parametrize("kind", XML)
def test_each_type_of_question_keeps_what_is_its_own(kind: str) -> None:
    inner, expected = XML[kind]
    element = fromstring(f"<question type='{kind}'>{inner}</question>")
    store = Store()
    made = plugin(element, Place(store.number(), store.number(), store))
    assert made.tag == f"plugin_qtype_{'match' if kind == 'matching' else kind}_question"
    written = {leaf.tag: leaf.text for leaf in made.iter()}
    assert {name: written[name] for name in expected} == expected


def test_a_type_that_is_not_known_is_refused_by_name() -> None:
    with pytest.raises(QuizgenError, match="cannot hold a question of the type ddmarker"):
        plugin(fromstring("<question type='ddmarker'/>"), Place(1, 1, Store()))


def cloze(content: str) -> list[tuple[str | None, ...]]:
    """Each blank's type, grade, and answers with their shares."""
    xml = fromstring("<question type='cloze'><questiontext><text/></questiontext><defaultgrade/></question>")
    xml.find("questiontext/text").text = content
    return [
        (
            blank.get("type"),
            blank.findtext("defaultgrade"),
            *(f"{answer.get('fraction')} {answer.findtext('text')}" for answer in blank.findall("answer")),
        )
        for blank in take_apart(xml).blanks
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("{1:SHORTANSWER:=yes~%50%may be}", ("shortanswer", "1", "100.00000 yes", "50.00000 may be")),
        ("{:MULTICHOICE_VS:no~=a&#126;b#Well done}", ("multichoice", "1", "0.00000 no", "100.00000 a~b")),
        ("{2:NUMERICAL:=3.14:0.01}", ("numerical", "2", "100.00000 3.14")),
        (r"{1:SA:=f\}\#g}", ("shortanswer", "1", "100.00000 f}#g")),
        ("{3:MULTIRESPONSE:=a~=b~c}", ("multichoice", "3", "50.00000 a", "50.00000 b", "-50.00000 c")),
    ],
)
def test_a_blank_is_a_question_of_its_own(content: str, expected: tuple[str, ...]) -> None:
    assert cloze(f"before {content} after") == [expected]


def test_blanks_are_numbered_in_the_text_and_add_up() -> None:
    xml = fromstring(
        "<question type='cloze'><questiontext><text/></questiontext><defaultgrade>1</defaultgrade></question>"
    )
    xml.find("questiontext/text").text = "a {1:SA:=x} b {2:NM:=7} c {no blank}"
    apart = take_apart(xml)
    assert apart.whole.findtext("questiontext/text") == "a {#1} b {#2} c {no blank}"
    assert apart.whole.findtext("defaultgrade") == "3"


# The quiz


def test_a_quiz_takes_its_time_and_its_points_from_the_exam() -> None:
    own = quiz(papers.japanese())
    assert (own.findtext("timelimit"), own.findtext("grade"), own.findtext("attempts_number")) == (
        "3000",
        "12.50000",
        "1",
    )
    assert own.xpath("question_instances/question_instance/maxmark/text()") == [
        "2.0000000",
        "4.0000000",
        "3.0000000",
        "3.5000000",
    ]


def test_an_exam_without_a_duration_has_no_time_limit() -> None:
    assert quiz(paper(question(1, plain_choice(1, 1)))).findtext("timelimit") == "0"


def test_a_quiz_has_the_exams_sections_and_a_page_for_each_question() -> None:
    own = quiz(papers.japanese())
    headings = [(s.findtext("firstslot"), s.findtext("heading")) for s in own.findall("sections/section")]
    assert headings == [("1", "第1問"), ("3", "第2問")]
    assert own.xpath("question_instances/question_instance/page/text()") == ["1", "2", "3", "4"]


def test_a_quiz_keeps_the_papers_order() -> None:
    own = quiz(papers.japanese())
    assert own.findtext("shuffleanswers") == "0"
    assert set(own.xpath("sections/section/shufflequestions/text()")) == {"0"}


def test_students_see_nothing_of_the_results_before_the_quiz_is_closed() -> None:
    own = quiz(papers.japanese())
    before_closing = 0x11100
    for name in ("correctness", "marks", "specificfeedback", "generalfeedback", "rightanswer", "overallfeedback"):
        assert int(own.findtext(f"review{name}")) & before_closing == 0


@pytest.mark.parametrize("name", SAMPLES)
def test_an_activity_arrives_hidden(name: str) -> None:
    parts = only("moodle-course", *SAMPLES[name])
    assert set(values(parts, "/module/visible/text()")) == {"0"}


def test_the_instructions_stand_above_the_quiz_with_their_pictures() -> None:
    parts = only("moodle-backup", with_pictures())
    assert "@@PLUGINFILE@@" in found(parts, "quiz").findtext("intro")
    (area,) = [file for file in parts["files.xml"].findall("file") if file.findtext("filearea") == "intro"]
    assert area.get("id") in values(parts, "//fileref/file/id/text()")


def test_no_student_is_named() -> None:
    students = tuple(
        replace(papers.shuffled(papers.japanese(), ""), student=Student(f"s-{n}", "山田 花子")) for n in range(2)
    )
    archives = files("moodle-backup", *students)
    assert list(archives) == ["final-1.mbz", "final-2.mbz"]
    for data in archives.values():
        assert all("山田".encode() not in part and b"s-0" not in part for part in unpacked(data).values())


@pytest.mark.parametrize("title", ["a < b & c", "x\x00\x0by\ud800", "第1問" * 200, "a/b"])
def test_any_title_can_be_a_name(title: str) -> None:
    sample = replace(paper(question(1, plain_choice(1, 1))), title=title)
    own = quiz(replace(sample, sections=(Section(1, title, (Group(sample.questions),)),)))
    assert 0 < len(own.findtext("name")) <= 255
    assert 0 < len(own.findtext("sections/section/heading")) <= 255


# The assignment


def labs(name: str) -> dict[str, Documents]:
    return {path: documents(data) for path, data in files("moodle-backup", *SAMPLES[name]).items()}


def test_an_assignment_is_handed_in_as_files_and_text() -> None:
    own = found(labs("container-labs")["container-labs-nginx.mbz"], "assign")
    enabled = [
        (config.findtext("subtype"), config.findtext("plugin"))
        for config in own.iter("plugin_config")
        if (config.findtext("name"), config.findtext("value")) == ("enabled", "1")
    ]
    assert enabled == [("assignsubmission", "onlinetext"), ("assignsubmission", "file"), ("assignfeedback", "comments")]


def test_an_assignment_shows_the_variants_values_and_no_solution() -> None:
    parts = labs("container-labs")["container-labs-nginx.mbz"]
    assert "port = 8081" in found(parts, "assign").findtext("intro")
    assert all("--name web" not in "".join(root.itertext()) for root in parts.values())


def test_a_rubric_is_the_grading_form() -> None:
    area = labs("container-labs")["container-labs-nginx.mbz"]["activities/assign_4/grading.xml"].find("area")
    assert area.findtext("activemethod") == "rubric"
    rubric = [
        (c.findtext("description"), c.xpath("levels/level/definition/text()"), c.xpath("levels/level/score/text()"))
        for c in area.iter("criterion")
    ]
    assert rubric == [
        ("応答する", ["不可", "可", "良"], ["0.00000", "5.00000", "10.00000"]),
        ("説明が正しい", ["不可", "良"], ["0.00000", "10.00000"]),
    ]


def test_an_assignment_without_a_rubric_is_graded_by_a_number() -> None:
    parts = labs("container-labs")["container-labs-least.mbz"]
    assert [name for name in parts if name.endswith("grading.xml")] == []


@pytest.mark.parametrize(("points", "grade"), [("20", "20"), ("2.5", "3"), ("0.25", "1"), ("7.4", "7")])
def test_an_assignments_grade_is_whole(points: str, grade: str) -> None:
    sheet = papers.worksheet("en")
    parts = only("moodle-backup", replace(sheet, assignments=(replace(sheet.assignments[0], points=Decimal(points)),)))
    assert found(parts, "assign").findtext("grade") == grade


@pytest.mark.parametrize("form", [moodle_backup, moodle_course])
def test_a_grade_that_is_rounded_is_told(form: object) -> None:
    warned: Callable[..., tuple[str, ...]] = form.warnings  # type: ignore[attr-defined]
    assert warned(SAMPLES["container-labs"]) == ("Moodle's assignments have whole points: labs/least 3 instead of 2.5",)
    assert warned(SAMPLES["labs"]) == ()


@pytest.mark.parametrize("form", [moodle_backup, moodle_course])
def test_a_teacher_is_told_that_everything_arrives_hidden(form: object) -> None:
    told: Callable[..., tuple[str, ...]] = form.notes  # type: ignore[attr-defined]
    assert told(SAMPLES["labs"]) == ("what is restored in Moodle is hidden from students until you show it",)
    hidden, ordering = told(SAMPLES["kinds"])
    assert hidden.endswith("; a quiz shows its results once it is closed")
    assert ordering == "Moodle before 4.4 needs the plugin qtype_ordering for ordering questions (kinds/q5)"


def test_scoring_that_moodle_cannot_do_is_told_as_for_the_xml() -> None:
    assert moodle_backup.warnings([papers.english()]) == moodle.warnings([papers.english()])
    assert moodle_backup.warnings([papers.english()]) != ()


def test_a_quiz_gives_a_text_with_blanks_the_points_that_a_question_bank_cannot() -> None:
    (warning,) = (text for text in moodle.warnings([papers.every_kind("en")]) if "whole points" in text)
    assert warning not in moodle_backup.warnings([papers.every_kind("en")])
    assert quiz(papers.every_kind("en")).xpath("question_instances/question_instance/maxmark/text()")[-1] == "2.5000000"


def test_an_assignment_is_due_when_its_author_said() -> None:
    sheet = papers.worksheet("en")
    due = datetime.fromisoformat("2027-01-29T17:00+09:00")
    parts = only("moodle-backup", replace(sheet, assignments=(replace(sheet.assignments[0], due=due),)))
    assert found(parts, "assign").findtext("duedate") == "1801209600"
    assert (
        found(only("moodle-backup", replace(sheet, assignments=sheet.assignments[:1])), "assign").findtext("duedate")
        == "0"
    )
