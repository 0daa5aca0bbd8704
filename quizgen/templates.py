"""Templates: the working project's own copy where it has one, else the one that quizgen brings; run in a sandbox."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import TYPE_CHECKING

from quizgen.bounds import Step, begin
from quizgen.language import catalog
from quizgen.problems import QuizgenError

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.sandbox import SandboxedEnvironment


def shipped() -> Path:
    """The folder of the templates that quizgen brings: in the wheel, or beside the package in a checkout."""
    package = Path(__file__).parent
    inside = package / "data" / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".svg"})
FONTS = frozenset({".ttf", ".otf", ".woff", ".woff2"})
_TEXTS = frozenset({".html", ".xml", ".css", ".docx"})
_MOST_FILES = 1000


@dataclass(frozen=True)
class Templates:
    """The templates that a build sees; `project` is the working project's `templates/` folder, if it has one."""

    project: Path | None = None

    def path(self, name: str) -> Path:
        """The file that a name below the folder of templates stands for.

        Raises QuizgenError when there is none, or when the project's copy is a link to a file outside it.
        """
        if _leaves(name):
            raise QuizgenError(f"{name} is not in the folder of templates; name a file there, without .. and /")
        own = self.project / name if self.project else None
        if own is not None and own.is_file():
            if not own.resolve().is_relative_to(self.project.resolve()):  # type: ignore[union-attr]
                raise QuizgenError(f"{own} is a link that leaves the project; put a copy of the file there")
            return own
        path = shipped() / name
        if not path.is_file():
            raise QuizgenError(f"there is no template {name}; quizgen's own are in {shipped()}")
        return path

    def additions(self) -> tuple[str, ...]:
        """The names of the files, none of ours among them, that the project has for its templates and pages to use.

        Raises QuizgenError when there are so many that they must be there for something else.
        """
        if self.project is None:
            return ()
        names = []
        for path in self.project.rglob("*"):
            name = path.relative_to(self.project).as_posix()
            if _is_used(name) and path.is_file() and not (shipped() / name).is_file():
                names.append(name)
            if len(names) > _MOST_FILES:
                raise QuizgenError(f"{self.project} holds more than {_MOST_FILES} files; keep only what papers use")
        return tuple(sorted(names))

    def read(self, name: str) -> bytes:
        """A template's bytes."""
        return self.path(name).read_bytes()

    @cached_property
    def folders(self) -> tuple[Path, ...]:
        """Where templates are looked up, first to last."""
        return (self.project, shipped()) if self.project else (shipped(),)

    def environment(self, language: str, *, autoescape: bool = True) -> SandboxedEnvironment:
        """A sandboxed Jinja environment over these templates, with the language's words for `_` and `trans`."""
        from jinja2 import FunctionLoader, StrictUndefined

        from quizgen.sandbox import Sandbox

        environment = Sandbox(
            loader=FunctionLoader(self._source),
            autoescape=autoescape,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        environment.install_gettext_translations(catalog(language), newstyle=True)  # type: ignore[attr-defined]
        return environment

    def _source(self, name: str) -> tuple[str, str, None]:
        """A template's text with its file, by which `render` knows the lines of a traceback."""
        path = self.path(name)
        try:
            return path.read_bytes().decode(), str(path), None
        except UnicodeDecodeError as error:
            raise QuizgenError(f"the template {name} is not UTF-8; save it as UTF-8") from error

    def render(self, environment: Environment, name: str, **values: object) -> str:
        """The template with these values filled in.

        Raises QuizgenError, naming the line, when a template cannot be compiled or when one of the project's own
        fails in any way; what fails in ours alone is a bug.
        """
        with self._in_words(name):
            return environment.get_template(name).render(values)

    def stream(self, environment: Environment, name: str, **values: object) -> Iterator[str]:
        """What `render` gives, piece by piece while it is made."""
        with self._in_words(name):
            yield from environment.get_template(name).generate(values)

    @contextmanager
    def _in_words(self, name: str) -> Iterator[None]:
        """What goes wrong in a template is said in its author's words."""
        from jinja2 import TemplateError

        begin(Step(f"filling in the template {name}", "a loop in it, or loops inside each other, that run too often"))
        try:
            yield
        except (QuizgenError, MemoryError):
            raise
        except Exception as error:
            place = self._place(error)
            if not isinstance(error, TemplateError) and not place.own:
                raise
            raise QuizgenError(f"the template {place.line or name} cannot be used: {_in_words(error)}") from error

    def place(self, error: BaseException) -> str:
        """The line of a template where an error arose, as `booklet.html:12`; "" where it was in none."""
        return self._place(error).line

    def _place(self, error: BaseException) -> _Place:
        """Where the error arose: the innermost line of the project's templates, else of ours."""
        lines = list(_lines(error.__traceback__))
        for folder in self.folders:
            for path, line in reversed(lines):
                if path.is_relative_to(folder):
                    return _Place(f"{path.relative_to(folder)}:{line}", own=folder == self.project)
        return _Place("", own=False)


def _leaves(name: str) -> bool:
    """Whether a name leads out of the folder that it is looked up in."""
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name


def _is_used(name: str) -> bool:
    """Whether a file is of a kind that templates and pages use, and no remnant of an editor's."""
    path = PurePosixPath(name)
    return path.suffix.lower() in _TEXTS | PICTURES | FONTS and not any(part[0] in ".~" for part in path.parts)


@dataclass(frozen=True)
class _Place:
    """A line of a template, and whether that is the project's own."""

    line: str
    own: bool


def _lines(trace: TracebackType | None) -> Iterator[tuple[Path, int]]:
    """The files and lines that an error came through, outermost first."""
    while trace is not None:
        code, line = trace.tb_frame.f_code, trace.tb_lineno or _line_before(trace)
        # Jinja rewrites the lines of its code to the template's, but not for what is no Exception.
        template = trace.tb_frame.f_globals.get("__jinja_template__")
        yield Path(code.co_filename), template.get_corresponding_lineno(line) if template else line
        trace = trace.tb_next


def _line_before(trace: TracebackType) -> int:
    """The last line before an instruction that belongs to none, as a loop's end does."""
    lines = [line for start, _, line in trace.tb_frame.f_code.co_lines() if line and start <= trace.tb_lasti]
    return lines[-1] if lines else 0


def _in_words(error: Exception) -> str:
    """What went wrong, our classes by their plain names."""
    from jinja2 import TemplateError

    said = re.sub(r"'quizgen\.[\w.]+\.(\w+) object'", lambda found: f"the {found[1].lower()}", str(error))
    return said if isinstance(error, TemplateError) else f"{type(error).__name__}: {said}"
