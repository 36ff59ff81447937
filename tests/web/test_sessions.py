from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from drawreview.web.security.rates import Rates
from drawreview.web.security.roles import Role
from drawreview.web.store import audit_log, sessions, users
from tests.web.conftest import ORIGIN, PASSWORD, PEOPLE, Site, csrf_of


def test_a_wrong_password_and_an_unknown_name_are_told_the_same(site: Site) -> None:
    client = site.anyone()
    wrong = client.post("/login", data={"name": "青山窗口", "password": "错" * 12})
    unknown = client.post("/login", data={"name": "无此人", "password": "错" * 12})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace("青山窗口", "") == unknown.text.replace("无此人", "")
    assert "session" not in client.cookies


def test_what_is_kept_of_a_session_does_not_open_it(site: Site) -> None:
    client = site.anyone()
    client.post("/login", data={"name": "青山窗口", "password": PASSWORD})
    name = client.cookies["session"]
    (kept,) = site.store.one("SELECT hash FROM session")
    assert name.encode() not in kept
    assert kept == sessions.digest(name)
    assert len(name) >= 43  # 256 bits


def test_a_session_ends_after_half_an_hour_without_a_request(site: Site) -> None:
    client = site.signed_in(Role.ADMINISTRATOR)
    site.clock.later(minutes=29)
    assert client.get("/admin").status_code == 200
    site.clock.later(minutes=29)
    assert client.get("/admin").status_code == 200
    site.clock.later(minutes=31)
    assert client.get("/admin").status_code == 303


def test_a_session_ends_after_twelve_hours_however_busy(site: Site) -> None:
    client = site.signed_in(Role.ADMINISTRATOR)
    for _ in range(30):
        site.clock.later(minutes=25)
        answer = client.get("/admin")
    assert answer.status_code == 303


def test_signing_in_again_begins_another_session_and_ends_the_first(site: Site) -> None:
    client = site.anyone()
    client.post("/login", data={"name": "青山窗口", "password": PASSWORD})
    first = client.cookies["session"]
    token = csrf_of(client)
    client.post("/login", data={"name": "青山窗口", "password": PASSWORD, "csrf": token})
    assert client.cookies["session"] != first
    assert site.store.one("SELECT count(*) FROM session") == (1,)


def test_a_planted_session_name_is_not_taken(site: Site) -> None:
    client = site.anyone()
    client.cookies.set("session", "planted")
    answer = client.post("/login", data={"name": "青山窗口", "password": PASSWORD})
    assert "planted" not in answer.headers["set-cookie"]


def test_signing_out_ends_the_session_for_whoever_kept_the_cookie(site: Site) -> None:
    client = site.signed_in(Role.ADMINISTRATOR)
    name = client.cookies["session"]
    assert client.post("/logout", data={"csrf": csrf_of(client)}).status_code == 303
    thief = site.anyone()
    thief.cookies.set("session", name)
    assert thief.get("/admin").status_code == 303


def test_a_disabled_user_is_out_at_once(site: Site) -> None:
    client = site.signed_in(Role.AUDITOR)
    auditor = users.named(site.store, "审计员")
    assert auditor
    users.disable(site.store, auditor.id, at=1)
    assert client.get("/account/password").status_code == 303
    again = site.anyone().post("/login", data={"name": "审计员", "password": PASSWORD})
    assert again.status_code == 401


def test_the_cookie_is_bound_to_this_host_and_to_https(make_site: Callable[..., Site]) -> None:
    site = make_site(secure=True)
    answer = site.anyone().post("/login", data={"name": "审计员", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-session=")
    for part in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
    assert "试用方式" not in site.anyone().get("/").text


def test_without_https_every_page_says_so(site: Site) -> None:
    assert "试用方式" in site.anyone().get("/").text


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://elsewhere.example"},
        {"origin": ORIGIN, "sec-fetch-site": "cross-site"},
        {"origin": "null"},
    ],
)
def test_what_another_site_sends_is_refused(site: Site, headers: dict[str, str]) -> None:
    client = site.signed_in(Role.ADMINISTRATOR)
    token = csrf_of(client)
    form = {"csrf": token, "name": "新人", "role": "auditor"}
    assert client.post("/admin/users", data=form, headers=headers).status_code == 403
    assert users.named(site.store, "新人") is None


def test_a_form_without_its_token_is_refused(site: Site) -> None:
    client = site.signed_in(Role.ADMINISTRATOR)
    for token in ("", "x" * 43, csrf_of(site.signed_in(Role.CLERK))):
        form = {"csrf": token, "name": "新人", "role": "auditor"}
        assert client.post("/admin/users", data=form).status_code == 403
    assert users.named(site.store, "新人") is None


def test_a_request_that_says_nothing_of_where_it_comes_from_is_refused(site: Site) -> None:
    client = site.anyone()
    del client.headers["origin"]
    answer = client.post("/login", data={"name": "审计员", "password": PASSWORD})
    assert answer.status_code == 403


def test_passwords_can_be_tried_five_times_a_minute(make_site: Callable[..., Site]) -> None:
    site = make_site(logins_per_minute=5)
    client = site.anyone()
    tries = [
        client.post("/login", data={"name": "审计员", "password": "x" * 201}).status_code
        for _ in range(8)
    ]
    assert tries == [401] * 5 + [429] * 3
    assert audit_log.latest(site.store)[0].what == "login held back"


def test_nobody_is_kept_out_by_whoever_tries_their_name_from_elsewhere(
    make_site: Callable[..., Site],
) -> None:
    site = make_site(logins_per_minute=5)
    own = TestClient(site.app, headers={"origin": ORIGIN}, follow_redirects=False)
    right = {"name": "审计员", "password": PASSWORD}
    assert own.post("/login", data=right).status_code == 303
    own.cookies.clear()
    told = list[int]()
    for number in range(6):
        address = (f"10.0.0.{number}", 1)
        other = TestClient(site.app, headers={"origin": ORIGIN}, client=address)
        wrong = {"name": "审计员", "password": "x" * 201}
        told += [other.post("/login", data=wrong).status_code for _ in range(2)]
    assert told[-1] == 429  # the name has been tried too often from elsewhere
    assert own.post("/login", data=right).status_code == 303


def test_ten_thousand_addresses_do_not_have_the_tries_for_a_name_forgotten() -> None:
    rates = Rates()
    assert [rates.allows("login of", "a", per_minute=1) for _ in range(2)] == [True, False]
    for number in range(10_001):
        rates.allows("request", f"{number}", per_minute=1)
    assert not rates.allows("login of", "a", per_minute=1)


def test_what_is_typed_in_place_of_a_name_is_not_kept(site: Site) -> None:
    site.anyone().post("/login", data={"name": PASSWORD, "password": "x" * 12})
    last = audit_log.latest(site.store)[0]
    assert (last.what, last.about) == ("login failed", "")
    site.anyone().post("/login", data={"name": "审计员", "password": "x" * 12})
    assert audit_log.latest(site.store)[0].about == "审计员"


def test_an_address_is_held_back_when_it_asks_too_often(make_site: Callable[..., Site]) -> None:
    site = make_site(requests_per_minute=10)
    client = site.anyone()
    assert [client.get("/").status_code for _ in range(12)] == [200] * 10 + [429] * 2


def test_a_one_time_password_opens_nothing_but_the_change_of_it(site: Site) -> None:
    client = site.signed_in(Role.ADMINISTRATOR)
    form = {"csrf": csrf_of(client), "name": "东河窗口", "role": "clerk", "district": "150202"}
    made = client.post("/admin/users", data=form)
    (once,) = re.findall(r"<code>([\w-]{20})</code>", made.text)
    new = site.anyone()
    answer = new.post("/login", data={"name": "东河窗口", "password": once})
    assert new.get(answer.headers["location"]).headers["location"] == "/account/password"
    assert new.get("/").headers["location"] == "/account/password"
    token = csrf_of(new)
    weak = {"csrf": token, "old": once, "new": "password12345", "again": "password12345"}
    assert new.post("/account/password", data=weak).status_code == 422
    own = {"csrf": token, "old": once, "new": PASSWORD, "again": PASSWORD}
    assert new.post("/account/password", data=own).status_code == 303
    assert new.get("/").status_code == 200
    assert new.get("/window").status_code == 200
    assert once not in " ".join(line.about for line in audit_log.latest(site.store))


def test_an_administrator_cannot_lock_himself_out(site: Site) -> None:
    client = site.signed_in(Role.ADMINISTRATOR)
    me = users.named(site.store, PEOPLE[Role.ADMINISTRATOR][0])
    assert me
    token = csrf_of(client)
    assert client.post(f"/admin/users/{me.id}/disabled", data={"csrf": token}).status_code == 409
    changed = {"csrf": token, "role": "auditor"}
    assert client.post(f"/admin/users/{me.id}", data=changed).status_code == 409
    assert client.get("/admin").status_code == 200


def test_what_strangers_caused_is_dropped_from_the_log_after_four_hundred_days(site: Site) -> None:
    client = site.anyone()
    client.get("/admin")
    client.post("/login", data={"name": "无此人", "password": "错" * 12})
    client.post("/login", data={"name": "青山窗口", "password": PASSWORD})
    for days, kept in (
        (390, ["denied", "login", "login failed", "denied"]),
        (20, ["denied", "denied", "login"]),
    ):
        site.clock.later(minutes=days * 24 * 60)
        site.anyone().get("/admin")
        assert [line.what for line in audit_log.latest(site.store)] == kept
