"""The pages' server in mixed use for a while: does its memory grow?"""

from __future__ import annotations

import asyncio
import itertools
import json
import math
import os
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Final

from bench.clock import say
from bench.web_load import (
    Server,
    answered,
    asking,
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
_TWO_SIDED_95: Final = 1.96


def run(minutes: float) -> bool:
    """Ask for a while, and tell how memory grows once all is warm."""
    with serving() as server:
        sizes: list[tuple[float, float]] = []
        told: Counter[int] = Counter()
        asyncio.run(_soak(server, 60 * minutes, sizes, told))
        busy = processor_seconds(server.process.pid)
    warm = [one for one in sizes if one[0] > _WARM * minutes / 60]
    slope, error = slope_of(warm)
    answers = ", ".join(f"{count} × {status}" for status, count in sorted(told.items()))
    say(
        f"  soak of {minutes:g} min: {sum(told.values())} requests ({answers}), {busy:.0f} s of the"
        f" server's processor, {warm[0][1]:.1f} MiB when warm, {sizes[-1][1]:.1f} MiB at the end,"
        f" {max(size for _, size in sizes):.1f} MiB at most, slope {slope:+.2f} MiB/h"
        f" (95 %: {slope - error:+.2f} to {slope + error:+.2f})"
    )
    return not any(status >= 500 for status in told)  # noqa: PLR2004 - a defect


def slope_of(sizes: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return how sizes grow, in MiB an hour, and half the width of its 95 % interval.

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
    server: Server, seconds: float, sizes: list[tuple[float, float]], told: Counter[int]
) -> None:
    begun = time.perf_counter()
    end = begun + seconds
    clients = [asyncio.create_task(_client(server, end, told, seed)) for seed in range(_CLIENTS)]
    while (now := time.perf_counter()) < end:
        pages = Path(f"/proc/{server.process.pid}/statm").read_text(encoding="ascii").split()[1]
        size = int(pages) * os.sysconf("SC_PAGE_SIZE") / 1_048_576
        sizes.append(((now - begun) / 3_600, size))
        await asyncio.sleep(_SAMPLE_SECONDS)
    await asyncio.gather(*clients)


async def _client(server: Server, end: float, told: Counter[int], seed: int) -> None:
    drawn = Random(seed)  # noqa: S311 - the same again in each run
    asks = _asks(server, seed)
    weights = [weight for weight, _ in asks]
    while time.perf_counter() < end:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        for _ in range(50):  # then another connection
            ((_, ask),) = drawn.choices(asks, weights)
            writer.write(ask())
            status, _ = await answered(reader)
            told[status] += 1
            await asyncio.sleep(_PAUSE)
        writer.close()


def _asks(server: Server, seed: int) -> list[tuple[int, Callable[[], bytes]]]:
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
        (30, decision),
        (10, lambda: decision(want="outcome")),
        (20, lambda: recording(server, asking(project=next(each)))),
        (2, batch),
        (3, wrong),
        (2, lambda: request("POST", "/api/v1/questions/next", asking(project={}))),
        (2, lambda: request("POST", "/api/v1/letters", asking(project=next(each)))),
        (3, lambda: request("GET", "/api/v1/journal?q=1", authorization=bearer)),
        (1, replay),
        (5, lambda: page("/")),
        (3, lambda: page("/law/questions")),
        (3, lambda: page("/assess")),
        (3, lambda: page("/no/such/page")),
        (3, lambda: page("/window", known.clerk_session)),
        (3, lambda: page("/audit", known.auditor_session)),
        (1, lambda: page("/statistics", known.auditor_session)),
        (1, lambda: page("/audit", known.clerk_session)),
    ]
