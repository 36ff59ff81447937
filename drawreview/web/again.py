"""Reckons deadlines of recorded events: when recording, at each replay, and on later days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from drawreview.records.body import project_in, with_numbers
from drawreview.rulebook.model import Rulebook
from drawreview.site.deadlines import deadlines
from drawreview.site.events import EventFile
from drawreview.site.log import Entry, Log
from drawreview.site.schedule import Schedule
from drawreview.site.schedule_to_json import document_of


def deadlines_again(said: Mapping[str, Any], law: Rulebook) -> Mapping[str, Any]:
    """Return the published document of deadlines that follows from what a record says."""
    schedule = schedule_again(said, law, on=date.fromisoformat(said["on"]))
    return document_of(schedule).model_dump(mode="json", by_alias=True)


def schedule_again(said: Mapping[str, Any], law: Rulebook, *, on: date) -> Schedule:
    """Return the deadlines on a day that follow from the project and the events of a record."""
    file = EventFile.model_validate({"events": with_numbers(said["events"])})
    # A record has no lines: an entry is named by its place in it.
    entries = (
        Entry(number, f"events[{number - 1}]", event)
        for number, event in enumerate(file.events, start=1)
    )
    return deadlines(
        project_in(said["project"]),
        Log(tuple(entries)),
        on=on,
        rulebook=law,
        assume_in_force=said["assumption"] is not None,
    )
