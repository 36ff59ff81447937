"""The server itself: who is slow is let go, a crowd is told so, and there is one of it."""

from __future__ import annotations

import asyncio
import json
import platform
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from itertools import pairwise
from pathlib import Path

import pytest
from starlette.types import Message, Scope

from drawreview.errors import InputError
from drawreview.web import server
from drawreview.web.answers import DEFECT
from drawreview.web.app import create_app
from drawreview.web.recording import journal_of
from drawreview.web.security.headers import CONTENT_POLICY
from drawreview.web.settings import Settings
from tests.web.conftest import Site


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(server, "_WHOLE_REQUEST_SECONDS", 0.3)
    monkeypatch.setattr(server, "_MOST_CONNECTIONS", 3)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = Settings(tmp_path, secure=False, requests_per_minute=10**9)
    made = server.server_of(
        create_app(settings), settings, host="127.0.0.1", port=port, log_level="critical"
    )
    thread = threading.Thread(target=made.run)
    thread.start()
    while not made.started:
        time.sleep(0.01)
    yield port
    made.should_exit = True
    thread.join()


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=5)


def all_of(one: socket.socket) -> bytes:
    found = b""
    try:
        while piece := one.recv(65_536):
            found += piece
    except ConnectionResetError:
        pass
    return found


BEGUN = (
    b"POST /api/v1/decisions HTTP/1.1\r\nhost: x\r\n"
    b"content-type: application/json\r\ncontent-length: 9\r\n"
)


@pytest.mark.parametrize("sent", [b"", BEGUN, BEGUN + b"\r\n{"])
def test_who_does_not_send_a_whole_request_in_time_is_let_go(port: int, sent: bytes):
    with closing(connected(port)) as one:
        one.sendall(sent)
        assert all_of(one) == b""


def drip(one: socket.socket) -> None:
    one.sendall(b"GET /law HTTP/1.1\r\n")
    for number in range(60):
        time.sleep(0.05)
        one.sendall(b"x-%d: y\r\n" % number)


def test_dripping_does_not_buy_time(port: int):
    with closing(connected(port)) as one, pytest.raises(ConnectionError):
        drip(one)


def test_a_crowd_is_told_to_come_back(port: int):
    waiting = [connected(port) for _ in range(3)]
    time.sleep(0.05)
    with closing(connected(port)) as one:
        head, _, body = all_of(one).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503")
    assert b"retry-after: 5" in head
    assert json.loads(body) == {"title": "连接太多，请稍后再试。", "status": 503}
    for one in waiting:
        one.close()


def test_a_request_that_is_too_long_is_answered_although_it_is_still_being_sent(port: int):
    with closing(connected(port)) as one:
        one.sendall(
            b"POST /api/v1/decisions HTTP/1.1\r\nhost: x\r\nconnection: close\r\n"
            b"content-length: 3000000\r\n\r\n" + b"x" * 3_000_000
        )
        assert all_of(one).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    "sent",
    [
        b"\x00\xff\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\nhost: y\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        b"GET / HTTP/1.1\r\nhost : x\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused(port: int, sent: bytes):
    with closing(connected(port)) as one:
        one.sendall(sent)
        assert all_of(one).startswith(b"HTTP/1.1 400")


def test_a_connection_may_be_used_again(port: int):
    with closing(HTTPConnection("127.0.0.1", port)) as one:
        for _ in range(2):
            one.request("GET", "/api/v1/openapi.json", headers={"connection": "keep-alive"})
            answer = one.getresponse()
            assert answer.status == 200
            answer.read()
            assert one.sock


def test_one_server_has_the_data_and_the_journal(tmp_path: Path):
    kept = str(tmp_path / "a" / "journal" / "journal.sqlite3")
    journal_of(Settings(tmp_path / "a")).close()
    with server.alone(Settings(tmp_path / "a")):
        with (
            pytest.raises(InputError, match="正在用这个数据目录"),
            server.alone(Settings(tmp_path / "a")),
        ):
            pass
        with (
            pytest.raises(InputError, match="正在用这个日志"),
            server.alone(Settings(tmp_path / "b", journal=kept)),
        ):
            pass
        with server.alone(Settings(tmp_path / "c", journal="postgresql://x/y")):
            pass
    with server.alone(Settings(tmp_path / "b", journal=kept)):
        pass


def test_a_folder_that_cannot_be_used_is_told_and_none_is_made_for_a_wrong_name(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(InputError, match="不能用"),
        server.alone(Settings(tmp_path / "file" / "data")),
    ):
        pass
    with server.alone(Settings(tmp_path / "a", journal=str(tmp_path / "b" / "none.sqlite3"))):
        pass
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("path", ["/", "/api/v1/openapi.json"])
def test_an_answer_to_a_defect_carries_the_headers_too(
    site: Site, monkeypatch: pytest.MonkeyPatch, path: str
):
    def broken(*_: object, **__: object) -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr(site.app.state.office.rates, "allows", broken)
    answer = site.anyone().get(path)
    assert answer.status_code == 500
    assert answer.headers["content-security-policy"] == CONTENT_POLICY
    assert DEFECT in answer.text


def test_whoever_hangs_up_is_no_defect(site: Site, caplog: pytest.LogCaptureFixture):
    sent: list[Message] = []
    parts: list[Message] = [
        {"type": "http.request", "body": b'{"proj', "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return parts.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/v1/decisions",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
        "client": ("127.0.0.1", 1),
    }
    asyncio.run(site.app(scope, receive, send))
    assert not sent
    assert not caplog.records


MANY_THREADS = """
import sys, threading
from pathlib import Path
from drawreview.web import server
from drawreview.web.settings import Settings

def make(_):
    gate = threading.Barrier(9)

    def hold():
        kept = bytes(50_000)
        gate.wait()
        gate.wait()

    threads = [threading.Thread(target=hold) for _ in range(8)]
    for thread in threads:
        thread.start()
    gate.wait()
    sys.stdout.write(Path("/proc/self/maps").read_text())
    gate.wait()
    sys.exit()

server.run(make, Settings(Path(sys.argv[1])), port=0)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have one heap")
def test_threads_have_no_heaps_of_their_own_that_only_grow(tmp_path: Path) -> None:
    command = [sys.executable, "-c", MANY_THREADS, str(tmp_path)]
    maps = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    spans = [[int(end, 16) for end in line.split()[0].split("-")] for line in maps.splitlines()]
    assert spans
    assert not heaps_in(spans)


def heaps_in(spans: list[list[int]]) -> list[int]:
    """Return where heaps of threads begin: each has 64 MiB set aside, a part of it in use."""
    most = 64 << 20
    return [
        begin
        for (begin, middle), (rest, end) in pairwise(spans)
        if begin % most == 0 and middle == rest and end == begin + most
    ]


HOLES = """
import asyncio, os
from pathlib import Path
from drawreview.web.server import server_of
from drawreview.web.settings import Settings

def pages():
    return int(Path("/proc/self/statm").read_text().split()[1])

config = server_of(None, Settings(Path()), host="-", port=0, log_level="error").config
kept = [bytes(60_000) for _ in range(2_000)]
kept, full = kept[::10], pages()
asyncio.run(config.callback_notify())
print(os.sysconf("SC_PAGE_SIZE") * (full - pages()), config.timeout_notify)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="others return holes by themselves")
def test_what_is_free_amid_the_heap_is_given_back_each_minute() -> None:
    """Of 120 MB nine tenths are let go, in 2,000 places."""
    command = [sys.executable, "-c", HOLES]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    given_back, every = map(int, told.split())
    assert given_back > 50_000_000
    assert every == 60
