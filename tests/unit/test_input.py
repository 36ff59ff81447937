"""What a project file may not say, and what its writer is told."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from drawreview.errors import InputError
from drawreview.project.contacts import doubtful
from drawreview.project.from_yaml import read
from drawreview.project.statement import read_project

OFFICE = (Path(__file__).parents[2] / "examples" / "office.yaml").read_text(encoding="utf-8")


def problems(text: str) -> str:
    with pytest.raises(InputError) as caught:
        read_project(text, "p.yaml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("floor_area_m2: 1850.00", "floor_area_m2: -1", "buildings[0].floor_area_m2"),
        ("floor_area_m2: 1850.00", "floor_area_m2: 0", "零不是未知"),
        ("floor_area_m2: 1850.00", "floor_area_m2: .nan", "不是数"),
        ("floor_area_m2: 1850.00", "floor_area_m2: .inf", "不是数"),
        ("floor_area_m2: 1850.00", "floor_area_m2: true", "应是数"),
        ("floor_area_m2: 1850.00", 'floor_area_m2: "1850"', "应是数"),
        ("floor_area_m2: 1850.00", "floor_area_m2: 1999.99999", "四舍五入"),
        ("height_m: 11.40", "height_m: 11.4001", "四舍五入"),
        ("floor_area_m2: 1850.00", f"floor_area_m2: 1999.{'9' * 40}", "四舍五入"),
        ("floor_area_m2: 1850.00", f"floor_area_m2: 2000.{'0' * 40}1", "四舍五入"),
        ("storeys_above_ground: 2", "storeys_above_ground: 2.0", "整数"),
        ("use: office", "use: offfice", "p.yaml:11"),
        ("use: office", "usage: office", "不认识这个字段"),
        ("use: office", "use: office\n    use: office", "写了两次"),
        ("use: office", "use: &u office", "锚点"),
        ("use: office", "use: !!python/object:os.system x", "p.yaml"),
        ('district: "150204"', 'district: "150299"', "旗县区"),
        (
            "review_commissioned_on: not_commissioned",
            "review_commissioned_on: 2020-11-31",
            "没有这一天",
        ),
        (
            "review_commissioned_on: not_commissioned",
            "review_commissioned_on: maybe",
            "review_commissioned_on",
        ),
        ('agent_mobile: "13847205678"', 'agent_mobile: "0472-5618888"', "手机号码"),
        ("project_code: 2102-150204-04-01-123456", "project_code: 12", "project_code"),
        ("schema: drawreview/project@1", "schema: drawreview/project@2", "schema"),
        ("buildings:\n", "buildings: [\n", "不是合格的 YAML"),
    ],
)
def test_bad_input_is_named(right: str, wrong: str, said: str) -> None:
    assert right in OFFICE
    assert said in problems(OFFICE.replace(right, wrong, 1))


def test_every_problem_is_told_at_once() -> None:
    text = (
        OFFICE.replace("height_m: 11.40", "height_m: 0")
        .replace("use: office", "use: x")
        .replace("investment: non", "investment: nn")
        .replace("max_storey_height_m: 4.20", "max_storey_height_m: .nan")
    )
    assert len(problems(text).splitlines()) == 4


def test_what_is_wrong_between_fields_is_told_beside_what_is_wrong_in_one() -> None:
    text = OFFICE.replace("use: office", "use: x").replace('"13847205678"', '"0472-5618888"')
    said = problems(text)
    assert "buildings[0].use" in said
    assert "手机号码" in said


@pytest.mark.parametrize(
    "text", ["", "[]", "3", "null", "{}{", "{", "a: b: c", "\x00", '{"a": 1, "a": 2}', '{"a": NaN}']
)
def test_what_is_no_project_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_project(text, "p")


def test_a_megabyte_is_too_much() -> None:
    with pytest.raises(InputError, match="1 MB"):
        read("a: " + "x" * 1_000_001, "p")


def test_json_and_yaml_say_the_same() -> None:
    said = read(OFFICE, "p").data
    text = json.dumps(said, default=float)
    assert read_project(text, "p.json") == read_project(OFFICE, "p.yaml")


def test_digits_are_kept_as_written() -> None:
    project = read_project(OFFICE, "p")
    assert project.buildings is not None
    assert project.buildings[0].floor_area_m2 == Decimal("1850.00")
    assert str(project.buildings[0].floor_area_m2) == "1850.00"


def _with_code(code: str) -> str:
    return OFFICE.replace(
        "  name: 包头市示例置业有限公司", f"  name: 包头市示例置业有限公司\n  credit_code: {code}"
    )


def test_credit_codes() -> None:
    assert doubtful(read_project(_with_code("91110000600037341L"), "p")) == []
    assert "校验位" in str(doubtful(read_project(_with_code("911100006000373411"), "p"))[0])
    assert read_project(_with_code("N2150203MF12345679"), "p")  # a village collective's code
    assert doubtful(read_project(_with_code("N2150203MF12345679"), "p")) == []
    assert "统一社会信用代码" in problems(_with_code("12345"))


def test_a_telephone_that_looks_wrong_is_only_doubtful() -> None:
    project = read_project(OFFICE.replace("0472-5618888", "5618888"), "p")
    assert [p.place for p in doubtful(project)] == ["project_owner.phone"]
