"""On which open questions a path depends, and what the register says beside a decision."""

from __future__ import annotations

from drawreview.condition.ast import leaves
from drawreview.condition.to_truth import evaluate
from drawreview.engine.relevance import path_after
from drawreview.rulebook.model import Extents, Question, Rulebook
from drawreview.rulebook.readings import other_readings, phrase_in_doubt
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
    # A question that was answered by choosing a reading is no longer open.
    disputed = {
        q.id: f
        for q in rulebook.questions.values()
        if not q.stages and q.id not in rulebook.readings and (f := _disputed(rulebook, extents, q))
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
        phrase = phrase_in_doubt(rulebook.by_id[rule_id], question)
        adopted = evaluate(phrase, extents)
        others = other_readings(question, phrase)
        if any(evaluate(meaning, extents) is not adopted for _, meaning in others):
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
