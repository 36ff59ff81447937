"""`drawreview deadlines`: who must do what by when, and how many working days are left."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from drawreview.cli import recording
from drawreview.cli.answer import rulebook_from, under_readings
from drawreview.cli.options import (
    AssumeInForce,
    EventFile,
    JournalKey,
    Lang,
    OnDay,
    Overlay,
    ProjectFile,
    Readings,
    day,
)
from drawreview.cli.pot import answers, pairs_in
from drawreview.errors import InputError

if TYPE_CHECKING:
    from drawreview.site.schedule import Schedule

_NOTHING_OPEN = {
    "zh": "提示：没有未办结的期限，日历文件里没有条目。\n",
    "en": "note: no deadline is open, so the calendar file has no entry.\n",
}
_FORM = Literal["text", "json", "ics", "svg"]


def deadlines_command(
    *,
    project: ProjectFile = "",
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
    reading: Readings = None,
    record: recording.RecordIt = False,
    journal: recording.JournalIfAny = None,
    key: JournalKey = None,
    actor: recording.ActorName = None,
    role: recording.Role = "clerk",
) -> None:
    """审查期限：谁须在哪一天以前办什么，还剩几个工作日，哪些已经逾期。"""
    if pot:
        _refuse_beside_pot(project, events, form)
    elif not (project and events):
        message = "写明项目文件和事件文件，或用 --pot 指定一个目录。"
        raise typer.BadParameter(message, param_hint="PROJECT EVENTS")
    elif project == events == "-":
        message = "标准输入只能给其中一个文件。"
        raise typer.BadParameter(message, param_hint="PROJECT EVENTS")
    asked = recording.Asked(journal, key, actor, role)
    recording.check(asked, record=record)
    if record and pot:
        message = "--record 一次记一个项目；去掉 --pot。"
        raise typer.BadParameter(message, param_hint="--record")
    when, law = day(on), under_readings(rulebook_from(overlay), reading or ())
    schedules, problems = answers(
        pairs_in(pot) if pot else ((project, events),),
        on=when,
        rulebook=law,
        assume_in_force=assume_in_force,
    )
    if problems and not pot:
        raise InputError(tuple(problems))
    receipt = (
        recording.recorded_events(asked, schedules[0], assume_in_force=assume_in_force)
        if record
        else None
    )
    _say(_laid_out(schedules, form, lang, many=bool(pot)), output)
    if receipt:
        sys.stderr.write(f"{receipt}\n")
    if problems:
        raise InputError(tuple(problems))
    if not all(schedule.settled for schedule in schedules):
        sys.exit(4)


def _refuse_beside_pot(project: str, events: str, form: _FORM) -> None:
    if project or events:
        message = "指定了 --pot，就不再写项目文件和事件文件。"
        raise typer.BadParameter(message, param_hint="--pot")
    if form == "svg":
        message = "时间轴一次画一个项目；去掉 --pot，或改用 --format ics。"
        raise typer.BadParameter(message, param_hint="--format")


def _laid_out(schedules: Sequence[Schedule], form: _FORM, lang: str, *, many: bool) -> bytes:
    if form == "ics":
        from drawreview.site.schedule_to_ics import schedule_to_ics  # noqa: PLC0415

        if all(due.done_on for s in schedules for due in (*s.deadlines, *s.information)):
            sys.stderr.write(_NOTHING_OPEN[lang])
        return schedule_to_ics(*schedules, lang=lang)
    if form == "svg":
        from drawreview.site.schedule_to_svg import schedule_to_svg  # noqa: PLC0415

        return schedule_to_svg(schedules[0], lang=lang).encode()
    if form == "json":
        from drawreview.site.schedule_to_json import pot_to_json, schedule_to_json  # noqa: PLC0415

        told = pot_to_json(schedules) if many else schedule_to_json(schedules[0])
        return f"{told}\n".encode()
    from drawreview.cli.deadlines_text import pot_text, schedule_text  # noqa: PLC0415

    text = pot_text(schedules, lang) if many else schedule_text(schedules[0], lang)
    return text.encode()


def _say(content: bytes, output: Path | None) -> None:
    if output:
        from drawreview.cli.files import write_whole  # noqa: PLC0415

        write_whole({output: content})
    else:
        sys.stdout.buffer.write(content)
