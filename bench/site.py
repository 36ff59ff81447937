"""The gates of a site, per call: project and log in, stages, conflicts and breaches out."""

from __future__ import annotations

import random
import statistics
import time
from datetime import timedelta

from bench.clock import say
from drawreview.site.gates import gates
from tests.site.random_logs import FIRST, PROJECTS, log_from, random_events

_MOST_MS = 5.0


def run(rows: int, rounds: int, *, seed: int = 20210127) -> bool:
    """Measure random lives of random projects, each asked about on its last day."""
    chance = random.Random(seed)  # noqa: S311 - an order, not a secret
    asked = []
    for _ in range(rows):
        project = PROJECTS[chance.choice(list(PROJECTS))]
        asked.append((project, log_from(random_events(chance)), FIRST + timedelta(days=12)))
    taken: list[float] = []
    for number in range(rounds + 1):
        for project, log, day in asked:
            start = time.process_time()
            gates(project, log, on=day)
            if number:  # the first round only warms up
                taken.append((time.process_time() - start) * 1e3)
    median, last = statistics.median(taken), statistics.quantiles(taken, n=100)[-1]
    met = median <= _MOST_MS
    said = "met" if met else "MISSED"
    say(
        f"gates, CPU per call over {len(taken)} calls: median {median:.2f} ms, "
        f"99th percentile {last:.2f} ms; goal at most {_MOST_MS:.0f} ms: {said}"
    )
    return met
