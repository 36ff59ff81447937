"""What the rule folders amount to: documents, rules, open questions, and the order of deciding."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final

from drawreview.condition.ast import All, Condition, Either, Not, leaves
from drawreview.condition.to_truth import Concluding, compile_truth
from drawreview.fact import Fact
from drawreview.rulebook.clauses import text_with_lead_in
from drawreview.rulebook.convention import Convention

Extents = dict[str, tuple[int, int]]


# The rules by which the permit route is told; see engine/permit.py.
PERMIT_RULES: Final = (
    "blacklisted_owner",
    "commitment_prerequisites",
    "complete_drawings_provided",
)


@dataclass(frozen=True, slots=True)
class Duty:
    """Who must do what, by when, and in which words."""

    words: str
    who: tuple[str, ...]
    what: str
    before: str | None = None
    upon: str | None = None
    within_workdays: int | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """What must be done within how many working days of what."""

    what: str
    within_workdays: int
    starts_with: str


@dataclass(frozen=True, slots=True)
class StageGate:
    """A construction stage that may start, or may not."""

    stage: str
    may_start: bool


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows from a breach, and who must see to it."""

    who: tuple[str, ...]
    what: str


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The law's words for what follows, and the facts that it settles."""

    words: str
    settles: tuple[tuple[str, str | bool], ...] = ()
    letter: str | None = None
    duty: Duty | None = None
    deadline: Deadline | None = None
    stage: StageGate | None = None
    consequence: Consequence | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its clause, its condition in the clause's own words, and what follows."""

    id: str
    document: str
    clause: str
    when: Condition
    then: tuple[Conclusion, ...]
    overrides: tuple[str, ...] = ()
    defined_by: Mapping[str, str] | None = None
    place: str = ""

    @property
    def letter(self) -> str | None:
        """The annex that goes with the conclusion, if any."""
        return next((c.letter for c in self.then if c.letter), None)

    def settled(self, fact: str) -> str | bool | None:
        """The value that this rule concludes for a fact."""
        return next((v for c in self.then for f, v in c.settles if f == fact), None)


@dataclass(frozen=True, slots=True)
class Trial:
    """When the document is in force by its own words."""

    issued: date
    last_certain_day: date
    last_arguable_day: date
    clause: str
    words: str
    question: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Commissioning days of which neither half of the transition speaks."""

    clause: str
    first: date
    last: date
    question: str


@dataclass(frozen=True, slots=True)
class Question:
    """A place where the text leaves a choice."""

    id: str
    clause: str
    words: str
    question: str
    readings: Mapping[str, str]
    adopted: str
    why: str
    settled_by: str
    rules: tuple[str, ...] = ()
    otherwise: tuple[tuple[str, Condition], ...] = ()
    every_single_venue: bool = False
    warn_when: Condition | None = None
    warn_overridden: tuple[str, str] | None = None
    says: str | None = None


@dataclass(frozen=True, slots=True)
class DistrictList:
    """A notice filed under 二(一)1(2)."""

    number: str
    district: str
    in_force_from: date
    in_force_until: date | None
    projects: tuple[str, ...]

    def in_force(self, on: date) -> bool:
        """Whether the notice may be relied on that day."""
        return self.in_force_from <= on and (
            self.in_force_until is None or on <= self.in_force_until
        )


@dataclass(frozen=True, slots=True)
class Successor:
    """A document, filed in an overlay, that continues or displaces the trial."""

    number: str
    issuer: str
    in_force_from: date
    in_force_until: date | None
    displaces: bool

    def covers(self, on: date) -> bool:
        """Whether it is in force that day."""
        return self.in_force_from <= on and (
            self.in_force_until is None or on <= self.in_force_until
        )


@dataclass(frozen=True, slots=True)
class Document:
    """A regulation: its identity, its text, and how it accounts for every sentence."""

    id: str
    title: str
    number: str
    issuer: str
    about: Mapping[str, Any]
    clauses: Mapping[str, str]
    coverage: Mapping[str, Mapping[str, Any]]
    trial: Trial | None = None
    gap: Gap | None = None

    def words_of(self, clause: str) -> str:
        """Return the clause after the sentence that introduces it."""
        return text_with_lead_in(clause, dict(self.clauses))


@dataclass(frozen=True, eq=False)
class Rulebook:
    """All the law that decides a project, checked, ordered and compiled once."""

    documents: tuple[Document, ...]
    rules: tuple[Rule, ...]
    questions: Mapping[str, Question]
    facts: Mapping[str, Fact]
    digest: str
    district_lists: tuple[DistrictList, ...] = ()
    successors: tuple[Successor, ...] = ()
    overlay: Mapping[str, str] | None = None
    convention: Convention | None = None
    readings: Mapping[str, str] = field(default_factory=dict[str, str])
    archive: bytes = field(default=b"", repr=False)  # the exact files, whose SHA-256 is the digest

    @property
    def id(self) -> str:
        """The id of the city's document."""
        return self.city.id

    @cached_property
    def city(self) -> Document:
        """The document that the questions and the trial belong to."""
        return next(document for document in self.documents if document.trial)

    @cached_property
    def by_id(self) -> dict[str, Rule]:
        """Rule id -> rule."""
        return {rule.id: rule for rule in self.rules}

    def document_of(self, rule: Rule) -> Document:
        """The document to which a rule belongs."""
        return next(d for d in self.documents if d.id == rule.document)

    @cached_property
    def live(self) -> dict[str, Condition]:
        """Rule id -> its condition, and that no rule which overrides it may hold."""
        against: dict[str, list[Condition]] = {}
        for rule in self.rules:
            for loser in rule.overrides:
                against.setdefault(loser, []).append(rule.when)
        return {
            rule.id: All((rule.when, Not(Either(tuple(against[rule.id])))))
            if rule.id in against
            else rule.when
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
    def conclusions(self) -> tuple[Concluding, ...]:
        """The derived facts, and the rules that conclude them; true is bit 1."""
        found: dict[str, list[tuple[int, int]]] = {}
        for place, rule in enumerate(self.order):
            for fact, value in (s for c in rule.then for s in c.settles):
                bit = 1 if value is True else self.facts[fact].bits(str(value))
                found.setdefault(fact, []).append((place, bit))
        return tuple(Concluding(fact, tuple(by)) for fact, by in found.items())

    @cached_property
    def truths(self) -> Callable[[Extents], tuple[tuple[int, ...], tuple[int, ...]]]:
        """The function from base facts to the truths of all live conditions, in that order.

        It also returns the ends of the derived facts, for `concluded`.
        """
        return compile_truth([self.live[rule.id] for rule in self.order], self.conclusions)

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
