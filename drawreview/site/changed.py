"""The project as its log has changed it: 三(四)¶2."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from drawreview.fact import Fact
from drawreview.project.facts import FACTS
from drawreview.project.model import Building, Project
from drawreview.site.events import MATTERS, TOUCHED_ZH, MajorDesignChange
from drawreview.site.log import Known

# A change may name a fact where the project file has fields of other names; and where a field that
# is left out says that there is none of it, what it adds to is open instead.
_FIELDS_OF: Final = {
    "total_floor_area_m2": ("floor_area_m2",),
    "building_height_m": ("height_m", "highest_point_m"),
    "height_m": ("height_m", "highest_point_m"),
    "highest_point_m": ("height_m", "highest_point_m"),
    "height_basis": ("height_m", "highest_point_m", "height_basis"),
    "storey_height_m": ("max_storey_height_m",),
    "partial_storeys": ("storeys_above_ground", "partial_storeys"),
    "basement": ("storeys_below_ground", "underground_rooms"),
    "underground_rooms": ("storeys_below_ground", "underground_rooms"),
    "building_use": ("use",),
    "public_building": ("use", "public_building"),
    "fire_hazard_class": ("use", "fire_hazard_class", "special_works"),
    "civil_air_defence": (
        "storeys_below_ground",
        "underground_rooms",
    ),  # 人防工程 lies below ground
}
_BY_LABEL: Final = {fact.zh: fact.name for fact in FACTS.values()}
_OF_BUILDING: Final = frozenset(Building.model_fields) - {"name"}
# What says nothing of the project itself: who the parties are, what papers they have.
_OF_PROJECT: Final = frozenset(Project.model_fields) - {
    *("schema_", "name", "address", "project_code", "buildings", "hints"),
    *("review_commissioned_on", "project_owner", "survey", "design", "permit"),
}
_EVERY_FIELD: Final = tuple(sorted(_OF_PROJECT | _OF_BUILDING))


def project_on(project: Project, known: Known) -> Project:
    """Return the project with what the log tells of it, open where a change leaves it open."""
    told, opened = project_told(project, known), open_fields(known)
    if not opened:
        return told
    update: dict[str, object] = {name: None for name in opened if name in _OF_PROJECT}
    of_building = {name: None for name in opened if name in _OF_BUILDING}
    if told.buildings and of_building:
        update["buildings"] = tuple(b.model_copy(update=of_building) for b in told.buildings)
    return told.model_copy(update=update)


def project_told(project: Project, known: Known) -> Project:
    """Return the project as file and log tell it, before any change leaves something open.

    The last change that says what the project is now stands for the project file. Of several days
    on which the review was commissioned, or the owner listed, the first holds: none exempts less.
    """
    # Two of one day differ: open_fields leaves everything open, and which is named matters little.
    told = min(_stated_last(known), key=Project.model_dump_json, default=project)
    commissioned = first_day(
        project.review_commissioned_on,
        told.review_commissioned_on,
        *(entry.on for entry in known.named("review_commissioned")),
    )
    owner = told.project_owner
    listed = first_day(
        project.project_owner.blacklisted_on,
        owner.blacklisted_on,
        *(entry.on for entry in known.named("blacklisted")),
    )
    return told.model_copy(
        update={
            "review_commissioned_on": commissioned
            or told.review_commissioned_on
            or project.review_commissioned_on,
            "project_owner": owner.model_copy(update={"blacklisted_on": listed}),
        }
    )


def with_commission(project: Project, today: Known) -> Project:
    """Return the project with the day of its commission as it is known today, for earlier days.

    Whoever commissions a review on a day has not done so before; the file need not say it.
    """
    days = (entry.on for entry in today.named("review_commissioned"))
    commissioned = first_day(project.review_commissioned_on, *days)
    if commissioned is None:
        return project
    return project.model_copy(update={"review_commissioned_on": commissioned})


def first_day(*days: object) -> date | None:
    """Return the first of those that are days."""
    return min((day for day in days if isinstance(day, date)), default=None)


def open_fields(known: Known) -> tuple[str, ...]:
    """Return the fields of which nobody knows yet what a change made of them."""
    changes = open_changes(known)
    if any(change.project or unclear(change) for change in changes):
        return _EVERY_FIELD
    return tuple(dict.fromkeys(field for change in changes for field in touched_fields(change)))


def open_changes(known: Known) -> tuple[MajorDesignChange, ...]:
    """Return the changes of which nobody knows yet what they made of the project."""
    changes, stated = _changes(known), _stated_last(known)
    last_stated = max((c.on for c in changes if c.project), default=date.min)
    return tuple(c for c in changes if c.on >= last_stated and _open(c, known, stated))


def _open(change: MajorDesignChange, known: Known, stated: tuple[Project, ...]) -> bool:
    if change.project:  # of two that one day tells of, nobody knows which came first
        return len(stated) > 1
    if not (unclear(change) or touched_fields(change)):
        return False
    # Of one day nobody knows which came first, so the drawings are taken to be the older.
    uploaded = max((entry.on for entry in known.named("drawings_uploaded")), default=date.min)
    return change.on >= uploaded or unclear(change) or bool(stated)


def needs_the_changed_project(change: MajorDesignChange, known: Known) -> bool:
    """Whether uploaded drawings do not say what the change made of the project.

    The project file describes the drawings that were uploaded, in the fields that a change names.
    Where a change names none, or an event has taken the place of the file, only an event can.
    """
    return change.project is not None or unclear(change) or bool(_stated_last(known))


def unclear(change: MajorDesignChange) -> bool:
    """Whether the words of a change leave open which fields of the project it touches."""
    return any(word not in MATTERS and not _fields_of(word) for word in change.touches)


def touched_fields(change: MajorDesignChange) -> tuple[str, ...]:
    """Return the fields of the project file that a change says it touches."""
    return tuple(dict.fromkeys(field for word in change.touches for field in _fields_of(word)))


def _fields_of(word: str) -> tuple[str, ...]:
    name = MATTERS.get(word) or _BY_LABEL.get(word, word)
    fields = _FIELDS_OF.get(name, (name,))
    return tuple(field for field in fields if field in _OF_PROJECT or field in _OF_BUILDING)


def touched_zh(word: str) -> str:
    """Return the Chinese name of what a change touches; a word of one's own stays as it is."""
    fact = _fact_of(word)
    return TOUCHED_ZH.get(word) or (fact.zh if fact else word)


def touched_en(word: str) -> str:
    """Return the English name of what a change touches; a word of one's own stays as it is."""
    fact, matter = _fact_of(word), MATTERS.get(word)
    return matter.replace("_", " ") if matter else fact.en if fact else word


def _fact_of(word: str) -> Fact | None:
    name = _BY_LABEL.get(word, word)
    names = (fact for fact, fields in _FIELDS_OF.items() if name in fields and fact in FACTS)
    return FACTS.get(next(names, name))


def _stated_last(known: Known) -> tuple[Project, ...]:
    """Return what the changes of the last day that says so make of the project, each once."""
    stated = [(change.on, change.project) for change in _changes(known) if change.project]
    last = max((day for day, _ in stated), default=date.min)
    return tuple(dict.fromkeys(project for day, project in stated if day == last))


def _changes(known: Known) -> tuple[MajorDesignChange, ...]:
    return tuple(_of(known))


def _of(known: Known) -> Iterator[MajorDesignChange]:
    for entry in known.named("major_design_change"):
        if isinstance(entry.event, MajorDesignChange):
            yield entry.event
