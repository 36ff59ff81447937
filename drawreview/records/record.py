"""Record in a journal a decision, the letter that was printed of it, and what happened since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from datetime import date
from hashlib import sha256
from typing import Any, Literal

from drawreview.engine.decision import Decision
from drawreview.project.model import Project
from drawreview.project.personal import withheld, withheld_in
from drawreview.records.body import (
    Actor,
    Circumstances,
    EventsRecord,
    LetterRecord,
    Paper,
    body_of,
    decision_record,
    given_digest,
    law_of,
    personal_of,
)
from drawreview.records.canonical import canonical
from drawreview.records.correction import check_correction
from drawreview.records.entry import Entry, Names, Receipt
from drawreview.records.journal import Journal
from drawreview.records.materials import calendar_of, fonts, forms, rules_of
from drawreview.records.moment import Moment, now
from drawreview.records.ways import Answering
from drawreview.rulebook.model import Rulebook
from drawreview.timeline.workdays import Calendar, published_calendar


def decision_entry(
    decision: Decision, circumstances: Circumstances, *, idempotency_key: str | None = None
) -> Entry:
    """Return what a journal is asked to record of a decision."""
    record, personal = decision_record(decision, circumstances)
    rules = rules_of(decision.rulebook)
    names = Names(record.id, record.personal, record.supersedes and record.supersedes.id)
    return Entry(record.id, body_of(record), (rules,), personal, idempotency_key, names)


def submit_decision(
    journal: Journal,
    decision: Decision,
    circumstances: Circumstances,
    *,
    idempotency_key: str | None = None,
) -> Future[Receipt]:
    """Hand a decision to the journal; whoever waits for receipts together shares their commit.

    The receipt may yet be refused: another record may correct the same one before its turn.

    Raises:
        JournalError: It cannot supersede what it names.
    """
    if circumstances.supersedes:
        check_correction(journal, decision.project, circumstances.supersedes.id)
    return journal.submit(decision_entry(decision, circumstances, idempotency_key=idempotency_key))


def record_decision(
    journal: Journal,
    decision: Decision,
    circumstances: Circumstances,
    *,
    idempotency_key: str | None = None,
) -> Receipt:
    """Record a decision; return its receipt when it will survive a power cut.

    Raises:
        JournalError: It is not recorded, or cannot supersede what it names.
    """
    return submit_decision(
        journal, decision, circumstances, idempotency_key=idempotency_key
    ).result()


def record_letter(  # noqa: PLR0913 - what is said about a letter beside it
    journal: Journal,
    files: Mapping[str, bytes],
    *,
    decision: str,
    annex: Paper,
    receipt: str,
    actor: Actor,
    at: Moment | None = None,
) -> Receipt:
    """Record the files of a letter, or of a notice, that carries the receipt of its decision.

    The same files of the same decision are recorded once, however often they are printed.

    A letter cannot hold its own digest, nor a receipt of a record that holds it. So the decision
    is recorded first, its receipt is printed, and what was printed is recorded after.

    Args:
        journal: Where the decision is recorded.
        files: The letter by format.
        decision: The id of the decision's record.
        annex: Which letter it is, or a notice.
        receipt: What the code at its foot says.
        actor: Who printed it.
        at: When; now if no time is given.
    """
    record = LetterRecord(
        at=at or now(),
        actor=actor,
        decision=decision,
        annex=annex,
        files={form: sha256(content).hexdigest() for form, content in files.items()},
        receipt=receipt,
        forms=forms().sha256,
        fonts={name: font.sha256 for name, font in fonts().items()},
    )
    return journal.append(
        body_of(record),
        id=record.id,
        blobs=[forms(), *fonts().values()],
        idempotency_key=f"letter-{decision}-{sha256(canonical(record.files)).hexdigest()}",
    )


def record_events(  # noqa: PLR0913 - what deadlines follow from
    journal: Journal,
    project: Project,
    events: Sequence[Mapping[str, Any]],
    answering: Answering,
    *,
    on: date,
    rulebook: Rulebook,
    assume_in_force: bool,
    actor: Actor,
    at: Moment | None = None,
    calendar: Calendar | None = None,
    idempotency_key: str | None = None,
) -> Receipt:
    """Record what happened to a project until a day, and the deadlines that followed.

    Args:
        journal: Where.
        project: What the applicant stated.
        events: The entries of the log as plain values.
        answering: What answers a record's project, events, day and assumption; a replay asks it
            the same.
        on: The day.
        rulebook: The law.
        assume_in_force: Whether the trial was taken to go on.
        actor: Who acts.
        at: When; now if no time is given.
        calendar: The working days; those of the installed package if none is given.
        idempotency_key: Whoever asks again with the same gets the first record.
    """
    days = calendar or published_calendar()
    without, taken = withheld(project)
    # A design change states the changed project, and with it the same persons once more.
    happened, taken_there = withheld_in(list(events), "events")
    taken |= taken_there
    personal = personal_of(taken)
    assumption: Literal["assume_in_force"] | None = "assume_in_force" if assume_in_force else None
    asked = {"project": without, "events": happened, "on": on.isoformat(), "assumption": assumption}
    answer = answering(asked, rulebook, days)
    record = EventsRecord(
        at=at or now(),
        actor=actor,
        on=on.isoformat(),
        assumption=assumption,
        project=without,
        personal=personal and personal.commitment,
        events=tuple(happened),
        given=given_digest(without, happened),
        law=law_of(rulebook, calendar=days.digest),
        answer=answer,
    )
    blobs = [rules_of(rulebook), calendar_of(days)]
    return journal.append(
        body_of(record),
        id=record.id,
        blobs=blobs,
        personal=personal,
        idempotency_key=idempotency_key,
    )
