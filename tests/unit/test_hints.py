"""Beside a decision: that it lies close to a limit, or that the name tells of a part of a project."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from drawreview.advice.closeness import may_evade, part_in
from drawreview.advice.evasion import evasion_warnings
from drawreview.advice.whatif import what_if
from tests.advice.projects import building, office
from tests.advice.test_whatif import on
from tests.unit.test_cli import OFFICE, run

TEXT = OFFICE.read_text(encoding="utf-8")
CLOSE = TEXT.replace("1850.00", "1999.9999")


def test_decide_hints_at_a_value_just_under_its_limit_and_decides_alike() -> None:
    done = run("decide", "-", "--on", "2021-03-01", stdin=CLOSE)
    assert done.returncode == 0
    assert done.stdout.startswith("审查方式：免于审查")
    hints = done.stdout.split("提示（不影响结论，请核对）")[1].split("要办的事")[0]
    assert "规避风险：总建筑面积1999.9999㎡，再多0.0001㎡即为审查后置" in hints
    assert "whatif PROJECT --others FILE" in hints
    english = run("decide", "-", "--on", "2021-03-01", "--lang", "en", stdin=CLOSE).stdout
    assert "risk of evasion: total floor area 1999.9999" in english


def test_the_published_document_says_nothing_of_hints() -> None:
    done = run("decide", "-", "--on", "2021-03-01", "--format", "json", stdin=CLOSE)
    assert "规避" not in done.stdout
    assert json.loads(done.stdout)["review_path"] == "exempt"
    assert done.stderr.startswith("提示：[A7 二(一)1(1)] 规避风险：总建筑面积")


def test_who_writes_the_letter_is_told_as_well(tmp_path: Path) -> None:
    place = ("--format", "docx", "-o", str(tmp_path))
    done = run("letter", "-", "--on", "2021-03-01", *place, stdin=CLOSE)
    assert done.returncode == 0
    assert "提示：[A7 二(一)1(1)] 规避风险：总建筑面积1999.9999㎡" in done.stderr


def test_far_from_every_limit_nothing_is_hinted_at() -> None:
    assert "规避风险" not in run("decide", str(OFFICE), "--on", "2021-03-01").stdout


@pytest.mark.parametrize("name", ["某厂房首期", "园区２期", "Ａ区车间", "学校II期"])
def test_parts_are_recognised_however_they_are_written(name: str) -> None:
    assert part_in(name) is not None
    decision = on(office(name=name))
    assert "像是一个项目的一部分" in evasion_warnings(decision, what_if(decision))[0].text


@pytest.mark.parametrize("name", [None, "青山区办公楼", "稀土高新区管理用房", "学期楼"])
def test_other_names_are_not(name: str | None) -> None:
    assert part_in(name) is None


@pytest.mark.parametrize(
    ("height", "area"), [("11.99", "1850"), ("12.01", "1850"), ("9", "1980"), ("9", "1979")]
)
def test_the_quick_look_overlooks_nothing_that_the_search_would_find(
    height: str, area: str
) -> None:
    decision = on(office(building(height_m=float(height), floor_area_m2=int(area))))
    assert may_evade(decision) is bool(evasion_warnings(decision, what_if(decision)))
