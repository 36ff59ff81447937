"""The project as its log has changed it: 三(四)¶2."""

from __future__ import annotations

from datetime import date
from typing import Final

from drawreview.project.facts import FACTS
from drawreview.project.model import Building, Project
from drawreview.site.events import TOUCHED_ZH, MajorDesignChange
from drawreview.site.log import Known

# A change may name a fact where the project file has fields of other names.
_FIELDS_OF: Final = {
    "total_floor_area_m2": ("floor_area_m2",),
    "building_height_m": ("height_m", "highest_point_m"),
    "height_m": ("height_m", "highest_point_m"),
    "storey_height_m": ("max_storey_height_m",),
    "basement": ("storeys_below_ground", "underground_rooms"),
    "building_use": ("use",),
}
_BY_LABEL: Final = {fact.zh: fact.name for fact in FACTS.values()}
_OF_BUILDING: Final = frozenset(Building.model_fields) - {"name"}
# What says nothing of the project itself: who the parties are, what papers they have.
_OF_PROJECT: Final = frozenset(Project.model_fields) - {
    *("schema_", "name", "address", "project_code", "buildings", "hints"),
    *("review_commissioned_on", "project_owner", "survey", "design", "permit"),
}


def project_on(project: Project, known: Known) -> Project:
    """Return the project with what the log tells of it.

    The last change that says what the project is now stands for the project file. What a change
    touches without saying so is open until changed drawings are uploaded, which the file describes.
    """
    for change in _changes(known):
        project = change.project or project
    commissioned = known.first("review_commissioned")
    if project.review_commissioned_on is None and commissioned:
        project = project.model_copy(update={"review_commissioned_on": commissioned.on})
    opened = fields_not_yet_uploaded(known)
    if not opened:
        return project
    update: dict[str, object] = {name: None for name in opened if name in _OF_PROJECT}
    of_building = {name: None for name in opened if name in _OF_BUILDING}
    if project.buildings and of_building:
        update["buildings"] = tuple(b.model_copy(update=of_building) for b in project.buildings)
    return project.model_copy(update=update)


def fields_not_yet_uploaded(known: Known) -> tuple[str, ...]:
    """Return the fields that a change touches and of which no drawing tells yet."""
    uploaded = max((entry.on for entry in known.named("drawings_uploaded")), default=date.min)
    # Of one day nobody knows which came first, so the drawings are taken to be the older.
    open_since = (c for c in _changes(known) if c.on >= uploaded and c.project is None)
    return tuple(dict.fromkeys(field for c in open_since for field in touched_fields(c)))


def touched_fields(change: MajorDesignChange) -> tuple[str, ...]:
    """Return the fields of the project file that a change says it touches."""
    found: list[str] = []
    for word in change.touches:
        name = _BY_LABEL.get(word, word)
        found += _FIELDS_OF.get(name, (name,))
    return tuple(f for f in dict.fromkeys(found) if f in _OF_PROJECT or f in _OF_BUILDING)


def touched_zh(word: str) -> str:
    """Return the Chinese name of what a change touches."""
    if word in TOUCHED_ZH:
        return TOUCHED_ZH[word]
    names = (name for name, fields in _FIELDS_OF.items() if word in fields and name in FACTS)
    name = next(names, word)
    return FACTS[name].zh if name in FACTS else word


def _changes(known: Known) -> tuple[MajorDesignChange, ...]:
    entries = known.named("major_design_change")
    return tuple(e.event for e in entries if isinstance(e.event, MajorDesignChange))
