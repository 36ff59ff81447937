"""Whatever a log says, deadlines are told or refused, in every form."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from drawreview import load_rulebook
from drawreview.cli.deadlines_text import pot_text, schedule_text
from drawreview.project.statement import read_project
from drawreview.site.deadlines import deadlines
from drawreview.site.events import EVENT_ZH, Stage
from drawreview.site.schedule_to_ics import schedule_to_ics
from drawreview.site.schedule_to_json import schedule_to_json
from drawreview.site.schedule_to_svg import schedule_to_svg
from drawreview.site.statement import read_log

EXAMPLES = Path(__file__).parents[2] / "examples"
PROJECTS = [
    *(
        read_project((EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8"), name)
        for name in ("housing", "office")
    ),
    read_project("name: 某项目", "unknown"),
]
NAMES = [name for name in EVENT_ZH if name != "correction"]
EDGES = [date(1, 1, 1), date(2006, 12, 31), date(2007, 1, 1), date(2026, 12, 31), date.max]


def some_day(chance: random.Random) -> date:
    kind = chance.random()
    if kind < 0.8:
        return date(2021, 1, 27) + timedelta(days=chance.randrange(300))
    if kind < 0.9:
        return date(2026, 11, 1) + timedelta(days=chance.randrange(90))
    return chance.choice(EDGES)


def some_event(chance: random.Random) -> dict[str, Any]:
    name = chance.choice([*NAMES, *("full_set_submitted", "staging_requested") * 5])
    extra: dict[str, Any] = {}
    if name.endswith(("report_issued", "opinion_issued")):
        key = "qualified" if name.startswith("fire") else "violations"
        extra = {key: chance.random() < 0.5}
    elif name == "spot_check_waived":
        extra = {"document": "抽查〔2021〕1号"}
    elif name == "stage_started":
        extra = {"stage": chance.choice(list(Stage)).value}
    elif name == "major_design_change":
        extra = {"touches": [chance.choice(["fire_safety", "加层"])]}
    return {"on": str(some_day(chance)), "event": name, **extra}


def some_log(chance: random.Random) -> str:
    events: list[dict[str, Any]] = []
    for _ in range(chance.randrange(1, 14)):
        own = [place for place, event in enumerate(events, 1) if event["event"] != "correction"]
        if own and chance.random() < 0.1:
            how = (
                {"withdrawn": True}
                if chance.random() < 0.5
                else {"replaced_by": some_event(chance)}
            )
            events.append(
                {"on": str(some_day(chance)), "event": "correction", "of": chance.choice(own)}
                | {"why": "笔误", **how}
            )
        else:
            events.append(some_event(chance))
    return json.dumps({"events": events})


def tell(logs: int, seed: int) -> Counter[str]:
    chance, states = random.Random(seed), Counter[str]()
    law = load_rulebook()
    assert law.convention
    other = replace(law, convention=replace(law.convention, start_day_counts=True))
    for _ in range(logs):
        text, on = some_log(chance), some_day(chance)
        found = deadlines(
            chance.choice(PROJECTS),
            read_log(text, "e.json"),
            on=on,
            rulebook=chance.choice([law, other]),
            assume_in_force=chance.random() < 0.5,
        )
        document = json.loads(schedule_to_json(found))
        for due in document["deadlines"] + document["information"]:
            states[due["state"]] += 1
            assert (due["due"] is None) == (due["refused"] is not None)
            if due["due"]:
                assert found.calendar.is_workday(date.fromisoformat(due["due"]))
        assert len(document["not_counted"]) + len(found.known.counted) + sum(
            entry.event.event == "correction" and entry.event.on <= on
            for entry in found.log.entries
        ) == len(found.log.entries)
        lang = chance.choice(["zh", "en"])
        ElementTree.fromstring(schedule_to_svg(found, lang=lang))  # noqa: S314 - drawn here
        assert schedule_to_ics(found).endswith(b"END:VCALENDAR\r\n")
        assert schedule_text(found, lang)
        assert pot_text([found], lang)
    return states


def test_any_log_is_answered_in_every_form() -> None:
    assert tell(250, seed=20210127).total() > 100


@pytest.mark.full
def test_very_many_logs_are_answered_in_every_form() -> None:
    logs, seed = 20_000, 4
    states = tell(logs, seed)
    print(f"random logs, seed {seed}: {logs:,}; deadlines: {dict(sorted(states.items()))}")
    assert set(states) >= {"overdue", "running", "stopped", "done", "done_late", "refused"}
