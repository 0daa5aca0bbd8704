"""The pages as they were last looked at: today's, drawn the same way, may differ from docs/gallery/ by a hair."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from conftest import ACTUAL
from gallery import gallery
from quizgen.build import assembled
from quizgen.templates import Templates
from quizgen.writers import pdf

FEW = gallery.SHOWN[:2]
MEAN = 0.5  # of 255: hinting and the edges of letters
SEEN = 80  # a pixel that differs by so much is seen
SHARE = 0.0005  # of the page's pixels: a letter of a line


def comparable(*, word: bool = False) -> bool:
    """Whether this machine has the fonts and libraries with which the gallery was made."""
    try:
        here, then = gallery.made_with(), json.loads(gallery.MADE_WITH.read_text())
    except OSError:
        return False
    return all(here[name] == then.get(name) for name in here if word or name != gallery.WORD)


def differing(shown: gallery.Shown, data: bytes) -> Iterator[str]:
    """The pages that do not look as in the gallery; these are put beside their differences into tests/actual/."""
    for name, picture in gallery.pictures(shown, data):
        known = gallery.PICTURES / name
        if not known.is_file():
            yield f"{name} is new"
        elif not alike(Image.open(known), picture, ACTUAL / "gallery" / name):
            yield name


def alike(known: Image.Image, today: Image.Image, actual: Path) -> bool:
    """Whether two pictures of a page look the same; if not, today's is kept with what differs in black."""
    if known.size == today.size:
        difference = ImageChops.difference(known.convert("L"), today.convert("L"))
        seen = sum(difference.histogram()[SEEN:]) / (known.width * known.height)
        if ImageStat.Stat(difference).mean[0] <= MEAN and seen <= SHARE:
            return True
        actual.parent.mkdir(parents=True, exist_ok=True)
        ImageChops.invert(difference).save(actual.with_stem(f"{actual.stem}-diff"))
    actual.parent.mkdir(parents=True, exist_ok=True)
    today.save(actual)
    return False


def vanished(shown: gallery.Shown, data: bytes) -> set[str]:
    """Pages of the gallery that the document has no more."""
    today = {name for name, _ in gallery.pictures(shown, data)}
    return {path.name for path in gallery.PICTURES.glob(f"{shown.name}-[0-9]*.png")} - today


def test_booklet_and_sheet_look_as_in_the_gallery():
    if not comparable():
        pytest.skip("other fonts or libraries than the gallery was made with")
    paper = assembled(gallery.COURSE / "exams" / "ja.yaml")
    files = pdf.write([paper], Templates())
    for shown in FEW:
        data = next(file.data for file in files if str(file.path) == shown.path)
        assert [*differing(shown, data), *vanished(shown, data)] == []


@pytest.mark.slow
@pytest.mark.parametrize("exam", gallery.EXAMS)
def test_every_document_looks_as_in_the_gallery(exam: str, tmp_path: Path):
    if not comparable():
        pytest.skip("other fonts or libraries than the gallery was made with")
    output = gallery.built(exam, tmp_path)
    word = comparable(word=True)
    wrong = []
    for shown in (one for one in gallery.SHOWN if one.exam == exam and (word or not one.path.endswith(".docx"))):
        data = gallery.read(shown, output)
        wrong += [*differing(shown, data), *vanished(shown, data)]
    assert wrong == []


def test_the_page_shows_every_picture():
    shown = re.findall(r'src="gallery/([^"]+)"', gallery.PAGE.read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(path.name for path in gallery.PICTURES.glob("*.png"))
    assert sum(path.stat().st_size for path in gallery.PICTURES.glob("*.png")) < 3_000_000


def test_a_shifted_line_is_seen(tmp_path: Path):
    known = Image.open(gallery.PICTURES / "ja-booklet-2.png").convert("L")
    shifted = known.copy()
    line = known.crop((0, 100, known.width, 112))
    shifted.paste(line, (2, 100))
    assert alike(known, known, tmp_path / "same.png")
    assert not alike(known, shifted, tmp_path / "other.png")
    assert {path.name for path in tmp_path.iterdir()} == {"other.png", "other-diff.png"}
