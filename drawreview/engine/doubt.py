"""On which open questions a path depends, and what the register says beside a decision."""

from __future__ import annotations

from collections.abc import Iterator

from drawreview.condition.ast import Compare, Condition, leaves, phrases
from drawreview.condition.to_truth import evaluate
from drawreview.engine.relevance import path_after
from drawreview.rulebook.model import Extents, Question, Rule, Rulebook
from drawreview.truth import Truth


def contested_questions(
    rulebook: Rulebook, base: Extents, extents: Extents, path: str | None
) -> list[str]:
    """Return the questions whose phrases, taken as unknown, would leave the path open.

    Args:
        rulebook: The law and its register.
        base: The project's facts.
        extents: The same with what the rules conclude.
        path: The path as decided by the adopted readings.
    """
    disputed = {
        q.id: f for q in rulebook.questions.values() if (f := _disputed(rulebook, extents, q))
    }

    def without(facts: set[str]) -> str | None:
        return path_after({**base, **{f: rulebook.facts[f].extent for f in facts}}, rulebook)

    if not disputed or without(set[str]().union(*disputed.values())) == path:
        return []
    alone = [question for question, facts in disputed.items() if without(facts) != path]
    return alone or list(disputed)


def _disputed(rulebook: Rulebook, extents: Extents, question: Question) -> set[str]:
    """Return the facts of phrases that an admissible reading would find otherwise."""
    facts: set[str] = set()
    for rule_id in question.rules:
        phrase = _phrase_of(rulebook.by_id[rule_id], question)
        adopted = evaluate(phrase, extents)
        if any(evaluate(other, extents) is not adopted for other in _others(question, phrase)):
            facts |= {leaf.fact for leaf in leaves(phrase)}
    return facts


def warns(rulebook: Rulebook, extents: Extents, question: Question) -> bool:
    """Whether the register has something to say about this project."""
    if question.warn_overridden:
        conditions = [rulebook.by_id[rule].when for rule in question.warn_overridden]
    elif question.warn_when is not None:
        conditions = [question.warn_when]
    else:
        return False
    return all(evaluate(condition, extents) is Truth.TRUE for condition in conditions)


def _phrase_of(rule: Rule, question: Question) -> Condition:
    found = phrases(rule.when)
    return next(
        (p for p in found if question.words in p.words or p.words in question.words), found[0]
    )


def _others(question: Question, phrase: Condition) -> Iterator[Condition]:
    for _, condition in question.otherwise:
        yield condition
    if question.every_single_venue:
        for leaf in leaves(phrase):
            if isinstance(leaf, Compare):
                yield Compare(f"single_{leaf.fact}", leaf.operator, leaf.limit)
