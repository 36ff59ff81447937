"""A major design change at the window: the changed project opened or written, seen, recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from drawreview.engine.decide import decide
from drawreview.errors import InputError, Problem
from drawreview.project.statement import read_project
from drawreview.site.events import TOUCHED_ZH
from drawreview.web.case import as_kept, attempt, board_of, checked
from drawreview.web.difference import as_recorded, difference
from drawreview.web.events import CHANGE, entries_in, repeats, stated_in, with_event
from drawreview.web.form.fields import GROUPS
from drawreview.web.form.project_file import data_of, project_in, settled, to_yaml
from drawreview.web.form.sheet import Data, group_of, page_of, shown, taken
from drawreview.web.form.steps import RESULT, after, buildings_in, pages_with
from drawreview.web.happened import keep, key_of
from drawreview.web.office import language_of, note, office_of, page, who_asks
from drawreview.web.pages.window import PATHS
from drawreview.web.pages.window_site import names_of
from drawreview.web.recording import begin_recording
from drawreview.web.refusal import RefusalError
from drawreview.web.security.guard import GuardedRoute, case_of, field_in, form_of
from drawreview.web.store.projects import Case
from drawreview.web.upload import uploaded
from drawreview.web.verdict import verdict_of

router: Final = APIRouter(route_class=GuardedRoute, include_in_schema=False)
_TOLD: Final = ("on", "touches", "of", "happened_on", "why")
_TOUCHES: Final = tuple(f"touches={one}" for one in TOUCHED_ZH)
_STALE: Final = Problem(
    "changed-title", "别人刚刚改过这个项目或记过事件。", "核对下面的不同，再记入。"
)


@router.get("/window/projects/{project}/change")
def begin(request: Request) -> Response:
    """Ask what was changed, and for the project as changed."""
    return _begin(request, {"on": office_of(request).settings.today().isoformat()})


@router.post("/window/projects/{project}/change")
def step(request: Request) -> Response:
    """Take what a page says of the change, and go where a button leads; only `save` records."""
    form, case = form_of(request), case_of(request)
    wanted, at = field_in(form, "do"), field_in(form, "at")
    if wanted == "begin":
        return _begin(request, _written(request))
    if field_in(form, "event") != CHANGE:
        raise RefusalError(422, "请求不合格式。")
    try:
        with_event(case.events, form)
        if wanted == "file":
            data = _opened(request)
            return _seen(request, data)
    except InputError as error:
        return _begin(request, _written(request), error.problems)
    if wanted == "form":
        return _sheet(request, _present(request), "project")
    return _filled_in(request, at, wanted)


def _begin(request: Request, written: dict[str, str], problems: Sequence[Problem] = ()) -> Response:
    return page(
        request,
        "change.html",
        status=422 if problems else 200,
        case=case_of(request),
        written=written,
        touched=tuple(TOUCHED_ZH.items()),
        problems=problems,
    )


def _written(request: Request) -> dict[str, str]:
    """Return what a form says of the change, apart from the project."""
    form = form_of(request)
    return {name: said for name in (*_TOLD, *_TOUCHES) if (said := field_in(form, name))}


def _carried(request: Request) -> dict[str, str]:
    """Return what travels with the pages of the changed project."""
    return {"event": CHANGE, **_written(request)}


def _state(case: Case) -> str:
    """Return what tells whether somebody has written to a project since it was looked at."""
    return f"{case.version}-{len(entries_in(case.events))}"


def _opened(request: Request) -> Data:
    """Return the changed project that a file states; raises `InputError`."""
    text, name = uploaded(form_of(request), "file")
    text = as_kept(text)
    checked(read_project(text, name), case_of(request).district)
    return data_of(text, name)


def _present(request: Request) -> Data:
    """Return the project as file and events tell it now, as it was written."""
    case, today = case_of(request), office_of(request).settings.today()
    return stated_in(case.events, today) or data_of(case.file, case.name)


def _filled_in(request: Request, at: str, wanted: str) -> Response:
    form = form_of(request)
    data = data_of(field_in(form, "project"), "表单")
    problems: list[Problem] = []
    try:
        if at != RESULT:
            problems = taken(form, data, *group_of(at))
        to = after(data, at, wanted)
    except (KeyError, TypeError, AttributeError):
        raise RefusalError(422, "请求不合格式。") from None
    if not problems:
        try:
            checked(project_in(data), case_of(request).district)
        except InputError as error:
            problems = list(error.problems)
            at = at if at != RESULT else page_of(problems[0].place)
    if problems:
        return _sheet(request, data, at, problems)
    if wanted == "save":
        return _save(request, data)
    return _seen(request, data) if to == RESULT else _sheet(request, data, to)


def _sheet(request: Request, data: Data, at: str, problems: Sequence[Problem] = ()) -> Response:
    """Show a page of the changed project."""
    office = office_of(request)
    try:
        group, place = group_of(at)
    except KeyError:
        raise RefusalError(422, "请求不合格式。") from None
    filled = shown(data, group, place)
    if problems:
        filled |= {k: v for k, v in form_of(request).items() if isinstance(v, str)}
    decision, failed = (None, None)
    if not problems:
        decision, failed = attempt(
            lambda: decide(project_in(data), on=office.settings.today(), rulebook=office.rulebook)
        )
    return page(
        request,
        "change_form.html",
        status=422 if problems else 200,
        case=case_of(request),
        at=at,
        group=group,
        groups=GROUPS,
        place=place,
        filled=filled,
        buildings=buildings_in(data),
        pages=pages_with(data, at)[:-1],
        problems=problems,
        written=_carried(request),
        project=to_yaml(data),
        verdict=decision and verdict_of(decision, language_of(request)),
        failed=failed,
        wrong=problems,
        page_of=page_of,
    )


def _seen(request: Request, data: Data, problems: Sequence[Problem] = ()) -> Response:
    """Show what the change makes of the project, its class, and what may be built."""
    case, office, form = case_of(request), office_of(request), form_of(request)
    today = office.settings.today()
    changed = replace(case, events=with_event(case.events, form, project=settled(data)))
    before, board = board_of(office, case, today), board_of(office, changed, today)
    differs = difference(as_recorded(before.decision), as_recorded(board.decision))
    of = field_in(form, "of")
    number = int(of) if of else len(entries_in(changed.events))
    return page(
        request,
        "change_seen.html",
        status=409 if problems else 200,
        case=case,
        board=board,
        change=next((one for one in board.changes if one.number == number), None),
        changed=differs,
        strange=any(row.what in {"name", "project_code"} for row in differs.facts),
        called=names_of(request),
        paths=dict(PATHS),
        written=_carried(request) | {"seen": _state(case)},
        project=to_yaml(data),
        problems=problems,
    )


def _save(request: Request, data: Data) -> Response:
    case, office, form = case_of(request), office_of(request), form_of(request)
    seen = field_in(form, "seen")
    if repeats(case.events, form, seen.rpartition("-")[2], project=settled(data)):
        return RedirectResponse(f"/window/projects/{case.id}/site", 303)
    if seen != _state(case):
        return _seen(request, data, (_STALE,))
    events = with_event(case.events, form, project=settled(data))
    begin_recording(request, key_of(case, events))
    keep(office, case, events, who_asks(request))
    note(request, "event", f"project {case.id} {CHANGE}")
    return RedirectResponse(f"/window/projects/{case.id}/site", 303)
