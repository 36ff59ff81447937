"""One project at the window: what it amounts to, judgements signed, decided and recorded."""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from drawreview.engine.decision import Decision
from drawreview.errors import ArgumentError, InputError, Problem
from drawreview.letters import fill_letter
from drawreview.letters.notice import notice_of
from drawreview.letters.notice_page import write_notice
from drawreview.project.words import illegible_in
from drawreview.records.body import Circumstances, Superseded
from drawreview.records.record import record_decision, record_letter
from drawreview.site.changed import open_changes
from drawreview.web import recorded
from drawreview.web.case import (
    as_kept,
    attempt,
    changed_since,
    decided_before_a_change,
    decided_known,
    decision_on,
    design_changes_of,
    project_told,
)
from drawreview.web.difference import Difference, as_recorded, difference
from drawreview.web.download import LETTER_TYPES, download
from drawreview.web.form.project_file import data_of, project_in, to_yaml
from drawreview.web.office import Office, language_of, note, office_of, page, who_asks
from drawreview.web.recording import actor_of, begin_recording, printed
from drawreview.web.refusal import RefusalError
from drawreview.web.security.guard import GuardedRoute, case_of, field_in, form_of
from drawreview.web.store import projects
from drawreview.web.store.projects import Case
from drawreview.web.verdict import verdict_of

if TYPE_CHECKING:
    from drawreview.letters.footer import Receipt
    from drawreview.records.body import Paper

router: Final = APIRouter(route_class=GuardedRoute, include_in_schema=False)
_LONGEST_NOTE: Final = 500
_KEY: Final = re.compile(r"[0-9]{1,9}-[0-9a-f]{16}-(first|[0-9a-f-]{36})")  # as `_key_of` writes it
_DECIDED_ALREADY: Final = "这个项目刚才已经决定并记入，这一次填的没有记入。请看项目页，要改就更正。"
_JUDGED_IN_CHANGE: Final = "项目已经变更：认定写在改后的项目里，请记入一次变更或更正那一次变更。"
JUDGEMENTS: Final = (
    ("single_function", "功能单一"),
    ("simple_technique", "技术要求简单"),
    ("similar_use", "与所列性质相类（「等」）"),
)


@router.get("/window/projects/{project}")
def show(request: Request) -> Response:
    """Show what a project amounts to today, and what has been decided on it."""
    return _show(request)


def _show(request: Request, *, problems: tuple[Problem, ...] = ()) -> Response:
    case, office = case_of(request), office_of(request)
    project, unread = attempt(lambda: project_told(office, case, office.settings.today()))
    decision, failed = attempt(lambda: decision_on(office, case, office.settings.today()))
    return page(
        request,
        "case.html",
        status=422 if problems else 200,
        case=case,
        verdict=decision and verdict_of(decision, language_of(request)),
        failed=unread or failed,
        judgements=[(name, words, getattr(project, name)) for name, words in JUDGEMENTS]
        if project
        else [],
        problems=problems,
        written=dict(form_of(request)) if problems else {},
        history=recorded.history_of(office, recorded.newest_of(office, case.record)),
        elsewhere=_corrected_elsewhere(request),
        changed_since=changed_since(office, case),
        changed_after=attempt(lambda: _changed_after(request))[0] is not False,
    )


def _changed_after(request: Request) -> bool:
    """Whether a design change makes the decision that is noted one on outdated values.

    One of a later day does; so does one that was entered later and tells of the same day or before.
    """
    case, office = case_of(request), office_of(request)
    today = office.settings.today()
    if case.record is None or case.decided_on is None or not design_changes_of(case, today):
        return False
    if decided_before_a_change(case, today):
        return True
    decision = decision_on(office, case, date.fromisoformat(case.decided_on))
    return decision.decision_id != recorded.said(office, case.record)["decision"]["decision_id"]


@router.post("/window/projects/{project}/judgements")
def sign(request: Request) -> Response:
    """Sign judgements, one or several: who, when and why."""
    form, case, office, who = (
        form_of(request),
        case_of(request),
        office_of(request),
        who_asks(request),
    )
    if changed_since(office, case):
        raise RefusalError(409, _JUDGED_IN_CHANGE)
    today = office.settings.today().isoformat()
    data, problems = data_of(case.file, case.name), list[Problem]()
    for name in dict(JUDGEMENTS):
        value, why = field_in(form, name), field_in(form, f"{name}.why")
        if value in {"true", "false"} and why and len(why) <= _LONGEST_NOTE:
            data[name] = {"value": value == "true", "by": who.name, "on": today, "why": why}
        elif value:
            problems.append(Problem(f"{name}.why", "没有写理由，或太长。", "写明依据什么认定。"))
        elif why:
            problems.append(Problem(name, "没有选「是」或「否」。", "选一个。"))
    if data == data_of(case.file, case.name) and not problems:
        problems.append(Problem(JUDGEMENTS[0][0], "没有选「是」或「否」。", "选一个。"))
    if problems:
        return _show(request, problems=tuple(problems))
    try:
        project = project_in(data)
    except InputError as error:
        return _show(request, problems=error.problems)
    projects.write(
        office.store,
        case,
        name=project.name or case.name,
        district=case.district,
        file=as_kept(to_yaml(data)),
        at=office.settings.now(),
    )
    return RedirectResponse(f"/window/projects/{case.id}", 303)


@router.get("/window/projects/{project}/decide")
def ask(request: Request, on: str = "") -> Response:
    """Show what would be recorded, and what it would change."""
    return _ask(request, on=on)


def _ask(request: Request, *, on: str, problems: tuple[Problem, ...] = ()) -> Response:
    case, office = case_of(request), office_of(request)
    day = _day(on) or office.settings.today()
    decision = decision_on(office, case, day)
    return page(
        request,
        "case_decide.html",
        status=422 if problems else 200,
        case=case,
        day=day,
        verdict=verdict_of(decision, language_of(request)),
        problems=problems,
        key=_key_of(office, case, day),
        changed=_changed(request, decision),
        changed_since=changed_since(office, case),
        open_changes=open_changes(decided_known(office, case, day)),
    )


def _key_of(office: Office, case: Case, day: date) -> str:
    """Return what a decision on a project has until it is recorded, and no other decision on it.

    Whoever tries again after a failure records nothing twice, whatever was entered in between. But
    nobody records what was not seen: an event that makes another project of it makes another key.
    """
    told = project_told(office, case, day).model_dump_json()
    seen = sha256(told.encode()).hexdigest()[:16]
    return f"{case.version}-{seen}-{recorded.newest_of(office, case.record) or 'first'}"


def _changed(request: Request, decision: Decision) -> Difference | None:
    """Return what differs from the decision that this one would supersede."""
    if case_of(request).record is None:
        return None
    return difference(_said_before(request), as_recorded(decision))


def _said_before(request: Request) -> dict[str, Any]:
    """Return what is recorded of the decision that stands, by whomever it was made."""
    case, office = case_of(request), office_of(request)
    try:
        return recorded.said(office, recorded.newest_of(office, case.record) or "")
    except ArgumentError:
        lost = Problem(
            case.record or "",
            "日志可能是从较早的备份恢复的。",
            "请管理员核对日志和备份；在此之前不能重新决定，也不能出承诺书。",
        )
        raise RefusalError(409, "日志里没有这个项目已记入的决定。", problems=(lost,)) from None


def _corrected_elsewhere(request: Request) -> bool:
    """Whether somebody has corrected the decision of this project past the window."""
    case, office = case_of(request), office_of(request)
    return recorded.newest_of(office, case.record) != case.record


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@router.post("/window/projects/{project}/decide")
def decide_and_record(request: Request) -> Response:
    """Decide and record; nothing is said before the record is safe."""
    form, case, office = form_of(request), case_of(request), office_of(request)
    on, why, key = field_in(form, "on"), field_in(form, "why"), field_in(form, "key")
    day = _day(on)
    problems: list[Problem] = []
    again = f"case-{case.mark}-{key}"
    known = office.journal.kept_as(again) if _KEY.fullmatch(key) else None
    if known is None and key != _key_of(office, case, day or office.settings.today()):
        raise projects.StaleError
    earlier = recorded.newest_of(office, case.record)
    if day is None or day > office.settings.today():
        problems.append(Problem("on", f"「{on[:20]}」不能作决定日期。", "写今天或以前的日期。"))
    if earlier is not None and known is None and not why:
        problems.append(Problem("why", "没有写更正的理由。", "写明为什么重新决定。"))
    notes = {
        name.removeprefix("doubt:"): value.strip()
        for name, value in form.items()
        if name.startswith("doubt:") and isinstance(value, str) and value.strip()
    }
    if any(len(text) > _LONGEST_NOTE for text in (why, *notes.values())):
        problems.append(Problem("why", "理由太长。", f"不超过 {_LONGEST_NOTE} 字。"))
    for name, text in (("why", why), *((f"doubt:{name}", text) for name, text in notes.items())):
        problems += illegible_in(name, text, lines=True)
    if problems or day is None:
        return _ask(request, on=on, problems=tuple(problems))
    answers = {q: as_kept(t) for q, t in notes.items() if q in office.rulebook.questions}
    actor = actor_of(who_asks(request), "web")
    begin_recording(request, again)
    if known is None:
        circumstances = Circumstances(
            actor=actor,
            at=office.settings.moment(),
            answers=answers,
            supersedes=Superseded(earlier, as_kept(why)) if earlier else None,
        )
        try:
            receipt = record_decision(
                office.journal,
                decision_on(office, case, day),
                circumstances,
                idempotency_key=again,
            )
        except ArgumentError as error:
            return _ask(request, on=on, problems=_cannot_be_corrected(error))
        known = receipt.id
        note(request, "decided", f"project {case.id} record {receipt.seq}")
    said = _noted(request, known, version=int(key.partition("-")[0]))
    told = (said["on"], said["answers"], said["supersedes"] and said["supersedes"]["why"])
    asked = (on, answers, said["supersedes"] and as_kept(why))
    if told != asked or said["actor"]["id"] != actor.id:
        raise RefusalError(409, _DECIDED_ALREADY)
    return RedirectResponse(f"/window/projects/{case.id}/record/{known}", 303)


def _noted(request: Request, record: str, *, version: int) -> dict[str, Any]:
    """Note a recorded decision at its project, unless a later one is; return what it says.

    Another try may have recorded it, and have got no further.
    """
    case, office = case_of(request), office_of(request)
    said = recorded.said(office, record)
    if case.record in {None, *(one.id for one in recorded.history_of(office, record))}:
        projects.decided(
            office.store,
            case,
            record=record,
            review_path=said["decision"]["review_path"],
            on=said["on"],
            at=office.settings.now(),
            version=version,
        )
    return said


def _cannot_be_corrected(error: ArgumentError) -> tuple[Problem, ...]:
    """Say in a clerk's words why a decision cannot take the place of the one before."""
    return tuple(
        Problem(
            "why",
            f"要更正的{one.place}{one.problem}",
            "刚刚有人更正过：重新打开这一页，看过不同再决定。"
            if "更正" in one.problem
            else "到「填写、修改」改回来；确是另一个项目，另行受理；"
            "原来写错了的，先把写错的那一项留空更正一次，再写上正确的更正一次。",
        )
        for one in error.problems
    )


@router.get("/window/projects/{project}/record/{record}")
def show_record(request: Request, record: str) -> Response:
    """Show a recorded decision of this project, and what it changed."""
    case, office = case_of(request), office_of(request)
    history = recorded.history_of(office, recorded.newest_of(office, case.record))
    if record not in {one.id for one in history}:
        raise RefusalError(404, "没有这个页面。")
    said = recorded.said(office, record)
    earlier = said["supersedes"]
    changed = difference(recorded.said(office, earlier["id"]), said) if earlier else None
    return page(
        request,
        "case_record.html",
        case=case,
        said=said,
        changed=changed,
        seq=office.journal.get(record).seq,
        stands=case.stands and record == case.record and not _changed_after(request),
    )


@router.post("/window/projects/{project}/letter")
def letter(request: Request) -> Response:
    """Print the letter of the decision that stands, and record what was printed."""
    case, office = case_of(request), office_of(request)
    form = field_in(form_of(request), "form")
    if form not in LETTER_TYPES:
        raise RefusalError(404, "没有这个页面。")
    if not case.stands or case.record is None or case.decided_on is None:
        raise RefusalError(409, "项目改过或还没有决定，请先决定再出承诺书。")
    if _corrected_elsewhere(request):
        raise RefusalError(409, "决定已在别处更正，请重新决定再出承诺书。")
    if _changed_after(request):
        raise RefusalError(409, "决定以后有过重大设计变更，请重新决定再出承诺书。")
    decision = decision_on(office, case, date.fromisoformat(case.decided_on))
    said = _said_before(request)
    if decision.decision_id != said["decision"]["decision_id"] or decision.letter is None:
        raise RefusalError(409, "现行规则与记入时不同，或没有承诺书，请重新决定。")
    receipt = printed(office.journal, case.record)
    files = fill_letter(
        decision, clauses=decision.rulebook.city.clauses, formats=(form,), receipt=receipt
    )
    _record(request, files, decision.letter, receipt)
    name = f"{case.name}-{decision.letter}-{decision.decision_id[:12]}.{form}"
    return download(files[form], name, LETTER_TYPES[form], shown=form == "pdf")


@router.post("/window/projects/{project}/notice")
def notice(request: Request) -> Response:
    """Print what is still needed, from whom and by which clause, as things stand today.

    If just that was decided and recorded, it carries the receipt, and is recorded beside it.
    """
    case, office = case_of(request), office_of(request)
    form = field_in(form_of(request), "form")
    if form not in LETTER_TYPES:
        raise RefusalError(404, "没有这个页面。")
    decision = decision_on(office, case, office.settings.today())
    receipt = None
    if case.stands and case.record and not _corrected_elsewhere(request):
        said = recorded.said(office, case.record)
        if said["decision"]["decision_id"] == decision.decision_id:
            receipt = printed(office.journal, case.record)
    files = write_notice(notice_of(decision), formats=(form,), receipt=receipt)
    if receipt:
        _record(request, files, "notice", receipt)
    name = f"{case.name}-一次性告知书-{decision.decision_id[:12]}.{form}"
    return download(files[form], name, LETTER_TYPES[form], shown=form == "pdf")


def _record(request: Request, files: dict[str, bytes], paper: Paper, receipt: Receipt) -> None:
    """Record what is handed over beside the decision whose receipt it carries."""
    office = office_of(request)
    begin_recording(request)
    record_letter(
        office.journal,
        files,
        decision=receipt.record,
        annex=paper,
        receipt=receipt.code,
        actor=actor_of(who_asks(request), "web"),
        at=office.settings.moment(),
    )
