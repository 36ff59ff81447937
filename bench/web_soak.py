"""The pages' server in mixed use for a while: does its memory grow, and with which requests?"""

from __future__ import annotations

import asyncio
import itertools
import json
import math
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Final

from bench.clock import say
from bench.web_load import (
    Ask,
    Server,
    answered,
    asking,
    load,
    processor_seconds,
    projects,
    recording,
    request,
    serving,
)

_CLIENTS: Final = 8
_PAUSE: Final = 0.2  # of each client between two requests: people and programs, no flood
_SAMPLE_SECONDS: Final = 5.0
_WARM: Final = 1 / 3  # this part of the time is let pass before memory is looked at
_ALONE: Final = 1 / 200  # of the time, once more for each kind of request
_PARTS: Final = 12
_TWO_SIDED_95: Final = 1.96


# What is looked at, of what size its unit is, and what that is called.
_HELD: Final = {
    "resident": ("in memory", 1 << 20, "MiB"),
    "anonymous": ("of that, of no file", 1 << 20, "MiB"),
    "used": ("in use outside of Python's own pools", 1 << 20, "MiB"),
    "free": ("free in the heaps, and kept", 1 << 20, "MiB"),
    "blocks": ("in use in Python's pools", 1_000, "thousand blocks"),
}
_HELD_ALONE: Final = {
    "anonymous": ("KiB in memory", 1 << 10),
    "used": ("KiB in use", 1 << 10),
    "blocks": ("blocks", 1),
}
Held = dict[str, int]


def run(minutes: float) -> bool:
    """Ask for a while, and tell how memory grows once all is warm; then by each kind alone."""
    with serving() as server:
        looked: list[tuple[float, Held]] = []
        told: Counter[int] = Counter()
        asyncio.run(_soak(server, 60 * minutes, looked, told))
        busy = processor_seconds(server.process.pid)
        answers = ", ".join(f"{count} × {status}" for status, count in sorted(told.items()))
        say(
            f"  soak of {minutes:g} min: {sum(told.values())} requests ({answers}),"
            f" {busy:.0f} s of the server's processor; from the {_WARM * minutes:.0f}th minute:"
        )
        for kind in _HELD:
            _say_growth(kind, looked, minutes)
        say("  each kind alone, more by 1,000 requests (95 %):")
        for _, name, ask in _asks(server, _CLIENTS):
            say(f"    {name:28}{asyncio.run(_alone(server, ask, 60 * minutes * _ALONE))}")
    return not any(status >= 500 for status in told)  # noqa: PLR2004 - a defect


def _say_growth(kind: str, looked: list[tuple[float, Held]], minutes: float) -> None:
    name, unit, called = _HELD[kind]
    warm = [(hour, held[kind] / unit) for hour, held in looked if hour > _WARM * minutes / 60]
    slope, error = slope_of(warm)
    sizes = [size for _, size in warm]
    say(
        f"    {name}: {sizes[0]:.1f} {called}, {sizes[-1]:.1f} at the end, {max(sizes):.1f} at"
        f" most, slope {slope:+.2f} an hour (95 %: {slope - error:+.2f} to {slope + error:+.2f})"
    )


async def _alone(server: Server, ask: Ask, seconds: float) -> str:
    """Return by how much more is held while nothing else is asked."""
    await load(server, ask, clients=_CLIENTS, seconds=seconds / 3)
    count, looked = 0, [(0.0, await _look(server))]
    for _ in range(_PARTS):
        done = await load(server, ask, clients=_CLIENTS, seconds=seconds * 2 / 3 / _PARTS)
        count += len(done.waits)
        looked.append((count / 1_000, await _look(server)))
    told: list[str] = []
    for kind, (name, unit) in _HELD_ALONE.items():
        slope, error = slope_of([(thousand, held[kind] / unit) for thousand, held in looked])
        told.append(f"{slope:+8.1f} ± {error:.1f} {name}")
    return f"{', '.join(told)}; of {count}"


async def _look(server: Server) -> Held:
    """Return what the server's process holds, as the system tells and as it tells itself."""
    told = Path(f"/proc/{server.process.pid}/smaps_rollup").read_text(encoding="ascii")
    sizes = dict(line.split(":") for line in told.splitlines()[1:])
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(request("GET", "/memory"))
    _, body = await answered(reader)
    writer.close()
    return json.loads(body) | {
        kind: int(sizes[name].split()[0]) * 1_024
        for kind, name in (("resident", "Rss"), ("anonymous", "Anonymous"))
    }


def slope_of(sizes: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return how sizes grow, by each hour or whatever they are of, and half of its 95 % interval.

    One size tells of the next, so fewer samples count than were taken: as many as if each were
    drawn anew, by the correlation of neighbours.
    """
    hours, sizes_ = zip(*sizes, strict=True)
    slope, start = statistics.linear_regression(hours, sizes_)
    off = [size - start - slope * hour for hour, size in sizes]
    square = sum(one * one for one in off)
    alike = sum(one * other for one, other in itertools.pairwise(off)) / square if square else 0.0
    count = max(3.0, len(off) * (1 - alike) / (1 + alike))
    spread = sum((hour - statistics.fmean(hours)) ** 2 for hour in hours) / len(off) * count
    return slope, _TWO_SIDED_95 * math.sqrt(square / len(off) * count / (count - 2) / spread)


async def _soak(
    server: Server, seconds: float, looked: list[tuple[float, Held]], told: Counter[int]
) -> None:
    begun = time.perf_counter()
    end = begun + seconds
    clients = [asyncio.create_task(_client(server, end, told, seed)) for seed in range(_CLIENTS)]
    while (now := time.perf_counter()) < end:
        looked.append(((now - begun) / 3_600, await _look(server)))
        await asyncio.sleep(_SAMPLE_SECONDS)
    await asyncio.gather(*clients)


async def _client(server: Server, end: float, told: Counter[int], seed: int) -> None:
    drawn = Random(seed)  # noqa: S311 - the same again in each run
    asks = _asks(server, seed)
    weights = [weight for weight, _, _ in asks]
    while time.perf_counter() < end:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        for _ in range(50):  # then another connection
            ((_, _, ask),) = drawn.choices(asks, weights)
            writer.write(ask())
            status, _ = await answered(reader)
            told[status] += 1
            await asyncio.sleep(_PAUSE)
        writer.close()


def _asks(server: Server, seed: int) -> list[tuple[int, str, Ask]]:
    """Return what a client asks, and how often beside the rest."""
    each = itertools.cycle(projects(200, seed))
    known = server.known
    bearer = f"Bearer {known.auditor}"

    def decision(path: str = "", **said: object) -> bytes:
        return request("POST", f"/api/v1/decisions{path}", asking(project=next(each), **said))

    def batch() -> bytes:
        some = [next(each) for _ in range(20)]
        return request("POST", "/api/v1/decisions/batch", asking(projects=some))

    def wrong() -> bytes:
        one = next(each) | {"investment": "?", "hight": 3}
        return request("POST", "/api/v1/decisions", json.dumps({"project": one}).encode())

    def replay() -> bytes:
        return request(
            "POST", "/api/v1/replay", b'{"first":"2099-01-01","level":"A"}', authorization=bearer
        )

    def page(path: str, session: str = "") -> bytes:
        return request("GET", path, cookie=f"session={session}")

    return [
        (30, "decision", decision),
        (10, "outcome", lambda: decision(want="outcome")),
        (20, "recorded decision", lambda: recording(server, asking(project=next(each)))),
        (2, "batch of 20", batch),
        (3, "wrong project", wrong),
        (2, "question", lambda: request("POST", "/api/v1/questions/next", asking(project={}))),
        (2, "letter", lambda: request("POST", "/api/v1/letters", asking(project=next(each)))),
        (3, "search", lambda: request("GET", "/api/v1/journal?q=1", authorization=bearer)),
        (1, "replay of none", replay),
        (5, "front page", lambda: page("/")),
        (3, "open questions", lambda: page("/law/questions")),
        (3, "self-assessment", lambda: page("/assess")),
        (3, "no such page", lambda: page("/no/such/page")),
        (3, "window", lambda: page("/window", known.clerk_session)),
        (3, "journal's page", lambda: page("/audit", known.auditor_session)),
        (1, "statistics", lambda: page("/statistics", known.auditor_session)),
        (1, "denied", lambda: page("/audit", known.clerk_session)),
    ]
