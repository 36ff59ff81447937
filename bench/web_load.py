"""Clients that ask as fast as they are answered, and a server of its own process for them."""

from __future__ import annotations

import asyncio
import json
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
from typing import Any

from drawreview.project.from_yaml import read
from drawreview.web.recording import journal_of
from drawreview.web.security.roles import Role, Scope
from drawreview.web.settings import Settings
from drawreview.web.store import tokens, users
from drawreview.web.store.database import open_store


@dataclass(slots=True)
class Load:
    """What clients got done in some seconds."""

    seconds: float
    waits: list[float] = field(default_factory=list[float])
    statuses: dict[int, int] = field(default_factory=dict[int, int])

    @property
    def per_second(self) -> float:
        """Requests answered each second."""
        return len(self.waits) / self.seconds

    @property
    def p99_ms(self) -> float:
        """How long one in a hundred waits at least."""
        return statistics.quantiles(self.waits, n=100)[98] * 1_000


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


async def load(port: int, ask: Ask, *, clients: int, seconds: float) -> Load:
    """Ask from so many connections for so long."""
    done = Load(seconds)
    end = time.perf_counter() + seconds

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (begun := time.perf_counter()) < end:
            writer.write(ask())
            status, _ = await answered(reader)
            done.waits.append(time.perf_counter() - begun)
            done.statuses[status] = done.statuses.get(status, 0) + 1
        writer.close()

    await asyncio.gather(*(one() for _ in range(clients)))
    return done


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    port: int
    data: Path
    token: str
    process: subprocess.Popen[bytes]


def prepare(data: Path) -> str:
    """Fill a data folder with a clerk; return a token to record with."""
    store = open_store(data)
    now = int(time.time())
    clerk = users.add(
        store,
        name="c",
        role=Role.CLERK,
        district="150204",
        password="-",  # noqa: S106 - nobody signs in with it
        must_change=False,
        at=now,
    )
    day = 86_400
    token = tokens.issue(
        store, clerk, label="load", scopes=(Scope.RECORD,), at=now, expires_at=now + day
    )
    store.close()
    journal_of(Settings(data)).close()
    return token


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
        token = prepare(data)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        process = start(data, port)
        try:
            yield Server(port, data, token, process)
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


def example() -> Any:  # noqa: ANN401 - any JSON
    """Return the example project."""
    text = Path("examples/office.yaml").read_text(encoding="utf-8")
    return plain(read(text, "office").data)


def asked_of_office() -> bytes:
    """Return the body that asks for the example's decision."""
    said = {"project": example(), "on": "2021-03-01"}
    return json.dumps(said, ensure_ascii=False).encode()


def recording(server: Server, asked: bytes, key: str | None = None) -> bytes:
    """Return a request to record, under a key of its own if none is given."""
    return request(
        "POST",
        "/api/v1/journal",
        asked,
        authorization=f"Bearer {server.token}",
        idempotency_key=key or str(uuid.uuid4()),
    )
