"""What the rule folders amount to: documents, rules, open questions, and the order of deciding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final

from drawreview.condition.ast import Condition, leaves
from drawreview.condition.to_truth import TruthReader
from drawreview.fact import Fact
from drawreview.project.facts import SITE_FACTS
from drawreview.rulebook.clauses import text_with_lead_in
from drawreview.rulebook.convention import Convention
from drawreview.rulebook.rule import EVERYTHING, Rule
from drawreview.rulebook.ruleset import Extents, RuleSet

LEVELS: Final = ("law", "administrative_regulation", "department_rule")
# The rules by which the permit route is told; see engine/permit.py.
PERMIT_RULES: Final = (
    "blacklisted_owner",
    "commitment_prerequisites",
    "complete_drawings_provided",
)
# The questions that decisions cite by their numbers, beside those that the rule files name.
ENGINE_QUESTIONS: Final = ("A13", "A14", "A17", "B1", "B2", "B10", "E2")
# What is found out about a rulebook is kept for so many: the packs of an office's years under the
# readings by which they decided. Kept for all, it would fill the memory of a server that replays.
MOST_KEPT: Final = 32
FACTS_KEPT: Final = 64 * MOST_KEPT  # of each, by fact


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
    stages: tuple[str, ...] = ()
    english: str | None = None  # of `says`, or else of the question
    readings_english: Mapping[str, str] = field(default_factory=dict[str, str])


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
class Adoption:
    """A reading that an authority has adopted by a document, filed in an overlay."""

    question: str
    reading: str
    number: str
    issuer: str
    issued: date
    in_force_from: date
    in_force_until: date | None

    def in_force(self, on: date) -> bool:
        """Whether the adoption may be relied on that day."""
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

    @property
    def level(self) -> int:
        """The place of the document among others: 法律 0, 行政法规 1, 部门规章 2, any other 3."""
        said = self.about.get("level")
        return LEVELS.index(said) if said in LEVELS else len(LEVELS)

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
    adoptions: tuple[Adoption, ...] = ()
    overlay: Mapping[str, str] | None = None
    convention: Convention | None = None
    readings: Mapping[str, str] = field(default_factory=dict[str, str])
    before_readings: Rulebook | None = None
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
    def path(self) -> RuleSet:
        """The rules by which a project's review path and permit route are decided."""
        return RuleSet(tuple(r for r in self.rules if not self._of_site(r)), self.facts)

    @cached_property
    def settling_the_path(self) -> tuple[Rule, ...]:
        """The rules that name a review path."""
        return tuple(rule for rule in self.path.rules if rule.settled("review_path"))

    @cached_property
    def letters(self) -> tuple[tuple[int, str], ...]:
        """The annex that goes with a path, by the place of its rule in the order of deciding."""
        return tuple(
            (self.path.ids.index(rule.id), rule.letter)
            for rule in self.settling_the_path
            if rule.letter
        )

    @cached_property
    def site(self) -> RuleSet:
        """The rules of what may be built and what follows, under the readings that are taken."""
        return RuleSet(
            tuple(r for r in self.rules if self._of_site(r) and self.stands(r)), self.facts
        )

    @staticmethod
    def _of_site(rule: Rule) -> bool:
        if rule.scope != EVERYTHING or rule.under:
            return True
        if any(c.stage or c.deadline or c.consequence for c in rule.then):
            return True
        return any(leaf.fact in SITE_FACTS for leaf in leaves(rule.when))

    def stands(self, rule: Rule) -> bool:
        """Whether the readings that are taken are those under which the rule stands."""
        return all(
            (self.readings.get(name) or self.questions[name].adopted) in readings
            for name, readings in rule.under
            if name in self.questions
        )

    @property
    def live(self) -> dict[str, Condition]:
        """Path rule id -> its condition, and that no rule which overrides it may hold."""
        return self.path.live

    @property
    def order(self) -> tuple[Rule, ...]:
        """The path rules in the order of deciding."""
        return self.path.order

    @property
    def truths(self) -> TruthReader:
        """The function from base facts to the truths of all live path conditions, in their order.

        It also returns the ends of the derived facts, for `concluded`.
        """
        return self.path.truths

    def concluded(self, ends: tuple[int, ...]) -> Extents:
        """Return what the derived facts of the path are."""
        return self.path.concluded(ends)
