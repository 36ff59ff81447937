"""Checks of the journal: one at a time, in their order, and told of although the server stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest

from drawreview.web.jobs import Jobs, Progress, TooManyError
from drawreview.web.store import jobs as kept
from drawreview.web.store import users
from drawreview.web.store.database import Store, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path)
    for name in ("甲", "乙"):
        users.add(
            store,
            name=name,
            role="auditor",
            district=None,
            password="-",  # noqa: S106 - nobody signs in with it
            must_change=False,
            at=0,
        )
    yield store
    store.close()


class Gate:
    """A check that goes on when it is told to, and knows whether another runs beside it."""

    def __init__(self) -> None:
        self.open = threading.Semaphore(0)
        self.inside = 0
        self.most = 0

    def __call__(self, progress: Progress) -> dict[str, Any]:
        self.inside += 1
        self.most = max(self.most, self.inside)
        try:
            for step in range(3):
                self.open.acquire()
                progress(step + 1)
        finally:
            self.inside -= 1
        return {"holds": True}


def start(jobs: Jobs, run: Callable[[Progress], dict[str, Any]], owner: int = 1) -> str:
    return jobs.start("verify", owner=owner, asked={"q": "x"}, total=3, at=10, run=run)


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


def state(jobs: Jobs, name: str, owner: int = 1) -> str:
    job = jobs.of(owner, name)
    assert job
    return job.state


def test_checks_are_done_one_at_a_time_in_their_order(store: Store):
    jobs, gate = Jobs(store), Gate()
    names = [start(jobs, gate, owner) for owner in (1, 2, 1)]
    until(lambda: state(jobs, names[0]) == "running")
    told = [jobs.of(owner, name) for owner, name in zip((1, 2, 1), names, strict=True)]
    assert [job and jobs.before(job) for job in told] == [0, 1, 2]
    gate.open.release()
    until(lambda: told[0] and jobs.progress(told[0]) == 1)
    gate.open.release(8)
    until(lambda: state(jobs, names[2]) == "done")
    assert gate.most == 1
    jobs.close()


def test_a_result_outlives_the_server_and_what_was_cut_off_is_told(store: Store):
    jobs, gate = Jobs(store), Gate()
    gate.open.release(3)
    first = start(jobs, gate)
    until(lambda: state(jobs, first) == "done")
    second, third = start(jobs, gate), start(jobs, gate)
    until(lambda: state(jobs, second) == "running")
    gate.open.release()
    threading.Timer(0.05, gate.open.release).start()
    jobs.close()
    again = Jobs(store)
    assert [state(again, name) for name in (first, second, third)] == ["done"] + ["interrupted"] * 2
    assert [job.name for job in again.latest(1, 2)] == [third, second]
    found = again.of(1, first)
    assert found
    assert found.found == {"holds": True}
    assert found.asked == {"q": "x"}


def test_why_a_check_failed_is_told_and_the_next_is_done(store: Store):
    def broken(_: Progress) -> dict[str, Any]:
        raise ZeroDivisionError

    jobs, gate = Jobs(store), Gate()
    gate.open.release(3)
    first, second = start(jobs, broken), start(jobs, gate)
    until(lambda: state(jobs, second) == "done")
    job = jobs.of(1, first)
    assert job
    assert (job.state, job.failed) == ("failed", "ZeroDivisionError: ")
    with pytest.raises(ZeroDivisionError):
        jobs.alone(1, lambda: 1 // 0).result(5)
    assert jobs.alone(1, lambda: 7).result(5) == 7
    jobs.close()


def test_nobody_fills_the_queue(store: Store):
    jobs, gate = Jobs(store), Gate()
    for _ in range(5):
        start(jobs, gate)
    with pytest.raises(TooManyError):
        start(jobs, gate)
    start(jobs, gate, 2)
    with pytest.raises(TooManyError):
        [jobs.alone(2, lambda: 0) for _ in range(5)]
    gate.open.release(99)
    jobs.close()


def test_a_check_for_which_there_is_no_room_leaves_nothing_waiting(store: Store):
    jobs, gate = Jobs(store), Gate()
    start(jobs, gate)
    *_, last = [jobs.alone(owner, lambda: 0) for owner in range(10, 29)]
    for _ in range(6):
        with pytest.raises(TooManyError):
            start(jobs, gate, 2)
    assert jobs.latest(2, 9) == []
    gate.open.release(99)
    assert last.result(5) == 0
    assert jobs.alone(2, lambda: 7).result(5) == 7
    jobs.close()


@pytest.mark.parametrize("write", ["begun", "done"])
def test_a_write_that_fails_costs_one_check_and_no_more(
    store: Store, monkeypatch: pytest.MonkeyPatch, write: str
):
    def full(*_: object) -> None:
        raise apsw.FullError

    jobs = Jobs(store)
    with monkeypatch.context() as disk:
        disk.setattr(kept, write, full)
        disk.setattr(kept, "failed", full)
        lost = [start(jobs, lambda _: {}) for _ in range(5)]
        assert jobs.alone(2, lambda: 7).result(5) == 7
    assert {state(jobs, name) for name in lost} == {"interrupted"}
    next_ = start(jobs, lambda _: {})
    until(lambda: state(jobs, next_) == "done")
    jobs.close()


def test_a_check_is_its_owners(store: Store):
    jobs = Jobs(store)
    name = jobs.start("verify", owner=1, asked={}, total=0, at=0, run=lambda _: {})
    assert jobs.of(2, name) is None
    jobs.close()
