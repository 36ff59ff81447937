"""A file that is no project says in one line what it is; a number that should be words says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from drawreview.advice.tolerance import read_tolerance
from drawreview.cli.answer import day_from, readings_from
from drawreview.errors import InputError
from drawreview.project.assignments import assigned
from drawreview.project.encoding import text_in
from drawreview.project.from_yaml import read
from drawreview.project.statement import read_project
from tests.unit.test_cli import OFFICE, ROOT, run

TEXT = OFFICE.read_text(encoding="utf-8")


def problem(raw: bytes) -> str:
    with pytest.raises(InputError) as caught:
        read_project(text_in(raw, "p.yaml"), "p.yaml")
    (one,) = caught.value.problems
    return str(one)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (TEXT.encode("gb18030"), "p.yaml: 是 GBK（记事本叫 ANSI）编码"),
        (TEXT.encode("utf-16"), "是 UTF-16（记事本叫 Unicode）编码"),
        (b"PK\x03\x04rest", "这是 Excel、Word 或压缩文件"),
        (b"%PDF-1.7", "这是 PDF 文件"),
        (bytes(range(256)) * 4, "不是 UTF-8 编码的文本"),
        ("名称,面积\n办公楼,1850\n".encode(), "表格（CSV）"),
        (b"- name: x\n", "整个文件是一个列表"),
        (b"", "文件是空的"),
        (("名" * 400_000).encode(), "文件超过 1 MB"),
        (b'{"schema": "drawreview/decision@1", "on": "2021-03-01"}', "这是决定（decide"),
        (b'{"schema": "drawreview/notice@1", "items": []}', "这是一次性告知书（notice"),
        (b'{"settled": false, "review_path": "x", "next": null}', "没有一个字段是项目文件的"),
        ((ROOT / "examples" / "housing_events.yaml").read_bytes(), "这是事件文件，不是项目文件"),
    ],
)
def test_what_a_file_is_instead_of_a_project(raw: bytes, said: str) -> None:
    assert said in problem(raw)


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode("utf-8-sig"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r\n").encode("utf-8-sig"),
    ],
)
def test_a_mark_and_the_line_ends_of_windows_say_nothing_else(raw: bytes) -> None:
    assert read_project(text_in(raw, "p"), "p") == read_project(TEXT, "p")


def test_a_telephone_keeps_its_first_digit_without_quotes() -> None:
    owner = read("project_owner: {phone: 04725551234, agent_mobile: 13804720000}", "p").data
    project = read_project(json.dumps(owner), "p")
    assert project.project_owner.phone == "04725551234"
    assert project.project_owner.agent_mobile == "13804720000"


@pytest.mark.parametrize("text", ["0", "-0", "12", "1850.00", "0.5", ".5", "1e3", "01850.00"])
def test_what_is_a_number_stays_one(text: str) -> None:
    assert read(f"a: {text}", "p").data["a"] == pytest.approx(float(text))


def test_a_number_where_words_should_stand_is_told_to_be_quoted() -> None:
    said = problem(b"project_code: 21021502")
    assert "「21021502」读成了数，这里应是文字。 加上引号" in said


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("investment: 社会投资", "non_government"),
        ("district: 青山区", "150204"),
        ("single_function: 是", "true"),
        ("special_works: 无", "[]"),
        ("special_works: 隧道工程", "[tunnel]"),
        ("hints: 深基坑", "[deep_pit]"),
        ("review_commissioned_on: 未委托", "not_commissioned"),
        ("review_commissioned_on: 2021年2月20日", "2021-02-20"),
        ("survey: {commissioned: 2020年11月}", "2020-11"),
        ("permit: {land_papers: 有}", "true"),
        ("buildings: [{use: 办公}]", "office"),
        ('buildings: [{floor_area_m2: "1,850.00"}]', "1850.00"),
        ("buildings: [{height_m: 11.4米}]", "11.4"),
        ("buildings: [{storeys_above_ground: 二层}]", "2"),
        ("buildings: [{fire_hazard_class: 丁}]", "D"),
        ("buildings: [{underground_rooms: [地下泵房]}]", "{kind: pump_room}"),
    ],
)
def test_what_was_written_in_words_is_told_as_the_file_says_it(line: str, remedy: str) -> None:
    assert problem(line.encode()).endswith(f"写成 {remedy}。")


def test_a_field_that_is_misspelt_is_told_the_nearest() -> None:
    assert "相近的有：investment。" in problem(b"investmnt: government\n")
    assert "相近的有：height_m" in problem(b"buildings: [{hight_m: 3}]")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: b: c", "这里不该有「: 」"),
        ("a:\n\t- b", "制表符"),
        ("a: [b\nc: d", "缺少「,」或「]」"),
        ('{"a": 1 "b": 2}', "缺少逗号"),
        ("{a: 1}", "键应加双引号"),
    ],
)
def test_what_is_not_well_formed_is_said_in_chinese(text: str, said: str) -> None:
    assert said in problem(text.encode())


def test_full_width_signs_are_taken_for_what_they_are() -> None:
    assert read_tolerance("area＝１％，height＝50mm") == read_tolerance("area=1%,height=50mm")
    assert readings_from(["A10＝single_storey_building"]) == {"A10": "single_storey_building"}
    assert day_from("２０２１-０３-０１").isoformat() == "2021-03-01"
    written = read(TEXT, "p")
    changed, fields = assigned(written, ["floor_area_m2＝１９９９．５", "name=某厂（一期），甲"])
    assert float(changed.data["buildings"][0]["floor_area_m2"]) == 1999.5
    assert changed.data["name"] == "某厂（一期），甲"
    assert fields == ("buildings[0].floor_area_m2", "name")


def test_a_field_that_does_not_exist_is_not_taken_for_an_answer(tmp_path: Path) -> None:
    file = tmp_path / "p.json"
    file.write_text("{}", encoding="utf-8")
    done = run("ask", str(file), "--next", "--unknown", "hight_m")
    assert (done.returncode, done.stdout) == (2, "")
    assert "没有字段 hight_m" in done.stderr
    with pytest.raises(InputError, match=r"没有字段 nosuch。 字段见"):
        assigned(read(TEXT, "p"), ["nosuch=1"])
    with pytest.raises(InputError) as caught:
        assigned(read(TEXT, "p"), ["schem=1"])
    assert "schema_" not in str(caught.value)
