"""Turn what a command raises into a message and an exit status; never into a traceback."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Callable
from typing import Final

from drawreview.cli.language import in_either, language
from drawreview.errors import (
    AppendRefusedError,
    ArgumentError,
    BusyError,
    DamagedError,
    DisagreementError,
    DrawreviewError,
    EngineError,
    ForbiddenError,
    InputError,
    JournalError,
    LetterError,
    LingeringError,
    OutputError,
    Problem,
    RuleError,
    StoreError,
    system_words,
)
from drawreview.legible import legible

# 0 decided, 2 wrong usage (typer's own), 4 also undetermined or referred.
_OUTCOMES: Final[dict[type[DrawreviewError], tuple[str, int]]] = {
    InputError: ("输入有误", 3),
    OutputError: ("没有写出", 3),
    LetterError: ("不能出具承诺书", 4),
    RuleError: ("规则文件有误", 1),
    EngineError: ("没有作出决定：引擎没有完成", 5),
    DisagreementError: ("没有作出决定：两套引擎不一致", 5),
    JournalError: ("日志不能用", 3),
    ArgumentError: ("做不到", 3),
    AppendRefusedError: ("日志拒绝追加，没有记下", 1),
    StoreError: ("日志存储出错，没有确认记下", 5),
    BusyError: ("日志正忙，没有记下", 5),
    ForbiddenError: ("无权写日志，没有记下", 3),
    DamagedError: ("日志已经损坏", 1),
    LingeringError: ("已删除并已记下，文件里还有旧字节", 1),
}
_INTERRUPTED: Final = 130  # as a shell has it
_NO_ROOM: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}
_ENGLISH: Final[dict[type[DrawreviewError], str]] = {
    InputError: "Bad input",
    OutputError: "Not written",
    LetterError: "No letter may be written",
    RuleError: "Wrong rule files",
    EngineError: "No decision: the engine did not finish",
    DisagreementError: "No decision: the two engines disagree",
    JournalError: "The journal cannot be used",
    ArgumentError: "Cannot be done",
    AppendRefusedError: "The journal refuses to append; nothing was recorded",
    StoreError: "The journal's store failed; nothing was acknowledged",
    BusyError: "The journal is busy; nothing was recorded",
    ForbiddenError: "No right to write the journal; nothing was recorded",
    DamagedError: "The journal is damaged",
    LingeringError: "Erased and recorded; old bytes still lie in the file",
}


def said_of(command: Callable[[], object]) -> int:
    """Run a command; return its status: 0 decided, 1 finding, 2 usage, 3 input, 4 undecided, 5."""
    try:
        status = _status_of(command)
        sys.stdout.flush()
    except BrokenPipeError:
        _close_stdout()  # whoever read the output has enough
        return 0
    except OSError as error:
        _close_stdout()
        why = in_either(system_words(error), error.strerror or "")
        place = in_either("标准输出", "standard output")
        problem = in_either(f"写不进去：{why}。", f"cannot be written: {why}.")
        return _say(OutputError((Problem(place, problem, ""),)))
    return status


def _status_of(command: Callable[[], object]) -> int:
    try:
        command()
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else 0
    except KeyboardInterrupt:
        sys.stderr.write(in_either("\n已中断。\n", "\nInterrupted.\n"))
        return _INTERRUPTED
    except DrawreviewError as error:
        return _say(error) if type(error) in _OUTCOMES else _defect(error)
    except OSError as error:
        if isinstance(error, BrokenPipeError) or _is_of_stdout(error):
            raise
        return _defect(error) if error.filename is None else _say(_unusable(error))
    except Exception as error:  # noqa: BLE001 - a defect of ours must not look like a finding
        return _defect(error)
    return 0


def _is_of_stdout(error: OSError) -> bool:
    """Whether what was printed found no place; errors of named files are told by who opens them."""
    return error.filename is None and error.errno in _NO_ROOM


def _unusable(error: OSError) -> OutputError:
    """Say of a file or folder that nobody foresaw why the system refused it: no defect of ours."""
    why = in_either(system_words(error), error.strerror or "")
    remedy = in_either("核对路径和权限。", "Check the path and the permissions.")
    problem = in_either(f"用不了：{why}。", f"cannot be used: {why}.")
    return OutputError((Problem(str(error.filename), problem, remedy),))


def _close_stdout() -> None:
    """Write the rest nowhere; Python would complain once more when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _defect(error: Exception) -> int:
    """Say that a defect is ours, so that it does not look like a finding."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    said = in_either("内部错误，没有作出决定", "Internal error, no decision")
    report = in_either("请报告此事", "please report it")
    sys.stderr.write(f"{said}：{error!r}（{where.name}）。{report}。\n")
    return 5


def _say(error: DrawreviewError) -> int:
    what, status = _OUTCOMES[type(error)]
    if language() == "en":
        what = _ENGLISH.get(type(error), what)
    sys.stderr.write(f"{what}{in_either('：', ':')}\n")
    from drawreview.cli.messages import said, told  # noqa: PLC0415 - most commands end well

    problems: tuple[Problem, ...] = getattr(error, "problems", ())
    for problem in problems or str(error).splitlines():
        lines = told(problem) if isinstance(problem, Problem) else said(problem)
        for line in lines.splitlines():
            sys.stderr.write(f"  {legible(line)}\n")
    return status
