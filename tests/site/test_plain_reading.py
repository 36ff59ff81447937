"""The gates, read off 三(一), 三(二) and 消防法 第十二条 once more without the rule files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import pytest

from drawreview import load_rulebook
from drawreview.site.situation import situation_of
from drawreview.site.stages import gates_of
from tests.site.random_logs import PROJECTS, log_from, random_day, random_events

Event = dict[str, Any]
NAMES = ("exempt", "reviewed", "municipal", "special", "special and small")
REPORTS = ("foundation_report_issued", "remaining_report_issued")


class Papers:
    """The events until a day, by name."""

    def __init__(self, events: list[Event], day: date) -> None:
        self.events = [event for event in events if event["on"] <= day.isoformat()]

    def named(self, name: str, since: str = "") -> list[Event]:
        return [e for e in self.events if e["event"] == name and e["on"] >= since]

    def days(self, name: str) -> list[str]:
        return [event["on"] for event in self.named(name)]


def last_says(papers: list[Event], what: Callable[[Event], bool]) -> bool:
    last = max((paper["on"] for paper in papers), default="")
    return any(what(paper) for paper in papers if paper["on"] == last)


def notes(report: Event) -> bool:
    return report["violations"]


def read_as_reviewed(papers: Papers, *, special: bool) -> list[str]:
    reports = papers.named("foundation_report_issued")
    clean = bool(reports) and not last_says(reports, notes)
    whole = [e["on"] for e in papers.named("review_certificate_issued") if not e.get("partial")]
    certified = bool(whole) and not any(
        last_says(papers.named(name, max(whole)), notes) for name in REPORTS
    )
    looked = papers.named("site_progress_verified", min(whole)) if whole else []
    verified = bool(looked) and not last_says(looked, lambda e: e.get("passed") is False)
    opinions = papers.named("fire_opinion_issued")
    passed = bool(opinions) and not last_says(opinions, lambda e: not e["qualified"])
    pit = bool(papers.days("permit_issued")) and (passed or not special)
    slab = pit and certified and verified
    return [state(pit), state(pit and (clean or certified)), state(slab), state(slab)]


def read_as_exempt(papers: Papers) -> list[str]:
    noted = [e["on"] for e in papers.named("spot_check_opinion_issued") if notes(e)]
    settled = not noted or (
        any(day >= max(noted) for day in papers.days("rectification_accepted"))
        or any(day > max(noted) for day in papers.days("spot_check_certificate_issued"))
    )
    selected = max(papers.days("spot_check_selected"), default="")
    waived = settled and any(day > selected for day in papers.days("spot_check_waived"))
    certified = settled and bool(papers.days("spot_check_certificate_issued"))
    pit = bool(papers.days("permit_issued"))
    blinding = "not_barred" if certified or waived else "ask"
    slab = pit and (certified or waived) and bool(papers.days("drawings_uploaded"))
    # Who has the certificate or the waiver, and nothing to put right, may go on above the slab.
    return [state(pit), blinding if pit else "barred", state(slab), state(slab)]


def state(open_: bool) -> str:
    return "not_barred" if open_ else "barred"


def compare(logs: int, seed: int) -> Counter[str]:
    random, law, seen = Random(seed), load_rulebook(), Counter[str]()
    for _ in range(logs):
        name, day = random.choice(NAMES), random_day(random)
        events = [
            event
            for event in random_events(random)
            if event["event"] not in {"correction", "major_design_change"}
        ]
        papers = Papers(events, day)
        read = (
            read_as_exempt(papers)
            if name == "exempt"
            else read_as_reviewed(papers, special=name.startswith("special"))
        )
        found = situation_of(PROJECTS[name], log_from(events).known_on(day), law)
        assert [gate.state for gate in gates_of(found)] == read, (name, day, events)
        seen[" ".join(read)] += 1
    return seen


def test_a_plain_reading_of_the_text_gives_the_same_gates() -> None:
    assert len(compare(1_000, seed=6)) >= 5


@pytest.mark.full
def test_a_plain_reading_of_the_text_gives_the_same_gates_for_very_many_logs() -> None:
    logs, seed = 200_000, 20210127
    seen = compare(logs, seed)
    print(f"\nseed {seed}: {logs:,} logs read twice, 0 differences; {dict(seen)}")
