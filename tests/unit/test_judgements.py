"""A judgement that the file contradicts is a warning that must be answered, and says how."""

from __future__ import annotations

from typing import Any

import pytest

from drawreview import Project, decide
from drawreview.project.kinds import HINT_ZH, Hint
from tests.advice.projects import DAY, WAREHOUSE, building, office

SIGNED = {"value": True, "by": "王工", "on": "2021-02-18", "why": "基坑深3米，放坡开挖"}


def told(project: Project, question: str) -> list[str]:
    return [w.text for w in decide(project, on=DAY).warnings if w.question == question]


@pytest.mark.parametrize("hint", HINT_ZH)
def test_every_hint_must_be_answered_and_the_warning_says_with_what(hint: Hint) -> None:
    project = office(hints=[hint], simple_technique=True)
    decision = decide(project, on=DAY)
    assert decision.review_path == "undetermined"
    assert "simple_technique" in [item.field for item in decision.missing]
    (text,) = told(project, "A13")
    assert HINT_ZH[hint] in text
    assert "simple_technique: {value: true, by: 认定人姓名, on: 2021-03-01, why: " in text
    assert "缺 by（认定人）、on（日期）、why（理由）" in text


def test_what_the_warning_says_to_write_answers_it() -> None:
    project = office(hints=["deep_pit"], simple_technique=SIGNED)
    decision = decide(project, on=DAY)
    assert decision.review_path == "exempt"
    assert told(project, "A13") == ["技术要求简单：项目里写有深基坑；已于2021-02-18署名认定"]


def test_several_uses_must_be_answered() -> None:
    project = office(
        building(floor_area_m2=500), {**WAREHOUSE, "height_m": 9}, single_function=True
    )
    (text,) = told(project, "A13")
    assert text.startswith("功能单一：各栋用途有办公、普通仓库；single_function 的声明没有署名认定")


def test_an_unlisted_use_must_be_signed_for() -> None:
    unsigned = office(building(use="dormitory"), similar_use=True)
    (text,) = told(unsigned, "A14")
    assert "similar_use: {value: true" in text
    assert told(office(similar_use=True), "A14") == []


@pytest.mark.parametrize("part", ["by", "on", "why"])
def test_half_a_signature_is_none(part: str) -> None:
    half: dict[str, Any] = {key: value for key, value in SIGNED.items() if key != part}
    (text,) = told(office(hints=["crane"], simple_technique=half), "A13")
    assert f"缺 {part}（" in text


def test_a_signature_of_a_later_day_answers_nothing_yet() -> None:
    later = {**SIGNED, "on": "2021-03-02"}
    project = office(hints=["deep_pit"], simple_technique=later)
    assert decide(project, on=DAY).review_path == "undetermined"
    assert "认定日期 2021-03-02 晚于决定日期 2021-03-01" in told(project, "A13")[0]
    assert decide(project, on=DAY.replace(day=2)).review_path == "exempt"
    uncontradicted = office(simple_technique=later)
    assert told(uncontradicted, "A13") == ["技术要求简单：认定日期 2021-03-02 晚于决定日期，请核对"]


def test_an_exemption_that_rests_on_an_unsigned_word_says_so() -> None:
    (text,) = told(office(simple_technique=True), "A13")
    assert text.startswith("技术要求简单：免审依据的声明没有署名")
    assert "simple_technique: {value: true, by: 认定人姓名, on: 2021-03-01" in text
    reviewed = office(building(floor_area_m2=2000), simple_technique=True)
    assert told(reviewed, "A13") == []
