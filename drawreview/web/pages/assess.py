"""Self-assessment by anybody: a guided form that the server forgets as soon as it has answered.

What has been filled in travels in the form itself, as the project file; nothing is kept, so nothing
can leak, and no account is needed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from drawreview.advice.interview import Interview
from drawreview.engine.decide import decide
from drawreview.engine.decision import Decision
from drawreview.engine.document import PATH_ZH
from drawreview.errors import EngineError, InputError, LetterError, Problem
from drawreview.letters import fill_letter
from drawreview.letters.notice import notice_of
from drawreview.letters.notice_page import write_notice
from drawreview.project.model import Project
from drawreview.web.case import attempt
from drawreview.web.changes import Changes, changes_of
from drawreview.web.download import LETTER_TYPES, download
from drawreview.web.form.asking import (
    ASK,
    NOTHING_ASKED,
    Asking,
    answered,
    asking_in,
    beside,
    next_of,
)
from drawreview.web.form.fields import GROUPS
from drawreview.web.form.project_file import data_of, project_in, to_yaml
from drawreview.web.form.sheet import Data, group_of, page_of, shown, taken
from drawreview.web.form.spoken import put_question, spoken
from drawreview.web.form.steps import RESULT, after, pages_with
from drawreview.web.office import language_of, office_of, page, said
from drawreview.web.refusal import RefusalError
from drawreview.web.security.guard import GuardedRoute, field_in, form_of
from drawreview.web.upload import uploaded
from drawreview.web.verdict import verdict_of

router: Final = APIRouter(route_class=GuardedRoute, include_in_schema=False)


@dataclass(frozen=True)
class Sheet:
    """Where somebody is in the form, and what has been filled in."""

    data: Data
    at: str
    on: str
    assume: bool
    wanted: str = ""  # what to do next: a page's name, or an answer
    asking: Asking = NOTHING_ASKED


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
        sheet = Sheet(data, RESULT, field_in(form, "on") or today, assume=False)
        project_in(data)
    except InputError as error:
        return page(request, "assess_begin.html", status=422, problems=error.problems)
    return _show(request, sheet)


@router.post("/assess")
def step(request: Request) -> Response:
    """Take what a page says, and go where a button leads."""
    form = form_of(request)
    _note_language(request, form)
    if form.get("do") == "begin":
        today = office_of(request).settings.today().isoformat()
        at = ASK if form.get("way") == ASK else "project"
        return _show(request, Sheet({}, at, today, assume=bool(form.get("assume"))))
    sheet, problems = _taken(request, form)
    if problems and not (sheet.at == ASK and sheet.wanted.startswith(("go:", "file"))):
        return _show(request, sheet, problems=problems, written=form)
    return _go(request, sheet)


@router.post("/assess/verdict")
def live(request: Request) -> Response:
    """Return what the answers so far amount to, while they are being written."""
    form = form_of(request)
    _note_language(request, form)
    sheet, problems = _taken(request, form)
    return page(request, "verdict_live.html", **_verdict(request, sheet, problems))


def _note_language(request: Request, form: FormData) -> None:
    for field in ("language", "spoken"):
        if chosen := field_in(form, field):
            request.state.language = chosen
            return


def _taken(request: Request, form: FormData) -> tuple[Sheet, list[Problem]]:
    """Return the form so far with what this page adds, and what is wrong on this page."""
    data = data_of(field_in(form, "project"), "表单")
    at = field_in(form, "at")
    wanted = field_in(form, "do") or ("stay" if form.get("language") else "next")
    problems: list[Problem] = []
    asking = asking_in(form)
    try:
        if at == ASK:
            data, asking, problems = _answered(request, form, data, asking)
        elif at != RESULT:
            problems += taken(form, data, *group_of(at))
    except (KeyError, TypeError, AttributeError):
        raise RefusalError(422, "请求不合格式。") from None
    on = field_in(form, "on") or office_of(request).settings.today().isoformat()
    if not _day(on):
        problems.append(Problem("on", f"「{on[:40]}」不是日期。", "写成 2021-03-01。"))
    sheet = Sheet(data, at, on, bool(form.get("assume")), wanted, asking)
    if not problems:
        try:
            project_in(data)
        except InputError as error:
            problems += [p for p in error.problems if at in {RESULT, ASK} or page_of(p.place) == at]
    return sheet, problems


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None


def _go(request: Request, sheet: Sheet) -> Response:
    wanted = sheet.wanted
    if wanted == "file":
        name = sheet.data.get("name") or "项目"
        text = to_yaml(sheet.data).encode()
        return download(text, f"{name}.yaml", "application/yaml; charset=utf-8")
    what, _, form = wanted.partition(":")
    if what in {"letter", "notice"} and form in LETTER_TYPES:
        return _printed(request, sheet, what, form)
    at = sheet.at if sheet.at == ASK else after(sheet.data, sheet.at, wanted)
    if what == "go":
        at = form if form == ASK else after(sheet.data, RESULT, wanted)
    return _show(request, replace(sheet, at=at))


def _decided(request: Request, sheet: Sheet) -> Decision:
    project: Project = project_in(sheet.data)
    return decide(
        project,
        on=_day(sheet.on) or office_of(request).settings.today(),
        rulebook=office_of(request).rulebook,
        assume_in_force=sheet.assume,
    )


def _printed(request: Request, sheet: Sheet, what: str, form: str) -> Response:
    """Return the letter or the notice, which says on every page that no window has decided."""
    try:
        decision = _decided(request, sheet)
        if what == "letter":
            clauses = decision.rulebook.city.clauses
            files = fill_letter(decision, clauses=clauses, formats=(form,), self_assessed=True)
        else:
            files = write_notice(notice_of(decision), formats=(form,), self_assessed=True)
    except (InputError, LetterError) as error:
        return _show(request, replace(sheet, at=RESULT), problems=error.problems)
    called = decision.letter if what == "letter" else "一次性告知书"
    name = f"自评-{called}-{decision.decision_id[:12]}.{form}"
    return download(files[form], name, LETTER_TYPES[form])


def _answered(
    request: Request, form: FormData, data: Data, asking: Asking
) -> tuple[Data, Asking, list[Problem]]:
    """Take an answer, if the button says that there is one."""
    # A button for a day that never was, such as 没有委托过, is an answer in itself.
    wanted = form.get("do") or ("" if form.get("language") else "answer")
    if wanted not in {"answer", "unknown", "undo"}:
        return data, asking, []
    today = office_of(request).settings.today().isoformat()
    try:
        return *answered(form, data, asking, signer=today), []
    except InputError as error:
        return data, asking, list(error.problems)


def _asked(request: Request, sheet: Sheet, problems: Sequence[Problem], written: str) -> Response:
    """Put the next question, or come to the end of them."""
    interview = Interview(
        office_of(request).rulebook,
        _day(sheet.on) or office_of(request).settings.today(),
        sheet.data,
        assume_in_force=sheet.assume,
        unknown=sheet.asking.unknown,
    )
    try:
        question, asked = next_of(interview)
    except EngineError:
        return _show(request, replace(sheet, at=RESULT))  # which tells it
    if question is None:
        return _show(request, replace(sheet, at=RESULT))
    return page(
        request,
        "assess_ask.html",
        status=422 if problems else 200,
        sheet=sheet,
        project=to_yaml(sheet.data),
        pages=pages_with(sheet.data, RESULT),
        groups=GROUPS,
        question=question,
        asked_for=put_question(question, sheet.data, said(request)),
        holds=[spoken(line, said(request)) for line in asked.whatever],
        beside=beside(question.field, sheet.data),
        asked=asked,
        paths=PATH_ZH,
        problems=problems,
        written=written,
        **_verdict(request, sheet, []),
    )


def _verdict(request: Request, sheet: Sheet, problems: list[Problem]) -> dict[str, Any]:
    """Return the verdict on what has been filled in; none while something is wrong with it."""
    verdict, failed, wrong = None, None, list(problems)
    if not wrong:
        try:
            project_in(sheet.data)
        except InputError as error:
            wrong = list(error.problems)
        else:
            decision, failed = attempt(lambda: _decided(request, sheet))
            verdict = decision and verdict_of(decision, language_of(request))
    return {"verdict": verdict, "failed": failed, "wrong": wrong, "page_of": page_of}


def _changes(request: Request, sheet: Sheet) -> Changes | None:
    """Return what would lead to another path, side by side with what is."""
    try:
        return changes_of(_decided(request, sheet), language_of(request))
    except (InputError, EngineError):
        return None


def _show(
    request: Request,
    sheet: Sheet,
    *,
    problems: list[Problem] | tuple[Problem, ...] = (),
    written: FormData | None = None,
) -> Response:
    if sheet.at == ASK:
        return _asked(request, sheet, problems, field_in(written, "said") if written else "")
    values: dict[str, Any] = {
        "sheet": sheet,
        "project": to_yaml(sheet.data),
        "pages": pages_with(sheet.data, sheet.at),
        "groups": GROUPS,
        "problems": problems,
        "wrong_at": {problem.place for problem in problems},
        **_verdict(request, sheet, []),
    }
    if sheet.at == RESULT:
        values["changes"] = _changes(request, sheet)
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
