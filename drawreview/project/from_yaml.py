"""Read YAML or JSON that people wrote: exact numbers, known lines, and no surprises.

Only the plain part of YAML 1.2 is read: no anchors, aliases, tags or duplicate keys, because each
of them can make a file mean something else than what it seems to say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final, NoReturn, TypeGuard

from drawreview.errors import InputError, Problem, place_in
from drawreview.legible import named

MOST_BYTES: Final = 1_000_000
_DEEPEST: Final = 20
# 0472 is an area code, not a number: its first digit must not get lost.
_INTEGER: Final = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*|0|[1-9][0-9]*)([eE][-+]?[0-9]+)?")
_WORDS: Final = {"true": True, "false": False, "null": None, "~": None, "": None}
_NOT_A_NUMBER: Final = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_STRAY_COLON: Final = "这里不该有「: 」，或者上一行的冒号后面少了空格"
_YAML_ZH: Final = {
    "mapping values are not allowed here": _STRAY_COLON,
    "mapping values are not allowed in this context": _STRAY_COLON,
    "found unexpected ':'": "值里有冒号的要加引号",
    "could not find expected ':'": "缺少「: 」",
    "expected <block end>, but found '<block mapping start>'": "缩进不齐",
    "expected <block end>, but found '<block sequence start>'": "缩进不齐",
    "expected <block end>, but found '<scalar>'": "多出一段文字，或引号没有配对",
    "did not find expected key": "缩进不齐，或少了键",
    "did not find expected '-' indicator": "缩进不齐，或少了「- 」",
    "did not find expected ',' or ']'": "缺少「,」或「]」",
    "did not find expected ',' or '}'": "缺少「,」或「}」",
    "found unexpected end of stream": "引号或括号没有配对",
    "found character that cannot start any token": "有不能放在开头的字符，如制表符、@、`",
    "found a tab character that violates indentation": "缩进用了制表符，应是空格",
    "found a tab character where an indentation space is expected": "缩进用了制表符，应是空格",
    "while scanning a simple key": "缺少「: 」",
    "found invalid Unicode character escape code": "\\u 之后不是一个字符的编码",
}
_JSON_ZH: Final = {
    "Expecting value": "这里应有一个值",
    "Expecting property name enclosed in double quotes": "键应加双引号",
    "Expecting ',' delimiter": "缺少逗号",
    "Expecting ':' delimiter": "缺少冒号",
    "Extra data": "结束之后还有内容",
    "Unterminated string starting at": "引号没有配对",
    "Invalid control character at": "引号之内有换行或控制字符",
    "Invalid \\escape": "反斜线要写成两个",
    "Illegal trailing comma before end of object": "最后一项后面多了逗号",
    "Illegal trailing comma before end of array": "最后一项后面多了逗号",
}
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What a file says, and the line on which each part of it stands."""

    data: Any
    lines: dict[Path, int]
    name: str
    json: str = ""  # its lines are looked up only when something must be placed

    def place(self, path: Path) -> str:
        """Return `file:line` of the part, or of the nearest part around it that has a line."""
        lines = self.lines or _lines_of_json(self.json)
        while path and path not in lines:
            path = path[:-1]
        return place_in(self.name, lines.get(path))


def not_keys_and_values(written: Written, example: str) -> Problem:
    """Return what is wrong with a file that says no keys and values at its top."""
    place = written.place(())
    if written.data is None:
        return Problem(place, "文件是空的。", f"从 {example} 改起。")
    if is_sequence(written.data):
        remedy = f"最上面应是「字段名: 值」，照 {example} 的样子写。"
        return Problem(place, "整个文件是一个列表。", remedy)
    remedy = f"表格（CSV）和说明文字不能直接用；从 {example} 改起。"
    return Problem(place, "读到的是一段文字，不是「字段名: 值」。", remedy)


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
    # No character takes more than four bytes, so most texts need not be encoded to be measured.
    if len(text) > MOST_BYTES // 4 and len(text.encode(errors="surrogatepass")) > MOST_BYTES:
        _refuse(name, None, "文件超过 1 MB。", "一个文件只写一个项目。")
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return _read_json(text.lstrip("\ufeff"), name)
    return _read_yaml(text, name)


def _refuse(name: str, line: int | None, problem: str, remedy: str) -> NoReturn:
    raise InputError((Problem(place_in(name, line), problem, remedy),))


class _TwiceError(Exception):
    """A key stands twice."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _TwiceError(next(key for key in keys if keys.count(key) > 1))
    return found


_JSON: Final = json.JSONDecoder(
    parse_float=Decimal, parse_constant=Decimal, object_pairs_hook=_unique
)


def _read_json(text: str, name: str) -> Written:
    try:
        data = _JSON.decode(text)
        if "\\" in text and (
            "\\ud" in text or "\\uD" in text
        ):  # half a character can neither be kept nor shown
            json.dumps(data, ensure_ascii=False, default=str).encode()
    except _TwiceError as error:
        _refuse(name, None, f"键 {error.args[0]!r} 写了两次。", "只留一处。")
    except json.JSONDecodeError as error:
        _refuse(
            name,
            error.lineno,
            f"不是合格的 JSON：{_JSON_ZH.get(error.msg, error.msg)}。",
            "检查这一行的括号、逗号和引号。",
        )
    except UnicodeEncodeError as error:
        half = f"\\u{ord(error.object[error.start]):04x}"
        _refuse(name, None, f"{half} 只是半个字符。", "两半写在一起，或直接写这个字。")
    except (RecursionError, ValueError, InvalidOperation):
        _refuse(name, None, "不是合格的 JSON。", "层次太深或数字太长。")
    return Written(data, {}, name, text)


@lru_cache(maxsize=1)
def _lines_of_json(text: str) -> dict[Path, int]:
    """Return the lines of a JSON text, which almost always is YAML too; none if it is not."""
    try:
        return _read_yaml(text, "").lines if text else {}
    except InputError:
        return {}


def _read_yaml(text: str, name: str) -> Written:
    # Imported here: it costs a fifth of the program's start, and JSON does not need it.
    from ruamel.yaml.cyaml import CParser  # noqa: PLC0415
    from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415
    from ruamel.yaml.reader import ReaderError  # noqa: PLC0415

    reader = _Events(name)
    try:
        # In C: several times as fast as in pure Python.
        data = reader.document(iter(CParser(text).get_event, None))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        said = error.problem or error.context or ""
        problem = f"不是合格的 YAML：{_YAML_ZH.get(said, said)}。"
        _refuse(name, line, problem, "检查这一行的缩进、冒号和引号。")
    except ReaderError as error:
        at: Any = error  # which no stub describes
        line = text.encode()[: at.position].count(b"\n") + 1
        said = f"有文本里不该有的 {named(chr(at.character))}。"
        _refuse(name, line, said, "删去；Excel、Word、PDF 文件不能直接读，另存为 UTF-8 文本。")
    except (YAMLError, ValueError) as error:
        _refuse(name, None, f"不是合格的 YAML：{type(error).__name__}。", "检查文件的编码和写法。")
    return Written(data, reader.lines, name)


class _Events:
    """Turns the events of a YAML text into plain values, and remembers where each one stands."""

    def __init__(self, name: str) -> None:
        self.lines: dict[Path, int] = {}
        self._name = name

    def document(self, events: Iterator[Any]) -> Any:  # noqa: ANN401 - any YAML
        """Return what the one document of the text says; None if it says nothing."""
        data = None
        for event in events:
            kind = type(event).__name__
            if kind in {"ScalarEvent", "MappingStartEvent", "SequenceStartEvent", "AliasEvent"}:
                if self.lines:
                    line = event.start_mark.line + 1
                    _refuse(self._name, line, "一个文件里有两份内容。", "一个文件只写一个项目。")
                data = self._value(event, events, ())
        return data

    def _value(self, event: Any, events: Iterator[Any], path: Path) -> Any:  # noqa: ANN401
        line = event.start_mark.line + 1
        self.lines.setdefault(path, line)
        if event.anchor:
            _refuse(self._name, line, "用了锚点或别名（& 或 *）。", "请把内容写全。")
        if event.tag:
            _refuse(self._name, line, f"用了标签 {event.tag}。", "请删去以 ! 开头的标签。")
        if len(path) > _DEEPEST:
            _refuse(self._name, line, "层次太深。", "项目文件最多六七层。")
        match type(event).__name__:
            case "MappingStartEvent":
                return self._mapping(events, path)
            case "SequenceStartEvent":
                return self._sequence(events, path)
            case _:
                return _scalar(event, line, self._name)

    def _sequence(self, events: Iterator[Any], path: Path) -> list[Any]:
        result: list[Any] = []
        while type(event := next(events)).__name__ != "SequenceEndEvent":
            result.append(self._value(event, events, (*path, len(result))))
        return result

    def _mapping(self, events: Iterator[Any], path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while type(event := next(events)).__name__ != "MappingEndEvent":
            line = event.start_mark.line + 1
            if type(event).__name__ != "ScalarEvent" or event.anchor or event.tag:
                _refuse(self._name, line, "键不是一个词。", "键应是字段名，不带 & * ! 等记号。")
            key = str(event.value)
            if key in result:
                _refuse(self._name, line, f"键 {key!r} 写了两次。", "只留一处。")
            self.lines[(*path, key)] = line
            result[key] = self._value(next(events), events, (*path, key))
        return result


def _scalar(event: Any, line: int, name: str) -> Any:  # noqa: ANN401 - any YAML
    text = str(event.value)
    if event.style in {"'", '"', "|", ">"}:
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _NOT_A_NUMBER.fullmatch(text):
        # No field takes it: refused with everything else that the file has wrong.
        return Decimal(text.replace(".", ""))
    if _INTEGER.fullmatch(text) and len(text) <= 30:  # noqa: PLR2004 - longer ones are no quantity
        return int(text)
    if _DECIMAL.fullmatch(text):
        try:
            return Decimal(text)
        except InvalidOperation:
            _refuse(name, line, f"{text[:20]} 不是合情理的数。", "核对小数点和指数。")
    return text
