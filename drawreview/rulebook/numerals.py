"""The numbers and boundary words of a Chinese phrase."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

_DIGITS: Final = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_PLACES: Final = {"十": 10, "百": 100, "千": 1000}
_UNIT: Final = r"(?:平方米|米|m(?![A-Za-z0-9])|层|个工作日|日内|年(?!\d)|吨)"
# A Chinese numeral counts only before a unit: 功能单一 and 一类 are no quantities.
_QUANTITY: Final = re.compile(
    rf"([0-9]+(?:\.[0-9]+)?|[零〇一二两三四五六七八九十百千万]+)\s*{_UNIT}"
)
_DAY: Final = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")

# Boundary words and the operators they allow. Longer words first: 不超过 is not 超过.
BOUNDARY_WORDS: Final = (
    ("不超过", "at_most"), ("不大于", "at_most"), ("不高于", "at_most"),
    ("不小于", "at_least"), ("不少于", "at_least"), ("不低于", "at_least"),
    ("小于", "below"), ("不足", "below"), ("不满", "below"),
    ("大于", "above"), ("超过", "above"),
    ("以上", "at_least"), ("以下", "at_most"), ("以内", "at_most"),
    ("以前", "on_or_before"), ("尚未", "after"), ("工作日内", "within_workdays"),
)  # fmt: skip


def chinese_number(text: str) -> int:
    """Return the value of a Chinese numeral: 二千五百 is 2500, 四万 is 40000, 十二 is 12."""
    total = section = digit = 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign == "万":
            total, section, digit = (total + section + digit) * 10_000, 0, 0
        else:
            section += (digit or 1) * _PLACES[sign]
            digit = 0
    return total + section + digit


def quantities(phrase: str) -> list[Decimal]:
    """Return the quantities that a phrase names, in order; days are not among them."""
    found = _QUANTITY.findall(_DAY.sub("", phrase))
    return [Decimal(n) if n[0].isdigit() else Decimal(chinese_number(n)) for n in found]


def days(phrase: str) -> list[date]:
    """Return the days that a phrase names, in order."""
    return [date(int(y), int(m), int(d)) for y, m, d in _DAY.findall(phrase)]


def boundaries(phrase: str) -> list[str]:
    """Return the operators that the boundary words of a phrase call for, in order."""
    found: list[tuple[int, str]] = []
    phrase = phrase.replace("底板及以上", "")  # a stage, not a boundary
    for word, operator in BOUNDARY_WORDS:
        while word in phrase:
            found.append((phrase.index(word), operator))
            phrase = phrase.replace(word, "\0" * len(word), 1)
    return [operator for _, operator in sorted(found)]
