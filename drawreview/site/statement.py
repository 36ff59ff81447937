"""Turn an event file into a log, or into every one of its problems at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pydantic import ValidationError

from drawreview.errors import InputError, Problem
from drawreview.project.from_yaml import (
    Written,
    is_mapping,
    is_sequence,
    not_keys_and_values,
    read,
)
from drawreview.project.model import Project
from drawreview.project.statement import inner_problems
from drawreview.project.wording import by_line, problems_in
from drawreview.site.events import (
    EVENT_ZH,
    STAGE_ZH,
    Correction,
    EventFile,
    MajorDesignChange,
)
from drawreview.site.log import Entry, Log

_EXAMPLE: Final = "examples/housing_events.yaml"
_CALLED: Final = {**EVENT_ZH, **{stage.value: name for stage, name in STAGE_ZH.items()}}
_NUMBER: Final = "写此前某一条的序号，从 1 数起。"
_REMEDIES: Final = {
    "bool_type": "是就写 true，不是就写 false，不加引号。",
    "int_type": _NUMBER,
    "greater_than_equal": _NUMBER,
    "tuple_type": "每一项以「- 」起头，或写成 [一项, 另一项]。",
    "model_attributes_type": "写成 {on: 2021-03-01, event: permit_issued}。",
}


def read_log(text: str, name: str) -> Log:
    """Return the log that a YAML or JSON text states.

    Raises:
        InputError: With every problem: where it stands, the value, and how to mend it.
    """
    return log_of(read(text, name))


def log_of(written: Written) -> Log:
    """Return the log of a text that has been read already; raises `InputError` likewise."""
    if not is_mapping(written.data):
        raise InputError((not_keys_and_values(written, _EXAMPLE),))
    if _states_a_project(written.data):
        remedy = f"项目文件写在前，事件文件写在后；事件文件从 {_EXAMPLE} 改起。"
        raise InputError((Problem(written.place(()), "这是项目文件，不是事件文件。", remedy),))
    problems = list(_misdirected(written))
    try:
        file = EventFile.model_validate(written.data)
    except ValidationError as error:
        problems += problems_in(written, error, schema="events", called=_CALLED, remedies=_REMEDIES)
        raise InputError(by_line(problems)) from None
    problems += _impossible_projects(file, written)
    if problems:
        raise InputError(by_line(problems))
    return Log(
        tuple(
            Entry(number, written.place(("events", number - 1)), event)
            for number, event in enumerate(file.events, start=1)
        )
    )


def _states_a_project(data: dict[str, object]) -> bool:
    """Whether a file says nothing of events, but what a project file says."""
    return "events" not in data and bool(data.keys() & (Project.model_fields.keys() - {"schema_"}))


def _impossible_projects(file: EventFile, written: Written) -> Iterator[Problem]:
    """Yield what cannot be so in the projects that design changes state."""
    for index, entry in enumerate(file.events):
        event, at = entry, f"events[{index}]."
        if isinstance(entry, Correction) and entry.replaced_by:
            event, at = entry.replaced_by, f"{at}replaced_by."
        if isinstance(event, MajorDesignChange) and event.project:
            yield from inner_problems(event.project, written, f"{at}project.")


def _misdirected(written: Written) -> Iterator[Problem]:
    """Yield the corrections that do not cite an earlier entry which says something itself."""
    entries: object = written.data.get("events")
    if not is_sequence(entries):
        return
    for index, entry in enumerate(entries):
        if not (is_mapping(entry) and entry.get("event") == "correction"):
            continue
        of: object = entry.get("of")
        if type(of) is not int or of < 1:
            continue  # the model says so
        place = f"{written.place(('events', index, 'of'))}: events[{index}].of"
        if of > index:
            problem = f"第 {index + 1} 条更正的是第 {of} 条，而它不在此前。"
            yield Problem(place, problem, _NUMBER)
        elif is_mapping(cited := entries[of - 1]) and cited.get("event") == "correction":
            problem = f"第 {of} 条本身是更正。"
            remedy = "更正不能再更正；对最初那一条另写一条更正，以后写的为准。"
            yield Problem(place, problem, remedy)
