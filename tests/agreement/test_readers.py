"""All readers of a condition agree: truth compiled, truth walked, and durable-rules."""

from __future__ import annotations

import functools
import operator
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drawreview.condition.ast import Condition
from drawreview.condition.to_truth import Concluding, compile_truth, evaluate
from drawreview.engine.session import Session
from drawreview.truth import Truth
from tests.agreement.strategies import conclusions, conditions, extents

SLOW = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def agree(trees: list[Condition], rows: list[dict[str, tuple[int, int]]]) -> int:
    """Compare the three readers on every tree and row; return the number of cases compared."""
    try:
        session = Session(trees)
    except ValueError as error:
        assert "alternatives" in str(error)  # too wide for the engine, and said so
        return 0
    compiled = compile_truth(trees)
    for row in rows:
        expected = tuple(int(evaluate(tree, row)) for tree in trees)
        assert compiled(row) == (expected, ())
        assert session.truths(row) == expected
    return len(trees) * len(rows)


@settings(SLOW, max_examples=150)
@given(st.lists(conditions, min_size=1, max_size=5), st.lists(extents, min_size=4, max_size=8))
def test_readers_agree(trees: list[Condition], rows: list[dict[str, tuple[int, int]]]) -> None:
    agree(trees, rows)


@settings(SLOW, max_examples=150)
@given(
    st.lists(conditions, min_size=1, max_size=6),
    st.lists(conclusions, min_size=1, max_size=6),
    st.lists(extents, min_size=4, max_size=8),
)
def test_what_is_concluded_is_read_by_later_conditions(
    trees: list[Condition], later: list[Condition], rows: list[dict[str, tuple[int, int]]]
) -> None:
    """Each tree in turn concludes the flag, or one of two values of the choice."""
    by: dict[str, list[tuple[int, int]]] = {"flag": [], "choice": []}
    for place in range(len(trees)):
        fact, bit = (("flag", 1), ("choice", 1), ("choice", 2))[place % 3]
        by[fact].append((place, bit))
    concluding = [Concluding(fact, tuple(places)) for fact, places in by.items()]
    compiled = compile_truth([*trees, *later], concluding)
    for row in rows:
        first = [evaluate(tree, row) for tree in trees]
        ends: list[int] = []
        for fact in concluding:
            for least in (Truth.TRUE, Truth.UNKNOWN):
                bits = [bit for place, bit in fact.by if first[place] >= least]
                ends.append(functools.reduce(operator.or_, bits, 0))
        derived = {"flag": (ends[0], ends[1]), "choice": (ends[2], ends[3])}
        second = [evaluate(tree, row | derived) for tree in later]
        assert compiled(row) == (tuple(map(int, first + second)), tuple(ends))


@pytest.mark.full
def test_readers_agree_on_a_hundred_thousand_cases() -> None:
    compared = 0

    @settings(SLOW, max_examples=6_000)
    @given(st.lists(conditions, min_size=3, max_size=8), st.lists(extents, min_size=6, max_size=10))
    def run(trees: list[Condition], rows: list[dict[str, tuple[int, int]]]) -> None:
        nonlocal compared
        compared += agree(trees, rows)

    run()
    print(f"compared {compared} cases, 0 disagreements")
    assert compared >= 100_000


def test_more_than_sixty_four_rules_may_hold_at_once() -> None:
    from drawreview.condition.ast import Compare, Operator

    trees = [Compare("n", Operator.BELOW, 1_000 + i % 7) for i in range(300)]
    session = Session(trees)
    assert session.truths({"n": (1, 1)}) == (2,) * 300
    assert session.truths({"n": (1, 5_000)}) == (1,) * 300
    assert session.truths({"n": (5_000, 5_000)}) == (0,) * 300


def test_thousands_of_decisions_in_which_nothing_fires() -> None:
    from drawreview.condition.ast import Compare, Operator

    session = Session([Compare("n", Operator.BELOW, 2_000)])
    rng = random.Random(7)
    for _ in range(3_000):
        n = rng.choice([1, 1_999, 2_000, 9_999])
        assert session.truths({"n": (n, n)}) == (2 if n < 2_000 else 0,)
