"""Other programs beside ours, as far as they are installed: what a like exam takes each of them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks import like, material
from benchmarks.measures import Bounds, Measure
from benchmarks.process import FailedError, measured

R_EXAMS = "R/exams"
_PAPERS = (1, 11)
_TYPST = """\
import sys, typst
from pathlib import Path
for path in sorted(Path(sys.argv[1]).glob("*.typ")):
    typst.compile(str(path), output=str(path.with_suffix(".pdf")))
"""
_R = """\
arguments <- commandArgs(trailingOnly = TRUE)
files <- sort(list.files(arguments[1], pattern = "[.]Rnw$", full.names = TRUE))
template <- file.path(arguments[1], "exam.tex")
set.seed(2026)
exams::exams2pdf(
  sample(files), n = as.integer(arguments[2]), dir = file.path(arguments[1], "out"), template = template,
  encoding = "UTF-8", texengine = "pdflatex", quiet = TRUE
)
"""
_HAS_R_EXAMS = 'if (!requireNamespace("exams", quietly = TRUE)) quit(status = 1)'


@dataclass(frozen=True, slots=True)
class Peer:
    """A program: what is missing for it here ("" if nothing), and the command that makes papers in a folder.

    What it reads is written before, and does not count.
    """

    name: str
    missing: Callable[[], str]
    command: Callable[[Path, Sequence[like.Asked], int], tuple[str, ...]]


def peers(folder: Path, bounds: Bounds) -> Iterator[Measure]:
    """One paper and several, by each peer."""
    del bounds
    questions = [like.asked(question) for question in material.chosen(material.course(folder))]
    for number, peer in enumerate(PEERS):
        if missing := peer.missing():
            yield Measure("peers", peer.name, 0, None, f"skipped: {missing}")
            continue
        try:
            for papers in _PAPERS:
                below = folder / f"peer-{number}-{papers}"
                below.mkdir()
                yield Measure("peers", peer.name, papers, measured(*peer.command(below, questions, papers)))
        except FailedError as error:
            yield Measure("peers", peer.name, 0, None, f"skipped: it failed, and said “{error}”")


def _typst_sources(folder: Path, questions: Sequence[like.Asked], papers: int) -> None:
    for paper in range(papers):
        source = like.typst(like.in_order(questions, paper), paper)
        (folder / f"{paper:03}.typ").write_text(source, encoding="utf-8")


def _typst(folder: Path, questions: Sequence[like.Asked], papers: int) -> tuple[str, ...]:
    _typst_sources(folder, questions, papers)
    return "sh", "-c", 'for file in "$1"/*.typ; do typst compile "$file" || exit; done', "typst", str(folder)


def _typst_binding(folder: Path, questions: Sequence[like.Asked], papers: int) -> tuple[str, ...]:
    _typst_sources(folder, questions, papers)
    return sys.executable, "-c", _TYPST, str(folder)


def _r_exams(folder: Path, questions: Sequence[like.Asked], papers: int) -> tuple[str, ...]:
    for number, question in enumerate(questions):
        (folder / f"{number:02}.Rnw").write_text(like.sweave(question), encoding="utf-8")
    (folder / "exam.tex").write_text(like.LATEX_TEMPLATE, encoding="utf-8")
    (folder / "out").mkdir(exist_ok=True)
    program = folder / "exam.R"
    program.write_text(_R, encoding="utf-8")
    return "Rscript", str(program), str(folder), str(papers)


def _no_program(name: str) -> str:
    return "" if shutil.which(name) else f"{name} is not installed"


def _no_binding() -> str:
    return "" if find_spec("typst") else "the Python package typst is not installed"


def _no_r_exams() -> str:
    if missing := _no_program("Rscript") or _no_program("pdflatex"):
        return missing
    try:
        measured("Rscript", "-e", _HAS_R_EXAMS)
    except FailedError:
        return "R's package exams is not installed"
    return ""


PEERS = (
    Peer("Typst", lambda: _no_program("typst"), _typst),
    Peer("Typst, by its Python package", _no_binding, _typst_binding),
    Peer(R_EXAMS, _no_r_exams, _r_exams),
)
