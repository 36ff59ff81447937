"""What would change a decision, as a clerk reads it: changes, two sides, limits that are close."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, cast

from drawreview.advice.design import FACTS_OF_THE_DESIGN
from drawreview.advice.needs import Need
from drawreview.advice.side_by_side import Flipped
from drawreview.advice.tolerance import Survival
from drawreview.advice.whatif import WEIGHT, Change, Step, WhatIf
from drawreview.cli.sheet import TRUTH_MARK
from drawreview.condition.to_prose import number
from drawreview.engine.decision import Decision
from drawreview.engine.document import ANNEX_ZH, PATH_ZH, Reason, ReviewPath, Warned
from drawreview.engine.wording import ANNEX_EN, PATH_EN, english_name
from drawreview.fact import UNIT_ZH, Kind
from drawreview.project.labels import called

_ROOMS: Final = {
    "zh": {
        "pump_room": "地下泵房",
        "fire_water_tank": "消防水池",
        "semi_basement": "半地下室",
        "pipe_trench": "管沟",
        "lift_pit": "电梯坑",
        "other": "其他地下室",
        "none": "无",
    },
    "en": {},  # their names in the project file, but for the underscores
}
_NOTHING_TO_CHANGE: Final = {
    "zh": {
        "undetermined": "事实还不齐：先补齐（见 drawreview decide），再看改动。",
        "referred": "条文对这一天或这一情形没有答案，改图纸改变不了。",
        "prior_review": "审查已经委托（尾s4），改图纸改变不了。",
        "out_of_scope": "本文件在这一天不适用，改图纸改变不了。",
    },
    "en": {
        "undetermined": "Facts are missing: supply them first (see drawreview decide).",
        "referred": "The text has no answer for this day or this case; no drawing changes that.",
        "prior_review": "The review was commissioned before (尾s4); no drawing changes that.",
        "out_of_scope": "This text does not apply on that day; no drawing changes that.",
    },
}
_NOTE: Final = {
    "zh": (
        "每一项都改后重新判定过。只列图纸上的改动，不列投资性质、用途、拆分、委托日期、认定等申报上的改动。",
        "面积、高度、层数互相牵连：改图之后请按新图重新填写全部数据。",
    ),
    "en": (
        "Each was decided again. What is declared and not drawn (who invests, use) is left alone.",
        "Areas, heights and storeys hang together: after a change fill in all data anew.",
    ),
}
_WORDS: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "and": "、",
        "path": "审查方式：{}",
        "opened": "还有未知的事实，补上之后可能还有别的改法：{}",
        "warnings": "注意",
        "others": "    可能同属一个项目的其他项目文件，用 --others FILE 附上",
        "quoted": "〔{}〕「{}」",
        "beyond": "改面积、高度、层数、地下室不能走{}：{}不成立。",
        "no_way": "改动不超过三项的，没有改法可走{}。",
        "lighter": "改走{}，至少须：",
        "lighter_together": "改走{}，至少须同时：",
        "heavier": "变成{}，只要：",
        "along": "       随之 {}",
        "depends": "       改后取决于待定解释 {}，承诺书：{}",
        "add": "增加{}",
        "take_away": "取消{}",
        "less": "{}减少 {}{} 以上",
        "more": "{}增加 {}{} 以上",
        "lower": "{}降低 {}{} 以上",
        "higher": "{}升高 {}{} 以上",
        "sides": "审查方式  {} → {}",
        "letters": "承诺书    {} → {}",
        "doubts": "取决于    {} → {}",
        "missing": "还缺      {}",
        "turned": "有变化的理由",
        "none_turned": "没有一条理由有变化。",
        "values": "（{} → {}）",
        "not_said": "未填",
        "not_drawn": "注意：{} 是申报的内容，不是图纸；只改申报、不改图纸的，属规避风险。",
        "none": "无",
    },
    "en": {
        "and": ", ",
        "path": "Review path: {}",
        "opened": "Some facts are unknown; with them there may be other ways: {}",
        "warnings": "Note",
        "others": "    add other project files that may be parts of it by --others FILE",
        "quoted": " [{}] 「{}」",
        "beyond": "No change of area, height, storeys or basement leads to {}; what fails is{}.",
        "no_way": "No change of up to three values leads to {}.",
        "lighter": "For {}, at the least:",
        "lighter_together": "For {}, at the least, together:",
        "heavier": "{} would follow from:",
        "along": "       along with it {}",
        "depends": "       it then depends on open question {}; letter: {}",
        "add": "add: {}",
        "take_away": "leave out: {}",
        "less": "{}: less by {} {} or more",
        "more": "{}: more by {} {} or more",
        "lower": "{}: lower by {} {} or more",
        "higher": "{}: higher by {} {} or more",
        "sides": "Review path  {} → {}",
        "letters": "Letter       {} → {}",
        "doubts": "Depends on   {} → {}",
        "missing": "Missing      {}",
        "turned": "Reasons that turn",
        "none_turned": "No reason turns.",
        "values": " ({} → {})",
        "not_said": "not given",
        "not_drawn": "Note: {} is declared, not drawn; to change that alone is a risk of evasion.",
        "none": "nothing",
    },
}
_PATH: Final = {"zh": PATH_ZH, "en": PATH_EN}
_ANNEX: Final = {"zh": ANNEX_ZH, "en": ANNEX_EN}
_UNIT: Final = {
    "zh": UNIT_ZH,
    "en": {Kind.AREA: "m²", Kind.LENGTH: "m", Kind.COUNT: "storeys"},
}


def lines_of_changes(
    decision: Decision,
    found: WhatIf,
    warnings: Sequence[Warned],
    *,
    alone: bool,
    lang: str = "zh",
) -> Iterator[str]:
    """Yield the smallest changes, lighter paths first, and what to beware of.

    Args:
        decision: The decision on the project.
        found: What would change it.
        warnings: What to beware of.
        alone: Whether the project was looked at without others that may be parts of it.
        lang: The language of everything but the law's words.
    """
    now, words = decision.review_path, _WORDS[lang]
    yield words["path"].format(_PATH[lang][now])
    if now in _NOTHING_TO_CHANGE[lang]:
        yield _NOTHING_TO_CHANGE[lang][now]
    for path in WEIGHT if now in WEIGHT else ():
        if path != now:
            yield ""
            yield from _reaching(decision, path, [c for c in found.changes if c.to == path], lang)
    if found.opened:
        yield ""
        yield words["opened"].format(words["and"].join(found.opened))
    if found.changes:
        yield from ("", *_NOTE[lang])
    if warnings:
        noted = (f"  ! [{w.question} {w.clause}] {w.text}" for w in warnings)
        yield from ("", words["warnings"], *noted)
        if alone:
            yield words["others"]


def _reaching(decision: Decision, path: str, changes: Sequence[Change], lang: str) -> Iterator[str]:
    words, name = _WORDS[lang], _PATH[lang][cast("ReviewPath", path)]
    if not changes:
        beyond = _beyond_the_drawings(decision, path)
        if beyond:
            quoted = (words["quoted"].format(r.clause, r.phrase) for r in beyond)
            yield words["beyond"].format(name, words["and"].join(quoted))
        else:
            yield words["no_way"].format(name)
        return
    lighter = WEIGHT[path] < WEIGHT[decision.review_path]
    together = "_together" if len(changes[0].needs) > 1 else ""
    yield words[f"lighter{together}" if lighter else "heavier"].format(name)
    for place, change in enumerate(changes, start=1):
        mark = f"  {place}. "
        for need in change.needs:
            quoted = words["quoted"].format(need.clause, need.phrase).strip()
            yield f"{mark}{_amount(decision, need, lang)}  {quoted}"
            mark = " " * 5
            for step in change.steps:
                if step.edit.fact == need.fact:
                    yield f"       {_edit(decision, step, lang)}"
        own = {need.fact for need in change.needs}
        for step in change.steps:
            if step.edit.fact not in own:
                yield words["along"].format(_edit(decision, step, lang))
        if change.after.depends_on:
            doubts = words["and"].join(change.after.depends_on)
            yield words["depends"].format(doubts, _ANNEX[lang][change.after.letter])


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


def _amount(decision: Decision, need: Need, lang: str) -> str:
    fact, words = decision.rulebook.facts[need.fact], _WORDS[lang]
    name = fact.zh if lang == "zh" else fact.en
    if fact.kind is Kind.CHOICE:
        return words["add" if need.up else "take_away"].format(name)
    by = number(fact.kind, abs(need.steps - decision.extents[need.fact][1]))
    down, up = ("lower", "higher") if fact.kind is Kind.LENGTH else ("less", "more")
    return words[up if need.up else down].format(name, by, _unit(fact.kind, by, lang))


def _edit(decision: Decision, step: Step, lang: str) -> str:
    edit = step.edit
    place = re.match(r"buildings\[(\d+)\]", edit.field)
    building = (decision.project.buildings or ())[int(place[1])] if place else None
    name = f"{building.name}  " if building and building.name else ""
    unit = _unit(edit.kind, edit.new, lang) if edit.kind else ""
    space = " " if lang == "en" and unit else ""
    old, new = _said(edit.old, lang), _said(edit.new, lang)
    return f"{name}{edit.field}  {old} → {new}{space}{unit}"


def _unit(kind: Kind, amount: str, lang: str) -> str:
    unit = _UNIT[lang].get(kind, "")
    return unit.removesuffix("s") if amount == "1" else unit


def _said(value: str, lang: str) -> str:
    kinds = (
        _ROOMS[lang].get(part, part.replace("_", " ") if lang == "en" else part)
        for part in value.split("、")
    )
    return _WORDS[lang]["and"].join(kinds)


def lines_side_by_side(
    before: Decision,
    after: Decision,
    turned: Sequence[Flipped],
    stated: Sequence[str],
    *,
    lang: str = "zh",
) -> Iterator[str]:
    """Yield both decisions and the phrases whose truth has turned.

    Args:
        before: The decision on the project as it is.
        after: The decision on the project as it was set.
        turned: The phrases whose truth differs.
        stated: The fields that were set and are no matter of design.
        lang: The language of everything but the law's words.
    """
    words, paths, annexes = _WORDS[lang], _PATH[lang], _ANNEX[lang]
    yield words["sides"].format(paths[before.review_path], paths[after.review_path])
    yield words["letters"].format(annexes[before.letter], annexes[after.letter])
    yield words["doubts"].format(*(_doubts(decision, lang) for decision in (before, after)))
    if after.missing:
        fields = [item.field for item in after.missing]
        named = words["and"].join(map(english_name, fields))
        yield words["missing"].format(called(after.project, fields) if lang == "zh" else named)
    yield ""
    yield words["turned" if turned else "none_turned"]
    for one in turned:
        told = (one.value_before or words["not_said"], one.value_after or words["not_said"])
        values = words["values"].format(*told) if one.value_before or one.value_after else ""
        turn = f"{TRUTH_MARK[one.before]} → {TRUTH_MARK[one.after]}"
        yield f"  {turn}  {words['quoted'].format(one.clause, one.phrase).strip()}{values}"
    if stated:
        yield ""
        yield words["not_drawn"].format(words["and"].join(stated))


def _doubts(decision: Decision, lang: str) -> str:
    return _WORDS[lang]["and"].join(decision.depends_on) or _WORDS[lang]["none"]


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
