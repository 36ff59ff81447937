"""`drawreview letter`: the filled-in commitment letter, or a blank form."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Literal, cast

import typer

from drawreview.cli import recording
from drawreview.cli.answer import project_from, rulebook_from
from drawreview.cli.files import check_writable, write_whole
from drawreview.cli.hints import hint_beside
from drawreview.cli.options import (
    AssumeInForce,
    JournalKey,
    OnDay,
    OutputFolder,
    Overlay,
    ProjectFile,
    day,
)
from drawreview.engine.decide import decide
from drawreview.engine.decision import Annex, Decision
from drawreview.engine.wording import missing_in_words
from drawreview.errors import LetterError, Problem


def letter_command(
    *,
    project: ProjectFile = "",
    output: OutputFolder = None,
    on: OnDay = None,
    form: Annotated[Literal["docx", "pdf", "both"], typer.Option("--format", help="格式")] = "both",
    blank: Annotated[
        Literal["annex_1", "annex_2"] | None, typer.Option("--blank", help="空白表")
    ] = None,
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
        _write(folder, f"{blank}-blank", letters)
        return
    if not project:
        message = "写明项目文件，或用 --blank annex_1 取空白表。"
        raise typer.BadParameter(message, param_hint="PROJECT")
    decision = decide(project_from(project), on=when, rulebook=law, assume_in_force=assume_in_force)
    _refuse_if_open(decision, project)
    name = f"{decision.letter}-{decision.decision_id[:12]}"
    if decision.permit.route == "closed":
        sys.stderr.write("提示：目前不能以告知承诺制办理施工许可，见 drawreview decide。\n")
    letters = fill_letter(decision, clauses=clauses, formats=formats)
    hint_beside(decision, lang="zh")
    if not record:
        _write(folder, name, letters)
        return
    # The letter above shows that one can be written, and into this folder; only then is the
    # decision recorded. What is handed over carries the receipt, and its digest is recorded before
    # the files take their place.
    from drawreview.records.record import record_letter  # noqa: PLC0415 - heavy

    check_writable(_places(folder, name, letters))
    with recording.opened(asked) as kept:
        receipt = recording.record(asked, kept, decision)
        printed = recording.printed(receipt)
        letters = fill_letter(decision, clauses=clauses, formats=formats, receipt=printed)

        def keep() -> None:
            record_letter(
                kept,
                letters,
                decision=receipt.id,
                annex=cast("Annex", decision.letter),
                receipt=printed.code,
                actor=recording.actor_of(asked),
            )

        # Another record is another letter, though it may be of the same decision.
        _write(folder, f"{name}-{receipt.seq}", letters, first=keep)
    sys.stdout.write(f"{printed.words}\n")


def _refuse_if_open(decision: Decision, project: str) -> None:
    """Say what is missing of an open path, and where it is asked for; raises `LetterError`."""
    if decision.review_path != "undetermined":
        return
    file = "PROJECT" if project == "-" else project
    said = f"{file} --on {decision.on.isoformat()}"
    remedy = f"逐题补齐：drawreview ask {said}；要一次列全：drawreview notice {said}。"
    raise LetterError(
        (
            Problem(project, "事实不全，审查方式尚不能认定。", remedy),
            *(Problem("还缺", line, "") for line in missing_in_words(decision, "zh")),
        )
    )


def _write(
    folder: Path,
    name: str,
    letters: Mapping[str, bytes],
    *,
    first: Callable[[], object] = lambda: None,
) -> None:
    write_whole(_places(folder, name, letters), first=first)


def _places(folder: Path, name: str, letters: Mapping[str, bytes]) -> dict[Path, bytes]:
    return {folder / f"{name}.{form}": content for form, content in letters.items()}
