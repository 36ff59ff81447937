"""The audit: the journal searched, one decision looked into, replayed, verified, carried away."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from jinja2 import TemplateError
from starlette.background import BackgroundTask

from drawreview.advice.explain import svg_of
from drawreview.engine.decide import decide
from drawreview.engine.decision import Decision
from drawreview.engine.document import ANNEX_ZH
from drawreview.errors import DrawreviewError, JournalError, Problem
from drawreview.legible import legible
from drawreview.project.kinds import DISTRICTS
from drawreview.records.body import project_in
from drawreview.records.difference import CAUSE_ZH
from drawreview.records.evidence import of_journal
from drawreview.records.export import export
from drawreview.records.journal import Journal
from drawreview.records.note import checkpoint_from, proof_text
from drawreview.records.reading import Record
from drawreview.records.replay import Plan, Replayed, replay
from drawreview.web import recorded
from drawreview.web.again import ways_of
from drawreview.web.difference import Difference, difference, truth_of, value_of
from drawreview.web.download import download, picture
from drawreview.web.jobs import Progress, TooManyError
from drawreview.web.office import Office, language_of, note, office_of, page, who_asks
from drawreview.web.pages.window import PATHS
from drawreview.web.refusal import RefusalError
from drawreview.web.security.guard import GuardedRoute, field_in, form_of

router: Final = APIRouter(route_class=GuardedRoute, include_in_schema=False)
MOST_REPLAYED: Final = 1_000
_MOST_SHOWN: Final = 200
_MOST_LISTED: Final = 5
_AS_IT_IS: Final = Problem("记录", "重放会写明哪里不对。", "逐字内容在本页地址后加 /record.json。")
LEVELS: Final = (
    ("B", "B 同一规则包重新判定，须逐字相同"),
    ("A", "A 只核对字节与规则包"),
    ("C", "C 同 B，只限本版软件所作的"),
)


def _search(request: Request) -> recorded.Search:
    asked = request.query_params
    return recorded.Search(
        words=asked.get("q", "").strip()[:100],
        review_path=asked.get("path", "")[:40],
        district=asked.get("district", "")[:6],
        first=asked.get("first", "")[:10],
        last=asked.get("last", "")[:10],
    )


@router.get("/audit")
def listed(request: Request, number: Annotated[int, Query(ge=1, le=100_000)] = 1) -> Response:
    """List the recorded decisions that fit, the latest first."""
    office, search = office_of(request), _search(request)
    found, count = recorded.found(office, search, number)
    asked = {k: v for k, v in request.query_params.items() if k != "number" and v}
    return page(
        request,
        "audit.html",
        found=found,
        count=count,
        search=search,
        number=number,
        last=max(1, -(-count // recorded.PAGE)),
        asked=asked,
        paths=PATHS[1:],
        names=dict(PATHS),
        districts=DISTRICTS,
        levels=LEVELS,
        most=MOST_REPLAYED,
        checkpoint=checkpoint_from(office.journal.checkpoint()),
        jobs=office.jobs.latest(who_asks(request).user or 0, _MOST_LISTED),
    )


def _said(request: Request, record: str) -> tuple[Record, dict[str, Any]]:
    try:
        kept = office_of(request).journal.get(record)
    except JournalError:
        raise RefusalError(404, "没有这条记录。") from None
    said = recorded.said(office_of(request), record)
    if said.get("kind") != "decision":
        raise RefusalError(404, "没有这条记录。")
    return kept, said


def _again(request: Request, said: dict[str, Any]) -> Decision:
    """Decide a recorded project again, under the law of its record."""
    law = office_of(request).laws.under(said["law"]["pack"], said["law"]["readings"])
    return decide(
        project_in(said["project"]),
        on=date.fromisoformat(said["on"]),
        rulebook=law,
        assume_in_force=said["assumption"] is not None,
    )


@router.get("/audit/records/{record}")
def show(request: Request, record: str) -> Response:
    """Show one decision: its reasons beside the clauses, readings, versions, place and proof."""
    kept, said = _said(request, record)
    try:
        return _show(request, kept, said)
    except (*recorded.MISSHAPEN, TemplateError):
        raise RefusalError(
            409, "这条记录不是本软件写的样子，读不出来。", problems=(_AS_IT_IS,)
        ) from None


def _show(request: Request, kept: Record, said: dict[str, Any]) -> Response:
    office = office_of(request)
    earlier = said["supersedes"]
    try:
        decision: Decision | None = _again(request, said)
    except DrawreviewError:
        decision = None
    law = decision.rulebook if decision else office.rulebook
    words = {
        (document.number, path): document.words_of(path)
        for document in law.documents
        for path in document.clauses
    }
    return page(
        request,
        "audit_record.html",
        kept=kept,
        said=said,
        indexed=recorded.one(office, kept.id),
        decision=decision,
        same=decision is not None and decision.decision_id == said["decision"]["decision_id"],
        words=words,
        truth_of=truth_of,
        value_of=value_of,
        questions=law.questions,
        changed=_changed(office, earlier, said),
        names=dict(PATHS),
        annexes=ANNEX_ZH,
        districts=DISTRICTS,
    )


def _changed(
    office: Office, earlier: dict[str, Any] | None, said: dict[str, Any]
) -> Difference | None:
    """Return what differs from the decision that was superseded, if the journal holds it."""
    try:
        return difference(recorded.said(office, earlier["id"]), said) if earlier else None
    except JournalError:
        return None


@router.get("/audit/records/{record}/{file}")
def part(request: Request, record: str, file: str) -> Response:
    """Return a decision's rule tree, its exact bytes, or the proof of its place."""
    journal = office_of(request).journal
    kept, said = _said(request, record)
    if file == "tree.svg":
        try:
            decision = _again(request, said)
        except (DrawreviewError, *recorded.MISSHAPEN):
            raise RefusalError(409, "记入时的规则读不出来，没有重新判定。") from None
        return picture(svg_of(decision, lang=language_of(request)))
    if file == "record.json":
        return download(kept.body, f"{record}.json", "application/json")
    if file == "proof.tlog-proof":
        checkpoint = journal.checkpoint()
        hashes = journal.inclusion(kept.seq, checkpoint_from(checkpoint).size)
        text = proof_text(kept.seq, hashes, checkpoint)
        return download(text.encode(), f"{record}.tlog-proof", "text/plain; charset=utf-8")
    raise RefusalError(404, "没有这个页面。")


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Some records of a journal, and those that they supersede, as a log to be replayed."""

    journal: Journal
    ids: tuple[str, ...]

    def records(self) -> Iterator[Record]:
        """Yield the records in their order."""
        yield from sorted((self.journal.get(one) for one in self.ids), key=lambda r: r.seq)

    def blob(self, sha256: str, /) -> bytes:
        """Return what a record refers to."""
        return self.journal.blob(sha256)


@router.post("/audit/replay")
def start_replay(request: Request) -> Response:
    """Replay the decisions that fit, at most a thousand, the latest first, and what followed."""
    office, form = office_of(request), form_of(request)
    asked = {
        name: field_in(form, name)[:most]
        for name, most in (("q", 100), ("path", 40), ("district", 6), ("first", 10), ("last", 10))
    }
    level = field_in(form, "level")
    plan = Plan(level="A" if level == "A" else "C" if level == "C" else "B")
    search = recorded.Search(*asked.values())
    decisions = recorded.chain_of(office, recorded.ids(office, search, MOST_REPLAYED))
    ids = recorded.chain_of(office, recorded.with_what_followed(office, decisions))
    log = _Chosen(office.journal, ids)

    def run(progress: Progress) -> dict[str, Any]:
        evidence = of_journal(office.journal.verify(persons=False))
        ways = ways_of(office.journal)
        done = replay(log, plan, evidence=evidence, ways=ways, progress=progress)
        return _told(done)

    return _started(request, "replay", {**asked, "level": plan.level}, len(ids), run)


def _told(done: Replayed) -> dict[str, Any]:
    """Return what a replay has done and found, as it is kept and shown."""
    classes = Counter((one.cause.value, one.clauses) for one in done.findings)
    return {
        "decisions": done.decisions,
        "events": done.events,
        "letters": done.letters,
        "different": done.total,
        "integrity": done.evidence.wrong[:_MOST_SHOWN],
        "not_obtainable": done.not_obtainable.total(),
        "not_set": dict(done.not_set + done.set_elsewhere),
        "classes": [
            {"cause": cause, "clauses": clauses, "count": count}
            for (cause, clauses), count in classes.most_common()
        ],
        "findings": [
            {
                "seq": one.seq,
                "record": one.record,
                "cause": one.cause.value,
                "clauses": one.clauses,
                "said": legible(one.said),
            }
            for one in done.findings[:_MOST_SHOWN]
        ],
    }


@router.post("/audit/verify")
def start_verify(request: Request) -> Response:
    """Verify every record, subtree, checkpoint and signature."""
    journal = office_of(request).journal

    def run(_: Progress) -> dict[str, Any]:
        report = journal.verify()
        return {
            "holds": report.holds,
            "size": report.size,
            "wrong": report.counts.total(),
            "checkpoints": report.checkpoints,
            "root": report.root.hex(),
            "findings": [
                {"place": one.place, "problem": one.problem}
                for one in report.findings[:_MOST_SHOWN]
            ],
            "notices": report.notices,
        }

    return _started(request, "verify", {}, len(journal), run)


def _started(
    request: Request,
    kind: str,
    asked: dict[str, str],
    total: int,
    run: Callable[[Progress], dict[str, Any]],
) -> Response:
    office = office_of(request)
    try:
        name = office.jobs.start(
            kind,
            owner=who_asks(request).user or 0,
            asked=asked,
            total=total,
            at=office.settings.now(),
            run=run,
        )
    except TooManyError:
        raise RefusalError(429, "排队的核对太多，请等前面的做完。") from None
    note(request, kind, f"{total} records")
    return RedirectResponse(f"/audit/jobs/{name}", 303)


@router.get("/audit/jobs/{job}")
def watch(request: Request, job: str) -> Response:
    """Show how far a check has come, or what it found."""
    jobs = office_of(request).jobs
    found = jobs.of(who_asks(request).user or 0, job)
    if found is None:
        raise RefusalError(404, "没有这个页面。")
    part = request.headers.get("hx-request") == "true"
    return page(
        request,
        "audit_job_part.html" if part else "audit_job.html",
        job=found,
        done=jobs.progress(found),
        before=jobs.before(found) if found.going else 0,
        causes={cause.value: words for cause, words in CAUSE_ZH.items()},
    )


@router.get("/audit/bundle")
def bundle(request: Request, record: str = "") -> Response:
    """Return a bundle to carry away: all records, or one with the proof of its place."""
    journal = office_of(request).journal
    if record:
        _said(request, record)
    folder = tempfile.TemporaryDirectory(prefix="drawreview-")
    to = Path(folder.name) / "bundle.zip"
    try:
        export(journal, to, ids=(record,) if record else ())
    except JournalError:
        folder.cleanup()
        raise
    note(request, "bundle", record or f"{len(journal)} records")
    return FileResponse(
        to,
        media_type="application/zip",
        filename=f"drawreview-{record[:13] or len(journal)}.zip",
        background=BackgroundTask(folder.cleanup),
    )
