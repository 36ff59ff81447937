"""Long checks of the journal, each in a thread of its own, watched while they run."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from drawreview.errors import DrawreviewError

_MOST_RUNNING: Final = 2
_MOST_KEPT: Final = 50


class TooManyError(DrawreviewError):
    """Others are being run already."""


@dataclass(slots=True)
class Job:
    """A check that runs or has run."""

    kind: str
    owner: int
    total: int
    name: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    done: int = 0
    result: Any = None
    failed: str | None = None

    @property
    def running(self) -> bool:
        """Whether there is no result yet."""
        return self.result is None and self.failed is None

    def progress(self, done: int) -> None:
        """Note how far it has come."""
        self.done = done


class Jobs:
    """The jobs of a server; they are forgotten when it stops."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: OrderedDict[str, Job] = OrderedDict()

    def start(self, kind: str, owner: int, total: int, run: Callable[[Job], Any]) -> Job:
        """Start a job.

        Raises:
            TooManyError: Its owner has one running, or too many others have.
        """
        job = Job(kind, owner, total)
        with self._lock:
            running = [one for one in self._jobs.values() if one.running]
            if len(running) >= _MOST_RUNNING or any(one.owner == owner for one in running):
                raise TooManyError
            self._jobs[job.name] = job
            while len(self._jobs) > _MOST_KEPT:
                self._jobs.popitem(last=False)
        threading.Thread(target=self._run, args=(job, run), daemon=True).start()
        return job

    def _run(self, job: Job, run: Callable[[Job], Any]) -> None:
        try:
            job.result = run(job)
        except Exception as error:  # noqa: BLE001 - whatever it is, its owner is told
            job.failed = f"{type(error).__name__}: {error}"

    def of(self, owner: int, name: str) -> Job | None:
        """Return a job, to its owner only."""
        with self._lock:
            job = self._jobs.get(name)
        return job if job is not None and job.owner == owner else None
