"""The guarantees of the engine's only door: loud errors, threads, forks, pickles."""

from __future__ import annotations

import contextlib
import os
import pickle
import threading
from collections.abc import Callable, Iterator

import pytest

from drawreview.condition.ast import All, Compare, Either, Operator
from drawreview.engine import session as module
from drawreview.engine.session import Session
from drawreview.errors import EngineError

SMALL = Compare("area", Operator.BELOW, 2_000)
EXPECTED = {0: (2,), 1_999: (2,), 2_000: (0,)}


def test_overlapping_alternatives_fire_one_rule_once() -> None:
    either = Either(
        (SMALL, Compare("area", Operator.BELOW, 3_000), Compare("area", Operator.AT_MOST, 9))
    )
    assert Session([All((either, either, either))]).truths({"area": (5, 5)}) == (2,)


def test_an_error_inside_the_engine_is_loud_and_the_session_recovers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = Session([SMALL])
    with monkeypatch.context() as patch:
        patch.setattr(module.durable_rules_engine, "complete_and_start_action", lambda *_: 1 / 0)
        with pytest.raises(EngineError, match="did not complete"):
            session.truths({"area": (5, 5)})
    assert session.truths({"area": (5, 5)}) == (2,)


def test_decisions_go_on_after_many_that_broke_off_anywhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rules that broke off are given back to the engine, which must not touch them again."""
    conditions = [SMALL, Compare("area", Operator.BELOW, 3_000), Compare("n", Operator.ABOVE, 7)]
    session = Session(conditions)
    known, opened = {"area": (5, 5), "n": (9, 9)}, {"area": (0, 9_999), "n": (0, 99)}
    real = module.durable_rules_engine.complete_and_start_action
    for broken_off in range(200):
        left = iter(range(broken_off % 6))

        def breaks_off(handle: int, state: int, left: Iterator[int] = left) -> str | None:
            next(left)
            return real(handle, state)

        with monkeypatch.context() as patch:
            patch.setattr(module.durable_rules_engine, "complete_and_start_action", breaks_off)
            with contextlib.suppress(EngineError):
                session.truths(opened)
        assert session.truths(known) == (2, 2, 2)
        assert session.truths(opened) == (1, 1, 1)


def test_an_agenda_that_stops_half_way_is_no_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session([SMALL])
    with monkeypatch.context() as patch:
        patch.setattr(module.durable_rules_engine, "complete_and_start_action", lambda *_: None)
        with pytest.raises(EngineError, match="came to their end"):
            session.truths({"area": (5, 5)})
    assert session.truths({"area": (2_000, 2_000)}) == (0,)


def test_a_fact_that_is_not_taken_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session([SMALL])
    with monkeypatch.context() as patch:
        patch.setattr(module.durable_rules_engine, "assert_fact", lambda *_: (2, 0))
        with pytest.raises(EngineError, match="not taken"):
            session.truths({"area": (5, 5)})


def test_what_the_engine_holds_for_a_session_goes_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """But for a state that is half done, or in which nothing ever fired: those it must not touch."""
    given_back: list[str] = []
    for name in ("delete_state", "delete_ruleset"):
        real = getattr(module.durable_rules_engine, name)

        def noted(*which: object, name: str = name, real: Callable[..., None] = real) -> None:
            given_back.append(name)
            real(*which)

        monkeypatch.setattr(module.durable_rules_engine, name, noted)
    session = Session([SMALL])
    session.truths({"area": (5, 5)})
    del session
    assert given_back == ["delete_state", "delete_ruleset"]
    Session([SMALL])
    assert given_back[2:] == ["delete_ruleset"]
    session = Session([SMALL])
    session.truths({"area": (5, 5)})
    with monkeypatch.context() as patch:
        patch.setattr(module.durable_rules_engine, "complete_and_start_action", lambda *_: None)
        with pytest.raises(EngineError):
            session.truths({"area": (5, 5)})
    del session
    assert given_back[3:] == ["delete_ruleset"] * 2


def test_threads_share_a_session() -> None:
    session, wrong = Session([SMALL]), list[int]()

    def work() -> None:
        for n in list(EXPECTED) * 300:
            if session.truths({"area": (n, n)}) != EXPECTED[n]:
                wrong.append(n)

    before = threading.active_count()
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert threading.active_count() == before


def test_a_forked_child_has_its_own_engine() -> None:
    session = Session([SMALL])
    session.truths({"area": (5, 5)})
    child = os.fork()
    if child == 0:
        os._exit(0 if session.truths({"area": (5, 5)}) == (2,) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert session.truths({"area": (2_000, 2_000)}) == (0,)


def test_a_session_may_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(Session([SMALL]))).truths({"area": (5, 5)}) == (2,)


def test_colliding_field_names_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_fnv", lambda _: 1)
    with pytest.raises(EngineError, match="hash"):
        Session([SMALL])


def test_the_package_threads_are_never_started() -> None:
    before = threading.active_count()
    Session([SMALL]).truths({"area": (5, 5)})
    assert threading.active_count() == before
