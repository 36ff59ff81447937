"""What may be built on a day, what was built too early, and what a design change undoes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from drawreview.engine.decision import Decision
from drawreview.engine.document import ReviewPath
from drawreview.rulebook.rule import Consequence
from drawreview.site.events import Stage
from drawreview.site.log import Finding, Known
from drawreview.site.schedule import Due

State = Literal["not_barred", "ask", "barred"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reading of a question makes of a stage."""

    reading: str
    adopted: bool
    says: str
    english: str
    state: State
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place where the text leaves open whether a stage may start, or says two things."""

    question: str | None
    clause: str
    words: str
    says: str
    english: str
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether the text bars a stage, what it waits for, and where the text is in conflict."""

    stage: Stage
    state: State
    missing: tuple[str, ...]
    clauses: tuple[str, ...]
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Follows:
    """What follows from a breach: who must see to it, in the law's words.

    Words of national law carry the number of independent places in which they were seen.
    """

    consequence: Consequence
    clause: str
    words: str
    places_seen: int | None


@dataclass(frozen=True, slots=True)
class Breach:
    """A stage that started while the text barred it."""

    on: date
    number: int
    stage: Stage
    clause: str
    gate: Gate
    consequences: tuple[Follows, ...]


@dataclass(frozen=True, slots=True)
class ChangeReading:
    """Which documents a change undoes under one reading (D2)."""

    reading: str
    adopted: bool
    says: str
    english: str
    falls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A major design change: whether the class stands, and what must be had again."""

    on: date
    number: int
    touches: tuple[str, ...]
    path_before: ReviewPath
    path_after: ReviewPath
    class_changed: Literal["no", "yes", "open"]
    falls: tuple[str, ...]
    submit_again: tuple[str, ...]
    clauses: tuple[str, ...]
    readings: tuple[ChangeReading, ...]


@dataclass(frozen=True)
class SiteAnswer:
    """All that is said of a site on a day."""

    decision: Decision
    path: ReviewPath
    on: date
    known: Known
    findings: tuple[Finding, ...]
    gates: tuple[Gate, ...]
    breaches: tuple[Breach, ...]
    changes: tuple[Change, ...]
    overdue: tuple[Due, ...]
