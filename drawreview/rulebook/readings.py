"""Decide under another admissible reading of a doubtful phrase than the one adopted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from drawreview.condition.ast import (
    All,
    Compare,
    Condition,
    Either,
    Includes,
    Not,
    OneOf,
    Phrase,
    phrases,
)
from drawreview.errors import InputError, Problem
from drawreview.rulebook.model import Question, Rulebook
from drawreview.rulebook.rule import Rule

SINGLE_VENUE = "each_venue"


def formal_readings(question: Question) -> tuple[str, ...]:
    """Return the readings, besides the adopted one, under which a project can be decided."""
    if question.every_single_venue:
        return (SINGLE_VENUE,)
    return tuple(name for name, _ in question.otherwise)


def readings_with_meaning(rules: Iterable[Rule], question: Question) -> tuple[str, ...]:
    """Return the readings, besides the adopted one, that rules or phrases give a meaning."""
    if any(question.id in dict(rule.under) for rule in rules):
        return tuple(name for name in question.readings if name != question.adopted)
    return formal_readings(question)


def phrase_in_doubt(rule: Rule, question: Question) -> Phrase:
    """Return the phrase of a rule whose words the question is about."""
    found = phrases(rule.when)
    matching = (p for p in found if question.words in p.words or p.words in question.words)
    return next(matching, found[0])


def other_readings(question: Question, phrase: Phrase) -> Iterable[tuple[str, Condition]]:
    """Yield the name and the formal meaning of each reading besides the adopted one."""
    yield from question.otherwise
    if question.every_single_venue and isinstance(phrase.reading, Compare):
        yield SINGLE_VENUE, replace(phrase.reading, fact=f"single_{phrase.reading.fact}")


def with_readings(rulebook: Rulebook, chosen: Mapping[str, str]) -> Rulebook:
    """Return the rulebook under the chosen readings (question id -> reading).

    Raises:
        InputError: There is no such question, or no formal reading of that name.
    """
    rules = dict(rulebook.by_id)
    for name, reading in chosen.items():
        question = rulebook.questions.get(name)
        if question is None:
            raise _refuse(name, f"没有待定问题 {name}。", "编号见 drawreview questions。")
        if reading == question.adopted:
            continue
        possible_readings = readings_with_meaning(rulebook.rules, question)
        if reading not in possible_readings:
            possible = "、".join((question.adopted, *possible_readings))
            raise _refuse(f"{name}={reading}", "没有可据以判定的这种读法。", f"可用：{possible}。")
        for rule_id in question.rules:
            phrase = phrase_in_doubt(rules[rule_id], question)
            meaning = dict(other_readings(question, phrase)).get(reading, phrase.reading)
            when = _replaced(rules[rule_id].when, phrase, Phrase(phrase.words, meaning))
            rules[rule_id] = replace(rules[rule_id], when=when)
    taken = {**rulebook.readings, **chosen}
    return replace(
        rulebook,
        rules=tuple(rules.values()),
        readings=taken,
        before_readings=rulebook.before_readings or rulebook,
    )


def _replaced(condition: Condition, old: Phrase, new: Phrase) -> Condition:
    if condition is old:
        return new
    match condition:
        case All(parts):
            return All(tuple(_replaced(part, old, new) for part in parts))
        case Either(parts):
            return Either(tuple(_replaced(part, old, new) for part in parts))
        case Not(part):
            return Not(_replaced(part, old, new))
        case Phrase() | Compare() | OneOf() | Includes():
            return condition


def _refuse(place: str, problem: str, remedy: str) -> InputError:
    return InputError((Problem(place, problem, remedy),))
