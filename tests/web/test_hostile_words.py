"""What cannot be seen is refused at the door, and shown by its number where others let it in."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from drawreview.web.form.project_file import data_of, to_yaml
from drawreview.web.security.roles import Role, Scope
from drawreview.web.store import tokens, users
from tests.web.conftest import EXAMPLE, PEOPLE, Site, csrf_of
from tests.web.test_pages import form_of

EVIL = '\x1b]0;x\x07\u202e\u200b<img src=x onerror="alert(1)">'
ENDLESS = 10**30
# What somebody else with the right to append may have written.
RECORDS: list[dict[str, Any]] = [
    {},
    {"kind": "decision", "project": "x", "actor": [], "at": 3, "decision": {}},
    {"kind": "decision", "project": {"name": {}, "district": [1]}, "on": ["x"], "decision": {"x": 1}},
    {"kind": "decision", "project": {"name": "甲"}, "on": ENDLESS, "decision": {"reasons": 3}},
    {
        "kind": "decision",
        "project": {"name": EVIL, "district": EVIL},
        "on": EVIL,
        "decision": {"review_path": EVIL, "letter": EVIL, "certainty": EVIL},
        "at": {"utc": EVIL},
        "actor": {"id": EVIL, "role": EVIL},
        "supersedes": {"id": EVIL, "why": EVIL},
    },
    {"kind": "decision", "project": {"name": "半个字\ud800"}, "decision": {"x": 1}, "on": "2021"},
    {"kind": EVIL, "project": {"name": EVIL}},
    {"kind": "events", "project": {"name": EVIL}, "answer": {"deadlines": [1]}},
    {"kind": "events", "project": {"name": "乙"}, "answer": []},
    {"kind": "letter", "decision": "0", "files": EVIL},
]  # fmt: skip


def name_of(number: int) -> str:
    return f"{number:08x}-0000-7000-8000-000000000000"


@pytest.fixture
def foul(site: Site) -> Site:
    """A site whose journal holds what no version of the program writes."""
    for number, body in enumerate(RECORDS):
        written = json.dumps({"id": name_of(number), **body}).encode()
        site.app.state.office.journal.append(written, id=name_of(number))
    return site


def test_a_journal_that_others_have_fouled_is_shown_and_steers_nothing(foul: Site) -> None:
    auditor, at = foul.signed_in(Role.AUDITOR), int(foul.clock().timestamp())
    owner = users.named(foul.store, PEOPLE[Role.AUDITOR][0])
    assert owner
    secret = tokens.issue(
        foul.store, owner.id, label="x", scopes=[Scope.READ], at=at, expires_at=at + 99
    )
    addresses = ["/audit", "/audit?q=img", "/statistics", "/statistics/statistics.json"]
    for number in range(len(RECORDS)):
        addresses += [
            f"/audit/records/{name_of(number)}{part}" for part in ("", "/tree.svg", "/record.json")
        ]
    for address in addresses:
        answer = auditor.get(address)
        assert answer.status_code in {200, 404, 409}, (address, answer.text)
        if address.endswith(".json"):
            continue
        assert "<img src=x" not in answer.text, address
        assert not re.search(r"[\x1b\u202e\u200b]", answer.text), address
    listed = auditor.get("/audit").text
    assert "⟨U+001B⟩]0;x⟨U+0007⟩⟨U+202E⟩⟨U+200B⟩&lt;img src=x" in listed
    headers = {"authorization": f"Bearer {secret}"}
    assert foul.anyone().get("/api/v1/journal", headers=headers).json()["count"] >= 1
    for number, body in enumerate(RECORDS):
        shown = foul.anyone().get(f"/api/v1/journal/{name_of(number)}", headers=headers)
        assert shown.json()["record"] == {"id": name_of(number), **body}


def test_a_fouled_journal_hides_no_honest_record(foul: Site) -> None:
    client, auditor = foul.signed_in(Role.CLERK), foul.signed_in(Role.AUDITOR)
    opened = client.post(
        "/window/new",
        files={"file": ("甲.yaml", EXAMPLE)},
        data={"csrf": csrf_of(client), "do": "open"},
    )
    case = opened.headers["location"].removesuffix("/decide")
    asked = form_of(client.get(f"{case}/decide").text)
    assert client.post(f"{case}/decide", data=asked).status_code == 303
    assert "青山区某配套办公楼" in auditor.get("/audit").text


@pytest.mark.parametrize("sign", ["\u200b", "\x9b", "\x00", "\u202e", "\U000e0041"], ids=ascii)
def test_a_field_with_what_cannot_be_seen_is_refused_until_it_is_typed_anew(
    site: Site, sign: str
) -> None:
    client, number = site.anyone(), f"U+{ord(sign):04X}"
    form = form_of(client.post("/assess", data={"do": "begin", "way": "form"}).text)
    for said in ({"name": f"办{sign}公楼", "do": "next"}, {"do": "go:building-0"}):
        answer = client.post("/assess", data={**form, **said})
        assert answer.status_code == 422
        assert number in answer.text
        form = form_of(answer.text)
    assert f"办{sign}公楼" in data_of(form["project"], "").values()


@pytest.mark.parametrize("text", ["a\x9b\u200bb", "\U000e0041", "\x85\x7f\x00", "\ufeff\n\t"])
def test_a_project_file_spells_what_cannot_be_seen(text: str) -> None:
    written = to_yaml({"name": text})
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\ufeff\U000e0041]", written)
    assert data_of(written, "")["name"] == text


def test_users_and_tokens_have_names_that_can_be_read(site: Site) -> None:
    admin, auditor = site.signed_in(Role.ADMINISTRATOR), site.signed_in(Role.AUDITOR)
    form = {"csrf": csrf_of(admin), "name": "管理员\u200b甲", "role": "auditor"}
    refused = admin.post("/admin/users", data=form)
    assert refused.status_code == 422
    assert "U+200B" in refused.text
    form = {"csrf": csrf_of(auditor), "label": "报\u202e表", "days": "3", "scopes": "read"}
    refused = auditor.post("/account/tokens", data=form)
    assert refused.status_code == 422
    assert "U+202E" in refused.text
    assert not tokens.issued(site.store)
