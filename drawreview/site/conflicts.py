"""Where the text leaves open whether a stage may start, and what each reading makes of it.

The adopted reading binds; the others are shown beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from drawreview.engine.doubt import warns
from drawreview.rulebook.model import FACTS_KEPT, Question, Rulebook
from drawreview.rulebook.readings import readings_with_meaning, with_readings
from drawreview.rulebook.ruleset import Bar
from drawreview.site.answer import Conflict, Gate, Reading
from drawreview.site.events import Stage
from drawreview.site.situation import Situation, bars_in
from drawreview.site.stages import SMALL_WORKS, cite, cited, of_small_works, state_by

Bars = tuple[tuple[Bar, int], ...]


def with_conflicts(situation: Situation, gates: tuple[Gate, ...]) -> tuple[Gate, ...]:
    """Return the gates with the conflicts that bear on each."""
    binding = situation.binding
    if binding is None:
        return gates
    found: dict[Stage, list[Conflict]] = {gate.stage: list(gate.conflicts) for gate in gates}
    for question in binding.law.questions.values():
        if question.id == SMALL_WORKS or question.stages:
            for stage, conflict in _of_question(binding, question):
                found[stage].append(conflict if situation.decided else _at_least_asked(conflict))
    return tuple(replace(gate, conflicts=tuple(found[gate.stage])) for gate in gates)


def _at_least_asked(conflict: Conflict) -> Conflict:
    """Return a conflict of a project whose class is open: no reading opens a stage to it."""
    readings = (
        replace(one, state="ask") if one.state == "not_barred" else one for one in conflict.readings
    )
    return replace(conflict, readings=tuple(readings))


def _of_question(situation: Situation, question: Question) -> Iterator[tuple[Stage, Conflict]]:
    says = question.says or question.question
    plain = Conflict(question.id, question.clause, question.words, says, question.english or says)
    stages = [Stage(name) for name in question.stages]
    if question.id == SMALL_WORKS:
        small = {bar.stage for bar, _ in situation.bars if of_small_works(situation, bar.rule)}
        yield from ((stage, plain) for stage in Stage if stage in small)
    elif question.says:
        if warns(situation.law, situation.extents, question):
            yield from ((stage, plain) for stage in stages)
    else:
        by_reading = list(_bars_by_reading(situation, question))
        asked = warns(situation.law, situation.extents, question)
        for stage in Stage:
            own = {_own(situation.law, bars, stage) for _, bars in by_reading}
            if len(own) > 1 or (asked and stage in stages):
                readings = tuple(_reading(situation, question, stage, *one) for one in by_reading)
                yield stage, replace(plain, readings=readings)


def _own(law: Rulebook, bars: Bars, stage: Stage) -> frozenset[tuple[str, int]]:
    return frozenset((cite(law, bar.rule), truth) for bar, truth in bars if bar.stage == stage)


def _bars_by_reading(situation: Situation, question: Question) -> Iterator[tuple[str, Bars]]:
    """Yield what each reading bars, the one that is taken first."""
    law = situation.law
    taken = _taken(law, question)
    yield taken, situation.bars
    for name in (question.adopted, *readings_with_meaning(law.rules, question)):
        if name != taken:
            read = _under(law, question.id, name)
            truths, _ = read.site.truths(situation.base)
            yield name, bars_in(read, truths)


def _reading(
    situation: Situation, question: Question, stage: Stage, name: str, bars: Bars
) -> Reading:
    until = list(Stage)[: list(Stage).index(stage) + 1]
    return Reading(
        reading=name,
        adopted=name == _taken(situation.law, question),
        says=question.readings[name],
        english=question.readings_english.get(name, question.readings[name]),
        state=state_by(situation, [one for one in bars if one[0].stage in until]),
        clauses=cited(situation.law, [bar.rule for bar, _ in bars if bar.stage == stage]),
    )


def _taken(law: Rulebook, question: Question) -> str:
    return law.readings.get(question.id) or question.adopted


@lru_cache(maxsize=FACTS_KEPT)
def _under(law: Rulebook, question: str, reading: str) -> Rulebook:
    return with_readings(law, {question: reading})
