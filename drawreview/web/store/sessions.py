"""Who is signed in: the hash of a random name, never the name itself."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, cast

import apsw

from drawreview.web.security.roles import Role, Step, Who
from drawreview.web.store.database import Store

IDLE_SECONDS: Final = 30 * 60
LONGEST_SECONDS: Final = 12 * 3600
_NOTE_SECONDS: Final = 60  # being seen is written down once a minute


@dataclass(frozen=True, slots=True)
class Session:
    """A session as an administrator sees it."""

    short: str
    user: str
    created_at: int
    seen_at: int
    address: str


def digest(secret: str) -> bytes:
    """Return what is kept of a secret that has 256 random bits: no more than a hash is needed."""
    return hashlib.sha256(secret.encode()).digest()


def begin(store: Store, user: int, *, at: int, address: str, passed: bool = False) -> str:
    """Begin a session; return the name that goes into the cookie.

    Args:
        store: Where.
        user: Whose.
        at: The seconds since 1970.
        address: From where.
        passed: Whether the second factor was given, if there is one.
    """
    name = secrets.token_urlsafe(32)
    with store.transaction():
        store.rows(
            "DELETE FROM session WHERE seen_at < ? OR created_at < ?",
            at - IDLE_SECONDS,
            at - LONGEST_SECONDS,
        )
        store.rows(
            "INSERT INTO session (hash, user, csrf, created_at, seen_at, address, passed)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            digest(name),
            user,
            secrets.token_urlsafe(32),
            at,
            at,
            address,
            int(passed),
        )
    return name


def who_has(store: Store, name: str, *, at: int) -> Who | None:
    """Return whose session it is, unless it has run out or its user may not sign in."""
    row = store.one(
        "SELECT u.id, u.name, u.role, u.district, u.must_change, s.csrf, s.seen_at, s.passed,"
        " EXISTS (SELECT 1 FROM second_factor f WHERE f.user = u.id AND f.confirmed_at NOTNULL),"
        " EXISTS (SELECT 1 FROM required r WHERE r.role = u.role)"
        " FROM session s JOIN user u ON u.id = s.user"
        " WHERE s.hash = ? AND s.seen_at >= ? AND s.created_at >= ? AND u.disabled_at IS NULL",
        digest(name),
        at - IDLE_SECONDS,
        at - LONGEST_SECONDS,
    )
    if row is None:
        return None
    user, person, role, district, must_change, csrf, seen_at, passed, has_factor, required = row
    if at - cast("int", seen_at) >= _NOTE_SECONDS:
        with suppress(apsw.Error):  # on a full disk people still read, but no longer than before
            store.rows("UPDATE session SET seen_at = ? WHERE hash = ?", at, digest(name))
    return Who(
        role=Role(cast("str", role)),
        user=cast("int", user),
        name=cast("str", person),
        district=cast("str | None", district),
        csrf=cast("str", csrf),
        session=digest(name),
        step=_step(
            passed=bool(passed) or not has_factor,
            must_change=bool(must_change),
            lacks_factor=bool(required) and not has_factor,
        ),
    )


def _step(*, passed: bool, must_change: bool, lacks_factor: bool) -> Step | None:
    if not passed:
        return Step.CODE
    if must_change:
        return Step.PASSWORD
    return Step.ENROL if lacks_factor else None


def end(store: Store, session: bytes) -> None:
    """End a session."""
    store.rows("DELETE FROM session WHERE hash = ?", session)


def end_all(store: Store, user: int) -> None:
    """End all sessions of a user."""
    store.rows("DELETE FROM session WHERE user = ?", user)


def end_short(store: Store, short: str) -> None:
    """End the session whose hash begins with these hexadecimal digits."""
    store.rows("DELETE FROM session WHERE hex(hash) LIKE ? || '%'", short.upper())


def running(store: Store, *, at: int) -> list[Session]:
    """Return the sessions that have not run out, the latest first."""
    rows = store.rows(
        "SELECT substr(hex(s.hash), 1, 16), u.name, s.created_at, s.seen_at, s.address"
        " FROM session s JOIN user u ON u.id = s.user"
        " WHERE s.seen_at >= ? AND s.created_at >= ? ORDER BY s.seen_at DESC",
        at - IDLE_SECONDS,
        at - LONGEST_SECONDS,
    )
    return [Session(*cast("tuple[str, str, int, int, str]", row)) for row in rows]
