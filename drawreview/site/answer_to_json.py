"""What is said of a site as a published JSON document."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from pydantic import Field

from drawreview.engine.document import ReviewPath
from drawreview.site.answer import Breach, Change, SiteAnswer, State
from drawreview.site.events import Stage
from drawreview.site.log_to_json import (
    FindingDocument,
    NotCountedDocument,
    Part,
    findings_in,
    not_counted_in,
)
from drawreview.site.schedule import Reading as DueReading


class ReadingDocument(Part):
    """What one reading of a question makes of a stage."""

    reading: str
    adopted: bool
    says: str
    english: str
    state: State
    clauses: tuple[str, ...]


class ConflictDocument(Part):
    """A place where the text leaves open whether a stage may start, or says two things."""

    question: str | None = Field(description="its number on the register of open questions")
    clause: str
    words: str = Field(description="the law's own")
    says: str
    english: str
    readings: tuple[ReadingDocument, ...]


class GateDocument(Part):
    """Whether the text bars a stage; not barred is not approved."""

    state: State
    missing: tuple[str, ...] = Field(
        description="events that would bring what is missing, or fields of the project file"
    )
    clauses: tuple[str, ...]
    conflicts: tuple[ConflictDocument, ...]


class StagesDocument(Part):
    """The gates in the order of building."""

    pit: GateDocument
    blinding: GateDocument
    base_slab: GateDocument
    main_structure: GateDocument


class ConsequenceDocument(Part):
    """What follows from a breach, and who must see to it."""

    who: tuple[str, ...]
    what: str
    clause: str
    words: str = Field(description="the law's own")
    places_seen: int | None = Field(
        description="independent places in which words of national law were seen"
    )


class BreachDocument(Part):
    """A stage that started while the text barred it."""

    on: date
    number: int = Field(description="of the entry in the event file, from 1")
    stage: Stage
    clause: str
    consequences: tuple[ConsequenceDocument, ...] = Field(
        description="none where the text names none"
    )


class ChangeReadingDocument(Part):
    """Which documents a change undoes under one reading."""

    reading: str
    adopted: bool
    says: str
    english: str
    falls: tuple[str, ...]


class ChangeDocument(Part):
    """A major design change: whether the class stands, and what must be had again."""

    on: date
    number: int = Field(description="of the entry in the event file, from 1")
    touches: tuple[str, ...]
    review_path_before: ReviewPath
    review_path_after: ReviewPath
    class_changed: Literal["no", "yes", "open"]
    falls: tuple[str, ...]
    submit_again: tuple[str, ...] = Field(
        description="explanation and drawings_uploaded are submitted, unless the upload is there "
        "by the day asked about; the rest is had again from others"
    )
    clauses: tuple[str, ...]
    readings: tuple[ChangeReadingDocument, ...]


class OverdueDocument(Part):
    """A deadline that has passed unmet, as `drawreview/deadlines@1` tells it too."""

    what: str
    reading: DueReading | None
    who: tuple[str, ...]
    due: date
    days_left: int | None = Field(description="working days, negative; null if beyond the calendar")
    clause: str


class GatesDocument(Part):
    """What may be built on a day, what was built too early, and what a change undoes."""

    schema_: Literal["drawreview/gates@1"] = Field(
        default="drawreview/gates@1", serialization_alias="schema"
    )
    on: date
    project: dict[str, str | None]
    review_path: ReviewPath
    assumption: Literal["assume_in_force"] | None
    stages: StagesDocument
    breaches: tuple[BreachDocument, ...]
    changes: tuple[ChangeDocument, ...]
    overdue: tuple[OverdueDocument, ...]
    findings: tuple[FindingDocument, ...]
    not_counted: tuple[NotCountedDocument, ...]
    rulebook: dict[str, str]
    readings: dict[str, str] = Field(description="readings taken instead of the adopted ones")


class PotDocument(Part):
    """What is said of many sites on a day."""

    projects: tuple[GatesDocument, ...]


def pot_to_json(answers: Iterable[SiteAnswer]) -> str:
    """Return the documents of many projects as one, as indented JSON."""
    pot = PotDocument(projects=tuple(map(document_of, answers)))
    return pot.model_dump_json(by_alias=True, indent=2)


def answer_to_json(answer: SiteAnswer) -> str:
    """Return the document as indented JSON."""
    return document_of(answer).model_dump_json(by_alias=True, indent=2)


def document_of(answer: SiteAnswer) -> GatesDocument:
    """Return the document."""
    law, project = answer.decision.rulebook, answer.decision.project
    return GatesDocument(
        on=answer.on,
        project={"name": project.name, "code": project.project_code},
        review_path=answer.decision.review_path,
        assumption=answer.decision.assumption,
        stages=StagesDocument.model_validate({gate.stage.value: gate for gate in answer.gates}),
        breaches=tuple(map(_breach, answer.breaches)),
        changes=tuple(map(_change, answer.changes)),
        overdue=tuple(OverdueDocument.model_validate(due) for due in answer.overdue if due.due),
        findings=findings_in(answer.findings),
        not_counted=not_counted_in(answer.known),
        rulebook={"id": law.id, "digest": law.digest},
        readings=dict(law.readings),
    )


def _breach(breach: Breach) -> BreachDocument:
    return BreachDocument(
        on=breach.on,
        number=breach.number,
        stage=breach.stage,
        clause=breach.clause,
        consequences=tuple(
            ConsequenceDocument(
                who=follows.consequence.who,
                what=follows.consequence.what,
                clause=follows.clause,
                words=follows.words,
                places_seen=follows.places_seen,
            )
            for follows in breach.consequences
        ),
    )


def _change(change: Change) -> ChangeDocument:
    return ChangeDocument(
        on=change.on,
        number=change.number,
        touches=change.touches,
        review_path_before=change.path_before,
        review_path_after=change.path_after,
        class_changed=change.class_changed,
        falls=change.falls,
        submit_again=change.submit_again,
        clauses=change.clauses,
        readings=tuple(map(ChangeReadingDocument.model_validate, change.readings)),
    )
