"""What people write in answer to a question, turned into what the project file says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NoReturn

from drawreview.errors import InputError, Problem
from drawreview.project.fields import Answer, Field, field_at
from drawreview.project.from_yaml import Written, is_sequence
from drawreview.project.kinds import MOST_PARTS
from drawreview.project.places import found_at, put
from drawreview.project.statement import project_of

UNKNOWN: Final = frozenset({"不知道", "不清楚", "未知", "?"})
_YES: Final = frozenset({"是", "有", "对", "已", "取得了", "y", "yes", "true", "1"})
_NO: Final = frozenset({"否", "不", "不是", "没有", "无", "未", "n", "no", "false", "0"})
_NONE: Final = frozenset({"没有", "都没有", "无", "0", "[]"})
# How people write a unit, by the unit of the field; another unit is another quantity.
_UNITS: Final = {
    "㎡": re.compile(r"(m2|平方米|平米|平方|平)$"),
    "m": re.compile(r"(m|米)$"),
    "层": re.compile(r"层$"),
    "栋": re.compile(r"(栋|座|幢|个)$"),
}
_NUMERALS: Final = {"零": 0, "两": 2} | {
    sign: i for i, sign in enumerate("一二三四五六七八九十", 1)
}
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_MONTH: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")


def value_of(field: str, text: str) -> Any:  # noqa: ANN401 - what a file may say
    """Return what an answer in words, numbers or the numbers of choices says in a project file.

    Raises:
        InputError: It is not an answer to the question.
    """
    about = field_at(field)
    said = unicodedata.normalize("NFKC", text).strip()
    if not said:
        _refuse(about, "没有回答。", "不知道就写「不知道」。")
    return _READERS[about.answer](about, text.strip(), said)


def with_answer(stated: Mapping[str, Any], field: str, value: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the project file with an answer; rooms and venues that stay keep what is said of them.

    Raises:
        InputError: The answer cannot be, by itself or beside what is already stated.
    """
    if field_at(field).answer is Answer.PARTS and is_sequence(value):
        value = _kept(found_at(stated, field), value)
    answered = put(stated, field, value)
    project_of(Written(answered, {}, ""))
    return answered


def _kept(before: object, after: Sequence[Any]) -> list[Any]:
    left: list[Any] = list(before) if is_sequence(before) else []
    kept: list[Any] = []
    for part in after:
        same = next((old for old in left if old.get("kind") == part.get("kind")), None)
        if same is not None:
            left.remove(same)
        kept.append({**(same or {}), **part})
    return kept


def _refuse(field: Field, problem: str, remedy: str) -> NoReturn:
    raise InputError((Problem(field.zh, problem, remedy),))


def _choice(field: Field, text: str, said: str) -> str:
    if said.isdecimal() and 1 <= int(said) <= len(field.choices):
        return field.choices[int(said) - 1][0]
    found = [v for v, words in field.choices if text in (v, words) or said == v]
    found = found or [v for v, words in field.choices if text and words.startswith(text)]
    if len(found) == 1:
        return found[0]
    problem = f"「{text[:30]}」不在可选之列。" if not found else f"「{text[:30]}」不止指一项。"
    _refuse(field, problem, f"写序号 1～{len(field.choices)}，或写全名称。")


def _several(field: Field, text: str, said: str) -> list[str]:
    if said in _NONE:
        return []
    if any(text == words for _, words in field.choices):
        return [_choice(field, text, said)]  # a name may hold a comma itself
    parts = [part for part in re.split(r"[、,;\s]+", said) if part]
    return [_choice(field, part, part) for part in parts]


def _yes_or_no(field: Field, _: str, said: str) -> bool:
    if said.lower() in _YES:
        return True
    if said.lower() in _NO:
        return False
    _refuse(field, f"「{said[:30]}」不是「是」或「否」。", "写 是 或 否。")


def _without_unit(field: Field, said: str) -> str:
    unit = _UNITS.get(field.unit or "")
    return unit.sub("", said.lower()).strip() if unit else said


def _number(field: Field, _: str, said: str) -> Decimal:
    digits = _without_unit(field, said.replace(",", ""))
    try:
        value = Decimal(digits)
    except InvalidOperation:
        _refuse(field, f"「{said[:30]}」不是以 {field.unit} 计的数。", "写成 1850.00 这样。")
    if not value.is_finite():
        _refuse(field, f"「{said[:30]}」不是数。", f"写成 1850.00 这样，单位 {field.unit}。")
    return value


def _whole_number(field: Field, _: str, said: str) -> int:
    digits = _without_unit(field, said)
    digits = str(_NUMERALS.get(digits, digits))
    if not re.fullmatch(r"\d{1,6}", digits):
        _refuse(field, f"「{said[:30]}」不是几{field.unit}。", "写成 2 这样。")
    count = int(digits)
    if field.pattern == "buildings" and not 1 <= count <= MOST_PARTS:
        remedy = f"写 1 到 {MOST_PARTS}；没有建筑的，工程类别是市政基础设施。"
        _refuse(field, f"{count} 栋不能作答。", remedy)
    return count


def _day(field: Field, text: str, said: str) -> date | str:
    for value, words in field.choices:
        if text in (value, words, words.removeprefix("尚")) or said == "1":
            return value
    found = _DAY.fullmatch(said) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", said)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        _refuse(field, f"没有「{said}」这一天。", "核对年月日。")
    also = "".join(f"；或写「{words}」" for _, words in field.choices)
    _refuse(field, f"「{said[:30]}」不是日期。", f"写成 2021-02-20{also}。")


def _month(field: Field, _: str, said: str) -> str:
    found = _MONTH.fullmatch(said)
    if not found or not 1 <= int(found[2]) <= 12:  # noqa: PLR2004 - months
        _refuse(field, f"「{said[:30]}」不是年月。", "写成 2020-11。")
    return f"{found[1]}-{int(found[2]):02}"


_READERS: Final[dict[Answer, Callable[[Field, str, str], Any]]] = {
    Answer.CHOICE: _choice,
    Answer.CHOICES: lambda field, text, said: list(dict.fromkeys(_several(field, text, said))),
    Answer.PARTS: lambda field, text, said: [{"kind": k} for k in _several(field, text, said)],
    Answer.YES_NO: _yes_or_no,
    Answer.JUDGEMENT: lambda field, text, said: {"value": _yes_or_no(field, text, said)},
    Answer.NUMBER: _number,
    Answer.WHOLE_NUMBER: _whole_number,
    Answer.DAY: _day,
    Answer.MONTH: _month,
    Answer.TEXT: lambda _, text, __: unicodedata.normalize("NFC", text),
}
