"""Sign with a new key, and record that: which key, when, by whom, and why."""

from __future__ import annotations

from drawreview.records.body import Actor, KeyRotationRecord, body_of
from drawreview.records.entry import Entry
from drawreview.records.journal import Journal
from drawreview.records.note import PublicKey


def rotate_key(journal: Journal, *, actor: Actor, why: str) -> PublicKey:
    """Sign with a new key from the next record on, which both keys sign; return the new one."""

    def entry_for(key: PublicKey) -> Entry:
        record = KeyRotationRecord(actor=actor, vkey=key.vkey, why=why)
        return Entry(record.id, body_of(record))

    return journal.rotate_key(entry_for)
