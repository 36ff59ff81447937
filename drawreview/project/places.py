"""What stands at a place of a project file, such as `buildings[0].height_m`: put there or removed.

Nothing here changes what it is given: each function returns a new project file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from drawreview.errors import InputError, Problem
from drawreview.project.from_yaml import Path, is_mapping, is_sequence

_STEP = re.compile(r"\.?([A-Za-z_]\w*)|\[(\d{1,4})\]")


def path_of(field: str) -> Path:
    """Return the path that `survey.firms[0].credit_code` shows.

    Raises:
        InputError: It is not the name of a place.
    """
    steps: list[str | int] = []
    position = 0
    while position < len(field):
        found = _STEP.match(field, position)
        if found is None:
            raise _not_a_place(field)
        steps.append(found[1] or int(found[2]))
        position = found.end()
    if not steps or isinstance(steps[0], int):
        raise _not_a_place(field)
    return tuple(steps)


def found_at(stated: Mapping[str, Any], field: str) -> Any:  # noqa: ANN401 - what a file may say
    """Return what stands at a field, or None where nothing does."""
    part: Any = stated
    for step in path_of(field):
        if isinstance(step, int):
            part = part[step] if is_sequence(part) and step < len(part) else None
        else:
            part = part.get(step) if is_mapping(part) else None
    return part


def put(stated: Mapping[str, Any], field: str, value: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the project file with the value at the field.

    A number put at `buildings` is how many there are: those already stated stay, in their order.

    Raises:
        InputError: The field has no place there: its list is shorter, or a value is in the way.
    """
    path = path_of(field)
    if path == ("buildings",) and type(value) is int:
        value = _so_many(stated.get("buildings"), value)
    return cast("dict[str, Any]", _with(dict(stated), path, value, field))


def remove(stated: Mapping[str, Any], field: str) -> dict[str, Any]:
    """Return the project file without what stands at the field; an entry of a list stays, empty."""
    return cast("dict[str, Any]", _without(dict(stated), path_of(field)))


def _so_many(buildings: object, count: int) -> list[Any]:
    known = buildings[:count] if is_sequence(buildings) else []
    return [*known, *({} for _ in range(count - len(known)))]


def _with(part: Any, path: Path, value: Any, field: str) -> Any:  # noqa: ANN401
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        entries: list[Any] = [] if part is None else list(part) if is_sequence(part) else [part]
        # An entry may be added at the end of a list, not beyond it.
        if step > len(entries) or (part is not None and not is_sequence(part)):
            raise _no_place(field)
        old = entries[step] if step < len(entries) else None
        return [*entries[:step], _with(old, rest, value, field), *entries[step + 1 :]]
    if isinstance(part, bool):
        part = {"value": part}  # a judgement may be written as a bare yes or no
    if part is not None and not is_mapping(part):
        raise _no_place(field)
    known = part or {}
    return {**known, step: _with(known.get(step), rest, value, field)}


def _without(part: Any, path: Path) -> Any:  # noqa: ANN401
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        if not is_sequence(part) or step >= len(part):
            return part
        left: Any = _without(part[step], rest) if rest else {}
        return [*part[:step], left, *part[step + 1 :]]
    if not is_mapping(part) or step not in part:
        return part
    if rest:
        return {**part, step: _without(part[step], rest)}
    return {name: value for name, value in part.items() if name != step}


def _not_a_place(field: str) -> InputError:
    return InputError(
        (Problem(field[:60], "不是字段的写法。", "写成 buildings[0].height_m 这样。"),)
    )


def _no_place(field: str) -> InputError:
    return InputError((Problem(field, "项目文件里没有这个位置。", "先填它所在的列表。"),))
