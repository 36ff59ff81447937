"""The clerk's day: a project taken in, judged, decided, superseded, followed."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from drawreview.errors import (
    ArgumentError,
    BusyError,
    CalendarError,
    EngineError,
    Problem,
    StoreError,
)
from drawreview.records.append import Writer
from drawreview.records.body import Actor, Circumstances, Superseded
from drawreview.records.entry import Entry
from drawreview.records.record import record_decision
from drawreview.web import case as case_
from drawreview.web import due
from drawreview.web.case import decision_on
from drawreview.web.pages import window_case, window_site
from drawreview.web.security.roles import Role, Scope
from drawreview.web.store import projects, users
from tests.web.conftest import EXAMPLE, PEOPLE, Site, csrf_of
from tests.web.test_api import ASK, token_of
from tests.web.test_pages import form_of


class Window:
    """A clerk at work."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.client = site.signed_in(Role.CLERK)
        self.csrf = csrf_of(self.client)

    def post(self, address: str, **form: str):
        return self.client.post(address, data={"csrf": self.csrf, **form})

    def take_in(self, text: str = EXAMPLE) -> str:
        answer = self.client.post(
            "/window/new", data={"csrf": self.csrf, "do": "open"}, files={"file": ("甲.yaml", text)}
        )
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].removesuffix("/decide")

    def decide(self, here: str, **form: str):
        page = self.client.get(f"{here}/decide").text
        (key,) = re.findall(r'name="key" value="([^"]+)"', page)
        return self.post(f"{here}/decide", key=key, on="2021-03-01", **form)

    def records(self) -> list[dict]:
        return [json.loads(kept.body) for kept in self.site.app.state.office.journal.records()]


@pytest.fixture
def window(site: Site) -> Window:
    return Window(site)


def test_a_firms_file_is_taken_in_decided_and_its_letter_printed(window: Window) -> None:
    here = window.take_in()
    assert "免于审查" in window.client.get(here).text
    assert window.post(f"{here}/letter", form="pdf").status_code == 409
    answer = window.decide(here, **{"doubt:A22": "已告知审计提示"})
    assert answer.status_code == 303
    assert "第 0 号" in window.client.get(answer.headers["location"]).text
    (record,) = window.records()
    assert record["decision"]["review_path"] == "exempt"
    assert record["actor"] == {"id": "user-1", "role": "clerk", "channel": "web"}
    assert record["answers"] == {"A22": "已告知审计提示"}
    assert (record["at"]["utc"][:16], record["at"]["zone"]) == ("2021-03-01T01:00", "Asia/Shanghai")
    assert "2021-03-01 09:00:00" in window.client.get(answer.headers["location"]).text
    letter = window.post(f"{here}/letter", form="pdf")
    import io

    from pypdf import PdfReader

    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(letter.content)).pages)
    assert record["decision"]["decision_id"][:16] in text
    assert f"存证编号 {record['id']}" in text
    assert "自评" not in text
    printed = window.records()[1]
    assert (printed["kind"], printed["decision"]) == ("letter", record["id"])
    from hashlib import sha256

    assert printed["files"] == {"pdf": sha256(letter.content).hexdigest()}
    auditor = token_of(window.site, Role.AUDITOR, Scope.REPLAY)
    again = window.site.anyone().post("/api/v1/replay", json={}, headers=auditor).json()
    assert (again["decisions"], again["letters"], again["findings"]) == (1, 1, [])


def test_names_and_phones_stay_out_of_the_record(window: Window) -> None:
    window.decide(window.take_in())
    body = json.dumps(window.records(), ensure_ascii=False)
    for personal in ("13847201234", "张三", "赵六", "0472-5618888"):
        assert personal in EXAMPLE
        assert personal not in body


def test_a_changed_project_is_decided_again_and_the_difference_shown(window: Window) -> None:
    here = window.take_in()
    window.decide(here)
    page = window.client.get(f"{here}/form/building-0")
    form = form_of(page.text) | {"buildings[0].floor_area_m2": "2000", "do": "go:result"}
    assert window.post(f"{here}/form/building-0", **form).headers["location"] == here
    assert "记入日志以后项目改过" in window.client.get(here).text
    assert window.post(f"{here}/letter", form="pdf").status_code == 409
    asked = window.client.get(f"{here}/decide", params={"on": "2021-03-01"}).text
    assert "<del>免于审查</del>" in asked
    assert "<ins>审查后置</ins>" in asked
    assert "buildings[0].floor_area_m2" in asked
    assert window.decide(here).status_code == 422  # without a reason
    done = window.decide(here, why="面积填错")
    first, second = window.records()
    assert second["supersedes"] == {"id": first["id"], "why": "面积填错"}
    assert "<del>免于审查</del>" in window.client.get(done.headers["location"]).text
    assert "（已被更正）" in window.client.get(here).text


def test_a_decision_submitted_twice_is_recorded_once(window: Window) -> None:
    here = window.take_in()
    form = form_of(window.client.get(f"{here}/decide").text) | {"doubt:A22": "已核对"}
    first = window.post(f"{here}/decide", **form)
    again = window.post(f"{here}/decide", **form)
    assert first.headers["location"] == again.headers["location"]
    assert len(window.records()) == 1


def test_who_sends_another_decision_by_the_same_form_is_told_that_it_was_not_recorded(
    window: Window,
) -> None:
    here = window.take_in()
    form = form_of(window.client.get(f"{here}/decide").text)
    assert window.post(f"{here}/decide", **form).status_code == 303
    other = window.post(f"{here}/decide", **form | {"doubt:A22": "后来补的"})
    assert other.status_code == 409
    assert "这一次填的没有记入" in other.text
    assert len(window.records()) == 1


def test_an_old_form_sent_again_brings_no_corrected_decision_back(window: Window) -> None:
    here = window.take_in()
    old = form_of(window.client.get(f"{here}/decide").text)
    window.post(f"{here}/decide", **old)
    window.decide(here, why="日期写错")
    first, second = window.records()
    assert window.post(f"{here}/decide", **old).status_code == 303
    case = projects.numbered(window.site.store, 1)
    assert case
    assert case.record == second["id"] != first["id"]
    assert len(window.records()) == 2


@pytest.mark.parametrize("key", ["", "x", "1-events", "2-first", f"1-{'0' * 36}"])
def test_a_decision_needs_the_key_of_its_form(window: Window, key: str) -> None:
    here = window.take_in()
    assert window.post(f"{here}/decide", key=key, on="2021-03-01").status_code == 409
    assert window.records() == []


def test_an_event_entered_between_a_failed_try_and_the_next_makes_no_second_decision(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, write = window.take_in(), Writer.write
    failure = StoreError((Problem("journal", "写不进去。", "检查磁盘。"),))

    def fail(writer: Writer, entries: Sequence[Entry]) -> None:
        write(writer, entries)
        raise failure

    with monkeypatch.context() as disk:
        disk.setattr(Writer, "write", fail)
        assert window.decide(here).status_code == 503
    window.site.clock.later(seconds=5)
    window.post(f"{here}/site", event="drawings_uploaded", on="2021-03-01")
    assert window.decide(here).status_code == 303
    assert [one["kind"] for one in window.records()] == ["decision", "events"]


def test_of_two_clerks_who_correct_one_decision_one_does_and_no_letter_is_printed_of_it(
    window: Window,
) -> None:
    here = window.take_in()
    window.decide(here)
    (first,) = window.records()
    form = form_of(window.client.get(f"{here}/decide").text) | {"why": "面积写错"}
    program = token_of(window.site, Role.CLERK, Scope.RECORD) | {"idempotency-key": "k"}
    asked = {**ASK, "supersedes": first["id"], "why": "算错"}
    other = window.site.anyone().post("/api/v1/journal", json=asked, headers=program).json()
    late = window.post(f"{here}/decide", **form)
    assert late.status_code == 409
    assert window.post(f"{here}/letter", form="pdf").status_code == 409
    assert [one["id"] for one in window.records()] == [first["id"], other["id"]]
    assert window.decide(here, why="再核对").status_code == 303  # what stands is corrected
    assert window.records()[2]["supersedes"]["id"] == other["id"]


@pytest.mark.parametrize("paper", ["letter", "notice"])
def test_a_paper_printed_twice_is_the_same_bytes_and_recorded_once(
    window: Window, paper: str
) -> None:
    here = window.take_in()
    window.decide(here)
    first = window.post(f"{here}/{paper}", form="docx")
    window.post(f"{here}/site", event="drawings_uploaded", on="2021-03-01")
    again = window.post(f"{here}/{paper}", form="docx")
    assert first.content == again.content
    assert [one["kind"] for one in window.records()] == ["decision", "letter", "events"]
    window.post(f"{here}/{paper}", form="pdf")
    assert len(window.records()) == 4


def test_a_judgement_is_signed_with_name_day_and_reason(window: Window) -> None:
    here = window.take_in()
    form = {"simple_technique": "true"}
    assert window.post(f"{here}/judgements", **form).status_code == 422
    assert window.post(f"{here}/judgements").status_code == 422
    kept = window.client.get(here).text
    both = {
        "simple_technique": "true",
        "simple_technique.why": "框架结构，无地下室",
        "single_function": "false",
        "single_function.why": "首层为商业",
    }
    assert window.post(f"{here}/judgements", **both, similar_use="").status_code == 303
    page = window.client.get(here).text
    for signed in ("青山窗口 2021-03-01：框架结构，无地下室", "青山窗口 2021-03-01：首层为商业"):
        assert signed not in kept
        assert signed in page


def test_a_file_that_settles_the_path_leads_to_the_decision_and_another_to_what_is_missing(
    window: Window,
) -> None:
    def leads_to(text: str) -> str:
        form = {"csrf": window.csrf, "do": "open"}
        answer = window.client.post("/window/new", data=form, files={"file": ("甲.yaml", text)})
        return answer.headers["location"]

    assert leads_to(EXAMPLE) == "/window/projects/1/decide"
    assert leads_to(EXAMPLE.replace("    floor_area_m2: 1850.00\n", "")) == "/window/projects/2"


def test_a_window_prints_what_is_still_needed(window: Window) -> None:
    here = window.take_in(EXAMPLE.replace("    floor_area_m2: 1850.00\n", ""))
    notice = window.post(f"{here}/notice", form="pdf")
    assert notice.headers["content-type"] == "application/pdf"
    import io

    from pypdf import PdfReader

    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(notice.content)).pages)
    assert "建筑面积" in text
    assert "自评" not in text
    assert "存证编号" not in text  # nothing was decided yet

    window.decide(here)
    window.post(f"{here}/notice", form="docx")
    decided, kept = window.records()
    assert (kept["kind"], kept["annex"], kept["decision"]) == ("letter", "notice", decided["id"])


def test_a_browser_shows_the_letter_to_be_printed_and_nothing_may_run_in_it(window: Window) -> None:
    here = window.take_in()
    window.decide(here)
    headers = window.post(f"{here}/letter", form="pdf").headers
    assert headers["content-disposition"].startswith("inline;")
    # Chromium does not show a PDF under a policy without objects.
    assert "default-src 'none'; object-src 'self'" in headers["content-security-policy"]
    word = window.post(f"{here}/letter", form="docx").headers
    assert word["content-disposition"].startswith("attachment;")


def test_somebody_who_saves_over_a_newer_version_is_told(window: Window) -> None:
    here = window.take_in()
    form = form_of(window.client.get(f"{here}/form/permit").text) | {"do": "next"}
    form["permit.land_papers"] = "false"
    assert window.post(f"{here}/form/permit", **form).status_code == 303
    assert window.post(f"{here}/form/permit", **form).status_code == 409


def test_another_districts_project_is_not_taken_in(window: Window) -> None:
    text = EXAMPLE.replace('"150204"', '"150203"')
    answer = window.client.post(
        "/window/new", data={"csrf": window.csrf, "do": "open"}, files={"file": ("乙.yaml", text)}
    )
    assert answer.status_code == 422
    assert "项目在昆都仑区，本窗口是青山区的。" in answer.text
    assert "的窗口办理；若填错了，改正" in answer.text


def test_when_the_journal_fails_nothing_is_decided(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = window.take_in()
    journal = window.site.app.state.office.journal
    failure = StoreError((Problem("journal", "写不进去。", "检查磁盘。"),))

    def fail(_: object) -> None:
        raise failure

    monkeypatch.setattr(journal, "submit", fail)
    answer = window.decide(here)
    assert answer.status_code == 503
    assert "不知道这次有没有记入" in answer.text
    case = projects.numbered(window.site.store, 1)
    assert case
    assert case.record is None
    assert window.post(f"{here}/letter", form="pdf").status_code == 409


@pytest.mark.parametrize("stands", [True, False])
def test_after_a_failure_of_the_store_the_same_decision_is_recorded_once(
    window: Window, monkeypatch: pytest.MonkeyPatch, stands: bool
) -> None:
    here, write = window.take_in(), Writer.write
    failure = StoreError((Problem("journal", "写不进去。", "检查磁盘。"),))

    def fail(writer: Writer, entries: Sequence[Entry]) -> None:
        if stands:
            write(writer, entries)
        raise failure

    with monkeypatch.context() as disk:
        disk.setattr(Writer, "write", fail)
        told = window.decide(here)
    assert told.status_code == 503
    assert "不知道这次有没有记入" in told.text
    assert "没有作出决定" not in told.text
    assert "已经重新打开" in told.text
    assert len(window.records()) == stands
    assert window.decide(here).status_code == 303
    (record,) = window.records()
    case = projects.numbered(window.site.store, 1)
    assert case
    assert case.record == record["id"]
    assert window.post(f"{here}/letter", form="pdf").status_code == 200


def test_after_a_defect_it_is_told_whether_it_was_recorded(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    here = window.take_in()
    with monkeypatch.context() as broken:
        broken.setattr(window_case, "record_decision", fail)
        told = window.decide(here)
    assert told.status_code == 500
    assert "内部错误，日志里没有记入什么。" in told.text
    with monkeypatch.context() as broken:
        broken.setattr(projects, "decided", fail)
        told = window.decide(here)
    (record,) = window.records()
    assert told.status_code == 500
    assert "内部错误，但已经记入日志。" in told.text
    assert record["id"] in told.text
    assert window.decide(here).status_code == 303  # sent again, it is not recorded again
    assert len(window.records()) == 1
    with monkeypatch.context() as broken:
        broken.setattr(window_case, "download", fail)
        told = window.post(f"{here}/letter", form="pdf")
    assert [one["kind"] for one in window.records()] == ["decision", "letter"]
    assert "内部错误，不知道有没有记入日志。" in told.text
    assert "先看项目页和日志里有没有" in told.text
    with monkeypatch.context() as broken:
        broken.setattr(window_site, "note", fail)
        happened = {"event": "drawings_uploaded", "on": "2021-02-26"}
        told = window.post(f"{here}/site", **happened)
    assert "内部错误，但已经记入日志。" in told.text
    assert window.records()[-1]["id"] in told.text
    with monkeypatch.context() as broken:
        broken.setattr(window_case, "verdict_of", fail)
        assert "内部错误，日志里没有记入什么。" in window.client.get(here).text


def test_what_cannot_be_corrected_is_told_beside_the_form_of_the_decision(window: Window) -> None:
    here = window.take_in()
    window.decide(here)
    form = form_of(window.client.get(f"{here}/form/project").text) | {"do": "go:result"}
    form |= {"project_code": "2102-150204-04-01-999999"}
    window.client.post(f"{here}/form/project", data=form)
    told = window.decide(here, why="代码写错")
    assert told.status_code == 422
    assert "要更正的第 0 条记录是另一个项目的决定：项目代码 " in told.text
    assert "先把写错的那一项留空更正一次" in told.text
    assert len(window.records()) == 1


def test_a_decision_that_was_corrected_elsewhere_is_the_one_to_supersede(window: Window) -> None:
    here = window.take_in()
    window.decide(here)
    office = window.site.app.state.office
    case = projects.numbered(window.site.store, 1)
    assert case
    circumstances = Circumstances(
        actor=Actor("w-07", "clerk", "cli"), supersedes=Superseded(case.record or "", "别处更正")
    )
    elsewhere = decision_on(office, case, date(2021, 3, 1))
    receipt = record_decision(office.journal, elsewhere, circumstances)
    assert "原决定已在别处更正" in window.client.get(here).text
    assert window.post(f"{here}/letter", form="pdf").status_code == 409
    assert window.decide(here, why="核对过").status_code == 303
    assert window.records()[2]["supersedes"]["id"] == receipt.id
    assert window.post(f"{here}/letter", form="pdf").status_code == 200


def test_a_decision_that_the_journal_has_lost_is_told_as_lost(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = window.take_in()
    window.decide(here)

    def lost(_: str) -> None:
        raise ArgumentError.of("journal", "没有记录。", "")

    monkeypatch.setattr(window.site.app.state.office.journal, "get", lost)
    for answer in (window.client.get(f"{here}/decide"), window.post(f"{here}/letter", form="pdf")):
        assert answer.status_code == 409
        assert "日志里没有这个项目已记入的决定。" in answer.text


def test_a_decision_has_one_key_until_it_is_recorded_and_no_other_of_its_project_has_it(
    window: Window,
) -> None:
    def key_of(here: str) -> str:
        (key,) = re.findall(r'name="key" value="([^"]+)"', window.client.get(f"{here}/decide").text)
        return key

    here = window.take_in()
    first = key_of(here)
    window.site.clock.later(seconds=1)
    assert key_of(here) == first
    window.decide(here)
    assert key_of(here) != first
    window.decide(window.take_in())  # by a form with the same key
    assert len(window.records()) == 2


def test_when_the_journal_cannot_be_opened_anew_the_server_must_be_restarted(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, journal = window.take_in(), window.site.app.state.office.journal
    failure = StoreError((Problem("journal", "写不进去。", "检查磁盘。"),))

    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(journal, "submit", fail)
    monkeypatch.setattr(journal, "reopen", fail)
    told = window.decide(here).text
    assert "不知道这次有没有记入" in told
    assert "重启服务" in told


def test_a_journal_that_others_hold_has_recorded_nothing(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, journal = window.take_in(), window.site.app.state.office.journal

    def fail(*_: object) -> None:
        raise BusyError((Problem("journal", "正被占用。", "再试。"),))

    monkeypatch.setattr(journal, "submit", fail)
    assert "没有作出决定，也没有记入" in window.decide(here).text


def test_events_are_entered_corrected_and_followed(site: Site) -> None:
    site.clock.later(days=10)
    window = Window(site)
    here = window.take_in(EXAMPLE.replace("1850.00", "2850.00"))
    window.decide(here)
    address = f"{here}/site"
    for event, on in (("full_set_submitted", "2021-03-01"), ("staging_requested", "2021-03-01")):
        assert window.post(address, event=event, on=on).status_code == 303
    page = window.client.get(address).text
    assert "逾期" in page
    assert "今天可以施工到哪里" in page
    assert "不得施工" in page  # no permit, no certificate
    assert window.client.get(f"{address}/deadlines.svg").headers["content-type"] == "image/svg+xml"
    assert "逾期" in window.client.get("/window").text
    wrong = window.post(address, event="foundation_report_issued", on="2021-03-03")
    assert wrong.status_code == 422
    report = {"event": "foundation_report_issued", "violations": "false"}
    assert window.post(address, **report, on="2021-03-30").status_code == 303
    fix = {**report, "on": "2021-03-11", "happened_on": "2021-03-03", "of": "3", "why": "日期写错"}
    assert window.post(address, **fix).status_code == 303
    case = projects.numbered(window.site.store, 1)
    assert case
    assert case.events.count("event:") == 5  # nothing was taken away
    assert window.client.get(f"{address}/deadlines.ics").text.startswith("BEGIN:VCALENDAR")


def test_the_list_says_what_is_due_as_of_the_day_it_is_looked_at(site: Site) -> None:
    window = Window(site)
    here = window.take_in(EXAMPLE.replace("1850.00", "2850.00"))
    address = f"{here}/site"
    for event in ("full_set_submitted", "staging_requested"):
        window.post(address, event=event, on="2021-03-01")

    def listed() -> str:
        text = Window(site).client.get("/window").text
        return re.sub(r"<[^>]+>|\s+", " ", text[text.index("<tbody>") :])

    assert "2021-03-04 未到期" in re.sub(r" +", " ", listed())
    site.clock.later(days=4)  # nothing was entered meanwhile
    assert "2021-03-04 逾期" in re.sub(r" +", " ", listed())


def test_nothing_is_overdue_in_the_list_while_its_clock_stands(site: Site) -> None:
    window = Window(site)
    address = f"{window.take_in(EXAMPLE.replace('1850.00', '2850.00'))}/site"
    for event, on in (
        ("full_set_submitted", "2021-03-01"),
        ("staging_requested", "2021-03-01"),
        ("correction_started", "2021-03-01"),
    ):
        assert window.post(address, event=event, on=on).status_code == 303
    site.clock.later(days=20)
    text = Window(site).client.get("/window").text
    assert "停表" in text
    assert "最早 2021-03-2" in text
    assert "逾期" not in text


@pytest.mark.parametrize("error", [EngineError("两次结果不同"), CalendarError("没有公布", "no")])
def test_a_project_that_cannot_be_reckoned_is_listed_as_unknown_with_its_reason(
    site: Site, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    window = Window(site)
    here = window.take_in(EXAMPLE.replace("1850.00", "2850.00"))
    window.post(f"{here}/site", event="full_set_submitted", on="2021-03-01")

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(due, "deadlines", fail)
    monkeypatch.setattr(case_, "deadlines", fail)
    site.clock.later(days=1)
    for asked in ("", "?due=2021-03-02"):  # it may be due by then
        listed = Window(site).client.get(f"/window{asked}")
        assert listed.status_code == 200
        assert "算不出" in listed.text
        assert str(error) in listed.text
    auditor = site.signed_in(Role.AUDITOR)
    assert auditor.get("/statistics/statistics.json").json()["overdue_not_reckoned"] == 1
    assert "另有 1 个工程推算不出期限" in auditor.get("/statistics").text


def test_what_a_window_enters_is_in_the_journal_with_its_deadlines(site: Site) -> None:
    window = Window(site)
    here = window.take_in(EXAMPLE.replace("1850.00", "2850.00"))
    window.post(f"{here}/site", event="full_set_submitted", on="2021-03-01")
    (record,) = window.records()
    assert (record["kind"], record["actor"]["channel"]) == ("events", "web")
    assert [event["event"] for event in record["events"]] == ["full_set_submitted"]
    assert "张三" not in json.dumps(record, ensure_ascii=False)
    from drawreview.records.replay import replay
    from drawreview.web.again import ways_of

    journal = site.app.state.office.journal
    done = replay(journal, ways=ways_of(journal))
    assert (done.events, done.counts) == (1, {})


def test_an_event_that_the_journal_does_not_take_is_not_entered(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = window.take_in()
    journal = window.site.app.state.office.journal
    failure = StoreError((Problem("journal", "写不进去。", "检查磁盘。"),))

    def fail(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(journal, "append", fail)
    answer = window.post(f"{here}/site", event="drawings_uploaded", on="2021-03-01")
    assert answer.status_code == 503
    case = projects.numbered(window.site.store, 1)
    assert case
    assert case.events == ""


def test_an_event_sent_twice_is_entered_and_recorded_once(window: Window) -> None:
    here = window.take_in()
    address = f"{here}/site"
    form = form_of(window.client.get(address).text)
    form |= {"event": "drawings_uploaded", "on": "2021-03-01"}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: window.post(address, **form).status_code, range(4)))
    assert answers == [303] * 4
    assert window.post(address, **form).status_code == 303
    case = projects.numbered(window.site.store, 1)
    assert case
    assert case.events.count("event:") == len(window.records()) == 1


def test_who_enters_an_event_without_having_seen_the_last_is_told(window: Window) -> None:
    here = window.take_in()
    address = f"{here}/site"
    form = form_of(window.client.get(address).text) | {"on": "2021-03-01"}
    window.post(address, **form | {"event": "drawings_uploaded"})
    late = window.post(address, **form | {"event": "full_set_submitted"})
    assert late.status_code == 422
    assert "别人刚刚记过事件" in late.text
    assert len(window.records()) == 1
    seen = form_of(late.text) | {"on": "2021-03-01", "event": "full_set_submitted"}
    assert window.post(address, **seen).status_code == 303


@pytest.mark.parametrize("stands", [True, False])
def test_after_a_failure_of_the_store_the_same_event_is_recorded_once(
    window: Window, monkeypatch: pytest.MonkeyPatch, stands: bool
) -> None:
    here, write = window.take_in(), Writer.write
    address = f"{here}/site"
    failure = StoreError((Problem("journal", "写不进去。", "检查磁盘。"),))

    def fail(writer: Writer, entries: Sequence[Entry]) -> None:
        if stands:
            write(writer, entries)
        raise failure

    form = form_of(window.client.get(address).text)
    form |= {"event": "drawings_uploaded", "on": "2021-03-01"}
    with monkeypatch.context() as disk:
        disk.setattr(Writer, "write", fail)
        assert window.post(address, **form).status_code == 503
    assert len(window.records()) == stands
    window.site.clock.later(seconds=5)
    assert window.post(address, **form).status_code == 303
    case = projects.numbered(window.site.store, 1)
    assert case
    assert case.events.count("event:") == len(window.records()) == 1


def test_projects_are_found_by_name_path_and_day(window: Window) -> None:
    here = window.take_in()
    window.take_in(EXAMPLE.replace("某配套办公楼", "第二仓库"))
    window.decide(here)
    found = window.client.get("/window", params={"q": "仓库"}).text
    assert "第二仓库" in found
    assert "某配套办公楼" not in found
    exempt = window.client.get("/window", params={"path": "exempt"}).text
    assert "某配套办公楼" in exempt
    assert "第二仓库" not in exempt


def test_a_clerk_sees_no_other_district_even_by_its_number(site: Site) -> None:
    here = Window(site).take_in()
    clerk = users.named(site.store, PEOPLE[Role.CLERK][0])
    assert clerk
    users.change(site.store, clerk.id, role="clerk", district="150202")
    moved = Window(site)
    assert moved.client.get(here).status_code == 404
    assert "某配套办公楼" not in moved.client.get("/window").text
    assert moved.post(f"{here}/decide", version="1", key="k", on="2021-03-01").status_code == 404


def test_a_design_change_is_entered_in_words_of_ones_own(window: Window) -> None:
    address = f"{window.take_in()}/site"
    told = window.post(address, event="major_design_change", on="2021-03-01")
    assert told.status_code == 422
    assert "「重大设计变更：涉及什么」没有选，也没有写。" in told.text
    done = window.post(
        address,
        **{"event": "major_design_change", "on": "2021-03-01", "touches=fire_safety": "on"},
        touches="加层、总建筑面积, 幕墙",
    )
    assert done.status_code == 303, done.text
    assert "消防安全性、加层、总建筑面积、幕墙" in window.client.get(address).text


def test_a_breach_is_listed_with_what_was_missing(window: Window) -> None:
    address = f"{window.take_in(EXAMPLE.replace('1850.00', '2850.00'))}/site"
    window.post(address, event="stage_started", stage="base_slab", on="2021-03-01")
    text = window.client.get(address).text
    listed = text[text.index("违反节点") :]
    assert "还缺：" in listed
    assert "覆盖全部工程的施工图审查合格书" in listed
    assert "〔《建设工程质量管理条例》第五十六条(四)★★〕" in listed
