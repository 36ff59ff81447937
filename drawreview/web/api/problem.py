"""Errors of the API as problem documents (RFC 9457), with the same problems as elsewhere."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from fastapi import Response
from pydantic import BaseModel, ConfigDict

from drawreview.errors import Problem

MEDIA_TYPE: Final = "application/problem+json"


class ProblemPart(BaseModel):
    """One thing that is wrong: where it stands, what it is, how to mend it."""

    model_config = ConfigDict(extra="forbid")

    place: str
    problem: str
    remedy: str


class ProblemDocument(BaseModel):
    """Why a request was not answered as asked."""

    model_config = ConfigDict(extra="forbid")

    type: str = "about:blank"
    title: str
    status: int
    problems: list[ProblemPart] = []


def problem_response(status: int, title: str, problems: Sequence[Problem] = ()) -> Response:
    """Return a problem document as an answer."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "problems": [asdict(problem) for problem in problems],
    }
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None  # noqa: PLR2004 - as HTTP asks
    return Response(
        json.dumps(body, ensure_ascii=False), status, media_type=MEDIA_TYPE, headers=headers
    )
