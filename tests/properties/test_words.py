"""Words hold no character that nobody can see, however they come; rare ones are as good as any."""

from __future__ import annotations

import json
import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from drawreview import Project
from drawreview.errors import InputError
from drawreview.legible import illegible, legible, legible_json, surely_legible
from drawreview.project.plain import plainly_stated
from drawreview.project.statement import decidable, read_project
from drawreview.site.statement import read_log

HIDDEN = [
    *("\0", "\x08", "\x1b", "\x7f", "\x85", "\x9b", "\xad"),
    *("\u200b", "\u200e", "\u202a", "\u202e", "\u2028", "\u2060", "\u2066", "\u2069", "\u3164"),
    *("\ufeff", "\ufffc", "\ufffe", "\U000e0041", "\U000e0001"),
]
RARE = [
    "\u3400\u9fff\U00020bb7\U0002a700\U0002ebe0\U00030000\U00031350\U000323af",  # 扩展 A 至 H、J 区
    "葛\U000e0100",  # 异体字选择符
    "〇々〆\u2ff0\u31c0",
    "包钢　办公楼",
    "①⑴Ⅳ㎡℃·—…“”《》",
    "\ue000",  # 自造字：承诺书另说
    "é Å ß Ж ب",
    "ᠪᠤᠭᠤᠲᠤ\u202fᠬᠣᠲᠠ ᠰᠠᠷ\u180eᠠ",  # 包头市，蒙古文
    "🏢 👨\u200d👩\u200d👧 ☎\ufe0f",
]


def refused_by_the_model(name: str) -> bool:
    try:
        Project(name=name)
    except ValidationError:
        return True
    return False


@pytest.mark.parametrize("sign", HIDDEN, ids=ascii)
def test_a_character_that_cannot_be_seen_is_refused_by_its_number(sign: str) -> None:
    number = f"U+{ord(sign):04X}"
    said = json.dumps(f"办{sign}公楼", ensure_ascii=sign < "\uffff")
    for text in (f'{{"name": {said}}}', f"name: {said}"):
        for read in (decidable, read_project):
            with pytest.raises(InputError) as caught:
                read(text, "p.json")
            (problem,) = caught.value.problems
            assert problem.place == "p.json:1: name"
            assert problem.problem.startswith(f"「办⟨{number}⟩公楼」里面有 {number}（"), problem
            assert sign not in str(problem)
    assert refused_by_the_model(f"办{sign}公楼")
    assert plainly_stated({"name": f"办{sign}公楼"}) is None


@pytest.mark.parametrize("name", RARE, ids=ascii)
def test_rare_characters_are_words_like_others(name: str) -> None:
    assert read_project(json.dumps({"name": name}), "p.json").name == name
    plain = plainly_stated({"name": name})
    assert plain is None or plain.name == name
    assert legible(name) == name


def test_every_control_and_every_mark_of_direction_is_hidden() -> None:
    for number in range(sys.maxunicode + 1):
        sign = chr(number)
        assert not (surely_legible(sign) and illegible(sign)), f"U+{number:04X}"
        kind = unicodedata.category(sign)
        if kind in {"Cc", "Cs", "Zl", "Zp"} or (
            kind == "Cf" and unicodedata.bidirectional(sign) not in {"AN", "AL", "L"}
        ):
            assert illegible(sign), f"U+{number:04X}"
        elif kind[0] == "L" and number not in {0x115F, 0x1160, 0x3164, 0xFFA0}:
            assert not illegible(sign), f"U+{number:04X}"


def test_joiners_stand_between_what_they_join_only() -> None:
    for sign in ("\u200c", "\u200d", "\u180e"):
        assert refused_by_the_model(f"办{sign}公楼")
        assert refused_by_the_model(f"a{sign}b")
        assert refused_by_the_model(f"{sign}办公楼")


def test_a_reason_may_have_several_lines_and_a_name_has_one() -> None:
    signed = {"value": True, "by": "王工", "on": "2021-02-18", "why": "一\r\n  二\t三\r四"}
    project = read_project(json.dumps({"single_function": signed}), "p.json")
    assert project.single_function
    assert project.single_function.why == "一\n  二\t三\n四"
    for name in ("一\n二", "一\t二", "一\r\n二"):
        with pytest.raises(InputError, match="写在一行里"):
            read_project(json.dumps({"name": name}), "p.json")
    assert Project(name="\n办公楼\t\u3000").name == "办公楼"


def test_events_say_nothing_that_cannot_be_seen() -> None:
    told = [
        {"on": "2021-03-01", "event": "permit_issued"},
        {"on": "2021-03-02", "event": "major_design_change", "touches": ["结\u200b构"]},
        {
            "on": "2021-03-03",
            "event": "correction",
            "of": 1,
            "why": "写\x1b[2J错",
            "withdrawn": True,
        },
        {"on": "2021-03-04", "event": "spot_check_waived", "document": "包建\u2066〔2021〕1号"},
    ]
    with pytest.raises(InputError) as caught:
        read_log(json.dumps({"schema": "drawreview/events@1", "events": told}), "e.json")
    said = str(caught.value)
    for number in ("U+200B", "U+001B", "U+2066"):
        assert f"里面有 {number}" in said
    assert said.isprintable() or not illegible(said, lines=True)


TEXT = st.text(st.one_of(st.characters(), st.sampled_from([*HIDDEN, *"\n\t\r\u200d\u180eᠠ🏢葛"])))


@settings(max_examples=300, deadline=None)
@given(TEXT)
def test_what_is_shown_can_be_seen_and_what_can_be_seen_is_shown_as_it_is(text: str) -> None:
    shown = legible(text)
    assert not illegible(shown, lines=True)
    assert not illegible(legible(text, lines=False))
    assert legible(shown) == shown
    if not illegible(text, lines=True):
        assert shown == text
    assert json.loads(legible_json(json.dumps(text, ensure_ascii=False))) == text


@settings(max_examples=200, deadline=None)
@given(TEXT)
def test_the_model_takes_a_name_exactly_if_all_of_it_can_be_seen(text: str) -> None:
    composed = unicodedata.normalize("NFC", text.strip("\n\t\r \x0b\x0c\x85\u3000\u2028\u2029\xa0"))
    if composed != composed.strip() or not composed:
        return
    assert refused_by_the_model(text) == bool(illegible(composed))
