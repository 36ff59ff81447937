"""The journal for programs: recording with a token, reading and replaying with another."""

from __future__ import annotations

import asyncio
import re
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import TypeAdapter

from drawreview.engine.decide import decide
from drawreview.errors import ArgumentError, InputError, JournalError, Problem
from drawreview.legible import legible
from drawreview.project.from_yaml import is_mapping
from drawreview.records.body import Circumstances, Superseded
from drawreview.records.evidence import of_journal
from drawreview.records.note import checkpoint_from, proof_text
from drawreview.records.record import submit_decision
from drawreview.records.replay import Plan, replay
from drawreview.web import recorded
from drawreview.web.again import ways_of
from drawreview.web.api.body import (
    asked,
    body_of,
    data_from,
    day_of,
    held_against,
    json_of,
    problems,
)
from drawreview.web.api.models import (
    RecordAsked,
    Recorded,
    RecordListed,
    RecordsFound,
    RecordShown,
    ReplayAsked,
    Replayed,
    ReplayFinding,
)
from drawreview.web.jobs import TooManyError
from drawreview.web.office import note, office_of, who_asks
from drawreview.web.recording import actor_of, begin_recording
from drawreview.web.refusal import RefusalError
from drawreview.web.security.guard import GuardedRoute

router: Final = APIRouter(prefix="/api/v1", route_class=GuardedRoute, tags=["journal"])
_RECORDED: Final = TypeAdapter(Recorded)
_FOUND: Final = TypeAdapter(RecordsFound)
_SHOWN: Final = TypeAdapter(RecordShown)
_REPLAYED: Final = TypeAdapter(Replayed)
_DAY: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_KEY: Final = re.compile(r"[\x21-\x7e]{1,100}")
_KEY_HEADER: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "pattern": rf"^{_KEY.pattern}$"},
}
Name = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$")]


@router.post(
    "/journal",
    status_code=201,
    openapi_extra=body_of(RecordAsked) | {"parameters": [_KEY_HEADER]},
    response_model=Recorded,
    responses=problems(400, 401, 409, 415, 422, 503),
)
async def record(request: Request) -> Response:
    """Decide and record; asking again with the same key answers with the first record."""
    office, who = office_of(request), who_asks(request)
    key = request.headers.get("idempotency-key", "")
    if not _KEY.fullmatch(key):
        remedy = "写 1 到 100 个可见的 ASCII 字符，每次记入用新的，重试用原来的。"
        raise InputError((Problem("Idempotency-Key", "没有这个标头，或不合格式。", remedy),))
    ask, project = asked(RecordAsked, await data_from(request))
    if project.district != who.district:
        note(request, "denied", f"POST /api/v1/journal: {project.district}")
        raise RefusalError(403, "项目不属于本旗县区。")
    if (ask.supersedes is None) != (ask.why is None):
        problem = Problem("why", "更正要同时写 supersedes 和 why。", "补上另一项。")
        raise InputError((problem,))
    if ask.supersedes is not None:
        _check_own(request, ask.supersedes)
    decision = decide(project, on=day_of(request, ask.on), rulebook=office.rulebook)
    asked_of = {warning.question for warning in decision.warnings}
    if strangers := set(ask.answers) - asked_of:
        problem = Problem("answers", f"没有注意事项 {'、'.join(sorted(strangers))}。", "去掉。")
        raise InputError((problem,))
    begin_recording(request, f"user-{who.user}-{key}")
    try:
        waiting = submit_decision(
            office.journal,
            decision,
            Circumstances(
                actor=actor_of(who, "api"),
                at=office.settings.moment(),
                answers=ask.answers,
                supersedes=Superseded(ask.supersedes, ask.why or "") if ask.supersedes else None,
            ),
            idempotency_key=f"user-{who.user}-{key}",
        )
        receipt = await asyncio.wrap_future(waiting)
    except ArgumentError as error:
        if ask.supersedes:
            raise RefusalError(409, "不能更正这条记录。", problems=error.problems) from None
        raise
    receipted = Recorded(
        id=receipt.id,
        seq=receipt.seq,
        size=receipt.size,
        root=receipt.root.hex(),
        checkpoint=receipt.checkpoint,
        tlog_proof=receipt.tlog_proof,
        repeated=receipt.repeated,
    )
    if receipt.repeated:
        return json_of(_RECORDED, receipted)
    answer = _RECORDED.dump_json(receipted, exclude={"decision"})
    content = answer.removesuffix(b"}") + b',"decision":' + decision.written + b"}"
    return Response(content, 201, media_type="application/json")


def _check_own(request: Request, record: str) -> None:
    """Refuse to correct another district's record, and as if it were not there."""
    office, who = office_of(request), who_asks(request)
    try:
        project = recorded.said(office, record).get("project")
    except ArgumentError:
        project = None
    district = project.get("district") if is_mapping(project) else None
    if project is None or district != who.district:
        if project is not None:
            note(request, "denied", f"POST /api/v1/journal: {record}")
        problem = Problem("supersedes", "本旗县区没有这条记录。", "核对编号。")
        raise RefusalError(409, "不能更正这条记录。", problems=(problem,))


@router.get("/journal", response_model=RecordsFound, responses=problems(400, 401, 422))
def search(  # noqa: PLR0913 - what a list may be narrowed by
    request: Request,
    *,
    q: Annotated[str, Query(max_length=100)] = "",
    path: Annotated[str, Query(max_length=40)] = "",
    district: Annotated[str, Query(max_length=6)] = "",
    first: Annotated[str | None, Query(pattern=_DAY)] = None,
    last: Annotated[str | None, Query(pattern=_DAY)] = None,
    number: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """List the recorded decisions that fit, the latest first."""
    wanted = recorded.Search(q, path, district, first or "", last or "")
    found, count = recorded.found(office_of(request), wanted, number)
    listed = tuple(
        RecordListed(
            seq=one.seq,
            id=one.id,
            at=one.at,
            on=one.decided_on,
            review_path=one.review_path,
            district=one.district,
            name=one.name,
            supersedes=one.supersedes,
            superseded_by=one.superseded_by,
        )
        for one in found
    )
    return json_of(_FOUND, RecordsFound(count=count, page=number, records=listed))


@router.get("/journal/{record}", response_model=RecordShown, responses=problems(400, 401, 404, 422))
def show(request: Request, record: Name) -> Response:
    """Return a record as it was written, and the proof that it stands in the journal."""
    office = office_of(request)
    journal = office.journal
    try:
        kept = journal.get(record)
    except JournalError:
        raise RefusalError(404, "没有这条记录。") from None
    checkpoint = journal.checkpoint()
    hashes = journal.inclusion(kept.seq, checkpoint_from(checkpoint).size)
    answer = RecordShown(
        seq=kept.seq,
        id=kept.id,
        leaf=kept.leaf.hex(),
        record={},
        tlog_proof=proof_text(kept.seq, hashes, checkpoint),
    )
    told = _SHOWN.dump_json(answer, exclude={"record"}).removesuffix(b"}")
    # Its own bytes, which no reading and writing again can change.
    content = told + b',"record":' + (kept.body if recorded.said(office, record) else b"{}") + b"}"
    return Response(content, media_type="application/json")


@router.post(
    "/replay",
    openapi_extra=body_of(ReplayAsked),
    response_model=Replayed,
    responses=problems(400, 401, 415, 422, 503),
)
async def replay_some(request: Request) -> Response:
    """Decide, reckon and set again what was recorded, and name each difference; write nothing."""
    data = await data_from(request)
    try:
        owner = who_asks(request).user or 0
        waiting = office_of(request).jobs.alone(owner, lambda: _replay(request, data))
    except TooManyError:
        raise RefusalError(429, "排队的核对太多，请等前面的做完。") from None
    return await asyncio.wrap_future(waiting)


def _replay(request: Request, data: dict[str, Any]) -> Response:
    ask = held_against(ReplayAsked, data)
    journal = office_of(request).journal
    plan = Plan(level=ask.level, first=ask.first, last=ask.last)
    evidence = of_journal(journal.verify(persons=False))
    done = replay(journal, plan, evidence=evidence, ways=ways_of(journal))
    findings = tuple(
        ReplayFinding(
            seq=one.seq,
            record=one.record,
            cause=one.cause.value,
            clauses=one.clauses,
            said=legible(one.said),
        )
        for one in done.findings
    )
    answer = Replayed(
        records=done.records,
        decisions=done.decisions,
        events=done.events,
        letters=done.letters,
        findings=findings,
        integrity=evidence.wrong,
        holds=done.holds,
    )
    return json_of(_REPLAYED, answer)
