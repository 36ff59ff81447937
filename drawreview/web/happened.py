"""Keeps what a window enters of a project: in the journal first, or not at all."""

from __future__ import annotations

from hashlib import sha256

from drawreview.records.record import record_events
from drawreview.site.statement import read_log
from drawreview.web.again import deadlines_again
from drawreview.web.case import project_of_case
from drawreview.web.office import Office
from drawreview.web.recording import actor_of
from drawreview.web.security.roles import Who
from drawreview.web.store import projects
from drawreview.web.store.projects import Case


def keep(office: Office, case: Case, events: str, who: Who) -> None:
    """Replace the event file of a project by a longer one, and record it with its deadlines.

    The same file is recorded once: whoever tries again after a failure records nothing twice.

    Raises:
        StaleError: Somebody else has written to it meanwhile.
        JournalError: It is not recorded; then it is not kept either.
    """
    entries = [
        entry.event.model_dump(mode="json", by_alias=True, exclude_none=True)
        for entry in read_log(events, "事件").entries
    ]
    with office.store.transaction():
        projects.happened(office.store, case, events, at=office.settings.now())
        record_events(
            office.journal,
            project_of_case(case),
            entries,
            deadlines_again,
            on=office.settings.today(),
            rulebook=office.rulebook,
            assume_in_force=False,
            actor=actor_of(who, "web"),
            at=office.settings.moment(),
            idempotency_key=key_of(case, events),
        )


def key_of(case: Case, events: str) -> str:
    """Return what the record of an event file of a project is kept under."""
    return f"case-{case.mark}-events-{case.version}-{sha256(events.encode()).hexdigest()}"
