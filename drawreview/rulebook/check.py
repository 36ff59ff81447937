"""Hold every rule against the words of its clause; a wrong transcription does not load."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final

from drawreview.condition.ast import (
    Compare,
    Condition,
    Includes,
    Not,
    OneOf,
    Operator,
    Phrase,
    leaves,
    phrases,
)
from drawreview.condition.to_prose import number
from drawreview.errors import Problem
from drawreview.fact import SCALE, Kind
from drawreview.rulebook.model import Document, Rule, Rulebook
from drawreview.rulebook.numerals import boundaries, days, quantities

_STATUSES: Final = {"encoded", "duty", "definition", "boilerplate", "not_encoded"}
# What may remain of a clause once every key has been struck from it.
_CONNECTIVES: Final = re.compile(
    r"（[0-9一二三四五六七八九十]+）|^[0-9]+\.|[\s，、。；：（）()《》「」]|且|或者|和|并|在|的?项目|的|后|对|已|，?则"
)
_DAY_WORDS: Final = {
    Operator.BELOW: "before",
    Operator.AT_MOST: "on_or_before",
    Operator.ABOVE: "after",
    Operator.AT_LEAST: "on_or_after",
}


def problems_of(rulebook: Rulebook) -> list[Problem]:
    """Return everything in which the rule files and the law's text part ways."""
    return [
        *_words(rulebook),
        *_readings(rulebook),
        *_coverage(rulebook),
        *_references(rulebook),
        *_conflicts(rulebook),
        *_dates(rulebook),
        *_questions(rulebook),
    ]


def _keys(rule: Rule) -> tuple[str, ...]:
    return (
        *(phrase.words for phrase in phrases(rule.when)),
        *(conclusion.words for conclusion in rule.then if conclusion.words),
    )


def _words(rulebook: Rulebook) -> Iterator[Problem]:
    for rule in rulebook.rules:
        document = rulebook.document_of(rule)
        if rule.clause not in document.clauses:
            yield Problem(
                rule.place,
                f"{document.number} 没有 {rule.clause} 这一条。",
                "核对 clauses.md 的路径。",
            )
            continue
        text = document.words_of(rule.clause)
        for words in _keys(rule):
            if words not in text:
                yield Problem(
                    rule.place, f"{rule.clause} 里没有「{words}」。", "照录原文，或改正 clause。"
                )


def _readings(rulebook: Rulebook) -> Iterator[Problem]:
    """Numbers, days and boundary words of a phrase must be those of its reading."""
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
    amounts, dates, operators = [], [], []
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
        f"「{words}」的{what}是 {'、'.join(said) or '（无）'}，读作 {'、'.join(read) or '（无）'}。",
        "改正其中之一。",
    )


def _labels(rulebook: Rulebook, rule: Rule, phrase: Phrase) -> Iterator[Problem]:
    """The named values of a reading must be the words of the phrase, all of them and no others."""
    for leaf in leaves(phrase.reading):
        fact = rulebook.facts[leaf.fact]
        labels = dict(fact.labels)
        if isinstance(leaf, Compare):
            wanted = list(labels.values())
        elif isinstance(leaf, (OneOf, Includes)):
            if leaf.bits == fact.every_bit & ~(
                fact.bits("not_a_building") if "not_a_building" in fact.values else 0
            ):
                continue
            if fact.derived:
                continue
            wanted = [labels.get(v, v) for i, v in enumerate(fact.values) if leaf.bits >> i & 1]
            missing = [
                label
                for v, label in labels.items()
                if label in phrase.words and label not in wanted
            ]
            for label in missing:
                yield Problem(
                    rule.place, f"「{phrase.words}」写了{label}，读法里没有。", "补上对应的值。"
                )
        else:
            continue
        for label in wanted:
            if label not in phrase.words:
                yield Problem(
                    rule.place, f"「{phrase.words}」没有写{label}，读法里却有。", "去掉对应的值。"
                )


def _duty_numbers(rule: Rule) -> Iterator[Problem]:
    for conclusion in rule.then:
        within = conclusion.duty.within_workdays if conclusion.duty else None
        said = (
            [int(n) for n in quantities(conclusion.words)] if "工作日" in conclusion.words else []
        )
        if said != ([] if within is None else [within]):
            yield Problem(
                rule.place,
                f"「{conclusion.words}」的工作日数与 within_workdays 不符。",
                "改正其中之一。",
            )


def _coverage(rulebook: Rulebook) -> Iterator[Problem]:
    for document in rulebook.documents:
        place = f"{document.id}/coverage.yaml"
        for clause in document.clauses:
            if clause not in document.coverage:
                yield Problem(
                    place,
                    f"没有交代 {clause}。",
                    "写明 encoded、duty、definition、boilerplate 或 not_encoded 及理由。",
                )
        for clause, entry in document.coverage.items():
            status = entry.get("status")
            if clause not in document.clauses:
                yield Problem(place, f"{clause} 不在 clauses.md 里。", "核对路径。")
            elif status not in _STATUSES or set(entry) - {"status", "reason", "left"}:
                yield Problem(
                    place,
                    f"{clause} 的交代 {dict(entry)} 不合格式。",
                    f"status 可用：{'、'.join(sorted(_STATUSES))}。",
                )
            elif status in {"not_encoded", "duty", "definition"} and not entry.get("reason"):
                yield Problem(place, f"{clause} 未编入规则，却没有理由。", "写 reason。")
            elif status == "encoded":
                yield from _residue(rulebook, document, clause, entry.get("left") or {}, place)


def _residue(
    rulebook: Rulebook, document: Document, clause: str, left: dict[str, str], place: str
) -> Iterator[Problem]:
    """Strike every key from the clause; only connectives and the declared rest may remain."""
    text = document.clauses[clause]
    keys = [
        words
        for rule in rulebook.rules
        if rule.document == document.id
        and (rule.clause == clause or rule.clause.startswith(f"{clause}("))
        for words in _keys(rule)
    ]
    keys += _document_words(document, clause)
    for words in left:
        if words not in text:
            yield Problem(place, f"{clause} 里没有 left 所列的「{words}」。", "照录原文。")
    for words in sorted({*keys, *left}, key=len, reverse=True):
        text = text.replace(words, "\n")
    rest = [piece for piece in _CONNECTIVES.sub("\n", text).split("\n") if piece]
    if rest:
        yield Problem(
            place,
            f"{clause} 的「{'」「'.join(rest)}」没有任何规则读到。",
            "编成规则，或在 left 里写明为什么不读。",
        )


def _document_words(document: Document, clause: str) -> Iterable[str]:
    for entry in document.about.values():
        if isinstance(entry, dict) and entry.get("clause") == clause and "words" in entry:
            yield str(entry["words"])


def _references(rulebook: Rulebook) -> Iterator[Problem]:
    seen: set[str] = set()
    concluded = {fact for rule in rulebook.rules for c in rule.then for fact, _ in c.settles}
    for rule in rulebook.rules:
        if rule.id in seen:
            yield Problem(rule.place, f"规则名 {rule.id} 用了两次。", "改名。")
        seen.add(rule.id)
        for other in rule.overrides:
            if other not in rulebook.by_id:
                yield Problem(rule.place, f"overrides 里的 {other} 不存在。", "核对规则名。")
        for leaf in leaves(rule.when):
            if rulebook.facts[leaf.fact].derived and leaf.fact not in concluded:
                yield Problem(
                    rule.place, f"没有规则得出 {leaf.fact}。", "补上得出它的规则，或改读别的事实。"
                )


def _conflicts(rulebook: Rulebook) -> Iterator[Problem]:
    """Two rules that may hold together must not settle the same question differently."""
    rules = [rule for rule in rulebook.rules if rule.settled("review_path")]
    for index, one in enumerate(rules):
        for other in rules[index + 1 :]:
            if one.settled("review_path") == other.settled("review_path"):
                continue
            ordered = other.id in one.overrides or one.id in other.overrides
            if not ordered and not _exclude_each_other(rulebook, one, other):
                yield Problem(
                    one.place,
                    f"{one.id} 与 {other.id} 可能同时成立，结论却不同。",
                    "在 overrides 里写明谁优先。",
                )


def _exclude_each_other(rulebook: Rulebook, one: Rule, other: Rule) -> bool:
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
        case _:
            parts = getattr(condition, "parts", ())
            return (
                [c for part in parts for c in _required(part)]
                if type(condition).__name__ == "All"
                else []
            )


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


def _dates(rulebook: Rulebook) -> Iterator[Problem]:
    for document in rulebook.documents:
        place = f"{document.id}/document.yaml"
        for key in ("issued", "trial", "displaced_by"):
            entry = document.about.get(key)
            if not isinstance(entry, dict):
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
            yield from _gap(rulebook, document, place)


def _gap(rulebook: Rulebook, document: Document, place: str) -> Iterator[Problem]:
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
    gap = document.gap
    assert gap is not None  # noqa: S101 - the caller has looked
    if (covered_to + 1, covered_from - 1) != (gap.first.toordinal(), gap.last.toordinal()):
        first, last = number(Kind.DATE, covered_to + 1), number(Kind.DATE, covered_from - 1)
        yield Problem(
            place,
            f"过渡条款没有说到的是 {first} 至 {last}，gap 写的是 {gap.first} 至 {gap.last}。",
            "改正其中之一。",
        )
    if gap.first + timedelta(days=0) > gap.last:
        yield Problem(place, "gap 的起止颠倒。", "改正。")


def _questions(rulebook: Rulebook) -> Iterator[Problem]:
    city = rulebook.city
    for question in rulebook.questions.values():
        place = f"{city.id}/open_questions.yaml ({question.id})"
        if question.clause not in city.clauses:
            yield Problem(place, f"没有 {question.clause} 这一条。", "核对路径。")
        elif question.words not in city.words_of(question.clause) + city.clauses[question.clause]:
            yield Problem(place, f"{question.clause} 里没有「{question.words}」。", "照录原文。")
        if question.adopted not in question.readings:
            yield Problem(place, f"采用的读法 {question.adopted} 不在 readings 里。", "补上。")
        known = {*question.rules, *(question.warn_overridden or ())}
        for rule in sorted(known - set(rulebook.by_id)):
            yield Problem(place, f"没有规则 {rule}。", "核对规则名。")
