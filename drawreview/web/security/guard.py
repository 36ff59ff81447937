"""Stands before every route: who asks, may they, and did the request come from our own page."""

from __future__ import annotations

import hmac
import inspect
from collections.abc import Callable, Coroutine
from typing import Any, Final, cast
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from fastapi.routing import APIRoute
from starlette.datastructures import FormData
from starlette.types import ASGIApp, Receive, Scope, Send

from drawreview.web.office import address_from, note, office_of, who_asks
from drawreview.web.refusal import RefusalError
from drawreview.web.security.policy import POLICY, Access
from drawreview.web.security.roles import ANYONE, Role, Step, Who
from drawreview.web.store import projects, sessions, tokens

API: Final = "/api/"
Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_SAFE: Final = {"GET", "HEAD"}
# Where somebody goes who has a step to take yet, and what else is open meanwhile.
_STEPS: Final = {
    Step.CODE: ("/login/code", "请先写验证码。"),
    Step.PASSWORD: ("/account/password", "请先更改一次性密码。"),
    Step.ENROL: ("/account/second-factor", "请先设好第二因素。"),
}
_MEANWHILE: Final = {"/logout", "/static/{name}", "/language/{language}"}


class GuardedRoute(APIRoute):
    """A route that nobody reaches past the policy; nothing of the request is read before."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **told: Any) -> None:  # noqa: ANN401 - as FastAPI takes it
        super().__init__(path, endpoint, **told)
        if self._asks_for_the_request_alone:
            self.app = _answered_by(self.get_route_handler())
        else:
            self.app = AsyncExitStackMiddleware(self.app)  # which FastAPI's own handler looks for

    @property
    def _asks_for_the_request_alone(self) -> bool:
        """Whether there is nothing that FastAPI would have to find for the endpoint."""
        asks = self.dependant
        found = (asks.path_params, asks.query_params, asks.header_params, asks.cookie_params)
        return asks.request_param_name is not None and not any(
            (*found, asks.body_params, asks.dependencies)
        )

    def get_route_handler(self) -> Handler:
        """Return the handler with the guard before it."""
        straight = self._asks_for_the_request_alone
        handler = _of_request(self.endpoint) if straight else super().get_route_handler()
        path = self.path

        async def guarded(request: Request) -> Response:
            access = POLICY.get((request.method, path))
            if access is None:
                raise RefusalError(403, "没有这项权限。")
            _admit(request, path, access)
            if request.method in _SAFE or path.startswith(API):
                return await handler(request)
            async with request.form() as form:  # its files are closed when all is answered
                request.state.form = form
                _check_origin(request, form)
                return await handler(request)

        return guarded


def _of_request(endpoint: Callable[[Request], Any]) -> Handler:
    """Return what answers a request without FastAPI between, at a quarter of the price."""
    if inspect.iscoroutinefunction(endpoint):
        return cast("Handler", endpoint)

    async def handler(request: Request) -> Response:
        return await run_in_threadpool(endpoint, request)

    return handler


def _answered_by(handler: Handler) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        response = await handler(Request(scope, receive, send))
        await response(scope, receive, send)

    return app


def session_cookie(*, secure: bool) -> str:
    """Return the name of the cookie that holds the session."""
    return "__Host-session" if secure else "session"


def form_of(request: Request) -> FormData:
    """Return the form that was sent, which the guard has read."""
    return cast("FormData", request.state.form)


def field_in(form: FormData, name: str) -> str:
    """Return what was written into a field of a form; nothing if it is not there."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def _admit(request: Request, path: str, access: Access) -> None:
    office = office_of(request)
    api = path.startswith(API)
    if not office.rates.allows(
        "request", address_from(request), per_minute=office.settings.requests_per_minute
    ):
        raise RefusalError(429, "请求太频繁，请过一分钟再试。")
    who = _bearer(request) if api else _signed_in(request)
    request.state.who = who
    if not access.admits(who.role):
        note(request, "denied", f"{request.method} {path}")
        if who.role is Role.ANYONE:
            raise RefusalError(401, "请先登录。", sign_in=not api)
        raise RefusalError(403, "没有这项权限。")
    if api and access.scope and access.scope not in who.scopes:
        note(request, "denied", f"{request.method} {path}: {access.scope}")
        raise RefusalError(403, "令牌没有这项权限。")
    if who.step is not None:
        place, said = _STEPS[who.step]
        if path != place and path not in _MEANWHILE:
            raise RefusalError(403, said, instead=None if api else place)
    if access.own_district:
        request.state.case = _own_project(request, path)


def _signed_in(request: Request) -> Who:
    office = office_of(request)
    name = request.cookies.get(session_cookie(secure=office.settings.secure))
    found = sessions.who_has(office.store, name, at=office.settings.now()) if name else None
    return found or ANYONE


def _bearer(request: Request) -> Who:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if not scheme:
        return ANYONE
    office = office_of(request)
    found = (
        tokens.who_has(office.store, token.strip(), at=office.settings.now())
        if scheme.lower() == "bearer"
        else None
    )
    if found is None:
        note(request, "denied", "token")
        raise RefusalError(401, "令牌不对、已过期或已撤销。")
    return found


def _own_project(request: Request, path: str) -> projects.Case:
    """Return the project of the path; another district's is as if it were not there."""
    number = str(request.path_params["project"])
    case = None
    if number.isdecimal() and len(number) < 16:  # noqa: PLR2004 - more digits than SQLite counts
        case = projects.numbered(office_of(request).store, int(number))
    if case is None or not who_asks(request).may_see(case.district):
        if case is not None:
            note(request, "denied", f"{request.method} {path}: {case.district}")
        raise RefusalError(404, "没有这个页面。")
    return case


def case_of(request: Request) -> projects.Case:
    """Return the project of the path, which the guard has found to be the asker's business."""
    return cast("projects.Case", request.state.case)


def _check_origin(request: Request, form: FormData) -> None:
    """Refuse what another site has sent: by its headers, and by the token of the session."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site not in (None, "same-origin") or (
        origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    ):
        note(request, "denied", "another site")
        raise RefusalError(403, "请求不是从本站页面发出的。")
    if site is None and origin is None:
        raise RefusalError(403, "请求不是从本站页面发出的。")
    who = who_asks(request)
    if who.csrf is not None:
        sent = request.headers.get("x-csrf-token") or field_in(form, "csrf")
        if not hmac.compare_digest(sent.encode(), who.csrf.encode()):
            note(request, "denied", "csrf")
            raise RefusalError(403, "页面已过期，请重新打开后再提交。")
