"""The pages' server under load: against a constant answer, recording, in batches, and killed.

Each client keeps one connection, and no project is asked about twice in a thousand. Client and
server share the machine, so only ratios say anything. The constant answer is that of an application
of the same framework with nothing else in it, served by the same process; so is the floor, which
reads the same projects and answers as many bytes, and decides nothing.
"""

from __future__ import annotations

import asyncio
import itertools
import statistics
from typing import Final

from bench.clock import say
from bench.web_kills import killed
from bench.web_load import Ask, Load, asking, load, projects, recording, request, serving

_CLIENTS: Final = 16
_DECISION_TO_CONSTANT: Final = 0.75
_RECORDED_TO_UNRECORDED: Final = 0.5
_BATCH_TO_SINGLE: Final = 15.0
_CONSTANT: Final = "/constant"
_DIFFERENT: Final = 1_000


def run(seconds: float, rounds: int) -> bool:
    """Measure all; whether every goal is met."""
    different = projects(_DIFFERENT)

    def over(bodies: list[bytes], path: str) -> Ask:
        each = itertools.cycle([request("POST", path, body) for body in bodies])
        return lambda: next(each)

    def ones(want: str) -> Ask:
        bodies = [asking(want=want, project=one) for one in different]
        return over(bodies, "/api/v1/decisions")

    def hundreds(want: str) -> Ask:
        some = [different[at : at + 100] for at in range(0, _DIFFERENT, 100)]
        bodies = [asking(want=want, projects=hundred) for hundred in some]
        return over(bodies, "/api/v1/decisions/batch")

    recorded = itertools.cycle([asking(project=one) for one in different])
    with serving() as server:
        asks: dict[str, tuple[Ask, int]] = {
            "constant": (lambda: request("GET", _CONSTANT), _CLIENTS),
            "floor": (over([asking(project=one) for one in different], "/floor"), _CLIENTS),
            "document": (ones("document"), _CLIENTS),
            "outcome": (ones("outcome"), _CLIENTS),
            "path": (ones("path"), _CLIENTS),
            "recorded": (lambda: recording(server, next(recorded)), _CLIENTS),
            "one document": (ones("document"), 1),
            "one outcome": (ones("outcome"), 1),
            "100 outcomes": (hundreds("outcome"), 1),
            "100 paths": (hundreds("path"), 1),
        }
        loads: dict[str, list[Load]] = {name: [] for name in asks}
        for _ in range(rounds):  # interleaved: the machine is never the same twice
            for name, (ask, clients) in asks.items():
                found = asyncio.run(load(server, ask, clients=clients, seconds=seconds))
                loads[name].append(found)
    for name, found in loads.items():
        strange = {s for one in found for s in one.statuses} - {200, 201}
        rate, p99, cost = (
            statistics.median(getattr(o, a) for o in found)
            for a in ("per_second", "p99_ms", "server_us")
        )
        told = (
            f"{rate:9.0f} requests/s, p99 {p99:7.1f} ms, {cost:7.0f} us of the server's processor"
        )
        say(f"  {name:<14} {told}{f', answered {strange}' if strange else ''}")

    def ratio(one: str, other: str, times: int = 1) -> float:
        pairs = zip(loads[one], loads[other], strict=True)
        return statistics.median(times * a.per_second / b.per_second for a, b in pairs)

    def cheaper(one: str, other: str, times: int = 1) -> float:
        pairs = zip(loads[one], loads[other], strict=True)
        return statistics.median(times * b.server_us / a.server_us for a, b in pairs)

    _told("outcome / constant", ratio("outcome", "constant"))
    _told("path / constant", ratio("path", "constant"))
    _told("100 outcomes / one outcome", ratio("100 outcomes", "one outcome", 100))
    _told("100 paths / one document", ratio("100 paths", "one document", 100))
    say("  the same by the server's processor time, which other work on the machine disturbs less:")
    _told("floor / constant", cheaper("floor", "constant"))
    _told("document / constant", cheaper("document", "constant"))
    _told("document / floor", cheaper("document", "floor"))
    _told("recorded / document", cheaper("recorded", "document"))
    _told("100 outcomes / one document", cheaper("100 outcomes", "one document", 100))
    met = [
        _goal("document / constant", ratio("document", "constant"), _DECISION_TO_CONSTANT),
        _goal("recorded / document", ratio("recorded", "document"), _RECORDED_TO_UNRECORDED),
        _goal(
            "100 outcomes / one document",
            ratio("100 outcomes", "one document", 100),
            _BATCH_TO_SINGLE,
        ),
        killed(),
    ]
    return all(met)


def _told(what: str, found: float) -> None:
    say(f"  {what}: {found:.2f}")


def _goal(what: str, found: float, least: float) -> bool:
    say(f"  {what}: {found:.2f} (goal at least {least}) {'met' if found >= least else 'MISSED'}")
    return found >= least
