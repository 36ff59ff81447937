"""Serves the pages from one process; whoever is too slow is let go, and so is a crowd."""

from __future__ import annotations

import asyncio
import ctypes
import fcntl
import gc
import json
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import Final

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from drawreview.errors import InputError, Problem, system_words
from drawreview.web.recording import journal_file
from drawreview.web.settings import Settings

_MOST_CONNECTIONS: Final = 500
_ACCEPTED_AT_ONCE: Final = 128  # with the connections above, far fewer than 1024 open files
_WHOLE_REQUEST_SECONDS: Final = 30.0
_READ_SECONDS: Final = 60.0
_GIVING_BACK_SECONDS: Final = 60
_M_ARENA_MAX: Final = -8  # as malloc.h of glibc has it
_ARRIVING: Final = {h11.IDLE, h11.SEND_BODY}
_FULL: Final = json.dumps({"title": "连接太多，请稍后再试。", "status": 503}, ensure_ascii=False)
_REFUSED: Final = (
    "HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 5\r\n"
    "content-type: application/problem+json\r\n"
    f"content-length: {len(_FULL.encode())}\r\n\r\n{_FULL}"
).encode()


class _Patience(H11Protocol):
    """A connection that ends when a request does not arrive, or an answer is not read, in time.

    uvicorn counts the seconds between requests only.
    """

    _waiting: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Begin to wait for a request, unless there are too many who wait."""
        super().connection_made(transport)
        if len(self.connections) > _MOST_CONNECTIONS:
            transport.write(_REFUSED)
            transport.close()
        else:
            self._waiting = self.loop.call_later(_WHOLE_REQUEST_SECONDS, transport.abort)

    def data_received(self, data: bytes) -> None:
        """Read on, and wait only as long as for the first bytes of the request."""
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self.conn.their_state not in _ARRIVING:
            self._stop_waiting()
        elif self._waiting is None:
            self._waiting = self.loop.call_later(_WHOLE_REQUEST_SECONDS, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        self.resume_writing()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Begin to wait for what was answered to be read."""
        super().pause_writing()
        self._unread = self.loop.call_later(_READ_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on."""
        if self._unread:
            self._unread.cancel()
            self._unread = None
        super().resume_writing()

    def _stop_waiting(self) -> None:
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None


def run(
    make: Callable[[Settings], ASGIApp],
    settings: Settings,
    *,
    host: str = "127.0.0.1",
    port: int,
    log_level: str = "warning",
) -> None:
    """Make an application and serve it until it is told to end.

    Raises:
        InputError: Another server uses the same data or the same journal.
    """
    with alone(settings):  # before anything is made of the data that the other uses
        _share_one_heap()
        app = make(settings)
        # What was made at start stays; nobody need look through it for garbage again.
        gc.collect()
        gc.freeze()
        server = server_of(app, settings, host=host, port=port, log_level=log_level)
        with suppress(KeyboardInterrupt):  # which is raised once all is closed
            server.run()


def _share_one_heap() -> None:
    """Have all threads take memory from one heap; other C libraries than glibc know no others.

    glibc makes up to eight heaps for each processor, so that threads need not wait for one another,
    and each heap keeps about as much as was ever in use in it. Letters are set in whichever thread
    is free: for hours one heap after another would grow to the size of what a letter takes.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 1)


async def _give_back() -> None:
    """Return to the system what is free amid the heap; of itself glibc returns but its end."""
    malloc_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if malloc_trim is not None:
        malloc_trim(0)


def server_of(
    app: ASGIApp, settings: Settings, *, host: str, port: int, log_level: str
) -> uvicorn.Server:
    """Return a server of an application."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            http=_Patience,
            loop="asyncio",
            ws="none",
            backlog=_ACCEPTED_AT_ONCE,
            log_level=log_level,
            access_log=False,
            server_header=False,
            proxy_headers=settings.secure,
            forwarded_allow_ips="127.0.0.1,::1",
            timeout_graceful_shutdown=10,
            callback_notify=_give_back,
            timeout_notify=_GIVING_BACK_SECONDS,
        )
    )


@contextmanager
def alone(settings: Settings) -> Generator[None]:
    """Hold the data folder and the journal for this server alone.

    The system lets go of both when the process ends, however it ends. A journal in PostgreSQL is
    for several servers: it orders those who append by itself.
    """
    held = [settings.data / "server.lock"]
    journal = journal_file(settings)
    if journal and (settings.journal is None or journal.exists()):  # else it will be missed
        held.append(journal.resolve().with_name(f"{journal.name}.server.lock"))
    files: list[int] = []
    try:
        for path in held:
            try:
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                files.append(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
                fcntl.flock(files[-1], fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                what = "数据目录" if path == held[0] else "日志"
                problem = f"另一个 drawreview serve 正在用这个{what}。"
                remedy = "先停掉那一个；或给这一个另外的 --data 和 --journal。"
                raise InputError((Problem(str(path.parent), problem, remedy),)) from None
            except OSError as error:
                problem = f"不能用：{system_words(error)}。"
                raise InputError(
                    (Problem(str(path.parent), problem, "核对目录和权限。"),)
                ) from None
        yield
    finally:
        for file in files:
            os.close(file)
