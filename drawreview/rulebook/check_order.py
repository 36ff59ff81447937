"""Rules that may hold together need an order, and dates must leave no unnoticed gap."""

from __future__ import annotations

from collections.abc import Iterator

from drawreview.condition.ast import All, Compare, Condition, Not, Operator, Phrase, phrases
from drawreview.condition.to_prose import number
from drawreview.errors import Problem
from drawreview.fact import Kind
from drawreview.project.from_yaml import is_mapping
from drawreview.rulebook.model import Gap, Rulebook
from drawreview.rulebook.numerals import days, quantities
from drawreview.rulebook.rule import Rule


def conflict_problems(rulebook: Rulebook) -> Iterator[Problem]:
    """Two rules that may hold together must not settle the same question differently."""
    rules = [rule for rule in rulebook.rules if rule.settled("review_path")]
    yield from _precedence(rules)
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


def _precedence(rules: list[Rule]) -> Iterator[Problem]:
    """A rule may prevail only where its words say 「仍」 or 「应继续」, and never in a circle."""
    for rule in rules:
        says_so = any("仍" in c.words or "应继续" in c.words for c in rule.then)
        if rule.overrides and phrases(rule.when) and not says_so:
            problem = f"{rule.id} 的条文没有「仍」或「应继续」，不能优先于别的规则。"
            yield Problem(rule.place, problem, "删去 overrides。")
        for other in rules:
            if other.id in rule.overrides and rule.id in other.overrides:
                problem = f"{rule.id} 与 {other.id} 互相优先。"
                yield Problem(rule.place, problem, "只留一个方向。")


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
        if document.trial:
            yield from _gap(rulebook, document.gap, place)
            asked = {document.trial.question, *((document.gap.question,) if document.gap else ())}
            for question in sorted(asked - set(rulebook.questions)):
                yield Problem(place, f"没有待定问题 {question}。", "核对编号。")


def _gap(rulebook: Rulebook, gap: Gap | None, place: str) -> Iterator[Problem]:
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
    uncovered = (covered_to + 1, covered_from - 1)
    declared = (gap.first.toordinal(), gap.last.toordinal()) if gap else (covered_from, covered_to)
    if uncovered != declared and (gap or uncovered[0] <= uncovered[1]):
        first, last = (number(Kind.DATE, day) for day in uncovered)
        written = f"{gap.first} 至 {gap.last}" if gap else "（无）"
        problem = f"过渡条款没有说到的是 {first} 至 {last}，gap 写的是 {written}。"
        yield Problem(place, problem, "改正其中之一。")
