"""What the text bars on a day, stage by stage: 三(一), 三(二), 消防法 第十二条.

Nothing here approves anything: a stage is not barred, barred, or to be asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from drawreview.condition.ast import leaves
from drawreview.condition.to_truth import evaluate
from drawreview.engine.doubt import warns
from drawreview.rulebook.model import Rulebook
from drawreview.rulebook.rule import Rule
from drawreview.rulebook.ruleset import Bar
from drawreview.site.answer import Conflict, Gate, State
from drawreview.site.changed import (
    needs_the_changed_project,
    open_fields,
    touched_en,
    touched_zh,
)
from drawreview.site.documents import DOCUMENT_OF
from drawreview.site.events import Stage
from drawreview.site.situation import Situation
from drawreview.site.state import rectification_outstanding, violations_since_certificate
from drawreview.truth import Truth

# 限额以下的工程可以不申请施工许可: then nobody can say from the text when the pit may start.
SMALL_WORKS: Final = "A20"


def gates_of(situation: Situation) -> tuple[Gate, ...]:
    """Return the gate of each stage, in the order of building; a later one never opens first.

    A change that leaves the class open lightens nothing: what barred a stage before bars it still.
    """
    if situation.decided:
        return tuple(_gates(situation))
    gates = tuple(_undecided(situation, stage) for stage in Stage)
    if situation.before is None:
        return gates
    return tuple(map(_as_before, gates, _gates(situation.before)))


def _as_before(gate: Gate, before: Gate) -> Gate:
    if before.state == "not_barred":
        return gate
    return replace(
        gate,
        state=before.state,
        missing=tuple(dict.fromkeys((*gate.missing, *before.missing))),
        clauses=tuple(dict.fromkeys((*gate.clauses, *before.clauses))),
    )


def _gates(situation: Situation) -> Iterator[Gate]:
    law = situation.law
    standing: list[tuple[Bar, int]] = []
    for stage in Stage:
        own = [(bar, truth) for bar, truth in situation.bars if bar.stage == stage]
        # What a rule asks for at this stage is enough for it at the earlier ones.
        mine = {bar.rule.id for bar, _ in own}
        standing = [one for one in standing if one[0].rule.id not in mine] + own
        rules = [rule for bar, _ in standing for rule in (bar.rule, *_openers(situation, bar))]
        yield Gate(
            stage=stage,
            state=state_by(situation, standing),
            missing=tuple(_missing(situation, standing)),
            clauses=cited(law, rules or _speaking(situation, stage)),
        )


def state_by(situation: Situation, bars: Iterable[tuple[Bar, int]]) -> State:
    """Return the worst that bars make of a stage."""
    found = {shuts(situation, *bar) for bar in bars}
    return "barred" if True in found else "ask" if found else "not_barred"


def shuts(situation: Situation, bar: Bar, truth: int) -> bool:
    """Whether a bar surely keeps its stage shut; if not, the stage is to be asked about."""
    asks = bar.rule.stage_gate.may_start == "ask_until_then" or truth != Truth.TRUE
    return not (asks or of_small_works(situation, bar.rule))


def of_small_works(situation: Situation, rule: Rule) -> bool:
    """Whether a rule rests on a missing permit of which works so small may have no need (A20)."""
    question = situation.law.questions.get(SMALL_WORKS)
    return (
        question is not None
        and any(leaf.fact == "construction_permit_issued" for leaf in leaves(rule.when))
        and warns(situation.law, situation.extents, question)
    )


def _missing(situation: Situation, bars: Iterable[tuple[Bar, int]]) -> Iterator[str]:
    """Yield the events that would bring what stages wait for, each once."""
    seen: set[str] = set()
    for bar, _ in bars:
        for event in _documents(situation, bar):
            if event not in seen:
                seen.add(event)
                yield event


def _documents(situation: Situation, bar: Bar) -> tuple[str, ...]:
    """Return what opens the stage: by an exception that speaks of the project, or by the rule.

    What made a question of a stage that had its papers is settled by the rule that asks it.
    """
    rules = (*_openers(situation, bar), bar.rule)
    asked = bar.rule.stage_gate.may_start == "ask_until_then"
    for rule in reversed(rules) if asked else rules:
        reads = dict.fromkeys(leaf.fact for leaf in leaves(rule.when))
        wanted = [f for f in reads if f in DOCUMENT_OF and situation.extents[f] != (1, 1)]
        if wanted:
            return tuple(event for fact in wanted for event in _events(situation, fact))
    return ()


def _openers(situation: Situation, bar: Bar) -> tuple[Rule, ...]:
    """Return the exceptions that would open the stage of this project."""
    return tuple(
        rule
        for rule in situation.law.site.prevailing(bar.rule, bar.stage)
        if evaluate(rule.scope, situation.extents) is not Truth.FALSE
    )


def _events(situation: Situation, fact: str) -> tuple[str, ...]:
    """Return the events that bring a fact: without violations there is nothing to rectify."""
    if fact == "no_violations_since_certificate":
        return violations_since_certificate(situation.known)
    if fact == "rectification_accepted" and not rectification_outstanding(situation.known):
        fact = "spot_check_certificate_issued"
    return (DOCUMENT_OF[fact].event,)


def _speaking(situation: Situation, stage: Stage) -> list[Rule]:
    """Return the rules that speak of a stage of the project and do not bar it."""
    return [
        rule
        for rule in situation.law.site.rules
        if stage in rule.stage_gate.names
        and evaluate(rule.scope, situation.extents) is Truth.TRUE
        and (rule.stage_gate.bars or evaluate(rule.when, situation.extents) is Truth.TRUE)
    ]


def cited(law: Rulebook, rules: Iterable[Rule]) -> tuple[str, ...]:
    """Return the clauses of rules, the city's first, then those of the highest document."""
    ordered = sorted(rules, key=lambda rule: level_of(law, rule))
    return tuple(dict.fromkeys(cite(law, rule) for rule in ordered))


def level_of(law: Rulebook, rule: Rule) -> int:
    """Return the place of a rule's document: the city's first, then the highest."""
    document = law.document_of(rule)
    return -1 if document is law.city else document.level


def cite(law: Rulebook, rule: Rule) -> str:
    """Return the clause of a rule, after the name of its document if that is not the city's."""
    document = law.document_of(rule)
    return rule.clause if document is law.city else f"{document.number}{rule.clause}"


def _undecided(situation: Situation, stage: Stage) -> Gate:
    """Return the gate of a project whose way of review is not settled: it must be asked about."""
    decision, path = situation.decision, situation.path
    missing = tuple(item.field for item in decision.missing)
    clause, words = "二(一)¶1", "分为三类，分别采取以下审查方式"
    if path == "undetermined" and situation.open_changes:
        says, english, settles = _of_open_changes(situation)
        opened = open_fields(situation.known)
        stated = tuple(f for f in missing if f.rpartition(".")[2] not in opened)
        missing = (*stated, *settles)
        clause, words = "三(四)¶2", "重大设计变更"
    elif path == "undetermined":
        says = "审查方式待补充，节点无从判断"
        english = "the review path is open, so nobody can say what bars a stage"
    elif path == "prior_review":
        says = "继续办结原委托审查的项目，本文件的节点是否适用请窗口答复"
        english = "the earlier review is to be finished; ask the window whether these stages apply"
        clause, words = "尾s4", "应继续办结施工图审查工作"
    else:
        says = decision.standing.because or "条文没有答案，须请示"
        english = decision.standing.english or "the text has no answer; ask"
        clause = "尾s3" if path == "referred" and not decision.standing.because else "尾s1"
        words = situation.law.city.clauses[clause]
    questions = decision.depends_on or (None,)
    conflicts = tuple(Conflict(question, clause, words, says, english) for question in questions)
    return Gate(stage, "ask", missing, (clause,), conflicts)


def _of_open_changes(situation: Situation) -> tuple[str, str, tuple[str, ...]]:
    """Return what changes leave open the class, in two languages, and what would settle it."""
    known = situation.known
    untold = [c for c in situation.open_changes if needs_the_changed_project(c, known)]
    if not untold:
        says = "重大设计变更触及分类所依据的数据，变更后的施工图尚未上传，分类待定"
        english = "a design change touches what the class rests on; no changed drawings uploaded"
        return says, english, ("drawings_uploaded",)
    words = sorted({word for change in untold for word in change.touches})
    touched = "、".join(dict.fromkeys(map(touched_zh, words)))
    says = f"重大设计变更（{touched}）可能触及分类所依据的数据，没有写明变更后的项目，分类待定"
    english = (
        f"a design change ({', '.join(dict.fromkeys(map(touched_en, words)))}) may touch what the "
        "class rests on, and does not say what the project is now"
    )
    return says, english, ("changed_project",)
