"""Read the files and the clock, decide, and print; decisions themselves touch none of these."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from drawreview.engine.decide import decide
from drawreview.errors import InputError, Problem, system_words
from drawreview.project.contacts import doubtful
from drawreview.project.encoding import text_in
from drawreview.project.from_yaml import MOST_BYTES
from drawreview.project.statement import decidable, read_project
from drawreview.rulebook.load import load_rulebook
from drawreview.rulebook.model import Rulebook
from drawreview.rulebook.readings import with_readings

if TYPE_CHECKING:
    from drawreview.advice.tolerance import Margin
    from drawreview.engine.decision import Decision
    from drawreview.fact import Kind
    from drawreview.project.model import Project
    from drawreview.site.log import Log


def answer(
    file: str,
    *,
    on: date,
    form: str,
    lang: str,
    overlay: Path | None = None,
    assume_in_force: bool = False,
    readings: Sequence[str] = (),
    record: Callable[[Decision], str] | None = None,
    tolerance: str | None = None,
) -> None:
    """Print the decision on the project of a file.

    If it is to be recorded, that comes first: nobody is told a decision that was not recorded.
    Exits with 4 if the path is open or referred, with 1 if it does not survive the tolerance.
    """
    allowed = _tolerance(tolerance) if tolerance else None
    law = under_readings(rulebook_from(overlay), readings)
    project = project_from(file, read=decidable)
    decision = decide(project, on=on, rulebook=law, assume_in_force=assume_in_force)
    receipt = record(decision) if record else None
    if form == "json":
        from drawreview.cli.hints import hint_beside  # noqa: PLC0415 - text tells them itself

        sys.stdout.write(decision.to_json() + "\n")
        hint_beside(decision, lang=lang)
    else:
        from drawreview.cli.text import show  # noqa: PLC0415 - JSON needs no terminal

        show(decision, lang=lang)
    if receipt:
        # The document on standard output is a published one, and says nothing of journals.
        (sys.stderr if form == "json" else sys.stdout).write(f"{receipt}\n")
    if allowed:
        from drawreview.advice.tolerance import survival  # noqa: PLC0415 - rarely asked for
        from drawreview.cli.changes import lines_of_survival  # noqa: PLC0415
        from drawreview.cli.sheet import show_lines  # noqa: PLC0415

        stands = survival(decision, allowed)
        show_lines(lines_of_survival(stands, lang))
        if stands.survives is False:
            sys.exit(1)
    if decision.review_path in {"undetermined", "referred"}:
        sys.exit(4)


def _tolerance(text: str) -> Mapping[Kind, Margin]:
    from drawreview.advice.tolerance import read_tolerance  # noqa: PLC0415 - rarely asked for

    return read_tolerance(text)


def project_from(file: str, *, read: Callable[[str, str], Project] = read_project) -> Project:
    """Return the project that a file, or standard input, states; says what looks wrong in it."""
    name = "标准输入" if file == "-" else file
    project = read(text_of(file), name)
    for doubt in doubtful(project):
        from drawreview.cli.messages import note, told  # noqa: PLC0415 - few projects have any

        note(told(replace(doubt, place=f"{name}: {doubt.place}")))
    return project


def log_from(file: str) -> Log:
    """Return the log that an event file, or standard input, states."""
    from drawreview.site.statement import read_log  # noqa: PLC0415 - other commands read no events

    return read_log(text_of(file), "标准输入" if file == "-" else file)


def site_from(project: str, events: str) -> tuple[Project, Log]:
    """Return what a project file and its event file state.

    Raises:
        InputError: With what is wrong with either of them.
    """
    problems: list[Problem] = []
    try:
        stated = project_from(project)
    except InputError as error:
        problems += error.problems
        stated = None
    try:
        log = log_from(events)
    except InputError as error:
        raise InputError((*problems, *error.problems)) from None
    if stated is None:
        raise InputError(tuple(problems))
    return stated, log


def text_of(file: str) -> str:
    """Return the text of a file, or of standard input for `-`."""
    try:
        raw = sys.stdin.buffer.read(MOST_BYTES + 1) if file == "-" else _bytes_of(Path(file))
    except FileNotFoundError:
        raise _problem(file, "没有这个文件。", "核对路径。") from None
    except IsADirectoryError:
        raise _problem(file, "这是目录，不是文件。", "写出目录里那个文件的名字。") from None
    except OSError as error:
        raise _problem(file, f"读不了：{system_words(error)}。", "核对路径和权限。") from None
    return text_in(raw, "标准输入" if file == "-" else file)


def _bytes_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def day_from(text: str | None) -> date:
    """Return the day of the decision; today if none is given. Raises ValueError."""
    if text is None:
        return date.today()  # noqa: DTZ011 - the window's own day
    said = unicodedata.normalize("NFKC", text).strip()
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", said):
        raise ValueError(text)
    return date.fromisoformat(said)


def rulebook_from(overlay: Path | None) -> Rulebook:
    """Return the shipped rulebook, with the city's overlay if one is named."""
    return load_rulebook(overlay=overlay) if overlay else load_rulebook()


def under_readings(rulebook: Rulebook, readings: Sequence[str]) -> Rulebook:
    """Return the rulebook under readings written as `A10=single_storey_building`."""
    chosen = readings_from(readings)
    return with_readings(rulebook, chosen) if chosen else rulebook


def readings_from(written: Sequence[str]) -> dict[str, str]:
    """Return the readings that are written as `A10=single_storey_building`."""
    chosen: dict[str, str] = {}
    for text in written:
        said = unicodedata.normalize("NFKC", text)
        question, sign, reading = (part.strip() for part in said.partition("="))
        if not sign:
            raise _problem(text, "不是「编号=读法」。", "例如 A10=single_storey_building。")
        chosen[question] = reading
    return chosen


def _problem(place: str, problem: str, remedy: str) -> InputError:
    return InputError((Problem(place, problem, remedy),))
