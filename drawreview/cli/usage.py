"""Run the command that the arguments name; say in words what is wrong with them."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, Final

import typer
from typer.exceptions import TyperException
from typer.main import get_command

from drawreview.cli.app import app
from drawreview.cli.help import argument_of, set_pages, usage_of
from drawreview.cli.language import language
from drawreview.legible import legible

# What typer says, and what it becomes; it has no translations of its own.
_SAYINGS: Final = (
    (r"No such command '(?P<it>.*?)'\..*", "没有命令 {it}。"),
    (r"Missing command\.", "缺少命令。"),
    (r"No such option: (?P<it>\S+).*", "没有选项 {it}。"),
    (r"Got unexpected extra arguments? ?(?:\(s\) )?\((?P<it>.*)\)", "多写了：{it}。"),
    (r"Option '(?P<it>.*)' requires an argument\.", "选项 {it} 后面缺少值。"),
    (r"Option '(?P<it>.*)' requires \d+ arguments?\.", "选项 {it} 后面缺少值。"),
    (r"Option '(?P<it>.*)' does not take a value\.", "选项 {it} 后面不写值。"),
    (
        r"(?:Value error, )?'(?P<it>.*?)' is not one of (?P<of>.*)\.",
        "「{it}」不在可选之列。可用：{of}。",
    ),
    (r"Input should be a valid (?:integer|number).*", "应是数。"),
    (r"Input should be greater than or equal to (?P<it>.*)", "不得小于 {it}。"),
    (r"Input should be less than or equal to (?P<it>.*)", "不得大于 {it}。"),
)


def run(arguments: Sequence[str]) -> None:
    """Run a command; exits with 2 if its usage is wrong."""
    command = get_command(app)
    said = language(arguments)
    if "--help" in arguments and said == "en":
        # Commands that have nothing to say in English have a page of help in it.
        arguments = _without_language(arguments)
    set_pages(command, said)
    try:
        status = command.main(list(arguments), prog_name="drawreview", standalone_mode=False)
    except TyperException as error:
        _tell(error, said)
        sys.exit(error.exit_code)
    except typer.Abort:
        raise KeyboardInterrupt from None
    sys.exit(status if isinstance(status, int) else 0)


def _without_language(arguments: Sequence[str]) -> list[str]:
    left = [one for one in arguments if one != "--lang=en"]
    if "--lang" in left:
        place = left.index("--lang")
        del left[place : place + 2]
    return left


def _tell(error: TyperException, lang: str) -> None:
    context: Any = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(f"{error.format_message()}\n")
        return
    if lang == "en":
        from drawreview.cli.messages import in_english  # noqa: PLC0415 - wrong usage is rare

        error.message = in_english(error.message)
        head, said, more = "Wrong usage", error.format_message(), "Options: {} --help"
    else:
        head, said, more = "用法有误", _in_chinese(error), "各选项见 {} --help"
    colon = "：" if lang == "zh" else ": "
    sys.stderr.write(f"{head}{colon}{legible(said)}\n")
    if context is not None:
        sys.stderr.write(f"  {usage_of(context, lang)}\n  {more.format(context.command_path)}\n")


def _in_chinese(error: TyperException) -> str:
    name = type(error).__name__
    if name == "MissingParameter":
        return _missing(error)
    said = error.message
    for pattern, words in _SAYINGS:
        found = re.fullmatch(pattern, said, re.DOTALL)
        if found:
            parts = {key: value.replace("'", "") for key, value in found.groupdict().items()}
            said = words.format_map({k: v.replace(", ", "、") for k, v in parts.items()})
            break
    return f"{_place(error)}{said}{_nearest(error, said)}"


def _place(error: TyperException) -> str:
    """Name the argument or option whose value is wrong."""
    hint: Any = getattr(error, "param_hint", None)
    param: Any = getattr(error, "param", None)
    if hint is None and param is not None:
        hint = param.opts[-1] if param.param_type_name == "option" else argument_of(param)
    return f"{hint}：" if hint else ""


def _missing(error: TyperException) -> str:
    param: Any = getattr(error, "param", None)
    if param is None:
        return "缺少一项。"
    option = param.param_type_name == "option"
    what = f"选项 {param.opts[-1]}" if option else f" {argument_of(param)}"
    return f"缺少{what}：{param.help}。" if param.help else f"缺少{what}。"


def _nearest(error: TyperException, said: str) -> str:
    """Return which option or command comes near to one that does not exist."""
    context: Any = getattr(error, "ctx", None)
    if context is None or not said.startswith(("没有命令", "没有选项")):
        return ""
    if said.startswith("没有命令"):
        known = list(context.command.commands)
    else:
        known = [name for param in context.command.params for name in param.opts]
    near = get_close_matches(said.split()[1].rstrip("。"), known, n=2)
    return f"相近的有：{'、'.join(near)}。" if near else ""
