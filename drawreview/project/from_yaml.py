"""Read YAML or JSON that people wrote: exact numbers, known lines, and no surprises.

Only the plain part of YAML 1.2 is read: no anchors, aliases, tags or duplicate keys, because each
of them can make a file mean something else than what it seems to say.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NoReturn, TypeGuard

from drawreview.errors import InputError, Problem, place_in

MOST_BYTES: Final = 1_000_000
# 0472 is an area code, not a number.
_INTEGER: Final = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: Final = {"true": True, "false": False, "null": None, "~": None, "": None}
_NOT_A_NUMBER: Final = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What a file says, and the line on which each part of it stands."""

    data: Any
    lines: dict[Path, int]
    name: str

    def place(self, path: Path) -> str:
        """Return `file:line` of the part, or of the nearest part around it that has a line."""
        while path and path not in self.lines:
            path = path[:-1]
        return place_in(self.name, self.lines.get(path))


def is_mapping(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether a part of a file is keys and values; the reader makes every key a word."""
    return isinstance(value, dict)


def is_sequence(value: object) -> TypeGuard[list[Any]]:
    """Whether a part of a file is a list."""
    return isinstance(value, list)


def read(text: str, name: str) -> Written:
    """Return what a YAML or JSON text says.

    Raises:
        InputError: It is too long, not well formed, or uses what is not allowed.
    """
    if len(text.encode(errors="surrogatepass")) > MOST_BYTES:
        _refuse(name, None, "文件超过 1 MB。", "一个文件只写一个项目。")
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return _read_json(text.lstrip("\ufeff"), name)
    return _read_yaml(text, name)


def _refuse(name: str, line: int | None, problem: str, remedy: str) -> NoReturn:
    raise InputError((Problem(place_in(name, line), problem, remedy),))


def _read_json(text: str, name: str) -> Written:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        for key in keys:
            if keys.count(key) > 1:
                _refuse(name, None, f"键 {key!r} 写了两次。", "只留一处。")
        return dict(pairs)

    def no_number(word: str) -> NoReturn:
        _refuse(name, None, f"{word} 不是数。", "不知道就删去此项。")

    try:
        data = json.loads(
            text, parse_float=Decimal, parse_constant=no_number, object_pairs_hook=unique
        )
    except json.JSONDecodeError as error:
        _refuse(
            name, error.lineno, f"不是合格的 JSON：{error.msg}。", "检查这一行的括号、逗号和引号。"
        )
    except (RecursionError, ValueError):
        _refuse(name, None, "不是合格的 JSON。", "层次太深或数字太长。")
    return Written(data, {}, name)


def _read_yaml(text: str, name: str) -> Written:
    # Imported here: it costs a fifth of the program's start, and JSON does not need it.
    from ruamel.yaml import YAML  # noqa: PLC0415
    from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415

    yaml = YAML(typ="safe")  # with ruamel.yaml.clib, several times as fast as in pure Python
    try:
        node = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        _refuse(
            name,
            line,
            f"不是合格的 YAML：{error.problem or error.context}。",
            "检查这一行的缩进、冒号和引号。",
        )
    except (YAMLError, RecursionError, ValueError) as error:
        _refuse(name, None, f"不是合格的 YAML：{type(error).__name__}。", "检查文件的编码和写法。")
    reader = _Nodes(text, name)
    return Written(reader.value(node, ()), reader.lines, name)


class _Nodes:
    """Turns nodes into plain values and remembers on which line each one stands."""

    def __init__(self, text: str, name: str) -> None:
        self.lines: dict[Path, int] = {}
        self._text = text.splitlines()
        self._name = name

    def value(self, node: Any, path: Path) -> Any:  # noqa: ANN401 - any YAML
        """Return what a node says; `path` is where it stands."""
        if node is None:
            return None
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        self._refuse_marks(node, line)
        if node.id == "mapping":
            return self._mapping(node, path, line)
        if node.id == "sequence":
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        return _scalar(node, line, self._name)

    def _mapping(self, node: Any, path: Path, line: int) -> dict[str, Any]:  # noqa: ANN401
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.id != "scalar":
                _refuse(self._name, line, "键不是一个词。", "键应是字段名。")
            key = str(key_node.value)
            if key in result:
                at = key_node.start_mark.line + 1
                _refuse(self._name, at, f"键 {key!r} 写了两次。", "只留一处。")
            self.lines[(*path, key)] = key_node.start_mark.line + 1
            result[key] = self.value(value_node, (*path, key))
        return result

    def _refuse_marks(self, node: Any, line: int) -> None:  # noqa: ANN401
        # The C reader keeps no anchors, but a node begins where its anchor or tag stands; an alias
        # is the node it repeats, so it cannot be without one.
        rest = self._text[line - 1][node.start_mark.column :] if line <= len(self._text) else ""
        if rest.startswith(("&", "*")) or node.anchor:
            _refuse(self._name, line, "用了锚点或别名（& 或 *）。", "请把内容写全。")
        if rest.startswith("!") or (node.tag and "yaml.org,2002" not in str(node.tag)):
            _refuse(self._name, line, f"用了标签 {node.tag}。", "请删去以 ! 开头的标签。")


def _scalar(node: Any, line: int, name: str) -> Any:  # noqa: ANN401 - any YAML
    text = str(node.value)
    if node.style in {"'", '"', "|", ">"}:
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _NOT_A_NUMBER.fullmatch(text):
        _refuse(name, line, f"{text} 不是数。", "不知道就删去此项。")
    if _INTEGER.fullmatch(text) and len(text) <= 30:  # noqa: PLR2004 - longer ones are no quantity
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    return text
