"""Every route × every role × own or another district, against the one table."""

from __future__ import annotations

import pytest

from drawreview.web.app import routes_of
from drawreview.web.security.policy import POLICY
from drawreview.web.security.roles import Role
from drawreview.web.store import projects
from tests.web.conftest import EXAMPLE, Site, csrf_of

FILLED = {
    "name": "style.css",
    "language": "en",
    "document": "baotou_2021_8",
    "user": "1",
    "token": "1",
    "at": "project",
    "job": "none",
    "record": "none",
    "form": "pdf",
    "file": "deadlines.svg",
}
# What a request without sense of its own may be answered with, where it is admitted.
ADMITTED = {200, 303, 404, 409, 422}


def addresses(path: str, project: int) -> str:
    for name, value in FILLED.items():
        path = path.replace(f"{{{name}}}", value)
    return path.replace("{project}", str(project))


@pytest.mark.parametrize("role", list(Role))
def test_every_route_admits_the_roles_of_the_table_and_no_other(site: Site, role: Role) -> None:
    own = projects.add(site.store, name="甲", district="150204", file=EXAMPLE, by=1, at=0)
    other = projects.add(site.store, name="乙", district="150203", file=EXAMPLE, by=1, at=0)
    tried = 0
    for (method, path), access in sorted(POLICY.items()):
        if path in {"/login", "/login/code", "/logout"} or path.startswith("/api/"):
            continue  # tested with sessions and tokens
        for project in (own, other) if "{project}" in path else (own,):
            client = site.signed_in(role)
            token = csrf_of(client) if role is not Role.ANYONE else ""
            answer = client.request(
                method,
                addresses(path, project),
                data={"csrf": token} if method == "POST" else None,
            )
            tried += 1
            said = f"{method} {path} as {role}, project {project}: {answer.status_code}"
            if not access.admits(role):
                if role is Role.ANYONE:
                    assert answer.status_code == (303 if method == "GET" else 401), said
                    if method == "GET":
                        assert answer.headers["location"].startswith("/login?"), said
                else:
                    assert answer.status_code == 403, said
            elif access.own_district and project == other:
                assert answer.status_code == 404, said
            else:
                assert answer.status_code in ADMITTED, said
                assert "/login" not in answer.headers.get("location", ""), said
    assert tried >= len(POLICY) - 12


def test_a_route_that_the_table_does_not_name_keeps_the_server_from_starting(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from drawreview.web import app

    monkeypatch.delitem(POLICY, ("GET", "/admin"))
    with pytest.raises(RuntimeError, match="/admin"):
        app._check_policy(site.app)
    assert ("GET", "/admin") in routes_of(site.app)
    assert site.signed_in(Role.ADMINISTRATOR).get("/admin").status_code == 403


def test_an_administrator_may_decide_nothing() -> None:
    deciding = [route for route, access in POLICY.items() if route[1].startswith("/window")]
    assert not any(POLICY[route].admits(Role.ADMINISTRATOR) for route in deciding)


def test_an_auditor_changes_nothing_but_the_own_account() -> None:
    changing = {
        path
        for (method, path), access in POLICY.items()
        if method == "POST" and Role.AUDITOR in access.roles
    }
    # A replay reads what was recorded and writes nothing.
    reading = {"/api/v1/replay", "/audit/replay", "/audit/verify"}
    account = ("password", "second-factor", "tokens", "tokens/{token}/revoked")
    own = {"/logout", "/login/code", *(f"/account/{part}" for part in account)}
    assert changing <= own | reading


def test_a_refusal_is_noted(site: Site) -> None:
    site.signed_in(Role.AUDITOR).get("/admin")
    from drawreview.web.store import audit_log

    last = audit_log.latest(site.store)[0]
    assert (last.what, last.who, last.about) == ("denied", "审计员", "GET /admin")
