"""A project as the plain YAML that people read and that `decide` takes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

from drawreview.errors import InputError, Problem
from drawreview.legible import legible_json
from drawreview.project.from_yaml import Written, is_mapping, is_sequence, read
from drawreview.project.kinds import MOST_PARTS
from drawreview.project.model import PROJECT_SCHEMA, Project
from drawreview.project.statement import project_of

# Words that YAML takes for themselves: no number, date, truth or punctuation.
_PLAIN: Final = re.compile(r"[A-Za-z_\u4e00-\u9fff][\w\u4e00-\u9fff（）·]*")
_REASONABLE: Final = 30  # digits
_NOT_WORDS: Final = {"true", "false", "null", "yes", "no", "on", "off"}


def data_of(text: str, name: str) -> dict[str, Any]:
    """Return what a project file says, without judging it.

    Raises:
        InputError: It cannot be read, or is not a project.
    """
    if not text.strip():
        return {"schema": PROJECT_SCHEMA}
    data = read(text, name).data
    if not is_mapping(data):
        raise InputError((Problem(name, "文件里没有项目。", "用本站保存的项目文件。"),))
    if _too_many(data):
        problem = f"有一处多于 {MOST_PARTS} 项。"
        raise InputError((Problem(name, problem, "一个文件只写一个项目；核对是否写重了。"),))
    return data


def _too_many(part: object) -> bool:
    """Whether a part has more parts than a page could show, before any is made of them."""
    if is_mapping(part):
        return any(map(_too_many, part.values()))
    return is_sequence(part) and (len(part) > MOST_PARTS or any(map(_too_many, part)))


def number_written(value: Decimal) -> str:
    """Return a number as people write it; one far out of reason keeps its exponent."""
    return f"{value:f}" if abs(value.adjusted()) < _REASONABLE else str(value)


def project_in(data: dict[str, Any]) -> Project:
    """Return the project of what a form says.

    Raises:
        InputError: With every problem; each place is the name of the field in the form.
    """
    try:
        return project_of(Written(settled(data), {}, ""))
    except InputError as error:
        raise InputError(
            tuple(
                Problem(problem.place.removeprefix(": "), problem.problem, problem.remedy)
                for problem in error.problems
            )
        ) from None


def settled(data: dict[str, Any]) -> dict[str, Any]:
    """Return what a form says without buildings of which nothing has been said."""
    buildings = data.get("buildings")
    if is_sequence(buildings) and not any(buildings):
        return {key: value for key, value in data.items() if key != "buildings"}
    return data


def to_yaml(data: dict[str, Any]) -> str:
    """Return a project file."""
    return "".join(f"{line}\n" for line in lines_of({"schema": PROJECT_SCHEMA, **data}, 0))


def lines_of(value: Any, depth: int) -> Iterator[str]:  # noqa: ANN401 - any YAML
    """Yield the lines of YAML that say a value."""
    pad = "  " * depth
    if is_mapping(value):
        for key, one in value.items():
            if (is_mapping(one) or is_sequence(one)) and one:
                yield f"{pad}{_word(str(key))}:"
                yield from lines_of(one, depth + 1)
            else:
                yield f"{pad}{_word(str(key))}: {_scalar(one)}"
    elif is_sequence(value):
        for one in value:
            if (is_mapping(one) or is_sequence(one)) and one:
                first, *rest = lines_of(one, depth + 1)
                yield f"{pad}- {first.strip()}"
                yield from rest
            else:
                yield f"{pad}- {_scalar(one)}"


def _scalar(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number_written(value)
    if isinstance(value, (int, date)):
        return str(value)
    if is_mapping(value):
        return "{}"
    return "[]" if is_sequence(value) else _word(str(value))


def _word(text: str) -> str:
    """Return a word as YAML takes it; quoted unless it can be taken for nothing else."""
    if re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", text):
        return text
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_WORDS:
        return text
    return legible_json(json.dumps(text, ensure_ascii=False), yaml=True)
