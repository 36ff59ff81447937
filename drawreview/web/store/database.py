"""One SQLite file, one connection, one lock; every change is on the disk before it is answered."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol, cast

import apsw

Value = None | int | float | str | bytes
Row = tuple[Value, ...]

_SCHEMA: Final = """
CREATE TABLE user (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  district TEXT,
  password TEXT NOT NULL,
  must_change INTEGER NOT NULL,
  disabled_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE session (
  hash BLOB PRIMARY KEY,
  user INTEGER NOT NULL REFERENCES user(id),
  csrf TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  address TEXT NOT NULL
) STRICT;
CREATE TABLE token (
  id INTEGER PRIMARY KEY,
  user INTEGER NOT NULL REFERENCES user(id),
  hash BLOB NOT NULL UNIQUE,
  label TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  revoked_at INTEGER
) STRICT;
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  what TEXT NOT NULL,
  who TEXT,
  address TEXT NOT NULL,
  about TEXT NOT NULL
) STRICT;
CREATE TABLE project (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  district TEXT NOT NULL,
  file TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_by INTEGER NOT NULL REFERENCES user(id),
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  record TEXT,
  review_path TEXT,
  decided_on TEXT,
  decided_version INTEGER,
  due_on TEXT,
  due_what TEXT,
  events TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX project_by_district ON project(district, changed_at);
CREATE TABLE record (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  at TEXT NOT NULL,
  decided_on TEXT,
  review_path TEXT,
  letter TEXT,
  certainty TEXT,
  district TEXT,
  name TEXT,
  actor TEXT NOT NULL,
  supersedes TEXT,
  superseded_by TEXT
) STRICT;
CREATE INDEX record_by_day ON record(decided_on);
"""
# The index of the journal is made anew, with what statistics count of each decision.
_NOTED: Final = """
CREATE TABLE noted (seq INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
DELETE FROM record;
"""
# What is due next is reckoned anew each day; the index knows which records are of one project.
_RECKONED: Final = """
ALTER TABLE project ADD COLUMN due_state TEXT;
ALTER TABLE project ADD COLUMN due_reading TEXT;
ALTER TABLE project ADD COLUMN identity TEXT;
ALTER TABLE project ADD COLUMN reckoned TEXT;
ALTER TABLE record ADD COLUMN identity TEXT;
CREATE INDEX record_by_identity ON record(identity, seq);
CREATE TABLE followed (
  identity TEXT PRIMARY KEY,
  district TEXT,
  seq INTEGER NOT NULL,
  pending INTEGER NOT NULL
) STRICT;
DELETE FROM record;
DELETE FROM noted;
"""
# Who else than the user set the password; second factors, and whether a session has given its code.
_FACTORS: Final = """
ALTER TABLE user ADD COLUMN password_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE user ADD COLUMN password_by TEXT;
ALTER TABLE session ADD COLUMN passed INTEGER NOT NULL DEFAULT 0;
CREATE TABLE second_factor (
  user INTEGER PRIMARY KEY REFERENCES user(id),
  secret TEXT NOT NULL,
  confirmed_at INTEGER,
  last_step INTEGER NOT NULL DEFAULT 0,
  wrong INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE recovery (
  user INTEGER NOT NULL REFERENCES user(id),
  hash BLOB NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (user, hash)
) STRICT;
CREATE TABLE required (role TEXT PRIMARY KEY) STRICT;
"""
# Checks of the journal outlive the server that does them.
_CHECKED: Final = """
CREATE TABLE job (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  owner INTEGER NOT NULL REFERENCES user(id),
  asked TEXT NOT NULL,
  total INTEGER NOT NULL,
  state TEXT NOT NULL,
  found TEXT,
  failed TEXT,
  made_at INTEGER NOT NULL
) STRICT;
"""
# Why no day could be reckoned; what was reckoned before says nothing of it.
_REFUSED: Final = """
ALTER TABLE project ADD COLUMN due_why TEXT;
UPDATE project SET reckoned = NULL;
"""
# The index knows of which decision a paper is; it is made anew.
_PAPERS: Final = """
ALTER TABLE record ADD COLUMN paper_of TEXT;
CREATE INDEX record_by_paper ON record(paper_of) WHERE paper_of IS NOT NULL;
DELETE FROM record;
DELETE FROM noted;
"""
# From where somebody has signed in is looked up before a password is tried.
_COMES_FROM: Final = "CREATE INDEX audit_of_login ON audit(who, address) WHERE what = 'login';"
# What is old of it is dropped with each line that is written, and looked up by this.
_OF_ANYBODY: Final = (
    "CREATE INDEX audit_of_anybody ON audit(at)"
    " WHERE what IN ('denied', 'login failed', 'login held back');"
)
# Each is done once, in this order; a file that is older than the program gets what it lacks.
_STEPS: Final = (
    *(_SCHEMA, _NOTED, _RECKONED, _FACTORS, _CHECKED, _REFUSED, _PAPERS, _COMES_FROM, _OF_ANYBODY),
)


class _Connection(Protocol):
    """What is used of apsw's connection, whose own annotations are not whole."""

    def execute(self, statements: str, bindings: Sequence[Value] = ()) -> Iterator[Row]: ...

    def close(self) -> None: ...

    @property
    def in_transaction(self) -> bool: ...


class Store:
    """The file; its methods may be called from any thread."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        connection = apsw.Connection(str(path))
        connection.set_busy_timeout(5_000)
        self._connection = cast("_Connection", connection)
        for pragma in ("journal_mode = wal", "synchronous = full", "foreign_keys = on"):
            self.rows(f"PRAGMA {pragma}")
        with self.transaction():
            (done,) = self.one("PRAGMA user_version") or (0,)
            for step in _STEPS[cast("int", done) :]:
                self._connection.execute(step)
            self._connection.execute(f"PRAGMA user_version = {len(_STEPS)}")

    def rows(self, sql: str, *values: Value) -> list[Row]:
        """Return what a statement answers."""
        with self._lock:
            return list(self._connection.execute(sql, values))

    def one(self, sql: str, *values: Value) -> Row | None:
        """Return the first row that a statement answers, if there is one."""
        return next(iter(self.rows(sql, *values)), None)

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Do all of what is done inside, or nothing; one thread at a time."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # SQLite ends some by itself
                    self._connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()


def open_store(folder: Path) -> Store:
    """Open the store of a data folder, made if it is not there; only its owner reads it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "web.sqlite3"
    path.touch(mode=0o600)
    return Store(path)
