"""Self-assessment by anybody: a guided form that the server forgets as soon as it has answered.

What has been filled in travels in the form itself, as the project file; nothing is kept, so nothing
can leak, and no account is needed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData, UploadFile

from drawreview.engine.decide import decide
from drawreview.engine.decision import Decision
from drawreview.errors import InputError, LetterError, Problem
from drawreview.letters import fill_letter
from drawreview.project.from_yaml import is_sequence
from drawreview.project.model import Project
from drawreview.web.download import download
from drawreview.web.form.fields import GROUPS, pages_of
from drawreview.web.form.project_file import data_of, project_in, to_yaml
from drawreview.web.form.sheet import Data, group_of, page_of, shown, taken
from drawreview.web.office import language_of, office_of, page
from drawreview.web.refusal import RefusalError
from drawreview.web.security.guard import GuardedRoute, form_of, text_in
from drawreview.web.verdict import verdict_of

router: Final = APIRouter(route_class=GuardedRoute, include_in_schema=False)
_MOST_BUILDINGS: Final = 40
_MEDIA: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True)
class Sheet:
    """Where somebody is in the form, and what has been filled in."""

    data: Data
    at: str
    on: str
    assume: bool
    wanted: str = ""  # what to do next: a page's name, or an answer


@router.get("/assess")
def begin(request: Request) -> Response:
    """Offer to begin, or to go on with a project file."""
    return page(request, "assess_begin.html", problems=())


@router.post("/assess/open")
def open_file(request: Request) -> Response:
    """Go on with a project file that somebody saved or wrote."""
    form = form_of(request)
    today = office_of(request).settings.today().isoformat()
    try:
        text, name = uploaded(form, "file")
        data = data_of(text, name)
        sheet = Sheet(data, "result", text_in(form, "on") or today, assume=False)
        project_in(data)
    except InputError as error:
        return page(request, "assess_begin.html", status=422, problems=error.problems)
    return _show(request, sheet)


def uploaded(form: FormData, name: str) -> tuple[str, str]:
    """Return the text of an uploaded file, and what it was called.

    Raises:
        InputError: There is no file, or it is not UTF-8.
    """
    file = form.get(name)
    if not isinstance(file, UploadFile) or not file.filename:
        raise InputError((Problem(name, "没有选文件。", "选一个项目文件（.yaml 或 .json）。"),))
    called = file.filename[-60:]
    try:
        return file.file.read().decode("utf-8-sig"), called
    except UnicodeDecodeError:
        raise InputError((Problem(called, "不是 UTF-8 编码。", "另存为 UTF-8。"),)) from None


@router.post("/assess")
def step(request: Request) -> Response:
    """Take what a page says, and go where a button leads."""
    form = form_of(request)
    _note_language(request, form)
    if form.get("do") == "begin":
        today = office_of(request).settings.today().isoformat()
        return _show(request, Sheet({}, "project", today, assume=False))
    sheet, problems = _taken(request, form)
    if problems and _must_be_right(sheet.wanted):
        return _show(request, sheet, problems=problems, written=form)
    return _go(request, sheet)


@router.post("/assess/verdict")
def live(request: Request) -> Response:
    """Return what the answers so far amount to, while they are being written."""
    form = form_of(request)
    _note_language(request, form)
    sheet, problems = _taken(request, form)
    return page(request, "verdict_live.html", **_verdict(request, sheet, problems))


def _must_be_right(wanted: str) -> bool:
    return wanted != "back"


def _note_language(request: Request, form: FormData) -> None:
    for field in ("language", "spoken"):
        if chosen := text_in(form, field):
            request.state.language = chosen
            return


def _taken(request: Request, form: FormData) -> tuple[Sheet, list[Problem]]:
    """Return the form so far with what this page adds, and what is wrong on this page."""
    data = data_of(text_in(form, "project"), "表单")
    at = text_in(form, "at")
    wanted = text_in(form, "do") or ("stay" if form.get("language") else "next")
    problems: list[Problem] = []
    try:
        if at != "result":
            problems += taken(form, data, *group_of(at))
    except (KeyError, TypeError, AttributeError):
        raise RefusalError(422, "请求不合格式。") from None
    on = text_in(form, "on") or office_of(request).settings.today().isoformat()
    if not _day(on):
        problems.append(Problem("on", f"「{on[:40]}」不是日期。", "写成 2021-03-01。"))
    sheet = Sheet(data, at, on, bool(form.get("assume")), wanted)
    if not problems:
        try:
            project_in(data)
        except InputError as error:
            problems += [p for p in error.problems if at == "result" or page_of(p.place) == at]
    return sheet, problems


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None


def _go(request: Request, sheet: Sheet) -> Response:
    wanted, at = sheet.wanted, sheet.at
    buildings = len(sheet.data.get("buildings") or ())
    pages = (*pages_of(buildings), "result")
    place = pages.index(at) if at in pages else 0
    match wanted.partition(":"):
        case ("next", _, _):
            at = pages[min(place + 1, len(pages) - 1)]
        case ("back", _, _):
            at = pages[max(place - 1, 0)]
        case ("go", _, to) if to in pages:
            at = to
        case ("add", _, _) if buildings < _MOST_BUILDINGS:
            at = f"building-{max(1, buildings)}"
        case ("remove", _, _) if at.startswith("building-"):
            _, building = group_of(at)
            left = sheet.data.get("buildings")
            if is_sequence(left) and building < len(left):
                del left[building]
            at = "building-0"
        case ("file", _, _):
            name = sheet.data.get("name") or "项目"
            text = to_yaml(sheet.data).encode()
            return download(text, f"{name}.yaml", "application/yaml; charset=utf-8")
        case ("letter", _, form) if form in _MEDIA:
            return _letter(request, sheet, form)
        case _:
            pass
    return _show(request, Sheet(sheet.data, at, sheet.on, sheet.assume))


def _decided(request: Request, sheet: Sheet) -> Decision:
    project: Project = project_in(sheet.data)
    return decide(
        project,
        on=_day(sheet.on) or office_of(request).settings.today(),
        rulebook=office_of(request).rulebook,
        assume_in_force=sheet.assume,
    )


def _letter(request: Request, sheet: Sheet, form: str) -> Response:
    try:
        decision = _decided(request, sheet)
        clauses = decision.rulebook.city.clauses
        files = fill_letter(decision, clauses=clauses, formats=(form,), self_assessed=True)
    except (InputError, LetterError) as error:
        return _show(
            request, Sheet(sheet.data, "result", sheet.on, sheet.assume), problems=error.problems
        )
    name = f"自评-{decision.letter}-{decision.decision_id[:12]}.{form}"
    return download(files[form], name, _MEDIA[form])


def _verdict(request: Request, sheet: Sheet, problems: list[Problem]) -> dict[str, Any]:
    """Return the verdict on what has been filled in; none while something is wrong with it."""
    verdict, wrong = None, list(problems)
    if not wrong:
        try:
            verdict = verdict_of(_decided(request, sheet), language_of(request))
        except InputError as error:
            wrong = list(error.problems)
    return {"verdict": verdict, "wrong": wrong, "page_of": page_of}


def _show(
    request: Request,
    sheet: Sheet,
    *,
    problems: list[Problem] | tuple[Problem, ...] = (),
    written: FormData | None = None,
) -> Response:
    buildings = len(sheet.data.get("buildings") or ())
    pages = (*pages_of(max(buildings, _building(sheet.at) + 1)), "result")
    values: dict[str, Any] = {
        "sheet": sheet,
        "project": to_yaml(sheet.data),
        "pages": pages,
        "groups": GROUPS,
        "problems": problems,
        "wrong_at": {problem.place for problem in problems},
        **_verdict(request, sheet, []),
    }
    if sheet.at == "result":
        return page(request, "assess_result.html", status=422 if problems else 200, **values)
    group, place = group_of(sheet.at)
    if written is not None:
        filled = {k: v for k, v in written.items() if isinstance(v, str)}
    else:
        filled = shown(sheet.data, group, place)
    return page(
        request,
        "assess_form.html",
        status=422 if problems else 200,
        group=group,
        place=place,
        filled=filled,
        **values,
    )


def _building(at: str) -> int:
    return group_of(at)[1] if at.startswith("building-") else 0
