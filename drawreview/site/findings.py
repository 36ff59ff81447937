"""What cannot be right in a log, or must be heeded: by itself, by file, class and blacklist."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from drawreview.project.model import Project
from drawreview.site.changed import (
    first_day,
    needs_the_changed_project,
    open_changes,
    touched_fields,
)
from drawreview.site.contradictions import contradictions
from drawreview.site.events import EVENT_EN, EVENT_ZH, MajorDesignChange
from drawreview.site.log import Counted, Finding, Known, Log, named
from drawreview.site.state import uploads

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
        *_file_as_changed(known),
        *_against_the_class(known, path),
        *_not_uploaded_before(known, project, path),
        *_on_the_blacklist(known, project, path),
    )
    return tuple(sorted(found, key=lambda finding: finding.number))


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


def _file_as_changed(known: Known) -> Iterator[Finding]:
    """Yield the changes that an upload has settled: the file is read as the changed drawings."""
    still_open = open_changes(known)
    for entry in known.named("major_design_change"):
        event = entry.event
        if not isinstance(event, MajorDesignChange) or event in still_open:
            continue
        if touched_fields(event) and not needs_the_changed_project(event, known):
            text = (
                f"{entry.on}「{named(event)}」：其后已上传全部施工图，分类（变更前的也是）"
                "按现在的项目文件判定；项目文件是否已按变更后的图改过，请核对"
            )
            english = (
                f"{entry.on} “{named(event, 'en')}”: drawings were uploaded since, and the class "
                "(before the change as well) is read from the project file as it is now; "
                "please check that the file was brought up to the changed drawings"
            )
            yield Finding(entry.number, entry.place, "三(四)¶2", text, english)


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


def _on_the_blacklist(known: Known, project: Project, path: str) -> Iterator[Finding]:
    """Yield what follows from the listing of the owner for this project and the others (C10)."""
    listed = known.first("blacklisted")
    since = first_day(project.project_owner.blacklisted_on, listed and listed.on)
    if listed:
        yield _for_other_projects(listed)
    if since is None or since > known.day:
        return
    exempt = path == "exempt"
    way = "免审项目没有别的办法，须请示" if exempt else "只能先审查后办理"
    other = "an exempt project has no other way, ask" if exempt else "review it first, then apply"
    permits = known.named("permit_issued")
    if listed and not permits:
        text = f"本项目尚未取得施工许可，自 {since} 起按不得以告知承诺制办理对待；{way}"
        english = (
            f"this project has no permit yet and is treated as getting none on commitment from "
            f"{since} on; {other}"
        )
        yield Finding(listed.number, listed.place, "三(三)s3", text, english)
    for permit in (entry for entry in permits if entry.on >= since):
        text = (
            f"{permit.on} 取得施工许可，而建设单位自 {since} 起已列入诚信黑名单；"
            f"请核对是否以告知承诺制取得（{way}）"
        )
        english = (
            f"permit issued on {permit.on}, the owner listed since {since}: "
            f"check whether it was issued on commitment ({other})"
        )
        yield Finding(permit.number, permit.place, "三(三)s3", text, english)


def _for_other_projects(listed: Counted) -> Finding:
    text = (
        f"自 {listed.on} 起，建设单位的其他项目不再允许以告知承诺制办理施工许可；"
        "条文没有写明期限和移出办法"
    )
    english = (
        f"from {listed.on} on the owner's other projects get no permit on commitment; "
        "the text names no end of it and no way off the list"
    )
    return Finding(listed.number, listed.place, "三(三)s3", text, english)
