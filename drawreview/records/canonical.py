"""One way to write a value as bytes: the JSON of RFC 8785, within the part of it that records use.

Strings, Booleans, null, whole numbers up to 2^53, lists, and objects with ASCII keys. Fractions
are decimal strings, so that no reader rounds them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from itertools import groupby
from types import NoneType
from typing import Any, Final, NoReturn, cast
from unicodedata import is_normalized

_BEYOND: Final = 2**53
_PLAIN: Final = frozenset({str, bool, NoneType})  # whatever one of these says may stand


def canonical(value: object, /, **written: bytes) -> bytes:
    """Return the canonical bytes of a value; those of a dataclass are those of its members.

    Args:
        value: What is written.
        written: Members of it that are canonical bytes already, by their names.

    Raises:
        ValueError: It holds what no record may: a fraction, a key that is not ASCII, text that is
            not in normal form C.
    """
    if written:
        value = {name: each for name, each in _members(value).items() if name not in written}
    if strange := _strange(value):
        place, why = strange
        _refuse(f"${place}: {why}")
    text = _with_members(value, written) if written else _ENCODER.encode(value)
    # A quotation mark composes with nothing, so the whole is in normal form if each word is.
    if not is_normalized("NFC", text):
        _refuse("$: not in normal form C")
    return text.encode()


def _with_members(value: object, written: Mapping[str, bytes]) -> str:
    members = _members(value)
    said: list[str] = []
    # Those between two that are written already are written together, in one call.
    names = sorted(members.keys() | written.keys())
    for known, some in groupby(names, written.__contains__):
        if known:
            said += (f"{_ENCODER.encode(name)}:{written[name].decode()}" for name in some)
        else:
            said.append(_ENCODER.encode({name: members[name] for name in some})[1:-1])
    return f"{{{','.join(said)}}}"


def _members(value: object) -> dict[str, object]:
    if isinstance(value, dict):
        return cast("dict[str, object]", value)
    return {name: getattr(value, name) for name in _names(type(value))}


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _strange(  # noqa: PLR0911 - one return for each thing that may be strange
    value: object,
) -> tuple[str, str] | None:
    """Return where a value holds what no record may, and why; None if it holds no such thing."""
    if isinstance(value, (str, int, NoneType)):
        # Readers of JSON that hold numbers as IEEE doubles must find the same one.
        beyond = isinstance(value, int) and abs(value) >= _BEYOND
        return ("", f"{value} is 2^53 or more") if beyond else None
    if isinstance(value, (list, tuple)):
        for place, each in enumerate(cast("list[object]", value)):
            if type(each) not in _PLAIN and (found := _strange(each)):
                return f"[{place}]{found[0]}", found[1]
        return None
    if not isinstance(value, dict) and not is_dataclass(value):
        return "", f"{value!r:.60} has no canonical form"
    for name, each in _members(cast("object", value)).items():
        if type(name) is not str or not name.isascii():
            return "", f"the key {name!r} is not ASCII"
        if type(each) not in _PLAIN and (found := _strange(each)):
            return f".{name}{found[0]}", found[1]
    return None


_ENCODER: Final = json.JSONEncoder(
    ensure_ascii=False,
    sort_keys=True,
    separators=(",", ":"),
    allow_nan=False,
    default=_members,
)


def parsed(body: bytes) -> Any:  # noqa: ANN401 - any JSON
    """Return what JSON bytes say, if they can be understood in one way only.

    Raises:
        ValueError: They are not JSON, a key stands twice, or a number is not whole.
    """
    return _DECODER.decode(body.decode())


def named(body: bytes, name: str) -> str | None:
    """Return what a body says under one of its own names, if it is text that can be understood."""
    found = said(body).get(name)
    return found if isinstance(found, str) else None


def said(body: bytes) -> Mapping[str, Any]:
    """Return the names and values of a body; none if it cannot be understood in one way only."""
    try:
        found = parsed(body)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a key stands twice"
        raise ValueError(message)
    return found


def _no_fraction(word: str) -> NoReturn:
    message = f"{word} is not a whole number; fractions are written as decimal strings"
    raise ValueError(message)


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=_no_fraction, parse_constant=_no_fraction
)


def _refuse(why: str) -> NoReturn:
    raise ValueError(why)
