"""Finds, before anything is set, the characters that a letter cannot show or must not carry."""

from __future__ import annotations

import gc
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Final

from drawreview.errors import Problem
from drawreview.letters.page import Filling
from drawreview.paths import FORMS

# Line and paragraph separators, controls, invisible format marks, lone surrogates, and code points
# that no standard gives a meaning: none may stand in a name that people sign for.
_FORBIDDEN = {
    "Cc": "控制字符",
    "Cf": "看不见的格式字符",
    "Cs": "残缺的编码",
    "Co": "自造字（私有编码）",
    "Cn": "未定义的编码",
    "Zl": "换行符",
    "Zp": "换行符",
}


_ONE_AT_A_TIME: Final = Lock()  # whoever comes first reads for all who wait


def _shown(forms: Path) -> frozenset[str]:
    """Return every character that the fonts of the letter can show."""
    with _ONE_AT_A_TIME:
        return _read(forms)


@lru_cache(maxsize=4)
def _read(forms: Path) -> frozenset[str]:
    shown = frozenset[str]().union(*map(_shown_by, (forms / "fonts").glob("*.otf")))
    gc.collect()  # a font that was read refers to itself: 25 MB of it would stay for long
    return shown


def _shown_by(path: Path) -> frozenset[str]:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - reads 20 MB of fonts, once

    with TTFont(path, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap() or ()))


def unprintable(fillings: Iterable[Filling], forms: Path = FORMS) -> tuple[Problem, ...]:
    """Return one problem for each field and each of its characters that cannot be printed."""
    problems: dict[tuple[str, str], Problem] = {}
    for filling in fillings:
        for character in dict.fromkeys(filling.text):
            problem = _problem(character, forms)
            if problem is not None:
                what, remedy = problem
                problems[filling.place, character] = Problem(
                    filling.place, f"{filling.zh}中的{what}不能印入承诺书。", remedy
                )
    return tuple(problems.values())


def _problem(character: str, forms: Path) -> tuple[str, str] | None:
    code = f"U+{ord(character):04X}"
    forbidden = _FORBIDDEN.get(unicodedata.category(character))
    if forbidden is not None:
        return f"{forbidden} {code} ", "请删去，或改为通行的文字。"
    standard = unicodedata.normalize("NFC", character)
    if standard != character:
        return f"兼容字“{character}”（{code}）", f"请改为“{standard}”。"
    if character not in _shown(forms):
        return (
            f"“{character}”（{code}）字体中没有，",
            "请核对用字；确是此字的，将该项留空，打印后手写。",
        )
    return None
