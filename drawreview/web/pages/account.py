"""Signing in and out, and changing one's password."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from drawreview.errors import Problem
from drawreview.web.office import address_from, note, office_of, page, who_asks
from drawreview.web.pages.front import local
from drawreview.web.refusal import RefusalError
from drawreview.web.security.guard import GuardedRoute, form_of, session_cookie, text_in
from drawreview.web.security.passwords import hashed, matches, problems_of
from drawreview.web.security.roles import Role
from drawreview.web.store import sessions, users

router: Final = APIRouter(route_class=GuardedRoute, include_in_schema=False)
HOME: Final = {Role.CLERK: "/window", Role.AUDITOR: "/audit", Role.ADMINISTRATOR: "/admin"}


@router.get("/login")
def ask(request: Request, next: str = "") -> Response:  # noqa: A002 - the name in the address
    """Ask for name and password."""
    return page(request, "login.html", wanted=local(next) if next else "", name="", problems=())


@router.post("/login")
def sign_in(request: Request) -> Response:
    """Begin a session, or say no more than that name or password is wrong."""
    office, form = office_of(request), form_of(request)
    name, password = text_in(form, "name"), str(form.get("password") or "")
    wanted = text_in(form, "next")
    most = office.settings.logins_per_minute
    for kind, key in (("login", address_from(request)), ("login of", name.casefold())):
        if not office.rates.allows(kind, key, per_minute=most):
            note(request, "login held back", name)
            raise RefusalError(429, "登录尝试太频繁，请过几分钟再试。")
    user = users.named(office.store, name)
    known = user.password if user and user.disabled_at is None else None
    if not matches(password, known) or user is None:
        note(request, "login failed", name)
        problem = Problem("name", "姓名或密码不对。", "核对后再试；忘记密码请找管理员。")
        return page(
            request, "login.html", status=401, wanted=wanted, name=name, problems=(problem,)
        )
    old = who_asks(request).session
    if old is not None:
        sessions.end(office.store, old)
    at = office.settings.now()
    session = sessions.begin(office.store, user.id, at=at, address=address_from(request))
    note(request, "login", name, who=name)
    target = local(wanted) if wanted else HOME[user.role]
    response = RedirectResponse("/account/password" if user.must_change else target, 303)
    secure = office.settings.secure
    response.set_cookie(
        session_cookie(secure=secure),
        session,
        secure=secure,
        httponly=True,
        samesite="lax",
        path="/",
    )
    return response


@router.post("/logout")
def sign_out(request: Request) -> Response:
    """End the session."""
    office, who = office_of(request), who_asks(request)
    if who.session is not None:
        sessions.end(office.store, who.session)
    note(request, "logout", "")
    response = RedirectResponse("/", 303)
    secure = office.settings.secure
    response.delete_cookie(
        session_cookie(secure=secure), secure=secure, httponly=True, samesite="lax", path="/"
    )
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@router.get("/account/password")
def ask_for_password(request: Request) -> Response:
    """Ask for another password."""
    return page(request, "password.html", problems=())


@router.post("/account/password")
def change_password(request: Request) -> Response:
    """Change one's password; all sessions end, and one begins anew."""
    office, form, who = office_of(request), form_of(request), who_asks(request)
    if not office.rates.allows("login of", (who.name or "").casefold(), per_minute=5):
        raise RefusalError(429, "登录尝试太频繁，请过几分钟再试。")
    user = users.numbered(office.store, who.user or 0)
    new = str(form.get("new") or "")
    problems = problems_of(new, about=(who.name or "",))
    if user is None or not matches(str(form.get("old") or ""), user.password):
        problems.insert(0, Problem("old", "现在的密码不对。", "核对后再试。"))
    if new != str(form.get("again") or ""):
        problems.append(Problem("again", "两次写的新密码不一样。", "再写一次。"))
    if problems or user is None:
        return page(request, "password.html", status=422, problems=problems)
    users.set_password(office.store, user.id, hashed(new), must_change=False)
    at = office.settings.now()
    session = sessions.begin(office.store, user.id, at=at, address=address_from(request))
    note(request, "password changed", "")
    response = RedirectResponse(HOME[user.role], 303)
    secure = office.settings.secure
    response.set_cookie(
        session_cookie(secure=secure),
        session,
        secure=secure,
        httponly=True,
        samesite="lax",
        path="/",
    )
    return response
