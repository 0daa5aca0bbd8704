"""Word templates as instructors save them: changes show, traces of people do not, and broken tags are told."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.shared import Mm, Pt, RGBColor
from lxml import etree

import papers
from quizgen.paper import Printing
from quizgen.problems import QuizgenError
from quizgen.templates import Templates, shipped
from word import W, documents, paragraphs, part, shown, styled

BOOKLET = "student/A/booklet.docx"
AUTHOR, REMARK, PLACE = "Hanako Yamada", "The key is b, is it not?", "file:///C:/Users/hanako/Normal.dotm"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
COMMENTS = (
    f'<w:comments xmlns:w="{W[1:-1]}"><w:comment w:id="0" w:author="{AUTHOR}" w:date="2026-01-01T00:00:00Z">'
    f"<w:p><w:r><w:t>{REMARK}</w:t></w:r></w:p></w:comment></w:comments>"
)
CUSTOM = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
    f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="Owner"><vt:lpwstr>{AUTHOR}</vt:lpwstr>'
    "</property></Properties>"
)
SETTINGS = (
    '<w:attachedTemplate r:id="rId1"/><w:trackRevisions/><w:rsids><w:rsidRoot w:val="00A11CE5"/></w:rsids>'
    f'<w:docVars><w:docVar w:name="owner" w:val="{AUTHOR}"/></w:docVars>'
)
COMMENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"


def as_word_saves(data: bytes) -> bytes:
    """A template as Word saves it: runs split, editing sessions, a remark, changes that are followed, an author."""
    with zipfile.ZipFile(BytesIO(data)) as source:
        parts = {name: source.read(name).decode() for name in source.namelist()}
    parts["word/document.xml"] = _edited(parts["word/document.xml"])
    parts["word/comments.xml"], parts["docProps/custom.xml"] = COMMENTS, CUSTOM
    _link(parts, "word/_rels/document.xml.rels", f'Id="rId90" Type="{OFFICE}/comments" Target="comments.xml"')
    _link(parts, "_rels/.rels", f'Id="rId91" Type="{OFFICE}/custom-properties" Target="docProps/custom.xml"')
    parts["word/_rels/settings.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
        f'Id="rId1" Type="{OFFICE}/attachedTemplate" Target="{PLACE}" TargetMode="External"/></Relationships>'
    )
    parts["word/settings.xml"] = parts["word/settings.xml"].replace("<w:compat>", f"{SETTINGS}<w:compat>")
    overrides = f'<Override PartName="/word/comments.xml" ContentType="{COMMENT_TYPE}"/>'
    overrides += f'<Override PartName="/docProps/custom.xml" ContentType="{CUSTOM_TYPE}"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace("</Types>", overrides)
    title = "<dc:title>"
    parts["docProps/core.xml"] = parts["docProps/core.xml"].replace(title, f"<dc:creator>{AUTHOR}</dc:creator>{title}")
    saved = BytesIO()
    with zipfile.ZipFile(saved, "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return saved.getvalue()


def _link(parts: dict[str, str], rels: str, relationship: str) -> None:
    parts[rels] = parts[rels].replace("</Relationships>", f"<Relationship {relationship}/></Relationships>")


def _edited(xml: str) -> str:
    """Each run with a tag in pieces, as Word leaves it where somebody has typed and checked the spelling."""

    def split(run: re.Match[str]) -> str:
        looks, text = run[1] or "", run[2]
        pieces = re.findall(r"&\w+;|[^&]{1,3}|&", text)
        runs = [f'<w:r w:rsidR="00A11CE5">{looks}<w:t xml:space="preserve">{piece}</w:t></w:r>' for piece in pieces]
        return '<w:proofErr w:type="spellStart"/>'.join(runs)

    xml = re.sub(r'<w:r>(<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?<w:t xml:space="preserve">([^<]*)</w:t></w:r>', split, xml)
    changed = f'w:id="7" w:author="{AUTHOR}" w:date="2026-01-01T00:00:00Z"'
    mark = '<w:commentRangeStart w:id="0"/><w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
    gone = f"<w:del {changed}><w:r><w:delText>{REMARK}</w:delText></w:r></w:del>"
    new = f'<w:ins {changed}><w:r><w:t xml:space="preserve">New: </w:t></w:r></w:ins>'
    old = '<w:pStyle w:val="EndMark"/></w:pPr>'
    assert old in xml
    looks = f'<w:pStyle w:val="EndMark"/><w:pPrChange {changed}><w:pPr/></w:pPrChange></w:pPr>'
    return xml.replace(old, f"{looks}{mark}{gone}{new}").replace("<w:p>", '<w:p w:rsidR="00A11CE5">')


def project(folder: Path, data: bytes, name: str = "booklet.docx") -> Templates:
    (folder / name).write_bytes(data)
    return Templates(folder)


@pytest.fixture
def paper():
    printing = Printing(person=("class", "seat", "number", "name"), sections="page", working=1)
    return replace(papers.every_kind("ja"), printing=printing)


def test_tags_that_word_has_split_over_runs_say_the_same(tmp_path, paper):
    ours = documents(paper)[BOOKLET]
    theirs = documents(paper, project(tmp_path, as_word_saves((shipped() / "booklet.docx").read_bytes())))[BOOKLET]
    assert paragraphs(theirs) == [line.replace("問題は以上", "New: 問題は以上") for line in paragraphs(ours)]


def test_nothing_of_who_changed_a_template_is_left(tmp_path, paper):
    saved = as_word_saves((shipped() / "booklet.docx").read_bytes())
    with zipfile.ZipFile(BytesIO(saved)) as archive:
        before = b"".join(archive.read(name) for name in archive.namelist()).decode()
    data = documents(paper, project(tmp_path, saved))[BOOKLET]
    with zipfile.ZipFile(BytesIO(data)) as archive:
        after = b"".join(archive.read(name) for name in archive.namelist()).decode(errors="replace")
        assert not {"word/comments.xml", "docProps/custom.xml"} & set(archive.namelist())
    for trace in (AUTHOR, REMARK, "C:/Users", "00A11CE5", "rsid", "proofErr", "2026-01-01T", "attachedTemplate"):
        assert (trace in before, trace in after) == (True, False), trace


def test_what_an_instructor_changes_in_word_shows(tmp_path, paper):
    document = docx.Document(shipped() / "booklet.docx")
    heading = next(style for style in document.styles if style.name == "Heading 1")
    heading.font.color.rgb, document.styles["Question"].font.size = RGBColor(0xC0, 0, 0), Pt(12)
    head = document.sections[0].header.paragraphs[0]
    head.add_run().add_picture(BytesIO(papers.PHOTO.data), width=Mm(20))
    head.add_run("○○大学 {{ paper.title }}")
    document.sections[0].left_margin = Mm(35)
    document.save(tmp_path / "booklet.docx")
    data = documents(paper, Templates(tmp_path))[BOOKLET]
    made = docx.Document(BytesIO(data))
    assert next(style for style in made.styles if style.name == "Heading 1").font.color.rgb == RGBColor(0xC0, 0, 0)
    assert made.styles["Question"].font.size == Pt(12)
    assert round(made.sections[0].left_margin.mm) == 35
    assert "○○大学 全形式の試験" in shown(part(data, "word/header1.xml"))
    (picture,) = made.sections[0].header.part.rels.values()
    assert picture.target_part.blob == papers.PHOTO.data


def test_a_number_that_an_instructor_has_written_otherwise_stays(tmp_path, paper):
    data = BytesIO()
    with zipfile.ZipFile(shipped() / "booklet.docx") as source, zipfile.ZipFile(data, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).decode().replace('"Part %1"', '"大問%1"').replace('"%1."', '"Q%1"'))
    two = replace(paper, sections=tuple(replace(paper.sections[0], number=n, title="x") for n in (1, 2)))
    made = documents(two, project(tmp_path, data.getvalue()))[BOOKLET]
    assert [line.split()[0] for line in paragraphs(made, "Heading1")] == ["大問1", "大問2"]
    assert paragraphs(made, "Question")[0].startswith("Q1\t")


def test_a_bookmark_in_a_loop_is_there_once(tmp_path, paper):
    document = docx.Document(shipped() / "booklet.docx")
    (tag,) = [found for found in document.paragraphs if "{{ question.text }}" in found.text]
    for kind in ("bookmarkStart", "bookmarkEnd"):
        mark = etree.SubElement(tag._p, f"{W}{kind}", {f"{W}id": "0", f"{W}name": "here"})
    assert mark.getparent() is tag._p
    document.save(tmp_path / "booklet.docx")
    made = part(documents(paper, Templates(tmp_path))[BOOKLET])
    marks = [made.findall(f".//{W}{kind}") for kind in ("bookmarkStart", "bookmarkEnd")]
    assert [[mark.get(f"{W}id") for mark in found] for found in marks] == [["1"], ["1"]]
    assert len(styled(documents(paper, Templates(tmp_path))[BOOKLET], "Question")) > 1


TAG = "{{ section.text }}"
BROKEN = {
    "a tag without its end": ("{{ section.text", "a tag has no end: write }} or %} behind it"),
    "a tag with half its end": ("{{ section.text }", "a tag has no end: write }} or %} behind it"),
    "a tag without its beginning": ("section.text }}", "a tag has no beginning: write {{ or {% before it"),
    "a tag with half its beginning": ("{ { section.text }}", "a tag has no beginning"),
    "a tag in full-width braces": ("｛｛ section.text ｝｝", "full-width braces: write {{ and }}"),
    "a condition without its end": ("{%p if x %}", "{% endfor %} stands where {% endif %} is missing"),
    "an end without its loop": ("{% endfor %}", "its tags do not nest"),
    "an else of nothing": ("{% endif %}", "{% endif %} stands where {% endfor %} is missing"),
    "a name that there is not": ("{{ section.txet }}", "a section has no attribute 'txet'"),
    "a variable that there is not": ("{{ exam.title }}", "'exam' is undefined"),
    "a filter that there is not": ("{{ section.text | big }}", "No filter named 'big'"),
    "a test that there is not": ("{% if section is big %}{% endif %}", "No test named 'big'"),
    "a word that is none": ("{%p forr x in y %}", "there is no tag {% forr … %} (did you mean for?)"),
    "a sum that cannot be": ("{{ paper.title + 1 }}", "a tag cannot be computed"),
    "a way out of the sandbox": ("{{ ''.__class__.__mro__ }}", "unsafe"),
}


def with_tag(folder: Path, tag: str) -> Templates:
    document = docx.Document(shipped() / "booklet.docx")
    (found,) = [paragraph for paragraph in document.paragraphs if paragraph.text == TAG]
    half = len(tag) // 2
    found.runs[0].text = tag[:half]
    found.add_run(tag[half:])
    document.save(folder / "booklet.docx")
    return Templates(folder)


@pytest.mark.parametrize(("tag", "message"), BROKEN.values(), ids=BROKEN)
def test_a_broken_tag_is_told_with_its_template_and_paragraph(tmp_path, tag, message):
    with pytest.raises(QuizgenError) as caught:
        documents(papers.english(), with_tag(tmp_path, tag))
    said = str(caught.value)
    assert said.startswith(f"{tmp_path / 'booklet.docx'}: ")
    assert message in said
    assert f"“{tag}" in said


def test_a_loop_without_its_end_is_told_by_the_outermost_that_may_lack_it(tmp_path):
    with pytest.raises(QuizgenError) as caught:
        documents(papers.english(), with_tag(tmp_path, "{%p for x in y %}"))
    assert str(caught.value).partition(": ")[2] == (
        "{% for … %} is not ended, or another within it: put {% endfor %} below, "
        "in “{%p for section in paper.sections %}”"
    )


def test_a_tag_broken_in_the_foot_of_a_page_is_told_too(tmp_path):
    document = docx.Document(shipped() / "booklet.docx")
    document.sections[0].footer.paragraphs[0].add_run("{{ paper.tilte }}")
    document.save(tmp_path / "booklet.docx")
    with pytest.raises(QuizgenError, match=r"a paper has no attribute 'tilte', in “.*\{\{ paper.tilte \}\}"):
        documents(papers.english(), Templates(tmp_path))


def test_an_end_behind_all_is_told(tmp_path):
    document = docx.Document(shipped() / "booklet.docx")
    document.add_paragraph("{% endif %}")
    document.save(tmp_path / "booklet.docx")
    with pytest.raises(QuizgenError, match=re.escape("{% endif %} belongs to no tag above it, in “{% endif %}”")):
        documents(papers.english(), Templates(tmp_path))


def test_a_condition_over_half_a_table_is_told_with_both_its_ends(tmp_path):
    document = docx.Document(shipped() / "booklet.docx")
    cell = document.tables[0].cell(0, 0)
    cell.add_paragraph("{%p if paper.course %}")
    (title,) = [found for found in document.paragraphs if found.style.name == "Cover Title"]
    title.insert_paragraph_before("{%p endif %}")
    document.save(tmp_path / "booklet.docx")
    with pytest.raises(QuizgenError, match=r"do not nest.* in “\{%p if paper.course %\}” and “\{%p endif %\}”"):
        documents(papers.english(), Templates(tmp_path))


def test_a_page_cannot_begin_within_a_table(tmp_path):
    document = docx.Document(shipped() / "booklet.docx")
    document.tables[0].cell(0, 0).add_paragraph('{{ "page" | begin }}')
    document.save(tmp_path / "booklet.docx")
    with pytest.raises(QuizgenError, match="a tag that begins a page stands in a table"):
        documents(papers.english(), Templates(tmp_path))


CHANGE = 'w:id="7" w:author="Hanako" w:date="2026-01-01T00:00:00Z"'


def changed(folder: Path, change: dict[str, str], where: str = "word/document.xml") -> Templates:
    """A project's booklet in which some XML is changed."""
    with zipfile.ZipFile(shipped() / "booklet.docx") as source, zipfile.ZipFile(folder / "booklet.docx", "w") as target:
        for name in source.namelist():
            data = source.read(name).decode()
            for old, new in change.items() if name == where else ():
                assert old in data
                data = data.replace(old, new, 1)
            target.writestr(name, data)
    return Templates(folder)


def test_rows_and_paragraphs_that_are_deleted_but_not_yet_gone_are_gone(tmp_path, paper):
    gone = f"<w:del {CHANGE}/>"
    row = f"<w:tr><w:trPr>{gone}</w:trPr><w:tc><w:tcPr/><w:p><w:r><w:t>old row</w:t></w:r></w:p></w:tc></w:tr>"
    old = (
        f"<w:p><w:pPr><w:rPr>{gone}</w:rPr></w:pPr><w:del {CHANGE}><w:r><w:delText>old</w:delText></w:r></w:del></w:p>"
    )
    kept = f"<w:p><w:pPr><w:rPr>{gone}</w:rPr></w:pPr><w:r><w:t>kept words</w:t></w:r></w:p>"
    new = f"<w:ins {CHANGE}><w:r><w:t>new words</w:t></w:r></w:ins>"
    new = f"<w:p><w:pPr><w:rPr><w:ins {CHANGE}/></w:rPr></w:pPr>{new}</w:p>"
    templates = changed(tmp_path, {"</w:tbl>": f"{row}</w:tbl>{old}{kept}{new}"})
    data = documents(paper, templates)[BOOKLET]
    ours = paragraphs(documents(paper)[BOOKLET])
    assert [line for line in paragraphs(data) if line not in ours] == ["kept words", "new words"]
    assert len(paragraphs(data)) == len(ours) + 2


def test_page_counts_that_word_has_spelled_out_count_to_the_last_page_too(tmp_path, paper):
    spelled = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> NUMPAGES </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>'
    )
    templates = changed(tmp_path, {"</w:p></w:ftr>": spelled}, "word/footer1.xml")
    right = replace(paper, printing=replace(paper.printing, sections="right"))
    for shown_paper, field in ((paper, "NUMPAGES"), (right, "PAGEREF _LastPage")):
        foot = part(documents(shown_paper, templates)[BOOKLET], "word/footer1.xml")
        assert [said.text.strip() for said in foot.iter(f"{W}instrText")] == [field]


def test_a_page_begins_with_the_words_beside_its_tag(tmp_path, paper):
    tag = '{{ _("End of exam") }}'
    templates = changed(tmp_path, {tag: f'{tag}{{{{ "page" | begin }}}}'})
    (end,) = styled(documents(paper, templates)[BOOKLET], "EndMark")
    assert end.find(f"{W}pPr/{W}pageBreakBefore") is not None
    assert shown(end) == "問題は以上"


def test_a_page_that_begins_behind_everything_is_none(tmp_path, paper):
    last = '<w:sectPr><w:headerReference w:type="default"'
    templates = changed(tmp_path, {last: f'<w:p><w:r><w:t>{{{{ "page" | begin }}}}</w:t></w:r></w:p>{last}'})
    assert paragraphs(documents(paper, templates)[BOOKLET]) == paragraphs(documents(paper)[BOOKLET])


def test_a_page_across_stays_so_and_tables_of_other_measures_keep_theirs(tmp_path, paper):
    page = '<w:pgSz w:w="11906" w:h="16838"/>'
    relative = '<w:tblW w:w="5000" w:type="pct"/>'
    grid = '<w:tblGrid><w:gridCol w:w="14572"/></w:tblGrid>'
    cell = '<w:tr><w:tc><w:tcPr><w:tcW w:w="0" w:type="auto"/></w:tcPr><w:p/></w:tc></w:tr>'
    table = f"<w:tbl><w:tblPr>{relative}</w:tblPr>{grid}{cell}</w:tbl><w:p/>"
    change = {page: '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>', "<w:body>": f"<w:body>{table}"}
    templates = changed(tmp_path, change)
    letter = replace(paper, printing=replace(paper.printing, size="Letter"))
    made = part(documents(letter, templates)[BOOKLET])
    size = next(made.iter(f"{W}pgSz"))
    assert (size.get(f"{W}w"), size.get(f"{W}h")) == ("15840", "12240")
    found = next(made.iter(f"{W}tbl"))
    assert found.find(f"{W}tblPr/{W}tblW").get(f"{W}w") == "5000"
    assert next(found.iter(f"{W}tcW")).get(f"{W}w") == "0"
