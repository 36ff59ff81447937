"""How many questions a project may still take before its path is settled, on average.

The rules that conclude a path are tried one after the other, the prevailing ones first; within a
rule the test that most probably ends the trying comes first. A test costs the open fields that
nobody has been asked for yet, and counts as often as the asking gets that far.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TypeAlias, assert_never

from drawreview.advice.prior import chance, without_building
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
from drawreview.condition.to_truth import evaluate_leaf
from drawreview.rulebook.model import Extents, Rulebook
from drawreview.truth import Truth

_SUMS = ("total_floor_area_m2", "area_less_plant_rooms_m2")


@dataclass(frozen=True, slots=True)
class _Asked:
    """Fields of one building, or of the project, that one test is about; the chance it holds."""

    chance: float
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Several:
    """Tests of which the first that says so ends the trying: a false one if all must hold."""

    chance: float
    ends_when: bool
    parts: tuple[_Asked | _Several, ...]


_Open: TypeAlias = _Asked | _Several
_Outcome: TypeAlias = _Open | bool  # what is known already costs nothing


def expected_questions(
    rulebook: Rulebook, extents: Extents, fields: Mapping[str, tuple[str, ...]]
) -> float:
    """Return how many of the open fields are asked for, on average, until the path is settled.

    Args:
        rulebook: The law.
        extents: What is known of each base fact.
        fields: The fields that would settle each open fact.
    """
    asked: set[str] = set()
    expected, reached = 0.0, 1.0
    for condition in _conditions(rulebook):
        outcome = _outlook(rulebook, extents, fields, condition)
        if outcome is True:
            break
        if outcome is not False:
            expected += reached * _cost(outcome, asked)
            reached *= 1 - outcome.chance
    return expected


@cache
def _conditions(rulebook: Rulebook) -> tuple[Condition, ...]:
    """Return the conditions of the rules that conclude a path, over base facts alone."""
    concluding = [rule for rule in rulebook.rules if rule.settled("review_path") is not None]
    concluding.sort(key=lambda rule: -len(rule.overrides))
    return tuple(_over_base_facts(rulebook, rule.when) for rule in concluding)


def _over_base_facts(rulebook: Rulebook, condition: Condition) -> Condition:
    """Return a condition with the conditions that conclude a derived flag in place of the flag."""
    match condition:
        case All(parts):
            return All(tuple(_over_base_facts(rulebook, part) for part in parts))
        case Either(parts):
            return Either(tuple(_over_base_facts(rulebook, part) for part in parts))
        case Not(part):
            return Not(_over_base_facts(rulebook, part))
        case Phrase(_, reading):
            return _over_base_facts(rulebook, reading)
        case Compare() if rulebook.facts[condition.fact].derived:
            concluded = Either(
                tuple(
                    _over_base_facts(rulebook, rule.when)
                    for rule in rulebook.rules
                    if rule.settled(condition.fact) is not None
                )
            )
            holds = evaluate_leaf(condition, 1, 1) is Truth.TRUE
            return concluded if holds else Not(concluded)
        case Compare() | OneOf() | Includes():
            return condition
        case _:
            assert_never(condition)


def _outlook(
    rulebook: Rulebook,
    extents: Extents,
    fields: Mapping[str, tuple[str, ...]],
    condition: Condition,
) -> _Outcome:
    match condition:
        case All(parts) | Either(parts):
            ends_when = isinstance(condition, Either)
            found: list[_Open] = []
            for part in parts:
                outcome = _outlook(rulebook, extents, fields, part)
                if outcome is ends_when:
                    return ends_when
                if not isinstance(outcome, bool):
                    found.append(outcome)
            return _several(found, ends_when=ends_when) if found else not ends_when
        case Not(part):
            outcome = _outlook(rulebook, extents, fields, part)
            return not outcome if isinstance(outcome, bool) else _contrary(outcome)
        case Compare() | OneOf() | Includes():
            extent = extents[condition.fact]
            truth = evaluate_leaf(condition, *extent)
            if truth is not Truth.UNKNOWN:
                return truth is Truth.TRUE
            return _test(rulebook, condition, extent[0], fields.get(condition.fact, ()))
        case Phrase(_, reading):
            return _outlook(rulebook, extents, fields, reading)
        case _:
            assert_never(condition)


def _test(rulebook: Rulebook, leaf: Leaf, low: int, fields: Sequence[str]) -> _Open:
    """Return the outlook of one test: a part for each building that is still open."""
    groups = [tuple(group) for _, group in groupby(fields, key=_building_of)]
    known = 0
    if isinstance(leaf, Compare) and leaf.fact in _SUMS and groups:
        known = leaf.limit - max(0, leaf.limit - low) // len(groups)  # an even share of the rest
    parts = [
        _Asked(chance(rulebook, leaf, tuple(map(without_building, group)), known), group)
        for group in groups
    ]
    if len(parts) == 1:
        return parts[0]
    bounded = isinstance(leaf, OneOf) or (
        isinstance(leaf, Compare) and leaf.operator.bounds_from_above
    )
    return _several(parts, ends_when=not bounded)


def _building_of(field: str) -> str:
    return field.partition("]")[0] if field.startswith("buildings[") else field


def _several(parts: Sequence[_Open], *, ends_when: bool) -> _Several:
    ending = 1.0
    for part in parts:
        ending *= 1 - part.chance if ends_when else part.chance
    return _Several(1 - ending if ends_when else ending, ends_when, tuple(parts))


def _contrary(outcome: _Open) -> _Open:
    match outcome:
        case _Asked(held, fields):
            return _Asked(1 - held, fields)
        case _Several(held, ends_when, parts):
            return _Several(1 - held, not ends_when, tuple(map(_contrary, parts)))
        case _:
            assert_never(outcome)


def _cost(outcome: _Open, asked: set[str]) -> float:
    """Return how many fields are newly asked for, on average, and note them as asked."""
    if isinstance(outcome, _Asked):
        new = [field for field in outcome.fields if field not in asked]
        asked.update(new)
        return len(new)

    def worth(part: _Open) -> float:
        size = _size(part, asked)
        ends = part.chance if outcome.ends_when else 1 - part.chance
        return -ends / size if size else -1.0

    expected, reached = 0.0, 1.0
    for part in sorted(outcome.parts, key=worth):
        expected += reached * _cost(part, asked)
        reached *= 1 - part.chance if outcome.ends_when else part.chance
    return expected


def _size(outcome: _Open, asked: set[str]) -> int:
    if isinstance(outcome, _Asked):
        return sum(field not in asked for field in outcome.fields)
    return sum(_size(part, asked) for part in outcome.parts)
