"""The deadlines as a calendar file that any calendar program reads (RFC 5545)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Final

from icalendar import Calendar, Event

from drawreview.site.schedule import Due, Schedule
from drawreview.site.words import SCHEDULE_WORDS
from drawreview.timeline.clocks import Pause

_WORDS: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "unnamed": "（未命名项目）",
        "summary": "{}：{}到期{}",
        "reading": "（{}）",
        "list": "、",
        "law": "{}〔{} {}〕{}",
        "start": "起算：{} {}；{}",
        "stop": "停表：{} 至 {} {}",
        "stop_open": "停表：自 {} 起{}，截至 {} 尚未完毕",
        "foot": "日历 {} {}；截至 {} 所知",
        "stopped": "正在停表；所列为最早的到期日",
    },
    "en": {
        "unnamed": "(unnamed project)",
        "summary": "{}: {}, due{}",
        "reading": " ({})",
        "list": ", ",
        "law": "{} [{} {}], the law's own words: 「{}」",
        "start": "from {} {}; {}",
        "stop": "stopped: {} to {}, {}",
        "stop_open": "stopped: since {}, {}; not over on {}",
        "foot": "calendar {} {}; as known on {}",
        "stopped": "the clock stands; this is the earliest day",
    },
}


def schedule_to_ics(*schedules: Schedule, lang: str = "zh") -> bytes:
    """Return the deadlines of some projects as one calendar; equal schedules give equal bytes.

    What is done is left out. A deadline keeps its UID when its day moves, so that a program which
    reads the file again moves the entry instead of adding one.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//drawreview//deadlines//{lang.upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    words = {**SCHEDULE_WORDS[lang], **_WORDS[lang]}
    for schedule in schedules:
        for due in (*schedule.in_order, *schedule.information):
            if due.due and not due.done_on:
                calendar.add_component(_event(schedule, due, due.due, words, lang))
    return calendar.to_ical()


def _event(schedule: Schedule, due: Due, day: date, words: Mapping[str, str], lang: str) -> Event:
    name = schedule.decision.project.name or words["unnamed"]
    reading = schedule.reading_of(due)
    shown = words["reading"].format(words[reading]) if reading else ""
    event = Event()
    event.add("uid", f"{_identity(schedule, due)}@drawreview")
    event.add("dtstamp", datetime.combine(schedule.on, time(), UTC))
    event.add("dtstart", day)
    event.add("summary", words["summary"].format(name, words[due.what], shown))
    event.add("description", _description(schedule, due, words, lang))
    event.add("transp", "TRANSPARENT")
    return event


def _identity(schedule: Schedule, due: Due) -> str:
    """Return what stays the same of a deadline while its day moves."""
    project = schedule.decision.project
    parts = (project.project_code, project.name, project.address, due.what, due.reading)
    submitted = schedule.known.last("full_set_submitted")
    text = "\0".join(map(str, (*parts, submitted.on if submitted else None)))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _description(schedule: Schedule, due: Due, words: Mapping[str, str], lang: str) -> str:
    who = words["list"].join(words[one] for one in due.who)
    says = schedule.convention.says(lang)
    lines = [
        words["law"].format(who, due.document, due.clause, due.words),
        words["start"].format(due.term.start, words[due.start_event], says),
        *(_stop(pause, words) for pause in due.stops),
        words["foot"].format(due.calendar.name, due.calendar.version, schedule.on),
    ]
    if due.stopped_since:
        lines.insert(0, words["stopped"])
    return "\n".join(lines)


def _stop(pause: Pause, words: Mapping[str, str]) -> str:
    if pause.still_open:
        return words["stop_open"].format(pause.since, words[pause.why], pause.until)
    return words["stop"].format(pause.since, pause.until, words[pause.why])
