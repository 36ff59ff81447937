"""What somebody who reads deadlines must know beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from drawreview.engine.decision import Decision, Standing
from drawreview.project.labels import called
from drawreview.site.log import Known

if TYPE_CHECKING:
    from drawreview.site.schedule import Due

_STAGED: Final = "二(二)s1"


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know beside the deadlines."""

    clause: str
    text: str
    english: str


def notes_on(
    decision: Decision, today: Standing, known: Known, dues: Sequence[Due]
) -> Iterator[Note]:
    """Yield each note that bears on these deadlines.

    Args:
        decision: What was decided for the day on which the terms began.
        today: Whether the document still governs the day that is asked about.
        known: What counts of the log.
        dues: The deadlines.
    """
    yield from _on_the_path(decision)
    if today.because and decision.standing.path is None and dues:
        yield Note(
            "尾s1",
            f"{today.because}；期限在此前起算，照列",
            f"{today.english}; the terms began before that and are listed all the same",
        )
    if decision.review_path != "exempt":
        yield from _on_the_start(known, dues)
    yield from _on_the_clock(dues)


def _on_the_path(decision: Decision) -> Iterator[Note]:
    because = decision.standing.because
    if decision.assumption:
        yield Note(
            "尾s1",
            f"假定有效，仅供测算：{because}",
            f"assumed in force, as a what-if only: {decision.standing.english}",
        )
    elif because:
        yield Note(
            "尾s1",
            f"{because}；本市的期限因此不列",
            f"the city's deadlines are not listed: {decision.standing.english}",
        )
    match decision.review_path:
        case "exempt":
            yield Note(
                "二(一)1",
                "本项目免于审查，没有审查期限",
                "the project is exempt from review, so no review is due",
            )
            yield Note(
                "三(二)¶1s5",
                "抽查：无期限规定。本文件没有写明抽查总用时，只写明施工图修改时间不计入",
                "spot check: no limit is set; the text only leaves out the time of correction",
            )
        case "prior_review":
            yield Note(
                "尾s4",
                "应继续办结原委托的审查，不适用二(二)的期限",
                "the review already commissioned is to be finished; 二(二) sets it no deadline",
            )
        case "undetermined":
            fields = [missing.field for missing in decision.missing]
            chinese, english = called(decision.project, fields), ", ".join(fields)
            yield Note(
                "二(一)",
                f"审查方式待补充（缺 {chinese}）；如属免于审查，下列期限不适用",
                f"the path is open (missing: {english}); an exempt project has no deadlines",
            )
        case "referred" if not because:
            gap = decision.rulebook.city.gap
            yield Note(
                gap.clause if gap else "尾s3",
                "审查方式须请示；本市的期限因此不列",
                "the path is referred, so the city's deadlines are not listed",
            )
        case _:
            pass


def _on_the_start(known: Known, dues: Sequence[Due]) -> Iterator[Note]:
    submitted, last = known.named("full_set_submitted"), known.last("full_set_submitted")
    if last is None:
        yield Note(
            _STAGED,
            "尚未报送全套施工图，审查期限没有起算",
            "no full set of drawings was submitted yet, so no term has begun",
        )
        return
    days = list(dict.fromkeys(str(entry.on) for entry in submitted))
    if len(days) > 1:
        yield Note(
            _STAGED,
            f"数次报送全套施工图（{'、'.join(days)}），自最后一次重新起算",
            f"a full set was submitted several times ({', '.join(days)}); the last one counts",
        )
    changed = known.last("major_design_change")
    if changed and changed.on >= last.on:
        yield Note(
            "三(四)¶2",
            f"报送（{last.on}）之后有重大设计变更（{changed.on}），变更后的施工图尚未报送；"
            "期限按已报送的计",
            f"the design was changed on {changed.on}, after the submission of {last.on}; "
            "the changed drawings were not submitted, so the terms are those of the earlier ones",
        )
    staged = [due for due in dues if due.reading]
    staging = known.first("staging_requested")
    if staged and staging and staging.on != last.on:
        yield Note(
            _STAGED,
            f"报送（{last.on}）与要求分部审查（{staging.on}）不在同一天，自后一天起算",
            f"submitted {last.on}, staging requested {staging.on}: the later day is the start",
        )
    if staged:
        terms = {due.what: due.term.workdays for due in staged}
        numbers = [str(workdays) for workdays in terms.values()]
        yield Note(
            _STAGED,
            f"条文没有写明 {'、'.join(numbers)} 个工作日同时起算还是先后起算，两种到期日都列出",
            f"the text does not say whether the terms of {' and '.join(numbers)} working days "
            "begin at once or in turn; both due days are listed",
        )
        yield Note(
            "13号令第十二条(二)",
            "国家对勘察文件审查另有时限，可能长于地基与基础部分的时限",
            "the national limit for the survey may be longer than that for the foundation",
        )
    elif dues and not staging:
        yield Note(
            "13号令第十二条",
            "没有要求先行审查地基与基础部分，分部期限不适用；下列国家时限仅供参考",
            "no staging was requested, so 二(二) sets no term; national limits are information",
        )


def _on_the_clock(dues: Sequence[Due]) -> Iterator[Note]:
    if any(due.term.pauses for due in dues):
        yield Note(
            "13号令第十二条¶2",
            "停表依据「以上时限不包括施工图修改时间和审查机构的复审时间」；"
            "二(二)没有自己的停表规定，不扣除的到期日一并列出",
            "stops rest on 13号令 第十二条; 二(二) has none of its own, so the days without "
            "stops are listed too",
        )
    late = [d.due for d in dues if d.due and d.due > d.calendar.settled_until]
    if late:
        year = late[0].year
        yield Note(
            "工作日",
            f"{year + 1} 年的放假安排公布后，{year} 年最后几天仍可能调休，到期日随之变动",
            f"the notice for {year + 1} may still change the last days of {year}",
        )
