"""A design change at the window: with the whole project as changed, seen before it is recorded."""

from __future__ import annotations

import json
import re

import pytest

from drawreview.errors import DisagreementError, EngineError
from drawreview.records.replay import replay
from drawreview.site import situation
from drawreview.web import case as case_
from drawreview.web.again import ways_of
from drawreview.web.pages import window as window_pages
from drawreview.web.security.roles import Role
from drawreview.web.store import projects
from tests.web.conftest import EXAMPLE, Site
from tests.web.test_pages import form_of
from tests.web.test_window import Window

CHANGE = {"event": "major_design_change", "on": "2021-03-01", "touches": "加层"}
LARGER = EXAMPLE.replace("1850.00", "2850.00")


@pytest.fixture
def window(site: Site) -> Window:
    return Window(site)


def open_changed(window: Window, here: str, text: str, **told: str):
    """Open the file of the changed project that a firm has brought."""
    return window.client.post(
        f"{here}/change",
        data={"csrf": window.csrf, "do": "file", **CHANGE, **told},
        files={"file": ("改.yaml", text)},
    )


def step(window: Window, here: str, form: dict[str, str], **told: str):
    """Press a button of a page of the change."""
    return window.client.post(f"{here}/change", data={"csrf": window.csrf, **form, **told})


def events_of(window: Window) -> str:
    case = projects.numbered(window.site.store, 1)
    assert case
    return case.events


def test_a_change_is_entered_with_the_file_of_the_changed_project(window: Window) -> None:
    here = window.take_in()
    seen = open_changed(window, here, LARGER)
    assert seen.status_code == 200, seen.text
    assert "分类改变：免于审查 → 审查后置" in seen.text
    assert "<del>免于审查</del>" in seen.text
    assert "<del>1850" in seen.text
    assert "<ins>2850" in seen.text
    assert "今天可以施工到哪里" in seen.text
    assert (events_of(window), window.records()) == ("", [])  # nothing before it is asked for
    done = step(window, here, form_of(seen.text), do="save")
    assert done.headers["location"] == f"{here}/site"
    board = window.client.get(f"{here}/site").text
    assert "分类改变：免于审查 → 审查后置" in board
    assert "附改后的项目" in board
    (record,) = window.records()
    assert record["events"][0]["project"]["buildings"][0]["floor_area_m2"] == "2850.00"
    assert "张三" not in json.dumps(record, ensure_ascii=False)
    journal = window.site.app.state.office.journal
    done = replay(journal, ways=ways_of(journal))
    assert (done.events, done.counts) == (1, {})


def test_a_change_is_entered_from_the_values_that_are_there(window: Window) -> None:
    here = window.take_in()
    sheet = step(window, here, CHANGE, do="form")
    sheet = step(window, here, form_of(sheet.text), do="go:building-0")
    assert 'value="1850.00"' in sheet.text
    wrong = {**form_of(sheet.text), "buildings[0].floor_area_m2": "很大", "do": "next"}
    wrong = step(window, here, wrong)
    assert wrong.status_code == 422
    assert "「很大」不是数。" in wrong.text
    form = {**form_of(wrong.text), "buildings[0].floor_area_m2": "2850", "do": "go:result"}
    seen = step(window, here, form)
    assert "分类改变：免于审查 → 审查后置" in seen.text
    assert "加层" not in events_of(window)
    again = step(window, here, form_of(seen.text), do="go:project")
    assert 'name="touches" value="加层"' in again.text
    seen = step(window, here, form_of(again.text), do="go:result")
    assert step(window, here, form_of(seen.text), do="save").status_code == 303
    assert "floor_area_m2: 2850" in events_of(window)
    # The next change begins with what this one has made of the project.
    sheet = step(window, here, CHANGE, do="form")
    sheet = step(window, here, form_of(sheet.text), do="go:building-0")
    assert 'value="2850"' in sheet.text


def test_every_problem_of_a_change_is_told_at_its_field(window: Window) -> None:
    here = window.take_in()
    told = open_changed(window, here, LARGER, on="", touches="")
    assert told.status_code == 422
    assert "「重大设计变更：涉及什么」没有选，也没有写。" in told.text
    assert 'id="on-wrong"' in told.text
    for text, said in (
        (LARGER.replace('"150204"', '"150203"'), "项目在昆都仑区，本窗口是青山区的。"),
        (LARGER.replace("name: 青山区某配套办公楼", "", 1), "没有项目名称"),
        ("schema: drawreview/events@1\nevents: []\n", "这是事件文件，不是项目文件。"),
    ):
        told = open_changed(window, here, text)
        assert told.status_code == 422
        assert said in told.text
    assert "没有选文件" in window.post(f"{here}/change", **CHANGE, do="file").text
    assert window.post(f"{here}/change", do="save", event="permit_issued").status_code == 422
    assert events_of(window) == ""


def test_another_projects_file_is_pointed_out(window: Window) -> None:
    here = window.take_in()
    assert "没有拿错文件" not in open_changed(window, here, LARGER).text
    other = open_changed(window, here, LARGER.replace("某配套办公楼", "第二仓库"))
    assert "没有拿错文件" in other.text


def test_a_change_sent_twice_is_entered_and_recorded_once(window: Window) -> None:
    here = window.take_in()
    form = form_of(open_changed(window, here, LARGER).text)
    for _ in range(2):
        assert step(window, here, form, do="save").headers["location"] == f"{here}/site"
    assert events_of(window).count("major_design_change") == len(window.records()) == 1


def test_a_change_over_what_somebody_else_has_entered_is_looked_at_again(window: Window) -> None:
    here = window.take_in()
    seen = open_changed(window, here, LARGER)
    window.post(f"{here}/site", event="drawings_uploaded", on="2021-02-26")
    again = step(window, here, form_of(seen.text), do="save")
    assert again.status_code == 409
    assert "别人刚刚改过" in again.text
    assert "major_design_change" not in events_of(window)
    assert step(window, here, form_of(again.text), do="save").status_code == 303
    assert "major_design_change" in events_of(window)


def test_a_change_can_be_corrected_by_another_with_its_project(window: Window) -> None:
    here = window.take_in()
    seen = open_changed(window, here, LARGER)
    step(window, here, form_of(seen.text), do="save")
    fix = {"of": "1", "why": "拿错文件", "happened_on": "2021-02-28"}
    seen = open_changed(window, here, EXAMPLE.replace("1850.00", "1900.00"), **fix)
    assert "分类不变：免于审查" in seen.text
    assert step(window, here, form_of(seen.text), do="save").status_code == 303
    assert events_of(window).count("project:") == 2  # nothing was taken away
    sheet = step(window, here, CHANGE, do="form")
    sheet = step(window, here, form_of(sheet.text), do="go:building-0")
    assert 'value="1900.00"' in sheet.text


def test_the_form_of_events_leads_to_the_changed_project_with_what_was_written(
    window: Window,
) -> None:
    here = window.take_in()
    assert f'formaction="{here}/change"' in window.client.get(f"{here}/site").text
    begun = window.post(f"{here}/change", event="", on="2021-02-26", touches="加层", do="begin")
    assert begun.status_code == 200
    assert 'value="2021-02-26"' in begun.text
    assert 'value="加层"' in begun.text


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (EngineError("it stopped"), "没有作出决定：引擎没有完成。什么都没有记入"),
        (DisagreementError("1 != 2"), "没有作出决定：两套引擎的结果不一致。什么都没有记入"),
    ],
)
def test_the_pages_of_a_project_show_what_is_known_when_the_engine_fails(
    window: Window, monkeypatch: pytest.MonkeyPatch, error: EngineError, said: str
) -> None:
    here = window.take_in()
    window.decide(here)
    window.post(f"{here}/site", event="drawings_uploaded", on="2021-02-26")

    form = form_of(window.client.get(f"{here}/decide").text) | {"on": "2021-03-01", "why": "再试"}

    def fail(*_: object, **__: object) -> None:
        raise error

    for module in (case_, situation, window_pages):
        monkeypatch.setattr(module, "decide", fail)
    for address, known in (
        (here, "第 0 号"),
        (f"{here}/site", "上传全部施工图"),
        (f"{here}/form/building-0", 'value="1850.00"'),
    ):
        page = window.client.get(address)
        assert page.status_code == 200, address
        assert said in page.text
        assert known in page.text
    assert re.search(r"某配套办公楼", window.client.get("/window").text)
    for tried in (
        window.client.get(f"{here}/decide"),
        window.post(f"{here}/decide", **form),
    ):
        assert (tried.status_code, said in tried.text) == (500, True)
    assert [one["kind"] for one in window.records()] == ["decision", "events"]
    form = {"csrf": window.csrf, "do": "open"}
    taken = window.client.post("/window/new", data=form, files={"file": ("乙.yaml", LARGER)})
    assert taken.headers["location"] == "/window/projects/2"  # it is taken in all the same


def test_one_project_that_breaks_the_program_takes_no_list_down(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = Window(site)
    here = window.take_in()
    window.post(f"{here}/site", event="drawings_uploaded", on="2021-02-26")
    window.take_in(EXAMPLE.replace("某配套办公楼", "第二仓库"))
    from drawreview.web import due

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(due, "deadlines", fail)
    site.clock.later(days=1)
    listed = Window(site).client.get("/window")
    assert listed.status_code == 200
    assert "第二仓库" in listed.text
    assert "内部错误，请报告此事。" in listed.text
    assert site.signed_in(Role.AUDITOR).get("/statistics").status_code == 200
