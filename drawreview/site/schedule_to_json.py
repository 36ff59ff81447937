"""The deadlines as a published JSON document."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from drawreview.site.schedule import Due, Schedule
from drawreview.timeline.clocks import Pause

SCHEMA: Final = "drawreview/deadlines@1"


def schedule_to_json(schedule: Schedule) -> str:
    """Return the document as indented JSON."""
    return json.dumps(document_of(schedule), ensure_ascii=False, indent=2)


def document_of(schedule: Schedule) -> dict[str, Any]:
    """Return the document as plain values."""
    decision, calendar = schedule.decision, schedule.calendar
    return {
        "schema": SCHEMA,
        "on": str(schedule.on),
        "project": {"name": decision.project.name, "code": decision.project.project_code},
        "review_path": decision.review_path,
        "decided_for": str(decision.on),
        "assumption": decision.assumption,
        "deadlines": [_due(due) for due in schedule.deadlines],
        "information": [_due(due) for due in schedule.information],
        "overdue": sorted({due.what for due in schedule.deadlines if due.state == "overdue"}),
        "notes": [asdict(note) for note in schedule.notes],
        "findings": [asdict(finding) for finding in schedule.findings],
        "not_counted": [
            {"number": e.number, "place": e.place, "on": str(e.event.on), "why": e.why}
            | {"event": e.event.event}
            for e in schedule.known.uncounted
        ],
        "convention": {
            "start_day_counts": schedule.convention.start_day_counts,
            "says": schedule.convention.says(),
        },
        "calendar": {
            "name": calendar.name,
            "version": calendar.version,
            "digest": calendar.digest,
            "first": str(calendar.first),
            "last": str(calendar.last),
        },
        "rulebook": {"id": decision.rulebook.id, "digest": decision.rulebook.digest},
    }


def _due(due: Due) -> dict[str, Any]:
    return {
        "what": due.what,
        "reading": due.reading,
        "who": due.who,
        "workdays": due.term.workdays,
        "from": str(due.term.start),
        "from_event": due.start_event,
        "due": _day(due.due),
        "due_without_stops": _day(due.due_without_stops),
        "state": due.state,
        "days_left": due.days_left,
        "done_on": _day(due.done_on),
        "days_late": due.days_late,
        "skipped_days": [str(day) for day in due.skipped],
        "skipped_because": {str(day): why for day, why in due.skipped.items()},
        "makeup_days": [str(day) for day in due.makeup_days],
        "stops": [_stop(due, pause) for pause in due.stops],
        "refused": due.refused,
        "document": due.document,
        "clause": due.clause,
        "words": due.words,
    }


def _stop(due: Due, pause: Pause) -> dict[str, Any]:
    counts = due.term.start_day_counts
    return {
        "from": str(pause.since),
        "to": None if pause.still_open else str(pause.until),
        "why": pause.why,
        "workdays": pause.workdays(due.calendar, start_day_counts=counts),
    }


def _day(day: date | None) -> str | None:
    return str(day) if day else None
