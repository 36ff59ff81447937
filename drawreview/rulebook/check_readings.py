"""Numbers, days, boundary words and named values of a phrase must be those of its reading."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from drawreview.condition.ast import Compare, Operator, Phrase, leaves, phrases
from drawreview.condition.to_prose import number
from drawreview.errors import Problem
from drawreview.fact import SCALE, Kind
from drawreview.rulebook.model import Rule, Rulebook
from drawreview.rulebook.numerals import boundaries, days, quantities

_DAY_WORDS: Final = {
    Operator.BELOW: "before",
    Operator.AT_MOST: "on_or_before",
    Operator.ABOVE: "after",
    Operator.AT_LEAST: "on_or_after",
}


def reading_problems(rulebook: Rulebook) -> Iterator[Problem]:
    """Yield every phrase that says one thing and is read as another."""
    for rule in rulebook.rules:
        read_before: set[str] = set()
        for phrase in phrases(rule.when):
            source = rule.defined_by["words"] if rule.defined_by else phrase.words
            yield from _numbers(rulebook, rule, phrase, source)
            yield from _labels(rulebook, rule, phrase)
            reads = {leaf.fact for leaf in leaves(phrase.reading)}
            for fact in sorted(reads & read_before):
                yield Problem(
                    rule.place, f"{rule.id} 两次读取 {fact}。", "一条规则里一个事实只读一次。"
                )
            read_before |= reads
        yield from _duty_numbers(rule)


def _numbers(rulebook: Rulebook, rule: Rule, phrase: Phrase, source: str) -> Iterator[Problem]:
    amounts, dates, operators = list[str](), list[str](), list[str]()
    for leaf in leaves(phrase.reading):
        fact = rulebook.facts[leaf.fact]
        if not isinstance(leaf, Compare) or fact.kind is Kind.FLAG:
            continue
        if fact.kind is Kind.DATE:
            dates.append(number(Kind.DATE, leaf.limit))
            operators.append(_DAY_WORDS[leaf.operator])
        else:
            amounts.append(f"{leaf.limit / SCALE[fact.kind]:.4f}")
            operators.append(leaf.operator.value)
    said = [f"{quantity:.4f}" for quantity in quantities(source)]
    if said != amounts:
        yield _disagree(
            rule,
            source,
            "数字",
            [s.rstrip("0").rstrip(".") for s in said],
            [a.rstrip("0").rstrip(".") for a in amounts],
        )
    if [day.isoformat() for day in days(source)] != dates:
        yield _disagree(rule, source, "日期", [day.isoformat() for day in days(source)], dates)
    if boundaries(source) != operators:
        yield _disagree(rule, source, "边界词", boundaries(source), operators)


def _disagree(rule: Rule, words: str, what: str, said: list[str], read: list[str]) -> Problem:
    return Problem(
        rule.place,
        f"「{words}」的{what}是 {'、'.join(said) or '（无）'}，"
        f"读作 {'、'.join(read) or '（无）'}。",
        "改正其中之一。",
    )


def _labels(rulebook: Rulebook, rule: Rule, phrase: Phrase) -> Iterator[Problem]:
    """The named values of a reading must be the words of the phrase, all of them and no others."""
    for leaf in leaves(phrase.reading):
        fact = rulebook.facts[leaf.fact]
        if fact.derived:
            continue
        labels = dict(fact.labels)
        if isinstance(leaf, Compare):
            wanted = list(labels.values())
        elif leaf.bits == fact.every_bit & ~fact.bits(*({"not_a_building"} & set(fact.values))):
            continue  # any building whatever: the judged half of an open list
        else:
            wanted = [labels.get(v, v) for i, v in enumerate(fact.values) if leaf.bits >> i & 1]
            said = [label for label in labels.values() if label in phrase.words]
            for label in said:
                if label not in wanted:
                    problem = f"「{phrase.words}」写了{label}，读法里没有。"
                    yield Problem(rule.place, problem, "补上对应的值。")
        for label in wanted:
            if label not in phrase.words:
                problem = f"「{phrase.words}」没有写{label}，读法里却有。"
                yield Problem(rule.place, problem, "去掉对应的值。")


def _duty_numbers(rule: Rule) -> Iterator[Problem]:
    for conclusion in rule.then:
        tells = conclusion.deadline or conclusion.duty
        within = tells.within_workdays if tells else None
        said = (
            [int(n) for n in quantities(conclusion.words)] if "工作日" in conclusion.words else []
        )
        if said != ([] if within is None else [within]):
            yield Problem(
                rule.place,
                f"「{conclusion.words}」的工作日数与 within_workdays 不符。",
                "改正其中之一。",
            )
