"""`drawreview whatif`: the smallest changes that reach another path; two versions side by side."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from drawreview.cli.answer import project_from, rulebook_from, text_of, under_readings
from drawreview.cli.options import (
    AssumeInForce,
    Lang,
    OnDay,
    Overlay,
    ProjectFile,
    Readings,
    TextOrJson,
    Tolerance,
    day,
)
from drawreview.engine.decide import decide
from drawreview.engine.decision import Decision
from drawreview.errors import InputError, Problem
from drawreview.project.model import Project

_Told = tuple[dict[str, object], Iterator[str], Decision]


def whatif_command(
    project: ProjectFile,
    *,
    on: OnDay = None,
    form: TextOrJson = "text",
    assignments: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="改后并列判定，如 floor_area_m2=1999"),
    ] = None,
    tolerance: Tolerance = None,
    others: Annotated[
        list[str] | None,
        typer.Option("--others", metavar="FILE", help="可能同属一个项目的其他项目文件，可重复"),
    ] = None,
    lang: Lang = "zh",
    overlay: Overlay = None,
    assume_in_force: AssumeInForce = False,
    reading: Readings = None,
) -> None:
    """改多少就走另一种审查方式：只列图纸上的最小改动，每一项都重新判定过。"""
    from drawreview.advice.tolerance import read_tolerance, survival  # noqa: PLC0415 - only here
    from drawreview.cli.changes import lines_of_survival  # noqa: PLC0415
    from drawreview.cli.sheet import show_lines  # noqa: PLC0415

    if assignments and others:
        message = "--set 并列判定一个项目，不与 --others 同用。"
        raise typer.BadParameter(message, param_hint="--others")
    allowed = read_tolerance(tolerance) if tolerance else None
    law = under_readings(rulebook_from(overlay), reading or ())

    def decided(stated: Project) -> Decision:
        return decide(stated, on=day(on), rulebook=law, assume_in_force=assume_in_force)

    said = lang if form == "text" else "zh"  # the document reads alike for every program
    told, lines, decision = (
        _side_by_side(project, assignments, decided, said)
        if assignments
        else _changes(project, others or (), decided, said)
    )
    stands = survival(decision, allowed) if allowed else None
    if stands:
        told["tolerance"] = asdict(stands)
    if form == "json":
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    else:
        written = [*lines, *(lines_of_survival(stands, lang) if stands else ())]
        show_lines(written)
    if stands and stands.survives is False:
        sys.exit(1)
    if decision.review_path in {"undetermined", "referred"}:
        sys.exit(4)


def _changes(
    file: str, others: Sequence[str], decided: Callable[[Project], Decision], lang: str
) -> _Told:
    """Return the changes that lead to another path, as data and as lines."""
    from drawreview.advice.evasion import evasion_warnings  # noqa: PLC0415 - only here
    from drawreview.advice.whatif import what_if  # noqa: PLC0415
    from drawreview.cli.changes import lines_of_changes  # noqa: PLC0415

    decision = decided(project_from(file))
    beside = _read_all(others)
    found = what_if(decision)
    warnings = evasion_warnings(decision, found, beside, lang=lang)
    told: dict[str, object] = {
        "path": decision.review_path,
        "on": decision.on.isoformat(),
        "changes": [change.told() for change in found.changes],
        "missing": [item.field for item in decision.missing] or list(found.opened),
        "warnings": [asdict(warning) for warning in warnings],
    }
    lines = lines_of_changes(decision, found, warnings, alone=not others, lang=lang)
    return told, lines, decision


def _read_all(files: Sequence[str]) -> list[tuple[str, Project]]:
    """Return the projects of several files; raises `InputError` with the problems of all."""
    found, problems = list[tuple[str, Project]](), list[Problem]()
    for file in files:
        try:
            found.append((file, project_from(file)))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(tuple(problems))
    return found


def _side_by_side(
    file: str, assignments: Sequence[str], decided: Callable[[Project], Decision], lang: str
) -> _Told:
    """Return both decisions and what turned, as data and as lines."""
    from drawreview.advice.side_by_side import flipped, told_side  # noqa: PLC0415 - only here
    from drawreview.cli.changes import lines_side_by_side  # noqa: PLC0415
    from drawreview.project.assignments import assigned, is_drawn  # noqa: PLC0415
    from drawreview.project.from_yaml import read  # noqa: PLC0415
    from drawreview.project.statement import project_of  # noqa: PLC0415

    written = read(text_of(file), "标准输入" if file == "-" else file)
    before = decided(project_of(written))
    changed, fields = assigned(written, assignments)
    after = decided(project_of(changed))
    turned = flipped(before, after, lang=lang)
    stated = [field for field in fields if not is_drawn(field)]
    told: dict[str, object] = {
        "path": before.review_path,
        "on": before.on.isoformat(),
        "set": list(assignments),
        "before": told_side(before),
        "after": told_side(after),
        "flipped": [asdict(one) for one in turned],
        "not_drawn": stated,
    }
    return told, lines_side_by_side(before, after, turned, stated, lang=lang), after
