"""Templates: their list, copies to change, what they may load and do, and the page that documents them."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner, Result
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

import papers
from projects import make_project
from quizgen.build import Options, build
from quizgen.build.templates import PURPOSES
from quizgen.cli import main
from quizgen.problems import QuizgenError
from quizgen.templates import Templates, shipped
from quizgen.writers.pdf.fetching import Fetcher
from quizgen.writers.pdf.press import Press

PRIVATE = "\U0010fff0"  # in a plane for private use
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">{}</svg>'


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def page(folder: Path, html: str) -> bytes:
    return Press(Templates(folder), papers.PICTURES).pdf(f'<html lang="en"><title>t</title>{html}')


# The list


def test_every_template_has_a_purpose() -> None:
    assert set(PURPOSES) == {path.name for path in shipped().iterdir()}


def test_the_list_says_which_the_project_has_and_whether_they_are_changed(project: Path) -> None:
    copies = ["custom.css", "cover.html"]
    assert run("templates", "eject", *copies).exit_code == 0
    (project / "templates" / "custom.css").write_text("p { color: red }")
    lines = [line.split() for line in run("templates").output.splitlines()]
    assert {line[0]: line[-1] for line in lines if line and line[0] in copies} == {
        "custom.css": "changed",
        "cover.html": "same",
    }
    assert not any(line[-1] in ("same", "changed") for line in lines if line and line[0] == "booklet.html")


# Copies to change


@pytest.mark.parametrize("name", ["booklet.html", "custom.css", "booklet.docx", "moodle.xml"])
def test_an_ejected_template_is_ours_byte_for_byte(project: Path, name: str) -> None:
    result = run("templates", "eject", name)
    assert (result.exit_code, result.output.split()[0]) == (0, f"templates/{name}")
    assert (project / "templates" / name).read_bytes() == (shipped() / name).read_bytes()


def test_all_templates_can_be_ejected_at_once_from_anywhere_in_the_project(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project / "banks" / "c")
    assert run("templates", "eject", "--all").exit_code == 0
    assert {path.name for path in (project / "templates").iterdir()} == set(PURPOSES)


def test_a_copy_is_not_overwritten_unless_it_has_to_be(project: Path) -> None:
    run("templates", "eject", "custom.css")
    own = project / "templates" / "custom.css"
    own.write_text("mine")
    result = run("templates", "eject", "question.html", "custom.css")
    assert (result.exit_code, own.read_text()) == (1, "mine")
    assert "is there already; nothing was copied" in result.output
    assert not (project / "templates" / "question.html").exists()
    assert run("templates", "eject", "custom.css", "--force").exit_code == 0
    assert own.read_bytes() == (shipped() / "custom.css").read_bytes()


REFUSED = [
    (("custom.cs",), 1, "there is no template custom.cs; did you mean custom.css?"),
    (("xyz",), 1, "there is no template xyz; `quizgen templates` lists them"),
    (("booklet",), 1, "booklet can be booklet.html or booklet.docx; say which"),
    (("../secret",), 1, "there is no template ../secret"),
    ((), 2, "name the templates to copy, or give --all"),
    (("custom.css", "--all"), 2, "name the templates to copy, or give --all"),
]


@pytest.mark.parametrize(("arguments", "status", "message"), REFUSED)
def test_a_name_that_is_none_or_several_is_refused(
    project: Path, arguments: tuple[str, ...], status: int, message: str
) -> None:
    result = run("templates", "eject", *arguments)
    assert result.exit_code == status
    assert message in result.output


def test_a_name_without_its_ending_will_do_where_it_means_one(project: Path) -> None:
    assert run("templates", "eject", "cover").exit_code == 0
    assert (project / "templates" / "cover.html").is_file()


def test_outside_of_a_project_the_way_in_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "there is no banks/ in it or above it; name one with --project" in run("templates").output
    assert run("templates", "--project", tmp_path, "eject", "cover").exit_code == 0
    assert (tmp_path / "templates" / "cover.html").is_file()


def test_a_build_sees_an_ejected_template_and_records_it_with_what_it_loads(project: Path) -> None:
    run("templates", "eject", "custom")
    logo = project / "templates" / "art" / "logo.svg"
    logo.parent.mkdir()
    logo.write_text(SVG.format('<circle r="5"/>'))
    with (project / "templates" / "custom.css").open("a") as css:
        css.write("body { background: url(art/logo.svg) }")
    exam = project / "banks" / "c" / "exams" / "e.yaml"
    report = build(exam, options=Options(formats=("pdf",), papers=("A",)))
    inputs = json.loads((report.folder / "manifest.json").read_bytes())["inputs"]
    assert {"templates/custom.css", "templates/art/logo.svg"} <= set(inputs)
    logo.write_text(SVG.format('<script href="x"/>'))
    with pytest.raises(QuizgenError, match=r"logo\.svg has a <script>"):
        build(exam, options=Options(formats=("pdf",), papers=("A",)))


# What a page may load


def font(path: Path, family: str) -> None:
    """A font of a school's own with one character, in a place for private use."""
    pen = TTGlyphPen(None)
    for point in ((100, 0), (100, 800), (900, 800), (900, 0)):
        (pen.lineTo if point != (100, 0) else pen.moveTo)(point)
    pen.closePath()
    builder = FontBuilder(1000)
    builder.setupGlyphOrder([".notdef", "own"])
    builder.setupCharacterMap({ord(PRIVATE): "own"})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "own": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (1000, 0), "own": (1000, 100)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)


def test_a_font_picture_and_style_sheet_of_the_templates_are_loaded(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    font(tmp_path / "more" / "own.ttf", "Own")
    (tmp_path / "logo.svg").write_text(SVG.format('<circle r="5"/>'))
    (tmp_path / "photo.png").write_bytes(papers.PHOTO.data)
    (tmp_path / "custom.css").write_text("@import url(more/face.css);")
    (tmp_path / "more" / "face.css").write_text(
        "@font-face { font-family: Own; src: url(own.ttf) } .own { font-family: Own }"
    )
    data = page(tmp_path, f'<p class="own">{PRIVATE}</p><img src="logo.svg" alt="a"><img src="./photo.png" alt="b">')
    with pikepdf.open(BytesIO(data)) as document:
        made = [thing for thing in document.objects if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream)]
        assert "Own" in {str(thing.BaseFont).rpartition("+")[2] for thing in made if "/BaseFont" in thing}
        assert papers.PHOTO.width in {thing.Width for thing in made if thing.get("/Subtype") == "/Image"}


OUTSIDE = [
    '<img src="../secret.png">',
    '<img src="%2e%2e/secret.png">',
    '<img src="..%5csecret.png">',
    '<img src="/secret.png">',
    '<img src="//example.org/secret.png">',
    '<img src="file:///secret.png">',
    '<img src="FILE:///secret.png">',
    '<img src="link.png">',
    '<img src="http://example.org/secret.png">',
    '<object data="../secret.png"></object>',
    '<embed src="../secret.png">',
    '<link rel="stylesheet" href="../secret.css">',
    "<style>@import url(../secret.css);</style>",
    "<style>@import '/secret.css';</style>",
    '<style>@font-face { font-family: x; src: url(../secret.ttf) }</style><p style="font-family: x">x</p>',
    '<p style="background: url(../secret.png)">x</p>',
    '<p style="content: url(../secret.png)">x</p>',
    '<ul style="list-style: url(../secret.png)"><li>x</ul>',
    '<p style="border: 1px solid; border-image: url(../secret.png) 3">x</p>',
    '<svg width="9" height="9"><image href="../secret.png" width="9" height="9"/></svg>',
    '<link rel="attachment" href="../secret.png">',
    '<a rel="attachment" href="../secret.png">x</a>',
    '<link rel="attachment" href="fine.png">',
    '<a rel="attachment" href="fine.png">x</a>',
    '<img src="notes.txt">',
    '<img src="none.png">',
    '<img src="lies.png">',
    '<img src="outward.svg">',
    '<style>@font-face { font-family: x; src: url(lies.ttf) }</style><p style="font-family: x">x</p>',
]


@pytest.mark.parametrize("html", OUTSIDE)
def test_a_page_loads_nothing_but_checked_files_of_the_templates(tmp_path: Path, html: str) -> None:
    own = tmp_path / "templates"
    own.mkdir()
    for secret in ("secret.png", "secret.css", "secret.ttf"):
        (tmp_path / secret).write_bytes(papers.PHOTO.data)
    (own / "link.png").symlink_to(tmp_path / "secret.png")
    (own / "fine.png").write_bytes(papers.PHOTO.data)
    (own / "notes.txt").write_text("not for print")
    (own / "lies.png").write_text("no picture")
    (own / "lies.ttf").write_text("no font")
    (own / "outward.svg").write_text(SVG.format('<image href="../secret.png"/>'))
    with pytest.raises(QuizgenError):
        page(own, html)


def test_a_picture_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "large.png").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(QuizgenError, match="the most is"):
        Fetcher({}, Templates(tmp_path)).fetch("file:///templates/large.png")


def test_a_changed_font_or_imported_style_shows_at_once(tmp_path: Path) -> None:
    (tmp_path / "custom.css").write_text("@import url(more.css);")
    printed = []
    for size in (10, 30):
        (tmp_path / "more.css").write_text(f"p {{ font-size: {size}pt !important }}")
        printed.append(page(tmp_path, "<p>x</p>"))
    assert printed[0] != printed[1]


# What a template may do

FAULTS = [
    ("{{ ''['__class__'] }}", "booklet.html:1 cannot be used: access to attribute '__class__'"),
    ("{{ paper.__init__ }}", "booklet.html:1 cannot be used: access to attribute '__init__'"),
    ("{{ '{0.__class__}'.format(paper) }}", "booklet.html:1 cannot be used: access to attribute '__class__'"),
    ("{{ '{0.__class__}' | format }}{{ ('%s' | format(paper)).x }}", "booklet.html:1 cannot be used"),
    ("{{ paper | attr('__class__') }}", "booklet.html:1 cannot be used"),
    ("{{ [paper] | map(attribute='__class__') | join }}", "booklet.html:1 cannot be used: access to attribute"),
    ("{{ cycler.__init__.__globals__ }}", "booklet.html:1 cannot be used: access to attribute '__init__'"),
    ("{{ self._TemplateReference__context }}", "booklet.html:1 cannot be used: access to attribute"),
    ("{{ lipsum(10 ** 9) }}", "booklet.html:1 cannot be used: 'lipsum' is undefined"),
    ("\n{{ 9 ** (9 ** 9) }}", "booklet.html:2 cannot be used: a power is too large"),
    ("\n{{ [0] * 10 ** 9 }}", "booklet.html:2 cannot be used: a text or list repeated 1,000,000,000 times"),
    ("\n{% for a in range(10 ** 9) %}{% endfor %}", "booklet.html:2 cannot be used: OverflowError"),
    ("{% macro a() %}\n{{ a() }}{% endmacro %}{{ a() }}", "booklet.html:2 cannot be used: RecursionError"),
    ("{% extends 'booklet.html' %}", "booklet.html:1 cannot be used: RecursionError"),
    ("{% include '../secret.html' %}", "../secret.html is not in the folder of templates"),
    ("{% include '/etc/hostname' %}", "/etc/hostname is not in the folder of templates"),
    ("{% include 'link.html' %}", "link.html is a link that leaves the project"),
    ("{% import 'bad.html' as bad %}\n{{ bad.one() }}", "bad.html:2 cannot be used: 'titel' is undefined"),
    ("{% include 'part.html' %}", "part.html:3 cannot be used: 'titel' is undefined"),
    ("{% extends 'base.html' %}{% block body %}\n{{ titel }}{% endblock %}", "booklet.html:2 cannot be used: 'titel'"),
]


@pytest.mark.parametrize(("template", "message"), FAULTS)
def test_a_template_is_held_to_the_sandbox_and_named_with_its_line(tmp_path: Path, template: str, message: str) -> None:
    from quizgen.writers import pdf

    own = tmp_path / "templates"
    own.mkdir()
    (tmp_path / "secret.html").write_text("secret")
    (own / "link.html").symlink_to(tmp_path / "secret.html")
    (own / "bad.html").write_text("{% macro one() %}\n{{ titel }}{% endmacro %}")
    (own / "part.html").write_text("\n\n{{ titel }}")
    (own / "booklet.html").write_text(template)
    with pytest.raises(QuizgenError, match=re.escape(message)):
        pdf.booklet_html(papers.english(), Templates(own))
