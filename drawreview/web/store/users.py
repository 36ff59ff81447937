"""The users: a name, one role, for a clerk one district, and a password's hash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import apsw

from drawreview.errors import InputError, Problem
from drawreview.project.kinds import DISTRICTS
from drawreview.project.words import illegible_in
from drawreview.web.security.roles import Role
from drawreview.web.store.database import Row, Store

_COLUMNS = (
    "id, name, role, district, password, must_change, disabled_at, created_at, password_at,"
    " password_by"
)


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may sign in.

    Attributes:
        password: The hash.
        must_change: Whether it is good for one signing in only.
        password_at: When it was set.
        password_by: Who else set it.
    """

    id: int
    name: str
    role: Role
    district: str | None
    password: str
    must_change: bool
    disabled_at: int | None
    created_at: int
    password_at: int
    password_by: str | None


def _user(row: Row) -> User:
    user, name, role, district, password, must_change, disabled_at, created_at, at, by = row
    return User(
        cast("int", user),
        cast("str", name),
        Role(cast("str", role)),
        cast("str | None", district),
        cast("str", password),
        bool(must_change),
        cast("int | None", disabled_at),
        cast("int", created_at),
        cast("int", at),
        cast("str | None", by),
    )


def named(store: Store, name: str) -> User | None:
    """Return the user of that name."""
    row = store.one(f"SELECT {_COLUMNS} FROM user WHERE name = ?", name)  # noqa: S608 - our own list
    return _user(row) if row else None


def numbered(store: Store, user: int) -> User | None:
    """Return the user of that number."""
    row = store.one(f"SELECT {_COLUMNS} FROM user WHERE id = ?", user)  # noqa: S608 - our own list
    return _user(row) if row else None


def everyone(store: Store) -> list[User]:
    """Return all users, by name."""
    return [_user(r) for r in store.rows(f"SELECT {_COLUMNS} FROM user ORDER BY name")]  # noqa: S608 - likewise


def problems_of(name: str, role: str, district: str | None) -> list[Problem]:
    """Return what is wrong with the particulars of a user."""
    found: list[Problem] = []
    if not name.strip() or len(name) > 40:  # noqa: PLR2004 - as much as a page shows
        found.append(Problem("name", "姓名是空的或太长。", "写1到40个字。"))
    found += illegible_in("name", name)
    if role not in {Role.CLERK, Role.AUDITOR, Role.ADMINISTRATOR}:
        found.append(
            Problem("role", f"没有角色「{role}」。", "可用：clerk、auditor、administrator。")
        )
    if role == Role.CLERK and district not in DISTRICTS:
        listed = "、".join(f"{code} {zh}" for code, zh in DISTRICTS.items())
        found.append(Problem("district", "窗口人员须属于一个旗县区。", f"可用：{listed}。"))
    if role != Role.CLERK and district:
        found.append(Problem("district", "只有窗口人员属于旗县区。", "留空。"))
    return found


def add(  # noqa: PLR0913 - what a user consists of
    store: Store,
    *,
    name: str,
    role: str,
    district: str | None,
    password: str,
    must_change: bool,
    at: int,
    by: str | None = None,
) -> int:
    """Add a user with the hash of a password; return their number.

    Raises:
        InputError: The particulars are not in order, or the name is taken.
    """
    problems = problems_of(name, role, district)
    if problems:
        raise InputError(tuple(problems))
    try:
        row = store.one(
            "INSERT INTO user (name, role, district, password, must_change, created_at,"
            " password_at, password_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            name.strip(),
            role,
            district,
            password,
            int(must_change),
            at,
            at,
            by,
        )
    except apsw.ConstraintError:
        taken = Problem("name", f"已有名为「{name}」的用户。", "换一个名字。")
        raise InputError((taken,)) from None
    return cast("int", row[0]) if row else 0


def set_password(store: Store, user: int, password: str, *, at: int, by: str | None = None) -> None:
    """Give a user the hash of another password, and end all their sessions.

    Their tokens end as well if somebody else has set it.

    Args:
        store: Where.
        user: Whose.
        password: The hash.
        at: The seconds since 1970.
        by: Who else has set it; then it is good for one signing in only.
    """
    with store.transaction():
        store.rows(
            "UPDATE user SET password = ?, must_change = ?, password_at = ?, password_by = ?"
            " WHERE id = ?",
            password,
            int(by is not None),
            at,
            by,
            user,
        )
        if by is None:
            store.rows("DELETE FROM session WHERE user = ?", user)
        else:
            _end_all(store, user)


def change(store: Store, user: int, *, role: str, district: str | None) -> None:
    """Give a user another role or district, and end their sessions and tokens.

    Raises:
        InputError: The particulars are not in order.
    """
    problems = problems_of("-", role, district)
    if problems:
        raise InputError(tuple(problems))
    with store.transaction():
        store.rows("UPDATE user SET role = ?, district = ? WHERE id = ?", role, district, user)
        _end_all(store, user)


def disable(store: Store, user: int, *, at: int | None) -> None:
    """Let a user sign in no more, or again if no time is given."""
    with store.transaction():
        store.rows("UPDATE user SET disabled_at = ? WHERE id = ?", at, user)
        _end_all(store, user)


def end_all(store: Store, user: int) -> None:
    """End a user's sessions and tokens."""
    with store.transaction():
        _end_all(store, user)


def _end_all(store: Store, user: int) -> None:
    store.rows("DELETE FROM session WHERE user = ?", user)
    store.rows("UPDATE token SET revoked_at = 0 WHERE user = ? AND revoked_at IS NULL", user)
