"""What the tables of a journal are like, and in what others that bear their names differ.

Columns are what reading rests on; the rules about them keep writers in order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

_RULE: Final = re.compile(r"NOT NULL|PRIMARY KEY|UNIQUE")
_BETWEEN: Final = re.compile(r",\s*(?![^(]*\))")  # a comma that stands in no inner bracket


@dataclass(slots=True)
class Shape:
    """A table: its columns with their types, in order, and the rules they are under."""

    columns: list[str] = field(default_factory=list[str])
    rules: list[str] = field(default_factory=list[str])


def shape_of(statement: str) -> Shape:
    """Return the shape that a CREATE TABLE makes, as both stores are told it."""
    inner, _, options = " ".join(statement.split()).partition("(")[2].rpartition(")")
    shape = Shape()
    for each in _BETWEEN.split(inner.strip()):
        if each.startswith("PRIMARY KEY"):
            shape.rules.append(each)
            continue
        name, kind, rest = (*each.split(" ", 2), "", "")[:3]
        shape.columns.append(f"{name} {kind}".strip())
        shape.rules += [f"{rule} ({name})" for rule in _RULE.findall(rest)]
        shape.rules += [f"{more} ({name})" for more in [_RULE.sub("", rest).strip()] if more]
    shape.rules += [options.strip()] if options.strip() else []
    return shape


def other_columns(made: Mapping[str, Shape], found: Mapping[str, Shape]) -> list[str]:
    """Return in words which tables lack columns, or have others, or are not there."""
    none = Shape()
    columns = {name: shape.columns for name, shape in made.items()}
    return [*_differing(columns, {name: found.get(name, none).columns for name in made})]


def other_rules(made: Mapping[str, Shape], found: Mapping[str, Shape]) -> list[str]:
    """Return in words which rules the tables lack, and which are none of ours."""
    none = Shape()
    rules = {name: sorted(shape.rules) for name, shape in made.items()}
    return [*_differing(rules, {name: sorted(found.get(name, none).rules) for name in made})]


def _differing(
    made: Mapping[str, Sequence[str]], found: Mapping[str, Sequence[str]]
) -> Sequence[str]:
    told: list[str] = []
    for name, parts in made.items():
        there = found[name]
        if list(parts) == list(there):
            continue
        missing = [each for each in parts if each not in there]
        strange = [each for each in there if each not in parts]
        what = [f"缺 {'、'.join(missing)}"] if missing else []
        what += [f"多 {'、'.join(strange)}"] if strange else []
        told.append(f"表 {name} 不是建日志时的样子：{'，'.join(what) or '次序不同'}")
    return told
