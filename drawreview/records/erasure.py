"""Erase what records keep of persons, and record that: what was erased, when, by whom, and why.

The law on personal information (个人信息保护法), art. 47, wants it deleted once it is no longer
needed. An erasure that leaves no trace could not be told from a loss, so it is a record itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from drawreview.records.body import Actor, ErasureRecord, body_of
from drawreview.records.entry import Entry, Erased, Receipt
from drawreview.records.journal import Journal


def erase(journal: Journal, ids: Sequence[str], *, actor: Actor, why: str) -> Receipt | None:
    """Erase the personal data of records; return the receipt of the erasure, None if none is left.

    Raises:
        JournalError: There is no such record.
        LingeringError: It is erased and recorded, but somebody still reads the old state; asking
            once more removes the bytes.
    """

    def entry_for(erased: Sequence[Erased]) -> Entry:
        record = ErasureRecord(actor=actor, erased=tuple(erased), why=why)
        return Entry(record.id, body_of(record))

    return journal.erase(ids, entry_for)
