"""Serve a data folder for the load, without limits, and a constant answer of the same framework."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from drawreview.web.app import create_app
from drawreview.web.server import run
from drawreview.web.settings import Settings

_bare: Final = FastAPI()


@_bare.get("/constant")
async def constant() -> Response:
    """Answer always the same."""
    return Response(b'{"review_path":"exempt"}', media_type="application/json")


def _either(settings: Settings) -> ASGIApp:
    """Return what answers as an application with nothing in it, or as the office."""
    office = create_app(settings)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await (_bare if scope.get("path") == "/constant" else office)(scope, receive, send)

    return answer


if __name__ == "__main__":
    started = Settings(data=Path(sys.argv[1]), secure=False, requests_per_minute=10**9)
    run(_either, started, port=int(sys.argv[2]), log_level="error")
