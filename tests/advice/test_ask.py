"""What is asked next: only what can still change the path, and what settles most first."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from drawreview import Project, decide, load_rulebook
from drawreview.advice.ask import next_question
from drawreview.advice.prior import answers, without_building
from drawreview.errors import InputError
from drawreview.project.fields import FIELDS, Answer
from drawreview.project.places import found_at, put, remove
from tests.properties.projects import ON, filled, path_of

OFFICE = {
    "investment": "non_government",
    "category": "building",
    "buildings": [
        {
            "use": "office",
            "floor_area_m2": 1850,
            "height_m": 11,
            "max_storey_height_m": 4,
            "storeys_above_ground": 2,
            "storeys_below_ground": 0,
            "underground_rooms": [],
            "fire_venues": [],
        }
    ],
    "single_function": {"value": True, "by": "王工", "on": "2021-02-18", "why": "全部办公"},
    "simple_technique": {"value": True, "by": "王工", "on": "2021-02-18", "why": "框架"},
    "special_works": [],
    "review_commissioned_on": "not_commissioned",
}


def asked(stated: dict[str, Any] | Project, **given: Any):
    return next_question(stated, on=ON, **given)


def test_of_nothing_known_everything_that_matters_is_ranked():
    found = asked({})
    assert not found.settled
    assert found.next is not None
    assert "buildings" in {r.field for r in found.ranking}
    assert found.ranking[0].field == found.next.field
    left = [r.expected_questions_left for r in found.ranking]
    assert left == sorted(left)


def test_a_settled_project_is_asked_nothing_about_its_path():
    found = asked(OFFICE)
    assert (found.settled, found.review_path, found.next) == (True, "exempt", None)
    assert found.ranking == ()


def test_once_settled_the_permit_and_the_letter_say_what_they_still_need():
    found = asked({**OFFICE, "buildings": [{**OFFICE["buildings"][0], "floor_area_m2": 2400}]})
    assert found.review_path == "deferred_review"
    assert [(q.purpose, q.field) for q in found.follows] == [
        ("permit", "permit.land_papers"),
        ("permit", "permit.planning_papers"),
        ("permit", "permit.site_verified_not_started"),
        ("permit", "permit.drawings_complete"),
        ("letter", "permit.drawings_uploaded_on"),
    ]


@pytest.mark.parametrize("field", ["investment", "buildings[0].height_m", "special_works"])
def test_the_one_open_field_is_the_one_question(field):
    found = asked(remove(OFFICE, field))
    assert found.next is not None
    assert [r.field for r in found.ranking] == [field]
    assert found.ranking[0].expected_questions_left == 1


def test_a_question_says_what_is_asked_in_which_unit_and_under_which_clause():
    question = asked(remove(OFFICE, "buildings[0].height_m")).next
    assert question is not None
    assert (question.unit, question.clause) == ("m", "二(一)1(1)")
    assert question.phrase == "总高度小于12米"
    assert "高度" in question.question


def test_a_question_names_the_building_where_there_are_several():
    two = [OFFICE["buildings"][0], {**OFFICE["buildings"][0], "name": "门卫"}]
    question = asked(remove({**OFFICE, "buildings": two}, "buildings[1].height_m")).next
    assert question is not None
    assert question.question.startswith("第2栋（门卫）：")


def test_what_nobody_knows_is_put_last_and_not_asked_again():
    first = asked({}).ranking[0].field
    found = asked({}, unknown=[first])
    assert found.ranking[-1].field == first
    assert found.next is not None
    assert found.next.field != first
    alone = asked(remove(OFFICE, "investment"), unknown=["investment"])
    assert (alone.settled, alone.next) == (False, None)
    assert [r.field for r in alone.ranking] == ["investment"]


def test_similarity_is_asked_only_once_the_use_is_known():
    without_use = remove(OFFICE, "buildings[0].use")
    assert "similar_use" not in {r.field for r in asked(without_use).ranking}
    housing = put(OFFICE, "buildings[0].use", "residential")
    question = asked(housing).next
    assert question is not None
    assert (question.field, question.must_sign) == ("similar_use", True)


def test_a_judgement_that_the_file_contradicts_must_be_signed():
    mixed = {
        **OFFICE,
        "single_function": True,
        "buildings": [OFFICE["buildings"][0], {**OFFICE["buildings"][0], "use": "commercial"}],
    }
    mixed["buildings"][0] = {**mixed["buildings"][0], "floor_area_m2": 100}
    mixed["buildings"][1] = {**mixed["buildings"][1], "floor_area_m2": 100}
    question = asked(mixed).next
    assert question is not None
    assert (question.field, question.must_sign) == ("single_function", True)


def test_the_use_of_a_low_building_is_not_asked_for_when_only_towers_matter():
    stated = {
        **OFFICE,
        "investment": "government",
        "buildings": [
            {"height_m": 6, "floor_area_m2": 400, "fire_hazard_class": "D"},
            {"floor_area_m2": 400, "use": "office"},
        ],
    }
    assert {r.field for r in asked(stated).ranking} == {
        "buildings[0].fire_venues",
        "buildings[1].fire_venues",
        "buildings[1].height_m",
    }


def test_what_holds_already_is_said():
    special = {**remove(OFFICE, "review_commissioned_on"), "special_works": ["tunnel"]}
    assert asked(special).whatever == ("只要委托施工图审查不早于文件所定的日期，须联合审查",)
    assert asked({**OFFICE, "special_works": ["tunnel"]}).whatever == ("不论其余如何，须联合审查",)
    tall = remove(put(OFFICE, "buildings[0].height_m", 20), "special_works")
    assert asked(tall).whatever == (
        "不论其余如何，不能免于审查（二(一)1(1)「总高度小于12米」不成立）",
    )


def test_a_mapping_that_is_no_project_is_refused_with_every_problem():
    with pytest.raises(InputError) as caught:
        asked({"investement": "mixed", "buildings": [{"height_m": -1}]})
    assert len(caught.value.problems) == 2


def test_the_chances_of_all_answers_to_a_field_sum_to_one():
    law = load_rulebook()
    for pattern in FIELDS:
        weighed = answers(law, without_building(pattern.replace("[]", "[0]")))
        if weighed:
            assert sum(chance for chance, _ in weighed) == pytest.approx(1), pattern


PARTS = {"underground_rooms": [{"kind": "pump_room"}], "fire_venues": [{"kind": "bar"}]}


def test_every_choice_of_a_field_is_a_value_that_the_project_takes():
    for pattern, field in FIELDS.items():
        for value, _ in field.choices:
            several = {Answer.CHOICES: [value], Answer.PARTS: [{"kind": value}]}
            stated = put(
                {"buildings": [PARTS]},
                pattern.replace("[]", "[0]"),
                several.get(field.answer, value),
            )
            Project.model_validate(stated)


def answered(stated: dict[str, Any], full: dict[str, Any], field: str) -> dict[str, Any]:
    """Return a statement with the answer that the full one gives to a field, and no more."""
    answer: Any = found_at(full, field)
    if field == "buildings":
        return put(stated, field, len(answer))
    if field.endswith(("underground_rooms", "fire_venues")):
        answer = [{"kind": part["kind"]} for part in answer]
    return put(stated, field, answer)


def test_the_questions_end_and_lead_where_the_whole_project_leads():
    for seed in range(40):
        random = Random(seed)
        full = filled(random, {"district": "150204"}, kind=random.choice([0, 0.8, 0.95, 1]))
        stated: dict[str, Any] = {}
        fields: list[str] = []
        while (found := asked(Project.model_validate(stated))).next is not None:
            field = found.next.field
            assert field not in fields, "asked twice"
            fields.append(field)
            stated = answered(stated, full, field)
        assert found.settled
        assert found.review_path == decide(Project.model_validate(full), on=ON).review_path


def test_every_question_that_is_asked_could_still_change_the_path():
    tried = 0
    for seed in range(12):
        random = Random(seed)
        full = filled(random, {"district": "150204"}, kind=random.choice([0.8, 0.95, 1]))
        stated: dict[str, Any] = {}
        while (found := asked(Project.model_validate(stated))).next is not None:
            field = found.next.field
            if "].fire_venues[" not in field and field not in ("category", "buildings"):
                assert any(tells(random, stated, field) for _ in range(2_000)), (field, stated)
                tried += 1
            stated = answered(stated, full, field)
    assert tried > 80


def tells(random: Random, stated: dict[str, Any], field: str) -> bool:
    """Whether two completions that differ in a field alone happen to take different paths."""
    one = filled(random, stated, kind=random.choice([0, 0.7, 0.9, 1]))
    return path_of(one) != path_of(filled(random, remove(one, field)))
