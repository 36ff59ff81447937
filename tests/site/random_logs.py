"""Random projects of every class and random lives of them, documents and mishaps mixed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from drawreview import Project
from drawreview.site.events import Event
from drawreview.site.log import Entry, Log
from tests.test_cases import statement

SEEDS = st.integers(0, 2**40)
FIRST = date(2021, 3, 1)
_EVENT: TypeAdapter[Event] = TypeAdapter(Event)
PROJECTS = {
    name: Project.model_validate(statement(said))
    for name, said in {
        "exempt": {"like": "small_private_office"},
        "below the permit limit": {"like": "small_private_office", "floor_area_m2": 280},
        "reviewed": {"like": "tower"},
        "municipal": {"like": "city_road"},
        "special": {"like": "tower", "special_works": ["archives_building"]},
        "special and small": {"like": "small_private_office", "special_works": ["tunnel"]},
        "undetermined": {"like": "small_private_office", "height_m": "unknown"},
        "old": {"like": "tower", "review_commissioned_on": date(2020, 11, 20)},
        "in the gap": {"like": "tower", "review_commissioned_on": date(2020, 12, 5)},
    }.items()
}
# What only brings something; none of these may shut what was open.
DOCUMENTS: list[dict[str, Any]] = [
    {"event": "drawings_uploaded"},
    {"event": "full_set_submitted"},
    {"event": "staging_requested"},
    {"event": "permit_issued"},
    {"event": "foundation_report_issued", "violations": False},
    {"event": "remaining_report_issued", "violations": False},
    {"event": "review_certificate_issued"},
    {"event": "site_progress_verified"},
    {"event": "fire_opinion_issued", "qualified": True},
    {"event": "spot_check_waived", "document": "包住建字〔2021〕×号"},
    {"event": "spot_check_opinion_issued", "violations": False},
    {"event": "rectification_accepted"},
    {"event": "spot_check_certificate_issued"},
]
MISHAPS: list[dict[str, Any]] = [
    {"event": "foundation_report_issued", "violations": True},
    {"event": "remaining_report_issued", "violations": True},
    {"event": "review_certificate_issued", "partial": True},
    {"event": "site_progress_verified", "passed": False},
    {"event": "fire_opinion_issued", "qualified": False},
    {"event": "spot_check_selected"},
    {"event": "spot_check_opinion_issued", "violations": True},
    {"event": "correction_started"},
    {"event": "correction_finished"},
    {"event": "blacklisted"},
    *(
        {"event": "major_design_change", "touches": touches}
        for touches in (["energy_efficiency"], ["fire_safety"], ["foundation_and_structure"])
    ),
    {"event": "major_design_change", "touches": ["floor_area_m2"]},
    {"event": "major_design_change", "touches": ["外立面"]},
]
# What a change may touch: matters that are reviewed, fields of the project file, anything else.
TOUCHED = ["energy_efficiency", "civil_air_defence", "floor_area_m2", "use", "加层", "外立面"]
STARTS: list[dict[str, Any]] = [
    {"event": "stage_started", "stage": stage}
    for stage in ("pit", "blinding", "base_slab", "main_structure")
]


def entry_from(number: int, said: dict[str, Any]) -> Entry:
    """Return an entry without going through a file."""
    return Entry(number, f"log:{number}", _EVENT.validate_python(said))


def log_from(events: list[dict[str, Any]]) -> Log:
    """Return a log without going through a file."""
    return Log(tuple(entry_from(number, said) for number, said in enumerate(events, start=1)))


def random_events(random: Random) -> list[dict[str, Any]]:
    """Return a life of some weeks: mostly documents, and whatever else can happen."""
    events: list[dict[str, Any]] = []
    for _ in range(random.choice([0, 2, 5, 10, 20])):
        kind = random.choice([DOCUMENTS, DOCUMENTS, DOCUMENTS, MISHAPS, STARTS])
        day = FIRST + timedelta(days=random.randrange(10))
        events.append({"on": day.isoformat(), **random.choice(kind)})
        if len(events) > 2 and random.random() < 0.1:
            of = random.randrange(1, len(events))
            if events[of - 1]["event"] != "correction":
                events.append(_correction(random, of, events[of - 1]["on"]))
    return events


def _correction(random: Random, of: int, since: str) -> dict[str, Any]:
    on = max(since, (FIRST + timedelta(days=random.randrange(12))).isoformat())
    correction: dict[str, Any] = {"on": on, "event": "correction", "of": of, "why": "误录"}
    if random.random() < 0.5:
        return {**correction, "withdrawn": True}
    return {**correction, "replaced_by": {"on": on, **random.choice(DOCUMENTS)}}


def random_change(random: Random) -> dict[str, Any]:
    """Return a change of design on a day of such a life, however clear."""
    touches = random.sample(TOUCHED, random.randrange(1, 3))
    on = (FIRST + timedelta(days=random.randrange(12))).isoformat()
    return {"on": on, "event": "major_design_change", "touches": touches}


def random_day(random: Random) -> date:
    """Return a day of such a life, or soon after it."""
    return FIRST + timedelta(days=random.randrange(-1, 12))


def hold_of_random_logs(check: Callable[[int], None], examples: int) -> None:
    """Try a property of logs on some seeds, the same each time."""
    settings(max_examples=examples, deadline=None, derandomize=True)(given(SEEDS)(check))()


def hold_of_very_many_logs(name: str, check: Callable[[int], None], examples: int) -> None:
    """Try it on thirty times as many, others each time."""
    settings(max_examples=30 * examples, deadline=None)(given(SEEDS)(check))()
    print(f"\n{name}: {30 * examples} random logs")
