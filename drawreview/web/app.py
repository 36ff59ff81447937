"""The application: what all requests share, the routes, and the guard before each of them."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import APIRouter, FastAPI

from drawreview.records.laws import Laws
from drawreview.rulebook.load import load_rulebook
from drawreview.web.answers import Answers
from drawreview.web.api import decisions, description, journal, site
from drawreview.web.jobs import Jobs
from drawreview.web.office import Office
from drawreview.web.pages import (
    account,
    administrator,
    auditor,
    front,
    law,
    second_factor,
    statistics,
    tokens,
    window,
    window_case,
    window_change,
    window_site,
)
from drawreview.web.pages import assess as assess_pages
from drawreview.web.recording import journal_of
from drawreview.web.security.guard import GuardedRoute
from drawreview.web.security.headers import Headers, Length
from drawreview.web.security.policy import POLICY
from drawreview.web.security.rates import Rates
from drawreview.web.security.seal import Seal
from drawreview.web.settings import Settings
from drawreview.web.store import second_factors as factors
from drawreview.web.store.database import open_store

_LOG: Final = logging.getLogger("drawreview.web")
_PAGES: Final[tuple[APIRouter, ...]] = (
    decisions.router,
    site.router,
    journal.router,
    description.router,
    front.router,
    account.router,
    second_factor.router,
    tokens.router,
    assess_pages.router,
    law.router,
    window.router,
    window_case.router,
    window_site.router,
    window_change.router,
    auditor.router,
    administrator.router,
    statistics.router,
)


def create_app(settings: Settings) -> FastAPI:
    """Return the application of a data folder, which is made if it is not there."""
    law = load_rulebook(overlay=settings.overlay) if settings.overlay else load_rulebook()
    journal_ = journal_of(settings)
    store = open_store(settings.data)
    seal = Seal(settings.second_factor_key)
    office = Office(settings, store, law, Rates(), journal_, Jobs(store), Laws(journal_), seal)
    unopened = factors.sealed_otherwise(store, seal)
    if unopened:  # all else goes on: whoever has lost the key must not lose the day
        _LOG.warning("第二因素：%s", unopened)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncGenerator[None]:
        yield
        office.jobs.close()
        office.journal.close()
        office.store.close()

    app = FastAPI(
        title="drawreview",
        version="1",
        lifespan=life,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.office = office
    for router in _PAGES:
        app.router.routes.extend(router.routes)
    # FastAPI's own stack would come around these three, and cost as much as deciding.
    within = Length(Answers(app.router), most_bytes=settings.most_bytes)
    app.middleware_stack = Headers(within, secure=settings.secure)
    _check_policy(app)
    return app


def routes_of(app: FastAPI) -> set[tuple[str, str]]:
    """Return every method and path that the application answers."""
    return {
        (method, route.path)
        for route in app.routes
        if isinstance(route, GuardedRoute)
        for method in route.methods or ()
    }


def _check_policy(app: FastAPI) -> None:
    """Refuse to start with a route that has no guard, or that the policy does not name."""
    unguarded = [route for route in app.routes if not isinstance(route, GuardedRoute)]
    unnamed = routes_of(app) ^ set(POLICY)
    if unguarded or unnamed:
        message = f"routes and policy differ: {unguarded or sorted(unnamed)}"
        raise RuntimeError(message)
