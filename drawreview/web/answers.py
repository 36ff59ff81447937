"""What goes wrong, told in the form in which it was asked: a page, or a problem document."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Sequence
from typing import Any, Final, cast
from urllib.parse import quote

import apsw
from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from drawreview.errors import (
    ArgumentError,
    BusyError,
    EngineError,
    ForbiddenError,
    InputError,
    JournalError,
    LetterError,
    Problem,
    StoreError,
)
from drawreview.web.api.problem import problem_response
from drawreview.web.case import no_decision
from drawreview.web.office import office_of, page, said, who_asks
from drawreview.web.recording import may_be_recorded, opened_again, recorded_under_key
from drawreview.web.refusal import RefusalError
from drawreview.web.security import passwords
from drawreview.web.security.guard import API, GuardedRoute
from drawreview.web.security.headers import TooLongError
from drawreview.web.security.seal import SealError
from drawreview.web.store.projects import StaleError

_MOST_CAUSES: Final = 5
_DISK: Final = {
    "FullError": "磁盘已满。",
    "ReadOnlyError": "只能读，不能写。",
    "IOError": "磁盘读写出错。",
    "CantOpenError": "打不开。",
    "BusyError": "正被占用。",
}
_LOG: Final = logging.getLogger("drawreview.web")
DEFECT: Final = "内部错误，日志里没有记入什么。请报告此事。"
_RECORDED: Final = "内部错误，但已经记入日志。请报告此事。"
_PERHAPS_RECORDED: Final = "内部错误，不知道有没有记入日志。请报告此事。"
_LOOK: Final = Problem("", "填写的内容可能已经存好。", "重新打开看，没有的再做。")
_AGAIN: Final = "重新打开项目页看；没有的可以再提交一次，同一次提交不会记入两次。"
_LOOK_FIRST: Final = Problem("", "先看项目页和日志里有没有。", "没有的再做。")
_TO_DO: Final = Problem(
    "日志",
    "已经重新打开。",
    "再提交一次同样的内容：已记入的不会再记一次。",
)
_TO_DO_API: Final = Problem(
    "日志", "已经重新打开。", "用同一个 Idempotency-Key 再问：已记入的答复第一次的记录。"
)
_RESTART: Final = Problem(
    "日志", "没能重新打开。", "请管理员排除故障并重启服务；重做之前先看日志里有没有。"
)
_WITHOUT_KEY: Final = Problem(
    "第二因素",
    "服务器现在核对不了验证码，也设不了新的。",
    "登录可用一个恢复码；或请管理员放回密钥文件，或去掉您的第二因素后重新设。",
)
FAILED: Final = "请求没有成功。"
_SAID: Final = {
    400: "请求不合格式。",
    404: "没有这个页面。",
    405: "这个地址不接受这种请求。",
}


class Answers:
    """Answers whatever goes wrong, unless an answer has begun already."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except TooLongError:
            raise  # whoever has counted answers
        except ClientDisconnect:
            return  # nobody is there any more
        except Exception as error:
            if begun:
                raise
            request = Request(scope, receive, send)
            if isinstance(error, StoreError):  # opening the journal anew may take its time
                response = await run_in_threadpool(_answer_to, request, error)
            else:
                response = _answer_to(request, error)
            await response(scope, receive, send)


def _answer_to(request: Request, error: Exception) -> Response:
    answer = next((a for kind, a in _ANSWERS.items() if isinstance(error, kind)), _defect)
    try:
        return answer(request, cast("Any", error))
    except Exception as worse:  # noqa: BLE001 - what was to be told may be what cannot be told
        return _defect(request, worse)


def answered(
    request: Request, status: int, told: str, problems: Sequence[Problem] = ()
) -> Response:
    """Return what went wrong as a page, or as a problem document for a program."""
    if request.url.path.startswith(API):
        return problem_response(status, told, problems)
    return page(request, "error.html", status=status, told=told, problems=problems)


def _refused(request: Request, error: RefusalError) -> Response:
    if error.sign_in and request.method == "GET":
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/login?next={quote(wanted)}", 303)
    if error.instead and request.method == "GET":
        return RedirectResponse(error.instead, 303)
    return answered(request, error.status, error.said, error.problems)


def _bad_input(request: Request, error: InputError) -> Response:
    return answered(request, 422, "输入有误。", error.problems)


def _no_letter(request: Request, error: LetterError) -> Response:
    return answered(request, 409, "不能出具承诺书。", error.problems)


def _no_decision(request: Request, error: EngineError) -> Response:
    _LOG.error("no decision: %s", error)
    return answered(request, 500, no_decision(error))


def _no_journal(request: Request, error: JournalError) -> Response:
    """Fail closed: what could not be recorded was not decided."""
    _LOG.error("the journal failed: %s", error)
    return answered(request, 503, "日志不可用，没有作出决定，也没有记入。", error.problems)


def _in_doubt(request: Request, error: StoreError) -> Response:
    """Say that nobody knows whether it was recorded, and open the journal anew."""
    if isinstance(error, BusyError | ForbiddenError):
        return _no_journal(request, error)
    _LOG.error("the journal's store failed: %s", error)
    again = opened_again(office_of(request).journal)
    if request.method in {"GET", "HEAD"}:
        return answered(request, 503, "日志读不出来。", error.problems)
    return answered(
        request,
        503,
        "日志出了故障，不知道这次有没有记入。",
        (*error.problems, _TO_DO_API if request.url.path.startswith(API) else _TO_DO)
        if again
        else (*error.problems, _RESTART),
    )


def _no_store(request: Request, error: apsw.Error) -> Response:
    """Say that the pages' own file fails, and what is known of the journal by then."""
    _LOG.error("the store of the pages failed: %s: %s", type(error).__name__, error)
    kind = type(error).__name__
    why = _DISK.get(kind, f"{kind}。")
    disk = Problem("web.sqlite3", why, "请管理员检查磁盘和权限。")
    told, problems = _after_a_defect(request)
    if told == _RECORDED:
        return answered(request, 503, "数据文件读写不了，但已经记入日志。", (disk, *problems))
    if told == _PERHAPS_RECORDED:
        return answered(request, 503, "数据文件读写不了，不知道有没有记入日志。", (disk, *problems))
    return answered(request, 503, "数据文件读写不了，日志里没有记入什么。", (disk, *problems))


def _cannot(request: Request, error: ArgumentError) -> Response:
    return answered(request, 409, "做不到。", error.problems)


def _stale(request: Request, _: StaleError) -> Response:
    return answered(request, 409, "别人刚刚改过这个项目，请重新打开后再改。")


def _busy(request: Request, _: passwords.BusyError) -> Response:
    return answered(request, 503, "登录的人太多，请稍后再试。")


def _sealed(request: Request, error: SealError) -> Response:
    _LOG.error("the second factors' key failed: %s", error)
    return answered(request, 503, "第二因素的密钥不在或不对。", (_WITHOUT_KEY,))


def _not_valid(request: Request, error: RequestValidationError) -> Response:
    problems = [
        Problem(".".join(map(str, one["loc"])), str(one["msg"]), "对照 /api/v1/openapi.json 改正。")
        for one in error.errors()
    ]
    return answered(request, 422, "输入有误。", problems)


def _plain(request: Request, error: HTTPException) -> Response:
    told = _SAID.get(error.status_code, FAILED)
    response = answered(request, error.status_code, told)
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    if error.status_code == 405:  # noqa: PLR2004 - as HTTP asks
        response.headers["Allow"] = ", ".join(_allowed(request))
    return response


def _allowed(request: Request) -> list[str]:
    """Return the methods of the address: the router names only those of its first route."""
    methods: set[str] = set()
    for route in request.app.routes:
        if isinstance(route, GuardedRoute) and route.path_regex.match(request.url.path):
            methods |= route.methods or set()
    return sorted(methods)


def _defect(request: Request, error: Exception) -> Response:
    _LOG.error("a defect: %s", _where(error))
    told, problems = _after_a_defect(request)
    if request.url.path.startswith(API):
        return problem_response(500, told, problems)
    try:
        return page(request, "error.html", status=500, told=told, problems=problems)
    except Exception:  # noqa: BLE001 - the page itself may be what is broken
        return Response(said(request)(told), 500, media_type="text/plain; charset=utf-8")


def _after_a_defect(request: Request) -> tuple[str, tuple[Problem, ...]]:
    """Say what is known of what a request has done before it broke."""
    if not may_be_recorded(request):
        keeps = request.method not in {"GET", "HEAD"} and who_asks(request).user is not None
        return DEFECT, (_LOOK,) if keeps else ()
    try:
        record = recorded_under_key(request, office_of(request).journal)
    except (LookupError, JournalError):
        return _PERHAPS_RECORDED, (_LOOK_FIRST,)
    if record is None:
        return DEFECT, ()
    return _RECORDED, (Problem(record, "是它的记录编号。", _AGAIN),)


def _where(error: Exception) -> str:
    """Return of what kind a defect is and where it arose; what it quotes may be of persons."""
    causes: list[BaseException] = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) and len(causes) < _MOST_CAUSES:
        causes.append(cause)
    return "\nwhile handling: ".join(
        f"{type(one).__name__}\n{''.join(traceback.format_tb(one.__traceback__))}" for one in causes
    )


_ANSWERS: Final[dict[type[Exception], Callable[[Request, Any], Response]]] = {
    RefusalError: _refused,
    InputError: _bad_input,
    LetterError: _no_letter,
    EngineError: _no_decision,
    StaleError: _stale,
    StoreError: _in_doubt,
    apsw.Error: _no_store,
    ArgumentError: _cannot,
    JournalError: _no_journal,
    passwords.BusyError: _busy,
    SealError: _sealed,
    RequestValidationError: _not_valid,
    HTTPException: _plain,
}
