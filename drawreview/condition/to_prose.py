"""Turn conditions into sentences that a clerk can read aloud, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import assert_never

from drawreview.condition.ast import (
    All,
    Compare,
    Condition,
    Either,
    Includes,
    Not,
    OneOf,
    Operator,
    Phrase,
)
from drawreview.fact import SCALE, UNIT_ZH, Fact, Kind

_ZH = {
    Operator.BELOW: "小于",
    Operator.AT_MOST: "不超过",
    Operator.ABOVE: "大于",
    Operator.AT_LEAST: "不小于",
}
_EN = {
    Operator.BELOW: "below",
    Operator.AT_MOST: "at most",
    Operator.ABOVE: "above",
    Operator.AT_LEAST: "at least",
}
_DAY_ZH = {
    Operator.BELOW: "早于",
    Operator.AT_MOST: "不晚于",
    Operator.ABOVE: "晚于",
    Operator.AT_LEAST: "不早于",
}
_DAY_EN = {
    Operator.BELOW: "before",
    Operator.AT_MOST: "on or before",
    Operator.ABOVE: "after",
    Operator.AT_LEAST: "on or after",
}


def number(kind: Kind, steps: int) -> str:
    """Return whole smallest steps as the plain decimal, or the day, that they stand for."""
    if kind is Kind.DATE:
        return date.fromordinal(steps).isoformat()
    return decimal(steps, SCALE[kind])


def decimal(steps: int, scale: int) -> str:
    """Return the plain decimal that so many steps are, of which `scale` (1, 10, 100 …) make one."""
    whole, part = divmod(abs(steps), scale)
    said = f"{whole}.{str(scale + part)[1:]}".rstrip("0") if part else str(whole)
    return f"-{said}" if steps < 0 else said


def to_prose(
    condition: Condition,
    facts: Mapping[str, Fact],
    *,
    lang: str = "zh",
    words: Mapping[str, str] | None = None,
) -> str:
    """Return the condition as one sentence in `lang` (zh or en).

    Args:
        condition: What to read aloud.
        facts: Every fact that it may read.
        lang: In which language.
        words: What the values of choices are called in it; a value without words says its name.
    """
    chinese = lang == "zh"
    match condition:
        case Phrase(phrase, reading):
            return (
                f"「{phrase}」"
                if chinese
                else f"「{phrase}」 ({to_prose(reading, facts, lang=lang, words=words)})"
            )
        case Not(part):
            inner = to_prose(part, facts, lang=lang, words=words)
            return f"并非（{inner}）" if chinese else f"not ({inner})"
        case All(parts):
            texts = (to_prose(part, facts, lang=lang, words=words) for part in parts)
            return _joined(parts, texts, "且" if chinese else " and ", chinese=chinese)
        case Either(parts):
            texts = (to_prose(part, facts, lang=lang, words=words) for part in parts)
            return _joined(parts, texts, "或者" if chinese else " or ", chinese=chinese)
        case Compare(name, operator, limit):
            return _comparison(facts[name], operator, limit, chinese=chinese)
        case OneOf(name, bits) | Includes(name, bits):
            fact = facts[name]
            named = [value for i, value in enumerate(fact.values) if bits >> i & 1]
            values = ("、" if chinese else ", ").join((words or {}).get(one, one) for one in named)
            if chinese:
                return f"{fact.zh}{'属于' if isinstance(condition, OneOf) else '包含'}{values}"
            verb = "is" if isinstance(condition, OneOf) else "includes"
            return f"{fact.en} {verb} {'one of ' if len(named) > 1 else ''}{values}"
        case _:
            assert_never(condition)


def _comparison(fact: Fact, operator: Operator, limit: int, *, chinese: bool) -> str:
    if fact.kind is Kind.FLAG:
        holds = operator in (Operator.AT_LEAST, Operator.ABOVE)
        if chinese:
            return fact.zh if holds else f"不是{fact.zh}"
        return fact.en if holds else f"not {fact.en}"
    amount = number(fact.kind, limit)
    if fact.kind is Kind.DATE:
        return (
            f"{fact.zh}{_DAY_ZH[operator]}{amount}"
            if chinese
            else f"{fact.en} {_DAY_EN[operator]} {amount}"
        )
    unit = UNIT_ZH.get(fact.kind, "")
    if chinese:
        return f"{fact.zh}{_ZH[operator]}{amount}{unit}"
    if unit == "层":
        unit = "storey" if amount == "1" else "storeys"
    return f"{fact.en} {_EN[operator]} {amount} {unit}".rstrip()


def _joined(
    parts: tuple[Condition, ...], texts: Iterable[str], joint: str, *, chinese: bool
) -> str:
    nested = [
        ("（{}）" if chinese else "({})").format(text) if isinstance(part, (All, Either)) else text
        for part, text in zip(parts, texts, strict=True)
    ]
    return joint.join(nested)
