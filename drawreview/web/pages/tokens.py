"""One's own tokens for programs: whoever makes one alone reads it, once."""

from __future__ import annotations

import re
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse

from drawreview.errors import Problem
from drawreview.project.words import illegible_in
from drawreview.web.office import note, office_of, page, who_asks
from drawreview.web.refusal import RefusalError
from drawreview.web.security.guard import GuardedRoute, field_in, form_of
from drawreview.web.security.policy import scopes_of
from drawreview.web.store import tokens

router: Final = APIRouter(route_class=GuardedRoute, include_in_schema=False)
_LONGEST_DAYS: Final = 366
_LONGEST_LABEL: Final = 60
_MOST: Final = 20


@router.get("/account/tokens")
def listed(request: Request) -> Response:
    """List one's own tokens."""
    return _listed(request)


def _listed(
    request: Request, *, problems: tuple[Problem, ...] = (), made: str | None = None
) -> Response:
    office, who = office_of(request), who_asks(request)
    return page(
        request,
        "account_tokens.html",
        status=422 if problems else 200,
        tokens=tokens.issued(office.store, owner=who.user),
        scopes=scopes_of(who.role),
        problems=problems,
        made=made,
        now=office.settings.now(),
    )


@router.post("/account/tokens")
def make(request: Request) -> Response:
    """Make a token for oneself, and show it once."""
    form, office, who = form_of(request), office_of(request), who_asks(request)
    days, label = field_in(form, "days"), field_in(form, "label")
    scopes = [scope for scope in scopes_of(who.role) if scope in form.getlist("scopes")]
    at = office.settings.now()
    mine = tokens.issued(office.store, owner=who.user)
    if sum(token.revoked_at is None and token.expires_at > at for token in mine) >= _MOST:
        raise RefusalError(409, "令牌太多，请先撤销不用的。")
    problems: list[Problem] = []
    if not label or len(label) > _LONGEST_LABEL:
        problems.append(Problem("label", "没有写用途，或太长。", "写明哪个程序用它。"))
    problems += illegible_in("label", label)
    if not scopes:
        problems.append(Problem("scopes", "没有选权限。", "至少选一项。"))
    if not re.fullmatch("[0-9]{1,3}", days) or not 1 <= int(days) <= _LONGEST_DAYS:
        problems.append(Problem("days", "有效天数应在 1 到 366 之间。", "写一个整数。"))
    if problems:
        return _listed(request, problems=tuple(problems))
    token = tokens.issue(
        office.store,
        who.user or 0,
        label=label,
        scopes=scopes,
        at=at,
        expires_at=at + int(days) * 86_400,
    )
    note(request, "token issued", f"{who.name} {label} {' '.join(scopes)}")
    return _listed(request, made=token)


@router.post("/account/tokens/{token}/revoked")
def revoke(request: Request, token: Annotated[int, Path(ge=1, lt=2**53)]) -> Response:
    """Let one's own token be of no more use."""
    office, who = office_of(request), who_asks(request)
    found = tokens.numbered(office.store, token)
    if found is None or found.owner != who.user:
        raise RefusalError(404, "没有这个页面。")
    tokens.revoke(office.store, token, at=office.settings.now())
    note(request, "token revoked", f"{found.user} {found.label}")
    return RedirectResponse("/account/tokens", 303)
