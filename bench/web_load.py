"""Clients that ask as fast as they are answered, and a server of its own process for them."""

from __future__ import annotations

import asyncio
import copy
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from drawreview.project.from_yaml import read
from drawreview.web.recording import journal_of
from drawreview.web.security.roles import Role, Scope
from drawreview.web.settings import Settings
from drawreview.web.store import sessions, tokens, users
from drawreview.web.store.database import open_store


@dataclass(slots=True)
class Load:
    """What clients got done in some seconds, and what of it the server's processor did."""

    seconds: float
    waits: list[float] = field(default_factory=list[float])
    statuses: dict[int, int] = field(default_factory=dict[int, int])
    server_seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Requests answered each second."""
        return len(self.waits) / self.seconds

    @property
    def p99_ms(self) -> float:
        """How long one in a hundred waits at least."""
        return statistics.quantiles(self.waits, n=100)[98] * 1_000

    @property
    def server_us(self) -> float:
        """Microseconds of processor time that the server takes for a request."""
        return self.server_seconds / max(1, len(self.waits)) * 1e6


Ask = Callable[[], bytes]


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """Return a request as it goes over the wire."""
    named = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    told = f"content-type: application/json\r\ncontent-length: {len(body)}\r\n" if body else ""
    return f"{method} {path} HTTP/1.1\r\nhost: x\r\n{told}{named}\r\n".encode() + body


async def answered(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Return the status and the body of an answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    return int(head[9:12]), await reader.readexactly(int(length))


async def load(server: Server, ask: Ask, *, clients: int, seconds: float) -> Load:
    """Ask from so many connections for so long."""
    done = Load(seconds)
    before = processor_seconds(server.process.pid)
    end = time.perf_counter() + seconds

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        while (begun := time.perf_counter()) < end:
            writer.write(ask())
            status, _ = await answered(reader)
            done.waits.append(time.perf_counter() - begun)
            done.statuses[status] = done.statuses.get(status, 0) + 1
        writer.close()

    await asyncio.gather(*(one() for _ in range(clients)))
    done.server_seconds = processor_seconds(server.process.pid) - before
    return done


def processor_seconds(pid: int) -> float:
    """Return how long a process has kept a processor busy, in its own code and in the system's."""
    said = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    port: int
    data: Path
    known: Known
    process: subprocess.Popen[bytes]


@dataclass(frozen=True, slots=True)
class Known:
    """What clients may do more with: the tokens and the sessions of a clerk and an auditor."""

    clerk: str
    auditor: str
    clerk_session: str
    auditor_session: str


def prepare(data: Path) -> Known:
    """Fill a data folder with a clerk and an auditor."""
    store = open_store(data)
    now = int(time.time())

    def person(role: Role, district: str | None, *scopes: Scope) -> tuple[str, str]:
        user = users.add(
            store,
            name=role,
            role=role,
            district=district,
            password="-",  # noqa: S106 - nobody signs in with it
            must_change=False,
            at=now,
        )
        end = now + 86_400
        token = tokens.issue(store, user, label="load", scopes=scopes, at=now, expires_at=end)
        return token, sessions.begin(store, user, at=now, address="-")

    clerk, clerk_session = person(Role.CLERK, "150204", Scope.RECORD)
    auditor, auditor_session = person(Role.AUDITOR, None, Scope.READ, Scope.REPLAY)
    store.close()
    journal_of(Settings(data)).close()
    return Known(clerk, auditor, clerk_session, auditor_session)


def start(data: Path, port: int) -> subprocess.Popen[bytes]:
    """Start a server and wait until it answers."""
    command = [sys.executable, "-m", "bench.web_server", str(data), str(port)]
    process = subprocess.Popen(command)  # noqa: S603 - our own
    for _ in range(1_000):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return process
        except OSError:
            time.sleep(0.02)
    message = "the server did not start"
    raise RuntimeError(message)


@contextmanager
def serving() -> Iterator[Server]:
    """Run a server on a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        known = prepare(data)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        process = start(data, port)
        try:
            yield Server(port, data, known, process)
        finally:
            process.terminate()
            process.wait(20)


def plain(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a value with plain numbers."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return float(value) if type(value).__name__ == "Decimal" else value


def projects(count: int, seed: int = 1) -> list[Any]:
    """Return projects like the example, no two of which are the same."""
    drawn = Random(seed)  # noqa: S311 - the same again in each run
    text = Path("examples/office.yaml").read_text(encoding="utf-8")
    office = plain(read(text, "office").data)
    found: list[Any] = []
    for number in range(count):
        one = copy.deepcopy(office)
        one["name"] = f"{office['name']}{number}号"
        one["address"] = f"建设路{drawn.randrange(10_000)}号"
        building = one["buildings"][0]
        building["floor_area_m2"] = drawn.randrange(50_000, 300_000) / 100
        building["height_m"] = drawn.randrange(600, 1_500) / 100
        one["project_owner"]["phone"] = f"138{drawn.randrange(10**8):08d}"
        found.append(one)
    return found


def asking(**said: object) -> bytes:
    """Return the body of a request."""
    return json.dumps({"on": "2021-03-01", **said}, ensure_ascii=False).encode()


def recording(server: Server, asked: bytes, key: str | None = None) -> bytes:
    """Return a request to record, under a key of its own if none is given."""
    return request(
        "POST",
        "/api/v1/journal",
        asked,
        authorization=f"Bearer {server.known.clerk}",
        idempotency_key=key or str(uuid.uuid4()),
    )
