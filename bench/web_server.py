"""Serve a data folder for the load, without limits; beside it peers, and what memory holds.

One peer answers always the same. The other, the floor, reads a project as JSON and answers as many
bytes as a document has, without deciding anything.
"""

from __future__ import annotations

import ctypes
import json
import sys
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from drawreview.web.app import create_app
from drawreview.web.server import run
from drawreview.web.settings import Settings

_DOCUMENT: Final = b'"%b"' % (b"x" * 13_300)
_bare: Final = FastAPI()
_APART: Final = {"/constant", "/floor", "/memory"}


class _Heaps(ctypes.Structure):
    """What glibc's `mallinfo2` tells of all heaps together."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            *("from_system", "free_blocks", "fast_blocks", "mapped_blocks", "mapped"),
            *("unused", "fast_free", "used", "free", "on_top"),
        )
    ]


@_bare.get("/constant")
async def constant() -> Response:
    """Answer always the same."""
    return Response(b'{"review_path":"exempt"}', media_type="application/json")


@_bare.get("/memory")
async def memory() -> Response:
    """Tell what the process has in use, and what its heaps keep though it is free."""
    told = ctypes.CDLL(None).mallinfo2
    told.restype = _Heaps
    heaps = told()
    blocks = sys.getallocatedblocks()
    held = {"used": heaps.used + heaps.mapped, "free": heaps.free, "blocks": blocks}
    return Response(json.dumps(held), media_type="application/json")


@_bare.post("/floor")
async def floor(request: Request) -> Response:
    """Read a project, and answer as long as a document is."""
    json.loads(await request.body())
    return Response(_DOCUMENT, media_type="application/json")


def _either(settings: Settings) -> ASGIApp:
    """Return what answers as an application with nothing in it, or as the office."""
    office = create_app(settings)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await (_bare if scope.get("path") in _APART else office)(scope, receive, send)

    return answer


if __name__ == "__main__":
    started = Settings(data=Path(sys.argv[1]), secure=False, requests_per_minute=10**9)
    run(_either, started, port=int(sys.argv[2]), log_level="error")
