"""The projects that the pictures and the what-ifs are looked at with: one for each kind of answer."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from drawreview import Decision, Project, decide
from drawreview.project.from_yaml import read

OFFICE = Path(__file__).parents[2] / "examples" / "office.yaml"
SAID: dict[str, Any] = read(OFFICE.read_text(encoding="utf-8"), "office.yaml").data
BUILDING: dict[str, Any] = SAID["buildings"][0]
DAY = date(2021, 3, 1)
WAREHOUSE = {
    **BUILDING,
    "name": "库房",
    "use": "ordinary_warehouse",
    "fire_hazard_class": "C",
    "floor_area_m2": 1200.5,
    "height_m": 12.3,
    "max_storey_height_m": 7,
}


def building(**changes: Any) -> dict[str, Any]:
    """Return the office building with changes; a field that is None is left out."""
    changed = {**BUILDING, **changes}
    return {name: value for name, value in changed.items() if value is not None}


def office(*buildings: dict[str, Any], **changes: Any) -> Project:
    """Return the office project with other buildings and changes."""
    return Project.model_validate({**SAID, "buildings": list(buildings) or [BUILDING], **changes})


PROJECTS: dict[str, tuple[Project, date]] = {
    "exempt": (office(), DAY),
    "deferred": (
        office(building(floor_area_m2=2050, underground_rooms=[{"kind": "lift_pit"}])),
        DAY,
    ),
    "joint": (office(building(fire_venues=[{"kind": "karaoke_hall", "floor_area_m2": 620}])), DAY),
    "undetermined": (
        office(
            building(use="ordinary_warehouse", height_m=None, underground_rooms=None),
            simple_technique=True,
            hints=["crane"],
        ),
        DAY,
    ),
    "gap": (office(review_commissioned_on="2020-12-05"), DAY),
    "after the trial": (office(), date(2022, 3, 1)),
    "prior": (office(review_commissioned_on="2020-11-30"), DAY),
    "several buildings": (
        office(
            building(floor_area_m2=900), WAREHOUSE, name="某园区<一期>&附属楼", single_function=True
        ),
        DAY,
    ),
}


def decided(name: str) -> Decision:
    project, on = PROJECTS[name]
    return decide(project, on=on)
