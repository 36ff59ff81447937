"""What is due when: each deadline with its start, its stops and what is left of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, Literal

from drawreview.engine.decision import Decision
from drawreview.errors import CalendarError
from drawreview.rulebook.convention import Convention
from drawreview.site.log import Finding, Known, Log
from drawreview.site.notes import Note
from drawreview.timeline.clocks import Pause, Term, workdays_left
from drawreview.timeline.workdays import Calendar

Reading = Literal["parallel", "serial"]
State = Literal["overdue", "running", "stopped", "passed", "done_late", "done", "refused"]
_ORDER: Final[dict[State, int]] = {
    "overdue": 0,
    "running": 1,
    "stopped": 1,
    "refused": 2,
    "passed": 2,
    "done_late": 3,
    "done": 4,
}


@dataclass(frozen=True)
class Due:
    """One deadline as it stands at the end of a day."""

    what: str
    reading: Reading | None  # None where the law leaves no choice of one
    document: str
    clause: str
    words: str
    term: Term
    start_event: str
    on: date
    calendar: Calendar
    done_on: date | None
    stopped_since: date | None

    @property
    def who(self) -> tuple[str, ...]:
        """Who must meet it: 施工图审查机构 is the subject of all these sentences."""
        return ("review_institution",)

    @cached_property
    def _reckoned(self) -> date | CalendarError:
        try:
            return self.term.due(self.calendar)
        except CalendarError as error:
            return error

    @property
    def due(self) -> date | None:
        """The last day; the earliest possible one while the clock stands still."""
        return self._reckoned if isinstance(self._reckoned, date) else None

    @property
    def refused(self) -> str | None:
        """Why no day is given."""
        return str(self._reckoned) if isinstance(self._reckoned, CalendarError) else None

    @property
    def refused_english(self) -> str | None:
        """Why no day is given, in English."""
        return self._reckoned.english if isinstance(self._reckoned, CalendarError) else None

    @property
    def due_without_stops(self) -> date | None:
        """The last day if no time were taken out."""
        whole = Term(self.term.start, self.term.workdays, self.term.start_day_counts)
        try:
            return whole.due(self.calendar)
        except CalendarError:
            return None

    @property
    def state(self) -> State:
        """How it stands."""
        due = self.due
        if due is None:
            return "refused"
        if self.done_on:
            return "done" if self.done_on <= due else "done_late"
        if self.on > due:
            # A limit that is only information may not be the one that applies.
            return "overdue" if self.reading else "passed"
        return "stopped" if self.stopped_since else "running"

    @property
    def days_left(self) -> int | None:
        """Working days left after this day; negative if overdue; None once done."""
        due = self.due
        return None if due is None or self.done_on else self._workdays(self.on, due)

    @property
    def days_late(self) -> int | None:
        """Working days by which it was met late."""
        due = self.due
        if due is None or self.done_on is None or self.done_on <= due:
            return None
        return self._workdays(due, self.done_on)

    def _workdays(self, day: date, until: date) -> int | None:
        try:
            return workdays_left(self.calendar, day, until)
        except CalendarError:
            return None

    @cached_property
    def skipped(self) -> dict[date, str]:
        """The days within the term that do not count, each with its reason."""
        return self.term.skipped(self.calendar) if self.due else {}

    @cached_property
    def numbered(self) -> dict[date, int]:
        """The days that count, from day 1 to the due day."""
        due = self.due
        if due is None:
            return {}
        first = self.term.start.toordinal() + (not self.term.start_day_counts)
        span = map(date.fromordinal, range(first, due.toordinal() + 1))
        counted = (day for day in span if day not in self.skipped)
        return {day: number for number, day in enumerate(counted, start=1)}

    @cached_property
    def makeup_days(self) -> tuple[date, ...]:
        """The weekend days within the term that people worked."""
        due = self.due
        if due is None:
            return ()
        span = range(self.term.start.toordinal(), due.toordinal() + 1)
        return tuple(day for day in map(date.fromordinal, span) if day in self.calendar.makeup_days)

    @property
    def stops(self) -> tuple[Pause, ...]:
        """The pauses that took time out of the term, or are doing so."""
        due = self.due
        return tuple(
            pause
            for pause in self.term.pauses
            if due and pause.since < due and pause.until >= self.term.start
        )

    @property
    def urgency(self) -> tuple[int, date, int]:
        """The place in a list that begins with what is overdue longest."""
        return (_ORDER[self.state], self.due or date.max, self.term.workdays)


@dataclass(frozen=True)
class Schedule:
    """The deadlines of a project on a day, under each reading, and what they rest on."""

    decision: Decision
    on: date
    log: Log
    known: Known
    calendar: Calendar
    convention: Convention
    deadlines: tuple[Due, ...]
    information: tuple[Due, ...]
    notes: tuple[Note, ...]
    findings: tuple[Finding, ...]

    @property
    def in_order(self) -> tuple[Due, ...]:
        """Return each deadline once, what is overdue first."""
        once = {(d.what, d.term, d.start_event): d for d in reversed(self.deadlines)}
        return tuple(sorted(once.values(), key=lambda d: d.urgency))

    def reading_of(self, due: Due) -> Reading | None:
        """Return the reading to which a deadline belongs alone; None if both readings have it."""
        same = [d for d in self.deadlines if (d.what, d.term) == (due.what, due.term)]
        return due.reading if len(same) == 1 else None

    @property
    def settled(self) -> bool:
        """Whether the path is decided and every deadline has a day."""
        return self.decision.review_path not in {"undetermined", "referred"} and not any(
            due.refused for due in (*self.deadlines, *self.information)
        )
