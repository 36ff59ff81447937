"""A road has no floor area, no storeys and no height: it is told so, not that it has 0 of each."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from drawreview import Decision, Project, decide
from drawreview.advice.tree import tree_of
from drawreview.advice.whatif import what_if
from drawreview.engine.document import Reason
from drawreview.engine.wording import applies, value_in_words
from tests.unit.test_cli import run

ROAD: dict[str, Any] = {
    "name": "某道路工程",
    "investment": "non_government",
    "category": "municipal",
    "works": "new_build",
    "special_works": [],
    "review_commissioned_on": "not_commissioned",
}
PUMPS = {"use": "public_service", "floor_area_m2": 200, "height_m": 5, "storeys_above_ground": 1}


def decided(**changes: Any) -> Decision:
    return decide(Project.model_validate({**ROAD, **changes}), on=date(2021, 3, 1))


def reasons(decision: Decision) -> dict[str, Reason]:
    return {r.phrase: r for r in decision.reasons if r.rule == "low_risk_exemption"}


def test_what_is_said_of_buildings_does_not_apply_to_a_road() -> None:
    found = reasons(decided())
    apart = [phrase for phrase, reason in found.items() if not applies(reason.facts[0])]
    assert apart == [
        "总建筑面积小于2000平方米",
        "总高度小于12米",
        "单层高度小于6米",
        "不超过二层",
        "无地下室（为生产、消防需要建设的地下泵房、消防水池除外）",
        "功能单一",
        "技术要求简单",
    ]
    area = found["总建筑面积小于2000平方米"].facts[0]
    assert (area.value, area.distance, area.unit) == ("not_a_building", None, None)
    assert value_in_words(area, "zh") == "不适用（非房屋建筑工程）"


def test_the_truths_on_which_both_engines_agreed_stay() -> None:
    found = reasons(decided())
    assert found["总建筑面积小于2000平方米"].truth == "true"
    assert {r.truth for p, r in found.items() if p.startswith("建筑物性质")} == {"false"}


def test_a_judgement_that_was_made_of_a_road_is_told() -> None:
    found = reasons(decided(single_function=False))
    assert found["功能单一"].facts[0].value == "false"


def test_a_municipal_project_with_a_building_has_its_area() -> None:
    found = reasons(decided(buildings=[PUMPS]))
    assert found["总建筑面积小于2000平方米"].facts[0].value == "200"
    assert found["不超过二层"].facts[0].value == "1"


def test_no_judgement_is_named_that_could_not_make_a_road_exempt() -> None:
    assert what_if(decided()).opened == ()
    assert what_if(decided(investment="government")).opened == ()


def test_the_tree_sets_apart_what_does_not_apply() -> None:
    rule = next(n for n in tree_of(decided()).children if n.clause == "二(一)1(1)")
    assert [n.kind for n in rule.children] == ["phrase", "phrase", "apart"]
    assert "功能单一" in rule.children[-1].words
    assert not any(n.missing for n in rule.children)


def test_the_clerk_reads_no_tick_before_what_does_not_apply() -> None:
    said = run("decide", "-", "--on", "2021-03-01", stdin=json.dumps(ROAD)).stdout
    lines = [line for line in said.splitlines() if "总建筑面积小于2000平方米" in line]
    assert [(line[0], line.split()[-1]) for line in lines] == [("－", "不适用（非房屋建筑工程）")]
    assert "0㎡" not in said
