"""`drawreview notice`: the one-time notice of everything that is still needed."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from drawreview.cli import recording
from drawreview.cli.answer import project_from, rulebook_from
from drawreview.cli.files import write_whole
from drawreview.cli.language import in_either
from drawreview.cli.messages import note, said
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

if TYPE_CHECKING:
    from drawreview.letters.footer import Receipt


def notice_command(
    project: ProjectFile,
    *,
    folder: OutputFolder = None,
    on: OnDay = None,
    form: Annotated[
        Literal["docx", "pdf", "both", "json"], typer.Option("--format", help="格式")
    ] = "both",
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
    """出具一次性告知书：还要补什么、由谁提供、依哪一条；补齐之后不再要求补充。"""
    del lang  # the notice is Chinese; what is said about it finds the language by itself
    from drawreview.letters.notice import as_document, notice_of  # noqa: PLC0415

    beside = (supersedes, why, applied_on, tuple(answers or ()))
    asked = recording.Asked(journal, key, actor, role, *beside)
    recording.check(asked, record=record)
    if record and form == "json":
        message = "JSON 不是交出去的文书；去掉 --record，或改用 docx、pdf。"
        raise typer.BadParameter(message, param_hint="--record")
    decision = decide(
        project_from(project),
        on=day(on),
        rulebook=rulebook_from(overlay),
        assume_in_force=assume_in_force,
    )
    notice = notice_of(decision)
    name = f"notice-{decision.decision_id[:12]}"
    place = folder or Path()
    if form == "json":
        text = json.dumps(as_document(notice), ensure_ascii=False, indent=2) + "\n"
        if folder is None:
            sys.stdout.write(text)
        else:
            write_whole({place / f"{name}.json": text.encode()})
        return
    if notice.nothing:
        sys.stdout.write(in_either("", " ").join(map(said, notice.nothing)) + "\n")
        if record:
            note("没有告知书，什么也没有记下；记决定用 decide --record。")
        return
    from drawreview.letters.notice_page import write_notice  # noqa: PLC0415 - typesetting is heavy

    formats = ("docx", "pdf") if form == "both" else (form,)

    def set_(receipt: Receipt | None) -> Mapping[str, bytes]:
        return write_notice(notice, formats=formats, receipt=receipt)

    if record:
        told = record_and_write(asked, decision, "notice", place, name, set_=set_)
        sys.stdout.write(told)
    else:
        write(place, name, set_(None))
