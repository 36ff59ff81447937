"""The description of the API (OpenAPI 3.1), from the same models that read and answer."""

from __future__ import annotations

from typing import Any, Final, cast

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from drawreview.web.api import models
from drawreview.web.api.problem import ProblemDocument
from drawreview.web.security.guard import GuardedRoute
from drawreview.web.security.policy import POLICY
from drawreview.web.security.roles import Role

router: Final = APIRouter(prefix="/api/v1", route_class=GuardedRoute, include_in_schema=False)
_ASKED: Final[tuple[type[BaseModel], ...]] = (
    models.DecisionAsked,
    models.BatchAsked,
    models.NextAsked,
    models.LetterAsked,
    models.SiteAsked,
    models.RecordAsked,
    models.ReplayAsked,
)
_SAID: Final = (
    "What the pages show, for programs. Numbers are exact decimals; what is left out is unknown."
    " Errors are problem documents (RFC 9457) that list every problem: place, problem, remedy."
)


@router.get("/openapi.json")
def describe(request: Request) -> JSONResponse:
    """Return the description."""
    return JSONResponse(description(request.app))


def description(app: FastAPI) -> dict[str, Any]:
    """Return the description, made once."""
    if app.openapi_schema is None:
        app.openapi_schema = _described(app)
    return app.openapi_schema


def _described(app: FastAPI) -> dict[str, Any]:
    told = get_openapi(
        title="drawreview", version="1", openapi_version="3.1.0", description=_SAID,
        routes=app.routes,
    )  # fmt: skip
    _, asked = models_json_schema(
        [(model, "validation") for model in _ASKED],
        by_alias=True,
        ref_template="#/components/schemas/{model}",
    )
    _, problem = models_json_schema(
        [(ProblemDocument, "serialization")], ref_template="#/components/schemas/{model}"
    )
    schemas = cast("dict[str, Any]", told.setdefault("components", {}).setdefault("schemas", {}))
    schemas |= asked["$defs"] | problem["$defs"]
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    told["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            access = POLICY[method.upper(), path]
            if not access.admits(Role.ANYONE):
                operation["security"] = [{"token": []}]
                operation["description"] = (
                    f"{operation.get('description', '')}\n\nFor {', '.join(sorted(access.roles))};"
                    f" scope `{access.scope}`."
                ).strip()
    return told
