"""What a project's statement makes of each fact: the least and the most it can be.

A number that is partly known is an interval: where one building reaches 12 m, the height of
another cannot bring the project back under it. A choice is two bit sets: the values it surely has
and those it may have.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from drawreview.fact import UNBOUNDED, Fact, Kind, scaled
from drawreview.project.facts import FACTS
from drawreview.project.kinds import FIRE_VENUES, VENUE_FACT, Category, FireHazardClass, Works
from drawreview.project.model import Building, Judgement, Project

Extent = tuple[int, int]
NOTHING_KNOWN: Final[Extent] = (0, UNBOUNDED)
_FLAG: Final[dict[bool | None, Extent]] = {True: (1, 1), False: (0, 0), None: (0, 1)}
_USE: Final = FACTS["building_use"]
_BASEMENT: Final = FACTS["basement"]
_WORKS: Final = FACTS["special_works"]
_ANY_USE: Final = _USE.every_bit ^ _USE.bits("not_a_building")
_PUBLIC_USES: Final = ("office", "commercial", "public_service")
_PRIVATE_USES: Final = ("residential", "dormitory", "ordinary_warehouse", "ordinary_factory")
# The order from harmless to harmful: a project's basement is the worst of its buildings'.
_BASEMENTS: Final = ("none_built", "pump_room_or_fire_tank", "doubtful", "other")
NEVER: Final = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Measured:
    """Facts of a project on a day: their extents, and the fields to fill where one is open."""

    extents: dict[str, Extent]
    fields: dict[str, tuple[str, ...]]


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
        fields = dict(self._project_fields(extents))
        self._building_facts(extents, fields)
        return Measured(extents, fields)

    def _project_facts(self) -> dict[str, Extent]:
        said, permit, owner = self.project, self.project.permit, self.project.project_owner
        listed = owner.blacklisted_on
        return {
            "investment": _one_of(FACTS["investment"], said.investment),
            "works": _one_of(FACTS["works"], said.works),
            "single_function": self._judged(said.single_function, contradicted=self._many_uses()),
            "simple_technique": self._judged(said.simple_technique, contradicted=bool(said.hints)),
            "similar_use": self._judged(said.similar_use, contradicted=False),
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

    def _project_fields(self, extents: dict[str, Extent]) -> Iterable[tuple[str, tuple[str, ...]]]:
        at = {
            **dict.fromkeys(
                (
                    "land_papers",
                    "planning_papers",
                    "site_verified_not_started",
                    "drawings_complete",
                ),
                "permit.",
            ),
            "district_listed": "",
        }
        for name, (low, high) in extents.items():
            if low != high:
                field = "district_list" if name == "district_listed" else name
                yield name, (at.get(name, "") + field,)

    def _building_facts(
        self, extents: dict[str, Extent], fields: dict[str, tuple[str, ...]]
    ) -> None:
        project = self.project
        if project.category is Category.MUNICIPAL and not project.buildings:
            rows: tuple[dict[str, tuple[Extent, tuple[str, ...]]], ...] = ()
        elif not project.buildings:
            rows = (_unstated(project.category),)
        else:
            rows = tuple(
                _of_building(b, f"buildings[{i}].") for i, b in enumerate(project.buildings)
            )
        for name, combine in _COMBINED.items():
            parts = [row[name] for row in rows]
            extents[name] = combine(extent for extent, _ in parts)
            open_fields = tuple(
                field for extent, names in parts if extent[0] != extent[1] for field in names
            )
            if open_fields:
                fields[name] = tuple(dict.fromkeys(open_fields))
        self._venues(extents, fields)
        self._choices(extents, fields, rows)
        self._works_area(extents, fields)

    def _venues(self, extents: dict[str, Extent], fields: dict[str, tuple[str, ...]]) -> None:
        """Add up the venues of each kind; what is not stated may be as large as its building."""
        sums: dict[str, list[Extent]] = {}
        unstated, unstated_fields = 0, []
        buildings = self.project.buildings
        if not buildings and self.project.category is not Category.MUNICIPAL:
            unstated, unstated_fields = UNBOUNDED, ["buildings"]
        for index, building in enumerate(buildings or ()):
            most = _steps(Kind.AREA, building.floor_area_m2)[1]
            if building.fire_venues is None:
                unstated += most
                unstated_fields.append(f"buildings[{index}].fire_venues")
            for place, venue in enumerate(building.fire_venues or ()):
                area = _steps(Kind.AREA, venue.floor_area_m2)
                if area == NOTHING_KNOWN:
                    area = (0, most)
                    unstated_fields.append(f"buildings[{index}].fire_venues[{place}].floor_area_m2")
                sums.setdefault(venue.kind, []).append(area)
        for fact in FIRE_VENUES:
            parts = [areas for kind, areas in sums.items() if VENUE_FACT[kind] == fact]
            low, high = _greatest(_total(areas) for areas in parts)
            extents[fact] = (low, min(high + unstated, UNBOUNDED))
            single_low, single_high = _greatest(area for areas in parts for area in areas)
            extents[f"single_{fact}"] = (single_low, min(max(single_high, unstated), UNBOUNDED))
            if low != extents[fact][1]:
                fields[fact] = fields[f"single_{fact}"] = tuple(unstated_fields)

    def _choices(
        self,
        extents: dict[str, Extent],
        fields: dict[str, tuple[str, ...]],
        rows: tuple[dict[str, tuple[Extent, tuple[str, ...]]], ...],
    ) -> None:
        project = self.project
        uses = [row["building_use"] for row in rows]
        sure = possible = 0
        for (row_sure, row_possible), _ in uses:
            sure, possible = sure | row_sure, possible | row_possible
        if project.category is not Category.BUILDING:
            not_a_building = _USE.bits("not_a_building")
            if project.category is Category.MUNICIPAL:
                sure = possible = not_a_building
            else:
                sure, possible = (
                    (sure if sure == possible and sure & ~_ANY_USE else 0),
                    possible | not_a_building,
                )
        extents["building_use"] = (sure, possible)
        if sure != possible:
            open_fields = [f for extent, names in uses if extent[0] != extent[1] for f in names]
            category = () if project.category else ("category",)
            fields["building_use"] = (*category, *open_fields)
        extents["basement"] = _worst([row["basement"][0] for row in rows])
        open_fields = [
            f
            for extent, names in (row["basement"] for row in rows)
            if extent[0] != extent[1]
            for f in names
        ]
        if open_fields:
            fields["basement"] = tuple(open_fields)
        self._special_works(extents, fields)

    def _special_works(
        self, extents: dict[str, Extent], fields: dict[str, tuple[str, ...]]
    ) -> None:
        declared = self.project.special_works
        sure = 0 if declared is None else _WORKS.bits(*declared)
        extents["declared_special_works"] = (sure, _WORKS.every_bit if declared is None else sure)
        if any(b.fire_hazard_class in _EXPLOSIVE for b in self.project.buildings or ()):
            sure |= _WORKS.bits("flammable_explosive_site")  # 甲、乙类 (A16)
        extents["special_works"] = (sure, _WORKS.every_bit if declared is None else sure)
        if declared is None:
            fields["special_works"] = fields["declared_special_works"] = ("special_works",)

    def _works_area(self, extents: dict[str, Extent], fields: dict[str, tuple[str, ...]]) -> None:
        if self.project.works is Works.NEW_BUILD:
            extents["works_floor_area_m2"] = extents["total_floor_area_m2"]
            return
        stated = _steps(Kind.AREA, self.project.works_floor_area_m2)
        # The works are part of what stands when they are done.
        extents["works_floor_area_m2"] = (
            stated[0],
            min(stated[1], extents["total_floor_area_m2"][1]),
        )
        if self.project.works_floor_area_m2 is None:
            fields["works_floor_area_m2"] = ("works_floor_area_m2",)


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


def _unstated(category: Category | None) -> dict[str, tuple[Extent, tuple[str, ...]]]:
    """Return what is known of the buildings when none was stated: nothing."""
    where = ("category", "buildings") if category is None else ("buildings",)
    row: dict[str, tuple[Extent, tuple[str, ...]]] = dict.fromkeys(
        _COMBINED, (NOTHING_KNOWN, where)
    )
    row["building_use"] = ((0, _ANY_USE), where)
    row["basement"] = (_BASEMENT.extent, where)
    return row


def _of_building(building: Building, at: str) -> dict[str, tuple[Extent, tuple[str, ...]]]:
    area = _steps(Kind.AREA, building.floor_area_m2)
    declared = _steps(Kind.LENGTH, building.height_m)
    top = _steps(Kind.LENGTH, building.highest_point_m) if building.highest_point_m else (0, 0)
    storeys = (
        NOTHING_KNOWN
        if building.storeys_above_ground is None
        else _exactly(building.storeys_above_ground)
    )
    partial = building.partial_storeys or 0
    area_at, height_at = (f"{at}floor_area_m2",), (f"{at}height_m",)
    use_at, storeys_at = (f"{at}use",), (f"{at}storeys_above_ground",)
    use = building.use
    is_dwelling = _FLAG[None if use is None else use == "residential"]
    is_public = _FLAG[True if use in _PUBLIC_USES else False if use in _PRIVATE_USES else None]
    is_single = (
        _FLAG[building.storeys_above_ground == 1]
        if building.storeys_above_ground is not None
        else _FLAG[None]
    )

    def only_if(condition: Extent, extent: Extent, *where: str) -> tuple[Extent, tuple[str, ...]]:
        least, most = (extent[0] if condition[0] else 0), (extent[1] if condition[1] else 0)
        return (least, most), where

    rooms_at, below_at = f"{at}underground_rooms", f"{at}storeys_below_ground"
    return {
        "total_floor_area_m2": (area, area_at),
        "largest_building_area_m2": (area, area_at),
        "area_less_plant_rooms_m2": (_less_plant_rooms(building, area), area_at),
        "building_height_m": (_greatest((declared, top)), height_at),
        "declared_height_m": (declared, height_at),
        "storey_height_m": (
            _steps(Kind.LENGTH, building.max_storey_height_m),
            (f"{at}max_storey_height_m",),
        ),
        "single_storey_height_m": only_if(is_single, declared, *storeys_at, *height_at),
        "storeys_above_ground": (
            (storeys[0] + partial, min(storeys[1] + partial, UNBOUNDED)),
            storeys_at,
        ),
        "natural_storeys": (storeys, storeys_at),
        "residential_height_m": only_if(
            is_dwelling,
            declared,
            *(_missing(use, use_at)),
            *(_missing(building.height_m, height_at)),
        ),
        "public_building_area_m2": only_if(
            is_public, area, *(_missing(use, use_at)), *(_missing(building.floor_area_m2, area_at))
        ),
        "public_building_height_m": only_if(
            is_public, declared, *(_missing(use, use_at)), *(_missing(building.height_m, height_at))
        ),
        "building_use": ((_exactly(_USE.bits(use)) if use else (0, _ANY_USE)), use_at),
        "basement": (
            _basement(building),
            tuple(
                name
                for name, value in (
                    (below_at, building.storeys_below_ground),
                    (rooms_at, building.underground_rooms),
                )
                if value is None
            )
            or tuple(
                f"{rooms_at}[{i}].serves"
                for i, room in enumerate(building.underground_rooms or ())
                if room.serves is None
            )
            or (rooms_at,),
        ),
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
    if storeys == 0:
        return _exactly(_BASEMENT.bits("none_built"))
    if storeys is None:
        return _BASEMENT.extent
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
