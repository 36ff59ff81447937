"""The pages of help: in either language, grouped, with examples, and as wide as the terminal."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from types import MethodType
from typing import Any, Final

from drawreview.cli.sheet import folded, width_of

_WIDEST: Final = 100
_INDENT: Final = 2
_WORDS: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "usage": "用法：",
        "options": "[选项]",
        "command": "命令",
        "arguments": "参数",
        "main": "选项",
        "law": "依据与测算",
        "record": "记入日志",
        "examples": "例",
        "default": "默认 {}",
        "again": "可重复",
        "needed": "必写",
        "environment": "环境变量 {}",
        "help": "显示此页；加 --lang en 用英文",
        "more": "各命令的选项和例子：{} 命令 --help",
        "comma": "；",
        "brackets": "（{}）",
    },
    "en": {
        "usage": "Usage: ",
        "options": "[OPTIONS]",
        "command": "COMMAND",
        "arguments": "Arguments",
        "main": "Options",
        "law": "Law and what-if",
        "record": "Recording",
        "examples": "Examples",
        "default": "{} if left out",
        "again": "may be repeated",
        "needed": "needed",
        "environment": "environment variable {}",
        "help": "show this page",
        "more": "options and examples of a command: {} COMMAND --help --lang en",
        "comma": "; ",
        "brackets": " ({})",
    },
}
_LAW: Final = {"--overlay", "--reading", "--all-readings", "--assume-in-force", "--tolerance"}
_RECORD: Final = {
    *("--record", "--journal", "--key", "--actor", "--role"),
    *("--supersedes", "--why", "--applied-on", "--answer"),
}
# Typer's own options come with English words only.
_OF_TYPER: Final = {
    "--install-completion": "为当前的命令行装上补全",
    "--show-completion": "印出补全的脚本，自己装",
}
_KINDS_OF_COMMANDS: Final = (
    (("decide", "ask", "explain", "whatif", "questions"), "判定", "Deciding"),
    (("letter", "notice"), "出具", "Papers"),
    (("deadlines", "gates"), "开工以后", "Once works are to begin"),
    (("journal", "replay"), "记录与复核", "Keeping and replaying"),
    (("serve", "user"), "浏览器", "In a browser"),
    (("law", "schema"), "规则与格式", "Rules and formats"),
)
_EXAMPLES: Final = {
    "": (
        "drawreview decide examples/office.yaml --on 2021-03-01",
        "drawreview ask -o project.yaml --on 2021-03-01",
    ),
    "decide": (
        "drawreview decide examples/office.yaml --on 2021-03-01",
        "drawreview decide examples/office.yaml --on 2021-03-01 --format json",
        "drawreview decide - --on 2021-03-01 < examples/office.yaml",
    ),
    "ask": (
        "drawreview ask --on 2021-03-01",
        "drawreview ask examples/partial.yaml -o project.yaml --on 2021-03-01",
        "drawreview ask examples/partial.yaml --next --on 2021-03-01",
    ),
    "explain": (
        "drawreview explain examples/office.yaml --on 2021-03-01",
        "drawreview explain examples/office.yaml --on 2021-03-01 -o office.svg",
    ),
    "whatif": (
        "drawreview whatif examples/office.yaml --on 2021-03-01",
        "drawreview whatif examples/office.yaml --on 2021-03-01 --set floor_area_m2=2050",
        "drawreview whatif examples/office.yaml --on 2021-03-01 --tolerance area=1%,height=50mm",
    ),
    "letter": (
        "drawreview letter examples/office.yaml --on 2021-03-01 -o letters",
        "drawreview letter --blank annex_1 -o letters",
    ),
    "notice": (
        "drawreview notice examples/partial.yaml --on 2021-03-01 -o notices",
        "drawreview notice examples/partial.yaml --on 2021-03-01 --format json",
    ),
    "deadlines": (
        "drawreview deadlines examples/housing.yaml examples/housing_events.yaml --on 2021-05-06",
        "drawreview deadlines --pot examples --on 2021-05-06",
    ),
    "gates": (
        "drawreview gates examples/office.yaml examples/office_events.yaml --on 2021-04-20",
        "drawreview gates --pot examples --on 2021-05-06",
    ),
    "questions": ("drawreview questions", "drawreview questions A10"),
    "schema": ("drawreview schema project > project.schema.json",),
    "law show": ("drawreview law show low_risk_exemption",),
    "serve": ("drawreview serve --data drawreview-data",),
    "user add": ("drawreview user add 王工 --role clerk --district 150204",),
    "journal init": ("drawreview journal init --journal window.db --origin permits.example.cn",),
    "replay": ("drawreview replay --journal window.db",),
}


def set_pages(command: Any, lang: str, path: str = "") -> None:  # noqa: ANN401 - typer's own type
    """Give a command, and all below it, pages of ours: typer's know neither language nor width."""

    def format_help(_: Any, context: Any, formatter: Any) -> None:  # noqa: ANN401 - likewise
        formatter.write("\n".join(_page(context, lang, path)) + "\n")

    command.format_help = MethodType(format_help, command)
    for name, below in getattr(command, "commands", {}).items():
        set_pages(below, lang, f"{path} {name}".strip())


def usage_of(context: Any, lang: str) -> str:  # noqa: ANN401 - typer's own type
    """Return how a command is written."""
    words, command = _WORDS[lang], context.command
    parts = [context.command_path, words["options"]]
    for param in command.params:
        if param.param_type_name == "argument":
            name = argument_of(param)
            parts.append(name if param.required or name.startswith("[") else f"[{name}]")
    if hasattr(command, "commands"):
        parts.append(words["command"])
    return words["usage"] + " ".join(parts)


def paragraphs(text: str | None) -> list[str]:
    """Return the paragraphs of a command's description, each in one line."""
    return [" ".join(part.split()) for part in (text or "").split("\n\n") if part.strip()]


def argument_of(param: Any) -> str:  # noqa: ANN401 - typer's own type
    """Return what an argument is called."""
    return str(param.metavar or param.name.upper())


def _page(context: Any, lang: str, path: str) -> Iterator[str]:  # noqa: ANN401
    words, command = _WORDS[lang], context.command
    say = _in(lang)
    room = min(shutil.get_terminal_size().columns, _WIDEST)
    yield from folded(usage_of(context, lang), room)
    yield ""
    for paragraph in paragraphs(command.help):
        yield from _column(say(paragraph), _INDENT, room)
    for title, rows in _sections(command, say, words, lang):
        yield from ("", title)
        yield from _rows(rows, room)
    examples = _EXAMPLES.get(path, ())
    if examples:
        yield from ("", words["examples"])
        yield from (f"  {line}" for line in examples)
    if hasattr(command, "commands"):
        yield from ("", words["more"].format(context.command_path))


Rows = list[tuple[str, str]]
Say = Callable[[str], str]


def _in(lang: str) -> Say:
    if lang == "zh":
        return lambda words: words
    english = in_english()
    return lambda words: english.get(words, words)


def in_english() -> dict[str, str]:
    """Return what each Chinese wording of a page is in English."""
    return tomllib.loads(Path(__file__).with_name("english.toml").read_text(encoding="utf-8"))


def _sections(
    command: Any,  # noqa: ANN401
    say: Say,
    words: dict[str, str],
    lang: str,
) -> Iterator[tuple[str, Rows]]:
    params = [param for param in command.params if not param.hidden]
    arguments = [p for p in params if p.param_type_name == "argument"]
    options = [p for p in params if p.param_type_name == "option"]
    if arguments:
        yield words["arguments"], [(argument_of(p), _about(p, say, words)) for p in arguments]
    yield from _commands(getattr(command, "commands", {}), say, lang)
    records = any("--record" in p.opts and p.is_flag for p in options)

    def group(param: Any) -> str:  # noqa: ANN401
        names = set(param.opts)
        if records and names & _RECORD:
            return "record"
        return "law" if names & _LAW else "main"

    order = ("main", "law", "record")
    by_group = {
        name: [(_named(p), _about(p, say, words)) for p in found]
        for name, found in groupby(sorted(options, key=lambda p: order.index(group(p))), group)
    }
    by_group.setdefault("main", []).append(("--help", words["help"]))
    for name in order:
        if name in by_group:
            yield words[name], by_group[name]


def _commands(commands: dict[str, Any], say: Say, lang: str) -> Iterator[tuple[str, Rows]]:
    def row(name: str) -> tuple[str, str]:
        return name, say(next(iter(paragraphs(commands[name].help)), ""))

    left = dict.fromkeys(commands)
    for names, zh, en in _KINDS_OF_COMMANDS:
        if found := [name for name in names if name in left]:
            yield zh if lang == "zh" else en, [row(name) for name in found]
            for name in found:
                del left[name]
    if left:
        title = _WORDS[lang]["command"].title() if lang == "zh" else "Commands"
        yield title, [row(name) for name in left]


def _named(param: Any) -> str:  # noqa: ANN401 - typer's own type
    names = ", ".join((*param.opts, *param.secondary_opts))
    if param.is_flag:
        return names
    choices = param.type_descriptor.choices
    value = param.metavar or ("|".join(map(str, choices)) if choices else _kind(param))
    return f"{names} {value}"


def _kind(param: Any) -> str:  # noqa: ANN401 - typer's own type
    return "N" if param.type_descriptor.annotation in {int, float} else "TEXT"


def _about(param: Any, say: Say, words: dict[str, str]) -> str:  # noqa: ANN401
    text = say(_OF_TYPER.get(param.opts[0], param.help or ""))
    notes: list[str] = []
    option = param.param_type_name == "option"
    if option and param.required:
        notes.append(words["needed"])
    if option and not param.is_flag and param.default is not None and str(param.default) != ".":
        notes.append(words["default"].format(param.default))
    if option and param.multiple and "可重复" not in text and "可多次" not in text:
        notes.append(words["again"])
    if option and param.envvar:
        notes.append(words["environment"].format(param.envvar))
    return text + (words["brackets"].format(words["comma"].join(notes)) if notes else "")


def _rows(rows: Rows, room: int) -> Iterator[str]:
    """Yield names and what they mean in two columns; a long name has its line to itself."""
    short = [width_of(name) for name, _ in rows if width_of(name) <= room // 3]
    column = max(short, default=0) + 2 * _INDENT
    for name, about in rows:
        lines = list(_column(about, column, room))
        head = " " * _INDENT + name
        if lines and width_of(head) + _INDENT <= column:
            head += lines.pop(0)[width_of(head) :]
        yield head
        yield from lines


def _column(text: str, at: int, room: int) -> Iterator[str]:
    """Yield a text in lines that begin at a column, without a hanging indent."""
    return (" " * at + line.strip() for line in folded(text, room - at))
