"""Recorded events are answered again by the working days and rules of their record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from drawreview import load_rulebook
from drawreview.project.personal import stated, withheld_in
from drawreview.records import replay_events
from drawreview.records.body import EventsRecord, body_of, given_digest, law_of
from drawreview.records.difference import Cause
from drawreview.records.replay import Otherwise, Plan, replay
from drawreview.records.ways import Ways
from drawreview.rulebook.archive import archived, files_in
from drawreview.rulebook.readings import formal_readings
from drawreview.site import deadlines as deadlines_module
from drawreview.timeline.workdays import published_calendar
from drawreview.web.again import deadlines_again, gates_again
from tests.records.logs import CLERK, EVENTS, HOUSING, Pages

WAYS = Ways({"drawreview/deadlines@1": deadlines_again})


PROJECT = withheld_in(stated(HOUSING), "")[0]


def log(law=None):
    """Return a log of one record: the events of the shipped example."""
    law, calendar = law or load_rulebook(), published_calendar()
    asked = {"project": PROJECT, "events": EVENTS, "on": "2021-05-06", "assumption": None}
    record = EventsRecord(
        actor=CLERK,
        on="2021-05-06",
        assumption=None,
        project=PROJECT,
        personal=None,
        events=tuple(EVENTS),
        given=given_digest(PROJECT, EVENTS),
        law=law_of(law, calendar=calendar.digest),
        answer=deadlines_again(asked, law, calendar),
    )
    blobs = {law.digest: law.archive, calendar.digest: calendar.document}
    return Pages([body_of(record)], blobs)


def test_recorded_events_are_answered_again():
    done = replay(log(), ways=WAYS)
    assert (done.events, done.findings) == (1, [])
    assert replay(log()).events == 0


def edit_event(said):
    said["events"][-1]["on"] = "2021-04-19"


def edit_due_day(said):
    said["answer"]["deadlines"][0]["due"] = "2021-12-31"


def edit_pack(said):
    said["answer"]["rulebook"]["digest"] = "0" * 64


def edit_calendar(said):
    said["law"]["calendar"] = said["answer"]["calendar"]["digest"] = "0" * 64


def edit_calendars_name(said):
    said["answer"]["calendar"]["version"] = "0"


def edit_address(said):
    said["project"]["address"] = "别处"  # on which no deadline rests


@pytest.mark.parametrize(
    ("edit", "cause"),
    [
        (edit_event, Cause.INPUT_EDITED),
        (edit_address, Cause.INPUT_EDITED),
        (edit_due_day, Cause.ENGINE_DEFECT),
        (edit_pack, Cause.PACK_CHANGED),
        (edit_calendar, Cause.CALENDAR_CHANGED),
        (edit_calendars_name, Cause.CALENDAR_CHANGED),
    ],
)
def test_other_deadlines_have_a_cause_and_a_clause(edit, cause):
    pages = log()
    pages.edit(0, edit)
    (finding,) = replay(pages, ways=WAYS).findings
    assert finding.cause is cause
    if edit in {edit_due_day, edit_calendar}:
        assert finding.clauses


# That the Labour Day week of 2021 had been a week of work.
WORKED = replace(
    published_calendar(),
    version="0",
    holidays={
        day: why
        for day, why in published_calendar().holidays.items()
        if not date(2021, 5, 1) <= day <= date(2021, 5, 5)
    },
)


def test_the_calendar_is_kept_and_deadlines_are_reckoned_by_it(monkeypatch):
    """Years later another calendar is installed; the recorded one still gives what it gave."""
    pages = log()
    assert published_calendar().document in pages.blobs.values()
    for module in (replay_events, deadlines_module):
        monkeypatch.setattr(module, "published_calendar", lambda: WORKED)
    assert not replay(pages, ways=WAYS).findings


def test_a_record_that_names_another_calendar_is_told_on_which_days_it_differs():
    pages = log()
    pages.blobs[WORKED.digest] = WORKED.document
    pages.edit(0, lambda said: said["law"].update(calendar=WORKED.digest))
    (finding,) = replay(pages, ways=WAYS).findings
    assert finding.cause is Cause.CALENDAR_CHANGED
    assert "二(二)s1" in finding.clauses
    assert "2021-05-03 休息→上班" in finding.said


@pytest.mark.parametrize("level", ["A", "B", "C"])
def test_a_calendar_that_is_lost_or_changed_is_found(level):
    pages = log()
    digest = published_calendar().digest
    pages.blobs[digest] = WORKED.document
    for _ in range(2):
        (finding,) = replay(pages, Plan(level=level), ways=WAYS).findings
        assert finding.cause is Cause.CALENDAR_CHANGED
        pages.blobs.pop(digest, None)


def differences(pages, **otherwise):
    plan = Plan(level="D", otherwise=Otherwise(**otherwise))
    found = replay(pages, plan, ways=Ways({**WAYS.answers, "gates": gates_again})).findings
    return [(finding.cause, finding.clauses, finding.said) for finding in found]


def test_another_calendar_moves_the_recorded_deadlines():
    ((cause, clauses, said),) = differences(log(), calendar=WORKED)
    assert (cause, "二(二)s1" in clauses) == (Cause.CALENDAR_CHANGED, True)
    assert "2021-05-03 休息→上班" in said


def test_another_way_of_counting_days_moves_the_recorded_deadlines():
    files = files_in(load_rulebook().archive)
    name = "national/workdays/convention.yaml"
    files[name] = files[name].replace(b"start_day_counts: false", b"start_day_counts: true")
    ((cause, clauses, said),) = differences(log(), pack=archived(files.items()))
    assert (cause, "二(二)s1" in clauses) == (Cause.PACK_CHANGED, True)
    assert "期限" in said


def test_another_reading_opens_and_shuts_the_stages_of_recorded_events():
    law = load_rulebook()
    readings = {q.id: r for q in law.questions.values() if q.stages for r in formal_readings(q)}
    found = differences(log(), readings=readings)
    assert found
    assert {cause for cause, _, _ in found} == {Cause.READING_CHANGED}
    assert any("施工节点" in said and clauses for _, clauses, said in found)


def test_the_same_pack_and_calendar_change_nothing_of_recorded_events():
    law = load_rulebook()
    assert differences(log(), pack=law.archive, calendar=published_calendar()) == []
