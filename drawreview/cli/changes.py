"""What would change a decision, as a clerk reads it: changes, two sides, limits that are close."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from drawreview.advice.design import FACTS_OF_THE_DESIGN
from drawreview.advice.needs import Need
from drawreview.advice.side_by_side import Flipped
from drawreview.advice.tolerance import Survival
from drawreview.advice.whatif import WEIGHT, Change, Step, WhatIf
from drawreview.cli.sheet import TRUTH_MARK
from drawreview.condition.to_prose import number
from drawreview.engine.decision import Decision
from drawreview.engine.document import ANNEX_ZH, PATH_ZH, Reason, Warned
from drawreview.engine.wording import PATH_EN
from drawreview.fact import UNIT_ZH, Kind
from drawreview.project.labels import called

_VERBS: Final = {Kind.LENGTH: ("降低", "升高")}
_ROOM_ZH: Final = {
    "pump_room": "地下泵房",
    "fire_water_tank": "消防水池",
    "semi_basement": "半地下室",
    "pipe_trench": "管沟",
    "lift_pit": "电梯坑",
    "other": "其他地下室",
    "none": "无",
}
_NOTHING_TO_CHANGE: Final = {
    "undetermined": "事实还不齐：先补齐（见 drawreview decide），再看改动。",
    "referred": "条文对这一天或这一情形没有答案，改图纸改变不了。",
    "prior_review": "审查已经委托（尾s4），改图纸改变不了。",
    "out_of_scope": "本文件在这一天不适用，改图纸改变不了。",
}
_NOTE: Final = (
    "每一项都改后重新判定过。只列图纸上的改动，不列投资性质、用途、拆分、委托日期、认定等申报上的改动。",
    "面积、高度、层数互相牵连：改图之后请按新图重新填写全部数据。",
)


def lines_of_changes(
    decision: Decision, found: WhatIf, warnings: Sequence[Warned], *, alone: bool
) -> Iterator[str]:
    """Yield the smallest changes, lighter paths first, and what to beware of.

    Args:
        decision: The decision on the project.
        found: What would change it.
        warnings: What to beware of.
        alone: Whether the project was looked at without others that may be parts of it.
    """
    now = decision.review_path
    yield f"审查方式：{PATH_ZH[now]}"
    if now in _NOTHING_TO_CHANGE:
        yield _NOTHING_TO_CHANGE[now]
    for path in WEIGHT if now in WEIGHT else ():
        if path != now:
            yield ""
            yield from _reaching(decision, path, [c for c in found.changes if c.to == path])
    if found.opened:
        yield ""
        yield f"还有未知的事实，补上之后可能还有别的改法：{'、'.join(found.opened)}"
    if found.changes:
        yield from ("", *_NOTE)
    if warnings:
        yield from ("", "注意", *(f"  ! [{w.question} {w.clause}] {w.text}" for w in warnings))
        if alone:
            yield "    可能同属一个项目的其他项目文件，用 --others FILE 附上"


def _reaching(decision: Decision, path: str, changes: Sequence[Change]) -> Iterator[str]:
    lighter = WEIGHT[path] < WEIGHT[decision.review_path]
    if not changes:
        beyond = _beyond_the_drawings(decision, path)
        if beyond:
            said = "、".join(f"〔{r.clause}〕「{r.phrase}」" for r in beyond)
            yield f"改面积、高度、层数、地下室不能走{PATH_ZH[path]}：{said}不成立。"
        else:
            yield f"改动不超过三项的，没有改法可走{PATH_ZH[path]}。"
        return
    several = "同时" if len(changes[0].needs) > 1 else ""
    yield f"改走{PATH_ZH[path]}，至少须{several}：" if lighter else f"变成{PATH_ZH[path]}，只要："
    for place, change in enumerate(changes, start=1):
        mark = f"  {place}. "
        for need in change.needs:
            yield f"{mark}{_amount(decision, need)}  〔{need.clause}〕「{need.phrase}」"
            mark = " " * 5
            for step in change.steps:
                if step.edit.fact == need.fact:
                    yield f"       {_edit(decision, step)}"
        own = {need.fact for need in change.needs}
        for step in change.steps:
            if step.edit.fact not in own:
                yield f"       随之 {_edit(decision, step)}"
        if change.after.depends_on:
            yield (
                f"       改后取决于待定解释 {'、'.join(change.after.depends_on)}，承诺书："
                + ANNEX_ZH[change.after.letter]
            )


def _beyond_the_drawings(decision: Decision, path: str) -> list[Reason]:
    """Return the phrases that keep a project from a path whatever is drawn; none if some rule may.

    Of several rules the first speaks: the others want as much.
    """
    law = decision.rulebook
    rules = [rule.id for rule in law.path.rules if rule.settled("review_path") == path]
    lost = [
        [
            reason
            for reason in decision.reasons
            if reason.rule == rule
            and reason.truth == "false"
            and reason.facts
            and reason.facts[0].fact not in FACTS_OF_THE_DESIGN
            and not law.facts[reason.facts[0].fact].derived
        ]
        for rule in rules
    ]
    return lost[0] if lost and all(lost) else []


def _amount(decision: Decision, need: Need) -> str:
    fact = decision.rulebook.facts[need.fact]
    if fact.kind is Kind.CHOICE:
        return f"{'增加' if need.up else '取消'}{fact.zh}"
    now = decision.extents[need.fact][1]
    less, more = _VERBS.get(fact.kind, ("减少", "增加"))
    by = number(fact.kind, abs(need.steps - now))
    return f"{fact.zh}{more if need.up else less} {by}{UNIT_ZH[fact.kind]} 以上"


def _edit(decision: Decision, step: Step) -> str:
    edit = step.edit
    place = re.match(r"buildings\[(\d+)\]", edit.field)
    building = (decision.project.buildings or ())[int(place[1])] if place else None
    name = f"{building.name}  " if building and building.name else ""
    unit = UNIT_ZH.get(edit.kind, "") if edit.kind else ""
    old, new = _said(edit.old), _said(edit.new)
    return f"{name}{edit.field}  {old} → {new}{unit}"


def _said(value: str) -> str:
    return "、".join(_ROOM_ZH.get(part, part) for part in value.split("、"))


def lines_side_by_side(
    before: Decision, after: Decision, turned: Sequence[Flipped], stated: Sequence[str]
) -> Iterator[str]:
    """Yield both decisions and the phrases whose truth has turned.

    Args:
        before: The decision on the project as it is.
        after: The decision on the project as it was set.
        turned: The phrases whose truth differs.
        stated: The fields that were set and are no matter of design.
    """
    yield f"审查方式  {PATH_ZH[before.review_path]} → {PATH_ZH[after.review_path]}"
    yield f"承诺书    {ANNEX_ZH[before.letter]} → {ANNEX_ZH[after.letter]}"
    yield f"取决于    {_doubts(before)} → {_doubts(after)}"
    if after.missing:
        yield f"还缺      {called(after.project, (item.field for item in after.missing))}"
    yield ""
    yield "有变化的理由" if turned else "没有一条理由有变化。"
    for one in turned:
        values = (
            f"（{one.value_before or '未填'} → {one.value_after or '未填'}）"
            if one.value_before or one.value_after
            else ""
        )
        turn = f"{TRUTH_MARK[one.before]} → {TRUTH_MARK[one.after]}"
        yield f"  {turn}  〔{one.clause}〕「{one.phrase}」{values}"
    if stated:
        yield ""
        said = "、".join(stated)
        yield f"注意：{said} 是申报的内容，不是图纸；只改申报、不改图纸的，属规避风险。"


def _doubts(decision: Decision) -> str:
    return "、".join(decision.depends_on) or "无"


_SURVIVAL: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "open": "事实还不齐，经不经得起测量误差，要补齐之后才知道。",
        "stands": "测量误差之内，仍是{}。",
        "falls": "测量误差之内，不一定是{}：",
        "crossed": "  ？ {value}{unit}（{least}～{most}{unit}）跨过界限 {limit}{unit}",
    },
    "en": {
        "open": "Facts are missing; whether the path survives the errors is not known yet.",
        "stands": "Within the errors of measurement it stays: {}.",
        "falls": "Within the errors of measurement it may not be: {}",
        "crossed": "  ？ {value} {unit} ({least} to {most} {unit}) crosses {limit} {unit}",
    },
}


def lines_of_survival(found: Survival, lang: str = "zh") -> Iterator[str]:
    """Yield whether the path survives the errors of measurement, and which limits they cross."""
    words = _SURVIVAL[lang]
    path = (PATH_ZH if lang == "zh" else PATH_EN)[found.path]
    yield ""
    if found.survives is None:
        yield words["open"]
        return
    if found.survives:
        yield words["stands"].format(path)
        return
    yield words["falls"].format(path)
    for one in found.crossed:
        crossed = words["crossed"].format(
            value=one.value, unit=one.unit, least=one.at_least, most=one.at_most, limit=one.limit
        )
        yield f"{crossed}  〔{one.clause}〕「{one.phrase}」"
