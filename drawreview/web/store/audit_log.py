"""Who signed in, who was refused, and what administrators did; apart from the journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

from drawreview.web.store.database import Store

WHAT: Final = {
    "login": "登录",
    "password given": "密码对，还要验证码",
    "login failed": "登录失败",
    "login held back": "登录太频繁，未予尝试",
    "logout": "退出",
    "code wrong": "验证码不对",
    "recovery code used": "用了一个恢复码",
    "second factor set": "设了第二因素",
    "second factor renewed": "换了恢复码",
    "second factor taken off": "取消了自己的第二因素",
    "second factor taken away": "管理员去掉了第二因素",
    "second factor required": "改了须有第二因素的角色",
    "password changed": "改了自己的密码",
    "password reset": "管理员重设了密码",
    "user added": "添加用户",
    "role changed": "改了角色",
    "user disabled": "停用用户",
    "user enabled": "启用用户",
    "session ended": "结束会话",
    "token issued": "发令牌",
    "token revoked": "撤销令牌",
    "denied": "拒绝",
    "decided": "决定并记入日志",
    "event": "记入事件",
    "bundle": "下载存证包",
    "replay": "重放",
    "verify": "核对",
}

# What anybody can have written here, mostly without an account, as often as they like; an index
# of the table holds the same words.
OF_ANYBODY: Final = "'denied', 'login failed', 'login held back'"
# Longer than the six months for which 网络安全法 has the logs of a network kept.
_KEPT_SECONDS: Final = 400 * 86_400


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
    """Write a line, and drop what strangers caused long ago.

    So nobody can fill the disk through it; `about` is cut for the same reason.
    """
    store.rows(
        "INSERT INTO audit (at, what, who, address, about) VALUES (?, ?, ?, ?, ?)",
        at,
        what,
        who and who[:40],
        address[:60],
        about[:200],
    )
    store.rows(
        f"DELETE FROM audit WHERE what IN ({OF_ANYBODY}) AND at < ?",  # noqa: S608 - our own words
        at - _KEPT_SECONDS,
    )


def has_come_from(store: Store, name: str, address: str) -> bool:
    """Whether somebody has signed in from an address before."""
    row = store.one(
        "SELECT 1 FROM audit WHERE what = 'login' AND who = ? AND address = ?", name, address
    )
    return row is not None


def concerning(store: Store, name: str, *, most: int = 20) -> list[Noted]:
    """Return what somebody did or failed to do, and what others did with the account.

    Of what says more than the name, the name comes first.
    """
    rows = store.rows(
        "SELECT id, at, what, who, address, about FROM audit"
        " WHERE (who = ? AND what != 'denied') OR (about = ? AND what IN"
        " ('login failed', 'login held back', 'password reset', 'second factor taken away',"
        " 'user disabled', 'user enabled')) OR (substr(about, 1, length(?) + 1) = ? || ' '"
        " AND what IN ('user added', 'role changed', 'token issued', 'token revoked'))"
        " ORDER BY id DESC LIMIT ?",
        name,
        name,
        name,
        name,
        most,
    )
    return [Noted(*cast("tuple[int, int, str, str | None, str, str]", row)) for row in rows]


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
