"""The front door, the files that pages need, and the choice of language."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from drawreview.web.office import LANGUAGE_COOKIE, office_of, page
from drawreview.web.refusal import RefusalError
from drawreview.web.security.guard import GuardedRoute
from drawreview.web.static_files import static_files

router: Final = APIRouter(route_class=GuardedRoute, include_in_schema=False)


@router.get("/")
def front(request: Request) -> Response:
    """Show who may come in where."""
    return page(request, "front.html", law=office_of(request).rulebook)


@router.get("/accessibility")
def accessibility(request: Request) -> Response:
    """Say for whom the pages are made, and how they were tested."""
    return page(request, "accessibility.html")


@router.get("/static/{name}")
def static_file(name: str) -> Response:
    """Return a style sheet or a script; its address changes with its content."""
    if name not in static_files():
        raise RefusalError(404, "没有这个页面。")
    media_type, content = static_files()[name]
    return Response(
        content,
        media_type=media_type,
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )


@router.get("/language/{language}")
def choose_language(request: Request, language: str, back: str = "/") -> Response:
    """Note the language, and go back to the page from which it was chosen."""
    response = RedirectResponse(local(back), 303)
    response.set_cookie(
        LANGUAGE_COOKIE,
        "en" if language == "en" else "zh",
        max_age=365 * 86_400,
        secure=office_of(request).settings.secure,
        httponly=True,
        samesite="lax",
    )
    return response


def local(address: str) -> str:
    """Return an address of this site; the front door for any other."""
    parts = urlsplit(address)
    plain = re.fullmatch(r"/([^\\/\x00-\x20][^\\\x00-\x20]*)?", address)
    return address if plain and not parts.scheme and not parts.netloc else "/"
