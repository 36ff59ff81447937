"""Hold every rule against the words of its clause; a wrong transcription does not load."""

from __future__ import annotations

from collections.abc import Iterator

from drawreview.condition.ast import leaves
from drawreview.errors import Problem
from drawreview.rulebook.check_coverage import coverage_problems, keys_of
from drawreview.rulebook.check_order import conflict_problems, date_problems
from drawreview.rulebook.check_readings import reading_problems
from drawreview.rulebook.model import Rulebook


def problems_of(rulebook: Rulebook) -> list[Problem]:
    """Return everything in which the rule files and the law's text part ways."""
    return [
        *_words(rulebook),
        *reading_problems(rulebook),
        *coverage_problems(rulebook),
        *_references(rulebook),
        *conflict_problems(rulebook),
        *date_problems(rulebook),
        *_questions(rulebook),
    ]


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
        for words in keys_of(rule):
            if words not in text:
                yield Problem(
                    rule.place, f"{rule.clause} 里没有「{words}」。", "照录原文，或改正 clause。"
                )


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
        for reading in sorted({name for name, _ in question.otherwise} - set(question.readings)):
            yield Problem(place, f"otherwise 里的 {reading} 不在 readings 里。", "补上它的含义。")
        known = {*question.rules, *(question.warn_overridden or ())}
        for rule in sorted(known - set(rulebook.by_id)):
            yield Problem(place, f"没有规则 {rule}。", "核对规则名。")
