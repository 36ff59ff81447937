"""Gates and deadlines tell one story of any log, and no change of design lightens it."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from drawreview import load_rulebook
from drawreview.site.deadlines import deadlines
from drawreview.site.gates import gates
from drawreview.site.situation import situation_of
from drawreview.site.stages import gates_of
from tests.site.random_logs import (
    FIRST,
    PROJECTS,
    hold_of_random_logs,
    hold_of_very_many_logs,
    log_from,
    random_change,
    random_day,
    random_events,
)

ORDER = ["not_barred", "ask", "barred"]
SUBMITTED = [{"event": "full_set_submitted"}, {"event": "staging_requested"}]


def check_overdue(seed: int) -> None:
    """What `gates` calls overdue is what `deadlines` calls overdue, and so are the findings."""
    random = Random(seed)
    project, day = PROJECTS[random.choice(list(PROJECTS))], random_day(random) + timedelta(days=9)
    begun = [
        {
            "on": (FIRST + timedelta(days=random.randrange(4))).isoformat(),
            **random.choice(SUBMITTED),
        }
    ]
    log = log_from([*random_events(random), *begun])
    law = load_rulebook()
    site = gates(project, log, on=day, rulebook=law)
    schedule = deadlines(project, log, on=day, rulebook=law)
    assert site.overdue == tuple(due for due in schedule.deadlines if due.state == "overdue")
    if site.path == schedule.decision.review_path:
        assert site.findings == schedule.findings


def check_readings(seed: int) -> None:
    """The terms that begin one after the other never end before those that begin at once."""
    random = Random(seed)
    events = [*random_events(random), *({"on": FIRST.isoformat(), **one} for one in SUBMITTED)]
    schedule = deadlines(
        PROJECTS["reviewed"], log_from(events), on=random_day(random), rulebook=load_rulebook()
    )
    due = {(one.what, one.reading): one.due for one in schedule.deadlines}
    for what in ("foundation_report", "remaining_report") if due else ():
        parallel, serial = due[what, "parallel"], due[what, "serial"]
        assert parallel
        assert serial
        assert parallel <= serial


def check_change(seed: int) -> None:
    """A change that does not say what the project is now opens no stage of any project."""
    random = Random(seed)
    project, day = PROJECTS[random.choice(list(PROJECTS))], random_day(random)
    events, law = random_events(random), load_rulebook()
    before, after = (
        gates_of(situation_of(project, log_from(each).known_on(day), law))
        for each in (events, [*events, random_change(random)])
    )
    for one, other in zip(before, after, strict=True):
        assert ORDER.index(one.state) <= ORDER.index(other.state), (day, events)


def check_unclear(seed: int) -> None:
    """Nothing is exempt, and nothing is open, once a change says 加层 and nobody says what became."""
    random = Random(seed)
    day = random_day(random) + timedelta(days=1)
    unclear = {"on": FIRST.isoformat(), "event": "major_design_change", "touches": ["加层"]}
    log = log_from([*random_events(random), unclear])
    for name in ("exempt", "below the permit limit", "reviewed", "special"):
        situation = situation_of(PROJECTS[name], log.known_on(day), load_rulebook())
        assert situation.path == "undetermined"
        assert "not_barred" not in {gate.state for gate in gates_of(situation)}


CHECKS = {
    "overdue is overdue": (check_overdue, 120),
    "in turn is never earlier": (check_readings, 80),
    "a change opens nothing": (check_change, 200),
    "unclear is never exempt": (check_unclear, 40),
}


@pytest.mark.parametrize("name", CHECKS)
def test_it_holds_of_random_logs(name: str) -> None:
    hold_of_random_logs(*CHECKS[name])


@pytest.mark.full
@pytest.mark.parametrize("name", CHECKS)
def test_it_holds_of_very_many_logs(name: str) -> None:
    hold_of_very_many_logs(name, *CHECKS[name])
