"""A batch of 100 at the API, in this process: what each project of it costs, part by part."""

from __future__ import annotations

import asyncio
import gc
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from starlette.types import ASGIApp, Message

from bench.clock import Block, interleaved, over, show
from bench.rows import ON
from bench.web_load import asking, projects
from drawreview.engine.decide import decide
from drawreview.engine.decision import Decision
from drawreview.project.from_yaml import read
from drawreview.project.measure import measure
from drawreview.project.model import Project
from drawreview.web.api.body import project_at
from drawreview.web.app import create_app
from drawreview.web.case import as_kept
from drawreview.web.settings import Settings

_MANY: Final = 100
_CHUNK: Final = 65_536


def run(rounds: int) -> bool:
    """Measure a batch as a program sends it, and the parts of which its cost is made."""
    different = projects(10 * _MANY)
    batches = [different[at : at + _MANY] for at in range(0, len(different), _MANY)]
    bodies = [asking(want="outcome", projects=batch) for batch in batches]
    stated = [_stated(body) for body in bodies]
    told = [list(map(_project, batch)) for batch in stated]

    def each(work: Callable[[Any], object], rows: list[list[Any]]) -> Block:
        return _for_one(over(lambda batch: [work(one) for one in batch], rows))

    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(Path(folder), secure=False, requests_per_minute=10**9))
        gc.collect()
        gc.freeze()  # as the server does
        loop = asyncio.new_event_loop()
        costs = interleaved(
            {
                "whole": _for_one(
                    over(lambda body: loop.run_until_complete(_answered(app, body)), bodies)
                ),
                "  read as JSON": _for_one(over(_stated, bodies)),
                "  read as a project": each(_project, stated),
                "  decided by both engines": each(_decision, told),
                "    of it measured": each(lambda project: measure(project, on=ON), told),
                "  the same with its letter and its permit's route": each(_outcome, told),
            },
            rounds,
        )
        loop.close()
    return show("batch of 100, CPU per project", costs, ())


def _for_one(block: Block) -> Block:
    return lambda: block() / _MANY


def _stated(body: bytes) -> list[Any]:
    return read(as_kept(body.decode()), "body").data["projects"]


def _project(data: object) -> Project:
    return project_at(data, "projects[0]")


def _decision(project: Project) -> Decision:
    return decide(project, on=ON)


def _outcome(project: Project) -> tuple[str | None, ...]:
    decision = _decision(project)
    return decision.review_path, decision.letter, decision.permit_route


async def _answered(app: ASGIApp, body: bytes) -> None:
    """Ask as a server would for a client, and see that it was answered."""
    chunks = [body[at : at + _CHUNK] for at in range(0, len(body), _CHUNK)][::-1]
    statuses: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": chunks.pop(), "more_body": bool(chunks)}

    async def send(message: Message) -> None:
        statuses.append(message.get("status", 0))

    path = "/api/v1/decisions/batch"
    await app(
        {
            "type": "http",
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [(b"content-type", b"application/json")],
            "client": ("127.0.0.1", 1),
        },
        receive,
        send,
    )
    if statuses[0] != 200:  # noqa: PLR2004 - as HTTP has it
        message = f"a batch was answered {statuses[0]}"
        raise RuntimeError(message)
