"""What a designer can change of a project: areas, heights, storeys, basements, venues.

A move brings one fact to a value by the smallest change of the project's own fields. What is no
matter of design, such as who invests or who signs, no move touches.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, cast

from drawreview.condition.to_prose import number
from drawreview.fact import SCALE, Kind, scaled
from drawreview.project.buildings import BASEMENT, rows
from drawreview.project.kinds import FIRE_VENUES, VENUE_FACT
from drawreview.project.model import Building, FireVenue, Project, UndergroundRoom

_EXCEPTED: Final = BASEMENT.bits("none_built", "pump_room_or_fire_tank")


@dataclass(frozen=True, slots=True)
class Edit:
    """One field of the project file, as it is and as it would be.

    Attributes:
        field: Its path in the project file.
        fact: The fact for whose sake it changes.
        old: What it says now.
        new: What it would say.
        by: The difference, with its sign; None where the field is no number.
        kind: What its value looks like; None where the field is no number.
    """

    field: str
    fact: str
    old: str
    new: str
    by: str | None = None
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A project that is being changed, and what was changed so far."""

    project: Project
    edits: tuple[Edit, ...] = ()

    @property
    def buildings(self) -> tuple[Building, ...]:
        """The buildings as they stand in the draft."""
        return self.project.buildings or ()

    def amount(self, place: int, name: str, steps: int, fact: str) -> Draft:
        """Return the draft with a number of one building at so many steps."""
        building = self.buildings[place]
        kind = _KIND[name]
        old = getattr(building, name)
        before = 0 if old is None else scaled(kind, old)
        if steps == before:
            return self
        edit = _edit(f"buildings[{place}].{name}", fact, kind, before, steps)
        return self._with(place, {name: _value(kind, steps)}, edit)

    def venue(self, place: int, index: int, steps: int, fact: str) -> Draft:
        """Return the draft with the area of one venue at so many steps."""
        venues = self.buildings[place].fire_venues or ()
        before = _area(venues[index].floor_area_m2)
        if before is None or steps == before:
            return self
        changed = venues[index].model_copy(update={"floor_area_m2": _value(Kind.AREA, steps)})
        edit = _edit(
            f"buildings[{place}].fire_venues[{index}].floor_area_m2", fact, Kind.AREA, before, steps
        )
        venues = (*venues[:index], changed, *venues[index + 1 :])
        return self._with(place, {"fire_venues": venues}, edit)

    def rooms(self, place: int, rooms: tuple[UndergroundRoom, ...], storeys: int) -> Draft:
        """Return the draft with other rooms below ground, and so many storeys for them."""
        building = self.buildings[place]
        edit = Edit(
            f"buildings[{place}].underground_rooms",
            "basement",
            _named(building.underground_rooms),
            _named(rooms),
        )
        draft = self._with(place, {"underground_rooms": rooms}, edit)
        if building.storeys_below_ground in {None, storeys}:
            return draft
        return draft.amount(place, "storeys_below_ground", storeys, "basement")

    def _with(self, place: int, update: Mapping[str, object], edit: Edit) -> Draft:
        built = list(self.buildings)
        built[place] = built[place].model_copy(update=dict(update))
        project = self.project.model_copy(update={"buildings": tuple(built)})
        earlier = next((e for e in self.edits if e.field == edit.field), None)
        if earlier is None:
            return Draft(project, (*self.edits, edit))
        joined = _joined(earlier, edit)
        edits = tuple(joined if e is earlier else e for e in self.edits)
        return Draft(project, edits)


_KIND: Final = {
    "floor_area_m2": Kind.AREA,
    "height_m": Kind.LENGTH,
    "highest_point_m": Kind.LENGTH,
    "max_storey_height_m": Kind.LENGTH,
    "storeys_above_ground": Kind.COUNT,
    "partial_storeys": Kind.COUNT,
    "storeys_below_ground": Kind.COUNT,
}


def _value(kind: Kind, steps: int) -> Decimal | int:
    return steps if kind is Kind.COUNT else Decimal(steps) / SCALE[kind]


def _edit(field: str, fact: str, kind: Kind, before: int, after: int) -> Edit:
    return Edit(
        field, fact, number(kind, before), number(kind, after), number(kind, after - before), kind
    )


def _joined(first: Edit, second: Edit) -> Edit:
    """Return two edits of one field as one."""
    if first.by is None or second.by is None:
        return replace(second, old=first.old)
    by = Decimal(first.by) + Decimal(second.by)
    return replace(second, old=first.old, by=f"{by.normalize():f}")


def _named(rooms: tuple[UndergroundRoom, ...] | None) -> str:
    return "、".join(room.kind.value for room in rooms or ()) or "none"


def _area(value: Decimal | None) -> int | None:
    return None if value is None else scaled(Kind.AREA, value)


# A move takes a draft and the value in whole steps; None if the design cannot be brought there.
Move = Callable[[Draft, int], Draft | None]


def move(draft: Draft, fact: str, steps: int, *, up: bool) -> Draft | None:
    """Return the draft with the fact brought down, or up, to a value; None if that cannot be.

    Args:
        draft: What was changed so far.
        fact: A fact of the design; see `FACTS_OF_THE_DESIGN`.
        steps: The value in whole smallest steps; of a basement it does not matter.
        up: Whether the fact grows.
    """
    if not draft.buildings:
        return None
    moves = (_RAISE if up else _LOWER)[fact]
    moved = moves(draft, steps)
    return None if moved is None else _fitted(moved, up=up)


def _fitted(draft: Draft, *, up: bool) -> Draft | None:
    """Keep what belongs together: no storey is higher than its building, nor a part larger."""
    for place, building in enumerate(draft.buildings):
        height, storey, top = (
            building.height_m,
            building.max_storey_height_m,
            building.highest_point_m,
        )
        if height is not None and storey is not None and storey > height:
            higher = scaled(Kind.LENGTH, storey if up else height)
            name, fact = (
                ("height_m", "building_height_m")
                if up
                else ("max_storey_height_m", "storey_height_m")
            )
            draft = draft.amount(place, name, higher, fact)
        raised = draft.buildings[place].height_m
        if top is not None and raised is not None and top < raised:
            draft = draft.amount(
                place, "highest_point_m", scaled(Kind.LENGTH, raised), "building_height_m"
            )
        area = _area(building.floor_area_m2)
        if area is not None and area < _occupied(building):
            return None
    works = draft.project.works_floor_area_m2
    areas = [building.floor_area_m2 for building in draft.buildings]
    if works is not None and None not in areas and works > sum(cast("list[Decimal]", areas)):
        return None
    return draft


def _occupied(building: Building) -> int:
    """Return the area that a building's venues take, at the least one step."""
    return max(1, sum(_area(venue.floor_area_m2) or 0 for venue in building.fire_venues or ()))


_FACT_OF: Final = {
    "max_storey_height_m": "storey_height_m",
    "height_m": "building_height_m",
    "floor_area_m2": "public_building_area_m2",
}


def _lower_each(name: str, *more: str, scope: str | None = None) -> Move:
    """Lower a field of every building that exceeds the value, and other fields along with it."""
    fact = scope or _FACT_OF[name]

    def lowered(draft: Draft, steps: int) -> Draft | None:
        for place in _within(draft, scope):
            for field in (name, *more):
                now = getattr(draft.buildings[place], field)
                if now is not None and scaled(_KIND[field], now) > steps:
                    draft = draft.amount(place, field, steps, fact)
        return draft

    return lowered


def _raise_one(name: str, *, scope: str | None = None) -> Move:
    """Raise a field of the building that comes nearest to the value."""
    fact = scope or _FACT_OF[name]

    def raised(draft: Draft, steps: int) -> Draft | None:
        stated = {
            place: scaled(_KIND[name], now)
            for place in _within(draft, scope)
            if (now := getattr(draft.buildings[place], name)) is not None
        }
        if not stated:
            return None
        nearest = max(stated, key=lambda place: stated[place])
        return draft.amount(nearest, name, steps, fact)

    return raised


def _within(draft: Draft, scope: str | None) -> list[int]:
    """Return the buildings that count for a fact: all of them, or the public ones, or dwellings."""
    if scope is None:
        return list(range(len(draft.buildings)))
    return [place for place, row in enumerate(rows(draft.project)) if row[scope][0] > 0]


def _raise_height(draft: Draft, steps: int) -> Draft | None:
    """Raise the highest building; where its highest point is stated, that alone."""
    tops = {
        place: max(scaled(Kind.LENGTH, building.height_m), _length(building.highest_point_m))
        for place, building in enumerate(draft.buildings)
        if building.height_m is not None
    }
    if not tops:
        return None
    nearest = max(tops, key=lambda place: tops[place])
    stated = draft.buildings[nearest].highest_point_m is not None
    name = "highest_point_m" if stated else "height_m"
    return draft.amount(nearest, name, steps, "building_height_m")


def _length(value: Decimal | None) -> int:
    return 0 if value is None else scaled(Kind.LENGTH, value)


def _lower_storeys(draft: Draft, steps: int) -> Draft | None:
    """Take storeys off every building that has too many, the partial ones first."""
    for place, building in enumerate(draft.buildings):
        above, partial = building.storeys_above_ground, building.partial_storeys or 0
        if above is None:
            continue
        surplus = max(0, above + partial - steps)
        fewer = min(surplus, partial)
        draft = draft.amount(place, "partial_storeys", partial - fewer, "storeys_above_ground")
        draft = draft.amount(
            place, "storeys_above_ground", above - (surplus - fewer), "storeys_above_ground"
        )
    return draft


def _raise_storeys(draft: Draft, steps: int) -> Draft | None:
    """Add whole storeys to the building that has most."""
    counts = {
        place: building.storeys_above_ground + (building.partial_storeys or 0)
        for place, building in enumerate(draft.buildings)
        if building.storeys_above_ground is not None
    }
    if not counts:
        return None
    place = max(counts, key=lambda one: counts[one])
    whole = cast("int", draft.buildings[place].storeys_above_ground) + steps - counts[place]
    return draft.amount(place, "storeys_above_ground", whole, "storeys_above_ground")


def _lower_basement(draft: Draft, _: int) -> Draft | None:
    """Leave out every room below ground that 二(一)1(1) does not except."""
    for place, row in enumerate(rows(draft.project)):
        if row["basement"][1] & ~_EXCEPTED:
            stated = draft.buildings[place].underground_rooms or ()
            left = tuple(room for room in stated if _is_excepted(room))
            draft = draft.rooms(place, left, _storeys_for(draft.buildings[place], left))
    return draft


def _is_excepted(room: UndergroundRoom) -> bool:
    return room.kind in {"pump_room", "fire_water_tank"} and room.serves in {
        "production",
        "fire_protection",
    }


def _storeys_for(building: Building, left: tuple[UndergroundRoom, ...]) -> int:
    """Return the storeys below ground that the rooms which are left still need."""
    return min(building.storeys_below_ground or 0, 1) if left else 0


def _raise_basement(draft: Draft, _: int) -> Draft | None:
    """Add an ordinary room below ground to the first building."""
    building = draft.buildings[0]
    room = UndergroundRoom.model_validate({"kind": "other"})
    storeys = max(1, building.storeys_below_ground or 0)
    return draft.rooms(0, (*(building.underground_rooms or ()), room), storeys)


def _lower_total(draft: Draft, steps: int) -> Draft | None:
    """Take the surplus off one building if that leaves half of it, else off the largest alike."""
    areas = [_area(building.floor_area_m2) for building in draft.buildings]
    if None in areas:
        return None
    known = cast("list[int]", areas)
    floors = [_occupied(building) for building in draft.buildings]
    lowered = shares(known, floors, sum(known) - steps)
    if lowered is None:
        return None
    for place, area in enumerate(lowered):
        draft = draft.amount(place, "floor_area_m2", area, "total_floor_area_m2")
    return draft


def _raise_total(draft: Draft, steps: int) -> Draft | None:
    """Add what is wanting to the largest building."""
    areas = [_area(building.floor_area_m2) for building in draft.buildings]
    if None in areas:
        return None
    known = cast("list[int]", areas)
    place = max(range(len(known)), key=lambda one: known[one])
    more = known[place] + steps - sum(known)
    return draft.amount(place, "floor_area_m2", more, "total_floor_area_m2")


def _venues_of(draft: Draft, fact: str) -> list[tuple[int, int, FireVenue]]:
    return [
        (place, index, venue)
        for place, building in enumerate(draft.buildings)
        for index, venue in enumerate(building.fire_venues or ())
        if VENUE_FACT[venue.kind] == fact
    ]


def _lower_venues(fact: str) -> Move:
    def lowered(draft: Draft, steps: int) -> Draft | None:
        found = _venues_of(draft, fact)
        areas = [_area(venue.floor_area_m2) for _, _, venue in found]
        if not areas or None in areas:
            return None
        known = cast("list[int]", areas)
        left = shares(known, [1] * len(known), sum(known) - steps)
        for (place, index, _), area in zip(found, left or (), strict=bool(left)):
            draft = draft.venue(place, index, area, fact)
        return draft if left else None

    return lowered


def _raise_venues(fact: str) -> Move:
    def raised(draft: Draft, steps: int) -> Draft | None:
        found = _venues_of(draft, fact)
        areas = [_area(venue.floor_area_m2) for _, _, venue in found]
        if not areas or None in areas:
            return None
        known = cast("list[int]", areas)
        largest = max(range(len(known)), key=lambda one: known[one])
        place, index, _ = found[largest]
        return draft.venue(place, index, known[largest] + steps - sum(known), fact)

    return raised


def shares(amounts: Sequence[int], floors: Sequence[int], surplus: int) -> list[int] | None:
    """Return the amounts less the surplus; None if they would fall below their floors.

    One amount bears it all if half of it is left. Otherwise the largest are lowered to one level,
    so that nothing is reduced to a stump.
    """
    if surplus <= 0:
        return list(amounts)
    if sum(amounts) - sum(floors) < surplus:
        return None
    room = [a - max(f, -(-a // 2)) for a, f in zip(amounts, floors, strict=True)]
    bearer = max(range(len(room)), key=lambda one: (room[one], -one))
    if room[bearer] >= surplus:
        return [a - (surplus if one == bearer else 0) for one, a in enumerate(amounts)]
    low, high = 0, max(amounts)
    while low < high:  # the highest level at which enough is taken off
        level = (low + high + 1) // 2
        taken = sum(a - min(a, max(f, level)) for a, f in zip(amounts, floors, strict=True))
        low, high = (level, high) if taken >= surplus else (low, level - 1)
    lowered = [min(a, max(f, low)) for a, f in zip(amounts, floors, strict=True)]
    spare = sum(amounts) - sum(lowered) - surplus
    for one, amount in enumerate(lowered):  # what the level takes off too much, step by step
        if spare and amount < amounts[one]:
            lowered[one], spare = amount + 1, spare - 1
    return lowered


_LOWER: Final[dict[str, Move]] = {
    "total_floor_area_m2": _lower_total,
    "building_height_m": _lower_each("height_m", "highest_point_m"),
    "storey_height_m": _lower_each("max_storey_height_m"),
    "storeys_above_ground": _lower_storeys,
    "basement": _lower_basement,
    "residential_height_m": _lower_each("height_m", scope="residential_height_m"),
    "public_building_height_m": _lower_each("height_m", scope="public_building_height_m"),
    "public_building_area_m2": _lower_each("floor_area_m2", scope="public_building_area_m2"),
    **{fact: _lower_venues(fact) for fact in FIRE_VENUES},
}
_RAISE: Final[dict[str, Move]] = {
    "total_floor_area_m2": _raise_total,
    "building_height_m": _raise_height,
    "storey_height_m": _raise_one("max_storey_height_m"),
    "storeys_above_ground": _raise_storeys,
    "basement": _raise_basement,
    "residential_height_m": _raise_one("height_m", scope="residential_height_m"),
    "public_building_height_m": _raise_one("height_m", scope="public_building_height_m"),
    "public_building_area_m2": _raise_one("floor_area_m2", scope="public_building_area_m2"),
    **{fact: _raise_venues(fact) for fact in FIRE_VENUES},
}
# Facts that are read off the same dimension of a drawing as another one.
SAME_DIMENSION: Final = {
    "public_building_area_m2": "total_floor_area_m2",
    "public_building_height_m": "building_height_m",
    "residential_height_m": "building_height_m",
}
FACTS_OF_THE_DESIGN: Final = frozenset(_LOWER)
