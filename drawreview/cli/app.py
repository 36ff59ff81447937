"""Run a command and turn what it raises into a message and an exit status."""

from __future__ import annotations

import sys
from typing import Final

import typer

from drawreview.cli import decide, law, letter, schema
from drawreview.errors import DrawreviewError, EngineError, InputError, LetterError, RuleError

app = typer.Typer(
    name="drawreview",
    help="施工图审查分流：依包府办发〔2021〕8号判定审查方式，出具承诺书。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("decide")(decide.decide_command)
app.command("letter")(letter.letter_command)
app.command("schema")(schema.schema_command)
app.add_typer(law.app, name="law")

# 0 decided, 2 wrong usage (typer's own), 4 also undetermined or referred.
_OUTCOMES: Final[tuple[tuple[type[Exception], str, int], ...]] = (
    (InputError, "输入有误", 3),
    (LetterError, "不能出具承诺书", 4),
    (RuleError, "规则文件有误", 1),
    (EngineError, "没有作出决定：两套引擎未能一致完成", 5),
    (DrawreviewError, "出错", 5),
)


def run(arguments: list[str]) -> int:
    """Return the exit status: 0 decided, 1 finding, 2 usage, 3 input, 4 undecided, 5 internal."""
    try:
        app(arguments)
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else 0
    except DrawreviewError as error:
        what, status = next(
            (what, status) for kind, what, status in _OUTCOMES if isinstance(error, kind)
        )
        return _say(what, error, status)
    except BrokenPipeError:
        sys.stderr.close()
    return 0


def _say(what: str, error: DrawreviewError, status: int) -> int:
    sys.stderr.write(f"{what}：\n")
    for line in str(error).splitlines():
        sys.stderr.write(f"  {line}\n")
    return status
