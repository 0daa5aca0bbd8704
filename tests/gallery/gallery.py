"""The gallery: every printed document of three small exams as pictures, and the page in docs/ that shows them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import pypdfium2
from PIL import Image

HERE = Path(__file__).parent
COURSE = HERE / "banks" / "gallery"
PICTURES = HERE.parent.parent / "docs" / "gallery"
PAGE = PICTURES.with_suffix(".md")
MADE_WITH = HERE / "made-with.json"
WORD = "libreoffice"

_DPI = 75
_GREYS, _REDS = 12, 4
_RED = (200, 16, 46)  # of the key
_FAMILIES = ("BIZ UDPGothic", "BIZ UDPGothic:bold", "Noto Sans CJK JP", "Noto Sans CJK JP:bold", "DejaVu Sans Mono")


@dataclass(frozen=True, slots=True)
class Shown:
    """A document of the gallery: its exam, its heading, its path in the exam's output; its pages from one up to one."""

    exam: str
    title: str
    path: str
    pages: tuple[int, int | None] = (0, None)

    @property
    def name(self) -> str:
        """What its pictures' names begin with."""
        path = Path(self.path)
        return f"{self.exam}-{path.stem}" + ("-docx" if path.suffix == ".docx" else "")


_SOME = (1, 4)
SHOWN = (
    Shown("ja", "Booklet (問題冊子)", "student/A/booklet.pdf"),
    Shown("ja", "Answer sheet (解答用紙)", "student/A/answer-sheet.pdf"),
    Shown("ja", "Answer key (正解表)", "teacher/A/answer-key.pdf"),
    Shown("ja", "Key laid over the booklet", "teacher/A/overlay.pdf", _SOME),
    Shown("ja", "Explanations (解説)", "teacher/A/explanations.pdf"),
    Shown("ja", "All variants", "teacher/variants.pdf"),
    Shown("ja", "Large print (拡大)", "student/A/booklet-large-print.pdf", _SOME),
    Shown("ja", "Furigana (ふりがな)", "student/A/booklet-furigana.pdf", _SOME),
    Shown("ja", "High contrast", "student/A/booklet-high-contrast.pdf", _SOME),
    Shown("ja", "Dyslexia-friendly spacing", "student/A/booklet-dyslexia-friendly.pdf", _SOME),
    Shown("ja", "Two languages side by side", "student/A/booklet-bilingual.pdf", _SOME),
    Shown("ja", "Word, opened in LibreOffice", "student/A/booklet.docx"),
    Shown("ja", "Word: answer key", "teacher/A/answer-key.docx"),
    Shown("en", "Booklet on Letter paper", "student/A/booklet.pdf"),
    Shown("en", "Answer sheet", "student/A/answer-sheet.pdf"),
    Shown("en", "Answer key", "teacher/A/answer-key.pdf"),
    Shown("en", "Key laid over the booklet", "teacher/A/overlay.pdf", _SOME),
    Shown("en", "Explanations", "teacher/A/explanations.pdf"),
    Shown("en", "Large print", "student/A/booklet-large-print.pdf", _SOME),
    Shown("en", "Two languages side by side", "student/A/booklet-bilingual.pdf", _SOME),
    Shown("en", "Word, opened in LibreOffice", "student/A/booklet.docx"),
    Shown("written", "Two pages a sheet, to fold (B4)", "student/24001/booklet-folded.pdf"),
    Shown("written", "Sheet for written answers (記述用解答用紙)", "student/24001/answer-sheet.pdf"),
)
EXAMS = {"ja": "Japanese", "en": "English", "written": "A written test, folded, with a roster"}


def built(exam: str, folder: Path, formats: tuple[str, ...] = ("pdf", "docx")) -> Path:
    """Build an exam of the gallery; the folder of its output."""
    from quizgen.build import Options, build

    return build(COURSE / "exams" / f"{exam}.yaml", folder, Options(formats=formats, jobs=1)).folder


def pictures(shown: Shown, data: bytes) -> Iterator[tuple[str, Image.Image]]:
    """The pages of a PDF that are shown, each with its file's name, as small pictures of few colours."""
    document = pypdfium2.PdfDocument(data)
    try:
        for number in range(len(document))[slice(*shown.pages)]:
            page = document[number].render(scale=_DPI / 72).to_pil()
            yield (
                f"{shown.name}-{number + 1}.png",
                page.convert("RGB").quantize(palette=_palette(), dither=Image.Dither.NONE),
            )
    finally:
        document.close()


@cache
def _palette() -> Image.Image:
    """Greys, and reds from the key's to almost white: the same few colours for every page."""
    greys = [(255 * step // (_GREYS - 1),) * 3 for step in range(_GREYS)]
    reds = [tuple(part + (255 - part) * step // _REDS for part in _RED) for step in range(_REDS)]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in (*greys, *reds) for part in colour])
    return palette


def png(picture: Image.Image) -> bytes:
    """The picture as a file."""
    target = BytesIO()
    picture.save(target, "PNG", optimize=True)
    return target.getvalue()


def has_word() -> bool:
    """Whether DOCX can be shown here."""
    return shutil.which("soffice") is not None


def from_word(path: Path) -> bytes:
    """A DOCX as LibreOffice prints it."""
    with TemporaryDirectory() as folder:
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return (Path(folder) / path.with_suffix(".pdf").name).read_bytes()


def read(shown: Shown, output: Path) -> bytes | None:
    """A document as PDF; None where it is for Word and there is nothing to show that with."""
    path = output / shown.path
    if path.suffix != ".docx":
        return path.read_bytes()
    return from_word(path) if has_word() else None


def made_with() -> dict[str, str]:
    """What decides how a page looks beside the project itself: libraries, and the files that fonts come from."""
    from weasyprint.text.ffi import pango

    libraries = {name: version(name) for name in ("pypdfium2", "weasyprint")}
    office = subprocess.run(["soffice", "--version"], capture_output=True, text=True).stdout if has_word() else ""
    return {
        **libraries,
        "pango": str(pango.pango_version()),
        **{f"font {family}": _font(family) for family in _FAMILIES},
        WORD: office.strip(),
    }


def _font(family: str) -> str:
    found = subprocess.run(["fc-match", "--format=%{file}", family], capture_output=True, text=True, check=True)
    file = Path(found.stdout)
    return f"{file.name} {sha256(file.read_bytes()).hexdigest()[:16]}"


def page(names: dict[Shown, list[str]]) -> str:
    """The Markdown that shows the pictures."""
    parts = [
        "# What it looks like\n\nEvery printed document of three small exams, made by `make gallery`; "
        "their questions are in [tests/gallery/](../tests/gallery/banks/gallery/informatics.yaml).\n"
    ]
    for exam, title in EXAMS.items():
        parts.append(f"\n## {title}\n")
        for shown in (one for one in SHOWN if one.exam == exam and one in names):
            images = "\n".join(f'<img src="gallery/{name}" width="260" alt="{shown.title}">' for name in names[shown])
            parts.append(f"\n### {shown.title}\n\n{images}\n")
    return "".join(parts)


def main() -> None:
    """Write all pictures and the page; of Word's there stay the old ones where LibreOffice is missing."""
    names: dict[Shown, list[str]] = {}
    PICTURES.mkdir(exist_ok=True)
    old = {path.name for path in PICTURES.glob("*.png")}
    with TemporaryDirectory() as folder:
        outputs = {exam: built(exam, Path(folder)) for exam in EXAMS}
        for shown in SHOWN:
            data = read(shown, outputs[shown.exam])
            if data is None:
                click.echo(f"{shown.name} stays as it was: there is no LibreOffice (soffice) here")
                names[shown] = sorted(name for name in old if name.startswith(f"{shown.name}-"))
                continue
            names[shown] = [_written(name, picture) for name, picture in pictures(shown, data)]
    for name in old.difference(*names.values()):
        (PICTURES / name).unlink()
    PAGE.write_text(page(names), encoding="utf-8")
    MADE_WITH.write_text(json.dumps(made_with(), indent=1) + "\n", encoding="utf-8")
    size = sum(path.stat().st_size for path in PICTURES.glob("*.png"))
    click.echo(f"{sum(map(len, names.values()))} pictures, {size / 1e6:.1f} MB")


def _written(name: str, picture: Image.Image) -> str:
    (PICTURES / name).write_bytes(png(picture))
    return name


if __name__ == "__main__":
    sys.exit(main())
