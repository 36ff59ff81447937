"""Why a replayed decision differs from the recorded one, and which clause the difference is in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final, NamedTuple, cast

from drawreview.condition.ast import leaves
from drawreview.engine.decision import Decision
from drawreview.engine.document import (
    PATH_ZH,
    DecisionDocument,
    written,
)
from drawreview.records.body import bounded, law_of
from drawreview.records.canonical import canonical
from drawreview.rulebook.model import MOST_KEPT, Rule, Rulebook


class Cause(Enum):
    """What a difference comes from."""

    DAMAGED = "damaged"  # the bytes are not those that were signed, or not a record
    UNPROVEN = "unproven"  # it comes out differently, and nobody outside vouches for the bytes
    INPUT_EDITED = "input_edited"
    PACK_CHANGED = "rule_pack_changed"
    LAW_CHANGED = "law_changed"
    READING_CHANGED = "reading_changed"
    CALENDAR_CHANGED = "calendar_changed"
    TEMPLATE_CHANGED = "template_changed"
    FONT_CHANGED = "font_changed"
    ENGINE_DEFECT = "engine_defect"


CAUSE_ZH: Final = {
    Cause.DAMAGED: "记录受损或被改",
    Cause.UNPROVEN: "字节未经证实",
    Cause.INPUT_EDITED: "输入被改",
    Cause.PACK_CHANGED: "规则文件变了",
    Cause.LAW_CHANGED: "法规变了",
    Cause.READING_CHANGED: "读法变了",
    Cause.CALENDAR_CHANGED: "日历变了",
    Cause.TEMPLATE_CHANGED: "格式文本变了",
    Cause.FONT_CHANGED: "字体变了",
    Cause.ENGINE_DEFECT: "引擎缺陷",
}
_PART_ZH: Final = {
    "review_path": "审查方式",
    "review_path_zh": "审查方式",
    "letter": "承诺书",
    "certainty": "稳健与否",
    "depends_on": "所取决的待定问题",
    "because": "缘由",
    "reasons": "理由",
    "missing": "待补充项",
    "permit_route": "许可路径",
    "permit_reasons": "许可理由",
    "permit_missing": "许可待补充项",
    "duties": "要办的事",
    "warnings": "注意事项",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a replay found: in which record, from what cause, in which clauses.

    `path` is the recorded review path and the one found now, where they differ.
    """

    seq: int
    record: str
    cause: Cause
    clauses: tuple[str, ...]
    said: str
    path: tuple[str, str] | None = None

    def __str__(self) -> str:
        where = f"〔{'、'.join(self.clauses)}〕" if self.clauses else ""
        return f"{self.seq} {self.record} {CAUSE_ZH[self.cause]}{where}：{self.said}"


class Difference(NamedTuple):
    """How something done again differs from what is recorded: a finding that has no place yet."""

    cause: Cause
    clauses: tuple[str, ...]
    said: str
    path: tuple[str, str] | None = None


# What another pack or reading changes in every decision, and so says nothing about any.
_NAMES: Final = ("decision_id", "rulebook", "readings", "engine", "project")


def differing(document: DecisionDocument, recorded: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the parts of the document that differ, apart from names and versions."""
    found = asdict(document)
    return tuple(
        name
        for name, part in found.items()
        if name not in _NAMES and canonical(part) != canonical(recorded.get(name))
    )


def cause_within(decision: Decision, said: Mapping[str, Any]) -> Cause:
    """Return why a decision on the recorded input and law is not the recorded one."""
    recorded, law = said["decision"], said["law"]
    content = written({**recorded, "decision_id": ""})
    if sha256(content).hexdigest() != recorded["decision_id"]:
        return Cause.DAMAGED  # no engine writes a document that is not what its id says
    if (said["on"], said["assumption"]) != (recorded["on"], recorded["assumption"]):
        return Cause.INPUT_EDITED
    if decision.project_digest != recorded["project"]["digest"]:
        return Cause.INPUT_EDITED
    if law["readings"] != recorded["readings"]:
        return Cause.READING_CHANGED
    if law["pack"] != recorded["rulebook"]["digest"]:
        return Cause.PACK_CHANGED
    return Cause.ENGINE_DEFECT


def differing_law(
    said: Mapping[str, Any], law: Rulebook, *, counts_days: bool
) -> Iterable[Difference]:
    """Yield what a record says of the law that its rule pack does not; each name is held to it."""
    real = _law_said(law)
    if said == real or (counts_days and {**said, "calendar": None} == real):
        return
    if set(said) != set(real):
        yield Difference(Cause.DAMAGED, (), "法规部分的项目不全或多余")
        return
    if not counts_days and said["calendar"] is not None:
        yield Difference(Cause.CALENDAR_CHANGED, (), "记有日历，而判定不用日历")
    notices, trial = _clauses_reading(law, "district_listed"), _trial_clauses(law)
    for name, cause, what, clauses in (
        ("id", Cause.PACK_CHANGED, "文件", trial),
        ("readings", Cause.READING_CHANGED, "读法", ()),
        ("overlay", Cause.PACK_CHANGED, "附加目录", trial),
        ("district_lists", Cause.PACK_CHANGED, "旗县区通知", notices),
    ):
        if said[name] != real[name]:
            yield Difference(cause, clauses, f"所记的{what}与规则包里的不同")


@lru_cache(maxsize=MOST_KEPT)
def _law_said(law: Rulebook) -> dict[str, Any]:
    return json.loads(canonical(asdict(law_of(law))))


def _clauses_reading(law: Rulebook, fact: str) -> tuple[str, ...]:
    """Return the clauses whose rules read a fact."""
    rules = (r.clause for r in law.rules if any(leaf.fact == fact for leaf in leaves(r.when)))
    return tuple(dict.fromkeys(rules))


def _trial_clauses(law: Rulebook) -> tuple[str, ...]:
    return (law.city.trial.clause,) if law.city.trial else ()


def clauses_of(decision: Decision, said: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the clauses whose rules came out differently, or else whose parts did."""
    if decision.standing.because != said["decision"]["because"]:
        return _standing_clauses(decision)
    truths = cast("dict[str, int]", said["truths"])
    rules = [r for r in decision.rulebook.order if truths.get(r.id) != int(decision.truth_of[r.id])]
    if rules:
        return tuple(dict.fromkeys(r.clause for r in rules if r.clause))
    recorded = cast("dict[str, Any]", said["decision"])
    found = asdict(decision.document)
    parts = (
        each["clause"]
        for name in ("reasons", "missing", "permit_reasons", "duties", "warnings")
        for each in _only_in_one(found[name], recorded.get(name, ()))
    )
    return tuple(dict.fromkeys(parts))


def _standing_clauses(decision: Decision) -> tuple[str, ...]:
    """Return the clause by which the document governs the day or not."""
    law, question = decision.rulebook, decision.standing.question
    if question and question in law.questions:
        return (law.questions[question].clause,)
    return _trial_clauses(law)


def _only_in_one(one: Iterable[Any], other: Iterable[Any]) -> Iterable[Any]:
    by_bytes = [{canonical(each): each for each in side} for side in (one, other)]
    for key in by_bytes[0].keys() ^ by_bytes[1].keys():
        yield by_bytes[0].get(key) or by_bytes[1][key]


def cause_between(old: Rulebook, new: Rulebook, rules: Iterable[str]) -> Cause:
    """Return why these rules come out differently under another pack: its law, or its encoding."""
    if old.successors != new.successors or old.district_lists != new.district_lists:
        return Cause.LAW_CHANGED
    if _dates(old) != _dates(new):
        return Cause.LAW_CHANGED
    for rule in rules:
        if _words(old, rule) != _words(new, rule):
            return Cause.LAW_CHANGED
    return Cause.PACK_CHANGED


def _dates(law: Rulebook) -> object:
    return law.city.trial, law.city.gap


def _words(law: Rulebook, rule_id: str) -> str | None:
    rule: Rule | None = law.by_id.get(rule_id)
    return None if rule is None else law.document_of(rule).clauses.get(rule.clause)


def moved(decision: Decision, said: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the recorded path and the one found now, where they differ."""
    before, after = said["decision"]["review_path"], decision.review_path
    return None if before == after else (before, after)


def told(decision: Decision, said: Mapping[str, Any], parts: Iterable[str]) -> str:
    """Return in words what differs."""
    if path := moved(decision, said):
        return step(path)
    found, kept = bounded(decision.measured.extents), said["extents"]
    if found != kept:
        names = [name for name in sorted({*found, *kept}) if found.get(name) != kept.get(name)]
        return f"结论相同，量得的事实不同：{'、'.join(names)}"
    named = [*dict.fromkeys(_PART_ZH.get(part, part) for part in parts)]
    now = {rule: int(truth) for rule, truth in decision.truth_of.items()}
    if not named and now == said["truths"]:
        named = ["文档所称的项目、规则、读法或版本"]
    return f"结论相同，不同的是{'、'.join(named) or '规则真值'}"


def step(path: tuple[str, str]) -> str:
    """Return in words how a path differs."""
    before, after = path
    return f"{PATH_ZH.get(before, before)} → {PATH_ZH.get(after, after)}"
