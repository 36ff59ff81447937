"""Turn conditions into truth values, compiled once into plain Python functions.

An extent is what is known of a fact: the least and the most of a number, the sure and the possible
bits of a choice (see `drawreview.project.measure`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from drawreview.condition.ast import (
    All,
    Compare,
    Condition,
    Either,
    Includes,
    Leaf,
    Not,
    OneOf,
    Operator,
    Phrase,
    leaves,
)
from drawreview.truth import Truth

Extents = Mapping[str, tuple[int, int]]
_SIGN = {
    Operator.BELOW: "<",
    Operator.AT_MOST: "<=",
    Operator.ABOVE: ">",
    Operator.AT_LEAST: ">=",
}


def evaluate(condition: Condition, extents: Extents) -> Truth:
    """Return the truth of one condition, walking it; for explaining, not for deciding."""
    match condition:
        case All(parts):
            return min((evaluate(part, extents) for part in parts), default=Truth.TRUE)
        case Either(parts):
            return max((evaluate(part, extents) for part in parts), default=Truth.FALSE)
        case Not(part):
            return evaluate(part, extents).negated()
        case Phrase(_, reading):
            return evaluate(reading, extents)
        case Compare() | OneOf() | Includes():
            return evaluate_leaf(condition, *extents[condition.fact])
        case _:
            assert_never(condition)


def evaluate_leaf(leaf: Leaf, low: int, high: int) -> Truth:
    """Return the truth of a leaf where its fact lies between `low` and `high`."""
    match leaf:
        case Compare(_, operator, limit):
            match operator:
                case Operator.BELOW:
                    surely, possibly = high < limit, low < limit
                case Operator.AT_MOST:
                    surely, possibly = high <= limit, low <= limit
                case Operator.ABOVE:
                    surely, possibly = low > limit, high > limit
                case Operator.AT_LEAST:
                    surely, possibly = low >= limit, high >= limit
                case _:
                    assert_never(operator)
        case OneOf(_, bits):
            surely = high & ~bits == 0
            possibly = low & ~bits == 0 and high & bits != 0
        case Includes(_, bits):
            surely, possibly = low & bits != 0, high & bits != 0
        case _:
            assert_never(leaf)
    return Truth.TRUE if surely else Truth.UNKNOWN if possibly else Truth.FALSE


@dataclass(frozen=True, slots=True)
class Concluding:
    """A derived fact and the rules that conclude it: each rule's place and the bit it sets."""

    fact: str
    by: tuple[tuple[int, int], ...]

    @property
    def last(self) -> int:
        """The place of the last rule that concludes the fact."""
        return max(place for place, _ in self.by)


def compile_truth(
    conditions: Iterable[Condition], concluding: Sequence[Concluding] = ()
) -> Callable[[dict[str, tuple[int, int]]], tuple[int, ...]]:
    """Return a function from extents to the truths of all conditions, as the integers 0, 1, 2.

    The function is straight-line Python. It reads the base facts, takes the conditions in order,
    and adds to the extents what each derived fact is once its last rule is known.
    """
    tests = list(conditions)
    concluded: dict[int, list[Concluding]] = {}
    for fact in concluding:
        concluded.setdefault(fact.last, []).append(fact)
    derived = {fact.fact for fact in concluding}
    read = sorted({leaf.fact for condition in tests for leaf in leaves(condition)} | derived)
    writer = _Writer({fact: index for index, fact in enumerate(read)})
    writer.lines += [f"l{i}, h{i} = e[{f!r}]" for i, f in enumerate(read) if f not in derived]
    for place, condition in enumerate(tests):
        writer.define(f"t{place}", condition)
        for fact in concluded.get(place, ()):
            writer.conclude(fact)
    body = [*writer.lines, f"return ({''.join(f't{place}, ' for place in range(len(tests)))})"]
    source = "\n    ".join(["def truths(e):", *body])
    namespace: dict[str, Any] = {"FLAGS": _FLAGS}
    # The source is made of the tree's own integers and operators, never of anybody's text.
    exec(compile(source, "<rules>", "exec"), namespace)  # noqa: S102
    return namespace["truths"]


# The extent of a flag, by the truths of the rules that conclude it, or-ed bit by bit.
_FLAGS = ((0, 0), (0, 1), (1, 1), (1, 1))


class _Writer:
    def __init__(self, places: Mapping[str, int]) -> None:
        self.lines: list[str] = []
        self._places = _Places(places)
        self._known: dict[Condition, str] = {}

    def define(self, name: str, condition: Condition) -> None:
        """Write the line that sets a variable to the truth of a condition."""
        if condition == All(()):
            self.lines.append(f"{name} = 2")
        elif condition in self._known:
            self.lines.append(f"{name} = {self._known[condition]}")
        else:
            surely, possibly = self._test(condition, sure=True), self._test(condition, sure=False)
            # Most rules are out of the question at their first test.
            self.lines.append(f"{name} = (2 if {surely} else 1) if {possibly} else 0")
        self._known.setdefault(condition, name)

    def conclude(self, fact: Concluding) -> None:
        """Write the lines that add a derived fact to the extents."""
        place = self._places[fact.fact]
        truths = [(f"t{rule}", bit) for rule, bit in fact.by]
        if all(bit == 1 for _, bit in truths):
            value = f"FLAGS[{' | '.join(name for name, _ in truths)}]"
            self.lines.append(f"l{place}, h{place} = e[{fact.fact!r}] = {value}")
            return
        self.lines.append(f"l{place} = h{place} = 0")
        for name, bit in truths:
            self.lines.append(f"if {name}:")
            self.lines.append(f"    h{place} |= {bit}")
            self.lines.append(f"    if {name} == 2: l{place} |= {bit}")
        self.lines.append(f"e[{fact.fact!r}] = (l{place}, h{place})")

    def _test(self, condition: Condition, *, sure: bool) -> str:
        """Return the test that a condition surely, or possibly, holds."""
        if condition in self._known:
            return f"{self._known[condition]} == 2" if sure else self._known[condition]
        match condition:
            case Phrase(_, reading):
                return self._test(reading, sure=sure)
            case Not(part):
                return f"not ({self._test(part, sure=not sure)})"
            case Compare() | OneOf() | Includes():
                return tests_of(condition)[0 if sure else 1].format_map(self._places)
            case All(parts):
                return " and ".join(f"({self._test(part, sure=sure)})" for part in parts) or "True"
            case Either(parts):
                return " or ".join(f"({self._test(part, sure=sure)})" for part in parts) or "False"
            case _:
                assert_never(condition)


class _Places(dict[str, int]):
    """Fact name -> the number of its two local variables."""


def tests_of(leaf: Leaf) -> tuple[str, str]:
    """Return the source of the tests that a leaf surely and possibly holds.

    The bounds of a fact are written l{fact} and h{fact}, for `format_map`.
    """
    low, high = f"l{{{leaf.fact}}}", f"h{{{leaf.fact}}}"
    match leaf:
        case Compare(_, operator, limit):
            first, second = (high, low) if operator.bounds_from_above else (low, high)
            sign = _SIGN[operator]
            return f"{first} {sign} {limit}", f"{second} {sign} {limit}"
        case OneOf(_, bits):
            # Nothing at all lies within any bits: what is sure must be possible, also negated.
            either = f"({high} & {bits} or not {high})"
            return f"not {high} & {~bits}", f"not {low} & {~bits} and {either}"
        case Includes(_, bits):
            return f"{low} & {bits}", f"{high} & {bits}"
        case _:
            assert_never(leaf)
