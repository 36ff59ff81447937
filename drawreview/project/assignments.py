"""What a project file would say if some fields said something else, as in `floor_area_m2=1999`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final, NoReturn

from drawreview.errors import InputError, Problem
from drawreview.project.from_yaml import Path, Written, is_mapping, is_sequence, read
from drawreview.project.model import Building, Project

_STEP: Final = re.compile(r"([a-z_0-9]+)((?:\[\d+\])*)")
_EXAMPLE: Final = "例如 --set floor_area_m2=1999 或 --set buildings[0].height_m=11.9。"
# What is drawn, and so may change by design; all else is a statement about the project.
_DRAWN: Final = re.compile(
    r"buildings\[\d+\]\.(floor_area_m2|height_m|highest_point_m|max_storey_height_m"
    r"|storeys_above_ground|partial_storeys|storeys_below_ground|underground_rooms.*"
    r"|fire_venues\[\d+\]\.floor_area_m2)"
)


def assigned(written: Written, assignments: Sequence[str]) -> tuple[Written, tuple[str, ...]]:
    """Return what the file would say, and the full paths of the fields that were set.

    Raises:
        InputError: An assignment is not well written, or names no field; with every problem.
    """
    data = deepcopy(written.data)
    problems, fields = list[Problem](), list[str]()
    for text in assignments:
        try:
            fields.append(_assign(data, text))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(tuple(problems))
    return replace(written, data=data, name=f"{written.name}（改后）"), tuple(fields)


def is_drawn(field: str) -> bool:
    """Whether a field says what is drawn, rather than what is declared about it."""
    return _DRAWN.fullmatch(field) is not None


def _assign(data: Any, text: str) -> str:  # noqa: ANN401 - any YAML
    written = re.match(r"([^=＝]*)[=＝](.*)", text, re.DOTALL)
    if written is None:
        _refuse(text, "不是「字段=值」。", _EXAMPLE)
    name, said = (part.strip() for part in written.groups())
    plain = unicodedata.normalize("NFKC", said)
    if re.fullmatch(r"[-+.\d]+", plain):  # a number that was typed in full width
        said = plain
    name = unicodedata.normalize("NFKC", name)
    value = read(f"value: {said}", f"--set {text}").data["value"]
    path = _path(data, name, text)
    part: Any = data
    for step, following in pairwise(path):
        part = _within(part, step, following)
    _put(part, path[-1], value)
    return "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in path).lstrip(".")


def _within(part: Any, step: str | int, following: str | int) -> Any:  # noqa: ANN401 - any YAML
    """Return what stands at a step, made if it is not there yet."""
    empty: dict[str, Any] | list[Any] = [] if isinstance(following, int) else {}
    if is_mapping(part):
        return part.setdefault(str(step), empty)
    if int(step) == len(part):
        part.append(empty)
    return part[int(step)]


def _put(part: Any, step: str | int, value: Any) -> None:  # noqa: ANN401 - any YAML
    if is_mapping(part):
        part[str(step)] = value
    else:
        part[int(step) : int(step) + 1] = [value]


def _path(data: Any, name: str, text: str) -> Path:  # noqa: ANN401 - any YAML
    """Return the path that a name stands for; the name of a building's field may stand alone."""
    steps = [_STEP.fullmatch(step) for step in name.split(".")]
    if None in steps:
        _refuse(text, f"「{name}」不是字段的路径。", _EXAMPLE)
    path: Path = tuple(
        part
        for step in steps
        if step
        for part in (step[1], *(int(i) for i in re.findall(r"\d+", step[2])))
    )
    first = str(path[0])
    if first in Building.model_fields and first not in Project.model_fields:
        buildings = data.get("buildings") if is_mapping(data) else None
        count = len(buildings) if is_sequence(buildings) else 0
        if count != 1:
            _refuse(text, f"项目有 {count} 栋建筑，不知道改哪一栋。", f"写成 buildings[0].{name}。")
        path = ("buildings", 0, *path)
    elif first not in _names(Project):
        _refuse(text, f"没有字段 {first}。", _nearest(first))
    _walk(data, path, text)
    return path


def _walk(data: Any, path: Path, text: str) -> None:  # noqa: ANN401 - any YAML
    """Refuse a path that leads through a list beyond its end, or through a value."""
    part: Any = data
    for place, step in enumerate(path):
        if part is None:
            return
        if isinstance(step, int) and is_sequence(part):
            if step > len(part):
                _refuse(text, f"只有 {len(part)} 项，没有 [{step}]。", "从 0 数起。")
            part = part[step] if step < len(part) else None
        elif isinstance(step, str) and is_mapping(part):
            part = part.get(step)
        else:
            _refuse(text, f"第 {place + 1} 段「{step}」在文件里没有着落。", _EXAMPLE)


def _nearest(name: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only a mistake needs it

    known = [*_names(Building), *_names(Project)]
    near = "、".join(dict.fromkeys(get_close_matches(name, known, n=3)))
    return f"相近的有：{near}。" if near else "字段见 drawreview schema project。"


def _names(part: type[Building | Project]) -> tuple[str, ...]:
    """Return the names of a part's fields as a file writes them."""
    return tuple(field.alias or name for name, field in part.model_fields.items())


def _refuse(text: str, problem: str, remedy: str) -> NoReturn:
    raise InputError((Problem(f"--set {text}", problem, remedy),))
