"""The working days of mainland China, as the State Council's notices set them year by year."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any, Final

from drawreview.errors import CalendarError

# Before 2007 two well-kept calendars disagree (2005-12-31), so earlier years are refused.
FIRST_YEAR: Final = 2007
_SATURDAY: Final = 5
_SCHEMA: Final = "drawreview/calendar@1"


@dataclass(frozen=True)
class Calendar:
    """Every day from the first to the last published one: worked, or a day of rest."""

    name: str
    version: str
    first: date
    last: date
    holidays: Mapping[date, str]  # days of rest that a notice names
    makeup_days: Mapping[date, str]  # weekend days that a notice makes working days

    def is_workday(self, day: date) -> bool:
        """Whether people work that day. Raises CalendarError."""
        return self.upto(day) > self.before(day)

    def upto(self, day: date) -> int:
        """Return how many working days there are from the first day to this one, itself included.

        Raises:
            CalendarError: The day lies outside the published years.
        """
        return self._count(day, day.toordinal() - self.first.toordinal() + 1)

    def before(self, day: date) -> int:
        """Return how many working days there are before a day, as `upto` counts."""
        return self._count(day, day.toordinal() - self.first.toordinal())

    def _count(self, day: date, days: int) -> int:
        if not 0 <= days < len(self._counts):
            raise self._outside(day)
        return self._counts[days]

    def nth(self, number: int) -> date:
        """Return the working day of a number, as `upto` counts; raises CalendarError."""
        if not 1 <= number <= len(self._workdays):
            raise self._outside(None)
        return date.fromordinal(self._workdays[number - 1])

    def rest(self, day: date) -> str | None:
        """Return why people rest that day, None if they work."""
        if self.is_workday(day):
            return None
        return self.holidays.get(day, "周末")

    @cached_property
    def settled_until(self) -> date:
        """The last day that the next year's notice, not out yet, has never changed in its time."""
        in_december = [day.day for day in {*self.holidays, *self.makeup_days} if day.month == 12]  # noqa: PLR2004
        return date(self.last.year, 12, min(in_december, default=32) - 1)

    @cached_property
    def document(self) -> bytes:
        """All that this calendar says, as the one canonical JSON document that records keep."""
        said = {
            "schema": _SCHEMA,
            "name": self.name,
            "version": self.version,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "holidays": {day.isoformat(): why for day, why in self.holidays.items()},
            "makeup_days": {day.isoformat(): why for day, why in self.makeup_days.items()},
        }
        return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the document, by which records name this calendar."""
        return hashlib.sha256(self.document).hexdigest()

    def differing_days(self, other: Calendar) -> tuple[date, ...]:
        """Return the days that only one of two calendars knows, or on which only one works."""
        span = _days(min(self.first, other.first), max(self.last, other.last))
        return tuple(day for day in span if self._worked(day) != other._worked(day))

    def _worked(self, day: date) -> bool | None:
        return self.is_workday(day) if self.first <= day <= self.last else None

    @cached_property
    def _workdays(self) -> tuple[int, ...]:
        return tuple(
            day.toordinal()
            for day in _days(self.first, self.last)
            if day in self.makeup_days or (day.weekday() < _SATURDAY and day not in self.holidays)
        )

    @cached_property
    def _counts(self) -> tuple[int, ...]:
        """How many working days lie before the first day, up to it, up to the second, and so on."""
        worked, counts = set(self._workdays), [0]
        for ordinal in range(self.first.toordinal(), self.last.toordinal() + 1):
            counts.append(counts[-1] + (ordinal in worked))
        return tuple(counts)

    def _outside(self, day: date | None) -> CalendarError:
        where = f"{day} " if day else f"到期日超出 {self.last.year} 年，"
        what = str(day) if day else f"the due day lies after {self.last.year}: it"
        years = f"{self.first.year}—{self.last.year}"
        return CalendarError(
            f"{where}不在已公布放假安排的 {years} 年之内，"
            f"工作日无从推算（日历 {self.name} {self.version}）。"
            "待国务院办公厅公布该年安排、日历更新后再算。",
            f"{what} is not within the years whose holidays are published, {years}, so no working "
            f"day can be told (calendar {self.name} {self.version}). "
            "Ask again once the State Council has published that year and the calendar has it.",
        )


def _days(first: date, last: date) -> Iterable[date]:
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def calendar_in(document: bytes) -> Calendar:
    """Return the calendar that a document says.

    Raises:
        ValueError: It is not a document as `Calendar.document` writes it.
    """
    said: dict[str, Any] = json.loads(document)
    try:
        calendar = Calendar(
            said["name"],
            said["version"],
            date.fromisoformat(said["first"]),
            date.fromisoformat(said["last"]),
            {date.fromisoformat(day): why for day, why in said["holidays"].items()},
            {date.fromisoformat(day): why for day, why in said["makeup_days"].items()},
        )
    except (KeyError, TypeError, AttributeError) as error:
        message = "not a calendar"
        raise ValueError(message) from error
    if calendar.document != document:
        message = "not the one way to write this calendar"
        raise ValueError(message)
    return calendar


@cache
def published_calendar() -> Calendar:
    """Return the calendar of the installed chinesecalendar package."""
    from importlib.metadata import version  # noqa: PLC0415 - only who counts days needs these

    from chinese_calendar import constants  # noqa: PLC0415

    named = {holiday.value: holiday.chinese for holiday in constants.Holiday}
    first = date(FIRST_YEAR, 1, 1)
    last = date(max(constants.holidays).year, 12, 31)
    return Calendar(
        "chinesecalendar",
        version("chinesecalendar"),
        first,
        last,
        {day: named[name] for day, name in constants.holidays.items() if day >= first},
        {day: named[name] for day, name in constants.workdays.items() if day >= first},
    )
