"""The journal of this server, opened or begun at start; who records in it, and what letters say."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Literal

from fastapi import Request

from drawreview.errors import JournalError
from drawreview.letters.footer import Receipt as Printed
from drawreview.records.body import Actor
from drawreview.records.journal import Journal, init_journal, open_journal
from drawreview.web.security.roles import Who
from drawreview.web.settings import Settings


def journal_of(settings: Settings) -> Journal:
    """Open the journal; begin one beside the other data if none is named and none is there.

    Raises:
        JournalError: The one that is named cannot be opened.
    """
    place = journal_file(settings)
    if settings.journal is not None or place is None:
        return open_journal(settings.journal or "", key=settings.journal_key)
    key = settings.journal_key or settings.data / "key" / "journal.key"
    if place.exists():
        return open_journal(place, key=key)
    for folder in (place.parent, key.parent):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return init_journal(place, origin=f"drawreview/{secrets.token_hex(4)}", key=Path(key))


def journal_file(settings: Settings) -> Path | None:
    """Return the file of the journal; None if it is kept in a database of its own."""
    if settings.journal is None:
        return settings.data / "journal" / "journal.sqlite3"
    return None if "://" in settings.journal else Path(settings.journal)


def opened_again(journal: Journal) -> bool:
    """Whether a journal whose store has failed could be opened anew.

    Its tail is verified before the next record, so nothing is appended to what does not hold.
    """
    try:
        journal.reopen()
    except (JournalError, OSError):
        return False
    return True


def actor_of(who: Who, channel: Literal["web", "api"]) -> Actor:
    """Return who acts, as records name them: by a number that only this office can resolve."""
    return Actor(id=f"user-{who.user}", role="clerk", channel=channel)


def printed(journal: Journal, record: str) -> Printed:
    """Return where a record stands in the journal, as a letter carries it.

    It is what was answered when it was recorded, so the same letter is the same bytes each time.
    """
    kept = journal.get(record)
    size = journal.signed_over(kept.seq)
    return Printed(record, kept.seq, size, journal.root(size).hex())


def begin_recording(request: Request, key: str | None = None) -> None:
    """Note that the journal is asked from here on, under a key: if more fails, that can be told."""
    request.state.recording = key


def may_be_recorded(request: Request) -> bool:
    """Whether the journal has been asked to record what a request is about."""
    return hasattr(request.state, "recording")


def recorded_under_key(request: Request, journal: Journal) -> str | None:
    """Return the record that a request has made, found by its key; None if there is none.

    Raises:
        LookupError: It had no key.
    """
    key: str | None = request.state.recording
    if key is None:
        raise LookupError
    return journal.kept_as(key)
