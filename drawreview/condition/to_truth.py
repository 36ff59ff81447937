"""Turn conditions into truth values, compiled once into plain Python functions.

An extent is what is known of a fact: the least and the most of a number, the sure and the possible
bits of a choice (see `drawreview.project.measure`).
"""

from __future__ import annotations

import itertools
from collections import Counter
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
TruthReader = Callable[[Extents], tuple[tuple[int, ...], tuple[int, ...]]]
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


def compile_truth(
    conditions: Sequence[Condition], concluding: Sequence[Concluding] = ()
) -> TruthReader:
    """Return a function from extents to the truths of all conditions, as the integers 0, 1, 2.

    Beside the truths it returns the ends of what the derived facts are, low and high in turn. It
    is straight-line Python: it takes the conditions in order, calls nothing, and reads a fact when
    a test first needs it.
    """
    writer = _Writer(conditions, concluding)
    for rule, condition in enumerate(conditions):
        writer.define(rule, condition)
    source = "\n    ".join(["def truths(e):", *writer.whole()])
    namespace: dict[str, Any] = {}
    # The source is made of the tree's own integers and operators, never of anybody's text.
    exec(compile(source, "<rules>", "exec"), namespace)  # noqa: S102
    return namespace["truths"]


class _Writer:
    """Writes the function: t{rule} is a truth, l{fact} and h{fact} are the ends of an extent."""

    def __init__(self, conditions: Sequence[Condition], concluding: Sequence[Concluding]) -> None:
        read = Counter(fact for each in conditions for fact in _read(each))
        derived = [fact.fact for fact in concluding]
        places = {fact: place for place, fact in enumerate(sorted({*read, *derived}))}
        self._places = places
        self._truths = [f"t{rule}" for rule in range(len(conditions))]
        self._ends = [f"{end}{places[fact]}" for fact in derived for end in "lh"]
        self._concludes: dict[int, list[tuple[int, int]]] = {}
        for fact in concluding:
            for rule, bit in fact.by:
                self._concludes.setdefault(rule, []).append((places[fact.fact], bit))
        self._loaded = set(derived)
        self._read_again = {fact for fact, rules in read.items() if rules > 1}
        self._known: dict[tuple[Condition, ...], str] = {}
        self._lines: list[str] = []

    def whole(self) -> list[str]:
        """Return the lines of the function: all is false until it is found to hold."""
        unset = " = ".join((*self._truths, *self._ends, "0"))
        found = (
            f"({''.join(f'{name}, ' for name in names)})" for names in (self._truths, self._ends)
        )
        return [unset, *self._lines, f"return {', '.join(found)}"]

    def define(self, rule: int, condition: Condition) -> None:
        """Write what sets the truth of a rule and, where it holds, the facts that it concludes.

        Each part of a conjunction stands behind the parts before it, so that most rules are done
        after one test and the facts of their other parts are never read. The parts that need no
        new fact go first: no order of the parts changes the truth.
        """
        whole = _parts(condition)
        parts = [condition] if whole in self._known else sorted(whole, key=self._cost)
        self._load(_read(condition) & self._read_again, "")
        loaded, indent = self._loaded.copy(), ""
        for needed, group in itertools.groupby(parts, lambda part: _read(part) - self._loaded):
            self._load(needed, indent)
            self._lines.append(f"{indent}if {self._test(All(tuple(group)), sure=False)}:")
            indent += "    "
        self._loaded = loaded  # what was read behind a test may not have been read
        self._hold(rule, indent, sure=False)
        self._lines.append(f"{indent}if {self._test(All(tuple(parts)), sure=True)}:")
        self._hold(rule, f"{indent}    ", sure=True)
        self._known.setdefault(whole, f"t{rule}")

    def _cost(self, part: Condition) -> int:
        return len(_read(part) - self._loaded)

    def _load(self, facts: set[str], indent: str) -> None:
        for fact in sorted(facts - self._loaded):
            place = self._places[fact]
            self._lines.append(f"{indent}l{place}, h{place} = e[{fact!r}]")
        self._loaded |= facts

    def _hold(self, rule: int, indent: str, *, sure: bool) -> None:
        end, truth = ("l", 2) if sure else ("h", 1)
        self._lines.append(f"{indent}t{rule} = {truth}")
        for fact, bit in self._concludes.get(rule, ()):
            self._lines.append(f"{indent}{end}{fact} |= {bit}")

    def _test(self, condition: Condition, *, sure: bool) -> str:
        """Return the test that a condition surely, or possibly, holds."""
        if known := self._known.get(_parts(condition)):
            return f"{known} == 2" if sure else known
        match condition:
            case Phrase(_, reading):
                return self._test(reading, sure=sure)
            case Not(part):
                return f"not ({self._test(part, sure=not sure)})"
            case Compare() | OneOf() | Includes():
                return tests_of(condition)[0 if sure else 1].format_map(self._places)
            case All(parts):
                return self._joined(" and ", parts, sure=sure) or "True"
            case Either(parts):
                return self._joined(" or ", parts, sure=sure) or "False"
            case _:
                assert_never(condition)

    def _joined(self, word: str, parts: Iterable[Condition], *, sure: bool) -> str:
        tests = [self._test(part, sure=sure) for part in parts]
        return tests[0] if len(tests) == 1 else word.join(f"({test})" for test in tests)


def _read(condition: Condition) -> set[str]:
    return {leaf.fact for leaf in leaves(condition)}


def _parts(condition: Condition) -> tuple[Condition, ...]:
    """Return the conditions that must all hold for this one to hold."""
    match condition:
        case All(parts):
            return tuple(each for part in parts for each in _parts(part))
        case Phrase(_, reading):
            return _parts(reading)
        case _:
            return (condition,)


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
