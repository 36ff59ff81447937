"""Memory over many decisions of one process."""

from __future__ import annotations

import itertools
import os
import time
from pathlib import Path
from typing import Final

from bench.clock import say
from bench.rows import ON, projects
from drawreview.engine.decide import decide

MOST_GROWTH: Final = 4 * 1024 * 1024


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def run(decisions: int) -> bool:
    """Decide over and over; memory after the first twentieth is the measure of the rest."""
    some = projects(500) + projects(500, unknown=0.1)
    endless = itertools.cycle(some)
    for project in itertools.islice(endless, max(len(some), decisions // 20)):
        decide(project, on=ON)
    before, start = _resident(), time.process_time()
    for project in itertools.islice(endless, decisions):
        decide(project, on=ON)
    grown = _resident() - before
    verdict = "met" if grown <= MOST_GROWTH else "MISSED"
    say(f"\nmemory over {decisions:,} decisions, {time.process_time() - start:.0f} CPU s")
    say(f"  {before / 2**20:.1f} MiB, grown by {grown / 2**20:.2f} MiB; goal <= 4 MiB: {verdict}")
    return grown <= MOST_GROWTH
