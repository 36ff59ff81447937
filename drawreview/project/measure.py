"""What a project's statement makes of each fact: the least and the most it can be.

A number that is partly known is an interval: where one building reaches 12 m, the height of
another cannot bring the project back under it. A choice is two bit sets: the values it surely has
and those it may have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final

from drawreview.fact import UNBOUNDED, Fact, Kind, scaled
from drawreview.project.facts import FACTS
from drawreview.project.kinds import (
    FIRE_VENUES,
    VENUE_FACT,
    Category,
    FireHazardClass,
    HeightBasis,
    Hint,
    Works,
)
from drawreview.project.model import Building, Judgement, Project

Extent = tuple[int, int]
NOTHING_KNOWN: Final[Extent] = (0, UNBOUNDED)
_FLAG: Final[dict[bool | None, Extent]] = {True: (1, 1), False: (0, 0), None: (0, 1)}
_USE: Final = FACTS["building_use"]
_BASEMENT: Final = FACTS["basement"]
_WORKS: Final = FACTS["special_works"]
_ANY_USE: Final = _USE.every_bit ^ _USE.bits("not_a_building")
# GB 50016 counts dormitories with public buildings.
_PUBLIC_USES: Final = ("office", "commercial", "public_service", "dormitory")
_PRIVATE_USES: Final = ("residential", "ordinary_warehouse", "ordinary_factory")
_SHORT_OF_THE_TOP: Final = (HeightBasis.EAVES, HeightBasis.ROOF_SURFACE)
# The order from harmless to harmful: a project's basement is the worst of its buildings'.
_BASEMENTS: Final = ("none_built", "pump_room_or_fire_tank", "doubtful", "other")
NEVER: Final = date.max.toordinal()


@dataclass(frozen=True)
class Measured:
    """Facts of a project on a day: their extents, and the fields to fill where one is open."""

    extents: dict[str, Extent]
    project: Project

    @cached_property
    def fields(self) -> dict[str, tuple[str, ...]]:
        """The fields of the project file that would settle each open fact."""
        return dict(_open_fields(self.project, self.extents))


def _steps(kind: Kind, value: Decimal | None) -> Extent:
    if value is None:
        return NOTHING_KNOWN
    exact = scaled(kind, value)
    return (exact, exact)


def _exactly(value: int) -> Extent:
    return (value, value)


def _total(parts: Iterable[Extent]) -> Extent:
    low = high = 0
    for part_low, part_high in parts:
        low += part_low
        high += part_high
    return (low, min(high, UNBOUNDED))


def _greatest(parts: Iterable[Extent]) -> Extent:
    low = high = 0
    for part_low, part_high in parts:
        low, high = max(low, part_low), max(high, part_high)
    return (low, high)


def _one_of(fact: Fact, value: str | None) -> Extent:
    return fact.extent if value is None else _exactly(fact.bits(value))


def measure(project: Project, *, on: date, district_listed: bool | None = False) -> Measured:
    """Return every fact that rules read, with the fields that would settle what is open.

    Args:
        project: What the applicant states.
        on: The day of the decision.
        district_listed: Whether a notice filed under 二(一)1(2) names the project; None if a
            notice may and nobody said.
    """
    return _Measuring(project, on, district_listed).all()


@dataclass(slots=True)
class _Measuring:
    project: Project
    on: date
    district_listed: bool | None

    def all(self) -> Measured:
        extents = self._project_facts()
        rows = _rows(self.project)
        if len(rows) == 1:
            extents |= rows[0]
        else:
            extents |= {name: combine(r[name] for r in rows) for name, combine in _COMBINED.items()}
        self._venues(extents)
        extents["building_use"] = self._use(rows)
        extents["basement"] = _worst([row["basement"] for row in rows])
        self._special_works(extents)
        extents["works_floor_area_m2"] = self._works_area(extents["total_floor_area_m2"])
        return Measured(extents, self.project)

    def _project_facts(self) -> dict[str, Extent]:
        said, permit, owner = self.project, self.project.permit, self.project.project_owner
        listed = owner.blacklisted_on
        return {
            "investment": _one_of(FACTS["investment"], said.investment),
            "works": _one_of(FACTS["works"], said.works),
            "single_function": self._judged(said.single_function, contradicted=self._many_uses()),
            "simple_technique": self._judged(said.simple_technique, contradicted=bool(said.hints)),
            # What 「等」 takes in nobody can read off the text, so somebody must sign for it (A14).
            "similar_use": self._judged(said.similar_use, contradicted=True),
            "district_listed": _FLAG[self.district_listed],
            "review_commissioned_on": self._commissioned(),
            "land_papers": _FLAG[permit.land_papers],
            "planning_papers": _FLAG[permit.planning_papers],
            "site_verified_not_started": _FLAG[permit.site_verified_not_started],
            "drawings_complete": _FLAG[permit.drawings_complete],
            # The blacklist is the authority's own list: not being named as listed is not unknown.
            "owner_blacklisted": _FLAG[listed is not None and listed <= self.on],
        }

    @staticmethod
    def _judged(judgement: Judgement | None, *, contradicted: bool) -> Extent:
        """Hold a judgement that the statement itself contradicts open until somebody signs it."""
        if judgement is None:
            return _FLAG[None]
        if judgement.value and contradicted and not judgement.signed:
            return _FLAG[None]
        return _FLAG[judgement.value]

    def _many_uses(self) -> bool:
        return len({b.use for b in self.project.buildings or () if b.use}) > 1

    def _commissioned(self) -> Extent:
        day = self.project.review_commissioned_on
        if day is None:
            return (1, NEVER)
        return (NEVER, NEVER) if isinstance(day, str) else _exactly(day.toordinal())

    def _venues(self, extents: dict[str, Extent]) -> None:
        """Add up the venues of each kind; what is not stated may be as large as its building."""
        buildings = self.project.buildings or ()
        unstated = 0 if buildings or self.project.category is Category.MUNICIPAL else UNBOUNDED
        sums: dict[str, dict[str, list[Extent]]] = {}
        for building in buildings:
            if building.fire_venues is None:
                unstated += _steps(Kind.AREA, building.floor_area_m2)[1]
            for venue in building.fire_venues or ():
                area = _steps(Kind.AREA, venue.floor_area_m2)
                if area == NOTHING_KNOWN:
                    area = (0, _steps(Kind.AREA, building.floor_area_m2)[1])
                sums.setdefault(VENUE_FACT[venue.kind], {}).setdefault(venue.kind, []).append(area)
        nothing = (0, min(unstated, UNBOUNDED))
        for fact, single in _SINGLE.items():
            parts = sums.get(fact)
            if parts is None:
                extents[fact] = extents[single] = nothing
                continue
            low, high = _total(area for areas in parts.values() for area in areas)
            extents[fact] = (low, min(high + unstated, UNBOUNDED))
            low, high = _greatest(area for areas in parts.values() for area in areas)
            extents[single] = (low, min(max(high, unstated), UNBOUNDED))

    def _use(self, rows: tuple[Row, ...]) -> Extent:
        sure = possible = 0
        for row in rows:
            row_sure, row_possible = row["building_use"]
            sure, possible = sure | row_sure, possible | row_possible
        category = self.project.category
        if category is Category.BUILDING:
            return (sure, possible)
        if category is Category.MUNICIPAL:
            return _exactly(_NOT_A_BUILDING)
        return (sure if sure == possible and sure & ~_ANY_USE else 0, possible | _NOT_A_BUILDING)

    def _works_area(self, total: Extent) -> Extent:
        if self.project.works is Works.NEW_BUILD:
            return total
        low, high = _steps(Kind.AREA, self.project.works_floor_area_m2)
        # The works are part of what stands when they are done.
        return (low, max(low, min(high, total[1])))

    def _special_works(self, extents: dict[str, Extent]) -> None:
        declared = self.project.special_works
        sure = _WORKS.bits(*declared) if declared else 0
        extents["declared_special_works"] = (sure, _WORKS.every_bit if declared is None else sure)
        explosive = _WORKS.bits("flammable_explosive_site")
        classes = [b.fire_hazard_class for b in self.project.buildings or ()]
        if any(hazard in _EXPLOSIVE for hazard in classes):
            sure |= explosive  # 甲、乙类 (A16)
        possible = _WORKS.every_bit if declared is None else sure
        if Hint.HAZARDOUS_GOODS in self.project.hints and None in classes:
            possible |= explosive  # goods of an unstated class may be of 甲 or 乙
        extents["special_works"] = (sure, possible)


def _open_fields(
    project: Project, extents: dict[str, Extent]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each open fact with the fields that would settle it."""
    opened = {name for name, (low, high) in extents.items() if low != high}
    yield from _open_project_fields(project, opened)
    rows = _rows(project)
    where = [_where(b, f"buildings[{i}].") for i, b in enumerate(project.buildings or ())]
    if rows and not where:
        unstated = ("buildings",) if project.category else ("category", "buildings")
        where = [dict.fromkeys(rows[0], unstated)]

    def of_buildings(name: str) -> tuple[str, ...]:
        parts = zip(rows, where, strict=True)
        return tuple(f for row, at in parts if row[name][0] != row[name][1] for f in at[name])

    for name in _COMBINED:
        if fields := of_buildings(name):
            yield name, tuple(dict.fromkeys(fields))
    venues = tuple(_open_venues(project))
    for fact, single in _SINGLE.items():
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
        cited = _missing(project.district_list, ("district_list",))
        yield "district_listed", (*cited, *_missing(project.district, ("district",)), *unnamed)
    if project.special_works is None:
        yield "declared_special_works", ("special_works",)
    if "special_works" in opened:
        unclassed = tuple(
            f"buildings[{index}].fire_hazard_class"
            for index, building in enumerate(project.buildings or ())
            if building.fire_hazard_class is None and Hint.HAZARDOUS_GOODS in project.hints
        )
        yield (
            "special_works",
            unclassed if project.special_works is not None else ("special_works",),
        )
    if project.works is not Works.NEW_BUILD and project.works_floor_area_m2 is None:
        yield "works_floor_area_m2", ("works_floor_area_m2",)


def _open_venues(project: Project) -> Iterator[str]:
    if not project.buildings and project.category is not Category.MUNICIPAL:
        yield "buildings"
    for index, building in enumerate(project.buildings or ()):
        if building.fire_venues is None:
            yield f"buildings[{index}].fire_venues"
        for place, venue in enumerate(building.fire_venues or ()):
            if venue.floor_area_m2 is None:
                yield f"buildings[{index}].fire_venues[{place}].floor_area_m2"


Row = dict[str, Extent]
_NOT_A_BUILDING: Final = _USE.bits("not_a_building")
_SINGLE: Final = {fact: f"single_{fact}" for fact in FIRE_VENUES}
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
    "owner_blacklisted": "owner_blacklisted",
}
_EXPLOSIVE: Final = (FireHazardClass.A, FireHazardClass.B)
_COMBINED: Final = {
    "total_floor_area_m2": _total,
    "largest_building_area_m2": _greatest,
    "area_less_plant_rooms_m2": _total,
    "building_height_m": _greatest,
    "declared_height_m": _greatest,
    "storey_height_m": _greatest,
    "single_storey_height_m": _greatest,
    "storeys_above_ground": _greatest,
    "natural_storeys": _greatest,
    "residential_height_m": _greatest,
    "public_building_area_m2": _greatest,
    "public_building_height_m": _greatest,
}


_UNSTATED: Final[Row] = {
    **dict.fromkeys(_COMBINED, NOTHING_KNOWN),
    "building_use": (0, _ANY_USE),
    "basement": _BASEMENT.extent,
}


def _rows(project: Project) -> tuple[Row, ...]:
    """Return the facts of each building; of buildings that were not stated, nothing is known."""
    if project.buildings:
        return tuple(_of_building(building) for building in project.buildings)
    return () if project.category is Category.MUNICIPAL else (_UNSTATED,)


def _of_building(building: Building) -> Row:
    area = _steps(Kind.AREA, building.floor_area_m2)
    declared = height = _steps(Kind.LENGTH, building.height_m)
    if building.height_basis in _SHORT_OF_THE_TOP and building.highest_point_m is None:
        height = (declared[0], UNBOUNDED)  # something stands above what was measured (A9)
    elif building.highest_point_m:
        height = _greatest((declared, _steps(Kind.LENGTH, building.highest_point_m)))
    above, partial = building.storeys_above_ground, building.partial_storeys or 0
    natural = NOTHING_KNOWN if above is None else (above, above)
    use = building.use
    is_dwelling = _FLAG[None if use is None else use == "residential"]
    is_public = _FLAG[
        True if use in _PUBLIC_USES else False if use in _PRIVATE_USES else building.public_building
    ]
    return {
        "total_floor_area_m2": area,
        "largest_building_area_m2": area,
        "area_less_plant_rooms_m2": _less_plant_rooms(building, area),
        "building_height_m": height,
        "declared_height_m": declared,
        "storey_height_m": _steps(Kind.LENGTH, building.max_storey_height_m),
        "single_storey_height_m": _only_if(_FLAG[None if above is None else above == 1], declared),
        "storeys_above_ground": (natural[0] + partial, min(natural[1] + partial, UNBOUNDED)),
        "natural_storeys": natural,
        "residential_height_m": _only_if(is_dwelling, declared),
        "public_building_area_m2": _only_if(is_public, area),
        "public_building_height_m": _only_if(is_public, declared),
        "building_use": _exactly(_USE.bits(use)) if use else (0, _ANY_USE),
        "basement": _basement(building),
    }


def _only_if(condition: Extent, extent: Extent) -> Extent:
    return (extent[0] if condition[0] else 0, extent[1] if condition[1] else 0)


def _where(building: Building, at: str) -> dict[str, tuple[str, ...]]:
    """Return the fields that would settle each fact of a building."""
    area, height = (f"{at}floor_area_m2",), (f"{at}height_m",)
    storeys, use = (f"{at}storeys_above_ground",), (f"{at}use",)
    tallest = (*_missing(building.use, use), *_missing(building.height_m, height))
    largest = (*_missing(building.use, use), *_missing(building.floor_area_m2, area))
    below, rooms = f"{at}storeys_below_ground", f"{at}underground_rooms"
    unserved = tuple(
        f"{rooms}[{index}].serves"
        for index, room in enumerate(building.underground_rooms or ())
        if room.serves is None
    )
    # Rooms that are stated settle the basement by what they serve, whatever the storeys.
    unsaid = (
        ()
        if building.underground_rooms
        else (
            *_missing(building.storeys_below_ground, (below,)),
            *_missing(building.underground_rooms, (rooms,)),
        )
    )
    public = (f"{at}public_building",) if building.use == "other" else ()
    return {
        "total_floor_area_m2": area,
        "largest_building_area_m2": area,
        "area_less_plant_rooms_m2": area,
        "building_height_m": height if building.height_m is None else (f"{at}highest_point_m",),
        "declared_height_m": height,
        "storey_height_m": (f"{at}max_storey_height_m",),
        "single_storey_height_m": (*storeys, *height),
        "storeys_above_ground": storeys,
        "natural_storeys": storeys,
        "residential_height_m": tallest,
        "public_building_area_m2": (*largest, *_missing(building.public_building, public)),
        "public_building_height_m": (*tallest, *_missing(building.public_building, public)),
        "building_use": use,
        "basement": unsaid or unserved or (rooms,),
    }


def _missing(value: object, where: tuple[str, ...]) -> tuple[str, ...]:
    return where if value is None else ()


def _less_plant_rooms(building: Building, area: Extent) -> Extent:
    """Return the area without the pump rooms and tanks that 二(一)1(1) excepts (A8)."""
    low, high = area
    for room in building.underground_rooms or ():
        if room.kind not in {"pump_room", "fire_water_tank"} or room.serves == "other":
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
        return _worst([_room(room.kind, room.serves) for room in rooms])
    # Pits, trenches and tanks have no storey, so no storeys is not yet no basement.
    if storeys is None or (storeys == 0 and rooms is None):
        return _BASEMENT.extent
    if storeys == 0:
        return _exactly(_BASEMENT.bits("none_built"))
    # There is a basement: with rooms stated as none of the excepted kind it is an ordinary one.
    if rooms is not None:
        return _exactly(_BASEMENT.bits("other"))
    return (0, _BASEMENT.bits("pump_room_or_fire_tank", "doubtful", "other"))


def _room(kind: str, serves: str | None) -> Extent:
    if kind in {"semi_basement", "pipe_trench", "lift_pit"}:
        return _exactly(_BASEMENT.bits("doubtful"))
    if kind == "other" or serves == "other":
        return _exactly(_BASEMENT.bits("other"))
    if serves is None:
        return (0, _BASEMENT.bits("pump_room_or_fire_tank", "other"))
    return _exactly(_BASEMENT.bits("pump_room_or_fire_tank"))


def _worst(parts: list[Extent]) -> Extent:
    """Return the worst of several basements: at least the worst that one of them surely is."""
    if not parts:
        return _exactly(_BASEMENT.bits("none_built"))
    # Bits ascend from harmless to harmful, so the least harmful possible value is the lowest bit.
    floor = max((possible & -possible) for _, possible in parts)
    ceiling = max(1 << (possible.bit_length() - 1) for _, possible in parts)
    possible = 0
    for _, part in parts:
        possible |= part
    possible &= (ceiling * 2 - 1) & ~(floor - 1)
    return (possible if possible & (possible - 1) == 0 else 0, possible)
