"""Serve a data folder for the load, without limits, and a constant answer of the same framework."""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn
from fastapi import APIRouter, Response

from drawreview.web.app import create_app
from drawreview.web.settings import Settings

if __name__ == "__main__":
    app = create_app(Settings(data=Path(sys.argv[1]), secure=False, requests_per_minute=10**9))
    bare = APIRouter()

    @bare.get("/constant")
    async def constant() -> Response:
        """Answer always the same, without a guard before it."""
        return Response(b'{"review_path":"exempt"}', media_type="application/json")

    app.router.routes[:0] = bare.routes
    uvicorn.run(app, port=int(sys.argv[2]), log_level="error", server_header=False)
