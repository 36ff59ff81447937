"""Signing in and out, one's password, and what happened with the account."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from drawreview.errors import Problem
from drawreview.web.office import address_from, note, office_of, page, who_asks
from drawreview.web.pages.front import local
from drawreview.web.refusal import RefusalError
from drawreview.web.security.guard import GuardedRoute, field_in, form_of, session_cookie
from drawreview.web.security.passwords import hashed, matches, problems_of
from drawreview.web.security.roles import Role, Step
from drawreview.web.store import audit_log, second_factors, sessions, users
from drawreview.web.store.users import User

router: Final = APIRouter(route_class=GuardedRoute, include_in_schema=False)
HOME: Final = {Role.CLERK: "/window", Role.AUDITOR: "/audit", Role.ADMINISTRATOR: "/admin"}
ONE_TIME_DAYS: Final = 7


@router.get("/login")
def ask(request: Request, next: str = "") -> Response:  # noqa: A002 - the name in the address
    """Ask for name and password."""
    return page(request, "login.html", wanted=local(next) if next else "", name="", problems=())


@router.post("/login")
def sign_in(request: Request) -> Response:
    """Begin a session, or say no more than that name or password is wrong."""
    office, form = office_of(request), form_of(request)
    name, password = field_in(form, "name"), str(form.get("password") or "")
    wanted = field_in(form, "next")
    most = office.settings.logins_per_minute
    for kind, key in (("login", address_from(request)), ("login of", _tried(request, name))):
        if not office.rates.allows(kind, key, per_minute=most):
            known = users.named(office.store, name)
            note(request, "login held back", known.name if known else "")
            raise RefusalError(429, "登录尝试太频繁，请过几分钟再试。")
    user = users.named(office.store, name)
    known = user.password if user and user.disabled_at is None else None
    problem = None
    if not matches(password, known) or user is None:
        problem = Problem("name", "姓名或密码不对。", "核对后再试；忘记密码请找管理员。")
    elif user.must_change and office.settings.now() - user.password_at > ONE_TIME_DAYS * 86_400:
        problem = Problem("name", "一次性密码已经过期。", "请管理员再给一个。")
    if problem or user is None:
        # What is no name may be a password, typed into the wrong field.
        note(request, "login failed", user.name if user else "")
        problems = (problem,) if problem else ()
        return page(request, "login.html", status=401, wanted=wanted, name=name, problems=problems)
    target = local(wanted) if wanted else HOME[user.role]
    factor = second_factors.of(office.store, user.id)
    with_code = factor is not None and factor.confirmed_at is not None
    note(request, "password given" if with_code else "login", name, who=name)
    if with_code:
        target = f"/login/code?next={quote(target)}"
    return with_session(request, user, target, passed=False)


def _tried(request: Request, name: str) -> str:
    """Return under what the tries for a name are counted.

    From where somebody has signed in before, their own tries alone count: nobody else can keep
    them out by trying.
    """
    address = address_from(request)
    known = audit_log.has_come_from(office_of(request).store, name, address)
    return f"{name.casefold()} {address}" if known else name.casefold()


def with_session(request: Request, user: User, target: str, *, passed: bool) -> Response:
    """Begin a session in the place of the one that asks, and go to a page."""
    office = office_of(request)
    old = who_asks(request).session
    if old is not None:
        sessions.end(office.store, old)
    session = sessions.begin(
        office.store,
        user.id,
        at=office.settings.now(),
        address=address_from(request),
        passed=passed,
    )
    response = RedirectResponse(target, 303)
    keep_session(request, response, session)
    return response


def keep_session(request: Request, response: Response, session: str) -> None:
    """Let a browser keep the name of a session."""
    secure = office_of(request).settings.secure
    response.set_cookie(
        session_cookie(secure=secure),
        session,
        secure=secure,
        httponly=True,
        samesite="lax",
        path="/",
    )


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


def oneself(request: Request) -> User:
    """Return the user who asks."""
    user = users.numbered(office_of(request).store, who_asks(request).user or 0)
    if user is None:
        raise RefusalError(401, "请先登录。", sign_in=True)
    return user


@router.get("/account")
def account(request: Request) -> Response:
    """Show what happened with one's account: who signed in from where, who set a password."""
    office, user = office_of(request), oneself(request)
    factor = second_factors.of(office.store, user.id)
    return page(
        request,
        "account.html",
        user=user,
        factor=factor if factor and factor.confirmed_at is not None else None,
        lines=audit_log.concerning(office.store, user.name),
        what=audit_log.WHAT,
    )


@router.get("/account/password")
def ask_for_password(request: Request) -> Response:
    """Ask for another password."""
    return page(request, "password.html", problems=(), user=oneself(request), step=_step(request))


def _step(request: Request) -> bool:
    return who_asks(request).step is Step.PASSWORD


@router.post("/account/password")
def change_password(request: Request) -> Response:
    """Change one's password; all sessions end, and one begins anew."""
    office, form, user = office_of(request), form_of(request), oneself(request)
    if not office.rates.allows("login of", _tried(request, user.name), per_minute=5):
        raise RefusalError(429, "登录尝试太频繁，请过几分钟再试。")
    new = str(form.get("new") or "")
    problems = [Problem("new", p.problem, p.remedy) for p in problems_of(new, about=(user.name,))]
    if not matches(str(form.get("old") or ""), user.password):
        problems.insert(0, Problem("old", "现在的密码不对。", "核对后再试。"))
    elif new == str(form.get("old") or ""):
        problems.append(Problem("new", "新密码和现在的一样。", "换一个。"))
    if new != str(form.get("again") or ""):
        problems.append(Problem("again", "两次写的新密码不一样。", "再写一次。"))
    if problems:
        return page(
            request,
            "password.html",
            status=422,
            problems=problems,
            user=user,
            step=_step(request),
        )
    users.set_password(office.store, user.id, hashed(new), at=office.settings.now())
    note(request, "password changed", "")
    # Who came so far has given a code, if there is one to give.
    return with_session(request, user, HOME[user.role], passed=True)
