"""Long checks of the journal: one at a time, watched while they run, kept when they are done."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, Final, TypeVar

from drawreview.errors import DrawreviewError
from drawreview.web.store import jobs
from drawreview.web.store.database import Store
from drawreview.web.store.jobs import Job

_MOST_OF_ONE: Final = 5
_MOST_WAITING: Final = 20

T = TypeVar("T")
Progress = Callable[[int], None]


class TooManyError(DrawreviewError):
    """So many wait already that it would be long before another's turn."""


class StoppedError(DrawreviewError):
    """The server stops before the check is done."""


class Jobs:
    """The jobs of a server, and the one thread that does them in turn.

    Two at once would each take twice as long, and read the same journal twice.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._entering = threading.Lock()
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._waiting = 0
        self._done: dict[str, int] = {}  # of the one that runs
        self._stopped = False
        self._thread: threading.Thread | None = None
        jobs.interrupt(store)

    def start(  # noqa: PLR0913 - what a job consists of
        self,
        kind: str,
        *,
        owner: int,
        asked: Mapping[str, str],
        total: int,
        at: int,
        run: Callable[[Progress], Mapping[str, Any]],
    ) -> str:
        """Have a check done in its turn; return its name.

        Raises:
            TooManyError: Its owner has several going, or all together have many.
        """
        with self._entering:
            mine = [one for one in jobs.going(self._store) if one.owner == owner]
            if len(mine) >= _MOST_OF_ONE:
                raise TooManyError
            name = jobs.add(self._store, kind, owner=owner, asked=asked, total=total, at=at)
            self._enter(lambda: self._run(name, run))
        return name

    def alone(self, do: Callable[[], T]) -> Future[T]:
        """Have something done in its turn of which nothing is kept.

        Raises:
            TooManyError: Many wait already.
        """
        answer: Future[T] = Future()

        def run() -> None:
            if answer.set_running_or_notify_cancel():
                try:
                    answer.set_result(do())
                except Exception as error:  # noqa: BLE001 - whoever waits is told
                    answer.set_exception(error)

        with self._entering:
            self._enter(run)
        return answer

    def of(self, owner: int, name: str) -> Job | None:
        """Return a job, to its owner only."""
        job = jobs.named(self._store, name)
        return job if job is not None and job.owner == owner else None

    def latest(self, owner: int, most: int) -> list[Job]:
        """Return somebody's jobs, the latest first."""
        return jobs.of(self._store, owner, most)

    def progress(self, job: Job) -> int:
        """Return how much of a job is done."""
        return self._done.get(job.name, 0)

    def before(self, job: Job) -> int:
        """Return how many jobs are done before this one's turn."""
        return sum(one.id < job.id for one in jobs.going(self._store))

    def close(self) -> None:
        """Stop what runs at its next step, and take up nothing more."""
        self._stopped = True
        self._queue.put(None)
        if self._thread:
            self._thread.join(timeout=5)

    def _enter(self, what: Callable[[], None]) -> None:
        if self._waiting >= _MOST_WAITING:
            raise TooManyError
        self._waiting += 1
        self._queue.put(what)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while (what := self._queue.get()) is not None and not self._stopped:
            what()
            with self._entering:
                self._waiting -= 1

    def _run(self, name: str, run: Callable[[Progress], Mapping[str, Any]]) -> None:
        def progress(done: int) -> None:
            if self._stopped:
                raise StoppedError
            self._done = {name: done}

        jobs.begun(self._store, name)
        try:
            found = run(progress)
        except StoppedError:
            return  # it is found interrupted when the server starts again
        except Exception as error:  # noqa: BLE001 - whatever it is, its owner is told
            jobs.failed(self._store, name, f"{type(error).__name__}: {error}")
        else:
            jobs.done(self._store, name, found)
