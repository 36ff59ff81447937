"""`drawreview letter`: the filled-in commitment letter, or a blank form."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from drawreview.cli import recording
from drawreview.cli.answer import project_from, rulebook_from
from drawreview.cli.hints import hint_beside
from drawreview.cli.messages import note
from drawreview.cli.options import (
    AssumeInForce,
    JournalKey,
    Lang,
    OnDay,
    OutputFolder,
    Overlay,
    ProjectFile,
    day,
)
from drawreview.cli.papers import record_and_write, write
from drawreview.engine.decide import decide
from drawreview.engine.decision import Annex, Decision
from drawreview.engine.wording import missing_in_words
from drawreview.errors import LetterError, Problem

if TYPE_CHECKING:
    from drawreview.letters.footer import Receipt


def letter_command(
    *,
    project: ProjectFile = "",
    output: OutputFolder = None,
    on: OnDay = None,
    form: Annotated[Literal["docx", "pdf", "both"], typer.Option("--format", help="格式")] = "both",
    blank: Annotated[
        Literal["annex_1", "annex_2"] | None, typer.Option("--blank", help="空白表")
    ] = None,
    lang: Lang = "zh",
    overlay: Overlay = None,
    assume_in_force: AssumeInForce = False,
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
    """出具承诺书（附件1或附件2），docx 和 PDF，恰好两页。"""
    from drawreview.letters import blank_letter, fill_letter  # noqa: PLC0415 - typesetting is heavy

    said = (supersedes, why, applied_on, tuple(answers or ()))
    asked = recording.Asked(journal, key, actor, role, *said)
    recording.check(asked, record=record)
    when = day(on)
    folder = output or Path()
    law = rulebook_from(overlay)
    formats = ("docx", "pdf") if form == "both" else (form,)
    clauses = law.city.clauses
    if blank and project:
        message = "空白表不填项目；去掉项目文件，或去掉 --blank。"
        raise typer.BadParameter(message, param_hint="PROJECT")
    if blank and record:
        message = "空白表没有决定可记；去掉 --record。"
        raise typer.BadParameter(message, param_hint="--record")
    if blank:
        letters = blank_letter(blank, clauses=clauses, formats=formats, on=when)
        write(folder, f"{blank}-blank", letters)
        return
    if not project:
        message = "写明项目文件，或用 --blank annex_1 取空白表。"
        raise typer.BadParameter(message, param_hint="PROJECT")
    decision = decide(project_from(project), on=when, rulebook=law, assume_in_force=assume_in_force)
    _refuse_if_open(decision, project, lang)
    name = f"{decision.letter}-{decision.decision_id[:12]}"
    if decision.permit.route == "closed":
        note("目前不能以告知承诺制办理施工许可，见 drawreview decide。")

    def set_(receipt: Receipt | None) -> Mapping[str, bytes]:
        return fill_letter(decision, clauses=clauses, formats=formats, receipt=receipt)

    if record:
        annex = cast("Annex", decision.letter)
        told = record_and_write(asked, decision, annex, folder, name, set_=set_)
    else:
        write(folder, name, set_(None))
        told = ""
    hint_beside(decision, lang=lang)
    sys.stdout.write(told)


def _refuse_if_open(decision: Decision, project: str, lang: str) -> None:
    """Say what is missing of an open path, and where it is asked for; raises `LetterError`."""
    if decision.review_path != "undetermined":
        return
    file = "PROJECT" if project == "-" else project
    said = f"{file} --on {decision.on.isoformat()}"
    remedy = f"逐题补齐：drawreview ask {said}；要一次列全：drawreview notice {said}。"
    raise LetterError(
        (
            Problem(project, "事实不全，审查方式尚不能认定。", remedy),
            *(Problem("还缺", line, "") for line in missing_in_words(decision, lang)),
        )
    )
