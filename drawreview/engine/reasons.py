"""Why: every phrase of every rule that was tried, its truth, and the project's own values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, Literal

from drawreview.condition.ast import (
    Compare,
    Condition,
    Includes,
    Leaf,
    OneOf,
    leaves,
    phrases,
)
from drawreview.condition.to_prose import number
from drawreview.condition.to_truth import evaluate
from drawreview.engine.document import FactReason, Reason
from drawreview.fact import UNBOUNDED, Fact, Kind
from drawreview.project.buildings import COMBINED, USE
from drawreview.project.extent import exactly
from drawreview.project.judgements import JUDGED
from drawreview.project.measure import NEVER
from drawreview.rulebook.model import Extents, Rulebook
from drawreview.rulebook.rule import Rule
from drawreview.truth import Truth

Word = Literal["true", "false", "unknown"]
_WORDS: Final[dict[Truth, Word]] = {
    Truth.TRUE: "true",
    Truth.FALSE: "false",
    Truth.UNKNOWN: "unknown",
}
_UNIT: Final = {Kind.AREA: "m2", Kind.LENGTH: "m", Kind.COUNT: "storeys"}
_OF_A_BUILDING: Final = frozenset({*COMBINED, "basement", *JUDGED})
_NO_BUILDING: Final = exactly(USE.bits("not_a_building"))
_OF_THE_PERMIT: Final = {"permit_prerequisites", "drawings_provided", "commitment_barred"}


def word_of(truth: Truth) -> Word:
    """Return the JSON word of a truth value."""
    return _WORDS[truth]


def reasons_of(
    rulebook: Rulebook, extents: Extents, truth_of: Mapping[str, Truth]
) -> Iterator[Reason]:
    """Yield a reason for each phrase of each rule that bears on the path, won or lost."""
    for rule in rulebook.path.rules:
        if any(fact not in _OF_THE_PERMIT for c in rule.then for fact, _ in c.settles):
            yield from _reasons_of_rule(rulebook, extents, rule, truth_of[rule.id])


def _without_building(extents: Extents) -> bool:
    """Whether a project builds nothing that has an area, as a road does not."""
    return extents["building_use"] == _NO_BUILDING and extents["total_floor_area_m2"] == (0, 0)


def _reasons_of_rule(
    rulebook: Rulebook, extents: Extents, rule: Rule, truth: Truth
) -> Iterator[Reason]:
    overridden = None
    if truth is not evaluate(rule.when, extents):
        overridden = next(
            winner.id
            for winner in rulebook.path.rules
            if rule.id in winner.overrides and evaluate(winner.when, extents) is not Truth.FALSE
        )
    apart = _OF_A_BUILDING if _without_building(extents) else frozenset[str]()
    for phrase in phrases(rule.when):
        yield Reason(
            rule=rule.id,
            document=rulebook.document_of(rule).number,
            clause=rule.clause,
            phrase=phrase.words,
            truth=word_of(evaluate(phrase, extents)),
            won=truth is Truth.TRUE,
            overridden_by=overridden,
            facts=tuple(
                _fact_reason(rulebook.facts[leaf.fact], leaf, *extents[leaf.fact], apart)
                for leaf in _first_of_each_fact(phrase)
            ),
        )


def _fact_reason(fact: Fact, leaf: Leaf, low: int, high: int, apart: frozenset[str]) -> FactReason:
    reason = _stated(fact, leaf, low, high)
    # A road is no building of 0 m²; a judgement that somebody did sign is told all the same.
    if fact.name in apart and not (fact.name in JUDGED and low == high):
        return replace(reason, value="not_a_building", distance=None, unit=None)
    return reason


def _stated(fact: Fact, leaf: Leaf, low: int, high: int) -> FactReason:
    if isinstance(leaf, (OneOf, Includes)):
        limit = [value for i, value in enumerate(fact.values) if leaf.bits >> i & 1]
        is_now = [value for i, value in enumerate(fact.values) if high >> i & 1]
        return FactReason(
            fact=fact.name,
            value="、".join(is_now) if low == high else None,
            operator="includes" if isinstance(leaf, Includes) else "one_of",
            limit="、".join(limit),
        )
    if fact.kind is Kind.FLAG:
        value = ("false", "true")[low] if low == high else None
        return FactReason(fact=fact.name, value=value, operator="is", limit="true")
    distance = None
    if low == high and fact.kind is not Kind.DATE:
        inside = leaf.limit - low if leaf.operator.bounds_from_above else low - leaf.limit
        distance = number(fact.kind, inside)
    return FactReason(
        fact=fact.name,
        value=_number(fact, leaf, low, high),
        operator=leaf.operator.value,
        limit=number(fact.kind, leaf.limit),
        distance=distance,
        unit=_UNIT.get(fact.kind),
    )


def _number(fact: Fact, leaf: Compare, low: int, high: int) -> str | None:
    """Return the value, or what bounds it from the side that matters, or None."""
    if low == high:
        never = fact.kind is Kind.DATE and low == NEVER
        return "not_commissioned" if never else number(fact.kind, low)
    if fact.kind is Kind.DATE:
        return None
    if low > 0:
        return f">={number(fact.kind, low)}"
    return f"<={number(fact.kind, high)}" if high < UNBOUNDED and leaf.limit else None


def _first_of_each_fact(phrase: Condition) -> tuple[Leaf, ...]:
    found: dict[str, Leaf] = {}
    for leaf in leaves(phrase):
        found.setdefault(leaf.fact, leaf)
    return tuple(found.values())
