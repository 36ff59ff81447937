"""Events that cannot all be true, or that lack what must have gone before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from drawreview.project.model import Project
from drawreview.site.events import EVENT_EN, EVENT_ZH, ReportIssued, is_partial
from drawreview.site.log import Counted, Finding, Known, Log, named
from drawreview.site.state import uploads
from drawreview.site.stops import stops_of

# An event, and those of which at least one must stand on the same day or before, with the clause.
_AFTER: Final = {
    "staging_requested": (("full_set_submitted",), "二(二)s1"),
    "foundation_report_issued": (("full_set_submitted",), "二(二)s1"),
    "remaining_report_issued": (("full_set_submitted",), "二(二)s1"),
    "review_certificate_issued": (("review_commissioned", "full_set_submitted"), "三(一)¶2"),
    "site_progress_verified": (("review_certificate_issued",), "三(一)¶2"),
    "spot_check_opinion_issued": (("spot_check_selected",), "三(二)¶1s4"),
    "rectification_accepted": (("spot_check_opinion_issued",), "三(二)¶1s4"),
    "spot_check_certificate_issued": (
        ("spot_check_selected", "spot_check_opinion_issued"),
        "附件1¶2",
    ),
}
# A certificate, the papers that may note violations before it, and what would have answered them.
_SPOTLESS: Final = (
    ("review_certificate_issued", "foundation_report_issued", (), "三(一)¶2"),
    ("review_certificate_issued", "remaining_report_issued", (), "三(一)¶2"),
    (
        "spot_check_certificate_issued",
        "spot_check_opinion_issued",
        ("rectification_accepted",),
        "三(二)¶1s4",
    ),
)
# A paper that may note violations, and the certificate that came before it (C16).
_NOTED_AFTER: Final = (
    ("foundation_report_issued", "review_certificate_issued", "三(一)¶2"),
    ("remaining_report_issued", "review_certificate_issued", "三(一)¶2"),
    ("spot_check_opinion_issued", "spot_check_certificate_issued", "三(二)¶1s4"),
)
_REVIEW: Final = (
    *("full_set_submitted", "staging_requested", "foundation_report_issued"),
    *("remaining_report_issued", "review_certificate_issued"),
)
_SPOT_CHECK: Final = (
    *("spot_check_selected", "spot_check_waived", "spot_check_opinion_issued"),
    *("rectification_accepted", "spot_check_certificate_issued"),
)
# What is of the other class, as the path is.
_OF_THE_OTHER_CLASS: Final = {
    "exempt": (_REVIEW, "二(一)1", "免于审查的项目"),
    "joint_review": (_SPOT_CHECK, "三(二)¶1s1", "应当审查的项目"),
    "deferred_review": (_SPOT_CHECK, "三(二)¶1s1", "应当审查的项目"),
}
# Before what all drawings must be uploaded, as the path is (D1).
_UPLOADED_BEFORE: Final = {
    "exempt": (("spot_check_opinion_issued", "spot_check_certificate_issued"), "三(四)¶1s1"),
    "joint_review": (("permit_issued",), "三(四)¶1s2"),
    "deferred_review": (("permit_issued",), "三(四)¶1s2"),
}
_EACH_OTHER: Final = (("spot_check_selected", "spot_check_waived", "三(二)¶1s2"),)


def findings_on(log: Log, known: Known, project: Project, path: str) -> tuple[Finding, ...]:
    """Return what cannot be right on a day, or must be heeded, in the order of the file.

    Args:
        log: The log, in which entries may stand out of order.
        known: What counts of it on that day.
        project: What the project file states.
        path: The review path; what is told of papers of the other class depends on it.
    """
    found = (
        *log.out_of_order,
        *contradictions(known),
        *_against_the_file(known, project),
        *_against_the_class(known, path),
        *_not_uploaded_before(known, project, path),
        *_on_the_blacklist(known, path),
    )
    return tuple(sorted(found, key=lambda finding: finding.number))


def contradictions(known: Known) -> Iterator[Finding]:
    """Yield what the events that count say against each other; events of one day have no order."""
    for entry in known.counted:
        yield from _without_what_goes_before(known, entry)
    yield from _certified_with_violations(known)
    yield from _violations_after_certificate(known)
    yield from _told_twice(known)
    for one, other, clause in _EACH_OTHER:
        first, last = known.first(one), known.first(other)
        if first and last:
            entry = max(first, last, key=lambda e: e.number)
            text = f"既有「{EVENT_ZH[one]}」（{first.on}），又有「{EVENT_ZH[other]}」（{last.on}）"
            english = f"both “{EVENT_EN[one]}” ({first.on}) and “{EVENT_EN[other]}” ({last.on})"
            yield Finding(entry.number, entry.place, clause, text, english)
    yield from _unpaired_corrections(known)


def _against_the_file(known: Known, project: Project) -> Iterator[Finding]:
    """Yield the days of which project file and log tell different stories."""
    for name, stated, clause in (
        ("review_commissioned", project.review_commissioned_on, "尾s3"),
        ("blacklisted", project.project_owner.blacklisted_on, "三(三)s3"),
    ):
        told = known.named(name)
        if told and isinstance(stated, date) and all(entry.on != stated for entry in told):
            text = (
                f"「{EVENT_ZH[name]}」：项目文件写 {stated}，事件写 {told[0].on}；"
                "按较早的一天判定，请核对"
            )
            english = (
                f"“{EVENT_EN[name]}”: {stated} in the project file, {told[0].on} in the log; "
                "the earlier day is taken, please check"
            )
            yield Finding(told[0].number, told[0].place, clause, text, english)


def _against_the_class(known: Known, path: str) -> Iterator[Finding]:
    """Yield the papers that a project of this class does not get, since its last design change."""
    names, clause, whose = _OF_THE_OTHER_CLASS.get(path, ((), None, ""))
    changed = max((entry.on for entry in known.named("major_design_change")), default=date.min)
    for entry in known.named(*names):
        if entry.on > changed:
            text = f"{whose}却在 {entry.on}「{named(entry.event)}」；不影响节点和期限，请核对"
            english = (
                f"{entry.on} “{named(entry.event, 'en')}” of a project that "
                f"{'is exempt' if path == 'exempt' else 'must be reviewed'}; "
                "it bears on no stage or deadline, please check"
            )
            yield Finding(entry.number, entry.place, clause, text, english)


def _not_uploaded_before(known: Known, project: Project, path: str) -> Iterator[Finding]:
    names, clause = _UPLOADED_BEFORE.get(path, ((), None))
    entry = next(iter(known.named(*names)), None)
    days = uploads(known, project.permit.drawings_uploaded_on)
    if entry and not any(day <= entry.on for day in days):
        text = f"{entry.on}「{named(entry.event)}」之前没有上传全部施工图"
        english = f"{entry.on} “{named(entry.event, 'en')}” before all drawings were uploaded"
        yield Finding(entry.number, entry.place, clause, text, english)


def _on_the_blacklist(known: Known, path: str) -> Iterator[Finding]:
    """Yield what follows from the listing of the owner for this project and the others (C10)."""
    listed = known.first("blacklisted")
    if listed is None:
        return
    text = (
        f"自 {listed.on} 起，建设单位的其他项目不再允许以告知承诺制办理施工许可；"
        "条文没有写明期限和移出办法"
    )
    english = (
        f"from {listed.on} on the owner's other projects get no permit on commitment; "
        "the text names no end of it and no way off the list"
    )
    yield Finding(listed.number, listed.place, "三(三)s3", text, english)
    exempt = path == "exempt"
    way = "免审项目没有别的办法，须请示" if exempt else "只能先审查后办理"
    other = "an exempt project has no other way, ask" if exempt else "review it first, then apply"
    permits = known.named("permit_issued")
    if not permits:
        text = f"本项目尚未取得施工许可，自 {listed.on} 起按不得以告知承诺制办理对待；{way}"
        english = (
            f"this project has no permit yet and is treated as getting none on commitment from "
            f"{listed.on} on; {other}"
        )
        yield Finding(listed.number, listed.place, "三(三)s3", text, english)
    for permit in (entry for entry in permits if entry.on >= listed.on):
        text = (
            f"{permit.on} 取得施工许可，而建设单位自 {listed.on} 起已列入诚信黑名单；"
            f"请核对是否以告知承诺制取得（{way}）"
        )
        english = (
            f"permit issued on {permit.on}, the owner listed since {listed.on}: "
            f"check whether it was issued on commitment ({other})"
        )
        yield Finding(permit.number, permit.place, "三(三)s3", text, english)


def _without_what_goes_before(known: Known, entry: Counted) -> Iterator[Finding]:
    name = entry.event.event
    if name not in _AFTER:
        return
    wanted, clause = _AFTER[name]
    if not any(other.on <= entry.on for other in known.named(*wanted)):
        listed = "」或「".join(EVENT_ZH[one] for one in wanted)
        text = f"{entry.on}「{named(entry.event)}」之前没有「{listed}」"
        wanting = "” or “".join(EVENT_EN[one] for one in wanted)
        english = f"{entry.on} “{named(entry.event, 'en')}” without “{wanting}” before it"
        yield Finding(entry.number, entry.place, clause, text, english)


def _certified_with_violations(known: Known) -> Iterator[Finding]:
    for certificate, paper, answers, clause in _SPOTLESS:
        for entry in known.named(certificate):
            papers = [e for e in known.named(paper) if e.on <= entry.on]
            last = max((e.on for e in papers), default=entry.on)
            of_last_day = [e.event for e in papers if e.on == last]
            noted = of_last_day and all(
                isinstance(event, ReportIssued) and event.violations for event in of_last_day
            )
            answered = any(last <= e.on <= entry.on for e in known.named(*answers))
            if noted and not answered:
                text = (
                    f"{entry.on}「{named(entry.event)}」之前最后一次「{EVENT_ZH[paper]}」"
                    f"（{last}）注明违反强制性标准，其后没有合格的"
                )
                english = (
                    f"{entry.on} “{named(entry.event, 'en')}”: the last “{EVENT_EN[paper]}” before "
                    f"it ({last}) notes violations of mandatory standards, and none without follows"
                )
                yield Finding(entry.number, entry.place, clause, text, english)


def _violations_after_certificate(known: Known) -> Iterator[Finding]:
    for paper, certificate, clause in _NOTED_AFTER:
        had = [e.on for e in known.named(certificate) if not is_partial(e.event)]
        for entry in known.named(paper):
            before = max((on for on in had if on < entry.on), default=None)
            if before and isinstance(entry.event, ReportIssued) and entry.event.violations:
                text = (
                    f"{entry.on}「{named(entry.event)}」注明违反强制性标准，"
                    f"而此前已「{EVENT_ZH[certificate]}」（{before}）；改正前不得继续"
                )
                english = (
                    f"{entry.on} “{named(entry.event, 'en')}” notes violations of mandatory "
                    f"standards after “{EVENT_EN[certificate]}” ({before}); "
                    "not to go on before they are put right"
                )
                yield Finding(entry.number, entry.place, clause, text, english)


def _told_twice(known: Known) -> Iterator[Finding]:
    seen: dict[str, Counted] = {}
    for entry in known.counted:
        said = entry.event.model_dump_json()
        if said in seen:
            text = f"{entry.on}「{named(entry.event)}」与第 {seen[said].number} 条相同"
            english = f"{entry.on} “{named(entry.event, 'en')}” repeats entry {seen[said].number}"
            yield Finding(entry.number, entry.place, None, text, english)
        seen.setdefault(said, entry)


def _unpaired_corrections(known: Known) -> Iterator[Finding]:
    stops = stops_of(known)
    for entry in stops.begun_again:
        text = f"{entry.on}「{named(entry.event)}」时，先前的修改尚未完毕；停表自先前那次起算"
        english = (
            f"{entry.on} “{named(entry.event, 'en')}” while an earlier correction goes on; "
            "the clock has stood since that one"
        )
        yield Finding(entry.number, entry.place, None, text, english)
    for entry in stops.never_begun:
        text = f"{entry.on}「{named(entry.event)}」之前没有「开始修改施工图」；不停表"
        english = (
            f"{entry.on} “{named(entry.event, 'en')}” without a beginning before it; "
            "the clock does not stop"
        )
        yield Finding(entry.number, entry.place, None, text, english)
