"""`drawreview decide`: the review path of a project, with every reason."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from drawreview.cli import recording
from drawreview.cli.answer import answer, rulebook_from, under_readings
from drawreview.cli.options import (
    AssumeInForce,
    JournalKey,
    Lang,
    OnDay,
    Overlay,
    ProjectFile,
    Readings,
    Tolerance,
    day,
)


def decide_command(
    project: ProjectFile,
    *,
    on: OnDay = None,
    output: Annotated[Literal["text", "json"], typer.Option("--format", help="输出格式")] = "text",
    lang: Lang = "zh",
    overlay: Overlay = None,
    assume_in_force: AssumeInForce = False,
    reading: Readings = None,
    tolerance: Tolerance = None,
    all_readings: Annotated[
        bool, typer.Option("--all-readings", help="逐一列出每种读法的结论")
    ] = False,
    record: recording.RecordIt = False,
    journal: recording.JournalIfAny = None,
    key: JournalKey = None,
    actor: recording.ActorName = None,
    role: recording.Role = "clerk",
    supersedes: recording.Supersedes = None,
    why: recording.Why = None,
    applied_on: recording.AppliedOn = None,
    answers: recording.Answers = None,
) -> None:
    """判定审查方式：先结论，后理由，再列缺什么、存疑什么、要办什么。"""
    if all_readings:
        from drawreview.cli.questions import show_all_readings  # noqa: PLC0415

        if record or tolerance:
            message = "逐一列出读法时不作决定，不与 --record、--tolerance 同用。"
            raise typer.BadParameter(message, param_hint="--all-readings")
        law = under_readings(rulebook_from(overlay), reading or ())
        show_all_readings(
            project,
            on=day(on),
            law=law,
            form=output,
            lang=lang,
            assume_in_force=assume_in_force,
        )
        return
    if tolerance and output == "json":
        message = "决定的 JSON 有固定格式；改用 drawreview whatif --tolerance … --format json。"
        raise typer.BadParameter(message, param_hint="--tolerance")
    asked = recording.Asked(
        journal, key, actor, role, supersedes, why, applied_on, tuple(answers or ())
    )
    recording.check(asked, record=record)
    answer(
        project,
        on=day(on),
        form=output,
        lang=lang,
        overlay=overlay,
        assume_in_force=assume_in_force,
        readings=reading or (),
        record=(lambda decision: recording.recorded(asked, decision)) if record else None,
        tolerance=tolerance,
    )
