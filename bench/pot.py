"""Due dates of a pot of projects in one run, and one term against the calendar's own counting."""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from chinese_calendar import find_workday

from bench.clock import Goal, interleaved, over, say, show
from bench.rows import projects
from drawreview.cli.pot import sites_from
from drawreview.project.model import Project
from drawreview.rulebook.load import load_rulebook
from drawreview.site.deadlines import deadlines
from drawreview.site.log import Log
from drawreview.site.statement import read_log
from drawreview.timeline.clocks import Term
from drawreview.timeline.workdays import published_calendar

_ON: Final = date(2021, 4, 20)
_DAY: Final = timedelta(days=1)


def run(size: int, rounds: int) -> bool:
    """Measure the pot and the term; return whether the goal is met."""
    return _pot(size) and _term(rounds)


def _lives(size: int, seed: int = 20210127) -> Sequence[str]:
    """Return event files: staged or not, with and without stops, done, open and overdue."""
    chance = random.Random(seed)  # noqa: S311 - test data
    lives: list[str] = []
    for _ in range(size):
        start = date(2021, 2, 1) + chance.randrange(100) * _DAY
        events = [(start, "event: full_set_submitted")]
        if chance.random() < 0.8:  # noqa: PLR2004
            events.append((start + chance.randrange(3) * _DAY, "event: staging_requested"))
        if chance.random() < 0.4:  # noqa: PLR2004
            stop = start + chance.randrange(1, 8) * _DAY
            events.append((stop, "event: correction_started"))
            events.append((stop + chance.randrange(6) * _DAY, "event: correction_finished"))
        if chance.random() < 0.5:  # noqa: PLR2004
            done = start + chance.randrange(2, 12) * _DAY
            events.append((done, "event: foundation_report_issued, violations: false"))
        events.sort()
        lines = "\n".join(f"  - {{on: {day}, {event}}}" for day, event in events)
        lives.append(f"schema: drawreview/events@1\nevents:\n{lines}\n")
    return lives


def _pot(size: int) -> bool:
    some, texts = projects(min(size, 1_000)), _lives(size)
    pot: list[tuple[Project, Log]] = [
        (some[index % len(some)], read_log(text, "e.yaml")) for index, text in enumerate(texts)
    ]
    states: Counter[str] = Counter()
    start = time.process_time()
    for project, log in pot:
        found = deadlines(project, log, on=_ON)
        states.update(due.state for due in found.in_order if due.due or due.refused)
    spent = time.process_time() - start
    say(f"\ndue dates of {size:,} projects in memory: {spent:.2f} CPU s, decisions included")
    say(f"  {sum(states.values()):,} deadlines: {dict(sorted(states.items()))}")
    # Every tenth is exempt and has no deadline.
    kinds = [
        (Path("examples") / f"{name}.yaml").read_text(encoding="utf-8")
        for name in ("office", *("housing",) * 9)
    ]
    with tempfile.TemporaryDirectory() as folder:
        for index, text in enumerate(texts):
            stated = kinds[index % len(kinds)].replace("号", f"号之{index}")
            (Path(folder) / f"p{index}.yaml").write_text(stated, encoding="utf-8")
            (Path(folder) / f"p{index}_events.yaml").write_text(text, encoding="utf-8")
        start = time.process_time()
        sites, problems = sites_from("", "", Path(folder))
        law = load_rulebook()
        told = sum(len(deadlines(*site, on=_ON, rulebook=law).in_order) for site in sites)
        spent = time.process_time() - start
    say(f"  from {2 * size:,} YAML files: {spent:.2f} CPU s; {told:,} deadlines")
    return not problems


def _term(rounds: int) -> bool:
    calendar = published_calendar()
    days = [date(2021, 1, 1) + n * _DAY for n in range(1_000)]

    def ours(day: date) -> date:
        return Term(day, 7, start_day_counts=False).due(calendar)

    def theirs(day: date) -> date:
        return find_workday(6, day + _DAY)

    if [ours(day) for day in days] != [theirs(day) for day in days]:
        say("\nthe two disagree")
        return False
    names = ("drawreview Term.due, 7 working days", "chinese_calendar.find_workday")
    costs = interleaved({names[0]: over(ours, days), names[1]: over(theirs, days)}, rounds)
    return show("one term", costs, (Goal(names[0], names[1], 0.1),))
