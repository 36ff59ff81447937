"""Which fields may come to be needed for an open fact, whatever is answered on the way.

`open_fields` says what to ask now; an answer may open more: a pump room is to serve something, a
venue has an area, a use that is not listed has to be judged. A notice that says everything at once
lists these too, each with what has to be the case for it to be needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from drawreview.project.buildings import EXCEPTED, MAY_BE_HAZARDOUS, SHORT_OF_THE_TOP, SUMS, row_of
from drawreview.project.extent import Extent
from drawreview.project.kinds import Category, Hint
from drawreview.project.model import Building, Project
from drawreview.project.open_fields import PROJECT_FIELDS, SINGLE

_VENUE_FACTS: Final = {*SINGLE, *SINGLE.values()}
_HEIGHTS: Final = ("building_height_m", "declared_height_m")
_ROOMS_WHEN: Final = "有地下泵房、消防水池的"
_VENUES_WHEN: Final = "有所列场所的"
_OTHER_WHEN: Final = "性质为「其他」的"
_HAZARD_WHEN: Final = "性质为厂房、仓库的"
_UNLISTED_WHEN: Final = "性质不在所列五类之内的"
_BUILDING_WHEN: Final = "工程类别为房屋建筑的"


@dataclass(frozen=True, slots=True)
class Eventual:
    """A field that may come to be needed, and when; `[]` is every entry of a list to come."""

    field: str
    when: str | None = None


def eventual_fields(
    project: Project, fact: str, tells: Callable[[str, Extent], bool]
) -> Iterator[Eventual]:
    """Yield the fields that settle an open fact for good.

    Args:
        project: What is stated.
        fact: The open fact.
        tells: Whether what a building leaves open of a fact can still tell on a rule.
    """
    if fact in PROJECT_FIELDS:
        unlisted = any(building.use is None for building in project.buildings or (Building(),))
        needs_use = fact == "similar_use" and unlisted
        yield Eventual(PROJECT_FIELDS[fact], _UNLISTED_WHEN if needs_use else None)
        return
    if fact == "district_listed":
        named = project.name or project.project_code
        stated = {"district_list": project.district_list, "district": project.district}
        yield from (
            Eventual(name) for name, value in {**stated, "name": named}.items() if not value
        )
        return
    if fact == "works_floor_area_m2":
        yield Eventual(fact)
        return
    if fact == "special_works" and project.special_works is None:
        yield Eventual("special_works")
    if fact == "building_use" and project.category is None:
        yield Eventual("category")
    yield from _of_buildings(project, fact, tells)


def _of_buildings(
    project: Project, fact: str, tells: Callable[[str, Extent], bool]
) -> Iterator[Eventual]:
    hazardous = Hint.HAZARDOUS_GOODS in project.hints
    if project.buildings:
        for index, building in enumerate(project.buildings):
            extent = row_of(building).get(fact)
            if extent is not None and fact not in SUMS and not tells(fact, extent):
                continue
            for name, when in _of_building(building, fact, hazardous=hazardous):
                yield Eventual(f"buildings[{index}].{name}", when)
        return
    if project.category is Category.MUNICIPAL:
        return
    if project.category is None:
        yield Eventual("category")
    when = None if project.category else _BUILDING_WHEN
    yield Eventual("buildings", when)
    for name, only in _of_building(Building(), fact, hazardous=hazardous):
        yield Eventual(f"buildings[].{name}", only or when)


def _of_building(
    building: Building, fact: str, *, hazardous: bool
) -> Iterator[tuple[str, str | None]]:
    """Yield the fields of a building that settle a fact, and when each is needed."""
    if fact in _VENUE_FACTS:
        yield from _venues(building)
    elif fact == "basement":
        yield from _rooms(building)
    elif fact == "special_works":
        yield from _hazard(building, hazardous=hazardous)
    elif fact in _HEIGHTS:
        if building.height_m is None:
            yield "height_m", None
        if building.height_basis in SHORT_OF_THE_TOP and building.highest_point_m is None:
            yield "highest_point_m", None
    else:
        for name in _PLAIN.get(fact, ()):
            if getattr(building, name) is None:
                only_other = name == "public_building"
                if only_other and building.use not in (None, "other"):
                    continue
                yield name, _OTHER_WHEN if only_other and building.use is None else None


_PLAIN: Final = {
    "total_floor_area_m2": ("floor_area_m2",),
    "largest_building_area_m2": ("floor_area_m2",),
    "area_less_plant_rooms_m2": ("floor_area_m2",),
    "storey_height_m": ("max_storey_height_m",),
    "single_storey_height_m": ("storeys_above_ground", "height_m"),
    "storeys_above_ground": ("storeys_above_ground",),
    "natural_storeys": ("storeys_above_ground",),
    "residential_height_m": ("use", "height_m"),
    "public_building_area_m2": ("use", "floor_area_m2", "public_building"),
    "public_building_height_m": ("use", "height_m", "public_building"),
    "building_use": ("use",),
}


def _venues(building: Building) -> Iterator[tuple[str, str | None]]:
    if building.fire_venues is None:
        yield "fire_venues", None
        yield "fire_venues[].floor_area_m2", _VENUES_WHEN
    for place, venue in enumerate(building.fire_venues or ()):
        if venue.floor_area_m2 is None:
            yield f"fire_venues[{place}].floor_area_m2", None


def _rooms(building: Building) -> Iterator[tuple[str, str | None]]:
    rooms = building.underground_rooms
    if not rooms and building.storeys_below_ground is None:
        yield "storeys_below_ground", None
    if rooms is None:
        yield "underground_rooms", None
        yield "underground_rooms[].serves", _ROOMS_WHEN
    for place, room in enumerate(rooms or ()):
        if room.serves is None and room.kind in EXCEPTED:
            yield f"underground_rooms[{place}].serves", None


def _hazard(building: Building, *, hazardous: bool) -> Iterator[tuple[str, str | None]]:
    if building.fire_hazard_class is not None:
        return
    if building.use is None and not hazardous:
        yield "use", None
        yield "fire_hazard_class", _HAZARD_WHEN
    elif hazardous or building.use in MAY_BE_HAZARDOUS:
        yield "fire_hazard_class", None
