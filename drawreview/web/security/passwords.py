"""Passwords: hashed by argon2id, at most two at a time, so that nobody can exhaust the memory."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Sequence
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from drawreview.errors import Problem
from drawreview.web.security.guessable import guessable

SHORTEST: Final = 12
LONGEST: Final = 200
_AT_ONCE: Final = threading.BoundedSemaphore(2)
_PATIENCE_SECONDS: Final = 10.0
_HASHER: Final = PasswordHasher()
# Nobody's password, so that an unknown name costs what a known one does.
_NOBODY: Final = _HASHER.hash(secrets.token_urlsafe(32))


class BusyError(Exception):
    """Too many passwords are being checked already."""


def hashed(password: str) -> str:
    """Return the hash of a password.

    Raises:
        BusyError: Too many are being hashed.
    """
    with _Turn():
        return _HASHER.hash(password)


def matches(password: str, known: str | None) -> bool:
    """Whether a password is the one of this hash; without a hash never, and no faster.

    Raises:
        BusyError: Too many are being checked.
    """
    if len(password) > LONGEST:
        return False
    with _Turn():
        try:
            return _HASHER.verify(known or _NOBODY, password) and known is not None
        except VerificationError:
            return False


class _Turn:
    def __enter__(self) -> None:
        if not _AT_ONCE.acquire(timeout=_PATIENCE_SECONDS):
            raise BusyError

    def __exit__(self, *_: object) -> None:
        _AT_ONCE.release()


def one_time() -> str:
    """Return a password that is good until the first signing in."""
    return secrets.token_urlsafe(15)


def problems_of(password: str, *, about: Sequence[str] = ()) -> list[Problem]:
    """Return why a password must not be taken: too short, or what everybody tries first.

    Args:
        password: What somebody wants.
        about: What others know of them, such as their name.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        return [
            Problem(
                "password",
                f"密码须有 {SHORTEST} 到 {LONGEST} 个字符。",
                "可用一句话，如几个不相干的词连写。",
            )
        ]
    if guessable(password, about=about):
        return [
            Problem(
                "password",
                "密码太容易猜：除去常见词、数字、连续或重复的字符所剩无几。",
                "换一句只有您想得到的话。",
            )
        ]
    return []
