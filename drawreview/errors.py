"""Every error names the place, the problem and the remedy, in words its reader uses."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self


class DrawreviewError(Exception):
    """What drawreview raises on purpose; anything else that escapes is a defect."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where it stands, what it is, how to mend it."""

    place: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem} {self.remedy}".rstrip()


class InputError(DrawreviewError):
    """A file that an applicant or a clerk wrote cannot be used; it lists every problem at once."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class OutputError(DrawreviewError):
    """What a command made cannot be written where it should go."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class RuleError(DrawreviewError):
    """A rule file does not say what the law says, or cannot be read."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class CalendarError(DrawreviewError):
    """A day lies outside the years whose holidays were published; nothing is guessed."""

    def __init__(self, problem: str, english: str) -> None:
        super().__init__(problem)
        self.english = english


class EngineError(DrawreviewError):
    """The engine did not complete a decision, so nothing of it may be used."""


class DisagreementError(EngineError):
    """The two engines found different things, so there is no decision."""


class LetterError(DrawreviewError):
    """No letter may be written, or it cannot be set on its two pages."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class JournalError(DrawreviewError):
    """A journal, or its key file, cannot be used as named."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems

    @classmethod
    def of(cls, place: object, problem: str, remedy: str) -> Self:
        """Return the error of one problem."""
        return cls((Problem(str(place), problem, remedy),))


class ArgumentError(JournalError):
    """The journal is well; what was asked of it cannot be done."""


class AppendRefusedError(JournalError):
    """The journal does not hold what it once signed, so nothing may be appended to it."""


class StoreError(JournalError):
    """The journal's store failed, so nothing was acknowledged."""


class BusyError(StoreError):
    """Somebody else held the journal for too long; nothing was written."""


class ForbiddenError(StoreError):
    """The store's own rights forbid it; nothing was written."""


class DamagedError(StoreError):
    """The store cannot read what it once wrote."""


class LingeringError(StoreError):
    """An erasure stands in the journal, but old bytes still lie in the store's files."""


_SYSTEM_ZH: Final = {
    errno.ENOENT: "没有这个文件或目录",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "所在的磁盘只读",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.ENOTDIR: "路径中间有一段是文件，不是目录",
    errno.EISDIR: "这是目录，不是文件",
    errno.EEXIST: "已有同名的文件",
    errno.ENAMETOOLONG: "名称太长",
    errno.ELOOP: "链接绕成了圈",
    errno.EINVAL: "名称里有不能用的字符",
    errno.EIO: "磁盘读写出错",
    errno.EBUSY: "正被占用",
    errno.ETXTBSY: "正被占用",
    errno.EMFILE: "打开的文件太多",
    errno.EBADF: "已经关闭",
    errno.EFBIG: "文件太大",
    errno.EADDRINUSE: "端口已被占用",
    errno.EADDRNOTAVAIL: "这不是本机的地址",
}


def system_words(error: OSError) -> str:
    """Return in Chinese why the system refused; its own words for what is rare."""
    return _SYSTEM_ZH.get(error.errno or 0, error.strerror or type(error).__name__)


def place_in(file: Path | str, line: int | None = None) -> str:
    """Return `file:line`, the form that editors and terminals can follow."""
    return f"{file}:{line}" if line else str(file)
