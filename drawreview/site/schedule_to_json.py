"""The deadlines as a published JSON document."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from pydantic import Field

from drawreview.engine.document import ReviewPath
from drawreview.site.log_to_json import (
    FindingDocument,
    NotCountedDocument,
    Part,
    findings_in,
    not_counted_in,
)
from drawreview.site.schedule import Due, Reading, Schedule, State
from drawreview.timeline.clocks import Pause


class StopDocument(Part):
    """A time that does not count, and the working days that it takes."""

    since: date = Field(serialization_alias="from")
    to: date | None = Field(description="null while it goes on")
    why: str
    workdays: int


class DueDocument(Part):
    """One deadline as it stands at the end of the day asked about."""

    what: str
    reading: Reading | None = Field(description="null where the law leaves no choice")
    who: tuple[str, ...]
    workdays: int
    start: date = Field(serialization_alias="from")
    from_event: str
    due: date | None = Field(description="the earliest possible day while the clock is stopped")
    due_without_stops: date | None
    state: State
    days_left: int | None = Field(description="working days; negative if overdue, null once done")
    done_on: date | None
    days_late: int | None
    skipped_days: tuple[date, ...]
    skipped_because: dict[date, str]
    makeup_days: tuple[date, ...] = Field(description="weekend days worked, which count")
    stops: tuple[StopDocument, ...]
    refused: str | None = Field(description="why no day is given")
    refused_english: str | None
    document: str
    clause: str
    words: str


class NoteDocument(Part):
    """Something to know beside the deadlines."""

    clause: str
    text: str
    english: str


class ConventionDocument(Part):
    """How working days are counted."""

    start_day_counts: bool
    says: str


class CalendarDocument(Part):
    """The calendar, and the digest of its published days, under which a journal keeps them."""

    name: str
    version: str
    digest: str
    first: date
    last: date


class DeadlinesDocument(Part):
    """The deadlines of a project on a day."""

    schema_: Literal["drawreview/deadlines@1"] = Field(
        default="drawreview/deadlines@1", serialization_alias="schema"
    )
    on: date
    project: dict[str, str | None]
    review_path: ReviewPath
    decided_for: date = Field(description="the day of submission, for which the path is decided")
    assumption: Literal["assume_in_force"] | None
    deadlines: tuple[DueDocument, ...]
    information: tuple[DueDocument, ...] = Field(
        description="national limits; which of them apply depends on size and class"
    )
    overdue: tuple[str, ...]
    notes: tuple[NoteDocument, ...]
    findings: tuple[FindingDocument, ...]
    not_counted: tuple[NotCountedDocument, ...]
    convention: ConventionDocument
    calendar: CalendarDocument
    rulebook: dict[str, str]


class PotDocument(Part):
    """The deadlines of many projects on a day."""

    projects: tuple[DeadlinesDocument, ...]


def schedule_to_json(schedule: Schedule) -> str:
    """Return the document as indented JSON."""
    return document_of(schedule).model_dump_json(by_alias=True, indent=2)


def pot_to_json(schedules: Iterable[Schedule]) -> str:
    """Return the documents of many projects as one, as indented JSON."""
    pot = PotDocument(projects=tuple(map(document_of, schedules)))
    return pot.model_dump_json(by_alias=True, indent=2)


def document_of(schedule: Schedule) -> DeadlinesDocument:
    """Return the document."""
    decision = schedule.decision
    late = sorted({due.what for due in schedule.deadlines if due.state == "overdue"})
    return DeadlinesDocument(
        on=schedule.on,
        project={"name": decision.project.name, "code": decision.project.project_code},
        review_path=decision.review_path,
        decided_for=decision.on,
        assumption=decision.assumption,
        deadlines=tuple(map(_due, schedule.deadlines)),
        information=tuple(map(_due, schedule.information)),
        overdue=tuple(late),
        notes=tuple(map(NoteDocument.model_validate, schedule.notes)),
        findings=findings_in(schedule.findings),
        not_counted=not_counted_in(schedule.known),
        convention=ConventionDocument(
            start_day_counts=schedule.convention.start_day_counts, says=schedule.convention.says()
        ),
        calendar=CalendarDocument.model_validate(schedule.calendar),
        rulebook={"id": decision.rulebook.id, "digest": decision.rulebook.digest},
    )


def _due(due: Due) -> DueDocument:
    return DueDocument(
        what=due.what,
        reading=due.reading,
        who=due.who,
        workdays=due.term.workdays,
        start=due.term.start,
        from_event=due.start_event,
        due=due.due,
        due_without_stops=due.due_without_stops,
        state=due.state,
        days_left=due.days_left,
        done_on=due.done_on,
        days_late=due.days_late,
        skipped_days=tuple(due.skipped),
        skipped_because=due.skipped,
        makeup_days=due.makeup_days,
        stops=tuple(_stop(due, pause) for pause in due.stops),
        refused=due.refused,
        refused_english=due.refused_english,
        document=due.document,
        clause=due.clause,
        words=due.words,
    )


def _stop(due: Due, pause: Pause) -> StopDocument:
    return StopDocument(
        since=pause.since,
        to=None if pause.still_open else pause.until,
        why=pause.why,
        workdays=due.term.stood(due.calendar, pause),
    )
