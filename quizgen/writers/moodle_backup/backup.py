"""A whole backup: one activity to be put into a course, or a course with several."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

from quizgen.writers.moodle.names import shortened
from quizgen.writers.moodle_backup.activity import LONGEST_NAME, Activity, Spot, roles
from quizgen.writers.moodle_backup.archive import packed
from quizgen.writers.moodle_backup.nodes import DATE, RELEASE, VERSION, document, node

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from xml.etree.ElementTree import Element

    from quizgen.writers.moodle_backup.store import Store

_SHELLS = {
    "groups": "groups",
    "roles": "roles_definition",
    "scales": "scales_definition",
    "outcomes": "outcomes_definition",
}
_ROOT_SETTINGS = {
    "activities": 1, "files": 1, "questionbank": 1, "users": 0, "anonymize": 0, "role_assignments": 0, "blocks": 0,
    "filters": 0, "comments": 0, "badges": 0, "calendarevents": 0, "userscompletion": 0, "logs": 0,
    "grade_histories": 0, "groups": 0, "competencies": 0, "customfield": 0, "contentbankcontent": 0, "legacyfiles": 0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Course:
    """The course that a backup says to come from: its names and numbers, and the section that holds the activities."""

    id: str
    title: str
    section_title: str
    number: int
    context: int
    spot: Spot

    @property
    def section(self) -> str:
        """What the backup calls the section."""
        return f"section_{self.spot.section}"


def course(id_: str, title: str, section_title: str, place: int, store: Store) -> Course:
    """A course whose activities stand in the section at this place."""
    title = shortened(title, LONGEST_NAME)
    section_title = shortened(section_title, LONGEST_NAME)
    return Course(id_, title, section_title, store.number(), store.number(), Spot(store.number(), place))


def activity_backup(activity: Activity, origin: Course, store: Store) -> bytes:
    """An archive that Moodle restores into a course that exists."""
    information = _information("activity", (activity,), origin)
    return _archive(information, (activity,), store, {})


def course_backup(activities: Sequence[Activity], origin: Course, store: Store) -> bytes:
    """An archive that Moodle restores as a new course, or into one that exists."""
    extra = {
        f"sections/{origin.section}/section.xml": _section(activities, origin),
        f"sections/{origin.section}/inforef.xml": node("inforef"),
        "course/course.xml": _course(origin),
        "course/roles.xml": roles(),
        "course/inforef.xml": node("inforef"),
    }
    return _archive(_information("course", activities, origin), activities, store, extra)


def _archive(information: Element, activities: Sequence[Activity], store: Store, extra: Mapping[str, Element]) -> bytes:
    banks = [category for activity in activities for category in activity.bank]
    documents = {
        "moodle_backup.xml": information,
        "questions.xml": node("question_categories", *banks),
        "files.xml": node("files", *(file.node() for file in store.files)),
        **{f"{name}.xml": node(root) for name, root in _SHELLS.items()},
        **extra,
    }
    for activity in activities:
        documents |= {f"activities/{activity.key}/{name}": root for name, root in activity.documents.items()}
    files = {name: document(root) for name, root in documents.items()}
    return packed(files | {file.path: file.data for file in store.files})


# moodle_backup.xml


def _information(kind: Literal["activity", "course"], activities: Sequence[Activity], origin: Course) -> Element:
    settings = [_setting("root", "", name, value) for name, value in _ROOT_SETTINGS.items()]
    contents = [node("activities", *(_listed(activity, origin) for activity in activities))]
    if kind == "course":
        settings += _included("section", origin.section)
        contents += _listed_course(origin)
    settings += [setting for activity in activities for setting in _included("activity", activity.key)]
    information = node(
        "information",
        node("details", _detail(kind, activities)),
        node("contents", *contents),
        node("settings", *settings),
        name=f"{origin.id}.mbz",
        moodle_version=VERSION,
        moodle_release=RELEASE,
        backup_version=VERSION,
        backup_release=RELEASE,
        backup_date=DATE,
        mnet_remoteusers=0,
        include_files=1,
        include_file_references_to_external_content=0,
        # No site's: a restore takes nothing here for something of its own.
        original_wwwroot="",
        original_site_identifier_hash="quizgen",
        original_course_id=origin.number,
        original_course_format="topics",
        original_course_fullname=origin.title,
        original_course_shortname=origin.id,
        original_course_startdate=0,
        original_course_enddate=0,
        original_course_contextid=origin.context,
        original_system_contextid=0,
    )
    return node("moodle_backup", information)


def _detail(kind: str, activities: Sequence[Activity]) -> Element:
    detail = node("detail", type=kind, format="moodle2", interactive=0, mode=10, execution=1, executiontime=0)
    names = " ".join(f"{activity.key} {activity.name}" for activity in activities)
    detail.set("backup_id", sha256(names.encode(errors="replace")).hexdigest()[:32])
    return detail


def _listed(activity: Activity, origin: Course) -> Element:
    return node(
        "activity",
        moduleid=activity.module,
        sectionid=origin.spot.section,
        modulename=activity.kind,
        title=activity.name,
        directory=f"activities/{activity.key}",
    )


def _listed_course(origin: Course) -> list[Element]:
    section = node(
        "section", sectionid=origin.spot.section, title=origin.section_title, directory=f"sections/{origin.section}"
    )
    return [
        node("sections", section),
        node("course", courseid=origin.number, title=origin.title, directory="course"),
    ]


def _included(level: str, name: str) -> list[Element]:
    """What is included of a section or an activity: itself, and no user's data."""
    return [_setting(level, name, f"{name}_included", 1), _setting(level, name, f"{name}_userinfo", 0)]


def _setting(level: str, owner: str, name: str, value: int) -> Element:
    owned: dict[str, Any] = {level: owner} if owner else {}
    return node("setting", level=level, **owned, name=name, value=value)


# The course


def _section(activities: Sequence[Activity], origin: Course) -> Element:
    return node(
        "section",
        id_=origin.spot.section,
        number=origin.spot.place,
        name=origin.section_title,
        summary="",
        summaryformat=1,
        sequence=",".join(str(activity.module) for activity in activities),
        visible=1,
        availabilityjson=None,
        timemodified=DATE,
    )


def _course(origin: Course) -> Element:
    course = node(
        "course",
        node("category", id_=0, name="", description=None),
        node("tags"),
        node("customfields"),
        node("courseformatoptions"),
        id_=origin.number,
        shortname=origin.id,
        fullname=origin.title,
        idnumber="",
        summary="",
        summaryformat=1,
        format="topics",
        showgrades=1,
        newsitems=0,
        startdate=0,
        enddate=0,
        marker=0,
        maxbytes=0,
        legacyfiles=0,
        showreports=0,
        visible=1,
        groupmode=0,
        groupmodeforce=0,
        defaultgroupingid=0,
        lang="",
        theme="",
        timecreated=DATE,
        timemodified=DATE,
        requested=0,
        enablecompletion=0,
        completionnotify=0,
    )
    course.set("contextid", str(origin.context))
    return course
