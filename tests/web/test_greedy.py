"""No request of a megabyte makes the server write hundreds, or think for minutes."""

from __future__ import annotations

import json

import pytest

from drawreview.project.from_yaml import read
from tests.web.conftest import EXAMPLE, Site

OFFICE = json.loads(json.dumps(read(EXAMPLE, "").data, default=float))
CHANGE = {"on": "2021-03-02", "event": "major_design_change", "touches": ["x"], "project": OFFICE}


@pytest.mark.parametrize(
    ("project", "said"),
    [
        ({"buildings": [{}] * 200_000}, "buildings"),
        ({"buildings": [{"underground_rooms": [{"kind": "other"}] * 30_000}]}, "underground_rooms"),
        ({"design": {"firms": [{"phone": "+4912345678"}] * 30_000}}, "design.firms"),
        ({"hints": ["crane"] * 90_000}, "hints"),
    ],
)
def test_lists_longer_than_any_project_has_are_refused_at_once(
    site: Site, project: dict[str, object], said: str
) -> None:
    client = site.anyone()
    answer = client.post("/api/v1/decisions", json={"project": project})
    assert answer.status_code == 422
    (problem,) = answer.json()["problems"]
    assert problem["place"].endswith(said)
    assert "多于 200 项" in problem["problem"]
    written = json.dumps(project)
    for address in ("/assess", "/assess/verdict"):
        form = {"project": written, "at": "result", "do": "stay"}
        answer = client.post(address, data=form)
        assert answer.status_code in {413, 422}
        assert len(answer.content) < 10_000
    answer = client.post("/assess/open", files={"file": ("a.json", written)})
    assert answer.status_code == 422
    assert len(answer.content) < 10_000


@pytest.mark.parametrize("number", ["1e999999999", "1e-999999999", "-1e99999999", "9" * 100_000])
def test_a_number_out_of_all_reason_is_not_written_out(site: Site, number: str) -> None:
    project = f"buildings:\n- floor_area_m2: {number}\n"
    answer = site.anyone().post("/assess", data={"at": "result", "do": "stay", "project": project})
    assert answer.status_code == 422
    assert len(answer.content) < 300_000  # at most what was sent, and the page


def test_a_log_of_very_many_changes_is_answered_or_refused(site: Site) -> None:
    client = site.anyone()
    asked = {"project": OFFICE, "on": "2021-06-01"}
    events = {"schema": "drawreview/events@1", "events": [CHANGE] * 100}
    assert client.post("/api/v1/gates", json={**asked, "events": events}).status_code == 200
    events = {**events, "events": [{"on": "2021-03-02", "event": "permit_issued"}] * 501}
    refused = client.post("/api/v1/gates", json={**asked, "events": events})
    assert refused.status_code == 422
    assert "多于 500 项" in refused.json()["problems"][0]["problem"]
