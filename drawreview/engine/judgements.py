"""What a clerk must know of the judgements: which are contradicted, what to write, who signed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

from drawreview.engine.document import Warned
from drawreview.project.facts import FACTS
from drawreview.project.judgements import JUDGED, against, unanswered

if TYPE_CHECKING:
    from drawreview.project.model import Judgement, Project

_CLAUSE: Final = "二(一)1(1)"
_WHERE: Final = {
    "single_function": "各栋 use 有",
    "simple_technique": "hints 有",
    "similar_use": "建筑物性质是",
}


def judgement_warnings(project: Project, on: date) -> Iterator[Warned]:
    """Yield a warning for each affirmed judgement that the statement itself speaks against."""
    for name, question in JUDGED.items():
        judgement: Judgement | None = getattr(project, name)
        if judgement is None or not judgement.value:
            continue
        if judgement.on and judgement.on > on:
            text = f"{FACTS[name].zh}：认定日期 {judgement.on.isoformat()} 晚于决定日期，请核对"
            yield Warned(question, _CLAUSE, text)
        signs = "、".join(against(project, name))
        if not signs:
            continue
        text = (
            _to_be_answered(name, signs, judgement, on)
            if unanswered(project, name)
            # Who signed is in the project file: a record of the decision must not name persons.
            else f"已于{judgement.on}署名认定"
        )
        yield Warned(question, _CLAUSE, f"{FACTS[name].zh}：{_WHERE[name]}{signs}；{text}")


def _to_be_answered(name: str, signs: str, judgement: Judgement, on: date) -> str:
    """Say what the judgement lacks, and exactly what to write where."""
    lacking = "、".join(
        f"{key}（{what}）"
        for key, what in (("by", "认定人"), ("on", "日期"), ("why", "理由"))
        if getattr(judgement, key) is None
    )
    return (
        f"{name} 的声明没有署名认定，缺 {lacking}，在此之前按未知处理。在项目文件写 "
        f"{name}: {{value: true, by: 认定人姓名, on: {on.isoformat()}, why: 对{signs}的说明}}；"
        f"认定不成立的写 {name}: false"
    )
