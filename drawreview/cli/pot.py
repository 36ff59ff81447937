"""Many projects of one folder: each project file with its event file, good ones and bad ones."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from drawreview.cli.answer import site_from
from drawreview.errors import InputError, Problem
from drawreview.rulebook.model import Rulebook

if TYPE_CHECKING:
    from drawreview.site.schedule import Schedule

_EVENTS: Final = "_events"
_REMEDY: Final = "项目 NAME.yaml 的事件写在 NAME_events.yaml；扩展名可用 yaml、yml、json。"
Pair = tuple[str, str]


def answers(
    pairs: Iterable[Pair], *, on: date, rulebook: Rulebook, assume_in_force: bool = False
) -> tuple[list[Schedule], list[Problem]]:
    """Return the deadlines of each pair of files, and what is wrong with the others."""
    from drawreview.site.deadlines import deadlines  # noqa: PLC0415 - it takes the calendar along

    schedules: list[Schedule] = []
    problems: list[Problem] = []
    for project, events in pairs:
        try:
            stated, log = site_from(project, events)
        except InputError as error:
            problems.extend(error.problems)
            continue
        schedules.append(
            deadlines(stated, log, on=on, rulebook=rulebook, assume_in_force=assume_in_force)
        )
    return schedules, problems


def pairs_in(folder: Path) -> Sequence[Pair]:
    """Return the projects of a folder with their event files; raises `InputError`."""
    if not folder.is_dir():
        problem = "这是文件，不是目录。" if folder.exists() else "没有这个目录。"
        raise InputError((Problem(str(folder), problem, f"--pot 后面写目录。{_REMEDY}"),))
    projects: dict[str, Path] = {}
    logs: dict[str, Path] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*")):
        if path.suffix not in {".yaml", ".yml", ".json"}:
            continue
        name = path.stem.removesuffix(_EVENTS)
        kind = projects if name == path.stem else logs
        if name in kind:
            problems.append(Problem(str(path), f"与 {kind[name].name} 同名。", "只留一个。"))
        kind[name] = path
    problems += [
        Problem(str(logs[name]), "没有对应的项目文件。", _REMEDY)
        for name in sorted(set(logs) - set(projects))
    ]
    if not logs:
        problems.append(Problem(str(folder), "目录里没有事件文件。", _REMEDY))
    if problems:
        raise InputError(tuple(problems))
    for name in sorted(set(projects) - set(logs)):
        sys.stderr.write(f"提示：{projects[name]} 没有事件文件，不列。\n")
    return [(str(projects[name]), str(logs[name])) for name in sorted(logs)]
