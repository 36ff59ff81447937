"""Where a project looks as if it were made to stay under a limit (规避风险), for people to check.

The law forbids to split a project so that its parts stay under a limit (A7). A file can show it by
its name, by values just under a limit, and beside other files of the same owner and site.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from drawreview.advice.closeness import CLOSE, PART, part_in
from drawreview.advice.whatif import WEIGHT, Change, WhatIf
from drawreview.condition.to_prose import number
from drawreview.engine.decide import decide
from drawreview.engine.decision import Decision
from drawreview.engine.document import PATH_ZH, Warned
from drawreview.engine.wording import PATH_EN
from drawreview.fact import UNIT_ZH, Kind
from drawreview.project.extent import exactly
from drawreview.project.kinds import Category
from drawreview.project.model import Project

_A7: Final = "建筑工程施工许可管理办法第三条禁止分解"


_WORDS: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "under": "规避风险：{fact}{value}{unit}，再多{by}{unit}即为{path}（「{phrase}」）；"
        "请核对测量依据，界限以下不足百分之一的须有实测为证",
        "over": "规避风险：{fact}只差{by}{unit}即为{path}（「{phrase}」）；"
        "只有图纸确实修改才算数，不得只改申报的数",
        "part": "规避风险：名称里的「{part}」像是一个项目的一部分；{law}，"
        "请与同一建设单位、同一地块的其他项目一并核对",
    },
    "en": {
        "under": "risk of evasion: {fact} {value} {unit}; {by} {unit} more, and it is {path} "
        "(「{phrase}」); check how it was measured: within one percent of a limit, survey it",
        "over": "risk of evasion: {fact} is {by} {unit} short of {path} (「{phrase}」); "
        "only a change of the drawings counts, not of the number applied for",
        "part": "risk of evasion: 「{part}」 in the name sounds like a part of a project; {law}; "
        "check it together with other projects of the same owner and site",
    },
}


def evasion_warnings(
    decision: Decision,
    found: WhatIf,
    others: Sequence[tuple[str, Project]] = (),
    *,
    lang: str = "zh",
) -> tuple[Warned, ...]:
    """Return what should be checked before anybody relies on a limit.

    Args:
        decision: The decision on the project.
        found: What would change it.
        others: Other project files, each with its name, that may be parts of the same project.
        lang: The language of everything but the law's words; of other files it is Chinese.
    """
    return (
        *_close_to_a_limit(decision, found, lang),
        *(() if others else _named_as_a_part(decision, found, lang)),
        *_parts_of_one(decision, others),
    )


def _close_to_a_limit(decision: Decision, found: WhatIf, lang: str) -> Iterator[Warned]:
    now = WEIGHT.get(decision.review_path, 0)
    for change in found.changes:
        if len(change.needs) > 1 or not _is_close(decision, change):
            continue
        step = change.steps[0]
        fact = decision.rulebook.facts[step.edit.fact]
        text = _WORDS[lang]["under" if WEIGHT[change.to] > now else "over"].format(
            fact=fact.zh if lang == "zh" else fact.en,
            value=number(fact.kind, decision.extents[fact.name][0]),
            unit=UNIT_ZH.get(step.edit.kind, "") if step.edit.kind else "",
            by=(step.edit.by or "").removeprefix("-"),
            path=(PATH_ZH if lang == "zh" else PATH_EN)[change.to],
            phrase=step.phrase,
        )
        yield Warned("A7" if fact.kind is Kind.AREA else "A4", step.clause, text)


def _is_close(decision: Decision, change: Change) -> bool:
    (need,) = change.needs
    kind = decision.rulebook.facts[need.fact].kind
    if kind not in {Kind.AREA, Kind.LENGTH}:
        return False
    now = decision.extents[need.fact][0 if need.up else 1]
    return abs(need.steps - now) <= need.steps * CLOSE


def _named_as_a_part(decision: Decision, found: WhatIf, lang: str) -> Iterator[Warned]:
    part = part_in(decision.project.name)
    lighter = decision.review_path == "exempt" or any(c.to == "exempt" for c in found.changes)
    if part and lighter:
        yield Warned("A7", "二(一)1(1)", _WORDS[lang]["part"].format(part=part, law=_A7))


def _parts_of_one(decision: Decision, others: Sequence[tuple[str, Project]]) -> Iterator[Warned]:
    """Yield a warning if this project and others of its owner and site would be another case."""
    own = decision.project
    parts = [(name, other) for name, other in others if _same_owner(own, other)]
    # Somebody may name a whole folder, and this project's own file with it.
    parts = [(name, other) for name, other in parts if _same_site(own, other) and other != own]
    if not parts:
        return
    whole = _merged(own, [other for _, other in parts])
    merged = decide(
        whole,
        on=decision.on,
        rulebook=decision.rulebook,
        assume_in_force=decision.assumption is not None,
    )
    area = merged.extents["total_floor_area_m2"]
    total = f"{number(Kind.AREA, area[0])}㎡" if area == exactly(area[0]) else "尚有未填"
    named = "、".join(other.name or name for name, other in parts)
    text = (
        f"与{named}为同一建设单位、同一地块：合并总建筑面积{total}，"
        f"合并后为{PATH_ZH[merged.review_path]}，单独申报为{PATH_ZH[decision.review_path]}"
    )
    if merged.review_path != decision.review_path:
        text = f"规避风险：{text}；{_A7}，应作为一个项目申报"
    yield Warned("A7", "二(一)1(1)", text)


def _merged(own: Project, others: Sequence[Project]) -> Project:
    """Return the projects as one; what one of them leaves out is unknown of the whole."""
    every = (own, *others)
    buildings = [one.buildings for one in every if one.category is not Category.MUNICIPAL]
    works = [one.special_works for one in every]
    return own.model_copy(
        update={
            "buildings": None if None in buildings else tuple(chain(*(b or () for b in buildings))),
            "special_works": None if None in works else tuple(chain(*(w or () for w in works))),
            "hints": tuple(chain(*(one.hints for one in every))),
        }
    )


def _same_owner(one: Project, other: Project) -> bool:
    """Whether the credit codes are the same, or, where one is not stated, the names."""
    own, theirs = one.project_owner, other.project_owner
    if own.credit_code and theirs.credit_code:
        return own.credit_code == theirs.credit_code
    return own.name is not None and _plain(own.name) == _plain(theirs.name)


def _same_site(one: Project, other: Project) -> bool:
    """Whether the project codes or the addresses are the same, or the names but for the part."""
    if one.project_code and one.project_code == other.project_code:
        return True
    if one.address and _plain(one.address) == _plain(other.address):
        return True
    return one.name is not None and _whole(one.name) == _whole(other.name)


def _plain(words: str | None) -> str:
    return "".join(unicodedata.normalize("NFKC", words or "").split()).casefold()


def _whole(name: str | None) -> str:
    """Return a project's name without what makes it a part."""
    return PART.sub("", _plain(name)).strip("()-_·、第")
