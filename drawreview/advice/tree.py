"""The rule tree of a decision: what was asked of the project, branch by branch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal

from drawreview.condition.ast import Either
from drawreview.condition.to_truth import evaluate
from drawreview.engine.decision import Decision
from drawreview.engine.document import PATH_ZH, FactReason, Reason
from drawreview.engine.reasons import Word, word_of
from drawreview.engine.wording import (
    NOT_APPLICABLE,
    PATH_EN,
    applies,
    distance_in_words,
    limit_in_words,
    standing_in_words,
    unknown_in_words,
    value_in_words,
)
from drawreview.project.buildings import OF_ONE_BUILDING, rows
from drawreview.rulebook.rule import Rule
from drawreview.truth import Truth

_SPECIAL: Final = "special_construction_project"
_ELSEWHERE: Final = {"prior_review", "referred"}


@dataclass(frozen=True, slots=True)
class Node:
    """One branch of the tree.

    Attributes:
        kind: The path itself, a rule, a gap that the law leaves, a phrase of a rule, the rules
            that were left out, or the phrases that do not apply to the project.
        words: The law's words; of the path, its name.
        truth: Whether it holds of the project by its own words.
        live: Whether it lies on the way to the path that was decided.
        decides: Whether it is a rule that settled the path.
        clause: Where the words stand, with the document if it is not the city's.
        value: The project's value.
        missing: The fields of the project file that would settle what is open.
        limit: The limit that the words set to it.
        distance: How far inside the limit the value lies; negative if outside.
        joins: Whether a rule wants all of its phrases or any.
        struck_by: The clause that prevails over a rule, so that it does not settle the path.
        may_yield_to: The clause that would prevail over a rule if what is open of it held.
        questions: The open questions about the words on which the path depends.
        children: The branches below it.
    """

    kind: Literal["path", "rule", "gap", "phrase", "rest", "apart"]
    words: str
    truth: Word
    live: bool = False
    decides: bool = False
    clause: str | None = None
    value: str | None = None
    missing: tuple[str, ...] = ()
    limit: str | None = None
    distance: str | None = None
    joins: Literal["all", "any"] | None = None
    struck_by: str | None = None
    may_yield_to: str | None = None
    questions: tuple[str, ...] = ()
    children: tuple[Node, ...] = ()


def tree_of(decision: Decision, *, lang: str = "zh") -> Node:
    """Return the rule tree of a decision; the law's words stay Chinese in any language."""
    path = decision.review_path
    rules = [rule for rule in decision.rulebook.path.rules if _bears_on_the_path(decision, rule)]
    return Node(
        kind="path",
        words=PATH_ZH[path] if lang == "zh" else PATH_EN[path],
        truth="unknown" if path in {"undetermined", "referred", "out_of_scope"} else "true",
        live=True,
        value=_standing(decision, lang),
        questions=decision.depends_on,
        children=tuple(
            _rule(decision, rule, live=_is_live(decision, rule), lang=lang) for rule in rules
        ),
    )


def _standing(decision: Decision, lang: str) -> str | None:
    """Say why the document does not govern the day, and what the branches then stand for."""
    because = standing_in_words(decision, lang)
    if because is None or decision.assumption:
        return because
    if lang == "zh":
        return f"{because}。以下各条是假如本文件有效的情形"
    return f"{because}. The branches below tell what would hold if it were in force"


def _bears_on_the_path(decision: Decision, rule: Rule) -> bool:
    """Whether a rule concludes a path, or says whom the document governs; the gap only if met."""
    if rule.settled("review_path") == "referred":
        return decision.truth_of[rule.id] is not Truth.FALSE
    return rule.settled("review_path") is not None or rule.settled("under_this_document") is True


def _is_live(decision: Decision, rule: Rule) -> bool:
    """Whether a rule settled the path, or brought the project under this document."""
    if decision.path is None or decision.path != decision.review_path:
        return False
    governs = rule.settled("under_this_document") is True and decision.path not in _ELSEWHERE
    return rule in decision.won or (governs and decision.truth_of[rule.id] is Truth.TRUE)


def _rule(decision: Decision, rule: Rule, *, live: bool, lang: str) -> Node:
    reasons = tuple(r for r in decision.reasons if r.rule == rule.id)
    return Node(
        kind="rule" if reasons else "gap",
        words="；".join(c.words for c in rule.then if c.words) or _gap(decision, lang),
        truth=word_of(evaluate(rule.when, decision.extents)),
        live=live,
        decides=live and rule in decision.won and rule.settled("review_path") is not None,
        clause=_clause(decision, rule),
        joins="any" if isinstance(rule.when, Either) else "all" if len(reasons) > 1 else None,
        struck_by=_winner(decision, rule, Truth.TRUE),
        may_yield_to=_winner(decision, rule, Truth.UNKNOWN),
        children=tuple(_phrases(decision, rule, reasons, live=live, lang=lang)),
    )


def _phrases(
    decision: Decision, rule: Rule, reasons: tuple[Reason, ...], *, live: bool, lang: str
) -> Iterator[Node]:
    """Yield the phrases of a rule; those that do not apply as one branch."""
    apart = [r for r in reasons if r.facts and not applies(r.facts[0])]
    for reason in reasons:
        if reason not in apart:
            yield _phrase(decision, rule, reason, live=live, lang=lang)
    if apart:
        colon, comma = ("：", "、") if lang == "zh" else (": ", "; ")
        words = comma.join(reason.phrase for reason in apart)
        yield Node(kind="apart", words=f"{NOT_APPLICABLE[lang]}{colon}{words}", truth="unknown")


def _gap(decision: Decision, lang: str) -> str:
    gap = decision.rulebook.city.gap
    first, last = (gap.first.isoformat(), gap.last.isoformat()) if gap else ("", "")
    if lang == "zh":
        return f"{first} 至 {last} 委托施工图审查的项目，条文没有说到"
    return f"the text does not speak of reviews commissioned from {first} to {last}"


def _winner(decision: Decision, rule: Rule, truth: Truth) -> str | None:
    """Return the clause of the first rule of this truth that overrides a rule which may hold."""
    if evaluate(rule.when, decision.extents) is Truth.FALSE:
        return None
    winners = (r for r in decision.rulebook.rules if rule.id in r.overrides)
    return next((r.clause for r in winners if evaluate(r.when, decision.extents) is truth), None)


def _clause(decision: Decision, rule: Rule) -> str:
    if rule.document == decision.rulebook.city.id:
        return rule.clause
    return f"{decision.rulebook.document_of(rule).number.removesuffix('修正')} {rule.clause}"


def _phrase(decision: Decision, rule: Rule, reason: Reason, *, live: bool, lang: str) -> Node:
    first = reason.facts[0] if reason.facts else None
    below = ()
    if first and first.fact == _SPECIAL:
        below = tuple(_special(decision, live=live and reason.truth == "true", lang=lang))
    return Node(
        kind="phrase",
        words=reason.phrase,
        truth=reason.truth,
        live=live and reason.truth == "true",
        clause=reason.clause,
        value=_value(decision, first, lang) if first else None,
        missing=_missing(decision, first.fact) if first and reason.truth == "unknown" else (),
        limit=limit_in_words(first, lang) if first else None,
        distance=distance_in_words(first, lang) if first else None,
        questions=tuple(
            question.id
            for question in decision.rulebook.questions.values()
            if question.id in decision.depends_on
            and rule.id in question.rules
            and (question.words in reason.phrase or reason.phrase in question.words)
        ),
        children=below,
    )


def _value(decision: Decision, reason: FactReason, lang: str) -> str:
    """Return the project's value; of several buildings, with the one whose value it is."""
    value = value_in_words(reason, lang)
    if value is None:
        return unknown_in_words(decision, reason.fact, lang)
    buildings = decision.project.buildings or ()
    if len(buildings) == 1 or reason.fact not in OF_ONE_BUILDING:
        return value
    whole = decision.extents[reason.fact]
    named = [
        building.name or (f"第{place}栋" if lang == "zh" else f"building {place}")
        for place, (building, row) in enumerate(
            zip(buildings, rows(decision.project), strict=True), start=1
        )
        if row[reason.fact] == whole and whole[0] == whole[1] > 0
    ]
    if not named or len(named) == len(buildings):
        return value
    return f"{value}（{'、'.join(named)}）" if lang == "zh" else f"{value} ({', '.join(named)})"


def _missing(decision: Decision, fact: str) -> tuple[str, ...]:
    asked = {item.field for item in decision.missing}
    return tuple(field for field in decision.measured.fields.get(fact, ()) if field in asked)


def _special(decision: Decision, *, live: bool, lang: str) -> Iterator[Node]:
    """Yield the items of Order 51 that are met or open; the others as one branch."""
    items = [rule for rule in decision.rulebook.path.rules if rule.settled(_SPECIAL) is not None]
    met = [r for r in items if decision.truth_of[r.id] is not Truth.FALSE]
    for rule in met:
        holds = decision.truth_of[rule.id] is Truth.TRUE
        yield _rule(decision, rule, live=live and holds, lang=lang)
    others = [rule.clause for rule in items if rule not in met]
    if others:
        yield Node(kind="rest", words=_others(others), truth="false")


def _others(clauses: list[str]) -> str:
    """Name the items that are not met: 第十四条(一)(二)…."""
    grouped = groupby(clauses, key=lambda clause: clause.partition("(")[0])
    return "、".join(
        article + "".join("(" + clause.partition("(")[2] for clause in found)
        for article, found in grouped
    )
