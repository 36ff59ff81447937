"""Places of a project file: put there, found there, removed."""

from __future__ import annotations

import pytest

from drawreview.errors import InputError
from drawreview.project.places import found_at, put, remove

STATED = {"name": "甲", "buildings": [{"use": "office"}, {"height_m": 5}], "single_function": True}


def test_what_is_put_is_found_there_and_the_original_stays():
    changed = put(STATED, "buildings[1].height_m", 6)
    assert found_at(changed, "buildings[1].height_m") == 6
    assert found_at(STATED, "buildings[1].height_m") == 5


def test_a_place_in_a_part_that_is_not_there_yet_is_made():
    assert put({}, "permit.land_papers", True) == {"permit": {"land_papers": True}}
    assert put({}, "survey.firms[0].name", "乙") == {"survey": {"firms": [{"name": "乙"}]}}


def test_a_number_of_buildings_keeps_those_that_are_stated():
    assert put(STATED, "buildings", 3)["buildings"] == [{"use": "office"}, {"height_m": 5}, {}]
    assert put(STATED, "buildings", 1)["buildings"] == [{"use": "office"}]
    assert put({}, "buildings", 2)["buildings"] == [{}, {}]


def test_a_bare_judgement_can_be_signed():
    signed = put(STATED, "single_function.by", "王工")
    assert signed["single_function"] == {"value": True, "by": "王工"}


@pytest.mark.parametrize("field", ["buildings[5].use", "name.first", "buildings.use", "name[0]"])
def test_no_place_is_made_beyond_a_list_or_inside_a_value(field):
    with pytest.raises(InputError):
        put(STATED, field, 1)


@pytest.mark.parametrize("field", ["", "[0]", "a..b", "a[x]", "a b", "buildings[-1].use"])
def test_what_is_not_written_as_a_place_is_refused(field):
    with pytest.raises(InputError):
        put(STATED, field, 1)


def test_removing_takes_the_answer_and_nothing_else():
    assert remove(STATED, "buildings[0].use")["buildings"] == [{}, {"height_m": 5}]
    assert remove(STATED, "permit.land_papers") == STATED
    assert remove(STATED, "buildings[7].use") == STATED
    assert "name" not in remove(STATED, "name")
