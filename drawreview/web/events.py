"""Events as a clerk enters them, one form for all kinds, and the event file that holds them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, get_args

from starlette.datastructures import FormData

from drawreview.errors import InputError, Problem
from drawreview.project.from_yaml import is_mapping, is_sequence, read
from drawreview.site.events import EVENT_ZH, EVENTS_SCHEMA, STAGE_ZH, TOUCHED_ZH, Happening
from drawreview.site.statement import read_log
from drawreview.web.catalogue import Translate
from drawreview.web.form.project_file import lines_of

_UNION, *_ = get_args(Happening)
# Event -> what is told of it beside its day; a changed project is told on pages of its own.
TOLD: Final[dict[str, frozenset[str]]] = {
    name: frozenset(model.model_fields) - {"event", "on", "project"}
    for model in get_args(_UNION)
    for name in get_args(model.model_fields["event"].annotation)
}
CHANGE: Final = "major_design_change"
EVENTS: Final = tuple((name, EVENT_ZH[name]) for name in TOLD)
STAGES: Final = tuple((stage.value, words) for stage, words in STAGE_ZH.items())
TOUCHED: Final = tuple(TOUCHED_ZH.items())
# What was found -> its words if not, and if so.
OUTCOMES: Final = {
    "violations": ("没有违反强制性标准的", "有违反强制性标准的"),
    "qualified": ("不合格", "合格"),
    "passed": ("没有通过", "通过"),
    "partial": ("全部施工图", "只是部分施工图"),
    "withdrawn": ("没有撤回", "撤回"),
}
_BETWEEN: Final = re.compile(r"[、，；,;\s]+")  # what stands between words of one's own
_LONGEST_NUMBER: Final = 7  # no log is longer
_YES: Final = {"true": True, "false": False}


def with_event(text: str, form: FormData, *, project: Mapping[str, Any] | None = None) -> str:
    """Return an event file with what a form says at its end.

    Args:
        text: The event file so far; empty if there is none.
        form: The event.
        project: The project as a design change has made it.

    Raises:
        InputError: With every problem; each place is the name of a field of the form.
    """
    data = read(text, "事件").data if text else None
    before: list[Any] = list(data["events"]) if is_mapping(data) else []
    event = _event(form)
    if project is not None:
        event["project"] = project
    correction = _text(form, "of")
    if correction:
        event = _correction(form, correction, event)
    new = _file_of([*before, event])
    try:
        read_log(new, "事件")
    except InputError as error:
        raise InputError(tuple(_at_its_field(problem) for problem in error.problems)) from None
    return new


def repeats(
    text: str, form: FormData, after: str, *, project: Mapping[str, Any] | None = None
) -> bool:
    """Whether an event file holds already what a form says, entered after so many entries."""
    entries = entries_in(text)
    at = int(after) if after.isdecimal() and len(after) < _LONGEST_NUMBER else len(entries)
    if at >= len(entries):
        return False
    try:
        again = with_event(_file_of(entries[:at]), form, project=project)
    except InputError:
        return False
    return entries_in(again)[at] == entries[at]


def _file_of(entries: Sequence[Mapping[str, Any]]) -> str:
    """Return an event file of entries; nothing if there are none."""
    written = {"schema": EVENTS_SCHEMA, "events": list(entries)}
    return "".join(f"{line}\n" for line in lines_of(written, 0)) if entries else ""


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def _event(form: FormData) -> dict[str, Any]:
    name = _text(form, "event")
    event: dict[str, Any] = {"event": name or None, "on": _text(form, "on") or None}
    for told in TOLD.get(name, ()):
        if told == "touches":
            chosen = [one for one, _ in TOUCHED if form.get(f"touches={one}")]
            own = (word for word in _BETWEEN.split(_text(form, "touches")) if word)
            event[told] = list(dict.fromkeys((*chosen, *own)))
            continue
        value = _text(form, told)
        if value:
            event[told] = _YES.get(value, value)
    return event


def _correction(form: FormData, of: str, event: dict[str, Any]) -> dict[str, Any]:
    corrected = {
        "event": "correction",
        "on": event["on"],
        "of": int(of) if of.isdecimal() and len(of) < _LONGEST_NUMBER else of,
        "why": _text(form, "why") or None,
    }
    if form.get("withdrawn"):
        return {**corrected, "withdrawn": True}
    happened = _text(form, "happened_on")
    return {**corrected, "replaced_by": {**event, "on": happened or event["on"]}}


def _at_its_field(problem: Problem) -> Problem:
    name = problem.place.rpartition(".")[2]
    if name == "touches":
        said = "「重大设计变更：涉及什么」没有选，也没有写。"
        return Problem(name, said, "选一项或几项，或写明涉及什么。")
    return Problem(name if name.isidentifier() else "event", problem.problem, problem.remedy)


def contents_of(entry: Mapping[str, Any], words: Mapping[str, str], say: Translate) -> str:
    """Return what is told of an entry beside its event and its day.

    Args:
        entry: An entry of an event file, as it was written.
        words: What events and stages are called.
        say: Says a Chinese string in the reader's language.
    """
    return say("；").join(
        _told(name, value, words, say)
        for name, value in entry.items()
        if name not in {"event", "on"}
    )


def _told(name: str, value: Any, words: Mapping[str, str], say: Translate) -> str:  # noqa: ANN401 - any YAML
    match name:
        case _ if name in OUTCOMES:
            return say(OUTCOMES[name][bool(value)])
        case "of":
            return say("更正第 {number} 号", number=value)
        case "touches":
            touched = dict(TOUCHED)
            return say("、").join(say(str(touched.get(one, one))) for one in value)
        case "replaced_by":
            event = words.get(str(value["event"]), str(value["event"]))
            rest = contents_of(value, words, say)
            return say("改为：") + " ".join((str(value["on"]), event, rest)).strip()
        case "project":
            return say("附改后的项目")
        case _:  # a stage by its name, or what somebody wrote
            return words.get(str(value), str(value))


def stated_in(text: str, on: date) -> dict[str, Any] | None:
    """Return the project as the last design change by a day states it, as it was written."""
    changes = read_log(text, "事件").known_on(on).named(CHANGE) if text else ()
    stated = [one for one in changes if getattr(one.event, "project", None)]
    if not stated:
        return None
    entry = entries_in(text)[(stated[-1].corrected_by or stated[-1].number) - 1]
    return dict(entry.get("replaced_by", entry)["project"])


def entries_in(text: str) -> list[dict[str, Any]]:
    """Return the entries of an event file, as they were written."""
    data = read(text, "事件").data if text else None
    entries = data.get("events") if is_mapping(data) else None
    return [dict(one) for one in entries if is_mapping(one)] if is_sequence(entries) else []
