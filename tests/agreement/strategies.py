"""Random conditions and random extents, with unknowns, over a small made-up vocabulary."""

from __future__ import annotations

from hypothesis import strategies as st

from drawreview.condition.ast import (
    All,
    Compare,
    Condition,
    Either,
    Includes,
    Not,
    OneOf,
    Operator,
    Phrase,
)
from drawreview.fact import UNBOUNDED

NUMBERS = tuple(f"n{i}" for i in range(5))
CHOICES = tuple(f"c{i}" for i in range(3))
_limits = st.sampled_from([0, 1, 2, 3, 5, 12_000, 20_000_000, 2**40])


def _leaf() -> st.SearchStrategy[Condition]:
    return st.one_of(
        st.builds(Compare, st.sampled_from(NUMBERS), st.sampled_from(Operator), _limits),
        st.builds(OneOf, st.sampled_from(CHOICES), st.integers(0, 15)),
        st.builds(Includes, st.sampled_from(CHOICES), st.integers(0, 15)),
    )


def _trees(leaf: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.lists(inner, max_size=4).map(lambda parts: All(tuple(parts))),
            st.lists(inner, max_size=4).map(lambda parts: Either(tuple(parts))),
            inner.map(Not),
            inner.map(lambda part: Phrase("短语", part)),
        ),
        max_leaves=12,
    )


conditions = _trees(_leaf())
# What may be asked of two derived facts, `flag` and `choice`, beside the base facts.
conclusions = _trees(
    st.one_of(
        _leaf(),
        st.sampled_from(
            [Compare("flag", Operator.AT_LEAST, 1), Compare("flag", Operator.BELOW, 1)]
        ),
        st.builds(OneOf, st.just("choice"), st.integers(0, 3)),
        st.builds(Includes, st.just("choice"), st.integers(0, 3)),
    )
)


@st.composite
def _number(draw: st.DrawFn) -> tuple[int, int]:
    values = st.sampled_from(
        [0, 1, 2, 3, 4, 5, 11_999, 12_000, 12_001, 19_999_999, 20_000_000, 20_000_001]
    )
    low = draw(values)
    return draw(
        st.sampled_from(
            [(low, low), (low, max(low, draw(values))), (low, UNBOUNDED), (0, UNBOUNDED)]
        )
    )


@st.composite
def _choice(draw: st.DrawFn) -> tuple[int, int]:
    possible = draw(st.integers(0, 15))
    return (possible & draw(st.sampled_from([0, possible, 5, 10])), possible)


extents = st.fixed_dictionaries(
    {**{n: _number() for n in NUMBERS}, **{c: _choice() for c in CHOICES}}
)
