"""CPU time of contenders in shuffled, interleaved blocks."""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Block = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds per piece of work: the least and the median of all blocks."""

    least: float
    median: float


@dataclass(frozen=True, slots=True)
class Goal:
    """A ratio of two contenders that must not be exceeded."""

    of: str
    to: str
    most: float


def over(
    work: Callable[[Any], object],
    rows: Iterable[Any],
    *,
    fresh: Callable[[Any], Any] | None = None,
) -> Block:
    """Return a block that does the work on every row; `fresh` copies rows off the clock."""
    kept = list(rows)

    def block() -> float:
        given = kept if fresh is None else [fresh(row) for row in kept]
        start = time.process_time()
        for row in given:
            work(row)
        return (time.process_time() - start) / len(given)

    return block


def interleaved(
    blocks: Mapping[str, Block], rounds: int, *, seed: int = 20210127
) -> dict[str, Cost]:
    """Run every block once per round, in a new order each time; the first round only warms up."""
    order, chance = list(blocks), random.Random(seed)  # noqa: S311 - an order, not a secret
    taken: dict[str, list[float]] = {name: [] for name in order}
    for number in range(rounds + 1):
        chance.shuffle(order)
        for name in order:
            spent = blocks[name]()
            if number:
                taken[name].append(spent)
    return {name: Cost(min(all_), statistics.median(all_)) for name, all_ in taken.items()}


def say(line: str = "") -> None:
    """Write a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def show(title: str, costs: Mapping[str, Cost], goals: Sequence[Goal], *, unit: str = "us") -> bool:
    """Print costs and the ratios that have a goal; return whether every goal is met."""
    scale = {"us": 1e6, "ms": 1e3}[unit]
    say(f"\n{title}")
    say(f"  {'':<44} {'min ' + unit:>10} {'median':>10}")
    for name, cost in costs.items():
        say(f"  {name:<44} {cost.least * scale:>10.2f} {cost.median * scale:>10.2f}")
    met = True
    for goal in goals:
        if goal.of not in costs or goal.to not in costs:
            continue
        least = costs[goal.of].least / costs[goal.to].least
        median = costs[goal.of].median / costs[goal.to].median
        verdict = "met" if least <= goal.most else "MISSED"
        met = met and least <= goal.most
        say(
            f"  {goal.of} / {goal.to}: {least:.2f} by min, {median:.2f} by median;"
            f" goal <= {goal.most:.2f}: {verdict}"
        )
    return met
