"""What a store must do, and the statements that both stores run.

SQLite and PostgreSQL differ in how they connect, lock, and name their types; the rest is here once.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from drawreview.errors import JournalError, StoreError, system_words
from drawreview.records.merkle import Subtree

VERSION: Final = 1

# {bytes} and {number} are the store's own types.
TABLES: Final = """
CREATE TABLE journal (origin TEXT NOT NULL, version {number} NOT NULL);
CREATE TABLE key (vkey TEXT PRIMARY KEY, since_size {number} NOT NULL, since TEXT NOT NULL);
CREATE TABLE record (
  seq {number} PRIMARY KEY, id TEXT NOT NULL UNIQUE, body {bytes} NOT NULL, leaf {bytes} NOT NULL);
CREATE TABLE node (
  level {number} NOT NULL, place {number} NOT NULL, hash {bytes} NOT NULL,
  PRIMARY KEY (level, place));
CREATE TABLE checkpoint (size {number} PRIMARY KEY, note TEXT NOT NULL);
CREATE TABLE blob (sha256 TEXT PRIMARY KEY, kind TEXT NOT NULL, content {bytes} NOT NULL);
CREATE TABLE personal (
  record_id TEXT PRIMARY KEY, salt {bytes}, content {bytes}, erased_at TEXT);
CREATE TABLE idempotency (key TEXT PRIMARY KEY, record_id TEXT NOT NULL);
CREATE TABLE correction (earlier TEXT PRIMARY KEY, record_id TEXT NOT NULL);
CREATE TABLE loss (size {number} PRIMARY KEY, newest TEXT NOT NULL, note TEXT NOT NULL)
"""
# Nothing in these is ever changed or deleted; `personal` may only be emptied.
SEALED: Final = (
    "journal",
    "key",
    "record",
    "node",
    "checkpoint",
    "blob",
    "idempotency",
    "correction",
    "loss",
)

Row = tuple[Any, ...]


class Connection(Protocol):
    """One connection to a store. Its methods raise StoreError."""

    def begin(self) -> None:
        """Start to write, alone: wait for the append lock, and not too long (BusyError)."""
        ...

    def begin_reading(self) -> None:
        """Hold on to one state of the journal, until `rollback`."""
        ...

    def commit(self) -> None:
        """Make what was written last; returns when it will survive a power cut."""
        ...

    def rollback(self) -> None:
        """Forget what was written; nothing to forget is no error."""
        ...

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Run a statement and return its rows."""
        ...

    def insert(self, table: str, rows: Iterable[Sequence[object]]) -> None:
        """Insert whole rows."""
        ...

    def forget_erased(self) -> None:
        """Remove what was erased from the store's files too; LingeringError if some stay."""
        ...

    def damage(self) -> Sequence[str]:
        """Return what is wrong with the store's own structures and rules, as far as it can tell."""
        ...

    def wrong_guards(self) -> Mapping[str, str]:
        """Return which triggers against changing and deleting are not as made, and in what."""
        ...

    def loose_rights(self) -> Sequence[str]:
        """Return who, beside the owner, may do more than append and read."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


class Store(Protocol):
    """A place that holds one journal."""

    @property
    def name(self) -> str:
        """Return how people call the place, without secrets."""
        ...

    @property
    def folder(self) -> Path | None:
        """Return the folder that holds the journal, if it is a folder of this machine."""
        ...

    def connect(self, *, writes: bool) -> Connection:
        """Open a connection to a journal that is there; raises JournalError.

        Whoever writes may have to wait for those who read, and not too long (BusyError).
        """
        ...

    def create(self) -> Connection:
        """Make the tables, in a transaction left open, where no journal is; raises JournalError."""
        ...

    def grant(self, role: str, *, reads_only: bool = False) -> None:
        """Let somebody else append and read, or read all but persons; raises JournalError."""
        ...

    def back_up(self, to: Path) -> None:
        """Write a whole copy to a new file; raises JournalError."""
        ...


def sync(place: Path) -> None:
    """Have a file or a folder written to the disk."""
    try:
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        problem = f"写不到磁盘：{system_words(error)}。"
        raise StoreError.of(place, problem, "检查磁盘。") from error


def refuse_other_tables(name: str, other: Sequence[str]) -> None:
    """Raise JournalError if some tables are not there as they were made."""
    if other:
        raise JournalError.of(name, f"{'；'.join(other)}。", "用备份或另存的存证包核对。")


def insertion(table: str, rows: Iterable[Sequence[object]]) -> tuple[str, list[object]]:
    """Return the one statement that inserts whole rows, and its values; neither if none."""
    kept = [tuple(row) for row in rows]
    if not kept:
        return "", []
    row = f"({', '.join('?' * len(kept[0]))})"
    statement = f"INSERT INTO {table} VALUES {', '.join([row] * len(kept))}"  # noqa: S608
    return statement, [value for one in kept for value in one]


def head(connection: Connection) -> int:
    """Return the number after the last one: how many records there are, in an honest journal."""
    ((last,),) = connection.rows("SELECT max(seq) FROM record")
    return 0 if last is None else last + 1  # which a store cannot count to, where it was forged


def subtree(connection: Connection, level: int, place: int) -> bytes:
    """Return the hash of a complete subtree."""
    if level == 0:
        found = connection.rows("SELECT leaf FROM record WHERE seq = ?", (place,))
    else:
        found = connection.rows(
            "SELECT hash FROM node WHERE level = ? AND place = ?", (level, place)
        )
    if not found:
        raise LookupError(f"subtree {level}/{place} is missing")
    return found[0][0]


def newest_note(connection: Connection) -> str | None:
    """Return the newest checkpoint that is stored."""
    found = connection.rows("SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1")
    return found[0][0] if found else None


def node_rows(nodes: Iterable[tuple[Subtree, bytes]]) -> Iterator[tuple[int, int, bytes]]:
    """Yield the rows of the subtrees above the leaves; leaves stand in their records."""
    return ((level, place, found) for (level, place), found in nodes if level)
