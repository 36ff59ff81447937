"""What a path still needs: the phrases that would have to become true or false, in every way.

A rule holds if its condition does and no rule that overrides it may. Derived facts are followed to
the rules that conclude them. The result is a list of ways; each is a set of needs, all of which
would have to be met. A way may also hang on facts that nobody has stated.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, assert_never

from drawreview.advice.design import FACTS_OF_THE_DESIGN, SAME_DIMENSION
from drawreview.condition.ast import (
    All,
    Compare,
    Condition,
    Either,
    Includes,
    Leaf,
    Not,
    OneOf,
    Phrase,
)
from drawreview.condition.to_truth import evaluate, evaluate_leaf
from drawreview.rulebook.model import Extents, Rule, Rulebook
from drawreview.truth import Truth

MOST_FACTS: Final = 3


@dataclass(frozen=True, slots=True)
class Need:
    """A fact of the design that would have to pass a limit, for a phrase of a rule.

    Attributes:
        fact: The fact.
        steps: The nearest value that will do; of a basement 0.
        up: Whether the fact would have to grow.
        clause: Where the phrase stands.
        phrase: The law's words.
    """

    fact: str
    steps: int
    up: bool
    clause: str
    phrase: str


@dataclass(frozen=True, slots=True)
class Open:
    """A fact that nobody has stated, and that would have to turn out well."""

    fact: str


Way = frozenset[Need]
_Way = frozenset[Need | Open]
_NOTHING: Final[tuple[_Way, ...]] = (frozenset(),)


@dataclass(frozen=True, slots=True)
class _Search:
    """Follows conditions to what would have to change, and to what would have to be known."""

    rulebook: Rulebook
    extents: Extents

    def live(self, rule: Rule, *, holds: bool) -> tuple[_Way, ...]:
        """Return the ways in which a rule would hold with none that overrides it, or not."""
        winners = [r for r in self.rulebook.rules if rule.id in r.overrides]
        own = self.of(rule.when, rule, "", holds=holds)
        against = (self.of(w.when, w, "", holds=not holds) for w in winners)
        return _both((own, *against)) if holds else _any((own, *against))

    def of(self, condition: Condition, rule: Rule, words: str, *, holds: bool) -> tuple[_Way, ...]:
        """Return the ways in which a condition would hold, or would not."""
        if evaluate(condition, self.extents) is (Truth.TRUE if holds else Truth.FALSE):
            return _NOTHING
        match condition:
            case Phrase(phrase, reading):
                return self.of(reading, rule, phrase, holds=holds)
            case Not(part):
                return self.of(part, rule, words, holds=not holds)
            case All(parts) | Either(parts):
                ways = (self.of(part, rule, words, holds=holds) for part in parts)
                return _both(ways) if isinstance(condition, All) == holds else _any(ways)
            case Compare() | OneOf() | Includes():
                return self._leaf(condition, rule, words, holds=holds)
            case _:
                assert_never(condition)

    def _leaf(self, leaf: Leaf, rule: Rule, words: str, *, holds: bool) -> tuple[_Way, ...]:
        if self.rulebook.facts[leaf.fact].derived:
            return self._derived(leaf, holds=holds)
        if evaluate_leaf(leaf, *self.extents[leaf.fact]) is Truth.UNKNOWN:
            return (frozenset({Open(leaf.fact)}),)
        if leaf.fact not in FACTS_OF_THE_DESIGN:
            return ()
        if not isinstance(leaf, Compare):  # a basement, which is built or is not
            return (frozenset({Need(leaf.fact, 0, not holds, rule.clause, words)}),)
        operator = leaf.operator if holds else leaf.operator.contrary
        steps = next(
            value
            for value in sorted(
                (leaf.limit - 1, leaf.limit, leaf.limit + 1), reverse=operator.bounds_from_above
            )
            if evaluate_leaf(Compare(leaf.fact, operator, leaf.limit), value, value) is Truth.TRUE
        )
        up = not operator.bounds_from_above
        return (frozenset({Need(leaf.fact, steps, up, rule.clause, words)}),)

    def _derived(self, leaf: Leaf, *, holds: bool) -> tuple[_Way, ...]:
        """Follow a flag that rules conclude: one of them must hold, or none may."""
        rules = [r for r in self.rulebook.rules if r.settled(leaf.fact) is not None]
        ways = (self.live(rule, holds=holds) for rule in rules)
        return _any(ways) if holds else _both(ways)


def _any(alternatives: Iterable[tuple[_Way, ...]]) -> tuple[_Way, ...]:
    return tuple(dict.fromkeys(way for ways in alternatives for way in ways))


def _both(conjuncts: Iterable[tuple[_Way, ...]]) -> tuple[_Way, ...]:
    """Return every combination of a way from each; those that need too many facts are left out."""
    found = _NOTHING
    for ways in conjuncts:
        joined = dict.fromkeys(one | other for one in found for other in ways)
        found = tuple(way for way in joined if _dimensions(way) <= MOST_FACTS)
    return found


def _dimensions(way: _Way) -> int:
    """Return how many dimensions of the drawings would have to change."""
    return len({SAME_DIMENSION.get(need.fact, need.fact) for need in way if isinstance(need, Need)})


def ways_to(rulebook: Rulebook, extents: Extents, path: str) -> tuple[tuple[Way, ...], set[str]]:
    """Return the ways in which a project would take another path, and the open facts in the way."""
    search = _Search(rulebook, extents)
    rules = [rule for rule in rulebook.rules if rule.settled("review_path") == path]
    found = _any(search.live(rule, holds=True) for rule in rules)
    known = [frozenset(need for need in way if isinstance(need, Need)) for way in found]
    ways = [needs for needs, way in zip(known, found, strict=True) if len(needs) == len(way)]
    opened = {need.fact for way in found for need in way if isinstance(need, Open)}
    return tuple(sorted(ways, key=len)), opened
