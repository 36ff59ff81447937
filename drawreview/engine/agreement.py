"""Two engines must find the same, or nothing is found at all."""

from __future__ import annotations

from functools import lru_cache

from drawreview.engine.session import Session
from drawreview.errors import DisagreementError
from drawreview.rulebook.model import MOST_KEPT
from drawreview.rulebook.ruleset import Extents, RuleSet


def agree(rules: RuleSet, extents: Extents, truths: tuple[int, ...]) -> None:
    """Ask durable-rules for the truths that the reader has found.

    It is told the derived facts that the reader concluded. Rule by rule in the order of deciding,
    agreement so far means that it would have concluded the same.

    Raises:
        DisagreementError: The two engines found different things.
        EngineError: The engine did not come to its end.
    """
    found = _session(rules).truths(extents)
    if found != truths:
        raise DisagreementError(_disagreement(rules, found, truths))


@lru_cache(maxsize=MOST_KEPT)
def _session(rules: RuleSet) -> Session:
    return Session(rules.conditions)


def _disagreement(rules: RuleSet, found: tuple[int, ...], truths: tuple[int, ...]) -> str:
    names = [f"{rule.id} ({rule.clause})" for rule in rules.order]
    names += [f"{bar.rule.id} ({bar.rule.clause}) {bar.stage}" for bar in rules.bars]
    told = "; ".join(
        f"{name}: {one} / {other}"
        for name, one, other in zip(names, found, truths, strict=True)
        if one != other
    )
    return f"durable-rules and the truth reader disagree, so there is no decision: {told}"
