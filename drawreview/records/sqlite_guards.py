"""The triggers by which a SQLite journal refuses to change, replace or delete anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from drawreview.records.store import SEALED

# What a new row may share with no other. REPLACE would delete the other, past its trigger.
_KEYS: Final = {
    "journal": "rowid = new.rowid",
    "key": "rowid = new.rowid OR vkey = new.vkey",
    "record": "seq = new.seq OR id = new.id",
    "node": "rowid = new.rowid OR (level = new.level AND place = new.place)",
    "checkpoint": "size = new.size",
    "blob": "rowid = new.rowid OR sha256 = new.sha256",
    "personal": "rowid = new.rowid OR record_id = new.record_id",
    "idempotency": "rowid = new.rowid OR key = new.key",
    "correction": "rowid = new.rowid OR earlier = new.earlier",
    "loss": "size = new.size",
}
_REFUSE: Final = "BEGIN SELECT raise(ABORT, 'the journal is append-only'); END"
_KEEP: Final = "BEGIN SELECT raise(ABORT, 'personal data is emptied, not {what}'); END"


def _guards() -> Iterator[tuple[str, str]]:
    for table in SEALED:
        for deed in ("UPDATE", "DELETE"):
            yield f"{table}_no_{deed}", f"BEFORE {deed} ON {table} {_REFUSE}"
    for table, same in _KEYS.items():
        when = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - our own names
        yield f"{table}_no_replace", f"BEFORE INSERT ON {table} {when} {_REFUSE}"
    yield "personal_no_delete", f"BEFORE DELETE ON personal {_KEEP.format(what='deleted')}"
    yield (
        "personal_only_emptied",
        "BEFORE UPDATE ON personal "
        "WHEN new.content IS NOT NULL OR new.salt IS NOT NULL OR new.erased_at IS NULL "
        "OR old.erased_at IS NOT NULL OR new.record_id IS NOT old.record_id "
        + _KEEP.format(what="changed"),
    )


# By name, as SQLite keeps them.
GUARDS: Final[Mapping[str, str]] = {
    name: f"CREATE TRIGGER {name} {what}" for name, what in _guards()
}


def wrong(found: Mapping[str, str]) -> dict[str, str]:
    """Return the guards that are missing or read otherwise, and triggers that are none."""
    other = {name: "被改过" for name, sql in GUARDS.items() if found.get(name, sql) != sql}
    missing = dict.fromkeys(sorted(GUARDS.keys() - found.keys()), "缺失")
    return other | missing | dict.fromkeys(sorted(found.keys() - GUARDS.keys()), "不是本程序的")
