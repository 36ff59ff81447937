"""How many questions a project may still take before its path is settled, on average.

The rules that conclude a path are tried one after the other, the prevailing ones first; within a
rule the test that most probably ends the trying, for the fields it costs, comes first. A field is
counted once, and as often as the asking gets that far.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
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
from drawreview.project.buildings import SUMS
from drawreview.project.measure import Measured
from drawreview.project.open_fields import Part
from drawreview.rulebook.model import MOST_KEPT, Rulebook
from drawreview.truth import Truth


@dataclass(frozen=True, slots=True, eq=False)
class _Test:
    """A leaf, or that it does not hold.

    Attributes:
        each: Whether it holds only if it does for each building; else one is enough.
    """

    leaf: Leaf
    negated: bool
    each: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Several:
    """Tests of which the first that says so ends the trying.

    Attributes:
        ends_when: The truth that ends it: false if all must hold, true if one is enough.
    """

    ends_when: bool
    parts: tuple[_Test | _Several, ...]


@dataclass(frozen=True, slots=True)
class _Open:
    """What is open of several tests.

    Attributes:
        goes_on: The chance that none of them ends the trying.
        tests: The fields of each, and the chance that it does not end the trying.
    """

    ends_when: bool
    goes_on: float
    tests: tuple[tuple[tuple[str, ...], float], ...]
    nested: tuple[_Open, ...] = ()

    @property
    def chance(self) -> float:
        """The chance that the whole holds."""
        return 1 - self.goes_on if self.ends_when else self.goes_on


_Fields: TypeAlias = tuple[str, ...]


def expected_questions(rulebook: Rulebook, measured: Measured) -> tuple[float, set[str]]:
    """Return how many open fields are asked for, on average, until the path is settled; and which.

    A building that nobody has stated counts as the one field `buildings`.
    """
    asked: set[str] = set()
    expected, reached = 0.0, 1.0
    for tests in _tests(rulebook):
        outlook = _outlook(rulebook, measured, tests)
        if outlook is True:
            break
        if outlook is not False:
            expected += reached * _cost(outlook, asked)
            reached *= 1 - outlook.chance
    return expected, asked


@lru_cache(maxsize=MOST_KEPT)
def _tests(rulebook: Rulebook) -> tuple[_Several, ...]:
    """Return the tests of the rules that conclude a path, over base facts alone.

    A rule that only says that another one does not hold costs no question of its own.
    """
    concluding = [rule for rule in rulebook.rules if rule.settled("review_path") is not None]
    concluding.sort(key=lambda rule: -len(rule.overrides))
    conditions = (_flat(_over_base_facts(rulebook, rule.when)) for rule in concluding)
    return tuple(
        tests if isinstance(tests, _Several) else _Several(ends_when=False, parts=(tests,))
        for tests in (_tried(c, negated=False) for c in conditions if not isinstance(c, Not))
    )


def _over_base_facts(rulebook: Rulebook, condition: Condition) -> Condition:
    """Return a condition with what concludes each derived flag in place of the flag."""
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
            concluding = (r for r in rulebook.rules if r.settled(condition.fact) is not None)
            concluded = Either(tuple(_over_base_facts(rulebook, r.when) for r in concluding))
            holds = evaluate_leaf(condition, 1, 1) is Truth.TRUE
            return concluded if holds else Not(concluded)
        case Compare() | OneOf() | Includes():
            return condition
        case _:
            assert_never(condition)


def _flat(condition: Condition) -> Condition:
    """Return a condition without brackets that change nothing, and without saying a thing twice."""
    match condition:
        case All(parts) | Either(parts):
            kind = type(condition)
            several: list[Condition] = []
            for part in map(_flat, parts):
                several += part.parts if isinstance(part, kind) else (part,)
            distinct = tuple(dict.fromkeys(several))
            return distinct[0] if len(distinct) == 1 else kind(distinct)
        case Not(part):
            return Not(_flat(part))
        case _:
            return condition


def _tried(condition: Condition, *, negated: bool) -> _Test | _Several:
    match condition:
        case All(parts) | Either(parts):
            ends_when = isinstance(condition, Either) is not negated
            return _Several(ends_when, tuple(_tried(part, negated=negated) for part in parts))
        case Not(part):
            return _tried(part, negated=not negated)
        case Phrase(_, reading):
            return _tried(reading, negated=negated)
        case Compare() | OneOf() | Includes():
            each = isinstance(condition, OneOf) or (
                isinstance(condition, Compare) and condition.operator.bounds_from_above
            )
            return _Test(condition, negated, each is not negated)
        case _:
            assert_never(condition)


def _outlook(rulebook: Rulebook, measured: Measured, several: _Several) -> _Open | bool:
    """Return what is open of several tests, or their truth if nothing is."""
    ends_when = several.ends_when
    tests: dict[_Fields, float] = {}
    nested: list[_Open] = []
    for part in several.parts:
        if isinstance(part, _Test):
            outlook = _of_test(rulebook, measured, part)
        else:
            outlook = _outlook(rulebook, measured, part)
        if outlook is ends_when:
            return ends_when
        if isinstance(outlook, bool):
            continue
        same = outlook.ends_when is ends_when
        if not same and len(outlook.tests) + len(outlook.nested) > 1:
            nested.append(outlook)
            continue
        for fields, goes_on in outlook.tests:
            tests[fields] = tests.get(fields, 1.0) * (goes_on if same else 1 - goes_on)
        nested += outlook.nested
    if not tests and not nested:
        return not ends_when
    on = 1.0
    for stays in tests.values():
        on *= stays
    for each in nested:
        on *= 1 - each.chance if ends_when else each.chance
    return _Open(ends_when, on, tuple(tests.items()), tuple(nested))


def _of_test(rulebook: Rulebook, measured: Measured, test: _Test) -> _Open | bool:
    """Return what is open of a test, building by building, or its truth."""
    leaf = test.leaf
    extent = measured.extents[leaf.fact]
    truth = evaluate_leaf(leaf, *extent)
    if truth is not Truth.UNKNOWN:
        return (truth is Truth.TRUE) is not test.negated
    parts = measured.parts.get(leaf.fact, ())
    known = 0
    if leaf.fact in SUMS and isinstance(leaf, Compare) and parts:
        known = leaf.limit - max(0, leaf.limit - extent[0]) // len(parts)  # an even share
    on, tests = 1.0, list[tuple[_Fields, float]]()
    for part in parts:
        stays = _goes_on(rulebook, test, part, known)
        if stays is not None:
            tests.append((part.fields, stays))
            on *= stays
    return _Open(not test.each, on, tuple(tests))


@lru_cache(maxsize=16_384)
def _goes_on(rulebook: Rulebook, test: _Test, part: Part, known: int) -> float | None:
    """Return the chance that a building does not end a test; None if it cannot tell."""
    leaf = test.leaf
    if (
        part.extent is not None
        and leaf.fact not in SUMS
        and evaluate_leaf(leaf, *part.extent) is not Truth.UNKNOWN
    ):
        return None
    holds = chance(rulebook, leaf, tuple(map(without_building, part.fields)), known)
    return holds if test.each is not test.negated else 1 - holds


def _cost(outlook: _Open, asked: set[str]) -> float:
    """Return how many fields are newly asked for, on average, and note them as asked."""
    ordered: list[tuple[float, tuple[str, ...] | _Open, float]] = []
    for fields, stays in outlook.tests:
        size = sum(field not in asked for field in fields)
        if size:
            ordered.append(((stays - 1) / size, fields, stays))
    for each in outlook.nested:
        stays = 1 - each.chance if outlook.ends_when else each.chance
        ordered.append(((stays - 1) / max(1, _size(each, asked)), each, stays))
    ordered.sort(key=lambda one: one[0])
    expected, reached = 0.0, 1.0
    for _, part, stays in ordered:
        if isinstance(part, _Open):
            expected += reached * _cost(part, asked)
        else:
            new = [field for field in part if field not in asked]
            asked.update(new)
            expected += reached * len(new)
        reached *= stays
    return expected


def _size(outlook: _Open, asked: set[str]) -> int:
    own = sum(field not in asked for fields, _ in outlook.tests for field in fields)
    return own + sum(_size(each, asked) for each in outlook.nested)
