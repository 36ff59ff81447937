"""What a rule says of stages must be what its words say, and readings must be on the register."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, get_args

from drawreview.errors import Problem
from drawreview.project.kinds import STAGES
from drawreview.rulebook.model import LEVELS, Rulebook
from drawreview.rulebook.rule import MayStart, Rule, StageGate

# 方可、可以、……前: until then not. Where the text is silent, only a question on the register asks.
_WORDS: Final[dict[MayStart, tuple[str, ...]]] = {
    "then": ("允许", "至垫层"),
    "only_then": ("方可", "可以", "前"),
    "not_then": ("不得",),
}


def stage_problems(rulebook: Rulebook) -> Iterator[Problem]:
    """Yield every rule whose stages or readings its words and the register do not bear out."""
    for rule in rulebook.rules:
        for conclusion in rule.then:
            if conclusion.stage:
                yield from _stage(rule, conclusion.words, conclusion.stage)
        for name, readings in rule.under:
            question = rulebook.questions.get(name)
            unknown = [r for r in readings if question and r not in question.readings]
            if question is None or unknown or not readings:
                problem = f"{rule.id} 的 under 指向 {name}: {'、'.join(unknown or readings)}。"
                yield Problem(rule.place, problem, "写登记在册的待定问题和它的读法。")
    for document in rulebook.documents:
        said = document.about.get("level", LEVELS[0])
        if said not in LEVELS:
            remedy = f"可用：{'、'.join(LEVELS)}。"
            yield Problem(f"{document.id}/document.yaml", f"不认识的 level {said}。", remedy)
    for question in rulebook.questions.values():
        for stage in (s for s in question.stages if s not in STAGES):
            place = f"{rulebook.id}/open_questions.yaml ({question.id})"
            yield Problem(place, f"没有节点 {stage}。", f"可用：{'、'.join(STAGES)}。")


def _stage(rule: Rule, words: str, gate: StageGate) -> Iterator[Problem]:
    unknown = [name for name in gate.names if name not in STAGES]
    if unknown or gate.may_start not in get_args(MayStart):
        problem = f"不认识的节点或用语：{'、'.join((*unknown, gate.may_start))}。"
        remedy = f"节点可用：{'、'.join(STAGES)}；may_start 可用：{'、'.join(get_args(MayStart))}。"
        yield Problem(rule.place, problem, remedy)
        return
    if rule.under:
        return  # what the words leave open, the register explains
    named = [s for s, label in STAGES.items() if any(one in words for one in label.split("|"))]
    if named != list(gate.names):
        problem = (
            f"「{words}」说的是 {'、'.join(named) or '（无）'}，规则写 {'、'.join(gate.names)}。"
        )
        yield Problem(rule.place, problem, "改正 names，或在 under 里写明依据哪个待定问题。")
    if not any(word in words for word in _WORDS.get(gate.may_start, ())):
        problem = f"「{words}」没有 {gate.may_start} 的用语。"
        yield Problem(rule.place, problem, "允许用 then，方可用 only_then，不得用 not_then。")
