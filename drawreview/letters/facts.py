"""Writes the facts of a project the way the letter wants them: exact, Arabic, never rounded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Context, Decimal
from typing import Any, assert_never, cast

from drawreview.letters.form import Applicability, Manner
from drawreview.project.kinds import Category
from drawreview.project.model import Building, Project

# The caller's decimal context could round; this one cannot, at any area that a project may state.
_EXACT = Context(prec=100)


def applies(only: Applicability | None, project: Project) -> bool:
    """Return whether a blank applies; of a project of unknown category, every blank does."""
    match only:
        case None:
            return True
        case "building":
            return project.category is not Category.MUNICIPAL
        case "municipal":
            return project.category is not Category.BUILDING
        case "surveyed":
            return project.survey.not_surveyed is None
        case _:
            assert_never(only)


def find(project: Project, path: str, index: int | None = None) -> Any:  # noqa: ANN401
    """Return what stands at a dotted path, or None.

    A tuple on the way gives its element at `index`; without one, the list of all its elements'.
    """
    found: Any = project
    names = path.split(".")
    for position, name in enumerate(names):
        if isinstance(found, tuple):
            several = cast("tuple[Any, ...]", found)
            if index is None:
                return [_of(element, names[position:]) for element in several]
            found = several[index] if index < len(several) else None
        found = _of(found, (name,))
    return found


def _of(element: Any, names: Sequence[str]) -> Any:  # noqa: ANN401
    for name in names:
        element = None if element is None else getattr(element, name)
    return element


def write(manner: Manner, found: Any) -> str | None:  # noqa: ANN401, PLR0911
    """Return the words for a fact, or None where it is not, or not wholly, known."""
    if found is None:
        return None
    match manner:
        case "text":
            return str(found)
        case "count":
            return str(len(found)) if found else None
        case "range":
            return _range(found)
        case "sum":
            return _sum(found)
        case "year":
            return str(int(_month_of(found)[0]))
        case "month":
            return str(int(_month_of(found)[1]))
        case "day":
            return str(found.day)
        case _:
            assert_never(manner)


def _range(numbers: Sequence[int | None]) -> str | None:
    known = [number for number in numbers if number is not None]
    if not known or len(known) < len(numbers):
        return None
    low, high = min(known), max(known)
    return str(low) if low == high else f"{low}～{high}"


def _sum(areas: Sequence[Decimal | None]) -> str | None:
    total: Decimal | None = None
    for area in areas:
        if area is None:
            return None
        total = area if total is None else _EXACT.add(total, area)
    return None if total is None else f"{total:f}"


def _month_of(day: str | date) -> list[str]:
    return str(day).split("-")[:2]


def each_building(project: Project) -> str | None:
    """Return one line on every building where their storeys differ, else None.

    The form has one blank for the storeys of all buildings. A range alone would hide which
    building has which.
    """
    buildings = project.buildings or ()
    stated = {(each.storeys_below_ground, each.storeys_above_ground) for each in buildings}
    if project.category is Category.MUNICIPAL or len(stated) < 2:  # noqa: PLR2004
        return None
    return "；".join(_one(number, each) for number, each in enumerate(buildings, start=1))


def _one(number: int, building: Building) -> str:
    below, above = building.storeys_below_ground, building.storeys_above_ground
    area = building.floor_area_m2
    return (
        f"{building.name or f'第{number}栋'}"
        f"地下{'未填' if below is None else below}层、地上{'未填' if above is None else above}层、"
        f"{'面积未填' if area is None else f'{area:f}㎡'}"
    )
