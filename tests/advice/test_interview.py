"""What is asked beside a question, as long as the project may be exempt; and how it is said."""

from __future__ import annotations

from datetime import date
from typing import Any

from drawreview.advice.interview import Interview
from drawreview.cli.interview import _compared
from drawreview.cli.project_file import project_file
from drawreview.rulebook.load import load_rulebook
from tests.advice.test_ask import OFFICE

ON = date(2021, 3, 1)


def without(*names: str, **changes: Any) -> Interview:
    building = {k: v for k, v in OFFICE["buildings"][0].items() if k not in names}
    stated = {k: v for k, v in OFFICE.items() if k not in names}
    return Interview(load_rulebook(), ON, {**stated, "buildings": [building], **changes})


def answered(interview: Interview, value: Any) -> tuple[Interview, str | None]:
    """Return the interview after an answer, and the field that is asked beside it."""
    question = interview.asked.next
    assert question is not None
    after = interview.answer(question, value)
    beside = after.beside(question)
    return after, beside.field if beside else None


def test_a_height_is_asked_up_to_where_while_it_can_matter() -> None:
    after, beside = answered(without("height_m"), 11.4)
    assert beside == "buildings[0].height_basis"
    assert after.asked.settled
    eaves = {**after.stated["buildings"][0], "height_basis": "eaves"}
    again = Interview(after.rulebook, ON, {**after.stated, "buildings": [eaves]})
    assert again.asked.next is not None
    assert again.asked.next.field == "buildings[0].highest_point_m"
    assert answered(without("height_m"), 12.0)[1] is None


def test_storeys_are_asked_for_partial_ones() -> None:
    assert answered(without("storeys_above_ground"), 2)[1] == "buildings[0].partial_storeys"
    assert answered(without("storeys_above_ground"), 3)[1] is None


def test_simple_technique_is_asked_for_what_speaks_against_it() -> None:
    after, beside = answered(without("simple_technique"), {"value": True})
    assert beside == "hints"
    pit = Interview(after.rulebook, ON, {**after.stated, "hints": ["deep_pit"]})
    assert pit.asked.next is not None
    assert (pit.asked.next.field, pit.asked.next.must_sign) == ("simple_technique", True)
    assert answered(without("simple_technique"), {"value": False})[1] is None
    assert answered(without("simple_technique", hints=[]), {"value": True})[1] is None


def test_what_was_answered_with_i_do_not_know_is_not_held_against_the_next_question() -> None:
    interview = without("storeys_above_ground", "max_storey_height_m")
    first = interview.asked.next
    assert first is not None
    after = interview.answer_unknown(first)
    asked = after.asked
    assert asked.next is not None
    assert first.zh in _compared(asked.next.field, asked, ())
    assert _compared(asked.next.field, asked, after.unknown) == ""


def test_the_line_ends_of_windows_stay() -> None:
    before = "# 我的项目\r\nname: 甲 # 暂定\r\n"
    written = project_file({"name": "甲", "category": "building"}, before).decode()
    assert written.replace("\r\n", "").count("\n") == 0
    assert "# 我的项目\r\n" in written
    assert "# 暂定\r\n" in written


def test_quotes_that_were_there_stay() -> None:
    before = "district: \"150204\"\nname: '甲'\n"
    written = project_file({"district": "150204", "name": "甲", "category": "building"}, before)
    assert written.decode().startswith("district: \"150204\"\nname: '甲'\n")
