"""The permit route: on commitment, ordinary, or closed; a question apart from the review path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from drawreview.condition.ast import leaves, phrases
from drawreview.condition.to_truth import TruthReader, compile_truth
from drawreview.project.measure import Measured
from drawreview.rulebook.model import PERMIT_RULES, Extents, Rulebook
from drawreview.rulebook.rule import Rule
from drawreview.truth import TRUTHS, Truth


@dataclass(frozen=True, slots=True)
class PermitRoute:
    """The route if it is settled, what opens or closes it, and the fields that would settle it.

    `ordinary` means that commitment is barred but the ordinary way, review first, is open;
    `closed` that neither is open as things stand.
    """

    route: Literal["commitment", "ordinary", "closed"] | None
    reasons: tuple[tuple[str, str, Truth], ...]
    missing: tuple[str, ...]


def permit_route(  # noqa: PLR0911 - one return for each way the routes can stand
    rulebook: Rulebook, extents: Extents, measured: Measured, path: str
) -> PermitRoute:
    """Return the permit route of a project whose review path is `path`."""
    if path in {"out_of_scope", "referred"}:
        return PermitRoute(None, (), ())
    rules = [rulebook.by_id[name] for name in PERMIT_RULES]
    words, reader = _asked(rulebook)
    truths = [TRUTHS[truth] for truth in reader(extents)[0]]
    barred, prerequisites, drawings = truths[: len(rules)]
    reasons = tuple((*each, truth) for each, truth in zip(words, truths[len(rules) :], strict=True))
    if path == "prior_review":
        if prerequisites is Truth.FALSE:
            return PermitRoute("closed", reasons, ())
        rule = rulebook.by_id["commissioned_earlier"]
        told = tuple((rule.clause, c.words, Truth.TRUE) for c in rule.then)
        return PermitRoute("ordinary", told, ())
    # 二(一)3 asks for the complete drawings only of projects that are not exempt.
    if path == "exempt":
        drawings = Truth.TRUE
    elif path == "undetermined" and drawings is Truth.FALSE:
        drawings = Truth.UNKNOWN
    ready = min(prerequisites, drawings)
    if ready is Truth.FALSE:
        return PermitRoute("closed", reasons, ())
    if barred is Truth.TRUE and path == "exempt":
        return PermitRoute("closed", reasons, ())  # C10: an exempt project has no ordinary way
    if barred is Truth.TRUE and path != "undetermined" and ready is Truth.TRUE:
        return PermitRoute("ordinary", reasons, ())
    if ready is Truth.TRUE and barred is Truth.FALSE and not _may_be_an_old_case(extents):
        return PermitRoute("commitment", reasons, ())
    return PermitRoute(
        None, reasons, _missing(rules if path != "exempt" else rules[:2], extents, measured.fields)
    )


@cache
def _asked(rulebook: Rulebook) -> tuple[tuple[tuple[str, str], ...], TruthReader]:
    """Return clause and words of each phrase, and what reads the rules and then the phrases."""
    rules = [rulebook.by_id[name] for name in PERMIT_RULES]
    asked = [(rule.clause, phrase) for rule in rules for phrase in phrases(rule.when)]
    conditions = [*(rule.when for rule in rules), *(phrase for _, phrase in asked)]
    return tuple((c, phrase.words) for c, phrase in asked), compile_truth(conditions)


def _may_be_an_old_case(extents: Extents) -> bool:
    """Whether the review may have been commissioned so early that this document is not for it."""
    return extents["under_this_document"][0] == 0


def _missing(
    rules: list[Rule], extents: Extents, fields: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    reads = [leaf.fact for rule in rules for leaf in leaves(rule.when)]
    opened = [fact for fact in reads if extents[fact] == (0, 1)]
    if _may_be_an_old_case(extents):
        opened.insert(0, "review_commissioned_on")
    return tuple(field for fact in opened for field in fields.get(fact, (fact,)))
