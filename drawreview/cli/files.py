"""Files, the clock and the options that commands share; decisions themselves touch neither."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from drawreview.errors import InputError, Problem
from drawreview.project.from_yaml import MOST_BYTES
from drawreview.project.model import Project
from drawreview.project.statement import read_project
from drawreview.rulebook.load import load_rulebook
from drawreview.rulebook.model import Rulebook

ProjectFile = Annotated[
    str, typer.Argument(metavar="PROJECT", help="项目文件（YAML 或 JSON），- 表示标准输入")
]
OnDay = Annotated[str | None, typer.Option("--on", metavar="DATE", help="决定日期，默认今天")]
Overlay = Annotated[
    Path | None,
    typer.Option("--overlay", metavar="DIR", help="城市附加目录（延续文件、旗县区清单）"),
]
AssumeInForce = Annotated[bool, typer.Option("--assume-in-force", help="假定试行期内，仅供测算")]
Language = Literal["zh", "en"]
Lang = Annotated[Language, typer.Option("--lang", help="输出语言")]


def project_from(file: str) -> Project:
    """Return the project that a file, or standard input, states."""
    return read_project(text_of(file), "标准输入" if file == "-" else file)


def text_of(file: str) -> str:
    """Return the text of a file, or of standard input for `-`."""
    try:
        raw = sys.stdin.buffer.read(MOST_BYTES + 1) if file == "-" else _bytes_of(Path(file))
        return raw.decode("utf-8-sig")
    except FileNotFoundError:
        raise _problem(file, "没有这个文件。", "核对路径。") from None
    except UnicodeDecodeError:
        raise _problem(file, "不是 UTF-8 编码。", "另存为 UTF-8。") from None
    except OSError as error:
        raise _problem(file, f"读不了：{error.strerror}。", "核对路径和权限。") from None


def _bytes_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def day_from(text: str | None) -> date:
    """Return the day of the decision; today if none is given."""
    if text is None:
        return date.today()  # noqa: DTZ011 - the window's own day
    try:
        if len(text) == len("2021-03-01"):
            return date.fromisoformat(text)
    except ValueError:
        pass
    message = f"「{text}」不是日期。写成 2021-03-01。"
    raise typer.BadParameter(message, param_hint="--on")


def rulebook_from(overlay: Path | None) -> Rulebook:
    """Return the shipped rulebook, with the city's overlay if one is named."""
    return load_rulebook(overlay=overlay) if overlay else load_rulebook()


def _problem(place: str, problem: str, remedy: str) -> InputError:
    return InputError((Problem(place, problem, remedy),))
