"""`drawreview decide`: the review path of a project, with every reason."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from drawreview.cli.answer import answer
from drawreview.cli.options import AssumeInForce, Lang, OnDay, Overlay, ProjectFile, Readings, day


def decide_command(
    project: ProjectFile,
    *,
    on: OnDay = None,
    output: Annotated[Literal["text", "json"], typer.Option("--format", help="输出格式")] = "text",
    lang: Lang = "zh",
    overlay: Overlay = None,
    assume_in_force: AssumeInForce = False,
    reading: Readings = None,
    all_readings: Annotated[
        bool, typer.Option("--all-readings", help="逐一列出每种读法的结论")
    ] = False,
) -> None:
    """判定审查方式：先结论，后理由，再列缺什么、存疑什么、要办什么。"""
    if all_readings:
        from drawreview.cli.questions import show_all_readings  # noqa: PLC0415

        show_all_readings(project, on=day(on), overlay=overlay, form=output)
        return
    answer(
        project,
        on=day(on),
        form=output,
        lang=lang,
        overlay=overlay,
        assume_in_force=assume_in_force,
        readings=reading or (),
    )
