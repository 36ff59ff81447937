"""The second factors: whose telephone gives which codes, and which roles must have one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

from drawreview.errors import Problem
from drawreview.web.security.codes import kept_of, new_secret, step_of
from drawreview.web.security.roles import Role
from drawreview.web.security.seal import Seal, SealError
from drawreview.web.store.database import Store

# So many wrong codes on end, and only an administrator opens the account again.
MOST_WRONG: Final = 50


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """That a user's telephone holds a secret; the secret itself stays sealed.

    Attributes:
        confirmed_at: When the first code was right; until then it is only offered.
        wrong: How many codes were wrong since one was right.
        left: How many recovery codes have not been used.
    """

    confirmed_at: int | None
    wrong: int
    left: int


def of(store: Store, user: int) -> SecondFactor | None:
    """Return a user's second factor, confirmed or only offered."""
    row = store.one(
        "SELECT confirmed_at, wrong,"
        " (SELECT count(*) FROM recovery r WHERE r.user = f.user AND used_at IS NULL)"
        " FROM second_factor f WHERE user = ?",
        user,
    )
    return SecondFactor(*cast("tuple[int | None, int, int]", row)) if row else None


def offer(store: Store, user: int, seal: Seal) -> None:
    """Offer a new secret in the place of one that was only offered.

    A key is drawn only where it seals nothing yet: another in the place of one that was lost would
    hide that it is missing.

    Raises:
        SealError: The secret cannot be sealed.
    """
    with store.transaction():
        store.rows("DELETE FROM second_factor WHERE user = ? AND confirmed_at IS NULL", user)
        if store.one("SELECT 1 FROM second_factor WHERE confirmed_at IS NOT NULL") is None:
            seal.make()
        sealed = seal.sealed(new_secret(), user)
        store.rows("INSERT OR IGNORE INTO second_factor (user, secret) VALUES (?, ?)", user, sealed)


def offered(store: Store, user: int, seal: Seal) -> str | None:
    """Return the secret that a user has not confirmed yet; no other is ever shown.

    Raises:
        SealError: It cannot be opened.
    """
    row = store.one(
        "SELECT secret FROM second_factor WHERE user = ? AND confirmed_at IS NULL", user
    )
    return seal.opened(cast("str", row[0]), user) if row else None


def sealed_otherwise(store: Store, seal: Seal) -> Problem | None:
    """Return why second factors cannot be opened, and of how many users; None if all can."""
    why: list[Problem] = []
    rows = store.rows("SELECT user, secret FROM second_factor WHERE confirmed_at IS NOT NULL")
    for user, secret in rows:
        try:
            seal.opened(cast("str", secret), cast("int", user))
        except SealError as error:
            why.append(error.problem)
    if not why:
        return None
    others = f"在此之前，{len(why)} 名用户须用恢复码登录，或由管理员重设第二因素。"
    return Problem(why[0].place, why[0].problem, why[0].remedy + others)


def takes(store: Store, user: int, code: str, seal: Seal, *, at: int) -> bool:
    """Whether a code is right; it is not taken again, and the first that is right confirms.

    Raises:
        SealError: The secret cannot be opened; this counts as no wrong code.
    """
    with store.transaction():
        row = store.one("SELECT secret, last_step, wrong FROM second_factor WHERE user = ?", user)
        if row is None:
            return False
        sealed, last, wrong = cast("tuple[str, int, int]", row)
        secret = seal.opened(sealed, user)
        step = None if wrong >= MOST_WRONG else step_of(code, secret, at=at, after=last)
        if step is None:
            store.rows("UPDATE second_factor SET wrong = wrong + 1 WHERE user = ?", user)
            return False
        store.rows(
            "UPDATE second_factor SET last_step = ?, wrong = 0,"
            " confirmed_at = coalesce(confirmed_at, ?) WHERE user = ?",
            step,
            at,
            user,
        )
        return True


def takes_recovery(store: Store, user: int, code: str, *, at: int) -> bool:
    """Whether a recovery code is right and unused; then it is used."""
    with store.transaction():
        row = store.one(
            "UPDATE recovery SET used_at = ? WHERE user = ? AND hash = ? AND used_at IS NULL"
            " AND (SELECT wrong FROM second_factor f WHERE f.user = recovery.user) < ?"
            " RETURNING 1",
            at,
            user,
            kept_of(code),
            MOST_WRONG,
        )
        store.rows(
            "UPDATE second_factor SET wrong = iif(?, 0, wrong + 1) WHERE user = ?",
            row is not None,
            user,
        )
        return row is not None


def give_recovery_codes(store: Store, user: int, codes: Sequence[str]) -> None:
    """Give a user new recovery codes in the place of the old."""
    with store.transaction():
        store.rows("DELETE FROM recovery WHERE user = ?", user)
        for code in codes:
            store.rows("INSERT INTO recovery (user, hash) VALUES (?, ?)", user, kept_of(code))


def drop(store: Store, user: int) -> None:
    """Take a user's second factor away, and end all their sessions."""
    with store.transaction():
        for table in ("second_factor", "recovery", "session"):
            store.rows(f"DELETE FROM {table} WHERE user = ?", user)  # noqa: S608 - our own names


def confirmed(store: Store) -> set[int]:
    """Return the users who have a second factor."""
    rows = store.rows("SELECT user FROM second_factor WHERE confirmed_at IS NOT NULL")
    return {cast("int", row[0]) for row in rows}


def required(store: Store) -> set[Role]:
    """Return the roles that must have a second factor."""
    return {Role(cast("str", row[0])) for row in store.rows("SELECT role FROM required")}


def require(store: Store, roles: Sequence[Role]) -> None:
    """Say which roles must have a second factor."""
    with store.transaction():
        store.rows("DELETE FROM required")
        for role in roles:
            store.rows("INSERT INTO required VALUES (?)", role)
