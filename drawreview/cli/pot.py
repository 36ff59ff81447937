"""One project with its events, or all of a folder: good ones, and what is wrong with others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from drawreview.cli.answer import site_from
from drawreview.cli.messages import note
from drawreview.errors import InputError, Problem

if TYPE_CHECKING:
    from drawreview.project.model import Project
    from drawreview.site.log import Log

_EVENTS: Final = "_events"
_REMEDY: Final = "项目 NAME.yaml 的事件写在 NAME_events.yaml；扩展名可用 yaml、yml、json。"
Pair = tuple[str, str]
PotFolder = Annotated[
    Path | None,
    typer.Option(
        "--pot", metavar="DIR", help="一个目录里的全部项目：NAME.yaml 和 NAME_events.yaml"
    ),
]


def sites_from(
    project: str, events: str, pot: Path | None
) -> tuple[list[tuple[Project, Log]], list[Problem]]:
    """Return what two files state, or those of a folder, and what is wrong with others of it.

    Raises:
        typer.BadParameter: Neither or both are named.
        InputError: What is wrong with the two files, or with the folder.
    """
    if not pot:
        if not (project and events):
            message = "写明项目文件和事件文件，或用 --pot 指定一个目录。"
            raise typer.BadParameter(message, param_hint="PROJECT EVENTS")
        if project == events == "-":
            message = "标准输入只能给其中一个文件。"
            raise typer.BadParameter(message, param_hint="PROJECT EVENTS")
        return [site_from(project, events)], []
    if project or events:
        message = "指定了 --pot，就不再写项目文件和事件文件。"
        raise typer.BadParameter(message, param_hint="--pot")
    sites: list[tuple[Project, Log]] = []
    problems: list[Problem] = []
    for pair in pairs_in(pot):
        try:
            sites.append(site_from(*pair))
        except InputError as error:
            problems.extend(error.problems)
    return sites, problems


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
        note(f"{projects[name]} 没有事件文件，不列。")
    return [(str(projects[name]), str(logs[name])) for name in sorted(logs)]
