"""What is doubtful in a log or does not count of it, as a part of published documents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pydantic import BaseModel, ConfigDict

from drawreview.site.log import Finding, Known


class FindingDocument(BaseModel):
    """A doubtful entry of the log, which counts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    place: str
    clause: str | None
    text: str
    english: str


class NotCountedDocument(BaseModel):
    """An entry of the log that does not count."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    place: str
    on: date
    event: str
    why: str
    english: str


def findings_in(findings: Iterable[Finding]) -> tuple[FindingDocument, ...]:
    """Return what is doubtful in a log."""
    return tuple(
        FindingDocument(
            number=f.number, place=f.place, clause=f.clause, text=f.text, english=f.english
        )
        for f in findings
    )


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
