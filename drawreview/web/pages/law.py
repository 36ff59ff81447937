"""The rule reader: the regulation's words, what each became, and where the text leaves a choice."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from drawreview.condition.to_prose import to_prose
from drawreview.engine.wording import VALUE_ZH
from drawreview.web.law_reading import KINDS, reading_of
from drawreview.web.office import language_of, office_of, page, said
from drawreview.web.refusal import RefusalError
from drawreview.web.security.guard import GuardedRoute

router: Final = APIRouter(route_class=GuardedRoute, include_in_schema=False)


@router.get("/law")
def city(request: Request) -> Response:
    """Go to the city's document."""
    return RedirectResponse(f"/law/{office_of(request).rulebook.city.id}", 303)


@router.get("/law/questions")
def questions(request: Request) -> Response:
    """List the places where the text leaves a choice."""
    return page(request, "questions.html", questions=office_of(request).rulebook.questions.values())


@router.get("/law/{document}")
def read(request: Request, document: str) -> Response:
    """Show a document, sentence by sentence."""
    law = office_of(request).rulebook
    chosen = next((one for one in law.documents if one.id == document), None)
    if chosen is None:
        raise RefusalError(404, "没有这个页面。")
    language = language_of(request)
    words = {value: said(request)(zh) for value, zh in VALUE_ZH.items()}
    return page(
        request,
        "law.html",
        law=law,
        document=chosen,
        sentences=reading_of(law, chosen),
        kinds=KINDS,
        prose=lambda rule: to_prose(rule.when, law.facts, lang=language, words=words),  # pyright: ignore[reportUnknownLambdaType,reportUnknownArgumentType,reportUnknownMemberType] - the template's
    )
