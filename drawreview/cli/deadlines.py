"""`drawreview deadlines`: who must do what by when, and how many working days are left."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from drawreview.cli.answer import project_from, rulebook_from, text_of
from drawreview.cli.options import AssumeInForce, Lang, OnDay, Overlay, day
from drawreview.errors import InputError, Problem

if TYPE_CHECKING:
    from drawreview.site.log import Log
    from drawreview.site.schedule import Schedule

EventFile = Annotated[
    str, typer.Argument(metavar="EVENTS", help="事件文件（YAML 或 JSON），- 表示标准输入")
]
_EVENTS: Final = "_events"
_FORM = Literal["text", "json", "ics", "svg"]


def deadlines_command(
    *,
    project: Annotated[
        str, typer.Argument(metavar="PROJECT", help="项目文件（YAML 或 JSON），- 表示标准输入")
    ] = "",
    events: EventFile = "",
    on: OnDay = None,
    form: Annotated[_FORM, typer.Option("--format", help="表、JSON、日历文件、时间轴")] = "text",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="写到此文件")
    ] = None,
    pot: Annotated[
        Path | None,
        typer.Option(
            "--pot", metavar="DIR", help="一个目录里的全部项目：NAME.yaml 和 NAME_events.yaml"
        ),
    ] = None,
    lang: Lang = "zh",
    overlay: Overlay = None,
    assume_in_force: AssumeInForce = False,
) -> None:
    """审查期限：谁须在哪一天以前办什么，还剩几个工作日，哪些已经逾期。"""
    from drawreview.site.deadlines import deadlines  # noqa: PLC0415 - other commands need no calendar

    pairs = _pairs(project, events, pot)
    when, law = day(on), rulebook_from(overlay)
    schedules: list[Schedule] = []
    problems: list[Problem] = []
    for of_project, of_events in pairs:
        try:
            stated, log = project_from(of_project), log_from(of_events)
        except InputError as error:
            problems.extend(error.problems)
            continue
        schedules.append(
            deadlines(stated, log, on=when, rulebook=law, assume_in_force=assume_in_force)
        )
    if problems and pot is None:
        raise InputError(tuple(problems))
    if form == "svg" and pot is not None:
        message = "时间轴一次画一个项目；去掉 --pot，或改用 --format ics。"
        raise typer.BadParameter(message, param_hint="--format")
    _say(_laid_out(schedules, form, lang, many=pot is not None), output)
    if problems:
        raise InputError(tuple(problems))
    if not all(schedule.settled for schedule in schedules):
        sys.exit(4)


def log_from(file: str) -> Log:
    """Return the log that an event file, or standard input, states."""
    from drawreview.site.statement import read_log  # noqa: PLC0415 - other commands read no events

    return read_log(text_of(file), "标准输入" if file == "-" else file)


def _pairs(project: str, events: str, pot: Path | None) -> Sequence[tuple[str, str]]:
    """Return the files of each project."""
    if pot is None:
        if not (project and events):
            message = "写明项目文件和事件文件，或用 --pot 指定一个目录。"
            raise typer.BadParameter(message, param_hint="PROJECT EVENTS")
        if project == events == "-":
            message = "标准输入只能给其中一个文件。"
            raise typer.BadParameter(message, param_hint="PROJECT EVENTS")
        return ((project, events),)
    if project or events:
        message = "指定了 --pot，就不再写项目文件和事件文件。"
        raise typer.BadParameter(message, param_hint="--pot")
    files = sorted(path for path in pot.glob("*") if path.suffix in {".yaml", ".yml", ".json"})
    logs = {path.stem.removesuffix(_EVENTS): path for path in files if path.stem.endswith(_EVENTS)}
    projects = {path.stem: path for path in files if not path.stem.endswith(_EVENTS)}
    lonely = [logs[name] for name in sorted(set(logs) - set(projects))]
    if lonely or not logs:
        place = str(lonely[0] if lonely else pot)
        problem = "事件文件没有对应的项目文件。" if lonely else "目录里没有事件文件。"
        raise InputError((Problem(place, problem, "项目 NAME.yaml 的事件写在 NAME_events.yaml。"),))
    return [(str(projects[name]), str(logs[name])) for name in sorted(logs)]


def _laid_out(schedules: Sequence[Schedule], form: _FORM, lang: str, *, many: bool) -> bytes:
    if form == "ics":
        from drawreview.site.schedule_to_ics import schedule_to_ics  # noqa: PLC0415

        return schedule_to_ics(*schedules)
    if form == "svg":
        from drawreview.site.schedule_to_svg import schedule_to_svg  # noqa: PLC0415

        return schedule_to_svg(schedules[0], lang=lang).encode()
    if form == "json":
        from drawreview.site.schedule_to_json import document_of  # noqa: PLC0415

        documents = [document_of(schedule) for schedule in schedules]
        said = {"projects": documents} if many else documents[0]
        return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode()
    from drawreview.cli.deadlines_text import pot_text, schedule_text  # noqa: PLC0415

    text = pot_text(schedules, lang) if many else schedule_text(schedules[0], lang)
    return text.encode()


def _say(content: bytes, output: Path | None) -> None:
    if output:
        from drawreview.cli.files import write_whole  # noqa: PLC0415

        write_whole({output: content})
    else:
        sys.stdout.buffer.write(content)
