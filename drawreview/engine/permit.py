"""The permit route: on commitment, ordinary, or closed; a question apart from the review path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from drawreview.condition.ast import leaves, phrases
from drawreview.condition.to_truth import TruthReader, compile_truth
from drawreview.project.measure import Measured
from drawreview.rulebook.model import MOST_KEPT, PERMIT_RULES, Extents, Rulebook
from drawreview.rulebook.rule import Rule
from drawreview.truth import TRUTHS, Truth

Route = Literal["commitment", "ordinary", "closed"]
_NO_ROUTE: Final = ("out_of_scope", "referred")


@dataclass(frozen=True, slots=True)
class PermitRoute:
    """The route if it is settled, what opens or closes it, and the fields that would settle it.

    `ordinary` means that commitment is barred but the ordinary way, review first, is open;
    `closed` that neither is open as things stand.
    """

    route: Route | None
    reasons: tuple[tuple[str, str, Truth], ...]
    missing: tuple[str, ...]


def permit_route(
    rulebook: Rulebook, extents: Extents, measured: Measured, path: str
) -> PermitRoute:
    """Return the permit route of a project whose review path is `path`, and why."""
    if path in _NO_ROUTE:
        return PermitRoute(None, (), ())
    words, reader = _asked(rulebook)
    truths = reader(extents)[0]
    route = _route(truths, extents, path)
    if path == "prior_review" and route == "ordinary":
        rule = rulebook.by_id["commissioned_earlier"]
        told = tuple((rule.clause, c.words, Truth.TRUE) for c in rule.then)
        return PermitRoute(route, told, ())
    told = zip(words, truths[len(PERMIT_RULES) :], strict=True)
    reasons = tuple((*each, TRUTHS[truth]) for each, truth in told)
    if route:
        return PermitRoute(route, reasons, ())
    rules = [rulebook.by_id[name] for name in PERMIT_RULES]
    asking = rules[:2] if path == "exempt" else rules
    return PermitRoute(None, reasons, _missing(asking, extents, measured.fields))


def route_alone(rulebook: Rulebook, extents: Extents, path: str) -> Route | None:
    """Return the route, without what opens or closes it."""
    if path in _NO_ROUTE:
        return None
    return _route(_asked(rulebook)[1](extents)[0], extents, path)


def _route(truths: tuple[int, ...], extents: Extents, path: str) -> Route | None:
    barred, prerequisites, drawings = truths[: len(PERMIT_RULES)]
    if path == "prior_review":
        return "closed" if prerequisites == Truth.FALSE else "ordinary"
    # 二(一)3 asks for the complete drawings only of projects that are not exempt.
    if path == "exempt":
        drawings = Truth.TRUE
    elif path == "undetermined" and drawings == Truth.FALSE:
        drawings = Truth.UNKNOWN
    ready = min(prerequisites, drawings)
    # C10: an exempt project that is barred has no ordinary way.
    if ready == Truth.FALSE or (barred == Truth.TRUE and path == "exempt"):
        return "closed"
    if ready == Truth.TRUE and barred == Truth.TRUE and path != "undetermined":
        return "ordinary"
    if ready == Truth.TRUE and barred == Truth.FALSE and not _may_be_an_old_case(extents):
        return "commitment"
    return None


@lru_cache(maxsize=MOST_KEPT)
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
