"""What somebody who reads deadlines must know beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from drawreview.engine.decision import Decision
from drawreview.site.log import Known

if TYPE_CHECKING:
    from drawreview.site.schedule import Due

_STAGED: Final = "二(二)s1"


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know beside the deadlines."""

    clause: str
    text: str


def notes_on(decision: Decision, known: Known, dues: Sequence[Due]) -> Iterator[Note]:
    """Yield each note that bears on these deadlines."""
    yield from _on_the_path(decision, known)
    if decision.review_path == "exempt":
        text = "抽查：无期限规定。本文件没有写明抽查总用时，只写明施工图修改时间不计入"
        yield Note("三(二)¶1s5", text)
    else:
        yield from _on_the_start(known, dues)
    yield from _on_the_clock(dues)


def _on_the_path(decision: Decision, known: Known) -> Iterator[Note]:
    law = decision.rulebook
    if decision.assumption:
        yield Note("尾s1", f"假定有效，仅供测算：{decision.standing.because}")
    elif decision.standing.because:
        yield Note("尾s1", f"{decision.standing.because}；本市的期限因此不列")
    match decision.review_path:
        case "exempt":
            yield Note("二(一)1", "本项目免于审查，没有审查期限")
            for entry in known.named("full_set_submitted", "staging_requested"):
                yield Note("二(一)1", f"免于审查的项目却在 {entry.on} 报送或要求审查，请核对")
        case "prior_review":
            yield Note("尾s4", "应继续办结原委托的审查，不适用二(二)的期限")
        case "undetermined":
            fields = "、".join(missing.field for missing in decision.missing)
            yield Note("二(一)", f"审查方式待补充（缺 {fields}）；如属免于审查，下列期限不适用")
        case "referred" if not decision.standing.because:
            gap = law.city.gap
            yield Note(gap.clause if gap else "尾s3", "审查方式须请示；本市的期限因此不列")
        case _:
            pass


def _on_the_start(known: Known, dues: Sequence[Due]) -> Iterator[Note]:
    submitted, last = known.named("full_set_submitted"), known.last("full_set_submitted")
    if last is None:
        yield Note(_STAGED, "尚未报送全套施工图，审查期限没有起算")
        return
    if len(submitted) > 1:
        listed = "、".join(str(entry.on) for entry in submitted)
        yield Note(_STAGED, f"数次报送全套施工图（{listed}），自最后一次重新起算")
    staged = [due for due in dues if due.reading]
    staging = known.first("staging_requested")
    if staged and staging and staging.on != last.on:
        text = f"报送（{last.on}）与要求分部审查（{staging.on}）不在同一天，自后一天起算"
        yield Note(_STAGED, text)
    if staged:
        terms = {due.what: due.term.workdays for due in staged}
        listed = "、".join(str(workdays) for workdays in terms.values())
        yield Note(_STAGED, f"条文没有写明 {listed} 个工作日同时起算还是先后起算，两种到期日都列出")
        yield Note("13号令第十二条(二)", "国家对勘察文件审查另有时限，可能长于地基与基础部分的时限")
    elif dues:
        why = "没有要求先行审查地基与基础部分，" if not staging else ""
        yield Note("13号令第十二条", f"{why}本市的分部期限不适用；下列国家时限仅供参考")


def _on_the_clock(dues: Sequence[Due]) -> Iterator[Note]:
    if any(due.term.pauses for due in dues):
        text = (
            "停表依据「以上时限不包括施工图修改时间和审查机构的复审时间」；"
            "二(二)没有自己的停表规定，不扣除的到期日一并列出"
        )
        yield Note("13号令第十二条¶2", text)
    late = [d.due for d in dues if d.due and d.due > d.calendar.settled_until]
    if late:
        year = late[0].year + 1
        text = f"{year} 年的放假安排公布后，{late[0].year} 年最后几天仍可能调休，到期日随之变动"
        yield Note("工作日", text)
