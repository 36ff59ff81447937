"""Working days and terms: the State Council's calendar, the table of worked terms, properties."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest
from holidays import HolidayBase, country_holidays
from hypothesis import assume, given
from hypothesis import strategies as st

from drawreview.errors import CalendarError
from drawreview.records.canonical import canonical, parsed
from drawreview.timeline.clocks import Pause, Term, workdays_left
from drawreview.timeline.workdays import Calendar, calendar_in, published_calendar

CALENDAR = published_calendar()
DAY = timedelta(days=1)


def due(start: date, workdays: int, *pauses: tuple[date, date], counts: bool = False) -> date:
    stops = tuple(Pause(since, until, "修改施工图") for since, until in pauses)
    return Term(start, workdays, counts, stops).due(CALENDAR)


def days(first: date, last: date) -> list[date]:
    return [first + n * DAY for n in range((last - first).days + 1)]


def test_two_calendars_agree_on_every_day_from_2007_to_2026() -> None:
    other = other_calendar()
    differ = [
        day
        for day in days(date(2007, 1, 1), date(2026, 12, 31))
        if CALENDAR.is_workday(day) != other.is_working_day(day)
    ]
    assert differ == []
    assert (CALENDAR.first, CALENDAR.last) == (date(2007, 1, 1), date(2026, 12, 31))


def test_before_2007_they_disagree_on_one_day() -> None:
    import chinese_calendar

    other = country_holidays("CN", years=range(2004, 2007))
    differ = [
        day
        for day in days(date(2004, 1, 1), date(2006, 12, 31))
        if chinese_calendar.is_workday(day) != other.is_working_day(day)
    ]
    assert differ == [date(2005, 12, 31)]


# received, +3, +3 if the start counts, +7 parallel, +7 after the 3, +3 Monday to Friday
TABLE = [
    ("2021-02-05", "02-09", "02-08", "02-20", "02-24", "02-10"),
    ("2021-02-07", "02-10", "02-09", "02-22", "02-25", "02-10"),
    ("2021-02-08", "02-18", "02-10", "02-23", "02-26", "02-11"),
    ("2021-04-30", "05-08", "05-07", "05-13", "05-18", "05-05"),
    ("2021-09-28", "10-08", "09-30", "10-13", "10-18", "10-01"),
    ("2026-02-13", "02-25", "02-24", "03-02", "03-05", "02-18"),
    ("2026-09-24", "09-30", "09-29", "10-12", "10-15", "09-29"),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0])
def test_worked_terms(row: tuple[str, ...]) -> None:
    received, three, counted, parallel, serial, naive = row
    start = date.fromisoformat(received)
    assert f"{due(start, 3):%m-%d}" == three
    assert f"{due(start, 3, counts=True):%m-%d}" == counted
    assert f"{due(start, 7):%m-%d}" == parallel
    assert f"{due(due(start, 3), 7):%m-%d}" == serial
    plain = Calendar("Mon-Fri", "0", CALENDAR.first, CALENDAR.last, {}, {})
    assert f"{Term(start, 3, start_day_counts=False).due(plain):%m-%d}" == naive


def test_a_makeup_day_counts_and_a_holiday_does_not() -> None:
    term = Term(date(2021, 4, 23), 7, start_day_counts=False)
    skipped = term.skipped(CALENDAR)
    assert term.due(CALENDAR) == date(2021, 5, 6)
    assert date(2021, 4, 25) not in skipped  # 劳动节 make-up Sunday
    assert skipped[date(2021, 4, 24)] == "周末"
    assert [skipped[date(2021, 5, d)] for d in range(1, 6)] == ["劳动节"] * 5


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2021-03-02", "2021-03-04", "2021-03-08"),  # 3rd and 4th stand still
        ("2021-03-02", "2021-03-02", "2021-03-04"),  # back the same day: nothing lost
        ("2021-03-01", "2021-03-02", "2021-03-05"),  # from the very first day
        ("2021-02-24", "2021-03-02", "2021-03-05"),  # began before the clock did
        ("2021-03-05", "2021-03-08", "2021-03-04"),  # after the due day: too late to matter
        ("2021-03-04", "2021-03-08", "2021-03-04"),  # on the due day itself, which has run
        ("2021-03-03", "2021-03-08", "2021-03-09"),  # over a weekend, which costs nothing
    ],
)
def test_a_pause_is_subtracted_at_both_ends(since: str, until: str, expected: str) -> None:
    pause = (date.fromisoformat(since), date.fromisoformat(until))
    assert due(date(2021, 3, 1), 3, pause) == date.fromisoformat(expected)


def test_overlapping_pauses_are_subtracted_once() -> None:
    one, other = (date(2021, 3, 1), date(2021, 3, 3)), (date(2021, 3, 2), date(2021, 3, 4))
    assert due(date(2021, 3, 1), 3, one, other) == date(2021, 3, 9)
    assert due(date(2021, 3, 1), 3, other, one) == date(2021, 3, 9)


@pytest.mark.parametrize("start", [date(2026, 12, 29), date(2027, 1, 4), date(2006, 12, 29)])
def test_a_term_outside_the_published_years_is_refused(start: date) -> None:
    with pytest.raises(CalendarError, match="2007—2026"):
        due(start, 3)


def test_the_last_days_of_the_last_year_are_not_settled() -> None:
    assert CALENDAR.settled_until == date(2026, 12, 28)  # 2018-12-29 was set by the 2019 notice


def test_the_digest_tells_calendars_apart() -> None:
    longer = {**CALENDAR.holidays, date(2026, 12, 30): "元旦"}
    other = Calendar("c", "1", CALENDAR.first, CALENDAR.last, longer, CALENDAR.makeup_days)
    assert other.digest != CALENDAR.digest
    assert len(CALENDAR.digest) == 64
    assert other.differing_days(CALENDAR) == (date(2026, 12, 30),)
    shorter = replace(CALENDAR, last=date(2026, 12, 29))
    assert CALENDAR.differing_days(shorter) == (date(2026, 12, 30), date(2026, 12, 31))


def test_a_calendar_is_read_back_from_its_document() -> None:
    assert calendar_in(CALENDAR.document) == CALENDAR
    assert canonical(parsed(CALENDAR.document)) == CALENDAR.document
    assert hashlib.sha256(CALENDAR.document).hexdigest() == CALENDAR.digest


@pytest.mark.parametrize(
    "document", [b"", b"[]", b"{}", CALENDAR.document + b" ", b'{"name":1,"version":2}']
)
def test_what_is_no_calendar_is_refused(document: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        calendar_in(document)


STARTS = st.dates(date(2007, 1, 1), date(2026, 6, 30))
LENGTHS = st.integers(1, 30)
PAUSES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 20)), max_size=4)


@given(STARTS, st.integers(0, 60), LENGTHS, st.booleans())
def test_a_later_start_is_never_due_earlier(
    start: date, later: int, length: int, counts: bool
) -> None:
    assert due(start, length, counts=counts) <= due(start + later * DAY, length, counts=counts)


@given(STARTS, LENGTHS, st.integers(1, 10), st.booleans(), PAUSES)
def test_more_days_are_due_later_and_never_on_a_rest_day(
    start: date, length: int, more: int, counts: bool, pauses: list[tuple[int, int]]
) -> None:
    stops = [(start + a * DAY, start + (a + b) * DAY) for a, b in pauses]
    one, other = (due(start, n, *stops, counts=counts) for n in (length, length + more))
    assert one < other
    assert CALENDAR.is_workday(one)


@given(STARTS, LENGTHS, st.integers(0, 29), st.integers(0, 40), st.booleans())
def test_a_pause_of_n_working_days_moves_the_due_day_by_n(
    start: date, length: int, into: int, lasts: int, counts: bool
) -> None:
    plain = due(start, length, counts=counts)
    since = start + into * DAY
    assume(since < plain)
    until = since + lasts * DAY
    within = days(since, until - DAY) if counts else days(since + DAY, until)
    stood = sum(CALENDAR.is_workday(day) for day in within)
    moved = due(start, length, (since, until), counts=counts)
    assert workdays_left(CALENDAR, plain, moved) == stood


@given(STARTS, LENGTHS, st.booleans(), PAUSES)
def test_every_day_of_a_term_is_counted_or_skipped_with_a_reason(
    start: date, length: int, counts: bool, pauses: list[tuple[int, int]]
) -> None:
    stops = tuple(Pause(start + a * DAY, start + (a + b) * DAY, "停") for a, b in pauses)
    term = Term(start, length, counts, stops)
    skipped, last = term.skipped(CALENDAR), term.due(CALENDAR)
    within = days(start if counts else start + DAY, last)
    assert len(within) - len(skipped) == length
    assert all(skipped.values())


@cache
def other_calendar() -> HolidayBase:
    return country_holidays("CN", years=range(2007, 2027))


def walked(start: date, length: int, pauses: list[tuple[date, date]], *, counts: bool) -> date:
    """Return the due day by walking day by day, by the other calendar."""
    day, left = start if counts else start + DAY, length
    while True:
        paused = any(
            since <= day < until if counts else since < day <= until for since, until in pauses
        )
        if other_calendar().is_working_day(day) and not paused:
            left -= 1
            if not left:
                return day
        day += DAY


def against_the_walk(terms: int, seed: int) -> int:
    chance, differ = random.Random(seed), 0
    for _ in range(terms):
        start = date(2007, 1, 1) + chance.randrange(7_000) * DAY
        length, counts = chance.randrange(1, 16), chance.random() < 0.5
        pauses = []
        for _ in range(chance.randrange(4)):
            since = start + chance.randrange(-5, 25) * DAY
            pauses.append((since, since + chance.randrange(12) * DAY))
        expected = walked(start, length, pauses, counts=counts)
        differ += due(start, length, *pauses, counts=counts) != expected
    return differ


def test_a_walk_day_by_day_finds_the_same_due_days() -> None:
    assert against_the_walk(300, seed=20210127) == 0


@pytest.mark.full
def test_a_long_walk_finds_the_same_due_days() -> None:
    terms, seed = 100_000, 4
    differ = against_the_walk(terms, seed)
    print(f"terms against a day-by-day walk, seed {seed}: {terms:,}, {differ} differ")
    assert differ == 0
