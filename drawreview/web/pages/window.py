"""The window: its projects, each opened from a file or entered, and the pages of their form."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from drawreview.engine.decide import decide
from drawreview.engine.document import PATH_ZH
from drawreview.errors import InputError, Problem
from drawreview.project.kinds import DISTRICTS
from drawreview.project.model import Project
from drawreview.project.statement import read_project
from drawreview.site.words import SCHEDULE_WORDS
from drawreview.web.case import as_kept, attempt, changed_since, checked, project_of_case
from drawreview.web.download import download
from drawreview.web.due import reckon
from drawreview.web.form.fields import GROUPS
from drawreview.web.form.project_file import data_of, project_in, to_yaml
from drawreview.web.form.sheet import group_of, page_of, shown, taken
from drawreview.web.form.steps import RESULT, after, pages_with
from drawreview.web.office import language_of, office_of, page, who_asks
from drawreview.web.refusal import RefusalError
from drawreview.web.security.guard import GuardedRoute, case_of, field_in, form_of
from drawreview.web.store import projects
from drawreview.web.upload import uploaded
from drawreview.web.verdict import verdict_of

_DECIDED: Final = {"exempt", "joint_review", "deferred_review", "prior_review"}
router: Final = APIRouter(route_class=GuardedRoute, include_in_schema=False)
PATHS: Final = (("open", "未决定"), *PATH_ZH.items())


@router.get("/window")
def listed(
    request: Request,
    q: Annotated[str, Query(max_length=100)] = "",
    path: Annotated[str, Query(max_length=40)] = "",
    due: Annotated[str, Query(max_length=10)] = "",
    number: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """List the projects of the district, what is due first."""
    office = office_of(request)
    reckon(office, who_asks(request).district)
    cases, count = projects.found(
        office.store,
        district=who_asks(request).district or "-",
        words=q.strip(),
        review_path=path,
        due_before=due,
        page=number,
    )
    return page(
        request,
        "window.html",
        cases=cases,
        count=count,
        q=q,
        chosen=path,
        due=due,
        number=number,
        last=max(1, -(-count // projects.PAGE)),
        paths=PATHS,
        names=dict(PATHS),
        words=SCHEDULE_WORDS[language_of(request)],
        districts=DISTRICTS,
    )


@router.get("/window/new")
def ask_for_project(request: Request) -> Response:
    """Offer to open a firm's project file, or to enter a project."""
    return page(request, "window_new.html", problems=(), name="")


@router.post("/window/new")
def begin(request: Request) -> Response:
    """Take a firm's project file, or the name of a project to be entered."""
    form, office, who = form_of(request), office_of(request), who_asks(request)
    district, name = who.district or "", field_in(form, "name")
    try:
        if form.get("do") == "enter":
            text = as_kept(to_yaml({"name": name or None, "district": district}))
        else:
            text = as_kept(uploaded(form, "file")[0])
        project = read_project(text, "项目文件")
        checked(project, district)
    except InputError as error:
        return page(request, "window_new.html", status=422, problems=error.problems, name=name)
    number = projects.add(
        office.store,
        name=project.name or "",
        district=district,
        file=text,
        by=who.user or 0,
        at=office.settings.now(),
    )
    onward = "/form/project" if form.get("do") == "enter" else _next_of(request, project)
    return RedirectResponse(f"/window/projects/{number}{onward}", 303)


def _next_of(request: Request, project: Project) -> str:
    """Return where a clerk goes on: to the decision if there is one, else to what is missing."""
    office = office_of(request)
    decision, _ = attempt(
        lambda: decide(project, on=office.settings.today(), rulebook=office.rulebook)
    )
    return "/decide" if decision and decision.review_path in _DECIDED else ""


@router.get("/window/projects/{project}/form/{at}")
def sheet(request: Request, at: str) -> Response:
    """Show a page of a project's form."""
    return _sheet(request, at)


def _sheet(
    request: Request, at: str, *, problems: tuple[Problem, ...] = (), written: bool = False
) -> Response:
    case, office = case_of(request), office_of(request)
    data = data_of(case.file, case.name)
    try:
        group, place = group_of(at)
    except KeyError:
        raise RefusalError(404, "没有这个页面。") from None
    filled = (
        {k: v for k, v in form_of(request).items() if isinstance(v, str)}
        if written
        else shown(data, group, place)
    )
    decision, failed = attempt(
        lambda: decide(project_of_case(case), on=office.settings.today(), rulebook=office.rulebook)
    )
    return page(
        request,
        "window_form.html",
        status=422 if problems else 200,
        case=case,
        at=at,
        group=group,
        groups=GROUPS,
        place=place,
        filled=filled,
        buildings=len(data.get("buildings") or ()),
        pages=pages_with(data, at)[:-1],
        problems=problems,
        version=field_in(form_of(request), "version") if written else case.version,
        project=to_yaml(data),
        verdict=decision and verdict_of(decision, language_of(request)),
        failed=failed,
        wrong=(),
        page_of=page_of,
        changed_since=changed_since(office, case),
    )


@router.post("/window/projects/{project}/form/{at}")
def write(request: Request, at: str) -> Response:
    """Write what a page says into the project, and go where a button leads."""
    form, case, office = form_of(request), case_of(request), office_of(request)
    if field_in(form, "version") != str(case.version):
        raise projects.StaleError
    data = data_of(case.file, case.name)
    try:
        problems = taken(form, data, *group_of(at))
    except (KeyError, TypeError, AttributeError):
        raise RefusalError(422, "请求不合格式。") from None
    wanted = field_in(form, "do") or "next"
    to = after(data, at, wanted)
    if problems:
        return _sheet(request, at, problems=tuple(problems), written=True)
    try:
        project = project_in(data)
        checked(project, case.district)
    except InputError as error:
        return _sheet(request, at, problems=error.problems, written=True)
    text = as_kept(to_yaml(data))
    if text != case.file:
        projects.write(
            office.store,
            case,
            name=project.name or case.name,
            district=case.district,
            file=text,
            at=office.settings.now(),
        )
    onward = "" if to == RESULT else f"/form/{to}"
    return RedirectResponse(f"/window/projects/{case.id}{onward}", 303)


@router.get("/window/projects/{project}/file")
def file(request: Request) -> Response:
    """Return the project file."""
    case = case_of(request)
    return download(case.file.encode(), f"{case.name}.yaml", "application/yaml; charset=utf-8")
