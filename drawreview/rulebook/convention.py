"""How 「N个工作日内」 is counted: a setting of the rule folder, never of the code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from drawreview.errors import InputError, Problem
from drawreview.project.from_yaml import Written, is_mapping, is_sequence, read

CONVENTION: Final = "national/workdays/convention.yaml"
_KEYS: Final = ("start_day_counts", "why", "basis")
_BASIS_KEYS: Final = ("document", "clause", "words", "seen")


@dataclass(frozen=True, slots=True)
class Basis:
    """A text on which the convention rests, and how well it is attested."""

    document: str
    clause: str
    words: str
    seen: str


@dataclass(frozen=True, slots=True)
class Convention:
    """Whether the day of the starting event is day 1, or the next working day is."""

    start_day_counts: bool
    why: str
    basis: tuple[Basis, ...]

    def says(self, lang: str = "zh") -> str:
        """Return the convention as a sentence, to be printed with each answer."""
        if lang == "en":
            if self.start_day_counts:
                return "the starting day is day 1 if it is a working day"
            return "the starting day does not count; day 1 is the next working day"
        if self.start_day_counts:
            return "起始日是工作日的，当日为第1日"
        return "起始日不计，下一个工作日为第1日"


def read_convention(rules: Path, problems: list[Problem]) -> Convention | None:
    """Return the convention of a rules folder, if it has one; what is wrong goes to `problems`."""
    file = rules / CONVENTION
    if not file.exists():
        return None
    name = file.relative_to(rules.parent).as_posix()
    try:
        written = read(file.read_text(encoding="utf-8"), name)
    except InputError as error:
        problems.extend(error.problems)
        return None
    found = len(problems)
    said = _whole(written, (), written.data, _KEYS, problems)
    counts, basis = said.get("start_day_counts"), said.get("basis")
    if not isinstance(counts, bool) and said:
        place = written.place(("start_day_counts",))
        problems.append(Problem(place, "start_day_counts 应是 true 或 false。", "改正。"))
    if not is_sequence(basis):
        place = written.place(("basis",))
        problems.append(Problem(place, "basis 应是列表。", "每一项以「- 」起头。"))
        basis = []
    parts = [
        _whole(written, ("basis", index), part, _BASIS_KEYS, problems)
        for index, part in enumerate(basis)
    ]
    if len(problems) > found:
        return None
    bases = tuple(Basis(*(str(part[key]) for key in _BASIS_KEYS)) for part in parts)
    return Convention(counts is True, str(said["why"]), bases)


def _whole(
    written: Written,
    path: tuple[str | int, ...],
    data: object,
    keys: tuple[str, ...],
    problems: list[Problem],
) -> dict[str, Any]:
    """Return the keys and values of a part; reports keys that are missing or unknown."""
    listed = "、".join(keys)
    if not is_mapping(data):
        remedy = f"可用的键：{listed}。"
        problems.append(Problem(written.place(path), "这里应是若干键和值。", remedy))
        return {}
    for key in data:
        if key not in keys:
            place = written.place((*path, key))
            problems.append(Problem(place, f"不认识的键 {key}。", f"可用的键：{listed}。"))
    missing = [key for key in keys if key not in data]
    if missing:
        problem = f"缺少 {'、'.join(missing)}。"
        problems.append(Problem(written.place(path), problem, "补上。"))
    return data
