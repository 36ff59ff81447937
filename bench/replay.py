"""Replay a journal, against only parsing and hashing the same records in the same run."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TypeVar

from bench.clock import say
from bench.rows import ON
from bench.rows import projects as projects_of
from drawreview import decide
from drawreview.records.body import Actor, Circumstances
from drawreview.records.entry import Entry, Receipt
from drawreview.records.journal import Journal, init_journal, new_id
from drawreview.records.record import decision_entry
from drawreview.records.replay import Plan, Replayed, replay

GOAL = 3.0
SAMPLE = 0.01
_SEED = 20210301
_WAITING = 512  # entries that share a commit
T = TypeVar("T")
_BY = Circumstances(actor=Actor("w-1", "clerk", "cli"))


def run(records: int, projects: int) -> bool:
    """Record so many decisions on so many projects, and replay them; whether the goal is met."""
    with tempfile.TemporaryDirectory(prefix="drawreview-bench-") as folder:
        place = Path(folder, "journal", "bench.db")
        key = Path(folder, "keys", "bench.json")
        with init_journal(place, origin="bench.example", key=key) as journal:
            made = _fill(journal, records, projects)
            say(f"{made} records of {projects} projects, {place.stat().st_size / 1e9:.2f} GB")
            floor, counted = _timed(lambda: _parse_and_hash(journal))
            plan = Plan(sample=SAMPLE, seed=_SEED)
            taken, done = _timed(lambda: replay(journal, plan))
    assert counted == made == done.records == done.decisions  # noqa: S101 - honest counts
    _tell(floor, taken, done)
    return not done.counts and taken <= GOAL * floor


def _tell(floor: float, taken: float, done: Replayed) -> None:
    each = 1e6 / done.records
    say(
        f"replay: {done.records} records, {done.whole} by both engines with whole documents, "
        f"{done.read} by the truth reader, {done.counts.total()} findings, seed {_SEED}"
    )
    say(
        f"  floor {floor:.1f} CPU-s ({floor * each:.0f} µs each), replay {taken:.1f} CPU-s "
        f"({taken * each:.0f} µs each): {taken / floor:.2f} × the floor, goal ≤ {GOAL:.0f}"
    )


def _fill(journal: Journal, records: int, projects: int) -> int:
    """Record each project in turn until there are enough, each time under a new id."""
    some = projects_of(projects // 2) + projects_of(projects - projects // 2, unknown=0.1)
    made = [decision_entry(decide(each, on=ON), _BY) for each in some]
    waiting: list[Future[Receipt]] = []
    count = 0
    for entry in islice(_again(made), records):
        waiting.append(journal.submit(entry))
        if len(waiting) == _WAITING:
            count += sum(one.result().seq >= 0 for one in waiting)
            waiting.clear()
    return count + sum(one.result().seq >= 0 for one in waiting)


def _again(made: list[Entry]) -> Iterator[Entry]:
    while True:
        for entry in made:
            name = new_id()
            yield Entry(name, entry.body.replace(entry.id.encode(), name.encode()), entry.blobs)


def _parse_and_hash(journal: Journal) -> int:
    count = 0
    for record in journal.records():
        sha256(b"\x00" + record.body).digest()
        json.loads(record.body)
        count += 1
    return count


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    before = time.process_time()
    found = work()
    return time.process_time() - before, found
