"""One thread that writes for all: whoever waits shares the next transaction.

Many writers to one SQLite file starve each other, and each would sync the disk for itself.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Final, TypeVar

from drawreview.errors import (
    BusyError,
    ForbiddenError,
    JournalError,
    LingeringError,
    StoreError,
)
from drawreview.records.append import Writer
from drawreview.records.entry import Entry, Receipt

_MOST_ENTRIES: Final = 1_000
_MOST_BYTES: Final = 64 << 20
_GATHER_S: Final = 0.003  # less than a sync of most disks
# After these it is known what stands in the store.
_CERTAIN: Final = (BusyError, ForbiddenError, LingeringError)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Ask:
    entry: Entry
    answer: Future[Receipt]


@dataclass(frozen=True, slots=True)
class _Deed:
    """Something else that only the writer may do."""

    do: Callable[[Writer], Any]
    answer: Future[Any]


class GroupCommit:
    """The writer's thread and the queue before it."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._queue: SimpleQueue[_Ask | _Deed | None] = SimpleQueue()
        self._entering = threading.Lock()
        self._closed = False
        self._shared = 0  # how many the last transaction was for
        self.broken: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="journal-writer", daemon=True)
        self._thread.start()

    def submit(self, entry: Entry) -> Future[Receipt]:
        """Have an entry appended."""
        ask = _Ask(entry, Future())
        self._enter(ask)
        return ask.answer

    def call(self, do: Callable[[Writer], T]) -> T:
        """Have something done by the writer between two transactions, and wait for it."""
        deed = _Deed(do, Future())
        self._enter(deed)
        return deed.answer.result()

    def close(self) -> None:
        """Finish what was asked, then close the writer."""
        with self._entering:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _enter(self, what: _Ask | _Deed) -> None:
        with self._entering:
            if self._closed:
                raise JournalError.of("日志", "已经关闭。", "重新打开。")
            self._queue.put(what)

    def _run(self) -> None:
        going = True
        while going:
            asks, other = self._waiting()
            if asks:
                self._append(asks)
            if other:
                self._do(other)
            going = bool(asks or other)
        try:
            self._writer.connection.close()
        except StoreError as error:
            self.broken = error

    def _waiting(self) -> tuple[list[_Ask], _Deed | None]:
        """Return the entries that wait, up to the first deed; nothing at all means to stop."""
        asks: list[_Ask] = []
        weight = 0
        what = self._queue.get()
        until = time.monotonic() + _GATHER_S
        while isinstance(what, _Ask):
            asks.append(what)
            weight += len(what.entry.body)
            if len(asks) == _MOST_ENTRIES or weight > _MOST_BYTES:
                return asks, None
            # Whoever shared the last transaction and was answered may be about to ask again.
            wait = until - time.monotonic() if len(asks) < self._shared else 0.0
            try:
                what = self._queue.get(timeout=max(0.0, wait))
            except Empty:
                return asks, None
        if what is None and asks:
            self._queue.put(None)
        return asks, what

    def _append(self, asks: Sequence[_Ask]) -> None:
        # Whoever gave up waiting before its turn asks for nothing; later nobody can give up.
        asks = [ask for ask in asks if ask.answer.set_running_or_notify_cancel()]
        self._shared = len(asks)
        if not asks:
            return
        try:
            self._refuse_if_broken()
            answers = self._writer.write([ask.entry for ask in asks])
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
            self._note(error)
            for ask in asks:
                ask.answer.set_exception(error)
            return
        for ask, answer in zip(asks, answers, strict=True):
            if isinstance(answer, JournalError):
                ask.answer.set_exception(answer)
            else:
                ask.answer.set_result(answer)

    def _do(self, deed: _Deed) -> None:
        try:
            self._refuse_if_broken()
            deed.answer.set_result(deed.do(self._writer))
        except Exception as error:  # noqa: BLE001 - as above
            self._note(error)
            deed.answer.set_exception(error)

    def _note(self, error: Exception) -> None:
        """Keep what leaves the store in doubt; a refusal leaves it as it was."""
        in_doubt = isinstance(error, StoreError) or not isinstance(error, JournalError)
        if in_doubt and not isinstance(error, _CERTAIN):
            self.broken = self.broken or error

    def _refuse_if_broken(self) -> None:
        if self.broken:
            problem = f"写入已停：{self.broken}"
            raise StoreError.of("日志", problem, "排除故障后重新打开日志。") from self.broken
