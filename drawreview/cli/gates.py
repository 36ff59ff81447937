"""`drawreview gates`: what may be built today, what is missing, and what was built too early."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from drawreview.cli import recording
from drawreview.cli.answer import rulebook_from, under_readings
from drawreview.cli.files import say
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
    from drawreview.site.answer import SiteAnswer

_FORM = Literal["text", "json", "csv"]


def gates_command(
    *,
    project: ProjectFile = "",
    events: EventFile = "",
    on: OnDay = None,
    form: Annotated[_FORM, typer.Option("--format", help="文字、JSON、电子表格")] = "text",
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
    """施工节点：基坑、垫层、底板、主体结构各能否施工，缺什么，向谁要；有无违反，后果如何。"""
    from drawreview.site.gates import gates  # noqa: PLC0415 - other commands have no site

    asked = recording.Asked(journal, key, actor, role)
    recording.check(asked, record=record, many=pot is not None)
    when, law = day(on), under_readings(rulebook_from(overlay), reading or ())
    sites, problems = sites_from(project, events, pot)
    answers = [
        gates(stated, log, on=when, rulebook=law, assume_in_force=assume_in_force)
        for stated, log in sites
    ]
    receipt = (
        recording.recorded_stages(asked, sites[0], answers[0], assume_in_force=assume_in_force)
        if record
        else None
    )
    say(_laid_out(answers, form, lang, many=pot is not None), output)
    if receipt:
        sys.stderr.write(f"{receipt}\n")
    if problems:
        raise InputError(tuple(problems))
    if any(answer.path in {"undetermined", "referred"} for answer in answers):
        sys.exit(4)


def _laid_out(answers: Sequence[SiteAnswer], form: _FORM, lang: str, *, many: bool) -> bytes:
    if form == "json":
        from drawreview.site.answer_to_json import answer_to_json, pot_to_json  # noqa: PLC0415

        told = pot_to_json(answers) if many else answer_to_json(answers[0])
        return f"{told}\n".encode()
    if form == "csv":
        from drawreview.cli.gates_board import board_csv  # noqa: PLC0415 - JSON needs no words

        return board_csv(answers, lang)
    from drawreview.cli.gates_board import board_text  # noqa: PLC0415
    from drawreview.cli.gates_text import site_text  # noqa: PLC0415

    return (board_text(answers, lang) if many else site_text(answers[0], lang)).encode()
