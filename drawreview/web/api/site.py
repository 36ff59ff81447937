"""Deadlines and stages for programs; nothing is recorded."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import TypeAdapter

from drawreview.errors import CalendarError, InputError, Problem
from drawreview.project.from_yaml import Written
from drawreview.site.answer_to_json import GatesDocument
from drawreview.site.answer_to_json import document_of as gates_document
from drawreview.site.deadlines import deadlines
from drawreview.site.gates import gates
from drawreview.site.log import Log
from drawreview.site.schedule_to_json import DeadlinesDocument, document_of
from drawreview.site.statement import log_of
from drawreview.web.api.body import asked, body_of, data_from, day_of, json_of, problems, whole
from drawreview.web.api.models import SiteAsked
from drawreview.web.office import office_of
from drawreview.web.refusal import RefusalError
from drawreview.web.security.guard import GuardedRoute

router: Final = APIRouter(prefix="/api/v1", route_class=GuardedRoute, tags=["site"])
_DEADLINES: Final = TypeAdapter(DeadlinesDocument)
_GATES: Final = TypeAdapter(GatesDocument)


def log_in(data: dict[str, Any]) -> Log:
    """Return the events of a body; raises `InputError`, its places within the body."""
    try:
        return log_of(Written(data["events"], {}, ""))
    except InputError as error:
        raise InputError(
            tuple(
                Problem(f"events.{p.place.removeprefix(': ')}", p.problem, p.remedy)
                for p in error.problems
            )
        ) from None


@router.post(
    "/deadlines",
    openapi_extra=body_of(SiteAsked),
    response_model=DeadlinesDocument,
    responses=problems(400, 409, 415, 422),
)
async def tell_deadlines(request: Request) -> Response:
    """Return what is due when, as it stands at the end of a day."""
    data = await data_from(request)
    return await run_in_threadpool(_deadlines, request, data)


@router.post(
    "/gates",
    openapi_extra=body_of(SiteAsked),
    response_model=GatesDocument,
    responses=problems(400, 409, 415, 422),
)
async def tell_gates(request: Request) -> Response:
    """Return what may be built at the end of a day, and what was built too early."""
    data = await data_from(request)
    return await run_in_threadpool(_gates, request, data)


def _gates(request: Request, data: dict[str, Any]) -> Response:
    ask, _ = asked(SiteAsked, data)
    answer = gates(
        whole(data),
        log_in(data),
        on=day_of(request, ask.on),
        rulebook=office_of(request).rulebook,
        assume_in_force=ask.assume_in_force,
    )
    return json_of(_GATES, gates_document(answer))


def _deadlines(request: Request, data: dict[str, Any]) -> Response:
    ask, _ = asked(SiteAsked, data)
    try:
        schedule = deadlines(
            whole(data),
            log_in(data),
            on=day_of(request, ask.on),
            rulebook=office_of(request).rulebook,
            assume_in_force=ask.assume_in_force,
        )
        return json_of(_DEADLINES, document_of(schedule))
    except CalendarError as error:
        raise RefusalError(
            409, "这一天不在已公布的日历之内。", problems=(Problem("on", str(error), "换一天。"),)
        ) from None
