"""Turn what a command raises into a message and an exit status; never into a traceback."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from typing import Final

from drawreview.errors import (
    AppendRefusedError,
    BusyError,
    DisagreementError,
    DrawreviewError,
    EngineError,
    ForbiddenError,
    InputError,
    JournalError,
    LetterError,
    LingeringError,
    RuleError,
    StoreError,
)

# 0 decided, 2 wrong usage (typer's own), 4 also undetermined or referred.
_OUTCOMES: Final[dict[type[DrawreviewError], tuple[str, int]]] = {
    InputError: ("输入有误", 3),
    LetterError: ("不能出具承诺书", 4),
    RuleError: ("规则文件有误", 1),
    EngineError: ("没有作出决定：引擎没有完成", 5),
    DisagreementError: ("没有作出决定：两套引擎不一致", 5),
    JournalError: ("日志不能用", 3),
    AppendRefusedError: ("日志拒绝追加，没有记下", 1),
    StoreError: ("日志存储出错，没有确认记下", 5),
    BusyError: ("日志正忙，没有记下", 5),
    ForbiddenError: ("无权写日志，没有记下", 3),
    LingeringError: ("已删除并已记下，文件里还有旧字节", 1),
}


def said_of(command: Callable[[], object]) -> int:
    """Run a command; return its status: 0 decided, 1 finding, 2 usage, 3 input, 4 undecided, 5."""
    try:
        command()
        sys.stdout.flush()
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else 0
    except (InputError, JournalError, LetterError, RuleError, EngineError) as error:
        return _say(*_OUTCOMES[type(error)], error)
    except BrokenPipeError:
        # Whoever read the output has enough; Python would complain once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:  # noqa: BLE001 - a defect of ours must not look like a finding
        where = traceback.extract_tb(error.__traceback__)[-1]
        sys.stderr.write(f"内部错误，没有作出决定：{error!r}（{where.name}）。请报告此事。\n")
        return 5
    return 0


def _say(what: str, status: int, error: DrawreviewError) -> int:
    sys.stderr.write(f"{what}：\n")
    for line in str(error).splitlines():
        sys.stderr.write(f"  {line}\n")
    return status
