"""Building: read, assemble and write; the only place that puts files into `output/`."""

from quizgen.build.catalog import CatalogReport, build_catalog
from quizgen.build.pipeline import Options, assembled, build
from quizgen.build.project import Project, find_project
from quizgen.build.report import PaperSummary, Report
from quizgen.build.run import Progress
from quizgen.build.verify import Verdict, verify

__all__ = [
    "CatalogReport",
    "Options",
    "PaperSummary",
    "Progress",
    "Project",
    "Report",
    "Verdict",
    "assembled",
    "build",
    "build_catalog",
    "find_project",
    "verify",
]
