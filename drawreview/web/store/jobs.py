"""What was asked to be checked, how far each check is, and what it found."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from drawreview.web.store.database import Row, Store

State = Literal["waiting", "running", "done", "failed", "interrupted"]
_KEPT_SECONDS: Final = 90 * 86_400
_COLUMNS: Final = "id, name, kind, owner, asked, total, state, found, failed, made_at"


@dataclass(frozen=True, slots=True)
class Job:
    """A check that waits, runs or has run.

    Attributes:
        asked: What its owner asked, as the form said it; to ask the same again.
        found: What came of it, as its page shows it.
        failed: Why it has no result.
    """

    id: int
    name: str
    kind: str
    owner: int
    asked: Mapping[str, str]
    total: int
    state: State
    found: Mapping[str, Any] | None
    failed: str | None
    made_at: int

    @property
    def going(self) -> bool:
        """Whether there will still be a result."""
        return self.state in {"waiting", "running"}


def add(  # noqa: PLR0913 - what a job consists of
    store: Store, kind: str, *, owner: int, asked: Mapping[str, str], total: int, at: int
) -> str:
    """Keep a new job, and none that is older than a season; return its name."""
    name = secrets.token_urlsafe(12)
    store.rows("DELETE FROM job WHERE made_at < ?", at - _KEPT_SECONDS)
    store.rows(
        "INSERT INTO job (name, kind, owner, asked, total, state, made_at)"
        " VALUES (?, ?, ?, ?, ?, 'waiting', ?)",
        name,
        kind,
        owner,
        json.dumps(asked, ensure_ascii=False),
        total,
        at,
    )
    return name


def begun(store: Store, name: str) -> None:
    """Note that a job's turn has come."""
    store.rows("UPDATE job SET state = 'running' WHERE name = ?", name)


def done(store: Store, name: str, found: Mapping[str, Any]) -> None:
    """Note what a job has found."""
    text = json.dumps(found, ensure_ascii=False)
    store.rows("UPDATE job SET state = 'done', found = ? WHERE name = ?", text, name)


def failed(store: Store, name: str, why: str) -> None:
    """Note that a job has no result, and why."""
    store.rows("UPDATE job SET state = 'failed', failed = ? WHERE name = ?", why, name)


def interrupt(store: Store, *, but: Collection[str] = ()) -> None:
    """Note of each job that has no result, but for those named, that nobody does it any more."""
    store.rows(
        "UPDATE job SET state = 'interrupted' WHERE state IN ('waiting', 'running')"
        " AND name NOT IN (SELECT value FROM json_each(?))",
        json.dumps(list(but)),
    )


def named(store: Store, name: str) -> Job | None:
    """Return a job."""
    return next(iter(_jobs(store, "name = ?", name)), None)


def of(store: Store, owner: int, most: int) -> list[Job]:
    """Return somebody's jobs, the latest first."""
    return _jobs(store, "owner = ? ORDER BY id DESC LIMIT ?", owner, most)


def going(store: Store) -> list[Job]:
    """Return the jobs that wait or run, in the order of their turns."""
    return _jobs(store, "state IN ('waiting', 'running') ORDER BY id")


def _jobs(store: Store, which: str, *values: str | int) -> list[Job]:
    rows = store.rows(f"SELECT {_COLUMNS} FROM job WHERE {which}", *values)  # noqa: S608 - our own
    return [_job(row) for row in rows]


def _job(row: Row) -> Job:
    said: dict[str, Any] = dict(zip(_COLUMNS.split(", "), row, strict=True))
    said["asked"] = json.loads(said["asked"])
    said["found"] = json.loads(said["found"]) if said["found"] else None
    return Job(**said)
