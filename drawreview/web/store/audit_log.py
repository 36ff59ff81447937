"""Who signed in, who was refused, and what administrators did; apart from the journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from drawreview.web.store.database import Store


@dataclass(frozen=True, slots=True)
class Noted:
    """One line of the audit log."""

    id: int
    at: int
    what: str
    who: str | None
    address: str
    about: str


def note(  # noqa: PLR0913 - what a line says
    store: Store, what: str, *, at: int, who: str | None, address: str, about: str
) -> None:
    """Write a line; `about` is cut so that nobody can fill the disk through it."""
    store.rows(
        "INSERT INTO audit (at, what, who, address, about) VALUES (?, ?, ?, ?, ?)",
        at,
        what,
        who and who[:40],
        address[:60],
        about[:200],
    )


def latest(store: Store, *, before: int | None = None, most: int = 100) -> list[Noted]:
    """Return the last lines before one, the latest first."""
    rows = store.rows(
        "SELECT id, at, what, who, address, about FROM audit WHERE ? IS NULL OR id < ?"
        " ORDER BY id DESC LIMIT ?",
        before,
        before,
        most,
    )
    return [Noted(*cast("tuple[int, int, str, str | None, str, str]", row)) for row in rows]
