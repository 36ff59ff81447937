"""The roles, and who is asking."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What somebody is to the window; nobody is two of these."""

    ANYONE = "anyone"  # 公众、设计单位
    CLERK = "clerk"  # 窗口
    AUDITOR = "auditor"  # 审计
    ADMINISTRATOR = "administrator"  # 管理员


class Scope(StrEnum):
    """What a token may be used for, within what its owner may do."""

    RECORD = "record"  # 作出决定并记入日志
    READ = "read"  # 查阅日志
    REPLAY = "replay"  # 重放与核对


class Step(StrEnum):
    """What somebody has yet to do before the session is good for anything else."""

    CODE = "code"  # 写验证码
    PASSWORD = "password"  # noqa: S105 - the step: 换掉一次性密码
    ENROL = "enrol"  # 设第二因素


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who asks; without a user, anyone."""

    role: Role = Role.ANYONE
    user: int | None = None
    name: str | None = None
    district: str | None = None
    csrf: str | None = None
    session: bytes | None = None
    step: Step | None = None
    scopes: frozenset[Scope] = field(default_factory=frozenset[Scope])

    def may_see(self, district: str) -> bool:
        """Whether the projects of a district are this person's business."""
        return self.role is Role.AUDITOR or self.district == district


ANYONE = Who()
