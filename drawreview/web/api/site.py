"""Deadlines and stages for programs; nothing is recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from fastapi import APIRouter, Request, Response
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
from drawreview.web.api.body import asked, body_of, day_of, from_json, json_of, problems, whole
from drawreview.web.api.models import SiteAsked
from drawreview.web.office import office_of
from drawreview.web.refusal import RefusalError
from drawreview.web.security.guard import GuardedRoute

router: Final = APIRouter(prefix="/api/v1", route_class=GuardedRoute, tags=["site"])
Answer = TypeVar("Answer")
Document = TypeVar("Document")
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
@from_json
def tell_deadlines(request: Request, data: dict[str, Any]) -> Response:
    """Return what is due when, as it stands at the end of a day."""
    return json_of(_DEADLINES, _told(request, data, deadlines, document_of))


@router.post(
    "/gates",
    openapi_extra=body_of(SiteAsked),
    response_model=GatesDocument,
    responses=problems(400, 409, 415, 422),
)
@from_json
def tell_gates(request: Request, data: dict[str, Any]) -> Response:
    """Return what may be built at the end of a day, and what was built too early."""
    return json_of(_GATES, _told(request, data, gates, gates_document))


def _told(
    request: Request,
    data: dict[str, Any],
    tell: Callable[..., Answer],
    document: Callable[[Answer], Document],
) -> Document:
    """Return the document of what is told of a site on the day that was asked for."""
    ask, _ = asked(SiteAsked, data)
    try:
        answer = tell(
            whole(data),
            log_in(data),
            on=day_of(request, ask.on),
            rulebook=office_of(request).rulebook,
            assume_in_force=ask.assume_in_force,
        )
        return document(answer)
    except CalendarError as error:
        raise RefusalError(
            409, "这一天不在已公布的日历之内。", problems=(Problem("on", str(error), "换一天。"),)
        ) from None
