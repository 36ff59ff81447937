from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient

from drawreview.errors import Problem, StoreError
from drawreview.project.from_yaml import read
from drawreview.web.security.policy import POLICY
from drawreview.web.security.roles import Role, Scope
from drawreview.web.store import audit_log, second_factors, tokens, users
from tests.web.conftest import EXAMPLE, PEOPLE, Site, csrf_of


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return float(value) if type(value).__name__ == "Decimal" else value


PROJECT = plain(read(EXAMPLE, "").data)
ASK = {"project": PROJECT, "on": "2021-03-01"}


def token_of(site: Site, role: Role, *scopes: Scope, days: int = 1) -> dict[str, str]:
    person = users.named(site.store, PEOPLE[role][0])
    assert person
    at = int(site.clock().timestamp())
    token = tokens.issue(
        site.store, person.id, label="t", scopes=scopes, at=at, expires_at=at + days * 86_400
    )
    return {"authorization": f"Bearer {token}"}


@pytest.fixture
def client(site: Site) -> TestClient:
    bare = site.anyone()
    del bare.headers["origin"]
    return bare


def test_a_decision_is_the_published_document(client: TestClient) -> None:
    from datetime import date

    from drawreview import decide, load_rulebook
    from drawreview.project.statement import read_project

    answer = client.post("/api/v1/decisions", json=ASK)
    assert answer.status_code == 200
    expected = decide(
        read_project(json.dumps(PROJECT), ""), on=date(2021, 3, 1), rulebook=load_rulebook()
    )
    assert answer.json() == json.loads(expected.to_json())


def test_less_can_be_wanted_than_the_whole_document(client: TestClient) -> None:
    outcome = client.post("/api/v1/decisions", json={**ASK, "want": "outcome"}).json()
    assert outcome == {"review_path": "exempt", "letter": "annex_1", "permit_route": "commitment"}
    path = client.post("/api/v1/decisions", json={**ASK, "want": "path"}).json()
    assert path == {"review_path": "exempt"}


def test_bad_input_is_a_problem_document_that_lists_every_problem(client: TestClient) -> None:
    wrong = {
        "project": {"investment": "x", "buildings": [{"floor_area_m2": 0, "hight_m": 3}]},
        "on": "2021-02-30",
    }
    answer = client.post("/api/v1/decisions", json=wrong)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    places = [one["place"] for one in answer.json()["problems"]]
    assert places == [
        "on",
        "project.investment",
        "project.buildings[0].floor_area_m2",
        "project.buildings[0].hight_m",
    ]


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"{", "application/json", 422),
        (b"[]", "application/json", 422),
        (b"project: {}", "application/json", 422),
        (b'{"project": {}, "project": {}}', "application/json", 422),
        (b"\xff", "application/json", 422),
        (b'{"project": {"name": "\\ud800"}}', "application/json", 422),
        (b'{"project": {"buildings": [{"height_m": NaN}]}}', "application/json", 422),
        (b"[" * 20_000, "application/json", 422),
        (b'{"project": ' + b"[" * 20_000, "application/json", 422),
        (b"{}", "text/plain", 415),
        (b"{}", "application/json", 422),
        (b'{"project": {}, "x": 1}', "application/json", 422),
        (b" " * 1_100_000, "application/json", 413),
    ],
)
def test_what_is_no_request_is_refused(
    client: TestClient, body: bytes, media: str, status: int
) -> None:
    answer = client.post("/api/v1/decisions", content=body, headers={"content-type": media})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_numbers_are_taken_exactly(client: TestClient) -> None:
    def area(text: str) -> int:
        body = json.dumps(ASK).replace("1850.0", text)
        answer = client.post(
            "/api/v1/decisions", content=body, headers={"content-type": "application/json"}
        )
        return answer.json()["review_path"] if answer.status_code == 200 else answer.status_code

    assert area("1999.9999") == "exempt"
    assert area("2000.0000") == "deferred_review"
    assert area("1999.99999") == 422  # finer than a square centimetre; never rounded
    assert area(f"1999.99{'0' * 100}") == 422  # no quantity, and nobody keeps a million noughts


def test_a_batch_answers_in_order_and_one_wrong_project_harms_no_other(client: TestClient) -> None:
    projects = [PROJECT, {"district": "999999"}, {}, {**PROJECT, "investment": "government"}]
    answer = client.post("/api/v1/decisions/batch", json={"projects": projects, "on": "2021-03-01"})
    items = answer.json()["items"]
    paths = [item["outcome"] and item["outcome"]["review_path"] for item in items]
    assert paths == ["exempt", None, "undetermined", "deferred_review"]
    assert items[1]["problems"][0]["place"] == "projects[1].district"


def test_the_next_question_leads_to_a_decision(client: TestClient) -> None:
    answer = client.post("/api/v1/questions/next", json={"project": {}, "on": "2021-03-01"}).json()
    assert not answer["settled"]
    assert answer["next"]["question"]
    done = client.post("/api/v1/questions/next", json=ASK).json()
    assert (done["settled"], done["next"], done["review_path"]) == (True, None, "exempt")


def test_a_letter_from_the_api_is_marked(client: TestClient) -> None:
    answer = client.post("/api/v1/letters", json=ASK)
    assert answer.headers["content-type"] == "application/pdf"
    refused = client.post("/api/v1/letters", json={"project": {}, "on": "2021-03-01"})
    assert refused.status_code == 409
    assert refused.json()["problems"]


def test_deadlines_are_told(client: TestClient) -> None:
    happened = [
        {"event": "full_set_submitted", "on": "2021-03-01"},
        {"event": "staging_requested", "on": "2021-03-01"},
    ]
    reviewed = {**PROJECT, "investment": "government"}
    asked = {"project": reviewed, "events": {"events": happened}, "on": "2021-03-10"}
    answer = client.post("/api/v1/deadlines", json=asked)
    assert answer.status_code == 200, answer.text
    assert answer.json()["overdue"] == ["foundation_report"]


def test_what_may_be_built_is_told(client: TestClient) -> None:
    asked = {**ASK, "events": {"events": []}, "on": "2021-03-10"}
    answer = client.post("/api/v1/gates", json=asked).json()
    assert answer["schema"] == "drawreview/gates@1"
    assert answer["stages"]["pit"]["state"] == "barred"
    started = [{"event": "stage_started", "on": "2021-03-05", "stage": "base_slab"}]
    early = client.post("/api/v1/gates", json={**asked, "events": {"events": started}}).json()
    assert early["breaches"]


def test_recording_needs_a_clerks_token_with_its_scope(site: Site, client: TestClient) -> None:
    key = {"idempotency-key": "k1"}
    assert client.post("/api/v1/journal", json=ASK, headers=key).status_code == 401
    for headers, status in (
        (token_of(site, Role.CLERK, Scope.READ), 403),
        (token_of(site, Role.AUDITOR, Scope.RECORD), 403),
        (token_of(site, Role.ADMINISTRATOR, *Scope), 403),
        (token_of(site, Role.CLERK, Scope.RECORD), 201),
    ):
        answer = client.post("/api/v1/journal", json=ASK, headers=key | headers)
        assert answer.status_code == status, answer.text
    assert len(site.app.state.office.journal) == 1


def test_a_cookie_opens_nothing_of_the_api(site: Site) -> None:
    signed_in = site.signed_in(Role.CLERK)
    answer = signed_in.post("/api/v1/journal", json=ASK, headers={"idempotency-key": "k"})
    assert answer.status_code == 401


@pytest.mark.parametrize("spoilt", ["expired", "revoked", "disabled", "wrong"])
def test_a_token_that_is_over_is_refused(site: Site, client: TestClient, spoilt: str) -> None:
    headers = token_of(site, Role.AUDITOR, Scope.READ)
    assert client.get("/api/v1/journal", headers=headers).status_code == 200
    person = users.named(site.store, PEOPLE[Role.AUDITOR][0])
    assert person
    if spoilt == "expired":
        site.clock.later(days=2)
    elif spoilt == "revoked":
        tokens.revoke(site.store, 1, at=1)
    elif spoilt == "disabled":
        users.disable(site.store, person.id, at=1)
    else:
        headers = {"authorization": headers["authorization"][:-1] + "!"}
    assert client.get("/api/v1/journal", headers=headers).status_code == 401


def test_another_districts_project_is_not_recorded(site: Site, client: TestClient) -> None:
    headers = token_of(site, Role.CLERK, Scope.RECORD) | {"idempotency-key": "k"}
    other = {**ASK, "project": {**PROJECT, "district": "150203"}}
    assert client.post("/api/v1/journal", json=other, headers=headers).status_code == 403
    assert len(site.app.state.office.journal) == 0


def test_a_request_that_is_retried_is_recorded_once(site: Site, client: TestClient) -> None:
    headers = token_of(site, Role.CLERK, Scope.RECORD) | {"idempotency-key": "k"}

    def ask(_: int) -> tuple[int, str]:
        answer = client.post("/api/v1/journal", json=ASK, headers=headers)
        return answer.status_code, answer.json()["id"]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(16)))
    assert {status for status, _ in answers} <= {200, 201}
    assert len({name for _, name in answers}) == 1
    assert len(site.app.state.office.journal) == 1


def test_of_programs_that_correct_one_decision_at_once_one_does(
    site: Site, client: TestClient
) -> None:
    headers = token_of(site, Role.CLERK, Scope.RECORD)

    def ask(number: int, **more: str) -> tuple[int, dict[str, Any]]:
        key = {"idempotency-key": f"k{number}"}
        answer = client.post("/api/v1/journal", json={**ASK, **more}, headers=headers | key)
        return answer.status_code, answer.json()

    _, first = ask(0)
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda n: ask(n, supersedes=first["id"], why="面积写错"), range(1, 9))
        )
    (won,) = (told for status, told in answers if status == 201)
    for status, told in answers:
        if told is not won:
            assert (status, told["title"]) == (409, "不能更正这条记录。")
            assert told["problems"][0]["problem"] == f"已被第 1 条（{won['id']}）更正。"
    assert len(site.app.state.office.journal) == 2


def test_a_receipt_proves_the_record_without_the_journal(site: Site, client: TestClient) -> None:
    from drawreview.records.merkle import leaf_hash
    from drawreview.records.note import key_from_vkey, open_checkpoint

    headers = token_of(site, Role.CLERK, Scope.RECORD) | {"idempotency-key": "k"}
    made = client.post("/api/v1/journal", json=ASK, headers=headers).json()
    journal = site.app.state.office.journal
    trusted = [key_from_vkey(key.vkey) for key in journal.public_keys()]
    checkpoint = open_checkpoint(made["checkpoint"], trusted)
    assert checkpoint.root.hex() == made["root"] == leaf_hash(journal.get(made["id"]).body).hex()


def test_what_was_recorded_is_found_shown_and_replayed(site: Site, client: TestClient) -> None:
    record = token_of(site, Role.CLERK, Scope.RECORD)
    ids = []
    for number in range(3):
        asked = {**ASK, "on": f"2021-03-0{number + 1}"}
        key = {"idempotency-key": f"k{number}"}
        ids.append(client.post("/api/v1/journal", json=asked, headers=record | key).json()["id"])
    read_ = token_of(site, Role.AUDITOR, Scope.READ)
    found = client.get("/api/v1/journal", params={"first": "2021-03-02"}, headers=read_).json()
    assert [one["id"] for one in found["records"]] == [ids[2], ids[1]]
    shown = client.get(f"/api/v1/journal/{ids[0]}", headers=read_).json()
    assert shown["record"]["on"] == "2021-03-01"
    missing = "00000000-0000-7000-8000-000000000000"
    assert client.get(f"/api/v1/journal/{missing}", headers=read_).status_code == 404
    replaying = token_of(site, Role.AUDITOR, Scope.REPLAY)
    asked = {"first": "2021-03-02", "last": "2021-03-03"}
    done = client.post("/api/v1/replay", json=asked, headers=replaying).json()
    assert (done["decisions"], done["findings"], done["holds"]) == (2, [], True)


def test_no_program_corrects_another_districts_record(site: Site, client: TestClient) -> None:
    own = token_of(site, Role.CLERK, Scope.RECORD)
    first = client.post("/api/v1/journal", json=ASK, headers=own | {"idempotency-key": "a"}).json()
    clerk = users.named(site.store, PEOPLE[Role.CLERK][0])
    assert clerk
    users.change(site.store, clerk.id, role="clerk", district="150203")
    other = token_of(site, Role.CLERK, Scope.RECORD)
    # A project that says neither name nor owner nor code could be any.
    for project in ({"district": "150203"}, {**PROJECT, "district": "150203"}):
        told = [
            client.post(
                "/api/v1/journal",
                json={"project": project, "supersedes": record, "why": "换一个"},
                headers=other | {"idempotency-key": f"{number}"},
            )
            for number, record in enumerate((first["id"], "0" * 36))
        ]
        assert [one.status_code for one in told] == [409, 409]
        assert told[0].json() == told[1].json()  # as if it were not there
        assert "青山区" not in told[0].text
    assert len(site.app.state.office.journal) == 1
    assert audit_log.latest(site.store)[0].what == "denied"


def test_when_the_journal_fails_a_program_is_told_that_nobody_knows(
    site: Site, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise StoreError((Problem("journal", "写不进去。", "检查磁盘。"),))

    monkeypatch.setattr(site.app.state.office.journal, "submit", fail)
    headers = token_of(site, Role.CLERK, Scope.RECORD) | {"idempotency-key": "k"}
    answer = client.post("/api/v1/journal", json=ASK, headers=headers)
    assert answer.status_code == 503
    assert "decision" not in answer.json()
    assert answer.json()["title"] == "日志出了故障，不知道这次有没有记入。"
    assert "同一个 Idempotency-Key" in answer.json()["problems"][-1]["remedy"]


def test_every_route_of_the_api_admits_who_the_table_says(site: Site, client: TestClient) -> None:
    every = {role: token_of(site, role, *Scope) for role in PEOPLE}
    for (method, path), access in POLICY.items():
        if not path.startswith("/api/"):
            continue
        address = path.replace("{record}", "00000000-0000-7000-8000-000000000000")
        for role in Role:
            headers = every.get(role, {}) | {"idempotency-key": "k"}
            answer = client.request(
                method, address, headers=headers, json={} if method == "POST" else None
            )
            if access.admits(role):
                assert answer.status_code in {200, 404, 422}, (method, path, role)
            else:
                assert answer.status_code == (401 if role is Role.ANYONE else 403), (path, role)


def test_the_description_is_openapi_3_1_and_names_what_each_route_needs(client: TestClient) -> None:
    told = client.get("/api/v1/openapi.json").json()
    assert told["openapi"] == "3.1.0"
    described = {(m.upper(), p) for p, methods in told["paths"].items() for m in methods}
    assert described == {r for r in POLICY if r[1].startswith("/api/")} - {
        ("GET", "/api/v1/openapi.json")
    }
    assert told["paths"]["/api/v1/journal"]["post"]["security"] == [{"token": []}]
    assert "security" not in told["paths"]["/api/v1/decisions"]["post"]


def test_a_role_that_must_have_a_second_factor_has_no_token_without(
    site: Site, client: TestClient
) -> None:
    headers = token_of(site, Role.AUDITOR, Scope.READ)
    second_factors.require(site.store, [Role.AUDITOR])
    answer = client.get("/api/v1/journal", headers=headers)
    assert (answer.status_code, answer.json()["title"]) == (403, "请先设好第二因素。")
    second_factors.offer(site.store, 2, site.app.state.office.seal)
    assert client.get("/api/v1/journal", headers=headers).status_code == 403
    site.store.rows("UPDATE second_factor SET confirmed_at = 1")
    assert client.get("/api/v1/journal", headers=headers).status_code == 200


def made_by(site: Site, role: Role, **form: object) -> str:
    """Have somebody make a token on the own account page; return the page."""
    owner = site.signed_in(role)
    asked = {"csrf": csrf_of(owner), "label": "报表程序", "days": "30"}
    return owner.post("/account/tokens", data=asked | form).text


def test_a_token_is_made_by_its_owner_and_shown_once(site: Site, client: TestClient) -> None:
    page = made_by(site, Role.AUDITOR, scopes=["read", "record"])  # one of which is a clerk's
    (token,) = re.findall(r"<code>(drv_[\w-]{43})</code>", page)
    headers = {"authorization": f"Bearer {token}"}
    assert client.get("/api/v1/journal", headers=headers).status_code == 200
    assert [one.scopes for one in tokens.issued(site.store)] == ["read"]
    owner, clerk = site.signed_in(Role.AUDITOR), site.signed_in(Role.CLERK)
    listed = owner.get("/account/tokens").text
    assert "报表程序" in listed
    assert token not in listed
    assert "报表程序" not in clerk.get("/account/tokens").text
    place, form = "/account/tokens/1/revoked", {"csrf": csrf_of(clerk)}
    assert clerk.post(place, data=form).status_code == 404
    assert client.get("/api/v1/journal", headers=headers).status_code == 200
    assert owner.post(place, data={"csrf": csrf_of(owner)}).status_code == 303
    assert client.get("/api/v1/journal", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "wrong", [{"days": "0001999"}, {"days": "367"}, {"label": ""}, {"scopes": "record"}]
)
def test_a_token_without_purpose_use_or_end_is_not_made(site: Site, wrong: dict[str, str]) -> None:
    assert "drv_" not in made_by(site, Role.AUDITOR, **({"scopes": "read"} | wrong))
    assert tokens.issued(site.store) == []


def test_an_administrator_gets_no_token_that_acts_for_others(site: Site) -> None:
    made_by(site, Role.CLERK, scopes="record")
    admin = site.signed_in(Role.ADMINISTRATOR)
    form = {"csrf": csrf_of(admin), "user": "1", "label": "x", "scopes": "record", "days": "9"}
    for place in ("/admin/tokens", "/account/tokens"):
        answer = admin.post(place, data=form)
        assert answer.status_code in {403, 405}
        assert "drv_" not in answer.text
    listed = admin.get("/admin/tokens").text
    assert "报表程序" in listed
    assert "drv_" not in listed


def test_what_an_administrator_does_with_tokens_and_roles_is_told_to_whom_it_concerns(
    site: Site,
) -> None:
    made_by(site, Role.CLERK, scopes="record")
    admin, name = site.signed_in(Role.ADMINISTRATOR), PEOPLE[Role.CLERK][0]
    form = {"csrf": csrf_of(admin)}
    assert admin.post("/admin/tokens/1/revoked", data=form).status_code == 303
    moved = form | {"role": "clerk", "district": "150203"}
    assert admin.post("/admin/users/1", data=moved).status_code == 303
    told = [line.what for line in audit_log.concerning(site.store, name)]
    assert told == ["role changed", "token revoked", "token issued"]
    assert audit_log.concerning(site.store, PEOPLE[Role.AUDITOR][0]) == []
    page = site.signed_in(Role.CLERK).get("/account").text
    assert "撤销令牌" in page
    assert "改了角色" in page


@pytest.mark.parametrize("what", ["password", "second-factor"])
def test_tokens_end_when_an_administrator_opens_the_account(
    site: Site, client: TestClient, what: str
) -> None:
    headers = token_of(site, Role.AUDITOR, Scope.READ)
    admin = site.signed_in(Role.ADMINISTRATOR)
    answer = admin.post(f"/admin/users/2/{what}", data={"csrf": csrf_of(admin)})
    assert answer.status_code in {200, 303}
    # Else the one-time password alone would be what keeps the token from being used.
    site.store.rows("UPDATE user SET must_change = 0")
    assert client.get("/api/v1/journal", headers=headers).status_code == 401


def test_tokens_go_on_when_their_owner_changes_the_password(
    site: Site, client: TestClient, password_hash: str
) -> None:
    headers = token_of(site, Role.AUDITOR, Scope.READ)
    users.set_password(site.store, 2, password_hash, at=1)
    assert client.get("/api/v1/journal", headers=headers).status_code == 200
