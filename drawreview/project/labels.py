"""What a field is called in one project: the building, and the room or venue, then the field."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from drawreview.project.fields import field_at
from drawreview.project.places import path_of

if TYPE_CHECKING:
    from drawreview.project.model import Project


def where_of(project: Project, field: str) -> str:
    """Name the building, and the room or venue, that a field is about; "" for the project's own."""
    path = path_of(field)
    buildings = project.buildings or ()
    if path[0] != "buildings" or len(path) == 1:
        return ""
    place, building = int(path[1]), buildings[int(path[1])]
    said = f"第{place + 1}栋" if len(buildings) > 1 else ""
    if building.name:
        said = f"{said}（{building.name}）" if said else building.name
    if len(path) > 3:  # noqa: PLR2004 - a room or a venue within the building
        parts = getattr(building, str(path[2]))
        words = dict(field_at(f"buildings[].{path[2]}").choices)
        said += ("的" if said else "") + words[parts[int(path[3])].kind]
    return said


def called(project: Project, fields: Iterable[str]) -> str:
    """Return what fields are called, those of one place together: `库房的最大层高、高度`."""
    alike: dict[str, dict[str, None]] = {}
    for field in fields:
        alike.setdefault(where_of(project, field), {})[field_at(field).zh] = None
    return "；".join(
        (f"{where}的" if where else "") + "、".join(names) for where, names in alike.items()
    )
