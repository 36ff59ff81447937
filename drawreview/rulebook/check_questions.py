"""The register of open questions must fit the text and the rules, and hold all that they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from drawreview.condition.ast import Compare, leaves, phrases
from drawreview.errors import Problem
from drawreview.fact import SCALE, UNIT_ZH
from drawreview.rulebook.archive import files_in
from drawreview.rulebook.model import ENGINE_QUESTIONS, Question, Rulebook
from drawreview.rulebook.numerals import quantities
from drawreview.rulebook.readings import formal_readings

_REGISTER: Final = "open_questions.yaml"
_ID: Final = re.compile(r"(?<![A-Za-z0-9])[A-F][1-9][0-9]?(?![A-Za-z0-9])")


def question_problems(rulebook: Rulebook) -> Iterator[Problem]:
    """Yield every question that does not fit the text or the rules, and every one that is gone."""
    yield from _gone(rulebook)
    city = rulebook.city
    for question in rulebook.questions.values():
        place = f"{city.id}/open_questions.yaml ({question.id})"
        if question.clause not in city.clauses:
            yield Problem(place, f"没有 {question.clause} 这一条。", "核对路径。")
        elif question.words not in city.words_of(question.clause) + city.clauses[question.clause]:
            yield Problem(place, f"{question.clause} 里没有「{question.words}」。", "照录原文。")
        yield from _other_numbers(rulebook, question, place)
        yield from _unread(rulebook, question, place)
        yield from _untranslated(question, place)
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


def _untranslated(question: Question, place: str) -> Iterator[Problem]:
    """What is shown beside a stage is shown in English too, reading by reading."""
    if question.stages and not (question.english and question.readings_english):
        yield Problem(place, "节点要说到它，却没有英文。", "补上 english: {says: …, readings: …}。")
    if question.readings_english and set(question.readings_english) != set(question.readings):
        yield Problem(place, "english 里的 readings 与 readings 不相应。", "每种读法一句。")


def _gone(rulebook: Rulebook) -> Iterator[Problem]:
    """A question that a rule file names, be it in a comment, must stand on the register."""
    remedy = "登记这个待定问题，或改正编号。"
    for name, content in files_in(rulebook.archive).items():
        if not name.endswith(".yaml") or name.endswith(_REGISTER):
            continue
        for number, line in enumerate(content.decode().splitlines(), start=1):
            for question in sorted(set(_ID.findall(line)) - set(rulebook.questions)):
                yield Problem(f"{name}:{number}", f"说到 {question}，登记册里没有。", remedy)
    for question in sorted(set(ENGINE_QUESTIONS) - set(rulebook.questions)):
        yield Problem(f"{rulebook.id}/{_REGISTER}", f"缺少 {question}，决定要引用它。", remedy)
