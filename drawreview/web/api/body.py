"""The body of a request: JSON with exact numbers, held against a model, every problem at once."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Iterator
from datetime import date
from typing import Any, Final, TypeVar

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.responses import Response

from drawreview.errors import InputError, Problem
from drawreview.project.contacts import refused
from drawreview.project.contradictions import contradictions
from drawreview.project.from_yaml import Written, is_mapping, is_sequence, read
from drawreview.project.model import Project
from drawreview.project.plain import plainly_stated
from drawreview.project.statement import project_of
from drawreview.project.wording import problems_in
from drawreview.web.api.problem import MEDIA_TYPE
from drawreview.web.case import as_kept
from drawreview.web.office import office_of
from drawreview.web.refusal import RefusalError

Model = TypeVar("Model", bound=BaseModel)
_NAME: Final = "body"
_NO_PROJECT: Final[dict[str, Any]] = {}


async def data_from(request: Request) -> dict[str, Any]:
    """Return the JSON object that a request carries.

    Raises:
        RefusalError: It is not JSON.
        InputError: It is not well formed, or no object.
    """
    return data_in(await bytes_from(request))


async def bytes_from(request: Request) -> bytes:
    """Return the JSON that a request carries as it came; raises `RefusalError` if it is none."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise RefusalError(415, "请发送 application/json。")
    return await request.body()


def data_in(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a body; raises `InputError` if it is not well formed, or none."""
    try:
        text = as_kept(body.decode())
    except UnicodeDecodeError:
        raise InputError((Problem(_NAME, "不是 UTF-8 编码。", "用 UTF-8 发送。"),)) from None
    data = read(text, _NAME).data if text.lstrip().startswith("{") else None
    if not is_mapping(data):
        raise InputError((Problem(_NAME, "不是 JSON 对象。", "对照 /api/v1/openapi.json。"),))
    return data


def from_json(
    tell: Callable[[Request, dict[str, Any]], Response],
) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers a request by what its JSON says, off the loop that serves all."""

    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(tell, request, await data_from(request))

    endpoint.__name__, endpoint.__doc__ = tell.__name__, tell.__doc__  # as the API describes it
    return endpoint


def asked(model: type[Model], data: dict[str, Any]) -> tuple[Model, Project]:
    """Return what a body asks and its project; raises `InputError` with every problem of both."""
    found, problems = _held_against(model, data)
    project = None
    if "project" in data:
        try:
            project = project_at(data["project"], "project")
        except InputError as error:
            problems += error.problems
    if problems or found is None or project is None:
        raise InputError(tuple(problems))
    return found, project


def batch_asked(
    model: type[Model], data: dict[str, Any]
) -> tuple[Model, Iterator[Project | tuple[Problem, ...]]]:
    """Return what a body asks, and one by one its projects or what is wrong with them."""
    found, problems = _held_against(model, data)
    if problems or found is None:
        raise InputError(tuple(problems))
    return found, map(_project_or_problems, data["projects"], itertools.count())


def _project_or_problems(data: object, place: int) -> Project | tuple[Problem, ...]:
    try:
        return project_at(data, f"projects[{place}]")
    except InputError as error:
        return error.problems


def held_against(model: type[Model], data: dict[str, Any]) -> Model:
    """Return what a body without a project asks; raises `InputError` with every problem."""
    found, problems = _held_against(model, data)
    if found is None:
        raise InputError(tuple(problems))
    return found


def _held_against(model: type[Model], data: dict[str, Any]) -> tuple[Model | None, list[Problem]]:
    """Hold all but the projects against a model."""
    rest = dict(data)
    if "project" in rest:
        rest["project"] = _NO_PROJECT
    if is_sequence(rest.get("projects")):
        rest["projects"] = [_NO_PROJECT if is_mapping(p) else p for p in rest["projects"]]
    try:
        return model.model_validate(rest), []
    except ValidationError as error:
        found = problems_in(Written(rest, {}, ""), error, schema="project")
        return None, [Problem(p.place.removeprefix(": "), p.problem, p.remedy) for p in found]


def project_at(data: Any, place: str) -> Project:  # noqa: ANN401 - any JSON
    """Return a project of a body, or what decides alike.

    Raises:
        InputError: With every problem, its place within the body.
    """
    plain = plainly_stated(data)
    if plain is not None and not (*refused(plain), *contradictions(plain)):
        return plain
    try:
        return project_of(Written(data, {}, ""))
    except InputError as error:
        raise InputError(
            tuple(
                Problem(f"{place}.{p.place.removeprefix(': ')}", p.problem, p.remedy)
                for p in error.problems
            )
        ) from None


def whole(data: dict[str, Any]) -> Project:
    """Return the project of a body as its model; for those who look into it."""
    return Project.model_validate(data["project"])


def day_of(request: Request, on: date | None) -> date:
    """Return the day that was asked for; today at the window if none was."""
    return on or office_of(request).settings.today()


def body_of(model: type[BaseModel]) -> dict[str, Any]:
    """Return how the API's description tells of a body that is read here."""
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return how the API's description tells of what may go wrong."""
    told = {
        400: "The request is malformed.",
        401: "A token is missing, or good for nothing any more.",
        403: "The token is not good for this.",
        404: "There is no such thing.",
        409: "It cannot be done as things stand.",
        413: "The request is too long.",
        415: "The request is not JSON.",
        422: "The input is not in order; every problem is told.",
        429: "Too many requests.",
        500: "A defect; the answer says whether anything was recorded.",
        503: "The journal cannot be used; nothing was decided or recorded.",
    }
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}
    every = {*statuses, 401, 403, 413, 429, 500}
    return {status: {"description": told[status], "content": content} for status in sorted(every)}


def json_of(adapter: TypeAdapter[Any], value: object, status: int = 200) -> Response:
    """Return a value as JSON, without a detour through Python's own objects."""
    return Response(adapter.dump_json(value, by_alias=True), status, media_type="application/json")
