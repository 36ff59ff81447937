"""What cannot be printed is named before anything is set."""

from __future__ import annotations

import gc
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from drawreview.errors import LetterError
from drawreview.letters import characters, fill_letter
from drawreview.letters.characters import unprintable
from drawreview.letters.page import Filling, State


def found(text):
    return unprintable([Filling("name", "项目名称", "name", State.VALUE, text)])


@pytest.mark.parametrize(
    "name", ["㐂䶮㛃𬭎𬭛𬬻𬬭䥽𬮿𬱖𬘭𫖯𠅤𫍯㙍䲠堃喆赟犇骉垚㳇𬀩", "㎡²①②③□√×", "A&B <甲>"]
)
def test_rare_characters_of_names_are_printed(name):
    assert not found(name)


@pytest.mark.parametrize(
    ("character", "said"),
    [
        ("𪨊", "U+2AA0A"),
        ("\ue863", "自造字"),
        ("\u200b", "看不见"),
        ("\u202e", "看不见"),
        ("\n", "控制字符"),
        ("\u2028", "换行符"),
        ("\ud800", "残缺"),
        ("\uf900", "请改为“豈”"),
        ("😀", "字体中没有"),
    ],
)
def test_a_character_that_cannot_be_printed_is_named_with_its_field(character, said):
    (problem,) = found(f"某{character}楼{character}")
    assert problem.place == "name"
    assert "项目名称" in problem.problem
    assert said in str(problem)


def test_the_field_of_the_second_firm_is_named(decision, clauses):
    firms = [{"name": "甲院"}, {"name": "乙😀院"}]
    with pytest.raises(LetterError) as caught:
        fill_letter(decision("annex_2", design={"firms": firms}), clauses=clauses)
    assert {each.place for each in caught.value.problems} == {"design.firms[1].name"}


def test_the_name_of_a_building_in_the_foot_is_looked_at(decision, clauses):
    buildings = [{"storeys_above_ground": 1, "name": "😀"}, {"storeys_above_ground": 2}]
    with pytest.raises(LetterError, match="buildings"):
        fill_letter(decision("annex_2", buildings=buildings), clauses=clauses)


@given(st.text())
def test_what_passes_is_visible_and_in_standard_form(text):
    if not found(text):
        assert all(unicodedata.category(character)[0] != "C" for character in text)
        assert all(unicodedata.is_normalized("NFC", character) for character in text)


def test_fonts_are_read_once_for_all_who_wait_and_nothing_of_them_is_left_behind():
    characters._read.cache_clear()
    with ThreadPoolExecutor(4) as pool:
        assert all(problems == () for problems in pool.map(found, ["某楼"] * 4))
    assert characters._read.cache_info().misses == 1
    assert not any(isinstance(each, TTFont) for each in gc.get_objects())
