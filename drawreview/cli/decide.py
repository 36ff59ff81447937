"""`drawreview decide`: the review path of a project, with every reason."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from drawreview.cli.answer import answer
from drawreview.cli.options import AssumeInForce, Lang, OnDay, Overlay, ProjectFile, day


def decide_command(
    project: ProjectFile,
    *,
    on: OnDay = None,
    output: Annotated[Literal["text", "json"], typer.Option("--format", help="输出格式")] = "text",
    lang: Lang = "zh",
    overlay: Overlay = None,
    assume_in_force: AssumeInForce = False,
) -> None:
    """判定审查方式：先结论，后理由，再列缺什么、存疑什么、要办什么。"""
    answer(
        project,
        on=day(on),
        form=output,
        lang=lang,
        overlay=overlay,
        assume_in_force=assume_in_force,
    )
