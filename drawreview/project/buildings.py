"""What one building makes of each fact, and which of its fields would settle it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from drawreview.fact import UNBOUNDED, Kind, scaled
from drawreview.project.extent import (
    FLAG,
    NOTHING_KNOWN,
    Extent,
    area_of,
    exactly,
    extents_of,
    greatest,
    length_of,
    total,
)
from drawreview.project.facts import FACTS
from drawreview.project.kinds import Category, HeightBasis, Hint

if TYPE_CHECKING:
    from drawreview.project.model import Building, Project

Row = dict[str, Extent]
USE: Final = FACTS["building_use"]
BASEMENT: Final = FACTS["basement"]
ANY_USE: Final = USE.every_bit ^ USE.bits("not_a_building")
_OF_USE: Final = {**extents_of(USE), None: (0, ANY_USE)}
_OF_BASEMENT: Final = extents_of(BASEMENT)
# GB 50016 counts dormitories with public buildings.
_PUBLIC_USES: Final = ("office", "commercial", "public_service", "dormitory")
_PRIVATE_USES: Final = ("residential", "ordinary_warehouse", "ordinary_factory")
# A use that nobody has stated may turn out to be a factory or a warehouse.
MAY_BE_HAZARDOUS: Final = ("ordinary_warehouse", "ordinary_factory", None)
SHORT_OF_THE_TOP: Final = (HeightBasis.EAVES, HeightBasis.ROOF_SURFACE)
# The order from harmless to harmful: a project's basement is the worst of its buildings'.
_BASEMENTS: Final = ("none_built", "pump_room_or_fire_tank", "doubtful", "other")
EXCEPTED: Final = ("pump_room", "fire_water_tank")  # 地下泵房、消防水池除外
# How a project's fact comes of its buildings'.
COMBINED: Final[dict[str, Callable[[Iterable[Extent]], Extent]]] = {
    "total_floor_area_m2": total,
    "largest_building_area_m2": greatest,
    "area_less_plant_rooms_m2": total,
    "building_height_m": greatest,
    "declared_height_m": greatest,
    "storey_height_m": greatest,
    "single_storey_height_m": greatest,
    "storeys_above_ground": greatest,
    "natural_storeys": greatest,
    "residential_height_m": greatest,
    "public_building_area_m2": greatest,
    "public_building_height_m": greatest,
}
SUMS: Final = frozenset(fact for fact, combine in COMBINED.items() if combine is total)
# The facts of a project that are those of a single building: its largest, its highest.
OF_ONE_BUILDING: Final = frozenset(
    name for name, combine in COMBINED.items() if combine is greatest
)

_UNSTATED: Final[Row] = {
    **dict.fromkeys(COMBINED, NOTHING_KNOWN),
    "building_use": (0, ANY_USE),
    "basement": BASEMENT.extent,
}


def rows(project: Project) -> tuple[Row, ...]:
    """Return the facts of each building; of buildings that were not stated, nothing is known."""
    if project.buildings:
        return tuple(map(row_of, project.buildings))
    return () if project.category is Category.MUNICIPAL else (_UNSTATED,)


def unclassed(project: Project) -> tuple[int, ...]:
    """Return the places of the buildings whose fire hazard class is needed and not stated (A16).

    A factory or a warehouse is 普通 only if what it makes or stores is not of class 甲 or 乙.
    """
    hazardous = Hint.HAZARDOUS_GOODS in project.hints
    return tuple(
        place
        for place, building in enumerate(project.buildings or ())
        if building.fire_hazard_class is None and (hazardous or building.use in MAY_BE_HAZARDOUS)
    )


def may_be_explosive(project: Project) -> bool:
    """Whether a building may be of class 甲 or 乙, since nobody has stated its class."""
    if project.buildings:
        return bool(unclassed(project))
    return project.category is not Category.MUNICIPAL


@lru_cache(maxsize=1024)
def row_of(building: Building) -> Row:
    """Return what one building makes of each fact."""
    area = area_of(building.floor_area_m2)
    declared = height = length_of(building.height_m)
    if building.height_basis in SHORT_OF_THE_TOP and building.highest_point_m is None:
        height = (declared[0], UNBOUNDED)  # something stands above what was measured (A9)
    elif building.highest_point_m:
        height = greatest((declared, length_of(building.highest_point_m)))
    above, partial = building.storeys_above_ground, building.partial_storeys or 0
    natural = NOTHING_KNOWN if above is None else (above, above)
    use = building.use
    is_dwelling = FLAG[None if use is None else use == "residential"]
    is_public = FLAG[
        True if use in _PUBLIC_USES else False if use in _PRIVATE_USES else building.public_building
    ]
    return {
        "total_floor_area_m2": area,
        "largest_building_area_m2": area,
        "area_less_plant_rooms_m2": _less_plant_rooms(building, area),
        "building_height_m": height,
        "declared_height_m": declared,
        "storey_height_m": length_of(building.max_storey_height_m),
        "single_storey_height_m": _only_if(FLAG[None if above is None else above == 1], declared),
        "storeys_above_ground": (natural[0] + partial, min(natural[1] + partial, UNBOUNDED)),
        "natural_storeys": natural,
        "residential_height_m": _only_if(is_dwelling, declared),
        "public_building_area_m2": _only_if(is_public, area),
        "public_building_height_m": _only_if(is_public, declared),
        "building_use": _OF_USE[use],
        "basement": _basement(building),
    }


def _only_if(condition: Extent, extent: Extent) -> Extent:
    return (extent[0] if condition[0] else 0, extent[1] if condition[1] else 0)


@lru_cache(maxsize=1024)
def settled_by(building: Building) -> dict[str, tuple[str, ...]]:
    """Return the fields of a building that would settle each of its facts."""
    area, height = ("floor_area_m2",), ("height_m",)
    storeys, use = ("storeys_above_ground",), ("use",)
    tallest = (*missing(building.use, use), *missing(building.height_m, height))
    largest = (*missing(building.use, use), *missing(building.floor_area_m2, area))
    below, rooms = "storeys_below_ground", "underground_rooms"
    unserved = tuple(
        f"{rooms}[{index}].serves"
        for index, room in enumerate(building.underground_rooms or ())
        if room.serves is None and room.kind in EXCEPTED
    )
    # Rooms that are stated settle the basement by what they serve, whatever the storeys.
    unsaid = (
        ()
        if building.underground_rooms
        else (
            *missing(building.storeys_below_ground, (below,)),
            *missing(building.underground_rooms, (rooms,)),
        )
    )
    public = ("public_building",) if building.use == "other" else ()
    return {
        "total_floor_area_m2": area,
        "largest_building_area_m2": area,
        "area_less_plant_rooms_m2": area,
        "building_height_m": height if building.height_m is None else ("highest_point_m",),
        "declared_height_m": height,
        "storey_height_m": ("max_storey_height_m",),
        "single_storey_height_m": (*storeys, *height),
        "storeys_above_ground": storeys,
        "natural_storeys": storeys,
        "residential_height_m": tallest,
        "public_building_area_m2": (*largest, *missing(building.public_building, public)),
        "public_building_height_m": (*tallest, *missing(building.public_building, public)),
        "building_use": use,
        "basement": unsaid or unserved or (rooms,),
    }


def missing(value: object, where: tuple[str, ...]) -> tuple[str, ...]:
    """Return where a value is to be stated, if nobody has."""
    return where if value is None else ()


def _less_plant_rooms(building: Building, area: Extent) -> Extent:
    """Return the area without the pump rooms and tanks that 二(一)1(1) excepts (A8)."""
    low, high = area
    for room in building.underground_rooms or ():
        if room.kind not in EXCEPTED or room.serves == "other":
            continue
        if room.floor_area_m2 is None:
            low = 0
        else:
            part = scaled(Kind.AREA, room.floor_area_m2)
            low, high = max(0, low - part), max(0, high - part)
    return (low, high)


def _basement(building: Building) -> Extent:
    """Return which of the four basements a building may have.

    二(一)1(1): 无地下室（…地下泵房、消防水池除外）; a closed list of two rooms.
    """
    rooms, storeys = building.underground_rooms, building.storeys_below_ground
    if rooms:
        return worst([_room(room.kind, room.serves) for room in rooms])
    # Pits, trenches and tanks have no storey, so no storeys is not yet no basement.
    if storeys is None or (storeys == 0 and rooms is None):
        return BASEMENT.extent
    if storeys == 0:
        return _OF_BASEMENT["none_built"]
    # There is a basement: with rooms stated as none of the excepted kind it is an ordinary one.
    if rooms is not None:
        return exactly(BASEMENT.bits("other"))
    return (0, BASEMENT.bits("pump_room_or_fire_tank", "doubtful", "other"))


def _room(kind: str, serves: str | None) -> Extent:
    if kind in {"semi_basement", "pipe_trench", "lift_pit"}:
        return exactly(BASEMENT.bits("doubtful"))
    if kind == "other" or serves == "other":
        return exactly(BASEMENT.bits("other"))
    if serves is None:
        return (0, BASEMENT.bits("pump_room_or_fire_tank", "other"))
    return exactly(BASEMENT.bits("pump_room_or_fire_tank"))


def worst(parts: list[Extent]) -> Extent:
    """Return the worst of several basements: at least the worst that one of them surely is."""
    if len(parts) <= 1:
        return parts[0] if parts else _OF_BASEMENT["none_built"]
    # Bits ascend from harmless to harmful, so the least harmful possible value is the lowest bit.
    floor = max((possible & -possible) for _, possible in parts)
    ceiling = max(1 << (possible.bit_length() - 1) for _, possible in parts)
    possible = 0
    for _, part in parts:
        possible |= part
    possible &= (ceiling * 2 - 1) & ~(floor - 1)
    return (possible if possible & (possible - 1) == 0 else 0, possible)
