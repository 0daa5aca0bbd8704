"""An assignment (演習課題) as an activity: what to do, how to hand in, and its rubric as advanced grading."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import TYPE_CHECKING

from quizgen.writers.moodle.assignments import student_text
from quizgen.writers.moodle.names import shortened
from quizgen.writers.moodle_backup.activity import LONGEST_NAME, Activity, Numbers, Spot, documents, intro, numbers
from quizgen.writers.moodle_backup.nodes import DATE, node

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from quizgen.paper import Assignment, Criterion, Worksheet
    from quizgen.templates import Templates
    from quizgen.writers.moodle_backup.store import Store

_READY = 20  # of a rubric that is no draft
_PLAIN = 0
_RUBRIC_OPTIONS = (
    *("sortlevelsasc", "lockzeropoints", "alwaysshowdefinition", "showdescriptionteacher", "showdescriptionstudent"),
    *("showscoreteacher", "showscorestudent", "enableremarks", "showremarksstudent"),
)
_SUBMISSION = (
    ("assignsubmission", "onlinetext", {"enabled": "1", "wordlimit": "0", "wordlimitenabled": "0"}),
    (
        *("assignsubmission", "file"),
        {"enabled": "1", "maxfilesubmissions": "20", "maxsubmissionsizebytes": "0", "filetypeslist": ""},
    ),
    ("assignfeedback", "comments", {"enabled": "1", "commentinline": "0"}),
)


def whole(points: Decimal) -> Decimal:
    """The points that an assignment has in Moodle, which takes no parts of one."""
    return max(points.quantize(Decimal(1), ROUND_HALF_UP), Decimal(1))


def assignment(
    worksheet: Worksheet, set_: Assignment, variant: str, templates: Templates, spot: Spot, store: Store
) -> Activity:
    """The activity of one assignment; `variant` is what tells its worksheet from the others."""
    name = shortened(f"{set_.title} {variant}" if variant else set_.title, LONGEST_NAME)
    at = numbers(store)
    own = _assign(worksheet, set_, name, at, templates, store)
    found = documents(own, name, f"{whole(set_.points):.5f}", at, spot, store)
    if set_.rubric:
        found["grading.xml"] = _grading(set_, store)
    slug = "-".join(filter(None, (worksheet.id, variant, set_.id.rpartition("/")[2])))
    return Activity("assign", name, slug, at.module, found)


def _assign(
    worksheet: Worksheet, set_: Assignment, name: str, at: Numbers, templates: Templates, store: Store
) -> Element:
    text = student_text(partial(templates.render, templates.environment(worksheet.language)), worksheet, set_)
    return node(
        "assign",
        node("userflags"),
        node("submissions"),
        node("grades"),
        node("plugin_configs", *_settings(store)),
        node("overrides"),
        id_=at.instance,
        name=name,
        intro=intro(text, "assign", at, store),
        introformat=1,
        alwaysshowdescription=1,
        submissiondrafts=0,
        sendnotifications=0,
        sendlatenotifications=0,
        sendstudentnotifications=1,
        duedate=int(set_.due.timestamp()) if set_.due else 0,
        cutoffdate=0,
        gradingduedate=0,
        allowsubmissionsfromdate=0,
        grade=str(whole(set_.points)),
        timemodified=DATE,
        completionsubmit=0,
        requiresubmissionstatement=0,
        teamsubmission=0,
        requireallteammemberssubmit=0,
        teamsubmissiongroupingid=0,
        blindmarking=0,
        hidegrader=0,
        revealidentities=0,
        attemptreopenmethod="untilpass",
        maxattempts=1,
        markingworkflow=0,
        markingallocation=0,
        markinganonymous=0,
        preventsubmissionnotingroup=0,
        activity="",
        activityformat=1,
        timelimit=0,
        submissionattachments=0,
    )


def _settings(store: Store) -> Iterator[Element]:
    for kind, plugin, settings in _SUBMISSION:
        for name, value in settings.items():
            yield node("plugin_config", id_=store.number(), plugin=plugin, subtype=kind, name=name, value=value)


def _grading(set_: Assignment, store: Store) -> Element:
    criteria = [_criterion(place, criterion, store) for place, criterion in enumerate(set_.rubric, 1)]
    definition = node(
        "definition",
        node("plugin_gradingform_rubric_definition", node("criteria", *criteria)),
        node("instances"),
        id_=store.number(),
        method="rubric",
        name=shortened(set_.title, LONGEST_NAME),
        description="",
        descriptionformat=1,
        status=_READY,
        timecreated=DATE,
        timemodified=DATE,
        options=json.dumps(dict.fromkeys(_RUBRIC_OPTIONS, "1")),
    )
    area = node(
        "area",
        node("definitions", definition),
        id_=store.number(),
        areaname="submissions",
        activemethod="rubric",
    )
    return node("areas", area)


def _criterion(place: int, criterion: Criterion, store: Store) -> Element:
    levels = [
        node("level", id_=store.number(), score=f"{points:.5f}", definition=name, definitionformat=_PLAIN)
        for name, points in criterion.levels
    ]
    return node(
        "criterion",
        node("levels", *levels),
        id_=store.number(),
        sortorder=place,
        description=criterion.name,
        descriptionformat=_PLAIN,
    )
