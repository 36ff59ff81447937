"""Turn conditions into truth values, compiled once into plain Python functions.

An extent is what is known of a fact: the least and the most of a number, the sure and the possible
bits of a choice (see `drawreview.project.measure`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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


def compile_truth(conditions: Iterable[Condition]) -> Callable[[Extents], tuple[int, ...]]:
    """Return a function from extents to the truths of the conditions, as the integers 0, 1, 2.

    The function is straight-line Python: each condition is a run of comparisons that stops at the
    first part that settles it.
    """
    writer = _Writer()
    results = [writer.define(condition) for condition in conditions]
    facts = sorted({leaf.fact for leaf in writer.leaves})
    places = {fact: index for index, fact in enumerate(facts)}
    body = [f"    l{places[f]}, h{places[f]} = e[{f!r}]" for f in facts]
    body += [line.format_map(_Places(places)) for line in writer.lines]
    source = "\n".join(
        ["def truths(e):", *body, f"    return ({''.join(f'{r}, ' for r in results)})"]
    )
    namespace: dict[str, Any] = {}
    # The source is made of the tree's own integers and operators, never of anybody's text.
    exec(compile(source, "<rules>", "exec"), namespace)  # noqa: S102
    return namespace["truths"]


class _Places(dict[str, int]):
    """Fact name -> the number of its two local variables."""


class _Writer:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.leaves: list[Leaf] = []
        self.count = 0

    def define(self, condition: Condition) -> str:
        """Write the lines that compute one condition; return the variable that holds it."""
        self.count += 1
        name = f"t{self.count}"
        self.leaves.extend(leaves(condition))
        self._assign(name, condition, 1)
        return name

    def _line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def _fresh(self) -> str:
        self.count += 1
        return f"t{self.count}"

    def _assign(self, name: str, condition: Condition, depth: int) -> None:
        match condition:
            case Phrase(_, reading):
                self._assign(name, reading, depth)
            case Not(part):
                self._assign(name, part, depth)
                self._line(depth, f"{name} = 2 - {name}")
            case Compare() | OneOf() | Includes():
                surely, possibly = _tests(condition)
                self._line(depth, f"{name} = 2 if {surely} else 1 if {possibly} else 0")
            case All(parts):
                self._fold(name, parts, depth, settled=0)
            case Either(parts):
                self._fold(name, parts, depth, settled=2)
            case _:
                assert_never(condition)

    def _fold(self, name: str, parts: tuple[Condition, ...], depth: int, *, settled: int) -> None:
        if not parts:
            self._line(depth, f"{name} = {2 - settled}")
            return
        self._assign(name, parts[0], depth)
        worse = "<" if settled == 0 else ">"
        for index, part in enumerate(parts[1:]):
            # Ten nested tests are enough to stop early; deeper ones would meet Python's limits.
            if index < 10:  # noqa: PLR2004
                self._line(depth, f"if {name} != {settled}:")
                depth += 1
            other = self._fresh()
            self._assign(other, part, depth)
            self._line(depth, f"if {other} {worse} {name}: {name} = {other}")


def _tests(leaf: Leaf) -> tuple[str, str]:
    low, high = f"l{{{leaf.fact}}}", f"h{{{leaf.fact}}}"
    match leaf:
        case Compare(_, operator, limit):
            first, second = (high, low) if operator.bounds_from_above else (low, high)
            sign = _SIGN[operator]
            return f"{first} {sign} {limit}", f"{second} {sign} {limit}"
        case OneOf(_, bits):
            return f"not {high} & {~bits}", f"not {low} & {~bits} and {high} & {bits}"
        case Includes(_, bits):
            return f"{low} & {bits}", f"{high} & {bits}"
        case _:
            assert_never(leaf)
