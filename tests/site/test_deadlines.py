"""What is due when: both readings of 二(二), the stops, and what has no limit."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawreview import load_rulebook
from drawreview.errors import RuleError
from drawreview.project.model import Project
from drawreview.project.statement import read_project
from drawreview.site.deadlines import deadlines
from drawreview.site.log import Log
from drawreview.site.schedule import Due, Schedule
from drawreview.site.schedule_to_ics import schedule_to_ics
from drawreview.site.schedule_to_json import DeadlinesDocument, schedule_to_json
from drawreview.site.schedule_to_svg import schedule_to_svg
from drawreview.site.statement import read_log
from drawreview.timeline.workdays import published_calendar

EXAMPLES = Path(__file__).parents[2] / "examples"
HOUSING = read_project((EXAMPLES / "housing.yaml").read_text(encoding="utf-8"), "h")
OFFICE = read_project((EXAMPLES / "office.yaml").read_text(encoding="utf-8"), "o")
LIFE = read_log((EXAMPLES / "housing_events.yaml").read_text(encoding="utf-8"), "h_events.yaml")
CALENDAR = published_calendar()


def log(*events: str) -> Log:
    lines = [f'{{"on": "{e.split()[0]}", "event": "{e.split()[1]}"{_more(e)}}}' for e in events]
    return read_log(f'{{"events": [{", ".join(lines)}]}}', "e.json")


def _more(event: str) -> str:
    return "".join(
        f', "{key}": {value}' for key, value in (m.split("=") for m in event.split()[2:])
    )


def schedule(*events: str, on: str, project: Project = HOUSING, **options: Any) -> Schedule:
    return deadlines(project, log(*events), on=date.fromisoformat(on), **options)


def told(found: Schedule) -> dict[str, Any]:
    return json.loads(schedule_to_json(found))


def one(found: Schedule, what: str, reading: str) -> Due:
    (due,) = (d for d in found.deadlines if (d.what, d.reading) == (what, reading))
    return due


def staged(day: str) -> tuple[str, str]:
    return (f"{day} full_set_submitted", f"{day} staging_requested")


TABLE = [
    ("2021-02-05", "2021-02-09", "2021-02-20", "2021-02-24"),
    ("2021-02-07", "2021-02-10", "2021-02-22", "2021-02-25"),
    ("2021-02-08", "2021-02-18", "2021-02-23", "2021-02-26"),
    ("2021-04-30", "2021-05-08", "2021-05-13", "2021-05-18"),
    ("2021-09-28", "2021-10-08", "2021-10-13", "2021-10-18"),
    ("2026-02-13", "2026-02-25", "2026-03-02", "2026-03-05"),
    ("2026-09-24", "2026-09-30", "2026-10-12", "2026-10-15"),
]


@pytest.mark.parametrize(("received", "foundation", "parallel", "serial"), TABLE)
def test_both_readings_are_told(received: str, foundation: str, parallel: str, serial: str) -> None:
    found = schedule(*staged(received), on=received, assume_in_force=received > "2022")
    days = {(due.what, due.reading): str(due.due) for due in found.deadlines}
    assert days == {
        ("foundation_report", "parallel"): foundation,
        ("remaining_report", "parallel"): parallel,
        ("foundation_report", "serial"): foundation,
        ("remaining_report", "serial"): serial,
    }
    assert one(found, "remaining_report", "parallel").start_event == "full_set_submitted"
    assert one(found, "remaining_report", "serial").start_event == "foundation_report_due"


def test_the_convention_of_the_rules_is_followed_and_printed() -> None:
    law = load_rulebook()
    assert law.convention
    other = replace(law, convention=replace(law.convention, start_day_counts=True))
    found = schedule(*staged("2021-02-05"), on="2021-02-05", rulebook=other)
    assert one(found, "foundation_report", "parallel").due == date(2021, 2, 8)
    assert told(found)["convention"]["start_day_counts"] is True
    with pytest.raises(RuleError, match="convention"):
        schedule(*staged("2021-02-05"), on="2021-02-05", rulebook=replace(law, convention=None))


def test_serial_starts_with_the_report_once_it_is_there() -> None:
    events = (*staged("2021-03-01"), "2021-03-03 foundation_report_issued violations=false")
    due = one(schedule(*events, on="2021-03-03"), "remaining_report", "serial")
    assert (due.start_event, due.term.start) == ("foundation_report_issued", date(2021, 3, 3))
    assert due.due == date(2021, 3, 12)


def test_a_late_report_does_not_lengthen_the_second_term() -> None:
    events = (*staged("2021-03-01"), "2021-03-10 foundation_report_issued violations=false")
    due = one(schedule(*events, on="2021-03-10"), "remaining_report", "serial")
    assert (due.start_event, due.term.start) == ("foundation_report_due", date(2021, 3, 4))


@pytest.mark.parametrize(
    ("on", "state", "left"),
    [
        ("2021-03-01", "running", 3),
        ("2021-03-04", "running", 0),
        ("2021-03-05", "overdue", -1),
        ("2021-03-07", "overdue", -1),  # a Sunday takes nothing
    ],
)
def test_working_days_left_and_overdue(on: str, state: str, left: int) -> None:
    found = schedule(*staged("2021-03-01"), on=on)
    due = one(found, "foundation_report", "parallel")
    assert (due.state, due.days_left) == (state, left)
    assert found.in_order[0].what == "foundation_report"


def test_a_report_in_time_and_one_too_late() -> None:
    late = (*staged("2021-03-01"), "2021-03-08 foundation_report_issued violations=false")
    due = one(schedule(*late, on="2021-03-20"), "foundation_report", "parallel")
    assert (due.state, due.days_late, due.days_left) == ("done_late", 2, None)
    in_time = (*staged("2021-03-01"), "2021-03-04 foundation_report_issued violations=true")
    due = one(schedule(*in_time, on="2021-03-20"), "foundation_report", "parallel")
    assert (due.state, due.days_late) == ("done", None)


def test_a_certificate_ends_the_review_whatever_reports_are_left_out() -> None:
    events = (*staged("2021-03-01"), "2021-03-09 review_certificate_issued")
    found = schedule(*events, on="2021-06-01")
    assert one(found, "remaining_report", "parallel").state == "done"
    assert one(found, "foundation_report", "parallel").days_late == 3


def test_a_correction_stops_the_clock() -> None:
    events = (*staged("2021-03-01"), "2021-03-02 correction_started")
    running = one(schedule(*events, on="2021-03-05"), "foundation_report", "parallel")
    assert running.state == "stopped"
    assert running.due == date(2021, 3, 9)  # if the correction ended today: two days left
    done = (*events, "2021-03-08 correction_finished")
    due = one(schedule(*done, on="2021-03-08"), "foundation_report", "parallel")
    assert (due.state, due.due) == ("running", date(2021, 3, 10))
    assert due.due_without_stops == date(2021, 3, 4)
    (stop,) = told(schedule(*done, on="2021-03-08"))["deadlines"][0]["stops"]
    assert stop == {"from": "2021-03-02", "to": "2021-03-08", "why": "修改施工图", "workdays": 4}


@pytest.mark.parametrize("begun", ["2021-03-04", "2021-03-05", "2021-03-08"])
def test_a_correction_begun_when_the_term_is_over_lengthens_nothing(begun: str) -> None:
    events = (*staged("2021-03-01"), f"{begun} correction_started")
    due = one(schedule(*events, on="2021-03-10"), "foundation_report", "parallel")
    assert (due.state, due.due, due.stops) == ("overdue", date(2021, 3, 4), ())


def test_a_stop_after_the_report_changes_nothing_of_it() -> None:
    events = (
        *staged("2021-03-01"),
        "2021-03-02 foundation_report_issued violations=true",
        "2021-03-02 correction_started",
    )
    due = one(schedule(*events, on="2021-03-10"), "foundation_report", "parallel")
    assert (due.state, due.due, due.stops) == ("done", date(2021, 3, 4), ())


def test_without_a_request_only_national_limits_are_told() -> None:
    found = schedule("2021-03-01 full_set_submitted", on="2021-03-01")
    assert found.deadlines == ()
    told = {due.what: (due.term.workdays, due.due) for due in found.information}
    assert told == {
        "large_project_review": (15, date(2021, 3, 22)),
        "other_project_review": (10, date(2021, 3, 15)),
        "class_a_survey_review": (7, date(2021, 3, 10)),
        "other_survey_review": (5, date(2021, 3, 8)),
    }
    assert {due.clause for due in found.information} == {"第十二条(一)", "第十二条(二)"}


def test_a_national_limit_that_has_passed_is_no_breach() -> None:
    found = schedule("2021-03-01 full_set_submitted", on="2021-04-01")
    assert {due.state for due in found.information} == {"passed"}
    assert told(found)["overdue"] == []


def test_a_re_review_stops_the_national_clock_only() -> None:
    events = (
        "2021-03-01 full_set_submitted",
        "2021-03-05 remaining_report_issued violations=true",
        "2021-03-08 correction_started",
        "2021-03-10 correction_finished",
        "2021-03-12 remaining_report_issued violations=false",
    )
    found = schedule(*events, on="2021-03-12")
    due = next(d for d in found.information if d.what == "other_project_review")
    assert [(p.why, str(p.since), str(p.until)) for p in due.stops] == [
        ("修改施工图", "2021-03-08", "2021-03-10"),
        ("复审", "2021-03-10", "2021-03-12"),
    ]
    assert due.due == date(2021, 3, 19)  # 03-15 and four days
    both = schedule(*events, "2021-03-01 staging_requested", on="2021-03-12")
    stops = one(both, "foundation_report", "parallel").stops
    assert {pause.why for pause in stops} <= {"修改施工图"}


def test_a_report_on_the_day_a_correction_ends_leaves_no_re_review() -> None:
    found = schedule(
        "2021-03-01 full_set_submitted",
        "2021-03-05 remaining_report_issued violations=true",
        "2021-03-08 correction_started",
        "2021-03-10 correction_finished",
        "2021-03-10 remaining_report_issued violations=false",
        on="2021-03-31",
    )
    due = next(d for d in found.information if d.what == "other_project_review")
    assert due.due == date(2021, 3, 17)  # 03-15 and the two days of the correction


def test_a_term_goes_on_by_the_class_of_the_day_it_began() -> None:
    """A later change opens the class, not the term that runs already."""
    changed = '2021-03-02 major_design_change touches=["加层"]'
    found = schedule(*staged("2021-03-01"), changed, on="2021-03-03")
    assert found.decision.review_path == "deferred_review"
    assert one(found, "foundation_report", "parallel").due == date(2021, 3, 4)
    assert found.settled


def test_times_that_overlap_are_taken_out_once() -> None:
    """A second correction during a re-review: the clock stood from the 4th to the 15th, 7 days."""
    found = schedule(
        "2021-03-01 full_set_submitted",
        "2021-03-03 remaining_report_issued violations=true",
        "2021-03-04 correction_started",
        "2021-03-08 correction_finished",
        "2021-03-10 correction_started",
        "2021-03-12 correction_finished",
        "2021-03-15 remaining_report_issued violations=false",
        on="2021-03-15",
    )
    due = next(d for d in found.information if d.what == "other_project_review")
    assert (due.due_without_stops, due.due) == (date(2021, 3, 15), date(2021, 3, 24))


def test_a_later_request_is_the_start() -> None:
    found = schedule(
        "2021-03-01 full_set_submitted", "2021-03-05 staging_requested", on="2021-03-05"
    )
    due = one(found, "foundation_report", "parallel")
    assert (due.start_event, due.term.start) == ("staging_requested", date(2021, 3, 5))
    assert any("自后一天起算" in note.text for note in found.notes)


def test_a_new_submission_starts_anew() -> None:
    events = (
        *staged("2021-03-01"),
        "2021-03-03 foundation_report_issued violations=true",
        "2021-04-12 full_set_submitted",
    )
    due = one(schedule(*events, on="2021-04-12"), "foundation_report", "parallel")
    assert (due.state, due.due) == ("running", date(2021, 4, 15))


def test_an_exempt_project_has_no_deadline_and_the_spot_check_no_number() -> None:
    found = schedule("2021-03-10 spot_check_selected", on="2021-03-20", project=OFFICE)
    submitted = schedule(*staged("2021-03-10"), on="2021-03-20", project=OFFICE)
    for one in (found, submitted):
        assert one.deadlines == one.information == ()
    assert any("无期限规定" in note.text for note in found.notes)
    assert not any(char.isdigit() for note in found.notes for char in note.text)


def test_an_open_path_is_told_with_a_warning() -> None:
    unknown = Project.model_validate({"name": "某项目"})
    found = schedule(*staged("2021-03-01"), on="2021-03-01", project=unknown)
    assert found.decision.review_path == "undetermined"
    assert len(found.deadlines) == 4
    assert not found.settled
    assert any("如属免于审查，下列期限不适用" in note.text for note in found.notes)


def test_after_the_trial_only_national_limits_are_told() -> None:
    found = schedule(*staged("2023-03-01"), on="2023-03-01")
    assert found.deadlines == ()
    assert len(found.information) == 4
    assert not found.settled


def test_a_review_commissioned_before_the_transition_has_no_staged_limits() -> None:
    early = HOUSING.model_copy(update={"review_commissioned_on": date(2020, 11, 1)})
    found = schedule(*staged("2021-03-01"), on="2021-03-01", project=early)
    assert found.decision.review_path == "prior_review"
    assert found.deadlines == ()
    assert any("继续办结" in note.text for note in found.notes)


def test_a_day_past_the_published_years_is_refused_not_guessed() -> None:
    found = schedule(*staged("2026-12-28"), on="2026-12-28", assume_in_force=True)
    due = one(found, "remaining_report", "serial")
    assert due.due is None
    assert due.state == "refused"
    assert "2007—2026" in (due.refused or "")
    assert one(found, "foundation_report", "serial").due == date(2026, 12, 31)
    assert any("2027 年的放假安排" in note.text for note in found.notes)
    assert not found.settled


# -- what it is shown as


def test_the_json_has_what_was_promised() -> None:
    document = told(deadlines(HOUSING, LIFE, on=date(2021, 5, 6)))
    jsonschema.validate(document, DeadlinesDocument.model_json_schema(mode="serialization"))
    for due in document["deadlines"]:
        assert {"what", "reading", "from", "due", "skipped_days", "days_left", "clause"} <= set(due)
        days = [date.fromisoformat(day) for day in due["skipped_days"]]
        assert days == sorted(days)
    assert document["calendar"]["version"] == CALENDAR.version
    assert document["calendar"]["digest"] == CALENDAR.digest
    made_up = {(d["what"], d["reading"]): d["makeup_days"] for d in document["deadlines"]}
    assert made_up["remaining_report", "parallel"] == ["2021-04-25", "2021-05-08"]
    assert made_up["foundation_report", "parallel"] == ["2021-04-25"]
    assert [entry["number"] for entry in document["not_counted"]] == [11, 12, 13, 14, 15, 16, 17]


def test_the_calendar_file_is_read_back_and_stable() -> None:
    from icalendar import Calendar

    told = schedule_to_ics(deadlines(HOUSING, LIFE, on=date(2021, 5, 6)))
    assert told == schedule_to_ics(deadlines(HOUSING, LIFE, on=date(2021, 5, 6)))
    earlier = schedule_to_ics(deadlines(HOUSING, LIFE, on=date(2021, 4, 29)))
    events = Calendar.from_ical(told).walk("VEVENT")  # pyright: ignore[reportAttributeAccessIssue]
    before = Calendar.from_ical(earlier).walk("VEVENT")  # pyright: ignore[reportAttributeAccessIssue]
    assert [event["dtstart"].dt for event in events] == [date(2021, 5, 8), date(2021, 5, 12)]
    assert [event["uid"] for event in events] == [event["uid"] for event in before]
    assert [event["dtstart"].dt for event in before] != [event["dtstart"].dt for event in events]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_picture_says_in_letters_what_it_shows(lang: str) -> None:
    drawn = schedule_to_svg(deadlines(HOUSING, LIFE, on=date(2021, 5, 6)), lang=lang)
    root = ElementTree.fromstring(drawn)  # noqa: S314 - drawn here
    text = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    letters = (
        ("休", "班", "停", "起", "7 期", "今") if lang == "zh" else ("off", "work", "stop", "7 due")
    )
    assert set(letters) <= set(text)
    assert "2021-05-08" in (root.findtext("{http://www.w3.org/2000/svg}desc") or "")


# -- properties

DAYS = st.dates(date(2021, 2, 1), date(2021, 12, 20))
STOPS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 12)), max_size=3)


@settings(max_examples=60, deadline=None)
@given(DAYS, STOPS, st.integers(0, 40))
def test_due_days_are_working_days_and_serial_is_never_earlier(
    day: date, stops: list[tuple[int, int]], later: int
) -> None:
    events = list(staged(str(day)))
    for begins, lasts in stops:
        since = day + timedelta(days=begins)
        events += [
            f"{since} correction_started",
            f"{since + timedelta(days=lasts)} correction_finished",
        ]
    found = deadlines(HOUSING, log(*events), on=day + timedelta(days=later))
    for due in found.deadlines:
        assert due.due
        assert CALENDAR.is_workday(due.due)
        assert due.due >= (due.due_without_stops or date.max)
    parallel, serial = (one(found, "remaining_report", r).due for r in ("parallel", "serial"))
    assert parallel
    assert serial
    assert parallel <= serial


APART = st.lists(st.tuples(st.integers(1, 6), st.integers(0, 6)), min_size=1, max_size=3)


@settings(max_examples=40, deadline=None)
@given(DAYS, APART, st.integers(1, 9))
def test_a_later_start_or_a_longer_stop_brings_no_due_day_forward(
    day: date, stops: list[tuple[int, int]], more: int
) -> None:
    """The last of some corrections that do not overlap takes longer, or the set comes later."""

    def due_days(start: date, longer: int) -> list[date | None]:
        events, since = list(staged(str(start))), day
        for number, (gap, lasts) in enumerate(stops, start=1):
            since += timedelta(days=gap)
            until = since + timedelta(days=lasts + (longer if number == len(stops) else 0))
            events += [f"{since} correction_started", f"{until} correction_finished"]
            since = until
        found = deadlines(HOUSING, log(*events), on=day + timedelta(days=60))
        return [due.due for due in found.deadlines]

    before = due_days(day, 0)
    for after in (due_days(day, more), due_days(day + timedelta(days=more), 0)):
        assert all(a and b and a <= b for a, b in zip(before, after, strict=True)), (before, after)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 17))
def test_the_answer_of_a_day_needs_only_the_log_of_that_day(length: int) -> None:
    """Replaying a prefix gives the state of its day, whatever was written later."""
    day = LIFE.entries[length - 1].event.on
    known_then = Log(tuple(entry for entry in LIFE.entries if entry.event.on <= day))
    whole, then = (deadlines(HOUSING, written, on=day) for written in (LIFE, known_then))
    assert [(d.what, d.reading, d.due, d.state) for d in whole.deadlines] == [
        (d.what, d.reading, d.due, d.state) for d in then.deadlines
    ]


@settings(max_examples=60, deadline=None)
@given(st.randoms(), st.integers(0, 12))
def test_the_order_of_one_days_events_does_not_matter(chance: Random, later: int) -> None:
    names = (
        "full_set_submitted",
        "staging_requested",
        "correction_started",
        "correction_finished",
        "foundation_report_issued violations=true",
        "remaining_report_issued violations=false",
    )
    day = date(2021, 3, 1)
    events = [(day + timedelta(days=chance.randrange(4)), name) for name in names * 2]
    told = []
    for _ in range(2):
        chance.shuffle(events)
        written = log(*(f"{on} {name}" for on, name in sorted(events, key=lambda e: e[0])))
        found = deadlines(HOUSING, written, on=day + timedelta(days=later))
        told.append([(d.what, d.reading, d.start_event, d.due, d.state) for d in found.deadlines])
    assert told[0] == told[1]
