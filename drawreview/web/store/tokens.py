"""Tokens for programs: shown once, kept as a hash, with scopes and an end."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, cast

import apsw

from drawreview.web.security.roles import Role, Scope, Step, Who
from drawreview.web.store.database import Store
from drawreview.web.store.sessions import digest

PREFIX: Final = "drv_"
_NOTE_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Token:
    """A token as its owner and administrators see it, without its text."""

    id: int
    owner: int
    user: str
    label: str
    scopes: str
    created_at: int
    expires_at: int
    used_at: int | None
    revoked_at: int | None


def issue(  # noqa: PLR0913 - what a token consists of
    store: Store, user: int, *, label: str, scopes: Collection[Scope], at: int, expires_at: int
) -> str:
    """Return a new token; nobody will see it again."""
    token = PREFIX + secrets.token_urlsafe(32)
    store.rows(
        "INSERT INTO token (user, hash, label, scopes, created_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        user,
        digest(token),
        label,
        " ".join(sorted(scopes)),
        at,
        expires_at,
    )
    return token


def who_has(store: Store, token: str, *, at: int) -> Who | None:
    """Return whose token it is, unless it has run out or was revoked."""
    row = store.one(
        "SELECT t.id, t.scopes, t.used_at, u.id, u.name, u.role, u.district,"
        " EXISTS (SELECT 1 FROM required r WHERE r.role = u.role) AND NOT EXISTS"
        " (SELECT 1 FROM second_factor f WHERE f.user = u.id AND f.confirmed_at NOTNULL)"
        " FROM token t JOIN user u ON u.id = t.user"
        " WHERE t.hash = ? AND t.revoked_at IS NULL AND t.expires_at > ? AND u.disabled_at IS NULL"
        " AND u.must_change = 0",
        digest(token),
        at,
    )
    if row is None:
        return None
    number, scopes, used_at, user, name, role, district, lacks_factor = row
    if at - cast("int", used_at or 0) >= _NOTE_SECONDS:
        with suppress(apsw.Error):  # as a session
            store.rows("UPDATE token SET used_at = ? WHERE id = ?", at, number)
    return Who(
        role=Role(cast("str", role)),
        user=cast("int", user),
        name=cast("str", name),
        district=cast("str | None", district),
        step=Step.ENROL if lacks_factor else None,
        scopes=frozenset(Scope(scope) for scope in cast("str", scopes).split()),
    )


def revoke(store: Store, token: int, *, at: int) -> None:
    """Let a token be of no more use."""
    store.rows("UPDATE token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", at, token)


def issued(store: Store, *, owner: int | None = None) -> list[Token]:
    """Return the tokens of a user, or all, the latest first."""
    return _tokens(store, "t.user = coalesce(?, t.user) ORDER BY t.id DESC", owner)


def numbered(store: Store, token: int) -> Token | None:
    """Return the token of that number."""
    return next(iter(_tokens(store, "t.id = ?", token)), None)


def _tokens(store: Store, which: str, value: int | None) -> list[Token]:
    rows = store.rows(
        "SELECT t.id, t.user, u.name, t.label, t.scopes, t.created_at, t.expires_at, t.used_at,"  # noqa: S608 - our own
        f" t.revoked_at FROM token t JOIN user u ON u.id = t.user WHERE {which}",
        value,
    )
    return [
        Token(*cast("tuple[int, int, str, str, str, int, int, int | None, int | None]", row))
        for row in rows
    ]
