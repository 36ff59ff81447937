"""Which fields of the project file would settle each open fact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from drawreview.project.buildings import (
    COMBINED,
    may_be_explosive,
    missing,
    row_of,
    rows,
    settled_by,
    unclassed,
)
from drawreview.project.extent import Extent
from drawreview.project.kinds import FIRE_VENUES, Category, Works

if TYPE_CHECKING:
    from drawreview.project.model import Building, Project

SINGLE: Final = {fact: f"single_{fact}" for fact in FIRE_VENUES}
# The project's own facts, and where each is stated.
PROJECT_FIELDS: Final = {
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


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What one building, or the project itself, leaves open of a fact.

    Attributes:
        fields: The fields that would settle it.
        extent: What the building by itself makes of the fact; None of what is not one building's.
    """

    fields: tuple[str, ...]
    extent: Extent | None = None


def open_fields(project: Project, extents: dict[str, Extent]) -> dict[str, tuple[Part, ...]]:
    """Return what is left open of each open fact, building by building."""
    opened = {name for name, (low, high) in extents.items() if low != high}
    found: dict[str, tuple[Part, ...]] = {
        name: (Part(fields),) for name, fields in _open_project_fields(project, opened)
    }
    if "special_works" in opened:
        found["special_works"] = tuple(_open_special_works(project))
    parts = _of_buildings(project)
    for name in (*COMBINED, "basement"):
        if some := parts.get(name):
            found[name] = some
    if "building_use" in opened:
        unstated = () if project.category else (Part(("category",)),)
        found["building_use"] = (*unstated, *parts.get("building_use", ()))
    venues = tuple(_open_venues(project))
    for fact, single in SINGLE.items():
        if fact in opened:
            found[fact] = found[single] = venues
    return found


def _of_buildings(project: Project) -> dict[str, tuple[Part, ...]]:
    """Return what each building leaves open of its facts."""
    found: dict[str, tuple[Part, ...]] = {}
    if not project.buildings:
        fields = ("buildings",) if project.category else ("category", "buildings")
        built = rows(project)
        return {name: (Part(fields, extent),) for row in built for name, extent in row.items()}
    for index, building in enumerate(project.buildings):
        for name, part in _of_building(index, building):
            found[name] = (*found.get(name, ()), part)
    return found


@lru_cache(maxsize=1024)
def _of_building(index: int, building: Building) -> tuple[tuple[str, Part], ...]:
    fields = settled_by(building)
    return tuple(
        (name, Part(tuple(f"buildings[{index}].{field}" for field in fields[name]), (low, high)))
        for name, (low, high) in row_of(building).items()
        if low != high
    )


def _open_project_fields(
    project: Project, opened: set[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, field in PROJECT_FIELDS.items():
        if name in opened:
            yield name, (field,)
    if "district_listed" in opened:
        unnamed = () if project.name or project.project_code else ("name",)
        cited = missing(project.district_list, ("district_list",))
        yield "district_listed", (*cited, *missing(project.district, ("district",)), *unnamed)
    if project.works is not Works.NEW_BUILD and project.works_floor_area_m2 is None:
        yield "works_floor_area_m2", ("works_floor_area_m2",)


def _open_special_works(project: Project) -> Iterator[Part]:
    if project.special_works is None:
        yield Part(("special_works",))
    if not project.buildings and may_be_explosive(project):
        yield Part(("buildings",) if project.category else ("category", "buildings"))
    for index in unclassed(project):
        yield _class_of_building(index, use_unknown=(project.buildings or ())[index].use is None)


@cache
def _class_of_building(index: int, *, use_unknown: bool) -> Part:
    at = f"buildings[{index}]"
    return Part((*((f"{at}.use",) if use_unknown else ()), f"{at}.fire_hazard_class"))


def _open_venues(project: Project) -> Iterator[Part]:
    if not project.buildings and project.category is not Category.MUNICIPAL:
        yield Part(("buildings",))
    for index, building in enumerate(project.buildings or ()):
        if part := _venues_of_building(index, building):
            yield part


@lru_cache(maxsize=1024)
def _venues_of_building(index: int, building: Building) -> Part | None:
    at = f"buildings[{index}].fire_venues"
    if building.fire_venues is None:
        return Part((at,))
    areas = (
        f"{at}[{place}].floor_area_m2"
        for place, venue in enumerate(building.fire_venues)
        if venue.floor_area_m2 is None
    )
    fields = tuple(areas)
    return Part(fields) if fields else None
