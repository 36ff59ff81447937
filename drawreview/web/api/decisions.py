"""Decisions for programs: one, many, what to ask next, and the letter; nothing is recorded."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import TypeAdapter

from drawreview.advice.ask import Question, next_question
from drawreview.engine.decide import decide
from drawreview.engine.decision import Decision
from drawreview.engine.document import DecisionDocument
from drawreview.errors import Problem
from drawreview.letters import fill_letter
from drawreview.project.model import Project
from drawreview.web.api.body import (
    asked,
    batch_asked,
    body_of,
    bytes_from,
    data_from,
    data_in,
    day_of,
    json_of,
    problems,
    whole,
)
from drawreview.web.api.models import (
    BatchAnswered,
    BatchAsked,
    BatchItem,
    DecisionAsked,
    LetterAsked,
    NextAnswered,
    NextAsked,
    Outcome,
    PathAlone,
    QuestionAsked,
    Want,
)
from drawreview.web.api.problem import ProblemPart
from drawreview.web.download import LETTER_TYPES, download
from drawreview.web.office import office_of
from drawreview.web.security.guard import GuardedRoute

router: Final = APIRouter(prefix="/api/v1", route_class=GuardedRoute, tags=["decisions"])
_ITEM: Final = TypeAdapter(BatchItem)
_OUTCOME: Final = TypeAdapter(Outcome | PathAlone)
_NEXT: Final = TypeAdapter(NextAnswered)


@router.post(
    "/decisions",
    openapi_extra=body_of(DecisionAsked),
    response_model=DecisionDocument | Outcome | PathAlone,
    responses=problems(400, 415, 422),
)
async def decide_one(request: Request) -> Response:
    """Decide on a project; nothing is recorded."""
    ask, project = asked(DecisionAsked, await data_from(request))
    decision = decide(
        project,
        on=day_of(request, ask.on),
        rulebook=office_of(request).rulebook,
        assume_in_force=ask.assume_in_force,
    )
    if ask.want == "document":
        return Response(decision.written, media_type="application/json")
    return json_of(_OUTCOME, _outcome(decision, ask.want))


def _outcome(decision: Decision, want: Want) -> Outcome | PathAlone:
    path = decision.review_path
    if want == "path":
        return _path_alone(path)
    return _whole_outcome(path, decision.letter, decision.permit_route)


# There are few outcomes that differ: each is made once, and written once for all batches.
_path_alone: Final = cache(PathAlone)
_whole_outcome: Final = cache(Outcome)


@router.post(
    "/decisions/batch",
    openapi_extra=body_of(BatchAsked),
    response_model=BatchAnswered,
    responses=problems(400, 415, 422),
)
async def decide_many(request: Request) -> Response:
    """Decide on up to a thousand projects for one day; a project that is wrong harms no other."""
    return await run_in_threadpool(_many, request, await bytes_from(request))


def _many(request: Request, body: bytes) -> Response:
    ask, projects = batch_asked(BatchAsked, data_in(body))
    law, on = office_of(request).rulebook, day_of(request, ask.on)

    def item(project: Project | tuple[Problem, ...]) -> bytes:
        if isinstance(project, tuple):
            told = tuple(ProblemPart(**asdict(problem)) for problem in project)
            return _ITEM.dump_json(BatchItem(problems=told))
        decision = decide(project, on=on, rulebook=law, assume_in_force=ask.assume_in_force)
        return _item(_outcome(decision, ask.want))

    items = b",".join(map(item, projects))
    whole = b'{"on":"%b","rulebook":"%b","items":[%b]}'
    answer = whole % (on.isoformat().encode(), law.digest.encode(), items)
    return Response(answer, media_type="application/json")


@cache
def _item(outcome: Outcome | PathAlone) -> bytes:
    """Return an outcome as it stands in a batch's answer; there are few that differ."""
    return _ITEM.dump_json(BatchItem(outcome=outcome))


@router.post(
    "/questions/next",
    openapi_extra=body_of(NextAsked),
    response_model=NextAnswered,
    responses=problems(400, 415, 422),
)
async def ask_next(request: Request) -> Response:
    """Return the question to ask next: the one after which the fewest are left on average."""
    data = await data_from(request)
    return await run_in_threadpool(_next, request, data)


def _next(request: Request, data: dict[str, object]) -> Response:
    ask, _ = asked(NextAsked, data)
    found = next_question(
        whole(data),
        on=day_of(request, ask.on),
        rulebook=office_of(request).rulebook,
        assume_in_force=ask.assume_in_force,
        unknown=ask.unknown,
    )
    answer = NextAnswered(
        settled=found.settled,
        review_path=found.review_path,
        next=_question(found.next) if found.next else None,
        follows=tuple(map(_question, found.follows)),
        possible_paths=found.possible_paths,
        whatever=found.whatever,
    )
    return json_of(_NEXT, answer)


def _question(question: Question) -> QuestionAsked:
    return QuestionAsked(
        field=question.field,
        question=question.question,
        answer=question.answer.value,
        unit=question.unit,
        choices=question.choices,
        must_sign=question.must_sign,
        purpose=question.purpose,
        clause=question.clause,
        phrase=question.phrase,
    )


_FILES: Final = {
    media: {"schema": {"type": "string", "format": "binary"}} for media in LETTER_TYPES.values()
}


@router.post(
    "/letters",
    openapi_extra=body_of(LetterAsked),
    response_class=Response,
    responses={200: {"description": "The letter.", "content": _FILES}}
    | problems(400, 409, 415, 422),
)
async def write_letter(request: Request) -> Response:
    """Return the letter of a project, marked on each page: no window has decided."""
    data = await data_from(request)
    return await run_in_threadpool(_letter, request, data)


def _letter(request: Request, data: dict[str, object]) -> Response:
    ask, _ = asked(LetterAsked, data)
    law = office_of(request).rulebook
    decision = decide(
        whole(data),
        on=day_of(request, ask.on),
        rulebook=law,
        assume_in_force=ask.assume_in_force,
    )
    files = fill_letter(decision, clauses=law.city.clauses, formats=(ask.form,), self_assessed=True)
    name = f"self-assessed-{decision.letter}-{decision.decision_id[:12]}.{ask.form}"
    return download(files[ask.form], name, LETTER_TYPES[ask.form])
