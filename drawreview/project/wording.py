"""Say what is wrong with the values of a file, in the words of those who wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from drawreview.errors import InputError, Problem
from drawreview.legible import illegible, legible
from drawreview.project.from_yaml import Path, Written, is_mapping, is_sequence
from drawreview.project.kinds import DISTRICTS
from drawreview.project.model import Stated
from drawreview.project.words import told_of

_OWN: Final = {
    "number_wanted": ("应是数，不加引号，也不是 true/false。", "写成 1850.00；不知道就删去此项。"),
    "too_fine_area": ("小数位超过四位（平方厘米）。", "写到四位小数以内，软件不替您四舍五入。"),
    "too_fine_length": ("小数位超过三位（毫米）。", "写到三位小数以内，软件不替您四舍五入。"),
    "day_wanted": ("不是日期。", "写成 2021-02-20。"),
    "replaced_or_withdrawn": (
        "更正须说明怎样更正：改成什么，或撤回，二者居其一。",
        "写 replaced_by: {on: …, event: …}，或写 withdrawn: true。",
    ),
    "unknown_district": (
        "不是包头市的旗县区代码。",
        f"可用：{'、'.join(f'{c} {n}' for c, n in DISTRICTS.items())}。",
    ),
}
_HALF_WIDTH: Final = "冒号用半角「: 」，后面空一格；逗号也用半角。"
_READ_AS_NUMBER: Final = ("读成了数，这里应是文字。", '加上引号，如 "0472-5618888"。')
_STANDARD: Final = {
    "extra_forbidden": (
        "不认识这个字段。",
        "核对字段名；可用的字段见 drawreview schema {schema}。",
    ),
    "missing": ("缺少这一项。", "补上。"),
    "greater_than": ("必须大于 {gt}。", "不知道就删去此项；零不是未知。"),
    "greater_than_equal": ("不得小于 {ge}。", "不知道就删去此项。"),
    "less_than_equal": ("大得不合情理（上限 {le}）。", "核对单位和小数点。"),
    "enum": ("不是可用的值。", "可用：{expected}。"),
    "literal_error": ("不是可用的值。", "可用：{expected}。"),
    "decimal_type": _OWN["number_wanted"],
    "int_type": ("应是整数。", "写成 2，不加引号和小数。"),
    "bool_type": ("应是 true 或 false。", "不知道就删去此项。"),
    "string_type": ("应是文字。", "写文字，不写 true、false 或列表。"),
    "too_short": ("是空的。", "至少写一项。"),
    "too_long": ("多于 {max_length} 项。", "一个文件只写一个项目；核对是否写重了。"),
    "string_too_short": ("是空的。", "填写，或删去此项。"),
    "string_too_long": ("太长。", "请缩短。"),
    "string_pattern_mismatch": (
        "写法不对。",
        "年月写成 2020-11；项目代码写成 2102-150204-04-01-123456。",
    ),
    "finite_number": ("不是数。", "不知道就删去此项。"),
    "model_type": ("这里应是若干键和值。", "照示例文件的缩进填写。"),
    "model_attributes_type": ("这里应是若干键和值。", "照示例文件填写，每个键和值之间是「: 」。"),
    "union_tag_invalid": ("「{tag}」不是可用的值。", "{tags}"),
    "union_tag_not_found": ("缺少 {discriminator}。", "补上，例如 event: permit_issued。"),
    "tuple_type": ("这里应是列表。", "每一项以「- 」起头；没有就写 []。"),
    "date_from_datetime_inexact": ("不是日期。", "写成 2021-02-20。"),
}


def problems_in(
    written: Written,
    error: ValidationError,
    *,
    schema: str,
    called: Mapping[str, str] = MappingProxyType({}),
    remedies: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Problem, ...]:
    """Return each thing that a model refuses in a file: its line, the value, how to mend it.

    Args:
        written: The file.
        error: What the model refuses.
        schema: The name under which `drawreview schema` prints what the file may say.
        called: What names that the file may use are called in Chinese, for who wrote that instead.
        remedies: How to mend what such a file has wrong otherwise than a project has, by kind.
    """
    found: dict[str, Problem] = {}
    for detail in error.errors(include_url=False):
        path = _path_in(written.data, detail["loc"], lacking=detail["type"] == "missing")
        if detail["type"].startswith("union_tag"):
            path = (*path, str(detail.get("ctx", {})["discriminator"]).strip("'"))
        place = f"{written.place(path)}: {_shown(path)}"
        said, remedy = _wording(detail, schema, called)
        if "project" not in path:
            remedy = remedies.get(detail["type"], remedy)
        value = detail.get("input")
        wide = _with_a_wide_colon(value, path)
        if wide:
            said, remedy = f"「{wide[:40]}」里的冒号是全角的。", _HALF_WIDTH
            value = None
        written_so = _written_so(path, value) if schema == "project" else None
        remedy = f"写成 {written_so}。" if written_so else remedy
        shown = (
            ""
            if value is None or isinstance(value, (dict, list)) or detail["type"] == "missing"
            else f"「{_as_written(value)}」"
        )
        found.setdefault(place, Problem(place, f"{shown}{said}", remedy))
    return by_line(found.values())


def _with_a_wide_colon(value: object, path: Path) -> str | None:
    """Return a key that says `on： 2021-03-01`, which YAML takes for one long word."""
    keys = (*(value if is_mapping(value) else ()), *path[-1:])
    return next((key for key in keys if isinstance(key, str) and "：" in key), None)


def _written_so(path: Path, value: object) -> str | None:
    """Return how a file says what somebody wrote in words: 社会投资 is non_government."""
    from drawreview.project.answers import value_of  # noqa: PLC0415 - it reads whole projects
    from drawreview.project.fields import CLOSED, FIELDS, pattern_of  # noqa: PLC0415

    part = bool(path) and isinstance(path[-1], int)
    place = _shown(path[:-1] if part else path)
    if (
        not isinstance(value, str)
        or illegible(value)
        or pattern_of(place) not in {*FIELDS, *CLOSED} - {"buildings"}
    ):
        return None
    try:
        answer = value_of(place, value)
    except InputError:
        return None
    answer = answer[0] if part and is_sequence(answer) and len(answer) == 1 else answer
    said = _in_yaml(answer)
    return None if said == value else said


def _in_yaml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if is_mapping(value):
        if value.keys() == {"value"}:  # a judgement that nobody has signed
            return _in_yaml(value["value"])
        return "{" + ", ".join(f"{key}: {_in_yaml(part)}" for key, part in value.items()) + "}"
    if is_sequence(value):
        return "[" + ", ".join(map(_in_yaml, value)) + "]"
    return str(value)


def by_line(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems of one file in the order of its lines."""
    return tuple(sorted(problems, key=lambda problem: _line_of(problem.place)))


def paths_in(written: Written, error: ValidationError) -> tuple[Path, ...]:
    """Return the parts of a file that a model refuses."""
    return tuple(_path_in(written.data, d["loc"], lacking=False) for d in error.errors())


def _as_written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else legible(str(value)[:60], lines=False)


def _line_of(place: str) -> int:
    found = re.search(r":(\d+): ", place)
    return int(found[1]) if found else 0


def _path_in(data: object, loc: tuple[str | int, ...], *, lacking: bool) -> Path:
    """Return the part of pydantic's location that is a path in the file, without its own labels."""
    path: list[str | int] = []
    for index, step in enumerate(loc):
        if is_mapping(data) and str(step) in data:
            path.append(step)
            data = data[str(step)]
        elif is_sequence(data) and isinstance(step, int):
            path.append(step)
            data = data[step]
        elif lacking and index == len(loc) - 1 and is_mapping(data):
            path.append(step)
    return tuple(path)


def _shown(path: Path) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return legible(text.lstrip("."), lines=False) or "文件"


def _of_ours(reason: str) -> tuple[str, str] | None:
    """Return what to say of a refusal that a model of ours has worded; None of pydantic's own."""
    what, _, rest = reason.partition(":")
    if what == "illegible":
        return told_of(rest)
    if what == "not_named":
        return "不是可用的值。", f"可用：{rest}。"
    return _OWN.get(reason)


def _wording(error: ErrorDetails, schema: str, called: Mapping[str, str]) -> tuple[str, str]:
    context = {
        key: str(value).replace("'", "").replace(", ", "、").replace(" or ", "、")
        for key, value in error.get("ctx", {}).items()
    }
    context["schema"] = schema
    context["tags"] = _tags(context, schema, called)
    if "expected" in context:
        context["expected"] = _named(context["expected"].split("、"), called)
    reason = context.get("error", "")
    if of_ours := _of_ours(reason):
        return of_ours
    if error["type"] == "extra_forbidden" and schema == "project":
        near = get_close_matches(str(error["loc"][-1]), _names(), n=3)
        if near:
            return "不认识这个字段。", f"相近的有：{'、'.join(near)}。"
    if "month" in reason or "day" in reason or "year" in reason:
        return "没有这一天。", "核对年月日。"
    value = error.get("input")
    if error["type"] == "string_type" and isinstance(value, int | Decimal):
        return _READ_AS_NUMBER if not isinstance(value, bool) else _STANDARD["string_type"]
    problem, remedy = _STANDARD.get(
        error["type"], (f"不合要求（{error['msg']}）。", "对照 drawreview schema {schema} 改正。")
    )
    return problem.format_map(context), remedy.format_map(context)


@cache
def _names() -> tuple[str, ...]:
    """Return every name that a project file may use."""
    names: dict[str, None] = {}
    parts = [Stated]
    while parts:
        part = parts.pop()
        parts += part.__subclasses__()
        names |= dict.fromkeys(f.alias or name for name, f in part.model_fields.items())
    return tuple(names)


def _tags(context: Mapping[str, str], schema: str, called: Mapping[str, str]) -> str:
    """Return the names that are near to one that is none, or all there are."""
    names = context.get("expected_tags", "").split("、")
    near = get_close_matches(context.get("tag", ""), [*names, *called.values()])
    found = [name for name in names if name in near or called.get(name) in near]
    if not found:
        return f"可用：{'、'.join(names)}。"
    return f"相近的有：{_named(found, called)}。全部名称见 drawreview schema {schema}。"


def _named(names: Iterable[str], called: Mapping[str, str]) -> str:
    return "、".join(f"{name}（{called[name]}）" if name in called else name for name in names)
