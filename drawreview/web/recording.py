"""The journal of this server: opened or begun at start, and asked to record decisions.

Nothing is told to anybody before the journal has answered that the record will survive a power cut.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Literal

from drawreview.engine.decision import Decision
from drawreview.records.body import Actor, Superseded, body_of, decision_record
from drawreview.records.entry import Blob, Entry, Personal, Receipt
from drawreview.records.journal import Journal, init_journal, open_journal
from drawreview.web.security.roles import Who
from drawreview.web.settings import Settings


def journal_of(settings: Settings) -> Journal:
    """Open the journal; begin one beside the other data if none is named and none is there.

    Raises:
        JournalError: The one that is named cannot be opened.
    """
    if settings.journal is not None:
        return open_journal(settings.journal, key=settings.journal_key)
    place = settings.data / "journal" / "journal.sqlite3"
    key = settings.journal_key or settings.data / "key" / "journal.key"
    if place.exists():
        return open_journal(place, key=key)
    for folder in (place.parent, key.parent):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return init_journal(place, origin=f"drawreview/{secrets.token_hex(4)}", key=Path(key))


def actor_of(who: Who, channel: Literal["web", "api"]) -> Actor:
    """Return who acts, as records name them: by a number that only this office can resolve."""
    return Actor(id=f"user-{who.user}", role="clerk", channel=channel)


def submit_decision(  # noqa: PLR0913 - what is said about a decision beside it
    journal: Journal,
    decision: Decision,
    *,
    actor: Actor,
    answers: Mapping[str, str] | None = None,
    supersedes: Superseded | None = None,
    idempotency_key: str | None = None,
) -> Future[Receipt]:
    """Hand the record of a decision to the journal; who waits for the answer shares its commit.

    Raises:
        JournalError: It supersedes a record that is not there.
    """
    if supersedes:
        journal.get(supersedes.id)
    record, personal = decision_record(
        decision, actor=actor, answers=answers, supersedes=supersedes
    )
    return journal.submit(
        Entry(
            id=record.id,
            body=body_of(record),
            blobs=(Blob("rules", decision.rulebook.archive),),
            personal=personal and Personal(personal.salt, personal.content),
            idempotency_key=idempotency_key,
        )
    )
