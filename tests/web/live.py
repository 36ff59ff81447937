"""The server as people run it: a process of its own on a port of its own, with a user of each role."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from drawreview.web.recording import journal_of
from drawreview.web.security.roles import Role, Scope
from drawreview.web.settings import Settings
from drawreview.web.store import tokens, users
from drawreview.web.store.database import open_store
from tests.web.conftest import PEOPLE


@dataclass(frozen=True)
class Live:
    """A running server."""

    base: str
    data: Path
    tokens: dict[Role, str]
    process: subprocess.Popen[bytes]


def prepared(data: Path, password_hash: str) -> dict[Role, str]:
    """Fill a data folder with a user of each role; return their tokens."""
    made: dict[Role, str] = {}
    store = open_store(data)
    at = int(time.time())
    for role, (name, district) in PEOPLE.items():
        number = users.add(
            store,
            name=name,
            role=role,
            district=district,
            password=password_hash,
            must_change=False,
            at=at,
        )
        made[role] = tokens.issue(
            store, number, label="t", scopes=tuple(Scope), at=at, expires_at=at + 86_400
        )
    store.close()
    journal_of(Settings(data)).close()
    return made


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(data: Path, port: int, day: str = "2021-03-15") -> subprocess.Popen[bytes]:
    """Start the server, and wait until it answers."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.web.serve", str(data), str(port), day],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/accessibility", timeout=1):
                return process
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.05)
    message = "the server did not start"
    raise RuntimeError(message)


@contextmanager
def running(data: Path, password_hash: str) -> Iterator[Live]:
    made = prepared(data, password_hash)
    port = free_port()
    process = start(data, port)
    try:
        yield Live(f"http://127.0.0.1:{port}", data, made, process)
    finally:
        process.terminate()
        process.wait(20)
