"""Rules that may hold together need an order, and dates must leave no unnoticed gap."""

from __future__ import annotations

from collections.abc import Iterator

from drawreview.condition.ast import All, Compare, Condition, Not, Operator, Phrase
from drawreview.condition.to_prose import number
from drawreview.errors import Problem
from drawreview.fact import Kind
from drawreview.project.from_yaml import is_mapping
from drawreview.rulebook.model import Gap, Rule, Rulebook
from drawreview.rulebook.numerals import days, quantities


def conflict_problems(rulebook: Rulebook) -> Iterator[Problem]:
    """Two rules that may hold together must not settle the same question differently."""
    rules = [rule for rule in rulebook.rules if rule.settled("review_path")]
    for index, one in enumerate(rules):
        for other in rules[index + 1 :]:
            if one.settled("review_path") == other.settled("review_path"):
                continue
            ordered = other.id in one.overrides or one.id in other.overrides
            if not ordered and not _exclude_each_other(one, other):
                yield Problem(
                    one.place,
                    f"{one.id} 与 {other.id} 可能同时成立，结论却不同。",
                    "在 overrides 里写明谁优先。",
                )


def _exclude_each_other(one: Rule, other: Rule) -> bool:
    pairs = [(a, b) for a in _required(one.when) for b in _required(other.when)]
    return any(_disjoint(a, b) for a, b in pairs) or _denies(one, other) or _denies(other, one)


def _required(condition: Condition) -> list[Compare]:
    """Return the comparisons that must hold for the condition to hold."""
    match condition:
        case Compare():
            return [condition]
        case Phrase(_, reading):
            return _required(reading)
        case Not(Compare(fact, operator, limit)):
            return [Compare(fact, operator.contrary, limit)]
        case All(parts):
            return [c for part in parts for c in _required(part)]
        case _:
            return []


def _disjoint(a: Compare, b: Compare) -> bool:
    if a.fact != b.fact or a.operator.bounds_from_above == b.operator.bounds_from_above:
        return False
    upper, lower = (a, b) if a.operator.bounds_from_above else (b, a)
    most = upper.limit - (upper.operator is Operator.BELOW)
    least = lower.limit + (lower.operator is Operator.ABOVE)
    return most < least


def _denies(one: Rule, other: Rule) -> bool:
    """Whether `one` holds only where a flag that `other` concludes is false."""
    denied = {c.fact for c in _required(one.when) if (c.operator, c.limit) == (Operator.BELOW, 1)}
    return any(other.settled(fact) is True for fact in denied)


def date_problems(rulebook: Rulebook) -> Iterator[Problem]:
    """Yield every date of a document that differs from its words or leaves an undeclared gap."""
    for document in rulebook.documents:
        place = f"{document.id}/document.yaml"
        for key in ("issued", "trial", "displaced_by"):
            entry = document.about.get(key)
            if not is_mapping(entry):
                continue
            if entry["words"] not in document.clauses.get(entry["clause"], ""):
                yield Problem(
                    place, f"{entry['clause']} 里没有「{entry['words']}」。", "照录原文。"
                )
            elif key == "issued" and [d.isoformat() for d in days(entry["words"])] != [
                str(entry["date"])
            ]:
                yield Problem(
                    place,
                    f"印发日期 {entry['date']} 与「{entry['words']}」不符。",
                    "改正其中之一。",
                )
            elif key == "trial" and quantities(entry["words"]) != [entry["years"]]:
                yield Problem(
                    place,
                    f"试行期 {entry['years']} 年与「{entry['words']}」不符。",
                    "改正其中之一。",
                )
        if document.gap:
            yield from _gap(rulebook, document.gap, place)


def _gap(rulebook: Rulebook, gap: Gap, place: str) -> Iterator[Problem]:
    """The declared gap must be exactly the days of which no transition rule speaks."""
    compares = [
        c
        for rule in rulebook.rules
        if rule.id != "commissioning_gap"
        for c in _required(rule.when)
        if c.fact == "review_commissioned_on"
    ]
    covered_to = max(
        (
            c.limit - (c.operator is Operator.BELOW)
            for c in compares
            if c.operator.bounds_from_above
        ),
        default=0,
    )
    covered_from = min(
        (
            c.limit + (c.operator is Operator.ABOVE)
            for c in compares
            if not c.operator.bounds_from_above
        ),
        default=0,
    )
    if (covered_to + 1, covered_from - 1) != (gap.first.toordinal(), gap.last.toordinal()):
        first, last = number(Kind.DATE, covered_to + 1), number(Kind.DATE, covered_from - 1)
        yield Problem(
            place,
            f"过渡条款没有说到的是 {first} 至 {last}，gap 写的是 {gap.first} 至 {gap.last}。",
            "改正其中之一。",
        )
