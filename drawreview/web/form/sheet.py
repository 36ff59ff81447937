"""One page of the form: from a project file to what the fields show, and back again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, cast

from starlette.datastructures import FormData

from drawreview.errors import Problem
from drawreview.project.from_yaml import is_mapping, is_sequence
from drawreview.web.form.fields import GROUPS, Field, Group
from drawreview.web.form.project_file import number_written

_NUMBER: Final = re.compile(r"[0-9]+(\.[0-9]+)?")
_WHOLE: Final = re.compile(r"0|[1-9][0-9]{0,5}")
_MOST_DIGITS: Final = 20
Data = dict[str, Any]


def group_of(name: str) -> tuple[Group, int]:
    """Return the group of a page, and the place of its building.

    Raises:
        KeyError: There is no such page.
    """
    building = re.fullmatch(r"building-([0-9]{1,2})", name)
    return (GROUPS["building"], int(building[1])) if building else (GROUPS[name], 0)


def page_of(path: str) -> str:
    """Return the page on which a field of the project file is asked."""
    building = re.match(r"buildings\[([0-9]{1,2})\]", path)
    if building:
        return f"building-{building[1]}"
    head = re.split(r"[.\[]", path)[0]
    for group in GROUPS.values():
        if head == group.about or (not group.about and any(head == f.name for f in group.fields)):
            return group.id
    return "building-0" if head == "buildings" else "project"


def label_of(path: str) -> tuple[str, int | None]:
    """Return what the form calls a field of the project file, and in which building it lies."""
    building = re.match(r"buildings\[([0-9]{1,2})\]\.", path)
    head, _, tail = path.partition(".")
    about = "buildings[{}]" if building else head if tail else ""
    name = re.split(r"[.\[]", tail or head)[0]
    for group in GROUPS.values():
        for field in group.fields:
            if (group.about, field.name) == (about, name):
                return field.label, int(building[1]) if building else None
    return "建筑物" if name == "buildings" else path, None


def prefix_of(group: Group, place: int) -> str:
    """Return what stands before the names of a page's fields."""
    about = group.about.format(place)
    return f"{about}." if about else ""


def part_of(data: Data, group: Group, place: int) -> Data:
    """Return the part of a project file that a page is about, made if it is not there."""
    if not group.about:
        return data
    if group.id == "building":
        buildings = data.setdefault("buildings", [])
        while len(buildings) <= place:
            buildings.append({})
        return cast("Data", buildings[place])
    part = data.setdefault(group.about, {})
    return cast("Data", part)


def shown(data: Data, group: Group, place: int) -> dict[str, str]:
    """Return what the fields of a page show: name in the form -> what is written or chosen."""
    part: object = data
    if group.id == "building":
        buildings = data.get("buildings")
        part = buildings[place] if is_sequence(buildings) and place < len(buildings) else {}
    elif group.about:
        part = data.get(group.about)
    found: dict[str, str] = {}
    if is_mapping(part):
        for field in group.fields:
            found |= dict(_shown(field, prefix_of(group, place) + field.name, part.get(field.name)))
    return found


def _shown(  # noqa: C901, PLR0912 - one case for each kind of field
    field: Field,
    name: str,
    value: Any,  # noqa: ANN401 - any YAML
) -> Iterator[tuple[str, str]]:
    match field.kind:
        case "rows":
            if not is_sequence(value):
                return
            yield f"{name}:known", "some" if value else "none"
            for place, row in enumerate(value):
                for part in field.parts:
                    if is_mapping(row):
                        yield from _shown(part, f"{name}[{place}].{part.name}", row.get(part.name))
        case "checks" | "known_checks":
            if is_sequence(value):
                yield f"{name}:known", "some" if value else "none"
                yield from ((f"{name}={one}", "on") for one in value)
        case "judgement":
            if is_mapping(value):
                yield name, _written(value.get("value"))
                yield from (
                    (f"{name}.{key}", _written(value.get(key))) for key in ("by", "on", "why")
                )
            else:
                yield name, _written(value)
        case "commissioned":
            never = value == "not_commissioned"
            if value is not None:
                yield f"{name}:known", "never" if never else "on"
                yield name, "" if never else _written(value)
        case _:
            yield name, _written(value)


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number_written(value)
    return "" if value is None else str(value)


def taken(form: FormData, data: Data, group: Group, place: int) -> list[Problem]:
    """Write what a page's form says into a project file; return what cannot be understood."""
    part = part_of(data, group, place)
    problems: list[Problem] = []
    for field in group.fields:
        value = _taken(form, field, prefix_of(group, place) + field.name, problems)
        if value is None:
            part.pop(field.name, None)
        else:
            part[field.name] = value
    if group.about and not part and group.id != "building":
        data.pop(group.about, None)
    return problems


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def _taken(form: FormData, field: Field, name: str, problems: list[Problem]) -> object:  # noqa: C901, PLR0911, PLR0912 - one return for each kind of field
    text = _text(form, name)
    match field.kind:
        case "rows":
            return _rows(form, field, name, problems)
        case "checks":
            return [value for value, _ in field.options if form.get(f"{name}={value}")] or None
        case "known_checks":
            chosen = [value for value, _ in field.options if form.get(f"{name}={value}")]
            known = _text(form, f"{name}:known")
            if chosen and known == "none":
                problems.append(Problem(name, "选了「没有」，又勾了几项。", "去掉其中之一。"))
            return chosen or ([] if known == "none" else None)
        case "judgement":
            return _judgement(form, name, text)
        case "commissioned":
            known = _text(form, f"{name}:known")
            if known == "on" and not text:
                problems.append(Problem(name, "选了「已委托」，没有写日期。", "写明委托日期。"))
            return "not_commissioned" if known == "never" else text or None
        case "flag":
            return {"true": True, "false": False}.get(text)
        case "area" | "length":
            number = text.replace("，", "").replace(",", "")
            if number and not (_NUMBER.fullmatch(number) and len(number) <= _MOST_DIGITS):
                problems.append(
                    Problem(name, f"「{text[:40]}」不是数。", "写成 1850.00；不知道就留空。")
                )
                return None
            return Decimal(number) if number else None
        case "count":
            if text and not _WHOLE.fullmatch(text):
                problems.append(
                    Problem(name, f"「{text[:40]}」不是整数。", "写成 2；不知道就留空。")
                )
                return None
            return int(text) if text else None
        case _:
            return text or None


def _judgement(form: FormData, name: str, text: str) -> object:
    value = {"true": True, "false": False}.get(text)
    if value is None:
        return None
    signed: Mapping[str, str] = {
        key: written for key in ("by", "on", "why") if (written := _text(form, f"{name}.{key}"))
    }
    return {"value": value, **signed} if signed else value


def _rows(form: FormData, field: Field, name: str, problems: list[Problem]) -> list[Data] | None:
    rows: list[Data] = []
    for place in range(field.most):
        row = {
            part.name: value
            for part in field.parts
            if (value := _taken(form, part, f"{name}[{place}].{part.name}", problems)) is not None
        }
        if row:
            rows.append(row)
    known = _text(form, f"{name}:known")
    if rows and known == "none":
        problems.append(Problem(name, "选了「没有」，又填了几项。", "去掉其中之一。"))
    return rows or ([] if known == "none" else None)
