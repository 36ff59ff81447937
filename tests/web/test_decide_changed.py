"""What is decided, recorded and printed at the window is the project as its changes made it."""

from __future__ import annotations

import pytest

from drawreview.records.replay import replay
from drawreview.web.again import ways_of
from tests.web.conftest import EXAMPLE, Site
from tests.web.test_change import LARGER, open_changed, step
from tests.web.test_pages import form_of
from tests.web.test_window import Window

SMALLER = EXAMPLE.replace("1850.00", "1900.00")


@pytest.fixture
def window(site: Site) -> Window:
    return Window(site)


def change(window: Window, here: str, text: str, **told: str) -> None:
    """Record a design change with the whole changed project."""
    form = form_of(open_changed(window, here, text, **told).text)
    assert step(window, here, form, do="save").status_code == 303


def paths(window: Window) -> list[str]:
    return [r["decision"]["review_path"] for r in window.records() if r["kind"] == "decision"]


def replays(window: Window) -> None:
    journal = window.site.app.state.office.journal
    assert replay(journal, ways=ways_of(journal)).counts == {}


def test_an_exempt_project_changed_upward_is_decided_and_shown_as_changed(window: Window) -> None:
    here = window.take_in()
    window.decide(here)
    assert window.post(f"{here}/letter", form="docx").status_code == 200
    change(window, here, LARGER)
    page = window.client.get(here).text
    assert "决定以后有过重大设计变更" in page
    assert "审查方式：审查后置" in page
    assert "承诺书 PDF" not in page
    refused = window.post(f"{here}/letter", form="docx")
    assert refused.status_code == 409
    assert "决定以后有过重大设计变更" in refused.text
    asked = window.client.get(f"{here}/decide").text
    assert "<del>1850" in asked
    assert "<ins>2850" in asked
    assert window.decide(here, why="设计变更").status_code == 303
    assert paths(window) == ["exempt", "deferred_review"]
    first, second = (r for r in window.records() if r["kind"] == "decision")
    assert second["supersedes"]["id"] == first["id"]
    assert second["project"]["buildings"][0]["floor_area_m2"] == "2850.00"
    notice = window.post(f"{here}/notice", form="docx")
    assert notice.status_code == 200
    assert window.records()[-1]["decision"] == second["id"]
    assert window.post(f"{here}/letter", form="docx").status_code == 200
    assert window.records()[-1]["decision"] == second["id"]
    replays(window)


def test_a_change_of_a_later_day_leaves_earlier_days_as_they_were(window: Window) -> None:
    here = window.take_in()
    window.decide(here)
    window.site.clock.later(days=1)
    window = Window(window.site)
    change(window, here, LARGER, on="2021-03-02")
    assert window.post(f"{here}/letter", form="docx").status_code == 409
    assert "审查方式：免于审查" in window.client.get(f"{here}/decide?on=2021-03-01").text
    assert "审查方式：审查后置" in window.client.get(f"{here}/decide?on=2021-03-02").text
    replays(window)


def test_a_project_changed_downward_is_decided_as_changed(window: Window) -> None:
    here = window.take_in(LARGER)
    window.decide(here)
    change(window, here, SMALLER)
    assert window.decide(here, why="设计变更").status_code == 303
    assert paths(window) == ["deferred_review", "exempt"]
    replays(window)


@pytest.mark.parametrize("touches", ["加层", "total_floor_area_m2", "special_works"])
def test_a_change_that_does_not_say_what_it_made_exempts_nothing(
    window: Window, touches: str
) -> None:
    here = window.take_in()
    window.decide(here)
    said = {"event": "major_design_change", "on": "2021-03-01", "touches": touches}
    assert window.post(f"{here}/site", **said).status_code == 303
    assert "审查方式：免于审查" not in window.client.get(here).text
    assert "请附上改后的项目" in window.client.get(f"{here}/decide").text
    assert window.post(f"{here}/letter", form="docx").status_code == 409
    window.decide(here, why="设计变更")
    assert paths(window)[1:] in (["undetermined"], ["referred"])
    assert window.post(f"{here}/letter", form="docx").status_code == 409
    replays(window)


def test_uploaded_drawings_alone_do_not_bring_the_old_figures_back(window: Window) -> None:
    here = window.take_in()
    window.site.clock.later(days=2)
    window = Window(window.site)
    said = {"event": "major_design_change", "on": "2021-03-01", "touches": "total_floor_area_m2"}
    window.post(f"{here}/site", **said)
    window.post(f"{here}/site", event="drawings_uploaded", on="2021-03-02")
    assert "审查方式：免于审查" not in window.client.get(f"{here}/decide").text
    change(window, here, LARGER, on="2021-03-03")
    assert "审查方式：审查后置" in window.client.get(f"{here}/decide").text


def test_a_decision_is_not_recorded_on_a_project_that_was_changed_meanwhile(
    window: Window,
) -> None:
    here = window.take_in()
    form = form_of(window.client.get(f"{here}/decide").text)
    change(window, here, LARGER)
    assert window.post(f"{here}/decide", **form).status_code == 409
    assert paths(window) == []


def test_the_file_taken_in_stays_what_it_was_and_leads_to_the_change(window: Window) -> None:
    here = window.take_in()
    change(window, here, LARGER)
    assert f'href="{here}/change">填写<' in window.client.get(here).text
    assert "这是受理时的项目文件" in window.client.get(f"{here}/form/project").text
    assert f'href="{here}/form/project"' in window.client.get(f"{here}/site").text
    signed = window.post(
        f"{here}/judgements", simple_technique="true", **{"simple_technique.why": "框架"}
    )
    assert signed.status_code == 409
