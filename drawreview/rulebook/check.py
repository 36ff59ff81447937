"""Hold every rule against the words of its clause; a wrong transcription does not load."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from drawreview.condition.ast import Compare, leaves, phrases
from drawreview.errors import Problem
from drawreview.fact import SCALE, UNIT_ZH
from drawreview.rulebook.check_coverage import coverage_problems, keys_of
from drawreview.rulebook.check_order import conflict_problems, date_problems
from drawreview.rulebook.check_readings import reading_problems
from drawreview.rulebook.check_stages import stage_problems
from drawreview.rulebook.convention import CONVENTION
from drawreview.rulebook.model import PERMIT_RULES, Question, Rulebook
from drawreview.rulebook.numerals import quantities
from drawreview.rulebook.readings import formal_readings


def problems_of(rulebook: Rulebook) -> list[Problem]:
    """Return everything in which the rule files and the law's text part ways."""
    if not any(document.trial for document in rulebook.documents):
        remedy = "写明 trial：条款、原文、年数。"
        return [Problem("rules", "没有一个文件写明试行期（document.trial）。", remedy)]
    return [
        *_words(rulebook),
        *reading_problems(rulebook),
        *stage_problems(rulebook),
        *coverage_problems(rulebook),
        *_references(rulebook),
        *conflict_problems(rulebook),
        *date_problems(rulebook),
        *_needed(rulebook),
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
        for phrase in phrases(rule.scope):
            # Of which projects a clause speaks, another clause may have said.
            if not any(phrase.words in words for words in document.clauses.values()):
                problem = f"{document.number} 里没有「{phrase.words}」。"
                yield Problem(rule.place, problem, "照录原文。")
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
        for leaf in (*leaves(rule.scope), *leaves(rule.when)):
            if rulebook.facts[leaf.fact].derived and leaf.fact not in concluded:
                yield Problem(
                    rule.place, f"没有规则得出 {leaf.fact}。", "补上得出它的规则，或改读别的事实。"
                )


def _needed(rulebook: Rulebook) -> Iterator[Problem]:
    if rulebook.convention is None:
        yield Problem("rules", f"缺少 {CONVENTION}。", "写明工作日自哪一日起算。")
    for name in ("commissioned_earlier", *PERMIT_RULES):
        if name not in rulebook.by_id:
            yield Problem(
                "rules", f"缺少规则 {name}。", "判定施工许可途径要用到它，不得改名或删除。"
            )


def _questions(rulebook: Rulebook) -> Iterator[Problem]:
    city = rulebook.city
    for question in rulebook.questions.values():
        place = f"{city.id}/open_questions.yaml ({question.id})"
        if question.clause not in city.clauses:
            yield Problem(place, f"没有 {question.clause} 这一条。", "核对路径。")
        elif question.words not in city.words_of(question.clause) + city.clauses[question.clause]:
            yield Problem(place, f"{question.clause} 里没有「{question.words}」。", "照录原文。")
        yield from _other_numbers(rulebook, question, place)
        yield from _unread(rulebook, question, place)
        if question.adopted not in question.readings:
            yield Problem(place, f"采用的读法 {question.adopted} 不在 readings 里。", "补上。")
        for reading in sorted({name for name, _ in question.otherwise} - set(question.readings)):
            yield Problem(place, f"otherwise 里的 {reading} 不在 readings 里。", "补上它的含义。")
        known = {*question.rules, *(question.warn_overridden or ())}
        for name in question.rules:
            words = (
                [p.words for p in phrases(rulebook.by_id[name].when)]
                if name in rulebook.by_id
                else []
            )
            if (
                not any(question.words in w or w in question.words for w in words)
                and not question.every_single_venue
            ):
                yield Problem(place, f"规则 {name} 里没有「{question.words}」。", "核对 rules。")
        for rule in sorted(known - set(rulebook.by_id)):
            yield Problem(place, f"没有规则 {rule}。", "核对规则名。")


def _other_numbers(rulebook: Rulebook, question: Question, place: str) -> Iterator[Problem]:
    """Another reading may change what is measured, never the number that the law names."""
    for reading, condition in question.otherwise:
        limits = [
            Decimal(leaf.limit) / SCALE[rulebook.facts[leaf.fact].kind]
            for leaf in leaves(condition)
            if isinstance(leaf, Compare) and rulebook.facts[leaf.fact].kind in UNIT_ZH
        ]
        if limits and limits != quantities(question.words):
            problem = f"读法 {reading} 的数字与「{question.words}」不符。"
            yield Problem(place, problem, "改正其中之一。")


def _unread(rulebook: Rulebook, question: Question, place: str) -> Iterator[Problem]:
    """Every reading but the adopted one needs its formal meaning, or no decision could doubt it."""
    trial = rulebook.city.trial
    if trial and question.id == trial.question:
        return  # its two readings are two last days, which the trial itself holds
    others = set(question.readings) - {question.adopted}
    if any(question.id in dict(rule.under) for rule in rulebook.rules):
        return  # a rule that stands under some of its readings gives all of them a meaning
    formal = set(formal_readings(question))
    if others != formal:
        listed = "、".join(sorted(others ^ formal))
        yield Problem(
            place, f"读法与 otherwise 不相应：{listed}。", "逐一写明形式含义，采用的除外。"
        )
