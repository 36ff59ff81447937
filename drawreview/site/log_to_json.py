"""What is doubtful in a log or does not count of it, as a part of published documents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pydantic import BaseModel, ConfigDict

from drawreview.site.log import Finding, Known


class Part(BaseModel):
    """A part of a published document, filled from what has attributes of its fields' names."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class FindingDocument(Part):
    """A doubtful entry of the log, which counts."""

    number: int
    place: str
    clause: str | None
    text: str
    english: str


class NotCountedDocument(Part):
    """An entry of the log that does not count."""

    number: int
    place: str
    on: date
    event: str
    why: str
    english: str


def findings_in(findings: Iterable[Finding]) -> tuple[FindingDocument, ...]:
    """Return what is doubtful in a log."""
    return tuple(map(FindingDocument.model_validate, findings))


def not_counted_in(known: Known) -> tuple[NotCountedDocument, ...]:
    """Return what does not count of a log."""
    return tuple(
        NotCountedDocument(
            number=e.number,
            place=e.place,
            on=e.event.on,
            event=e.event.event,
            why=e.why,
            english=e.english,
        )
        for e in known.uncounted
    )
