"""Which fields of the project file would settle each open fact."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from drawreview.project.buildings import COMBINED, may_be_explosive, missing, rows, unclassed, where
from drawreview.project.extent import Extent
from drawreview.project.kinds import FIRE_VENUES, Category, Works
from drawreview.project.model import Project

SINGLE: Final = {fact: f"single_{fact}" for fact in FIRE_VENUES}
# The project's own facts, and where each is stated.
_PROJECT_FIELDS: Final = {
    **{
        name: name
        for name in (
            "investment",
            "works",
            "single_function",
            "simple_technique",
            "similar_use",
        )
    },
    "review_commissioned_on": "review_commissioned_on",
    **{
        name: f"permit.{name}"
        for name in (
            "land_papers",
            "planning_papers",
            "site_verified_not_started",
            "drawings_complete",
        )
    },
}


def open_fields(
    project: Project, extents: dict[str, Extent]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each open fact with the fields that would settle it."""
    opened = {name for name, (low, high) in extents.items() if low != high}
    yield from _open_project_fields(project, opened)
    built = rows(project)
    places = [where(b, f"buildings[{i}].") for i, b in enumerate(project.buildings or ())]
    if built and not places:
        unstated = ("buildings",) if project.category else ("category", "buildings")
        places = [dict.fromkeys(built[0], unstated)]

    def of_buildings(name: str) -> tuple[str, ...]:
        parts = zip(built, places, strict=True)
        return tuple(f for row, at in parts if row[name][0] != row[name][1] for f in at[name])

    for name in COMBINED:
        if fields := of_buildings(name):
            yield name, tuple(dict.fromkeys(fields))
    venues = tuple(_open_venues(project))
    for fact, single in SINGLE.items():
        if fact in opened:
            yield from ((fact, venues), (single, venues))
    if "building_use" in opened:
        yield (
            "building_use",
            (*(() if project.category else ("category",)), *of_buildings("building_use")),
        )
    if fields := of_buildings("basement"):
        yield "basement", fields


def _open_project_fields(
    project: Project, opened: set[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, field in _PROJECT_FIELDS.items():
        if name in opened:
            yield name, (field,)
    if "district_listed" in opened:
        unnamed = () if project.name or project.project_code else ("name",)
        cited = missing(project.district_list, ("district_list",))
        yield "district_listed", (*cited, *missing(project.district, ("district",)), *unnamed)
    if "special_works" in opened:
        yield (
            "special_works",
            (*missing(project.special_works, ("special_works",)), *_open_classes(project)),
        )
    if project.works is not Works.NEW_BUILD and project.works_floor_area_m2 is None:
        yield "works_floor_area_m2", ("works_floor_area_m2",)


def _open_classes(project: Project) -> Iterator[str]:
    if not project.buildings and may_be_explosive(project):
        yield from (() if project.category else ("category",))
        yield "buildings"
    for index in unclassed(project):
        if project.buildings and project.buildings[index].use is None:
            yield f"buildings[{index}].use"
        yield f"buildings[{index}].fire_hazard_class"


def _open_venues(project: Project) -> Iterator[str]:
    if not project.buildings and project.category is not Category.MUNICIPAL:
        yield "buildings"
    for index, building in enumerate(project.buildings or ()):
        if building.fire_venues is None:
            yield f"buildings[{index}].fire_venues"
        for place, venue in enumerate(building.fire_venues or ()):
            if venue.floor_area_m2 is None:
                yield f"buildings[{index}].fire_venues[{place}].floor_area_m2"
