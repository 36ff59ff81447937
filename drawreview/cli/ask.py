"""`drawreview ask`: the questions that settle most, in a terminal or one by one as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import typer

from drawreview.cli.answer import project_from, rulebook_from, text_of
from drawreview.cli.options import AssumeInForce, OnDay, Overlay, day
from drawreview.errors import InputError, Problem

_DEFAULT = Path("project.yaml")


def ask_command(
    project: Annotated[
        str, typer.Argument(metavar="[PROJECT]", help="已有的项目文件；不写就从头问起")
    ] = "",
    *,
    next_only: Annotated[
        bool, typer.Option("--next", help="只打印下一题和各题的次序（JSON），不提问")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="写到哪个文件，默认写回 PROJECT"),
    ] = None,
    on: OnDay = None,
    unknown: Annotated[
        list[str] | None,
        typer.Option("--unknown", metavar="FIELD", help="已答「不知道」的字段，排在最后、不再问"),
    ] = None,
    overlay: Overlay = None,
    assume_in_force: AssumeInForce = False,
) -> None:
    """逐题询问：只问还可能改变结论的，先问最能定案的；可答「不知道」，可以返回改答。"""
    from drawreview.advice.ask import as_document, next_question  # noqa: PLC0415

    when, law = day(on), rulebook_from(overlay)
    _check_unknown(unknown or ())
    if next_only:
        if not project:
            message = "--next 须写明项目文件；空的项目写成 {}。"
            raise typer.BadParameter(message, param_hint="PROJECT")
        asked = next_question(
            project_from(project),
            on=when,
            rulebook=law,
            assume_in_force=assume_in_force,
            unknown=tuple(unknown or ()),
        )
        sys.stdout.write(json.dumps(as_document(asked), ensure_ascii=False, indent=2) + "\n")
        return
    from drawreview.advice.interview import Interview  # noqa: PLC0415
    from drawreview.cli.interview import conduct  # noqa: PLC0415
    from drawreview.project.from_yaml import read  # noqa: PLC0415

    place = _place_to_write(project, output)
    before = text_of(project) if project else ""
    if project:
        project_from(project)  # every problem of the file, before the first question
    stated: Any = read(before, project).data if before else {}
    interview = Interview(law, when, stated, assume_in_force, unknown=tuple(unknown or ()))
    conduct(interview, place=place, before=before)


def _check_unknown(fields: Sequence[str]) -> None:
    """Refuse a field that no project file has: it would be taken for an answer, and asked again."""
    from drawreview.project.fields import CLOSED, FIELDS, pattern_of  # noqa: PLC0415 - needed only here

    for field in fields:
        pattern = pattern_of(field)
        if pattern not in {*FIELDS, *CLOSED} or (pattern != field) is not ("[]" in pattern):
            near = get_close_matches(pattern, FIELDS, n=3)
            told = f"相近的有：{'、'.join(near)}。" if near else "字段如 buildings[0].height_m。"
            raise typer.BadParameter(f"没有字段 {field}。{told}", param_hint="--unknown")


def _place_to_write(project: str, output: Path | None) -> Path:
    """Return where to write; a file that is not the one being continued is never written over."""
    if project == "-" and output is None:
        message = "项目来自标准输入的，用 -o 写明写到哪个文件。"
        raise typer.BadParameter(message, param_hint="-o")
    if str(output) == "-":
        message = "问答就在屏幕上，项目文件另写到一个文件。"
        raise typer.BadParameter(message, param_hint="-o")
    place = output or (Path(project) if project else _DEFAULT)
    if place.exists() and not (project and project != "-" and place.samefile(project)):
        again = f"用 -o 写到别的文件，或接着答：drawreview ask {place}。"
        raise InputError((Problem(str(place), "已经有这个文件。", again),))
    return place
