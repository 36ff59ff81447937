"""What happens after the decision: events entered, deadlines, and what may be built today."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from drawreview.errors import InputError, Problem
from drawreview.project.kinds import PARTIES
from drawreview.site.documents import BY_EVENT
from drawreview.site.schedule_to_ics import schedule_to_ics
from drawreview.site.schedule_to_svg import schedule_to_svg
from drawreview.site.words import SCHEDULE_WORDS
from drawreview.web.case import attempt, board_of, changed_since, schedule_of
from drawreview.web.download import download, picture
from drawreview.web.events import (
    EVENTS,
    STAGES,
    TOLD,
    TOUCHED,
    contents_of,
    entries_in,
    repeats,
    with_event,
)
from drawreview.web.happened import keep, key_of
from drawreview.web.office import language_of, note, office_of, page, said, who_asks
from drawreview.web.pages.window import PATHS
from drawreview.web.recording import begin_recording
from drawreview.web.refusal import RefusalError
from drawreview.web.security.guard import GuardedRoute, case_of, field_in, form_of
from drawreview.web.store import projects
from drawreview.web.store.projects import StaleError

router: Final = APIRouter(route_class=GuardedRoute, include_in_schema=False)
_STALE: Final = Problem("event", "别人刚刚记过事件。", "看一遍下面的事件，再记入。")


@router.get("/window/projects/{project}/site")
def show(request: Request) -> Response:
    """Show the events of a project, what is due, and what may be built."""
    return _show(request)


def _show(
    request: Request,
    *,
    problems: tuple[Problem, ...] = (),
    written: dict[str, str] | None = None,
) -> Response:
    case, office = case_of(request), office_of(request)
    today = office.settings.today()
    words = SCHEDULE_WORDS[language_of(request)]
    entries, unread = attempt(lambda: entries_in(case.events))
    board, no_board = attempt(lambda: board_of(office, case, today))
    schedule, no_schedule = attempt(lambda: schedule_of(office, case, today))
    return page(
        request,
        "case_site.html",
        status=422 if problems else 200,
        case=case,
        entries=[(one, contents_of(one, words, said(request))) for one in entries or ()],
        failed=tuple(dict.fromkeys(filter(None, (unread, no_board, no_schedule)))),
        board=board,
        called=names_of(request),
        paths=dict(PATHS),
        people=PARTIES,
        schedule=schedule,
        words=words,
        events=EVENTS,
        told=TOLD,
        stages=STAGES,
        touched=TOUCHED,
        problems=problems,
        changed_since=changed_since(office, case),
        written=written or {"on": today.isoformat()},
    )


def names_of(request: Request) -> dict[str, str]:
    """Return what events, documents and deadlines are called in the reader's language."""
    language, say = language_of(request), said(request)
    documents = {name: one.zh if language == "zh" else one.en for name, one in BY_EVENT.items()}
    return {**SCHEDULE_WORDS[language], **documents, "explanation": say("情况说明")}


@router.post("/window/projects/{project}/site")
def enter(request: Request) -> Response:
    """Add an event at the end of the log; an earlier one is corrected, never changed."""
    form, case, office = form_of(request), case_of(request), office_of(request)
    here = RedirectResponse(f"/window/projects/{case.id}/site", 303)
    told = {name: value for name, value in form.items() if isinstance(value, str)}
    after = field_in(form, "after")
    if repeats(case.events, form, after):
        return here
    if after not in {"", str(len(entries_in(case.events)))}:
        return _show(request, problems=(_STALE,), written=told)
    try:
        events = with_event(case.events, form)
    except InputError as error:
        return _show(request, problems=error.problems, written=told)
    begin_recording(request, key_of(case, events))
    try:
        keep(office, case, events, who_asks(request))
    except StaleError:  # perhaps by the same form, sent twice
        now = projects.numbered(office.store, case.id)
        if now is None or not repeats(now.events, form, after):
            raise
        return here
    note(request, "event", f"project {case.id} {form.get('event')}")
    return here


@router.get("/window/projects/{project}/site/{file}")
def drawn(request: Request, file: str) -> Response:
    """Return the deadlines as a timeline, as a calendar file, or the event file itself."""
    case, office = case_of(request), office_of(request)
    if file == "events.yaml" and case.events:
        name = f"{case.name}-events.yaml"
        return download(case.events.encode(), name, "application/yaml; charset=utf-8")
    schedule, failed = attempt(lambda: schedule_of(office, case, office.settings.today()))
    if failed is not None:
        raise RefusalError(409, failed.said, problems=(Problem("", failed.why, ""),))
    if schedule is not None and file == "deadlines.svg":
        return picture(schedule_to_svg(schedule, lang=language_of(request)))
    if schedule is not None and file == "deadlines.ics":
        return download(
            schedule_to_ics(schedule, lang=language_of(request)),
            f"{case.name}.ics",
            "text/calendar; charset=utf-8",
        )
    raise RefusalError(404, "没有这个页面。")
