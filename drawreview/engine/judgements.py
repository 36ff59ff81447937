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
    "single_function": "各栋用途有",
    "simple_technique": "项目里写有",
    "similar_use": "建筑物性质是",
}


def judgement_warnings(project: Project, on: date, *, exempt: bool) -> Iterator[Warned]:
    """Yield what must be said of each affirmed judgement.

    Args:
        project: What the applicant states.
        on: The day of the decision.
        exempt: Whether an exemption rests on the judgements, signed or not.
    """
    for name, question in JUDGED.items():
        judgement: Judgement | None = getattr(project, name)
        if judgement is None or not judgement.value:
            continue
        signs = "、".join(against(project, name))
        text = None
        if signs and unanswered(project, name, on):
            text = f"{_WHERE[name]}{signs}；{_to_be_answered(name, signs, judgement, on)}"
        elif signs:
            # Who signed is in the project file: a record of the decision must not name persons.
            text = f"{_WHERE[name]}{signs}；已于{judgement.on}署名认定"
        elif exempt and not judgement.signed and name != "similar_use":
            text = f"免审依据的声明没有署名；请在项目文件写 {_written(name, on, '认定的理由')}"
        elif judgement.on and judgement.on > on:
            text = f"认定日期 {judgement.on.isoformat()} 晚于决定日期，请核对"
        if text:
            yield Warned(question, _CLAUSE, f"{FACTS[name].zh}：{text}")


def _to_be_answered(name: str, signs: str, judgement: Judgement, on: date) -> str:
    """Say what the judgement lacks, and exactly what to write where."""
    lacking = "、".join(
        f"{key}（{what}）"
        for key, what in (("by", "认定人"), ("on", "日期"), ("why", "理由"))
        if getattr(judgement, key) is None
    )
    why = f"缺 {lacking}" if lacking else f"认定日期 {judgement.on} 晚于决定日期 {on.isoformat()}"
    return (
        f"{name} 的声明没有署名认定，{why}，在此之前按未知处理。在项目文件写 "
        f"{_written(name, on, f'对{signs}的说明')}；认定不成立的写 {name}: false"
    )


def _written(name: str, on: date, why: str) -> str:
    return f"{name}: {{value: true, by: 认定人姓名, on: {on.isoformat()}, why: {why}}}"
