"""The auditor's day: search, look into one decision, replay, verify, carry away; never write."""

from __future__ import annotations

import io
import json
import time
import zipfile

import pytest

from drawreview.errors import JournalError
from drawreview.web.security.roles import Role
from tests.web.conftest import EXAMPLE, Site, csrf_of
from tests.web.test_window import Window


class Audit:
    """An auditor at work."""

    def __init__(self, site: Site) -> None:
        self.client = site.signed_in(Role.AUDITOR)
        self.csrf = csrf_of(self.client)

    def check(self, address: str, **form: str) -> str:
        """Start a check, and wait for what it finds."""
        answer = self.client.post(address, data={"csrf": self.csrf, **form})
        assert answer.status_code == 303, answer.text
        for _ in range(200):
            page = self.client.get(answer.headers["location"]).text
            if "进行中" not in page:
                return page
            time.sleep(0.05)
        raise AssertionError(page)


@pytest.fixture
def recorded(site: Site) -> Site:
    """Two projects, one of them decided twice."""
    window = Window(site)
    here = window.take_in()
    window.decide(here)
    window.decide(here, why="重新核对")
    window.decide(window.take_in(EXAMPLE.replace("某配套办公楼", "第二仓库")))
    return site


def test_the_journal_is_searched_and_a_decision_looked_into(recorded: Site) -> None:
    audit = Audit(recorded)
    page = audit.client.get("/audit", params={"q": "仓库"}).text
    assert "共 1 个决定" in page
    record = recorded.app.state.office.journal
    kept = list(record.records())[1]
    shown = audit.client.get(f"/audit/records/{kept.id}").text
    assert "逐字相同" in shown
    assert "更正的理由：重新核对" in shown
    law = recorded.app.state.office.rulebook.city
    assert law.clauses["二(一)2"] in shown
    tree = audit.client.get(f"/audit/records/{kept.id}/tree.svg")
    assert tree.headers["content-type"] == "image/svg+xml"
    assert "unsafe-inline" not in audit.client.get("/audit").headers["content-security-policy"]
    exact = audit.client.get(f"/audit/records/{kept.id}/record.json").content
    assert exact == kept.body
    proof = audit.client.get(f"/audit/records/{kept.id}/proof.tlog-proof").text
    assert proof.startswith("c2sp.org/tlog-proof")


@pytest.mark.parametrize("lost", [JournalError.of("blob", "没有。", ""), b"no rules"])
def test_a_decision_whose_rules_are_lost_is_shown_without_its_tree(
    recorded: Site, monkeypatch: pytest.MonkeyPatch, lost: JournalError | bytes
) -> None:
    journal = recorded.app.state.office.journal

    def blob(_: str) -> bytes:
        if isinstance(lost, JournalError):
            raise lost
        return lost

    monkeypatch.setattr(journal, "blob", blob)
    audit, kept = Audit(recorded), next(iter(journal.records()))
    shown = audit.client.get(f"/audit/records/{kept.id}")
    assert shown.status_code == 200
    assert "记入时的规则读不出来" in shown.text
    tree = audit.client.get(f"/audit/records/{kept.id}/tree.svg")
    assert tree.status_code == 409
    assert "记入时的规则读不出来" in tree.text


def test_a_replay_finds_everything_the_same(recorded: Site) -> None:
    assert "重放 3 个决定，全部相同" in Audit(recorded).check("/audit/replay", level="B")


def test_a_replay_of_some_takes_what_they_supersede_with_them(recorded: Site) -> None:
    page = Audit(recorded).check("/audit/replay", level="B", q="配套办公楼")
    assert "重放 2 个决定，全部相同" in page


def test_a_replay_of_one_sets_its_letter_again_and_reckons_its_events(recorded: Site) -> None:
    window, audit = Window(recorded), Audit(recorded)
    assert window.post("/window/projects/1/letter", form="pdf").status_code == 200
    happened = {"event": "drawings_uploaded", "on": "2021-02-26"}
    assert window.post("/window/projects/1/site", **happened).status_code == 303
    newest = window.records()[1]["id"]
    assert "重放这一条" in audit.client.get(f"/audit/records/{newest}").text
    page = audit.check("/audit/replay", level="B", q=newest)
    assert "重放 2 个决定，全部相同" in page
    assert "重新推算 1 条事件记录，重新排出 1 份文书" in page
    page = audit.check("/audit/replay", level="B", q="仓库")
    assert "重新推算 0 条事件记录，重新排出 0 份文书" in page


def test_a_replay_names_what_differs(recorded: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    journal = recorded.app.state.office.journal
    honest = journal.get

    def edited(name: str):
        kept = honest(name)
        said = json.loads(kept.body)
        said["project"]["investment"] = "government"
        body = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return replace(kept, body=body.encode())

    monkeypatch.setattr(journal, "get", edited)
    page = Audit(recorded).check("/audit/replay", level="B", q="仓库")
    assert "输入被改" in page
    assert "按原因和条款" in page


def test_the_journal_is_verified_and_a_forgery_found(recorded: Site) -> None:
    audit = Audit(recorded)
    assert "核对 3 条记录，全部相符" in audit.check("/audit/verify")
    place = recorded.app.state.office.settings.data / "journal" / "journal.sqlite3"
    import apsw

    forger = apsw.Connection(str(place))
    for (name,) in list(forger.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")):
        forger.execute(f'DROP TRIGGER "{name}"')
    forger.execute(
        "UPDATE record SET body = CAST(replace(CAST(body AS TEXT), 'exempt', 'EXEMPT') AS BLOB)"
    )
    forger.close()
    assert "处不符" in audit.check("/audit/verify")
    for level in ("A", "B"):
        found = audit.check("/audit/replay", level=level)
        assert "全部相同" not in found
        assert "[leaf] 0" in found


def test_a_forged_checkpoint_lets_no_list_wait_for_records_that_are_not_there(
    recorded: Site,
) -> None:
    audit = Audit(recorded)
    note = recorded.app.state.office.journal.checkpoint().split("\n")
    note[1] = str(10**12)
    place = recorded.app.state.office.settings.data / "journal" / "journal.sqlite3"
    import apsw

    forger = apsw.Connection(str(place))
    forger.execute("INSERT INTO checkpoint VALUES (?, ?)", (10**12, "\n".join(note)))
    forger.close()
    assert audit.client.get("/audit").status_code == 200
    assert "处不符" in audit.check("/audit/verify")


def test_the_bundle_is_carried_away_without_persons(recorded: Site) -> None:
    answer = Audit(recorded).client.get("/audit/bundle")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as bundle:
        names = set(bundle.namelist())
        text = bundle.read("records.jsonl").decode()
    assert {"manifest.json", "verify.py", "checkpoint.note"} <= names
    assert "13847201234" not in text
    assert len(text.splitlines()) == 3


def test_a_check_is_shown_to_its_owner_only(recorded: Site) -> None:
    audit = Audit(recorded)
    answer = audit.client.post("/audit/verify", data={"csrf": audit.csrf})
    assert recorded.signed_in(Role.CLERK).get(answer.headers["location"]).status_code == 403
    jobs = recorded.app.state.office.jobs
    name = answer.headers["location"].rpartition("/")[2]
    assert jobs.of(99, name) is None


def test_a_check_that_the_server_did_not_finish_can_be_run_again(recorded: Site) -> None:
    audit = Audit(recorded)
    asked = {"csrf": audit.csrf, "level": "A", "path": "exempt"}
    where = audit.client.post("/audit/replay", data=asked).headers["location"]
    while "<progress" in audit.client.get(where).text:
        time.sleep(0.01)
    recorded.store.rows("UPDATE job SET state = 'interrupted', found = NULL")
    shown = audit.client.get(where).text
    assert "服务停了，没有做完。" in shown
    assert 'action="/audit/replay"' in shown
    for name, value in {"level": "A", "path": "exempt"}.items():
        assert f'name="{name}" value="{value}"' in shown
    assert where in audit.client.get("/audit").text
