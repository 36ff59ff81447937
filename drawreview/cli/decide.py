"""`drawreview decide`: the review path of a project, with every reason."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

import typer

from drawreview.cli.files import (
    AssumeInForce,
    Lang,
    OnDay,
    Overlay,
    ProjectFile,
    day_from,
    project_from,
    rulebook_from,
)
from drawreview.engine.decide import decide


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
    decision = decide(
        project_from(project),
        on=day_from(on),
        rulebook=rulebook_from(overlay),
        assume_in_force=assume_in_force,
    )
    if output == "json":
        sys.stdout.write(decision.to_json() + "\n")
    else:
        from drawreview.cli.text import show  # noqa: PLC0415 - JSON needs no terminal

        show(decision, lang=lang)
    if decision.review_path in {"undetermined", "referred"}:
        raise typer.Exit(4)
