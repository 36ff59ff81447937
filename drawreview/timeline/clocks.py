"""Clocks that run in working days and stand still while somebody else is at work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from drawreview.timeline.workdays import Calendar

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pause:
    """A time during which a clock stands still.

    Its ends count as those of every term: if the day on which a term begins does not count, the
    day on which the pause began still ran and the day on which it ended did not.
    """

    since: date
    until: date
    why: str
    still_open: bool = False  # it has lasted until that day, and goes on


@dataclass(frozen=True, slots=True)
class Term:
    """So many working days from a day: 「N个工作日内」."""

    start: date
    workdays: int
    start_day_counts: bool
    pauses: tuple[Pause, ...] = ()

    def due(self, calendar: Calendar) -> date:
        """Return the last day of the term.

        Raises:
            CalendarError: The term reaches beyond the published years.
        """
        before = self._before
        goal = before(calendar, self.start) + self.workdays
        for since, until in _merged(self.pauses):
            stands, runs = (
                before(calendar, max(since, self.start)),
                before(calendar, max(until, self.start)),
            )
            if stands >= goal:
                break  # it began when the term was over
            goal += runs - stands
        return calendar.nth(goal)

    def stood(self, calendar: Calendar, pause: Pause) -> int:
        """Return how many working days a pause takes out of the term; raises CalendarError."""
        since, until = max(pause.since, self.start), max(pause.until, self.start)
        return self._before(calendar, until) - self._before(calendar, since)

    def skipped(self, calendar: Calendar) -> dict[date, str]:
        """Return the days within the term that do not count, each with its reason."""
        found: dict[date, str] = {}
        day, last = self.start if self.start_day_counts else self.start + _DAY, self.due(calendar)
        while day < last:
            rest, pause = calendar.rest(day), self._pause_on(day)
            if rest or pause:
                found[day] = rest or pause or ""
            day += _DAY
        return found

    def _before(self, calendar: Calendar, day: date) -> int:
        """Return how many working days had passed when that day's term began to run."""
        return calendar.before(day) if self.start_day_counts else calendar.upto(day)

    def _pause_on(self, day: date) -> str | None:
        early = day + _DAY if self.start_day_counts else day
        return next((p.why for p in self.pauses if p.since < early <= p.until), None)


def _merged(pauses: Iterable[Pause]) -> Sequence[tuple[date, date]]:
    """Return the pauses in order, overlapping ones as one."""
    merged: list[tuple[date, date]] = []
    for pause in sorted(pauses, key=lambda pause: pause.since):
        if merged and pause.since <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], pause.until))
        else:
            merged.append((pause.since, pause.until))
    return merged


def workdays_left(calendar: Calendar, on: date, due: date) -> int:
    """Return the working days from the end of a day to the end of another; negative if past."""
    return calendar.upto(due) - calendar.upto(on)
