"""One way to write a value as bytes: the JSON of RFC 8785, within the part of it that records use.

Strings, Booleans, null, whole numbers up to 2^53, lists, and objects with ASCII keys. Fractions
are decimal strings, so that no reader rounds them.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from typing import Any, Final, NoReturn, cast

_BEYOND: Final = 2**53
_ENCODER: Final = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)


def canonical(value: object) -> bytes:
    """Return the canonical bytes of a value.

    Raises:
        ValueError: It holds what no record may: a fraction, a key that is not ASCII, text that is
            not in normal form C.
    """
    _refuse_strangers(value, "$")
    return _ENCODER.encode(value).encode()


def _refuse_strangers(value: object, place: str) -> None:
    match value:
        case None | bool():
            return
        case str() if unicodedata.is_normalized("NFC", value):
            return
        # Readers of JSON that hold numbers as IEEE doubles must find the same one.
        case int() if abs(value) < _BEYOND:
            return
        case dict():
            for key, each in cast("dict[object, object]", value).items():
                if not isinstance(key, str) or not key.isascii():
                    _refuse(place, f"the key {key!r} is not ASCII")
                _refuse_strangers(each, f"{place}.{key}")
        case list() | tuple():
            for index, each in enumerate(cast("list[object]", value)):
                _refuse_strangers(each, f"{place}[{index}]")
        case _:
            _refuse(place, f"{value!r:.60} has no canonical form")


def parsed(body: bytes) -> Any:  # noqa: ANN401 - any JSON
    """Return what JSON bytes say, if they can be understood in one way only.

    Raises:
        ValueError: They are not JSON, a key stands twice, or a number is not whole.
    """
    return json.loads(
        body, object_pairs_hook=_unique, parse_float=_no_fraction, parse_constant=_no_fraction
    )


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


def _refuse(place: str, why: str) -> NoReturn:
    message = f"{place}: {why}"
    raise ValueError(message)
