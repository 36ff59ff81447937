"""A document says of each phrase what the project's facts make of it, and is written one way."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from drawreview import Decision, Project, decide, load_rulebook
from drawreview.condition.ast import Compare, Leaf, leaves, phrases
from drawreview.condition.to_truth import evaluate
from drawreview.engine.document import FactReason, written
from drawreview.engine.doubt import warns
from drawreview.engine.reasons import word_of
from drawreview.engine.wording import applies
from drawreview.fact import SCALE, Kind
from drawreview.rulebook.readings import with_readings
from tests.properties.projects import ON, filled, partial_project

LAWS = (load_rulebook(), with_readings(load_rulebook(), {"A12": "not_a_basement"}))


@st.composite
def decisions(draw: st.DrawFn) -> Decision:
    random = Random(draw(st.integers(0, 2**40)))
    stated = partial_project(random)
    whole = stated if draw(st.booleans()) else filled(random, stated)
    project = Project.model_validate(whole)
    return decide(project, on=ON, rulebook=draw(st.sampled_from(LAWS)))


@given(decisions())
@settings(deadline=None, max_examples=60, derandomize=True)
def test_a_document_is_written_in_one_form_and_named_after_its_content(decision: Decision) -> None:
    document = decision.document
    assert decision.written == written(document)
    without_id = written(replace(document, decision_id=""))
    assert decision.decision_id == document.decision_id == sha256(without_id).hexdigest()


@given(decisions())
@settings(deadline=None, max_examples=60, derandomize=True)
def test_a_reason_says_how_true_its_phrase_is_and_what_its_facts_are(decision: Decision) -> None:
    law, extents = decision.rulebook, decision.extents
    reasons = iter(decision.reasons)
    for rule in law.path.rules:
        for phrase in phrases(rule.when):
            if rule.id in {reason.rule for reason in decision.reasons}:
                reason = next(reasons)
                assert (reason.rule, reason.clause) == (rule.id, rule.clause)
                assert reason.phrase == phrase.words
                assert reason.document == law.document_of(rule).number
                assert reason.truth == word_of(evaluate(phrase, extents))
                assert reason.won is (evaluate(law.live[rule.id], extents) == 2)
                first = {leaf.fact: leaf for leaf in reversed(leaves(phrase))}
                for fact in reason.facts:
                    check(decision, fact, first.pop(fact.fact))
                assert not first
    assert not list(reasons)


@given(decisions())
@settings(deadline=None, max_examples=60, derandomize=True)
def test_the_register_warns_where_its_conditions_hold(decision: Decision) -> None:
    law, extents = decision.rulebook, decision.extents
    spoken = [q for q in law.questions.values() if q.says and not q.stages]
    told = [(w.question, w.text) for w in decision.warnings[: len(spoken)]]
    for question in spoken:
        assert ((question.id, question.says) in told) is warns(law, extents, question)


def check(decision: Decision, told: FactReason, leaf: Leaf) -> None:
    fact, (low, high) = decision.rulebook.facts[leaf.fact], decision.extents[leaf.fact]
    if not applies(told):
        assert (told.distance, told.unit) == (None, None)
        assert decision.extents["total_floor_area_m2"] == (0, 0)
    elif fact.kind is Kind.CHOICE and low == high:
        assert fact.bits(*filter(None, (told.value or "").split("、"))) == high
    elif fact.kind is Kind.FLAG and low == high:
        assert told.value == ("false", "true")[low]
    elif isinstance(leaf, Compare) and fact.kind in {Kind.AREA, Kind.LENGTH, Kind.COUNT}:
        limit = Decimal(told.limit)
        assert limit * SCALE[fact.kind] == leaf.limit
        if low == high:
            value, distance = Decimal(told.value or "NaN"), Decimal(told.distance or "NaN")
            assert value * SCALE[fact.kind] == low
            assert abs(limit - value) == abs(distance)
            # Right on the limit it is the limit's own word that says whether it is inside.
            assert distance == 0 or (distance > 0) is (evaluate(leaf, decision.extents) == 2)
        else:
            assert told.distance is None
            assert told.value is None or Decimal(told.value[2:]) * SCALE[fact.kind] in (low, high)
