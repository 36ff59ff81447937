"""Turn conditions into durable-rules definitions that need no third truth value.

durable-rules knows only true and false. So a project is shown to it twice, as two *worlds*: the
sure one, in which a test passes only if it must, and the possible one, in which it passes if it
may. A condition is true where its rule fires in the sure world, unknown where it fires only in the
possible one. This is exact because negations are first pushed down to the leaves: no test of the
result ever reads a world the wrong way round.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, assert_never

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
)
from drawreview.condition.to_truth import tests_of

MOST_TERMS: Final = 64
_ENGINE_OPERATOR: Final = {
    Operator.BELOW: "$lt",
    Operator.AT_MOST: "$lte",
    Operator.ABOVE: "$gt",
    Operator.AT_LEAST: "$gte",
}


@dataclass(frozen=True, slots=True)
class Literal:
    """A leaf, or for a choice also its contrary."""

    leaf: Leaf
    negated: bool = False


Term = tuple[Literal, ...]


def terms(condition: Condition) -> tuple[Term, ...]:
    """Return the condition as alternatives of conjunctions (disjunctive normal form).

    Raises:
        ValueError: It expands to more alternatives than the engine can hold.
    """
    return tuple(dict.fromkeys(_terms(condition, negated=False)))


def _terms(condition: Condition, *, negated: bool) -> list[Term]:
    match condition:
        case Phrase(_, reading):
            return _terms(reading, negated=negated)
        case Not(part):
            return _terms(part, negated=not negated)
        case Compare(fact, operator, limit):
            return [(Literal(Compare(fact, operator.contrary, limit) if negated else condition),)]
        case OneOf() | Includes():
            return [(Literal(condition, negated),)]
        case All(parts) | Either(parts):
            alternatives = [_terms(part, negated=negated) for part in parts]
            if isinstance(condition, All) == negated:
                found = [term for part in alternatives for term in part]
            else:
                if math.prod(map(len, alternatives)) > MOST_TERMS**2:
                    raise ValueError(_too_wide(math.prod(map(len, alternatives))))
                found = [
                    tuple(dict.fromkeys(itertools.chain.from_iterable(chosen)))
                    for chosen in itertools.product(*alternatives)
                ]
            found = list(dict.fromkeys(found))
            if len(found) > MOST_TERMS:
                raise ValueError(_too_wide(len(found)))
            return found
        case _:
            assert_never(condition)


def _too_wide(count: int) -> str:
    return f"the condition expands to {count} alternatives; the engine takes {MOST_TERMS}"


class Fields:
    """The fields of the two worlds, and how extents fill them."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, bool], str] = {}
        self._choices: dict[Literal, str] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Every field name, ASCII and short."""
        return (*self._numbers.values(), *self._choices.values())

    def test(self, literal: Literal) -> dict[str, object]:
        """Return the engine's test of a literal, giving its field a name at first sight."""
        leaf = literal.leaf
        if isinstance(leaf, Compare):
            key = (leaf.fact, leaf.operator.bounds_from_above)
            field = self._numbers.setdefault(key, f"n{len(self._numbers)}")
            return {_ENGINE_OPERATOR[leaf.operator]: {field: leaf.limit}}
        return {self._choices.setdefault(literal, f"c{len(self._choices)}"): True}

    def worlds(self) -> Callable[[Mapping[str, tuple[int, int]]], tuple[str, str]]:
        """Return a function from extents to the sure and the possible world, each as JSON members.

        Where nothing is open the two are one text.
        """
        facts = {fact for fact, _ in self._numbers} | {c.leaf.fact for c in self._choices}
        places = {fact: index for index, fact in enumerate(sorted(facts))}
        sure, possible = list[str](), list[str]()
        for (fact, from_above), field in self._numbers.items():
            ends = (f"{{h{places[fact]}}}", f"{{l{places[fact]}}}")
            for world, end in zip(
                (sure, possible), ends if from_above else ends[::-1], strict=True
            ):
                world.append(f'"{field}":{end}')
        for literal, field in self._choices.items():
            surely, possibly = (t.format_map(places) for t in tests_of(literal.leaf))
            if literal.negated:
                surely, possibly = f"not ({possibly})", f"not ({surely})"
            for world, test in ((sure, surely), (possible, possibly)):
                world.append(f'"{field}":{{T if {test} else F}}')
        known = " and ".join(f"l{index} == h{index}" for index in places.values()) or "True"
        lines = [
            "def worlds(e):",
            *(f"l{index}, h{index} = e[{fact!r}]" for fact, index in places.items()),
            f"s = f'{','.join(sure)}'",
            f"return s, s if {known} else f'{','.join(possible)}'",
        ]
        source = "\n    ".join(lines)
        namespace: dict[str, Any] = {"T": "true", "F": "false"}
        # As for the truth reader: the tree's own integers and operators, nobody's text.
        exec(compile(source, "<worlds>", "exec"), namespace)  # noqa: S102
        return namespace["worlds"]


def engine_tests(fields: Fields, condition: Condition) -> tuple[tuple[dict[str, object], ...], ...]:
    """Return, for each alternative of the condition, the engine's tests of its literals."""
    return tuple(tuple(fields.test(literal) for literal in term) for term in terms(condition))
