"""Whatever fails under the server, nobody is told of a record that is not there, or lost in doubt."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import apsw
import pytest

from drawreview.web.security.roles import Role, Scope
from drawreview.web.store import projects, sessions, tokens
from tests.web.conftest import EXAMPLE, Site, csrf_of
from tests.web.test_api import ASK, token_of
from tests.web.test_pages import form_of

PLACE = "/window/projects/1"


@pytest.fixture
def case(site: Site) -> Site:
    projects.add(site.store, name="青山区某配套办公楼", district="150204", file=EXAMPLE, by=1, at=0)
    return site


def fill_up(site: Site) -> None:
    """Leave the pages' own file no room for another page."""
    (pages,) = site.store.one("PRAGMA page_count") or (0,)
    site.store.rows(f"PRAGMA max_page_count = {pages}")
    line = "INSERT INTO audit (at, what, address, about) VALUES (0, 'x', '', ?)"
    with pytest.raises(apsw.FullError):
        site.store.rows(line, "x" * 1_000_000)


def records(site: Site) -> int:
    return len(site.app.state.office.journal)


def test_on_a_full_disk_pages_are_read_and_nothing_is_told_as_done(case: Site) -> None:
    client = case.signed_in(Role.CLERK)
    asked = form_of(client.get(f"{PLACE}/decide").text)
    fill_up(case)
    case.clock.later(minutes=2)  # being seen is written down, if it can be
    assert client.get(PLACE).status_code == 200
    big = EXAMPLE + "#" * 100_000
    form = {"csrf": csrf_of(client), "do": "open"}
    answer = client.post("/window/new", files={"file": ("甲.yaml", big)}, data=form)
    assert answer.status_code == 503
    assert "磁盘已满" in answer.text
    assert "日志里没有记入什么" in answer.text
    case.store.rows("PRAGMA max_page_count = 1000000")
    answer = client.post("/window/new", files={"file": ("甲.yaml", EXAMPLE)}, data=form)
    assert answer.status_code == 303  # the failure left no transaction open
    assert client.post(f"{PLACE}/decide", data=asked).status_code == 303


def test_a_decision_that_the_journal_holds_is_not_told_as_lost(
    case: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = case.signed_in(Role.CLERK)
    asked = form_of(client.get(f"{PLACE}/decide").text)

    def fail(*_: object, **__: object) -> None:
        raise apsw.ReadOnlyError

    with monkeypatch.context() as disk:
        disk.setattr(projects, "decided", fail)
        answer = client.post(f"{PLACE}/decide", data=asked)
    assert (answer.status_code, records(case)) == (503, 1)
    assert "但已经记入日志" in answer.text
    assert "同一次提交不会记入两次" in answer.text
    assert client.post(f"{PLACE}/decide", data=asked).status_code == 303
    assert records(case) == 1


@pytest.mark.parametrize("how", ["removed", "cut off", "nonsense", "folder gone"])
def test_a_journal_that_is_spoilt_under_the_server_records_nothing(
    case: Site, tmp_path: Path, how: str
) -> None:
    client = case.signed_in(Role.CLERK)
    asked = form_of(client.get(f"{PLACE}/decide").text)
    file = tmp_path / "journal" / "journal.sqlite3"
    if how == "folder gone":
        shutil.rmtree(file.parent)
    elif how == "removed":
        for one in file.parent.glob("journal.sqlite3*"):
            one.unlink()
    else:
        case.app.state.office.journal.reopen()  # what is in its log goes into the file
        with file.open("r+b") as spoilt:
            spoilt.truncate(100) if how == "cut off" else spoilt.write(b"nonsense" * 2_000)
    event = {"csrf": csrf_of(client), "event": "permit_issued", "on": "2021-03-01"}
    for address, form in ((f"{PLACE}/decide", asked), (f"{PLACE}/site", event)):
        answer = client.post(address, data=form)
        assert answer.status_code == 503, (address, answer.text)
    headers = token_of(case, Role.CLERK, Scope.RECORD) | {"idempotency-key": "k"}
    answer = case.anyone().post("/api/v1/journal", json=ASK, headers=headers)
    assert answer.status_code == 503, answer.text
    kept = projects.numbered(case.store, 1)
    assert kept
    assert kept.record is None
    assert kept.events == ""
    assert client.post(f"{PLACE}/letter", data={**event, "form": "pdf"}).status_code == 409
    assert case.signed_in(Role.AUDITOR).get("/audit").status_code in {200, 503}
    assert client.get("/window").status_code == 200


def test_a_defect_is_logged_without_what_it_quotes(
    case: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        message = "张三 13847205678"
        raise ValueError(message)

    client = case.signed_in(Role.CLERK)
    asked = form_of(client.get(f"{PLACE}/decide").text)
    monkeypatch.setattr(projects, "decided", fail)
    with caplog.at_level(logging.ERROR):
        answer = client.post(f"{PLACE}/decide", data=asked)
    assert answer.status_code == 500
    assert "但已经记入日志" in answer.text
    assert "ValueError" in caplog.text
    assert "window_case.py" in caplog.text
    assert "张三" not in caplog.text


def test_being_seen_need_not_be_written_down(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    at = int(site.clock().timestamp())
    name = sessions.begin(site.store, 1, at=at, address="-")
    token = tokens.issue(site.store, 1, label="t", scopes=[], at=at, expires_at=at + 99_999)
    rows = type(site.store).rows

    def only_reads(store: object, sql: str, *values: object) -> object:
        if sql.startswith("UPDATE"):
            raise apsw.ReadOnlyError
        return rows(store, sql, *values)

    monkeypatch.setattr(type(site.store), "rows", only_reads)
    assert sessions.who_has(site.store, name, at=at + 600)
    assert tokens.who_has(site.store, token, at=at + 600)
