"""What people type, and what the project file then says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawreview.cli.project_file import project_file
from drawreview.errors import InputError
from drawreview.project.answers import value_of, with_answer
from drawreview.project.from_yaml import read


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("investment", "1", "non_government"),
        ("investment", "混合投资", "mixed"),
        ("investment", "混合", "mixed"),
        ("buildings[0].floor_area_m2", "1,850.00 ㎡", Decimal("1850.00")),
        ("buildings[0].height_m", "１１．４米", Decimal("11.4")),
        ("buildings", "2栋", 2),
        ("buildings[0].storeys_above_ground", "2 层", 2),
        ("buildings[0].storeys_above_ground", "二层", 2),
        ("buildings", "两栋", 2),
        ("buildings[0].floor_area_m2", "1200 平米", Decimal(1200)),
        ("special_works", "没有", []),
        ("special_works", "2、13", ["tunnel", "archives_building"]),
        ("special_works", "城市轨道交通", ["urban_rail"]),
        (
            "buildings[0].underground_rooms",
            "1 1 5",
            [{"kind": "pump_room"}] * 2 + [{"kind": "lift_pit"}],
        ),
        (
            "buildings[0].fire_venues",
            "营业性室内健身、休闲场馆",
            [{"kind": "commercial_indoor_gym"}],
        ),
        ("review_commissioned_on", "2020年11月30日", date(2020, 11, 30)),
        ("review_commissioned_on", "20201130", date(2020, 11, 30)),
        ("review_commissioned_on", "尚未委托", "not_commissioned"),
        ("permit.land_papers", "有", True),
        ("permit.land_papers", "没有", False),
        ("single_function", "否", {"value": False}),
        ("survey.commissioned", "2020年9月", "2020-09"),
    ],
)
def test_an_answer_is_understood(field, text, value):
    assert value_of(field, text) == value


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("investment", "4"),
        ("investment", "私人"),
        ("buildings[0].floor_area_m2", "很大"),
        ("buildings[0].height_m", "1200平米"),  # an area is no height
        ("buildings[0].floor_area_m2", "12米"),
        ("buildings[0].storeys_above_ground", "3栋"),
        ("buildings[0].floor_area_m2", "nan"),
        ("buildings", "0"),
        ("buildings", "廿"),
        ("buildings[0].storeys_above_ground", "1.5"),
        ("review_commissioned_on", "2020-02-30"),
        ("permit.land_papers", "也许"),
        ("special_works", "2 99"),
        ("investment", "  "),
    ],
)
def test_what_is_no_answer_is_refused_with_what_to_write(field, text):
    with pytest.raises(InputError) as caught:
        value_of(field, text)
    assert all(problem.remedy for problem in caught.value.problems)


def test_an_answer_that_cannot_be_beside_the_others_is_refused():
    with pytest.raises(InputError, match="单层高度"):
        with_answer(
            {"buildings": [{"height_m": 5}]}, "buildings[0].max_storey_height_m", Decimal(6)
        )


def test_rooms_named_again_keep_what_they_serve():
    stated = {"buildings": [{"underground_rooms": [{"kind": "pump_room", "serves": "production"}]}]}
    changed = with_answer(
        stated, "buildings[0].underground_rooms", [{"kind": "lift_pit"}, {"kind": "pump_room"}]
    )
    assert changed["buildings"][0]["underground_rooms"] == [
        {"kind": "lift_pit"},
        {"kind": "pump_room", "serves": "production"},
    ]


VALUES = st.one_of(
    st.booleans(),
    st.integers(0, 10**6),
    st.decimals(0, 10**8, places=4),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30),
)


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), VALUES, max_size=6))
def test_a_file_reads_back_as_it_was_stated(stated):
    back = read(project_file(stated).decode(), "p").data
    assert {k: v for k, v in back.items() if k != "schema"} == {
        k: v for k, v in stated.items() if k != "schema"
    }


def test_what_did_not_change_stays_as_it_was_written():
    before = (
        "# 头\nname: 甲 # 名\nbuildings:\n  - floor_area_m2: 1850.00 # 面积\n    height_m: 11.40\n"
    )
    stated = read(before, "p").data
    changed = {**stated, "buildings": [{**stated["buildings"][0], "height_m": Decimal("11.5")}]}
    written = project_file(changed, before).decode()
    assert "# 头" in written
    assert "1850.00 # 面积" in written
    assert "height_m: 11.5" in written
    assert read(written, "p").data == {"schema": "drawreview/project@1", **changed}
