"""`drawreview letter`: the filled-in commitment letter, or a blank form."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import typer

from drawreview.cli.answer import project_from, rulebook_from
from drawreview.cli.files import write_whole
from drawreview.cli.options import AssumeInForce, OnDay, Overlay, ProjectFile, day
from drawreview.engine.decide import decide


def letter_command(
    *,
    project: ProjectFile = "",
    folder: Annotated[
        Path, typer.Option("-o", "--output", metavar="DIR", help="写到哪个目录")
    ] = Path(),
    on: OnDay = None,
    form: Annotated[Literal["docx", "pdf", "both"], typer.Option("--format", help="格式")] = "both",
    blank: Annotated[
        Literal["annex_1", "annex_2"] | None, typer.Option("--blank", help="空白表")
    ] = None,
    overlay: Overlay = None,
    assume_in_force: AssumeInForce = False,
) -> None:
    """出具承诺书（附件1或附件2），docx 和 PDF，恰好两页。"""
    from drawreview.letters import blank_letter, fill_letter  # noqa: PLC0415 - typesetting is heavy

    when = day(on)
    law = rulebook_from(overlay)
    formats = ("docx", "pdf") if form == "both" else (form,)
    clauses = law.city.clauses
    if blank and project:
        message = "空白表不填项目；去掉项目文件，或去掉 --blank。"
        raise typer.BadParameter(message, param_hint="PROJECT")
    if blank:
        letters = blank_letter(blank, clauses=clauses, formats=formats, on=when)
        _write(folder, f"{blank}-blank", letters)
        return
    if not project:
        message = "写明项目文件，或用 --blank annex_1 取空白表。"
        raise typer.BadParameter(message, param_hint="PROJECT")
    decision = decide(project_from(project), on=when, rulebook=law, assume_in_force=assume_in_force)
    name = f"{decision.letter}-{decision.decision_id[:12]}"
    if decision.permit.route == "closed":
        sys.stderr.write("提示：目前不能以告知承诺制办理施工许可，见 drawreview decide。\n")
    _write(folder, name, fill_letter(decision, clauses=clauses, formats=formats))


def _write(folder: Path, name: str, letters: Mapping[str, bytes]) -> None:
    write_whole({folder / f"{name}.{form}": content for form, content in letters.items()})
