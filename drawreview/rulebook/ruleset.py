"""Rules that are decided together: the order of deciding, and the compiled function."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from drawreview.condition.ast import All, Condition, Either, Not, leaves
from drawreview.condition.to_truth import Concluding, TruthReader, compile_truth
from drawreview.fact import Fact
from drawreview.rulebook.rule import Rule

Extents = dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Bar:
    """What keeps a stage shut by one rule, unless a rule that prevails over it opens it."""

    rule: Rule
    stage: str
    condition: Condition


@dataclass(frozen=True, eq=False)
class RuleSet:
    """Some of the rules, and the facts that they read and conclude."""

    rules: tuple[Rule, ...]
    facts: Mapping[str, Fact]

    @cached_property
    def live(self) -> dict[str, Condition]:
        """Rule id -> its condition, and that no rule which overrides it may hold."""
        against: dict[str, list[Condition]] = {}
        for rule in self.rules:
            for loser in rule.overrides:
                against.setdefault(loser, []).append(rule.holds)
        return {
            rule.id: All((rule.holds, Not(Either(tuple(against[rule.id])))))
            if rule.id in against
            else rule.holds
            for rule in self.rules
        }

    @cached_property
    def strata(self) -> tuple[tuple[Rule, ...], ...]:
        """The rules in rounds: a round reads only what earlier rounds have concluded."""
        concluded_by: dict[str, list[str]] = {}
        for rule in self.rules:
            for conclusion in rule.then:
                for fact, _ in conclusion.settles:
                    concluded_by.setdefault(fact, []).append(rule.id)
        levels: dict[str, int] = {}

        def level(rule_id: str, above: tuple[str, ...]) -> int:
            if rule_id in above:
                message = f"rules conclude in a circle: {' -> '.join((*above, rule_id))}"
                raise ValueError(message)
            if rule_id not in levels:
                reads = {leaf.fact for leaf in leaves(self.live[rule_id])}
                below = [r for fact in reads for r in concluded_by.get(fact, ())]
                levels[rule_id] = 1 + max((level(r, (*above, rule_id)) for r in below), default=-1)
            return levels[rule_id]

        depth = max((level(rule.id, ()) for rule in self.rules), default=-1)
        return tuple(
            tuple(rule for rule in self.rules if levels[rule.id] == n) for n in range(depth + 1)
        )

    @cached_property
    def order(self) -> tuple[Rule, ...]:
        """The rules in the order of deciding: a rule reads only what earlier ones conclude."""
        return tuple(itertools.chain.from_iterable(self.strata))

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The ids of the rules in the order of deciding."""
        return tuple(rule.id for rule in self.order)

    @cached_property
    def conclusions(self) -> tuple[Concluding, ...]:
        """The derived facts, and the rules that conclude them; true is bit 1."""
        found: dict[str, list[tuple[int, int]]] = {}
        for place, rule in enumerate(self.order):
            for fact, value in (s for c in rule.then for s in c.settles):
                bit = 1 if value is True else self.facts[fact].bits(str(value))
                found.setdefault(fact, []).append((place, bit))
        return tuple(Concluding(fact, tuple(by)) for fact, by in found.items())

    @cached_property
    def bars(self) -> tuple[Bar, ...]:
        """What keeps each stage shut, rule by rule."""
        return tuple(
            Bar(rule, stage, self._bar(rule, stage))
            for rule in self.rules
            for conclusion in rule.then
            if conclusion.stage and conclusion.stage.bars
            for stage in conclusion.stage.names
        )

    def _bar(self, rule: Rule, stage: str) -> Condition:
        shut = rule.when if rule.stage_gate.not_then else Not(rule.when)
        opens = tuple(w.holds for w in self.prevailing(rule, stage))
        parts = (rule.scope, shut, Not(Either(opens)))
        return All(tuple(part for part in parts if part not in (All(()), Not(Either(())))))

    def prevailing(self, rule: Rule, stage: str) -> tuple[Rule, ...]:
        """Return the rules that open a stage which this rule would keep shut."""
        return tuple(
            winner
            for winner in self.rules
            if rule.id in winner.overrides and stage in winner.stage_gate.names
        )

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions of the rules in the order of deciding, then those of the bars."""
        rules = (self.live[rule.id] for rule in self.order)
        return (*rules, *(bar.condition for bar in self.bars))

    @cached_property
    def truths(self) -> TruthReader:
        """The function from base facts to the truths of all conditions, in that order.

        It also returns the ends of the derived facts, for `concluded`.
        """
        return compile_truth(self.conditions, self.conclusions)

    def concluded(self, ends: tuple[int, ...]) -> Extents:
        """Return what the derived facts are.

        A derived fact surely has the values that true rules conclude, and may have those that no
        rule's falsity has excluded.
        """
        each = iter(ends)
        return dict(zip(self._derived, zip(each, each, strict=True), strict=True))

    @cached_property
    def _derived(self) -> tuple[str, ...]:
        return tuple(conclusion.fact for conclusion in self.conclusions)
