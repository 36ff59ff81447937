"""Random projects whose statements do not contradict each other, their gaps and what fills them.

Each list of values begins with the one that 二(一)1(1) likes best and stands on both sides of
every limit of the two documents.
"""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from drawreview import Project, decide

Stated = dict[str, Any]
Place = tuple[str | int, ...]
ON = date(2021, 3, 1)
SIGNED = {"by": "王工", "on": "2021-02-18", "why": "独立基础"}
VALUES: dict[str, list[Any]] = {
    "investment": ["non_government", "mixed", "government"],
    "category": ["building", "building", "building", "municipal"],
    "works": ["new_build", "extension"],
    "single_function": [{"value": True, **SIGNED}, {"value": False, **SIGNED}],
    "simple_technique": [{"value": True, **SIGNED}, {"value": False, **SIGNED}],
    "similar_use": [{"value": True, **SIGNED}, {"value": False, **SIGNED}],
    "special_works": [[], [], ["archives_building"], ["tunnel"]],
    "review_commissioned_on": ["not_commissioned", "2020-12-11", "2020-12-10", "2020-11-30"],
    # 'other' is left out: whether such a building is public, no field of the project says
    "use": ["office", "office", "ordinary_warehouse", "residential", "dormitory"],
    "floor_area_m2": [
        *("400", "999.99", "1000", "1000.01", "1999.99", "2000", "2500.01"),
        *("20000.01", "40000", "40000.01"),
    ],
    "fire_hazard_class": ["D", "C", "B"],
    "height_m": ["5.9", "11.999", "12", "50", "50.001", "54", "54.001"],
    "max_storey_height_m": ["4.2", "5.999", "6"],
    "storeys_above_ground": [1, 2, 3],
    "serves": ["fire_protection", "production", "other"],
    "room": ["pump_room", "fire_water_tank", "lift_pit", "other"],
    "pit": ["lift_pit", "pipe_trench"],
    "venue": ["hotel", "karaoke_hall", "bar", "kindergarten_children_room", "theatre_cinema"],
    "part": ["0.001", "0.1", "0.3", "0.5", "0.9"],
}
_OF_PROJECT = (
    *("investment", "category", "works", "single_function", "simple_technique"),
    *("similar_use", "special_works", "review_commissioned_on"),
)
_OF_BUILDING = ("use", "height_m", "max_storey_height_m", "storeys_above_ground")


def pick(random: Random, name: str, *, kind: float = 0) -> Any:
    """Return a value of the field: with this chance the first, which favours exemption."""
    value = VALUES[name][0] if random.random() < kind else random.choice(VALUES[name])
    return Decimal(value) if name.endswith("_m") or name == "part" else deepcopy(value)


def _count(random: Random, least: int, most: int, *, kind: float) -> int:
    return least if random.random() < kind else random.randint(least, most)


def path_of(stated: Stated) -> str:
    return decide(Project.model_validate(stated), on=ON).review_path


def filled(random: Random, partial: Stated, *, kind: float = 0) -> Stated:
    """Return the project with every gap filled, so that no part contradicts another."""
    stated = deepcopy(partial)
    for name in _OF_PROJECT:
        stated.setdefault(name, pick(random, name, kind=kind))
    if stated["category"] == "municipal" and not stated.get("buildings"):
        return stated
    buildings = stated.get("buildings") or [{} for _ in range(_count(random, 1, 2, kind=kind))]
    stated["buildings"] = [_filled_building(random, one, kind=kind) for one in buildings]
    return stated


def _filled_building(random: Random, partial: Stated, *, kind: float) -> Stated:
    building = deepcopy(partial)
    for name in _OF_BUILDING:
        building.setdefault(name, pick(random, name, kind=kind))
    if building["use"] == "ordinary_warehouse":
        building.setdefault("fire_hazard_class", pick(random, "fire_hazard_class", kind=kind))
    _fill_basement(random, building, kind=kind)
    venues = building.get("fire_venues", [])
    stated = sum(v.get("floor_area_m2", Decimal("0.01")) for v in venues)
    if "floor_area_m2" not in building:
        areas = [Decimal(a) for a in VALUES["floor_area_m2"]]
        roomy = [area for area in areas if area >= stated] or [Decimal(stated)]
        building["floor_area_m2"] = roomy[0] if random.random() < kind else random.choice(roomy)
    area = building["floor_area_m2"]
    if "fire_venues" not in building:
        count = _count(random, 0, 2, kind=kind)
        venues = building["fire_venues"] = [{"kind": pick(random, "venue")} for _ in range(count)]
    # A venue is not larger than its building, nor are all of them together.
    free = area - sum(v.get("floor_area_m2", 0) for v in venues)
    for venue in venues:
        if "floor_area_m2" not in venue:
            part = (free * pick(random, "part", kind=kind)).quantize(Decimal("0.01"))
            venue["floor_area_m2"] = max(part, Decimal("0.0001"))
            free -= venue["floor_area_m2"]
    return building


def _fill_basement(random: Random, building: Stated, *, kind: float) -> None:
    """Fill the basement: where there are rooms, other than pits, there is a storey below."""
    rooms = building.get("underground_rooms")
    if "storeys_below_ground" not in building:
        building["storeys_below_ground"] = 1 if rooms else _count(random, 0, 1, kind=kind)
    if rooms is None:
        least = min(1, building["storeys_below_ground"])
        kinds = "room" if least else "pit"  # pits and trenches have no storey
        rooms = [
            {"kind": pick(random, kinds, kind=kind)}
            for _ in range(_count(random, least, 2, kind=kind))
        ]
        building["underground_rooms"] = rooms
    for room in rooms:
        room.setdefault("serves", pick(random, "serves", kind=kind))


def places(stated: Stated) -> list[Place]:
    """Return every place at which a project may have a gap."""
    found: list[Place] = [(name,) for name in (*_OF_PROJECT, "buildings") if name in stated]
    for i, building in enumerate(stated.get("buildings", ())):
        at = ("buildings", i)
        # Whoever lists rooms below ground has said that there is a storey below ground.
        rooms = building["underground_rooms"]
        found += [(*at, n) for n in building if n != "storeys_below_ground" or not rooms]
        found += [
            (*at, "fire_venues", j, "floor_area_m2") for j in range(len(building["fire_venues"]))
        ]
        found += [(*at, "underground_rooms", j, "serves") for j in range(len(rooms))]
    return found


def without(stated: Stated, gaps: list[Place]) -> Stated:
    """Return the project without what stands at these places."""
    partial = deepcopy(stated)
    for place in sorted(gaps, key=len, reverse=True):
        part: Any = partial
        for step in place[:-1]:
            part = part[step]
        part.pop(place[-1], None)
    return partial


def place_of(field: str) -> Place:
    """Return the place that a decision names, as in `buildings[0].height_m`."""
    return tuple(int(s) if s.isdigit() else s for s in re.findall(r"[^.\[\]]+", field))


def with_fields(partial: Stated, full: Stated, fields: list[str]) -> Stated:
    """Return the partial project with these fields as the full one has them."""
    result = deepcopy(partial)
    for field in fields:
        *above, last = place_of(field)
        target: Any = result
        source: Any = full
        for step in above:
            target, source = target[step], source[step]
        if last in source:
            target[last] = deepcopy(source[last])
    return result


def partial_project(random: Random) -> Stated:
    """Return a project with some gaps, often one that comes near to being exempt."""
    full = filled(random, {"district": "150204"}, kind=random.choice([0, 0.8, 0.95, 1]))
    found = places(full)
    return without(full, [random.choice(found) for _ in range(random.choice([0, 1, 2, 3, 5, 8]))])
