"""Templates: the working project's own copy where it has one, else the one that quizgen brings; run in a sandbox."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from quizgen.language import catalog
from quizgen.problems import QuizgenError

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment


def shipped() -> Path:
    """The folder of the templates that quizgen brings: in the wheel, or beside the package in a checkout."""
    package = Path(__file__).parent
    inside = package / "data" / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


@dataclass(frozen=True)
class Templates:
    """The templates that a build sees; `project` is the working project's `templates/` folder, if it has one."""

    project: Path | None = None

    def path(self, name: str) -> Path:
        """The file that a template's name stands for.

        Raises QuizgenError when there is none, or when the project's copy is a link to a file outside it.
        """
        own = self.project / name if self.project else None
        if own is not None and own.is_file():
            if not own.resolve().is_relative_to(self.project.resolve()):  # type: ignore[union-attr]
                raise QuizgenError(f"{own} is a link that leaves the project; put a copy of the file there")
            return own
        path = shipped() / name
        if not path.is_file():
            raise QuizgenError(f"there is no template {name}; quizgen's own are in {shipped()}")
        return path

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
        from jinja2.sandbox import SandboxedEnvironment

        environment = SandboxedEnvironment(
            loader=FunctionLoader(lambda name: self.read(name).decode()),
            autoescape=autoescape,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        environment.install_gettext_translations(catalog(language), newstyle=True)  # type: ignore[attr-defined]
        return environment
