"""A decision: what was found, and, worked out when somebody asks, why."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.metadata import version
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from drawreview.condition.ast import (
    Compare,
    Condition,
    Includes,
    Leaf,
    OneOf,
    Phrase,
    leaves,
    phrases,
)
from drawreview.condition.to_prose import number
from drawreview.condition.to_truth import evaluate
from drawreview.engine.permit import PermitRoute, permit_route
from drawreview.engine.relevance import open_path_facts, path_after
from drawreview.fact import UNBOUNDED, Kind
from drawreview.project.measure import NEVER, Measured
from drawreview.project.model import Project
from drawreview.rulebook.model import Extents, Question, Rule, Rulebook
from drawreview.truth import Truth

ReviewPath = Literal[
    "exempt",
    "joint_review",
    "deferred_review",
    "prior_review",
    "undetermined",
    "referred",
    "out_of_scope",
]
PATH_ZH: dict[str, str] = {
    "exempt": "免于审查",
    "joint_review": "联合审查",
    "deferred_review": "审查后置",
    "prior_review": "继续办结原委托审查",
    "undetermined": "待补充",
    "referred": "须请示",
    "out_of_scope": "不适用",
}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FactReason(_Part):
    """A fact in a reason: its value, the limit, and how far inside (+) or outside (-) it lies."""

    fact: str
    value: str | None
    operator: str
    limit: str
    distance: str | None = None
    unit: str | None = None


class Reason(_Part):
    """One phrase of one rule that was tried, won or lost."""

    rule: str
    document: str
    clause: str
    phrase: str
    truth: Literal["true", "false", "unknown"]
    won: bool
    overridden_by: str | None = None
    facts: tuple[FactReason, ...]


class Missing(_Part):
    """A field of the project file that could still change the path."""

    field: str
    fact: str
    clause: str
    phrase: str


class Warned(_Part):
    """Something that a clerk must know beside the decision."""

    question: str
    clause: str
    text: str


class DutyOwed(_Part):
    """Who must do what, by when, in the law's words."""

    who: tuple[str, ...]
    what: str
    before: str | None = None
    upon: str | None = None
    within_workdays: int | None = None
    clause: str
    phrase: str


class PermitReason(_Part):
    """What opens or closes the permit route."""

    clause: str
    phrase: str
    truth: Literal["true", "false", "unknown"]


class DecisionDocument(_Part):
    """The decision as JSON."""

    schema_: Literal["drawreview/decision@1"] = Field(
        default="drawreview/decision@1", alias="schema"
    )
    decision_id: str
    on: date
    project: dict[str, str | None]
    review_path: ReviewPath
    review_path_zh: str
    letter: Literal["annex_1", "annex_2"] | None
    certainty: Literal["robust", "depends"]
    depends_on: tuple[str, ...]
    assumption: Literal["assume_in_force"] | None
    because: str | None
    reasons: tuple[Reason, ...]
    missing: tuple[Missing, ...]
    permit_route: Literal["commitment", "ordinary", "closed"] | None
    permit_reasons: tuple[PermitReason, ...]
    permit_missing: tuple[str, ...]
    duties: tuple[DutyOwed, ...]
    warnings: tuple[Warned, ...]
    rulebook: dict[str, str | None]
    engine: dict[str, str]


@dataclass(frozen=True)
class Standing:
    """Whether the city's document governs the day, and if not, what follows."""

    path: Literal["referred", "out_of_scope"] | None
    because: str | None = None
    question: str | None = None


@dataclass(frozen=True)
class Decision:
    """What the two engines agreed on, for one project on one day under one rulebook."""

    project: Project
    on: date
    rulebook: Rulebook
    standing: Standing
    assumption: Literal["assume_in_force"] | None
    measured: Measured
    extents: Extents
    truths: tuple[tuple[int, ...], ...]
    path: str | None

    @property
    def review_path(self) -> ReviewPath:
        """One of the seven paths; `undetermined` while facts are missing."""
        if self.standing.path and not self.assumption:
            return self.standing.path
        return self.path or "undetermined"  # type: ignore[return-value]

    @cached_property
    def truth_of(self) -> dict[str, Truth]:
        """Rule id -> the truth of its live condition."""
        return {
            rule.id: Truth(truth)
            for stratum, truths in zip(self.rulebook.strata, self.truths, strict=True)
            for rule, truth in zip(stratum, truths, strict=True)
        }

    @cached_property
    def won(self) -> tuple[Rule, ...]:
        """The rules that hold and settle the path."""
        return tuple(
            r
            for r in self.rulebook.rules
            if r.settled("review_path") and self.truth_of[r.id] is Truth.TRUE
        )

    @property
    def letter(self) -> Literal["annex_1", "annex_2"] | None:
        """The annex that goes with the path; None where the path allows no letter."""
        if self.review_path not in {"exempt", "joint_review", "deferred_review"}:
            return None
        return next((r.letter for r in self.won if r.letter), None)  # type: ignore[return-value]

    @cached_property
    def depends_on(self) -> tuple[str, ...]:
        """The open questions on which the path depends."""
        if self.standing.path and not self.assumption:
            return (self.standing.question,) if self.standing.question else ()
        depends = list(self._contested())
        if self.path == "referred" and self.rulebook.city.gap:
            depends = [self.rulebook.city.gap.question]
        if self.assumption and self.standing.question:
            depends.append(self.standing.question)
        return tuple(dict.fromkeys(depends))

    @property
    def certainty(self) -> Literal["robust", "depends"]:
        """Whether every admissible reading of every contested phrase gives this path."""
        return "depends" if self.depends_on else "robust"

    def _contested(self) -> list[str]:
        """Return the questions whose phrases, taken as unknown, would leave the path open."""
        contested = {
            q.id: facts for q in self.rulebook.questions.values() if (facts := self._disputed(q))
        }
        if not contested or self._path_without(set().union(*contested.values())) == self.path:
            return []
        alone = [q for q, facts in contested.items() if self._path_without(facts) != self.path]
        return alone or list(contested)

    def _path_without(self, facts: set[str]) -> str | None:
        base = {name: self.extents[name] for name in self.measured.extents}
        for fact in facts:
            base[fact] = self.rulebook.facts[fact].extent
        return path_after(base, self.rulebook)

    def _disputed(self, question: Question) -> set[str]:
        """Return the facts of phrases that an admissible reading would find otherwise."""
        facts: set[str] = set()
        for rule_id in question.rules:
            rule = self.rulebook.by_id[rule_id]
            phrase = _phrase_of(rule, question)
            adopted = evaluate(phrase, self.extents)
            if any(
                evaluate(other, self.extents) is not adopted for other in _others(question, phrase)
            ):
                facts |= {leaf.fact for leaf in leaves(phrase)}
        return facts

    @cached_property
    def missing(self) -> tuple[Missing, ...]:
        """The fields of the project file that could still change the path."""
        if self.review_path != "undetermined":
            return ()
        base = {name: self.extents[name] for name in self.measured.extents}
        found: dict[str, Missing] = {}
        for fact in open_path_facts(self.rulebook, base):
            rule, phrase = self._reader_of(fact)
            for field in self.measured.fields.get(fact, (fact,)):
                found.setdefault(
                    field, Missing(field=field, fact=fact, clause=rule.clause, phrase=phrase.words)
                )
        return tuple(found.values())

    def _reader_of(self, fact: str) -> tuple[Rule, Phrase]:
        return next(
            (rule, phrase)
            for rule in self.rulebook.rules
            for phrase in phrases(rule.when)
            if any(leaf.fact == fact for leaf in leaves(phrase))
        )

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Every phrase of every rule that bears on the path, won or lost."""
        return tuple(
            reason
            for rule in self.rulebook.rules
            if phrases(rule.when) and self._bears_on_path(rule)
            for reason in self._reasons_of(rule)
        )

    @staticmethod
    def _bears_on_path(rule: Rule) -> bool:
        return any(
            fact not in {"permit_prerequisites", "drawings_provided", "commitment_barred"}
            for conclusion in rule.then
            for fact, _ in conclusion.settles
        )

    def _reasons_of(self, rule: Rule) -> Iterator[Reason]:
        truth = self.truth_of[rule.id]
        overridden = None
        if truth is not evaluate(rule.when, self.extents):
            overridden = next(
                r.id
                for r in self.rulebook.rules
                if rule.id in r.overrides and evaluate(r.when, self.extents) is not Truth.FALSE
            )
        for phrase in phrases(rule.when):
            yield Reason(
                rule=rule.id,
                document=self.rulebook.document_of(rule).number,
                clause=rule.clause,
                phrase=phrase.words,
                truth=_word(evaluate(phrase, self.extents)),
                won=truth is Truth.TRUE,
                overridden_by=overridden,
                facts=tuple(self._fact(leaf) for leaf in _first_of_each_fact(phrase)),
            )

    def _fact(self, leaf: Leaf) -> FactReason:
        fact = self.rulebook.facts[leaf.fact]
        low, high = self.extents[leaf.fact]
        if isinstance(leaf, (OneOf, Includes)):
            names = [v for i, v in enumerate(fact.values) if leaf.bits >> i & 1]
            surely = [v for i, v in enumerate(fact.values) if high >> i & 1]
            return FactReason(
                fact=leaf.fact,
                value="、".join(surely) if low == high else None,
                operator="includes" if isinstance(leaf, Includes) else "one_of",
                limit="、".join(names),
            )
        return self._number(leaf, low, high)

    def _number(self, leaf: Compare, low: int, high: int) -> FactReason:
        fact = self.rulebook.facts[leaf.fact]
        if fact.kind is Kind.FLAG:
            return FactReason(
                fact=leaf.fact,
                value=("false", "true")[low] if low == high else None,
                operator="is",
                limit="true",
            )
        value = None
        if low == high:
            value = (
                "not_commissioned"
                if low == NEVER and fact.kind is Kind.DATE
                else number(fact.kind, low)
            )
        elif low > (1 if fact.kind is Kind.DATE else 0):
            value = f">={number(fact.kind, low)}"
        elif high < UNBOUNDED and fact.kind is not Kind.DATE:
            value = f"<={number(fact.kind, high)}"
        distance = None
        if low == high and fact.kind is not Kind.DATE:
            inside = leaf.limit - low if leaf.operator.bounds_from_above else low - leaf.limit
            distance = number(fact.kind, inside)
        return FactReason(
            fact=leaf.fact,
            value=value,
            operator=leaf.operator.value,
            limit=number(fact.kind, leaf.limit),
            distance=distance,
            unit={Kind.AREA: "m2", Kind.LENGTH: "m", Kind.COUNT: "storeys"}.get(fact.kind),
        )

    @cached_property
    def permit(self) -> PermitRoute:
        """Whether the permit can be had on commitment; a question apart from the path."""
        return permit_route(self.rulebook, self.extents, self.measured.fields, self.review_path)

    @cached_property
    def duties(self) -> tuple[DutyOwed, ...]:
        """Who must do what, where the path is decided."""
        if self.review_path not in {"exempt", "joint_review", "deferred_review"}:
            return ()
        return tuple(
            DutyOwed(
                who=c.duty.who,
                what=c.duty.what,
                before=c.duty.before,
                upon=c.duty.upon,
                within_workdays=c.duty.within_workdays,
                clause=rule.clause,
                phrase=c.words,
            )
            for rule in self.rulebook.rules
            for c in rule.then
            if c.duty and self.truth_of[rule.id] is Truth.TRUE
        )

    @cached_property
    def warnings(self) -> tuple[Warned, ...]:
        """What the register of open questions says about this project, and other doubts."""
        if self.standing.path and not self.assumption:
            return ()
        found = [
            Warned(question=q.id, clause=q.clause, text=q.says)
            for q in self.rulebook.questions.values()
            if q.says and self._warns(q)
        ]
        return tuple(found + self._own_warnings())

    def _warns(self, question: Question) -> bool:
        if question.warn_overridden:
            loser, winner = question.warn_overridden
            holds = [self.rulebook.by_id[r].when for r in (loser, winner)]
            return all(evaluate(when, self.extents) is Truth.TRUE for when in holds)
        return (
            question.warn_when is not None
            and evaluate(question.warn_when, self.extents) is Truth.TRUE
        )

    def _own_warnings(self) -> list[Warned]:
        found: list[Warned] = []
        notice = self.project.district_list
        if notice and self.measured.extents["district_listed"] == (0, 0):
            text = f"「{notice}」没有收录在案、不在有效期或没有点名本项目，不因此免审"
            found.append(Warned(question="A17", clause="二(一)1(2)", text=text))
        for name in ("single_function", "simple_technique"):
            judgement = getattr(self.project, name)
            if judgement and judgement.value and self.measured.extents[name] != (1, 1):
                text = "声明与项目其他内容相矛盾（性质不一，或有 hints）；须由认定人署名并说明理由（by、on、why）"
                found.append(
                    Warned(
                        question="A13",
                        clause="二(一)1(1)",
                        text=f"{self.rulebook.facts[name].zh}：{text}",
                    )
                )
        if self.assumption and self.standing.because:
            text = f"假定有效，仅供测算：{self.standing.because}"
            found.append(Warned(question=self.standing.question or "B1", clause="尾s1", text=text))
        return found

    @cached_property
    def decision_id(self) -> str:
        """The SHA-256 of the decision's content."""
        content = self._content()
        text = json.dumps(
            content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
        )
        return hashlib.sha256(text.encode()).hexdigest()

    def _content(self) -> dict[str, Any]:
        project = self.project.model_dump_json(by_alias=True, exclude_none=True)
        return {
            "on": self.on.isoformat(),
            "project": {
                "name": self.project.name,
                "digest": hashlib.sha256(project.encode()).hexdigest(),
            },
            "review_path": self.review_path,
            "review_path_zh": PATH_ZH[self.review_path],
            "letter": self.letter,
            "certainty": self.certainty,
            "depends_on": self.depends_on,
            "assumption": self.assumption,
            "because": self.standing.because,
            "reasons": [r.model_dump() for r in self.reasons],
            "missing": [m.model_dump() for m in self.missing],
            "permit_route": self.permit.route,
            "permit_reasons": [
                {"clause": clause, "phrase": phrase, "truth": _word(truth)}
                for clause, phrase, truth in self.permit.reasons
            ],
            "permit_missing": self.permit.missing,
            "duties": [d.model_dump() for d in self.duties],
            "warnings": [w.model_dump() for w in self.warnings],
            "rulebook": {
                "id": self.rulebook.id,
                "digest": self.rulebook.digest,
                "overlay": None
                if self.rulebook.overlay is None
                else self.rulebook.overlay.get("filed_by"),
            },
            "engine": {
                "drawreview": version("drawreview"),
                "durable-rules": version("durable-rules"),
            },
        }

    @cached_property
    def document(self) -> DecisionDocument:
        """The decision as the published JSON document."""
        return DecisionDocument(
            schema="drawreview/decision@1", decision_id=self.decision_id, **self._content()
        )

    def to_json(self) -> str:
        """Return the document as indented JSON."""
        return self.document.model_dump_json(by_alias=True, indent=2)


def _word(truth: Truth) -> Literal["true", "false", "unknown"]:
    return {Truth.TRUE: "true", Truth.FALSE: "false", Truth.UNKNOWN: "unknown"}[truth]  # type: ignore[return-value]


def _first_of_each_fact(phrase: Condition) -> tuple[Leaf, ...]:
    found: dict[str, Leaf] = {}
    for leaf in leaves(phrase):
        found.setdefault(leaf.fact, leaf)
    return tuple(found.values())


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
