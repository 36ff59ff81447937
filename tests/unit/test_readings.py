"""Deciding under another admissible reading; the register of open questions."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from drawreview import Project, decide, load_rulebook
from drawreview.errors import InputError
from drawreview.project.from_yaml import read
from drawreview.rulebook.readings import formal_readings, with_readings
from tests.unit.test_cli import OFFICE, run

DAY = date(2021, 3, 1)
SAID = read(
    (Path(__file__).parents[2] / "examples" / "office.yaml").read_text(encoding="utf-8"), "o"
).data


def office(**changes: object) -> Project:
    building = {**SAID["buildings"][0], **changes}
    return Project.model_validate({**SAID, "buildings": [building]})


@pytest.mark.parametrize(
    ("question", "reading", "changes"),
    [
        ("A10", "single_storey_building", {"max_storey_height_m": 6.5}),
        ("A9", "as_declared", {"highest_point_m": 12.5}),
        ("A11", "natural_storeys_only", {"partial_storeys": 1}),
        ("A12", "not_a_basement", {"underground_rooms": [{"kind": "lift_pit"}]}),
        (
            "A8",
            "not_counted",
            {
                "floor_area_m2": 2040,
                "storeys_below_ground": 1,
                "underground_rooms": [
                    {"kind": "pump_room", "serves": "production", "floor_area_m2": 50}
                ],
            },
        ),
    ],
)
def test_another_reading_exempts_what_the_adopted_one_does_not(
    question: str, reading: str, changes: dict[str, object]
) -> None:
    law = load_rulebook()
    project = office(**changes)
    adopted = decide(project, on=DAY, rulebook=law)
    other = decide(project, on=DAY, rulebook=with_readings(law, {question: reading}))
    assert adopted.review_path == "deferred_review"
    assert question in adopted.depends_on
    assert other.review_path == "exempt"
    assert other.document.readings == {question: reading}
    assert other.decision_id != adopted.decision_id


def test_two_halls_of_three_hundred_depend_on_how_venues_are_counted() -> None:
    halls = [{"kind": "karaoke_hall", "floor_area_m2": 300}] * 2
    project, law = office(fire_venues=halls), load_rulebook()
    assert decide(project, on=DAY, rulebook=law).review_path == "joint_review"
    assert decide(project, on=DAY, rulebook=law).depends_on == ("F1",)
    assert (
        decide(project, on=DAY, rulebook=with_readings(law, {"F1": "each_venue"})).review_path
        == "exempt"
    )


@pytest.mark.parametrize("chosen", [{"Z9": "x"}, {"A10": "x"}, {"A13": "other"}])
def test_an_unknown_reading_is_refused(chosen: dict[str, str]) -> None:
    with pytest.raises(InputError):
        with_readings(load_rulebook(), chosen)


def test_every_formal_reading_has_its_words() -> None:
    for question in load_rulebook().questions.values():
        assert set(formal_readings(question)) <= set(question.readings)


def test_the_register_is_printed_and_readings_are_options() -> None:
    assert "A10" in run("questions").stdout
    told = json.loads(run("questions", "A10", "--format", "json").stdout)
    assert told[0]["decidable"] == ["each_storey", "single_storey_building"]
    table = json.loads(
        run(
            "decide", str(OFFICE), "--on", "2021-03-01", "--all-readings", "--format", "json"
        ).stdout
    )
    assert {row["review_path"] for row in table} == {"exempt"}
    assert run("decide", str(OFFICE), "--reading", "A10").returncode == 3
    assert (
        run(
            "decide", str(OFFICE), "--on", "2021-03-01", "--reading", "A10=single_storey_building"
        ).returncode
        == 0
    )
