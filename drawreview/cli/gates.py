"""`drawreview gates`: what may be built today, what is missing, and what was built too early."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

import typer

from drawreview.cli.answer import rulebook_from, site_from, under_readings
from drawreview.cli.options import (
    AssumeInForce,
    EventFile,
    Lang,
    OnDay,
    Overlay,
    ProjectFile,
    Readings,
    day,
)


def gates_command(
    project: ProjectFile,
    events: EventFile,
    *,
    on: OnDay = None,
    output: Annotated[Literal["text", "json"], typer.Option("--format", help="输出格式")] = "text",
    lang: Lang = "zh",
    overlay: Overlay = None,
    assume_in_force: AssumeInForce = False,
    reading: Readings = None,
) -> None:
    """施工节点：基坑、垫层、底板、主体结构各能否施工，缺什么，向谁要；有无违反，后果如何。"""
    from drawreview.site.gates import gates  # noqa: PLC0415 - other commands have no site

    if project == events == "-":
        message = "标准输入只能给其中一个文件。"
        raise typer.BadParameter(message, param_hint="PROJECT EVENTS")
    law = under_readings(rulebook_from(overlay), reading or ())
    stated, log = site_from(project, events)
    answer = gates(stated, log, on=day(on), rulebook=law, assume_in_force=assume_in_force)
    if output == "json":
        from drawreview.site.answer_to_json import answer_to_json  # noqa: PLC0415

        sys.stdout.write(answer_to_json(answer) + "\n")
    else:
        from drawreview.cli.gates_text import site_text  # noqa: PLC0415 - JSON needs no terminal

        sys.stdout.write(site_text(answer, lang))
    if answer.path in {"undetermined", "referred"}:
        sys.exit(4)
