"""The pages' server under load: against a constant answer, recording, in batches, and killed.

Each client keeps one connection. Client and server share the machine, so only ratios say anything.
"""

from __future__ import annotations

import asyncio
import json
import statistics
from typing import Final

from bench.clock import say
from bench.web_kills import killed, soaked
from bench.web_load import Ask, Load, asked_of_office, example, load, recording, request, serving

_CLIENTS: Final = 16
_DECISION_TO_CONSTANT: Final = 0.75
_RECORDED_TO_UNRECORDED: Final = 0.5
_BATCH_TO_SINGLE: Final = 15.0
_CONSTANT: Final = "/constant"


def run(seconds: float, rounds: int) -> bool:
    """Measure all; whether every goal is met."""
    project, asked = example(), asked_of_office()

    def wanting(want: str, path: str, **said: object) -> bytes:
        body = {"on": "2021-03-01", "want": want, **said}
        return request("POST", f"/api/v1/decisions{path}", json.dumps(body).encode())

    ones = {want: wanting(want, "", project=project) for want in ("document", "outcome", "path")}
    many = {want: wanting(want, "/batch", projects=[project] * 100) for want in ("outcome", "path")}
    with serving() as server:
        asks: dict[str, tuple[Ask, int]] = {
            "constant": (lambda: request("GET", _CONSTANT), _CLIENTS),
            "document": (lambda: ones["document"], _CLIENTS),
            "outcome": (lambda: ones["outcome"], _CLIENTS),
            "path": (lambda: ones["path"], _CLIENTS),
            "recorded": (lambda: recording(server, asked), _CLIENTS),
            "one document": (lambda: ones["document"], 1),
            "one outcome": (lambda: ones["outcome"], 1),
            "100 outcomes": (lambda: many["outcome"], 1),
            "100 paths": (lambda: many["path"], 1),
        }
        loads: dict[str, list[Load]] = {name: [] for name in asks}
        for _ in range(rounds):  # interleaved: the machine is never the same twice
            for name, (ask, clients) in asks.items():
                loads[name].append(
                    asyncio.run(load(server.port, ask, clients=clients, seconds=seconds))
                )
    for name, found in loads.items():
        strange = {s for one in found for s in one.statuses} - {200, 201}
        rate, p99 = (
            statistics.median(getattr(o, a) for o in found) for a in ("per_second", "p99_ms")
        )
        said = f"  {name:<14} {rate:9.0f} requests/s, p99 {p99:7.1f} ms"
        say(f"{said}{f', answered {strange}' if strange else ''}")

    def ratio(one: str, other: str, times: int = 1) -> float:
        pairs = zip(loads[one], loads[other], strict=True)
        return statistics.median(times * a.per_second / b.per_second for a, b in pairs)

    _told("outcome / constant", ratio("outcome", "constant"))
    _told("path / constant", ratio("path", "constant"))
    _told("100 paths / one document", ratio("100 paths", "one document", 100))
    _told("100 outcomes / one outcome", ratio("100 outcomes", "one outcome", 100))
    met = [
        _goal("document / constant", ratio("document", "constant"), _DECISION_TO_CONSTANT),
        _goal("recorded / document", ratio("recorded", "document"), _RECORDED_TO_UNRECORDED),
        _goal(
            "100 outcomes / one document",
            ratio("100 outcomes", "one document", 100),
            _BATCH_TO_SINGLE,
        ),
        killed(asked),
        soaked(asked, seconds=max(30.0, 10 * seconds)),
    ]
    return all(met)


def _told(what: str, found: float) -> None:
    say(f"  {what}: {found:.2f}")


def _goal(what: str, found: float, least: float) -> bool:
    say(f"  {what}: {found:.2f} (goal at least {least}) {'met' if found >= least else 'MISSED'}")
    return found >= least
