"""The deadlines as a calendar file that any calendar program reads (RFC 5545)."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time

from icalendar import Calendar, Event

from drawreview.site.schedule import Due, Schedule
from drawreview.site.words import SCHEDULE_WORDS
from drawreview.timeline.clocks import Pause

_WORDS = SCHEDULE_WORDS["zh"]


def schedule_to_ics(*schedules: Schedule) -> bytes:
    """Return the deadlines of some projects as one calendar; equal schedules give equal bytes.

    What is done is left out. A deadline keeps its UID when its day moves, so that a program which
    reads the file again moves the entry instead of adding one.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//drawreview//deadlines//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for schedule in schedules:
        for due in (*schedule.in_order, *schedule.information):
            if due.due and not due.done_on:
                calendar.add_component(_event(schedule, due, due.due))
    return calendar.to_ical()


def _event(schedule: Schedule, due: Due, day: date) -> Event:
    name = schedule.decision.project.name or "（未命名项目）"
    reading = schedule.reading_of(due)
    shown = f"（{_WORDS[reading]}）" if reading else ""
    event = Event()
    event.add("uid", f"{_identity(schedule, due)}@drawreview")
    event.add("dtstamp", datetime.combine(schedule.on, time(), UTC))
    event.add("dtstart", day)
    event.add("summary", f"{name}：{_WORDS[due.what]}到期{shown}")
    event.add("description", _description(schedule, due))
    event.add("transp", "TRANSPARENT")
    return event


def _identity(schedule: Schedule, due: Due) -> str:
    """Return what stays the same of a deadline while its day moves."""
    project = schedule.decision.project
    parts = (project.project_code, project.name, project.address, due.what, due.reading)
    submitted = schedule.known.last("full_set_submitted")
    text = "\0".join(map(str, (*parts, submitted.on if submitted else None)))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _description(schedule: Schedule, due: Due) -> str:
    who = "、".join(_WORDS[one] for one in due.who)
    lines = [
        f"{who}〔{due.document} {due.clause}〕{due.words}",
        f"起算：{due.term.start} {_WORDS[due.start_event]}；{schedule.convention.says()}",
        *(f"停表：{_span(pause)} {pause.why}" for pause in due.stops),
        f"日历 {due.calendar.name} {due.calendar.version}；截至 {schedule.on} 所知",
    ]
    if due.stopped_since:
        lines.insert(0, "正在停表；所列为最早的到期日")
    return "\n".join(lines)


def _span(pause: Pause) -> str:
    return f"{pause.since} 至 {'今' if pause.still_open else pause.until}"
