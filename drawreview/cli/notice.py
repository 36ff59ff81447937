"""`drawreview notice`: the one-time notice of everything that is still needed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from drawreview.cli.answer import project_from, rulebook_from
from drawreview.cli.files import write_whole
from drawreview.cli.options import AssumeInForce, OnDay, OutputFolder, Overlay, ProjectFile, day
from drawreview.engine.decide import decide


def notice_command(
    project: ProjectFile,
    *,
    folder: OutputFolder = None,
    on: OnDay = None,
    form: Annotated[
        Literal["docx", "pdf", "both", "json"], typer.Option("--format", help="格式")
    ] = "both",
    overlay: Overlay = None,
    assume_in_force: AssumeInForce = False,
) -> None:
    """出具一次性告知书：还要补什么、由谁提供、依哪一条；补齐之后不再要求补充。"""
    from drawreview.letters.notice import as_document, notice_of  # noqa: PLC0415

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
        sys.stdout.write(f"{''.join(notice.nothing)}\n")
        return
    from drawreview.letters.notice_page import write_notice  # noqa: PLC0415 - typesetting is heavy

    formats = ("docx", "pdf") if form == "both" else (form,)
    written = write_notice(notice, formats=formats)
    write_whole({place / f"{name}.{suffix}": content for suffix, content in written.items()})
