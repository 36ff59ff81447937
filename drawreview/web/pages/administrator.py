"""Users, sessions, tokens and the audit log; an administrator decides nothing."""

from __future__ import annotations

import re
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from drawreview.errors import InputError, Problem
from drawreview.project.kinds import DISTRICTS
from drawreview.web.office import note, office_of, page, who_asks
from drawreview.web.refusal import RefusalError
from drawreview.web.security.guard import GuardedRoute, field_in, form_of
from drawreview.web.security.passwords import hashed, one_time
from drawreview.web.security.roles import Role
from drawreview.web.store import audit_log, second_factors, sessions, tokens, users

router: Final = APIRouter(route_class=GuardedRoute, include_in_schema=False)
Number = Annotated[int, Path(ge=1, lt=2**53)]
_ROLES: Final = (Role.CLERK, Role.AUDITOR, Role.ADMINISTRATOR)


def _users(
    request: Request,
    *,
    problems: tuple[Problem, ...] = (),
    made: tuple[str, str] | None = None,
    written: dict[str, str] | None = None,
) -> Response:
    return page(
        request,
        "admin_users.html",
        status=422 if problems else 200,
        users=users.everyone(office_of(request).store),
        roles=_ROLES,
        districts=DISTRICTS,
        with_factor=second_factors.confirmed(office_of(request).store),
        required=second_factors.required(office_of(request).store),
        problems=problems,
        made=made,
        written=written or {},
    )


@router.get("/admin")
def everyone(request: Request) -> Response:
    """List the users."""
    return _users(request)


@router.post("/admin/users")
def add(request: Request) -> Response:
    """Add a user, and show their one-time password once."""
    form, office = form_of(request), office_of(request)
    written = {name: field_in(form, name) for name in ("name", "role", "district")}
    password = one_time()
    try:
        users.add(
            office.store,
            name=written["name"],
            role=written["role"],
            district=written["district"] or None,
            password=hashed(password),
            must_change=True,
            at=office.settings.now(),
            by=who_asks(request).name,
        )
    except InputError as error:
        return _users(request, problems=error.problems, written=written)
    note(request, "user added", f"{written['name']} {written['role']} {written['district']}")
    return _users(request, made=(written["name"], password))


def _chosen(request: Request, user: Number) -> users.User:
    found = users.numbered(office_of(request).store, user)
    if found is None:
        raise RefusalError(404, "没有这个页面。")
    return found


@router.get("/admin/users/{user}")
def one(request: Request, user: Number) -> Response:
    """Show a user, to change role and district."""
    return page(
        request,
        "admin_user.html",
        user=_chosen(request, user),
        roles=_ROLES,
        districts=DISTRICTS,
        problems=(),
    )


@router.post("/admin/users/{user}")
def change(request: Request, user: Number) -> Response:
    """Give a user another role or district."""
    chosen, form, office = _chosen(request, user), form_of(request), office_of(request)
    role, district = field_in(form, "role"), field_in(form, "district") or None
    if chosen.id == who_asks(request).user:
        raise RefusalError(409, "不能更改自己的角色，也不能停用自己。")
    try:
        users.change(office.store, chosen.id, role=role, district=district)
    except InputError as error:
        return page(
            request,
            "admin_user.html",
            status=422,
            user=chosen,
            roles=_ROLES,
            districts=DISTRICTS,
            problems=error.problems,
        )
    note(request, "role changed", f"{chosen.name} {role} {district or ''}")
    return RedirectResponse("/admin", 303)


@router.post("/admin/users/{user}/password")
def reset_password(request: Request, user: Number) -> Response:
    """Give a user a one-time password, and show it once."""
    chosen, office = _chosen(request, user), office_of(request)
    if chosen.id == who_asks(request).user:
        raise RefusalError(409, "自己的密码在「我的账号」里改。")
    password = one_time()
    users.set_password(
        office.store,
        chosen.id,
        hashed(password),
        at=office.settings.now(),
        by=who_asks(request).name,
    )
    note(request, "password reset", chosen.name)
    return _users(request, made=(chosen.name, password))


@router.post("/admin/users/{user}/second-factor")
def take_away(request: Request, user: Number) -> Response:
    """Take away the second factor of somebody who has lost it; sessions and tokens end."""
    chosen, office = _chosen(request, user), office_of(request)
    if chosen.id == who_asks(request).user:
        raise RefusalError(409, "自己的第二因素在「我的账号」里改。")
    users.end_all(office.store, chosen.id)
    second_factors.drop(office.store, chosen.id)
    note(request, "second factor taken away", chosen.name)
    return RedirectResponse("/admin", 303)


@router.post("/admin/second-factor")
def require(request: Request) -> Response:
    """Say which roles must have a second factor; who lacks it sets it up at the next step."""
    form, office = form_of(request), office_of(request)
    roles = [role for role in _ROLES if role in form.getlist("roles")]
    second_factors.require(office.store, roles)
    note(request, "second factor required", " ".join(roles))
    return RedirectResponse("/admin", 303)


@router.post("/admin/users/{user}/disabled")
def disable(request: Request, user: Number) -> Response:
    """Let a user sign in no more, or again."""
    chosen, office = _chosen(request, user), office_of(request)
    if chosen.id == who_asks(request).user:
        raise RefusalError(409, "不能更改自己的角色，也不能停用自己。")
    stop = chosen.disabled_at is None
    users.disable(office.store, chosen.id, at=office.settings.now() if stop else None)
    note(request, "user disabled" if stop else "user enabled", chosen.name)
    return RedirectResponse("/admin", 303)


@router.get("/admin/sessions")
def running(request: Request) -> Response:
    """List who is signed in."""
    office = office_of(request)
    found = sessions.running(office.store, at=office.settings.now())
    return page(request, "admin_sessions.html", sessions=found)


@router.post("/admin/sessions")
def end(request: Request) -> Response:
    """End a session."""
    short = field_in(form_of(request), "session")
    if not re.fullmatch(r"[0-9A-Fa-f]{16}", short):
        raise RefusalError(422, "请求不合格式。")
    sessions.end_short(office_of(request).store, short)
    note(request, "session ended", short)
    return RedirectResponse("/admin/sessions", 303)


@router.get("/admin/tokens")
def issued(request: Request) -> Response:
    """List the tokens; each is made, and its text read, by its owner alone."""
    office = office_of(request)
    return page(
        request,
        "admin_tokens.html",
        tokens=tokens.issued(office.store),
        now=office.settings.now(),
    )


@router.post("/admin/tokens/{token}/revoked")
def revoke(request: Request, token: Number) -> Response:
    """Let a token be of no more use."""
    office = office_of(request)
    found = tokens.numbered(office.store, token)
    if found is None:
        raise RefusalError(404, "没有这个页面。")
    tokens.revoke(office.store, token, at=office.settings.now())
    note(request, "token revoked", f"{found.user} {found.label}")
    return RedirectResponse("/admin/tokens", 303)


@router.get("/admin/log")
def log(request: Request, before: Annotated[int | None, Query(ge=1, lt=2**53)] = None) -> Response:
    """Show the audit log, the latest first."""
    lines = audit_log.latest(office_of(request).store, before=before)
    return page(request, "admin_log.html", lines=lines, what=audit_log.WHAT)
