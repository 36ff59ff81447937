"""The second factor: asked for after the password, set up, renewed, and taken off."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from drawreview.errors import Problem
from drawreview.web.office import address_from, note, office_of, page, who_asks
from drawreview.web.pages.account import HOME, keep_session, oneself, with_session
from drawreview.web.pages.front import local
from drawreview.web.refusal import RefusalError
from drawreview.web.security.codes import address_of, drawn, new_recovery_codes
from drawreview.web.security.guard import GuardedRoute, field_in, form_of
from drawreview.web.security.roles import Step
from drawreview.web.store import second_factors, sessions
from drawreview.web.store.second_factors import MOST_WRONG
from drawreview.web.store.users import User

router: Final = APIRouter(route_class=GuardedRoute, include_in_schema=False)
_WRONG: Final = Problem("code", "验证码不对，或已经用过。", "等手机上换了新的再写。")
_LOCKED: Final = Problem("code", "验证码错得太多，已经锁住。", "请管理员去掉第二因素后重新设。")


@router.get("/login/code")
def ask(request: Request, next: str = "") -> Response:  # noqa: A002 - the name in the address
    """Ask for the code of the telephone, or a recovery code."""
    if who_asks(request).step is not Step.CODE:
        return RedirectResponse(HOME[oneself(request).role], 303)
    return page(request, "login_code.html", wanted=local(next) if next else "", problems=())


@router.post("/login/code")
def give(request: Request) -> Response:
    """Take the code; the session begins anew, now good for all that its user may do."""
    form, user = form_of(request), oneself(request)
    if who_asks(request).step is not Step.CODE:
        return RedirectResponse(HOME[user.role], 303)
    wanted = field_in(form, "next")
    problem = _not_taken(request, user, field_in(form, "code"), recovery=True)
    if problem:
        return page(request, "login_code.html", status=401, wanted=wanted, problems=(problem,))
    note(request, "login", user.name)
    return with_session(request, user, local(wanted) if wanted else HOME[user.role], passed=True)


def _not_taken(request: Request, user: User, code: str, *, recovery: bool) -> Problem | None:
    """Take a code, or return why not."""
    office = office_of(request)
    most = office.settings.logins_per_minute
    if not office.rates.allows("code of", user.name.casefold(), per_minute=most):
        note(request, "login held back", user.name)
        raise RefusalError(429, "登录尝试太频繁，请过几分钟再试。")
    at = office.settings.now()
    if any(one.isalpha() for one in code):
        taken = recovery and second_factors.takes_recovery(office.store, user.id, code, at=at)
        if taken:
            note(request, "recovery code used", user.name)
    else:
        taken = second_factors.takes(office.store, user.id, code, office.seal, at=at)
    if taken:
        return None
    note(request, "code wrong", user.name)
    factor = second_factors.of(office.store, user.id)
    return _LOCKED if factor and factor.wrong >= MOST_WRONG else _WRONG


@router.get("/account/second-factor")
def show(request: Request) -> Response:
    """Show whether there is a second factor, and offer to set one up."""
    return _show(request)


def _show(
    request: Request, *, problems: tuple[Problem, ...] = (), offered: bool = False
) -> Response:
    office, user = office_of(request), oneself(request)
    factor = second_factors.of(office.store, user.id)
    secret = second_factors.offered(office.store, user.id, office.seal) if offered else None
    return page(
        request,
        "second_factor.html",
        status=422 if problems else 200,
        factor=factor if factor and factor.confirmed_at is not None else None,
        required=user.role in second_factors.required(office.store),
        secret=secret and " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        picture=drawn(address_of(secret, user.name)) if secret else None,
        codes=(),
        problems=problems,
    )


@router.post("/account/second-factor")
def change(request: Request) -> Response:
    """Set a second factor up, give new recovery codes, or take it off; each asks for a code."""
    office, form, user = office_of(request), form_of(request), oneself(request)
    factor = second_factors.of(office.store, user.id)
    confirmed = factor is not None and factor.confirmed_at is not None
    wanted = field_in(form, "do")
    if wanted == "begin" and not confirmed:
        second_factors.offer(office.store, user.id, office.seal)
        return _show(request, offered=True)
    if wanted not in {"confirm", "codes", "off"} or (wanted == "confirm") == confirmed:
        raise RefusalError(409, "第二因素已经改过，请重新打开后再改。")
    if wanted == "off" and user.role in second_factors.required(office.store):
        raise RefusalError(409, "管理员要求此角色有第二因素，不能取消。")
    problem = _not_taken(request, user, field_in(form, "code"), recovery=False)
    if problem:
        return _show(request, problems=(problem,), offered=True)
    if wanted == "off":
        second_factors.drop(office.store, user.id)
        note(request, "second factor taken off", user.name)
        return with_session(request, user, "/account", passed=True)
    return _with_recovery_codes(request, user, "set" if wanted == "confirm" else "renewed")


def _with_recovery_codes(request: Request, user: User, what: str) -> Response:
    """Show recovery codes once; all other sessions end, for they have given no code."""
    office = office_of(request)
    codes = new_recovery_codes()
    second_factors.give_recovery_codes(office.store, user.id, codes)
    note(request, f"second factor {what}", user.name)
    response = page(
        request,
        "second_factor.html",
        factor=second_factors.of(office.store, user.id),
        required=False,
        secret=None,
        picture=None,
        codes=codes,
        problems=(),
    )
    sessions.end_all(office.store, user.id)
    session = sessions.begin(
        office.store,
        user.id,
        at=office.settings.now(),
        address=address_from(request),
        passed=True,
    )
    keep_session(request, response, session)
    return response
