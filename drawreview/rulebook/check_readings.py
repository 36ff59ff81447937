"""Numbers, days, boundary words and named values of a phrase must be those of its reading."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from drawreview.condition.ast import (
    All,
    Compare,
    Condition,
    Either,
    Includes,
    Leaf,
    Not,
    OneOf,
    Operator,
    Phrase,
    leaves,
    phrases,
)
from drawreview.condition.to_prose import number
from drawreview.errors import Problem
from drawreview.fact import SCALE, Fact, Kind
from drawreview.rulebook.model import Rulebook
from drawreview.rulebook.numerals import boundaries, days, quantities
from drawreview.rulebook.rule import Rule

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
        for phrase in (*phrases(rule.scope), *phrases(rule.when)):
            source = rule.defined_by["words"] if rule.defined_by else phrase.words
            yield from _numbers(rulebook, rule, phrase, source)
            yield from _labels(rulebook, rule, phrase)
            reads = {leaf.fact for leaf in leaves(phrase.reading)}
            for fact in sorted(reads & read_before):
                yield Problem(
                    rule.place, f"{rule.id} 两次读取 {fact}。", "一条规则里一个事实只读一次。"
                )
            read_before |= reads
        if phrases(rule.when):
            yield from _shape(rulebook, rule)
        yield from _conclusions(rulebook, rule)
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
    """A reading must have the facts and values that the phrase names, all of them and no others."""
    read = {leaf.fact for leaf in leaves(phrase.reading)}
    for leaf in leaves(phrase.reading):
        fact = rulebook.facts[leaf.fact]
        if not fact.labels:
            problem = f"{fact.name} 只供另一种读法使用，规则不得读取。"
            yield Problem(rule.place, problem, "改读条文所说的事实。")
            continue
        for said, label in _named(fact, leaf):
            if not said and _says(phrase.words, label):
                problem = f"「{phrase.words}」写了{label}，读法里没有。"
                yield Problem(rule.place, problem, "补上对应的值。")
            if said and not _says(phrase.words, label):
                problem = f"「{phrase.words}」没有写{label}，读法里却有。"
                yield Problem(rule.place, problem, "去掉对应的值，或改读别的事实。")
    for fact in rulebook.facts.values():
        if fact.kind is not Kind.FLAG or fact.derived or fact.name in read:
            continue
        named = any(_says(phrase.words, label) for _, label in fact.labels)
        open_list = fact.name == "similar_use" and not phrase.words.endswith("等")
        if named and not open_list:
            yield Problem(rule.place, f"「{phrase.words}」说到{fact.zh}，读法里没有。", "补上。")


def _named(fact: Fact, leaf: Leaf) -> Iterator[tuple[bool, str]]:
    """Yield, for each value or the fact itself, whether the reading has it and its words."""
    labels = dict(fact.labels)
    if isinstance(leaf, Compare):
        yield from ((True, label) for label in labels.values())
        return
    if leaf.bits == fact.every_bit & ~fact.bits(*({"not_a_building"} & set(fact.values))):
        return  # any building whatever: the judged half of an open list
    for index, value in enumerate(fact.values):
        said = bool(leaf.bits >> index & 1)
        if said or value in labels:
            yield said, labels.get(value, value)


def _says(words: str, label: str) -> bool:
    return any(one in words for one in label.split("|"))


def _shape(rulebook: Rulebook, rule: Rule) -> Iterator[Problem]:
    """All or any, yes or no, one or several: the words of the clause must call for it."""
    own = rulebook.document_of(rule).clauses.get(rule.clause, "")
    for phrase in phrases(rule.when):  # what joins the phrases stands between them
        own = own.replace(phrase.words, "")
    parts = getattr(rule.when, "parts", ())
    if len(parts) > 1 and isinstance(rule.when, Either) != ("或者" in own):
        problem = (
            f"{rule.clause} {'没有' if '或者' not in own else '有'}「或者」，与 all/any 不符。"
        )
        yield Problem(rule.place, problem, "any 只用于「或者」。")
    for phrase in phrases(rule.when):
        negated = _has_not(phrase.reading)
        if negated != _says_not(phrase.words):
            problem = f"「{phrase.words}」的肯定或否定与读法不符。"
            yield Problem(rule.place, problem, "is: false 只用于「除……以外」「未……」「……前」。")
        for leaf in leaves(phrase.reading):
            several = leaf.fact == "special_works"
            if isinstance(leaf, Compare) or isinstance(leaf, Includes) == several:
                continue
            yield Problem(
                rule.place, f"{leaf.fact} 应用 {'includes' if several else 'one_of'}。", "改正。"
            )


def _says_not(words: str) -> bool:
    excepted = "除" in words and "以外" in words
    return (
        excepted
        or words.startswith(("未取得", "未经"))
        or words.endswith("前")
        or "施工前" in words
    )


def _has_not(condition: Condition) -> bool:
    match condition:
        case Not():
            return True
        case All(parts) | Either(parts):
            return any(_has_not(part) for part in parts)
        case Phrase(_, part):
            return _has_not(part)
        case Compare() | OneOf() | Includes():
            return False


def _conclusions(rulebook: Rulebook, rule: Rule) -> Iterator[Problem]:
    """What a rule concludes must be what its words say."""
    for conclusion in rule.then:
        for name, value in conclusion.settles if conclusion.words else ():
            labels = dict(rulebook.facts[name].labels)
            label = labels.get(name if value is True else str(value), str(value))
            if not _says(conclusion.words, label):
                problem = f"「{conclusion.words}」没有说{label}，结论却是 {name}: {value}。"
                yield Problem(rule.place, problem, "改正结论。")
        path = dict(conclusion.settles).get("review_path")
        wanted = {"exempt": "annex_1", "joint_review": "annex_2", "deferred_review": "annex_2"}
        if conclusion.letter != wanted.get(str(path)):
            problem = f"审查方式 {path} 配的是 {conclusion.letter}。"
            yield Problem(rule.place, problem, "免于审查配附件1，其余配附件2。")
    settles = {name for c in rule.then for name, _ in c.settles}
    if settles & {"listed_fire_venue"} and "special_construction_project" not in settles:
        yield Problem(rule.place, "第一项至第六项也是特殊建设工程。", "补上结论。")


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
