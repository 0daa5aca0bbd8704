"""What every activity of a backup has: its place in the course, its grade, and the list of what it refers to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from xml.etree.ElementTree import Element

from quizgen.writers.moodle_backup.nodes import DATE, VERSION, node
from quizgen.writers.moodle_backup.store import Area

if TYPE_CHECKING:
    from quizgen.writers.moodle.xml import Fragment
    from quizgen.writers.moodle_backup.store import Store

LONGEST_NAME = 255

Kind = Literal["quiz", "assign"]


@dataclass(frozen=True, slots=True)
class Spot:
    """The section of the course in which an activity stands: its number in the archive, and its place."""

    section: int
    place: int


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity of a backup: its documents by their names, and its question bank. `slug` is its file's name."""

    kind: Kind
    name: str
    slug: str
    module: int
    documents: Mapping[str, Element]
    bank: tuple[Element, ...] = ()

    @property
    def key(self) -> str:
        """What the backup calls the activity."""
        return f"{self.kind}_{self.module}"


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers on which an activity's documents agree."""

    module: int
    context: int
    instance: int
    grade: int


def numbers(store: Store) -> Numbers:
    """Numbers for a new activity."""
    return Numbers(store.number(), store.number(), store.number(), store.number())


def intro(text: Fragment, kind: Kind, at: Numbers, store: Store) -> str:
    """The text above an activity, its pictures kept."""
    store.put(text.pictures, _intro_area(kind, at))
    return text.html


def documents(
    own: Element, name: str, grade: str, at: Numbers, spot: Spot, store: Store, categories: tuple[int, ...] = ()
) -> dict[str, Element]:
    """The documents that each activity has, with the one of its own; call it when its files are kept."""
    kind: Kind = own.tag  # type: ignore[assignment]
    root = Element(
        "activity",
        {"id": str(at.instance), "moduleid": str(at.module), "modulename": kind, "contextid": str(at.context)},
    )
    root.append(own)
    files = tuple(file.number for file in store.files if file.area == _intro_area(kind, at))
    return {
        f"{kind}.xml": root,
        "module.xml": _module(kind, at, spot),
        "grades.xml": _grades(kind, name, grade, at),
        "roles.xml": roles(),
        "inforef.xml": node(
            "inforef",
            _references("file", files),
            _references("grade_item", (at.grade,)),
            _references("question_category", categories),
        ),
    }


def roles() -> Element:
    """No role of its own."""
    return node("roles", node("role_overrides"), node("role_assignments"))


def _intro_area(kind: Kind, at: Numbers) -> Area:
    return Area(at.context, f"mod_{kind}", "intro")


def _references(kind: str, found: tuple[int, ...]) -> Element:
    return node(f"{kind}ref", *(node(kind, id=number) for number in found))


def _module(kind: Kind, at: Numbers, spot: Spot) -> Element:
    module = node(
        "module",
        node("tags"),
        id_=at.module,
        modulename=kind,
        sectionid=spot.section,
        sectionnumber=spot.place,
        idnumber="",
        added=DATE,
        score=0,
        indent=0,
        # Nobody but teachers sees it until one of them shows it.
        visible=0,
        visibleoncoursepage=1,
        visibleold=0,
        groupmode=0,
        groupingid=0,
        completion=0,
        completiongradeitemnumber=None,
        completionpassgrade=0,
        completionview=0,
        completionexpected=0,
        availability=None,
        showdescription=0,
        downloadcontent=1,
        lang=None,
    )
    module.set("version", str(VERSION))
    return module


def _grades(kind: Kind, name: str, grade: str, at: Numbers) -> Element:
    item = node(
        "grade_item",
        node("grade_grades"),
        id_=at.grade,
        categoryid=None,
        itemname=name,
        itemtype="mod",
        itemmodule=kind,
        iteminstance=at.instance,
        itemnumber=0,
        iteminfo=None,
        idnumber="",
        calculation=None,
        gradetype=1,
        grademax=grade,
        grademin="0.00000",
        scaleid=None,
        outcomeid=None,
        gradepass="0.00000",
        multfactor="1.00000",
        plusfactor="0.00000",
        aggregationcoef="0.00000",
        aggregationcoef2="0.00000",
        weightoverride=0,
        sortorder=1,
        display=0,
        decimals=None,
        hidden=0,
        locked=0,
        locktime=0,
        needsupdate=1,
        timecreated=DATE,
        timemodified=DATE,
    )
    return node("activity_gradebook", node("grade_items", item), node("grade_letters"))
