"""The pages' server killed under load."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import signal
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from bench.clock import say
from bench.web_load import Server, answered, asking, projects, recording, serving, start
from drawreview.records.journal import open_journal
from drawreview.web.recording import journal_of
from drawreview.web.settings import Settings

_KILLS: Final = 40
_CLIENTS: Final = 8


@dataclass(slots=True)
class _Told:
    """What clients were told: key -> record."""

    records: dict[str, str] = field(default_factory=dict[str, str])
    stop: bool = False


def killed() -> bool:
    """Kill the server again and again while clients record and retry; none lost, none double."""
    told = _Told()
    with serving() as server:
        asyncio.run(_both(server, told))
        place = server.data / "journal" / "journal.sqlite3"
        with open_journal(place) as journal:
            kept = [one.id for one in journal.records()]
        with journal_of(Settings(server.data)) as journal:
            verified = journal.verify().holds
    acknowledged = set(told.records.values())
    lost = len(acknowledged - set(kept))
    doubled = len(told.records) - len(acknowledged)
    untold = len(kept) - len(told.records)  # at most the one that each client was waiting for
    say(
        f"  {_KILLS} kills: {len(told.records)} acknowledged, {lost} lost, {doubled} doubled,"
        f" {untold} recorded but not yet told, journal {'verified' if verified else 'BROKEN'}"
    )
    return lost == doubled == 0 and 0 <= untold <= _CLIENTS and verified


async def _both(server: Server, told: _Told) -> None:
    asked = itertools.cycle([asking(project=one) for one in projects(100)])
    clients = [asyncio.create_task(_client(server, asked, told)) for _ in range(_CLIENTS)]
    await _kill(server, told)
    for one in clients:
        one.cancel()
    await asyncio.gather(*clients, return_exceptions=True)


async def _client(server: Server, asked: Iterator[bytes], told: _Told) -> None:
    while not told.stop:
        key = str(uuid.uuid4())
        sent = recording(server, next(asked), key)
        while key not in told.records:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
                writer.write(sent)
                status, body = await answered(reader)
                writer.close()
                if status in {200, 201}:
                    told.records[key] = json.loads(body)["id"]
                    continue
            await asyncio.sleep(0.02)


async def _kill(server: Server, told: _Told) -> None:
    process = server.process
    for number in range(_KILLS):
        await asyncio.sleep(0.2 + 0.05 * (number % 7))
        os.kill(process.pid, signal.SIGKILL)
        await asyncio.to_thread(process.wait)
        process = await asyncio.to_thread(start, server.data, server.port)
    told.stop = True
    await asyncio.sleep(1)
    process.terminate()
    await asyncio.to_thread(process.wait, 20)
