"""What must hold of every log, tried on random ones; both engines judge each."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from drawreview import load_rulebook
from drawreview.site.answer_to_json import answer_to_json
from drawreview.site.gates import gates
from drawreview.site.log import Log
from drawreview.site.situation import situation_of
from drawreview.site.stages import gates_of
from drawreview.site.state import facts_of_site
from tests.site.papers import Papers
from tests.site.random_logs import (
    DOCUMENTS,
    FIRST,
    MISHAPS,
    PROJECTS,
    STARTS,
    entry_from,
    hold_of_random_logs,
    hold_of_very_many_logs,
    log_from,
    random_change,
    random_day,
    random_events,
)

KEY = (
    *("review_certificate_issued", "site_progress_verified", "foundation_report_issued"),
    *("fire_opinion_issued", "spot_check_certificate_issued"),
)
REVIEWED = ("reviewed", "municipal", "special", "special and small")


def states(name: str, log: Log, day: date) -> dict[str, str]:
    situation = situation_of(PROJECTS[name], log.known_on(day), load_rulebook())
    return {gate.stage.value: gate.state for gate in gates_of(situation)}


class Life(RuleBasedStateMachine):
    """A project: documents arrive, things go wrong, entries are withdrawn, works start."""

    @initialize(
        name=st.sampled_from(sorted(PROJECTS)), permitted=st.sampled_from([True, True, False])
    )
    def begin(self, name: str, *, permitted: bool) -> None:
        self.name = name
        self.day = FIRST
        self.log = Log(())
        self.events: list[dict[str, Any]] = []
        self.last: tuple[tuple[date, int] | None, dict[str, str]] = (None, {})
        self.told: list[tuple[date, dict[str, str]]] = []
        if permitted:
            self._add({"event": "permit_issued"})

    def _now(self) -> dict[str, str]:
        asked = (self.day, len(self.events))
        if self.last[0] != asked:
            self.last = (asked, states(self.name, self.log, self.day))
        return self.last[1]

    def _add(self, *events: dict[str, Any]) -> None:
        for event in events:
            self.events.append({"on": self.day.isoformat(), **event})
            entry = entry_from(len(self.events), self.events[-1])
            self.log = Log((*self.log.entries, entry))

    @rule(but=st.sampled_from([None, *KEY]))
    def papers_arrive(self, but: str | None) -> None:
        """What opens every stage of any project, or all of that but one."""
        self._add(*(document for document in DOCUMENTS if document["event"] != but))

    @rule(days=st.integers(1, 3))
    def time_passes(self, days: int) -> None:
        self.told.append((self.day, self._now()))
        self.day += timedelta(days=days)

    @rule(document=st.sampled_from(DOCUMENTS))
    def a_document_arrives(self, document: dict[str, Any]) -> None:
        before = self._now()
        self._add(document)
        after = self._now()
        shut = [s for s in before if (before[s], after[s] != "not_barred") == ("not_barred", True)]
        assert not shut, (self.name, document, self.events)

    @rule(mishap=st.sampled_from(MISHAPS))
    def something_goes_wrong(self, mishap: dict[str, Any]) -> None:
        self._add(mishap)

    @rule(which=st.integers(0, 30))
    def an_entry_is_withdrawn(self, which: int) -> None:
        """From then on it is as if it had never been written."""
        own = [number for number, e in enumerate(self.events, 1) if e["event"] != "correction"]
        if own:
            of = own[which % len(own)]
            self._add({"event": "correction", "of": of, "why": "误录", "withdrawn": True})
            gone = {e["of"] for e in self.events if e["event"] == "correction"}
            kept = Log(tuple(e for e in self.log.entries if e.number not in gone))
            kept = Log(tuple(e for e in kept.entries if e.event.event != "correction"))
            assert self._now() == states(self.name, kept, self.day)

    @rule(start=st.sampled_from(STARTS))
    def works_start(self, start: dict[str, Any]) -> None:
        before = self._now()
        self._add(start)
        assert self._now() == before

    @invariant()
    def a_later_stage_is_never_open_before_an_earlier_one(self) -> None:
        order = ["not_barred", "ask", "barred"]
        ranks = [order.index(state) for state in self._now().values()]
        assert ranks == sorted(ranks)

    @invariant()
    def a_base_slab_opens_with_its_papers_and_not_before(self) -> None:
        gone = {e["of"] for e in self.events if e["event"] == "correction"}
        papers = Papers([e for n, e in enumerate(self.events, 1) if n not in gone])
        slab = self._now()["base_slab"]
        if self.name in REVIEWED:
            opens = papers.reviewed(special=self.name.startswith("special"))
        elif self.name == "exempt":
            opens = papers.spot_checked()
        else:
            return  # its slab may be asked about, for other reasons
        # What a change leaves open may be asked about although all papers are there.
        assert opens or slab != "not_barred", (self.name, self.events)
        assert not opens or papers.changed or slab == "not_barred", (self.name, self.events)

    def teardown(self) -> None:
        """Every day that was told is told again from the whole log."""
        for day, told in getattr(self, "told", ()):
            assert states(self.name, self.log, day) == told


def test_a_life_keeps_to_the_law() -> None:
    quick = settings(
        max_examples=80,
        stateful_step_count=25,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    run_state_machine_as_test(Life, settings=quick)


@pytest.mark.full
def test_very_many_lives_keep_to_the_law() -> None:
    thorough = settings(max_examples=1_000, stateful_step_count=40, deadline=None)
    run_state_machine_as_test(Life, settings=thorough)


def check_prefix(seed: int) -> None:
    """What is told of a day does not change when more is written later."""
    random = Random(seed)
    name, day = random.choice(list(PROJECTS)), random_day(random)
    events = random_events(random)
    whole = log_from(events)
    prefix = Log(tuple(entry for entry in whole.entries if entry.event.on <= day))
    law = load_rulebook()
    one = json.loads(answer_to_json(gates(PROJECTS[name], whole, on=day, rulebook=law)))
    other = json.loads(answer_to_json(gates(PROJECTS[name], prefix, on=day, rulebook=law)))
    for said in ("stages", "breaches", "changes", "overdue", "review_path"):
        assert one[said] == other[said], (name, day, events)


def check_order(seed: int) -> None:
    """Entries may be written down in any order: days count, not lines."""
    random = Random(seed)
    name, day = random.choice(list(PROJECTS)), random_day(random)
    events = [event for event in random_events(random) if event["event"] != "correction"]
    became = random.sample(["exempt", "reviewed", "special and small"], random.randrange(3))
    events += ({**random_change(random), "project": PROJECTS[name]} for name in became)
    shuffled = random.sample(events, len(events))
    facts = [facts_of_site(log_from(each).known_on(day)) for each in (events, shuffled)]
    assert facts[0] == facts[1], (day, events)
    if random.random() < 0.9:
        return  # what follows from the facts is tried on some
    law = load_rulebook()
    one, other = (
        json.loads(answer_to_json(gates(PROJECTS[name], log_from(each), on=day, rulebook=law)))
        for each in (events, shuffled)
    )
    assert one["stages"] == other["stages"], (name, day, events)
    for said in ("breaches", "changes"):
        told = [sorted(str({**each, "number": 0}) for each in a[said]) for a in (one, other)]
        assert told[0] == told[1], (name, day, events)


CHECKS = {
    "a prefix tells the day": (check_prefix, 150),
    "lines have no order": (check_order, 1_000),
}


@pytest.mark.parametrize("name", CHECKS)
def test_it_holds_of_random_logs(name: str) -> None:
    hold_of_random_logs(*CHECKS[name])


@pytest.mark.full
@pytest.mark.parametrize("name", CHECKS)
def test_it_holds_of_very_many_logs(name: str) -> None:
    hold_of_very_many_logs(name, *CHECKS[name])


def agree_on(seed: int, logs: int) -> Counter[str]:
    """Judge random logs on random days by both engines; a disagreement raises."""
    random = Random(seed)
    law, seen = load_rulebook(), Counter[str]()
    for _ in range(logs):
        project = PROJECTS[random.choice(list(PROJECTS))]
        known = log_from(random_events(random)).known_on(random_day(random))
        situation = situation_of(project, known, law)
        situation.extents  # noqa: B018 - both engines are asked here
        seen.update(f"{g.stage.value} {g.state}" for g in gates_of(situation))
    return seen


def test_the_two_engines_agree_on_random_logs() -> None:
    seen = agree_on(20210127, 400)
    assert len(seen) == 12  # each stage in each of its three states


@pytest.mark.full
def test_the_two_engines_agree_on_a_hundred_thousand_logs() -> None:
    seed, logs = 20210127, 100_000
    seen = agree_on(seed, logs)
    print(f"\nseed {seed}: {logs} logs, {sum(seen.values())} gates, 0 disagreements")
    print("\n".join(f"  {what}: {count}" for what, count in sorted(seen.items())))
