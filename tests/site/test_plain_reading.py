"""The gates, read off 三(一), 三(二) and 消防法 第十二条 once more without the rule files."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from drawreview import load_rulebook
from drawreview.site.situation import situation_of
from drawreview.site.stages import gates_of
from tests.site.papers import Papers
from tests.site.random_logs import PROJECTS, log_from, random_day, random_events

NAMES = ("exempt", "reviewed", "municipal", "special", "special and small")


def read(name: str, papers: Papers) -> list[str]:
    special = name.startswith("special")
    pit = papers.pit(special=special)
    if name == "exempt":
        blinding = "not_barred" if papers.exempt_blinding() else "ask" if pit else "barred"
        slab = papers.spot_checked()
    else:
        asks = papers.blinding_asks(special=special)
        open_ = papers.reviewed_blinding(special=special)
        blinding = "not_barred" if open_ else "ask" if asks else "barred"
        slab = papers.reviewed(special=special)
    # Whoever may build the slab has nothing to put right, and may go on above it.
    above = "not_barred" if slab else "barred"
    return ["not_barred" if pit else "barred", blinding, above, above]


def compare(logs: int, seed: int) -> Counter[str]:
    random, law, seen = Random(seed), load_rulebook(), Counter[str]()
    for _ in range(logs):
        name, day = random.choice(NAMES), random_day(random)
        events = [event for event in random_events(random) if event["event"] != "correction"]
        papers = Papers([event for event in events if event["on"] <= day.isoformat()])
        found = situation_of(PROJECTS[name], log_from(events).known_on(day), law)
        if found.decided:  # while a change leaves the class open, no paper alone opens a stage
            told = read(name, papers)
            assert [gate.state for gate in gates_of(found)] == told, (name, day, events)
            seen[" ".join(told)] += 1
    return seen


def test_a_plain_reading_of_the_text_gives_the_same_gates() -> None:
    assert len(compare(1_000, seed=6)) >= 5


@pytest.mark.full
def test_a_plain_reading_of_the_text_gives_the_same_gates_for_very_many_logs() -> None:
    logs, seed = 200_000, 20210127
    seen = compare(logs, seed)
    print(f"\nseed {seed}: {seen.total():,} of {logs:,} logs read twice, 0 differences")
    print("\n".join(f"  {what}: {count}" for what, count in sorted(seen.items())))
