"""Long checks of the journal: one at a time, watched while they run, kept when they are done."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, Final, TypeVar

from drawreview.errors import DrawreviewError
from drawreview.web.store import jobs
from drawreview.web.store.database import Store
from drawreview.web.store.jobs import Job

_LOG: Final = logging.getLogger("drawreview.web")
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
        self._queue: SimpleQueue[tuple[int, Callable[[], None]] | None] = SimpleQueue()
        self._entered: Counter[int] = Counter()  # by owner, until it is done
        self._going: set[str] = set()
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
            self._see_room(owner)
            name = jobs.add(self._store, kind, owner=owner, asked=asked, total=total, at=at)
            self._going.add(name)
            self._enter(owner, lambda: self._run(name, run))
        return name

    def alone(self, owner: int, do: Callable[[], T]) -> Future[T]:
        """Have something done in its turn of which nothing is kept.

        Raises:
            TooManyError: Its owner has several going, or all together have many.
        """
        answer: Future[T] = Future()

        def run() -> None:
            if answer.set_running_or_notify_cancel():
                try:
                    answer.set_result(do())
                except Exception as error:  # noqa: BLE001 - whoever waits is told
                    answer.set_exception(error)

        with self._entering:
            self._see_room(owner)
            self._enter(owner, run)
        return answer

    def of(self, owner: int, name: str) -> Job | None:
        """Return a job, to its owner only."""
        self._give_up_lost()
        job = jobs.named(self._store, name)
        return job if job is not None and job.owner == owner else None

    def latest(self, owner: int, most: int) -> list[Job]:
        """Return somebody's jobs, the latest first."""
        self._give_up_lost()
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

    def _see_room(self, owner: int) -> None:
        if self._entered[owner] >= _MOST_OF_ONE or self._entered.total() >= _MOST_WAITING:
            raise TooManyError

    def _enter(self, owner: int, what: Callable[[], None]) -> None:
        self._entered[owner] += 1
        self._queue.put((owner, what))
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)
            self._thread.start()

    def _give_up_lost(self) -> None:
        """Note of the checks whose end could not be written that nobody does them any more."""
        with self._entering:
            jobs.interrupt(self._store, but=self._going)

    def _work(self) -> None:
        while (entered := self._queue.get()) is not None and not self._stopped:
            owner, what = entered
            try:
                what()
            except Exception:  # noqa: BLE001 - the store may be what fails; others wait for their turn
                _LOG.exception("a check could not be noted")
            finally:
                with self._entering:
                    self._entered[owner] -= 1

    def _run(self, name: str, run: Callable[[Progress], Mapping[str, Any]]) -> None:
        def progress(done: int) -> None:
            if self._stopped:
                raise StoppedError
            self._done = {name: done}

        try:
            jobs.begun(self._store, name)
            found = run(progress)
            jobs.done(self._store, name, found)
        except StoppedError:
            return  # it is found interrupted when the server starts again
        except Exception as error:  # noqa: BLE001 - whatever it is, its owner is told
            jobs.failed(self._store, name, f"{type(error).__name__}: {error}")
        finally:
            with self._entering:
                self._going.discard(name)
