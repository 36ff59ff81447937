"""The log of a project: entries as they were written, and what counts of them on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from drawreview.site.events import (
    EVENT_EN,
    EVENT_ZH,
    STAGE_EN,
    STAGE_ZH,
    Correction,
    Event,
    Happening,
    StageStarted,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it was written; nothing edits it."""

    number: int  # from 1, as corrections cite it
    place: str
    event: Event


@dataclass(frozen=True, slots=True)
class Counted:
    """What an entry says once corrections have spoken."""

    number: int
    place: str
    event: Happening
    corrected_by: int | None = None

    @property
    def on(self) -> date:
        """The day it happened."""
        return self.event.on


@dataclass(frozen=True, slots=True)
class Uncounted:
    """An entry that does not count: it is of a later day, or a correction has withdrawn it."""

    number: int
    place: str
    event: Event
    later_than: date | None = None
    withdrawn_by: int | None = None

    @property
    def why(self) -> str:
        """Why it does not count."""
        if self.withdrawn_by:
            return f"已由第 {self.withdrawn_by} 条更正撤回"
        return f"晚于 {self.later_than}，尚未发生，不计"

    @property
    def english(self) -> str:
        """Why it does not count, in English."""
        if self.withdrawn_by:
            return f"withdrawn by entry {self.withdrawn_by}"
        return f"after {self.later_than}, so not yet"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a log that cannot be right, or is told in the wrong order; it counts anyhow."""

    number: int
    place: str
    clause: str | None
    text: str
    english: str


@dataclass(frozen=True)
class Known:
    """What counts of a log on a day: events by day, then by place in the file."""

    day: date
    counted: tuple[Counted, ...]
    uncounted: tuple[Uncounted, ...]

    def named(self, *names: str) -> tuple[Counted, ...]:
        """Return the events of these names, in order."""
        return tuple(entry for entry in self.counted if entry.event.event in names)

    def first(self, name: str) -> Counted | None:
        """Return the first event of a name."""
        return next(iter(self.named(name)), None)

    def last(self, name: str) -> Counted | None:
        """Return the last event of a name."""
        return next(iter(reversed(self.named(name))), None)


@dataclass(frozen=True)
class Log:
    """A project's life as it was written down: the log is the only state there is."""

    entries: tuple[Entry, ...]

    def known_on(self, day: date, *, as_of: date | None = None) -> Known:
        """Return what counts on a day, after the corrections that were made by then.

        `as_of` heeds the corrections up to another day: what is known today of that day.
        """
        heard = as_of or day
        latest: dict[int, Entry] = {}
        counted: list[Counted] = []
        uncounted: list[Uncounted] = []
        for entry in self.entries:
            event = entry.event
            if isinstance(event, Correction):
                if event.on > heard:
                    uncounted.append(_not_yet(entry, heard))
                elif event.of not in latest or latest[event.of].event.on <= event.on:
                    latest[event.of] = entry
        for entry in self.entries:
            if isinstance(entry.event, Correction):
                continue
            by = latest.get(entry.number)
            event = _as_corrected(entry.event, by)
            if event is None:
                number = by.number if by else None
                uncounted.append(
                    Uncounted(entry.number, entry.place, entry.event, withdrawn_by=number)
                )
            elif event.on > day:
                uncounted.append(_not_yet(entry, day))
            else:
                number = by.number if by else None
                counted.append(Counted(entry.number, entry.place, event, number))
        return Known(
            day,
            tuple(sorted(counted, key=lambda entry: (entry.on, entry.number))),
            tuple(sorted(uncounted, key=lambda entry: entry.number)),
        )

    @cached_property
    def out_of_order(self) -> tuple[Finding, ...]:
        """The entries that stand after an entry of a later day; they count by their own day."""
        corrected = {
            entry.event.of for entry in self.entries if isinstance(entry.event, Correction)
        }
        found: list[Finding] = []
        latest: Entry | None = None
        for entry in self.entries:
            if entry.number in corrected:
                continue  # its day may be what was wrong
            if latest and entry.event.on < latest.event.on:
                text = (
                    f"{entry.event.on}「{named(entry.event)}」写在第 {latest.number} 条"
                    f"（{latest.event.on}）之后；按所写日期计。补记无妨，写错请用 correction 更正"
                )
                english = (
                    f"{entry.event.on} “{named(entry.event, 'en')}” stands after entry "
                    f"{latest.number} ({latest.event.on}) and counts by its own day; "
                    "if that day is wrong, put it right by a correction"
                )
                found.append(Finding(entry.number, entry.place, None, text, english))
            else:
                latest = entry
        return tuple(found)


def _as_corrected(event: Happening, by: Entry | None) -> Happening | None:
    if by is None:
        return event
    return by.event.replaced_by if isinstance(by.event, Correction) else None


def _not_yet(entry: Entry, day: date) -> Uncounted:
    return Uncounted(entry.number, entry.place, entry.event, later_than=day)


def named(event: Event, lang: str = "zh") -> str:
    """Return the name of an event, with what tells it from others of its name."""
    if isinstance(event, StageStarted):
        zh, en = f"{STAGE_ZH[event.stage]}开工", f"{STAGE_EN[event.stage]} started"
    else:
        zh, en = EVENT_ZH[event.event], EVENT_EN[event.event]
    return en if lang == "en" else zh
