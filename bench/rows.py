"""Seeded random projects: values on, just under and just over every limit, and unknowns."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any, Final

from drawreview.project.kinds import FIRE_VENUES, SPECIAL_WORKS, VENUE_FACT
from drawreview.project.measure import Measured, measure
from drawreview.project.model import Project
from drawreview.rulebook.load import load_rulebook

ON: Final = date(2021, 3, 1)
_AREAS: Final = (400, 500, 1000, 1850, 2000, 2500, 10000, 15000, 20000, 40000, 55000)
_HEIGHTS: Final = (3, 6, 9, 11, 12, 24, 50, 54, 80)
_STOREY_HEIGHTS: Final = (3, 4, 5, 6, 8)
_DAYS: Final = (
    "2020-11-29", "2020-11-30", "2020-12-01", "2020-12-05", "2020-12-10", "2020-12-11",
    "2021-02-01",
)  # fmt: skip
_USES: Final = (
    "office", "commercial", "public_service", "ordinary_warehouse", "ordinary_factory",
    "residential", "dormitory",
)  # fmt: skip
# The base facts that decide the path; a peer is not made to carry others along.
READ_BY_PEERS: Final = (
    *FIRE_VENUES, "residential_height_m", "special_works", "public_building_area_m2",
    "public_building_height_m", "review_commissioned_on", "investment", "total_floor_area_m2",
    "building_height_m", "storey_height_m", "storeys_above_ground", "basement", "single_function",
    "simple_technique", "building_use", "similar_use", "district_listed",
)  # fmt: skip


class _Chance:
    def __init__(self, seed: str, unknown: float) -> None:
        self.random = random.Random(seed)  # noqa: S311 - rows, not secrets
        self.unknown = unknown

    def one(self, *values: Any) -> Any:  # noqa: ANN401 - whatever a field takes
        return self.random.choice(values)

    def odds(self, part: float) -> bool:
        return self.random.random() < part

    def near(self, limits: tuple[int, ...], step: str) -> Decimal:
        """Return a limit, or the nearest value under or over it."""
        return Decimal(self.one(*limits)) + Decimal(step) * self.one(-1, 0, 1)

    def known(self, **fields: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return the fields with some of them left out."""
        return {name: value for name, value in fields.items() if not self.odds(self.unknown)}


def _signed(value: bool) -> dict[str, object]:  # noqa: FBT001 - it wraps a Boolean
    return {"value": value, "by": "王工", "on": "2021-02-18", "why": "与所列性质相类"}


def statement(number: int, *, unknown: float = 0.0) -> dict[str, Any]:
    """Return the statement of one project; each field is left out with probability `unknown`.

    Half the projects are drawn close to the exemption, so that every path occurs often. All
    buildings have one use and at most one kind of special works is named: this is what a decision
    table can take as plain columns.
    """
    chance = _Chance(f"20210127/{number}", unknown)
    small = chance.odds(0.6)
    use = chance.one(*_USES[: 5 if small else None])  # "other" leaves open whether it is public
    return {
        "name": f"project {number}",
        "category": "building",
        "buildings": [
            _building(chance, use, small=small)
            for _ in range(1 if small else chance.one(1, 1, 2, 3))
        ],
        **chance.known(
            investment="non_government"
            if small
            else chance.one("non_government", "government", "mixed"),
            works="new_build",
            single_function=not chance.odds(0.1),
            simple_technique=not chance.odds(0.1),
            similar_use=_signed(chance.odds(0.2)),
            special_works=[chance.one(*SPECIAL_WORKS)] if chance.odds(0.1) else [],
            review_commissioned_on=chance.one(*_DAYS) if chance.odds(0.3) else "not_commissioned",
        ),
        "permit": chance.known(
            land_papers=not chance.odds(0.1),
            planning_papers=not chance.odds(0.1),
            site_verified_not_started=not chance.odds(0.1),
            drawings_complete=not chance.odds(0.1),
        ),
    }


def _building(chance: _Chance, use: str, *, small: bool) -> dict[str, Any]:
    below = chance.odds(0.2)
    room = chance.one("pump_room", "fire_water_tank")
    rooms = [{"kind": room, "serves": "fire_protection", "floor_area_m2": 60}]
    if chance.odds(0.2):
        rooms.append({"kind": "other"})
    venues = [
        {"kind": chance.one(*VENUE_FACT), **chance.known(floor_area_m2=chance.near(_AREAS, "0.01"))}
        for _ in range(chance.one(0, 0, 1) if small else chance.one(0, 1, 2))
    ]
    return chance.known(
        use=use,
        floor_area_m2=chance.near(_AREAS[3:5] if small else _AREAS, "0.01"),
        height_m=chance.near(_HEIGHTS[2:5] if small else _HEIGHTS, "0.001"),
        max_storey_height_m=chance.near(_STOREY_HEIGHTS[: 4 if small else None], "0.001"),
        storeys_above_ground=chance.one(1, 2, 2, 3) if small else chance.one(1, 2, 3, 12),
        storeys_below_ground=int(below),
        underground_rooms=rooms if below else [],
        fire_venues=venues,
        fire_hazard_class=chance.one("C", "D", "E"),  # A16 asks it of factories and warehouses
    )


def projects(count: int, *, unknown: float = 0.0) -> list[Project]:
    """Return validated projects."""
    return [Project.model_validate(statement(number, unknown=unknown)) for number in range(count)]


def measured(project: Project) -> Measured:
    """Return the facts of a project on the day of the bench."""
    return measure(project, on=ON)


def plain(extents: dict[str, tuple[int, int]]) -> dict[str, Any]:
    """Return what a peer is given: one value per fact that it reads, in the same whole steps."""
    facts = load_rulebook().facts
    row: dict[str, Any] = {}
    for name in READ_BY_PEERS:
        low, high = extents[name]
        if low != high:
            message = f"{name} is open, which a peer cannot be told"
            raise ValueError(message)
        if facts[name].values:
            row[name] = facts[name].values[high.bit_length() - 1] if high else "none"
        else:
            row[name] = low
    return row
