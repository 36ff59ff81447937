"""`drawreview deadlines`: who must do what by when, and how many working days are left."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from drawreview.cli import recording
from drawreview.cli.answer import rulebook_from, under_readings
from drawreview.cli.files import say
from drawreview.cli.messages import note
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
from drawreview.cli.pot import PotFolder, sites_from
from drawreview.errors import InputError

if TYPE_CHECKING:
    from drawreview.site.schedule import Schedule

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
    pot: PotFolder = None,
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
    from drawreview.site.deadlines import deadlines  # noqa: PLC0415 - it takes the calendar along

    if pot and form == "svg":
        message = "时间轴一次画一个项目；去掉 --pot，或改用 --format ics。"
        raise typer.BadParameter(message, param_hint="--format")
    asked = recording.Asked(journal, key, actor, role)
    recording.check(asked, record=record, many=pot is not None)
    when, law = day(on), under_readings(rulebook_from(overlay), reading or ())
    sites, problems = sites_from(project, events, pot)
    schedules = [
        deadlines(stated, log, on=when, rulebook=law, assume_in_force=assume_in_force)
        for stated, log in sites
    ]
    receipt = (
        recording.recorded_deadlines(asked, sites[0], schedules[0], assume_in_force=assume_in_force)
        if record
        else None
    )
    say(_laid_out(schedules, form, lang, many=bool(pot)), output)
    if receipt:
        sys.stderr.write(f"{receipt}\n")
    if problems:
        raise InputError(tuple(problems))
    if not all(schedule.settled for schedule in schedules):
        sys.exit(4)


def _laid_out(schedules: Sequence[Schedule], form: _FORM, lang: str, *, many: bool) -> bytes:
    if form == "ics":
        from drawreview.site.schedule_to_ics import schedule_to_ics  # noqa: PLC0415

        if all(due.done_on for s in schedules for due in (*s.deadlines, *s.information)):
            note("没有未办结的期限，日历文件里没有条目。")
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
