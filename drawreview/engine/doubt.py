"""On which open questions a path depends, and what the register says beside a decision."""

from __future__ import annotations

from functools import lru_cache

from drawreview.condition.ast import All, Condition, leaves
from drawreview.condition.to_truth import TruthReader, compile_truth, evaluate
from drawreview.engine.document import Warned
from drawreview.engine.relevance import path_after
from drawreview.rulebook.model import MOST_KEPT, Extents, Question, Rulebook
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
    disputed = _disputed(rulebook, extents)

    def without(facts: set[str]) -> str | None:
        return path_after({**base, **{f: rulebook.facts[f].extent for f in facts}}, rulebook)

    if not disputed or without(set[str]().union(*disputed.values())) == path:
        return []
    alone = [question for question, facts in disputed.items() if without(facts) != path]
    return alone or list(disputed)


def _disputed(rulebook: Rulebook, extents: Extents) -> dict[str, set[str]]:
    """Return the facts of phrases that an admissible reading would find otherwise."""
    doubts, reader = _doubts(rulebook)
    truths, _ = reader(extents)
    adopted, otherwise = truths[: len(doubts)], truths[len(doubts) :]
    disputed: dict[str, set[str]] = {}
    if adopted != otherwise:
        for (question, facts), one, other in zip(doubts, adopted, otherwise, strict=True):
            if one != other:
                disputed.setdefault(question, set()).update(facts)
    return disputed


@lru_cache(maxsize=MOST_KEPT)
def _doubts(rulebook: Rulebook) -> tuple[tuple[tuple[str, set[str]], ...], TruthReader]:
    """Return the question and the facts of each phrase that another reading understands otherwise.

    With them comes what reads all phrases as they are adopted, and then all of them otherwise.
    """
    doubts: list[tuple[str, set[str]]] = []
    adopted: list[Condition] = []
    otherwise: list[Condition] = []
    for question in rulebook.questions.values():
        # A question that was answered by choosing a reading is no longer open.
        if question.stages or question.id in rulebook.readings:
            continue
        for rule_id in question.rules:
            phrase = phrase_in_doubt(rulebook.by_id[rule_id], question)
            for _, meaning in other_readings(question, phrase):
                doubts.append((question.id, {leaf.fact for leaf in leaves(phrase)}))
                adopted.append(phrase)
                otherwise.append(meaning)
    return tuple(doubts), compile_truth([*adopted, *otherwise])


def register_warnings(rulebook: Rulebook, extents: Extents) -> list[Warned]:
    """Return what the register says about a project."""
    warned, reader = _warned(rulebook)
    truths, _ = reader(extents)
    holds = Truth.TRUE
    return [warning for warning, truth in zip(warned, truths, strict=True) if truth == holds]


@lru_cache(maxsize=MOST_KEPT)
def _warned(rulebook: Rulebook) -> tuple[tuple[Warned, ...], TruthReader]:
    asked = [
        (Warned(question=q.id, clause=q.clause, text=q.says), condition)
        for q in rulebook.questions.values()
        if q.says and not q.stages and (condition := _warned_when(rulebook, q))
    ]
    return tuple(warning for warning, _ in asked), compile_truth([when for _, when in asked])


def warns(rulebook: Rulebook, extents: Extents, question: Question) -> bool:
    """Whether the register has something to say about this project."""
    condition = _warned_when(rulebook, question)
    return condition is not None and evaluate(condition, extents) is Truth.TRUE


def _warned_when(rulebook: Rulebook, question: Question) -> Condition | None:
    if question.warn_overridden:
        return All(tuple(rulebook.by_id[rule].when for rule in question.warn_overridden))
    return question.warn_when
