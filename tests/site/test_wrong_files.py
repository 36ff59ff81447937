"""What `gates` and `deadlines` say of files they cannot use: where, what, and how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.site.conftest import Run

PROJECT, EVENTS = "examples/housing.yaml", "examples/housing_events.yaml"
COMMANDS = ("gates", "deadlines")
LIST = "- {on: 2021-03-01, event: permit_issued}\n"
TABLE = "on,event\n2021-03-01,permit_issued\n"


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("events", "problem", "remedy"),
    [
        (PROJECT, f"{PROJECT}:1: 这是项目文件，不是事件文件。", "项目文件写在前，事件文件写在后"),
        ("none.yaml", "none.yaml: 没有这个文件。", "核对路径"),
        ("docs", "docs: 这是目录，不是文件。", "写出目录里那个文件的名字"),
    ],
)
def test_a_file_that_is_no_event_file(
    run: Run, command: str, events: str, problem: str, remedy: str
) -> None:
    done = run(command, PROJECT, events)
    assert (done.returncode, done.stdout) == (3, "")
    (line,) = done.stderr.splitlines()[1:]
    assert problem in line
    assert remedy in line


@pytest.mark.parametrize("command", COMMANDS)
def test_files_in_the_wrong_places_are_both_told(run: Run, command: str) -> None:
    done = run(command, EVENTS, PROJECT)
    assert done.returncode == 3
    assert [line.split(" 项目文件写在前")[0].strip() for line in done.stderr.splitlines()[1:]] == [
        f"{EVENTS}:3: 这是事件文件，不是项目文件。",
        f"{PROJECT}:1: 这是项目文件，不是事件文件。",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ": 文件是空的。 从"),
        ("# 以后再写\n", ": 文件是空的。 从"),
        (LIST, ":1: 整个文件是一个列表。 最上面应是「字段名: 值」"),
        ('[{"on": "2021-03-01", "event": "permit_issued"}]', ":1: 整个文件是一个列表。"),
        (TABLE, ":1: 读到的是一段文字，不是「字段名: 值」。 表格（CSV）和说明文字不能直接用"),
        ("PK\x03\x04", ": 这是 Excel、Word 或压缩文件，不是文本。"),
        ("a\n\x03\x04", ":2: 有文本里不该有的 U+0003（控制字符）。 删去；Excel"),
        ("events: {on: 2021-03-01}", ":1: events: 这里应是列表。 每一项以「- 」起头"),
        ("schema: drawreview/events@1", ":1: events: 缺少这一项。 补上。"),
        (
            "schema: drawreview/events@2\nevents: []",
            ":1: schema: 「drawreview/events@2」不是可用的值",
        ),
    ],
)
def test_a_text_that_says_no_events(run: Run, tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "events.yaml"
    file.write_text(text, encoding="utf-8")
    done = run("gates", PROJECT, str(file))
    assert done.returncode == 3
    (line,) = done.stderr.splitlines()[1:]
    assert line.strip().startswith(f"{file}{said}")


def test_the_same_is_said_of_a_project_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "project.yaml"
    for text, said in {
        "": "文件是空的",
        LIST: "整个文件是一个列表",
        TABLE: "读到的是一段文字",
    }.items():
        file.write_text(text, encoding="utf-8")
        done = run("gates", str(file), EVENTS)
        assert done.returncode == 3
        assert said in done.stderr
        assert "examples/office.yaml" in done.stderr


def test_bytes_that_are_no_text(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "events.yaml"
    file.write_bytes("事件".encode("gbk"))
    done = run("gates", PROJECT, str(file))
    assert done.returncode == 3
    assert "是 GBK（记事本叫 ANSI）编码，不是 UTF-8。" in done.stderr


def test_each_bad_entry_is_told_with_its_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "events.yaml"
    entries = (
        "{on: 2021年3月1日, event: permit_issued}",
        "{on: 2021-03-01, event: permit_isued}",
        "{on: 2021-03-01, event: 施工许可}",
        "2021-03-01 permit_issued",
        "{date: 2021-03-01, event: permit_issued}",
    )
    file.write_text("events:\n" + "".join(f"  - {e}\n" for e in entries), encoding="utf-8")
    done = run("deadlines", PROJECT, str(file))
    assert done.returncode == 3
    near = "相近的有：permit_issued（取得施工许可）。全部名称见 drawreview schema events。"
    assert [line.strip() for line in done.stderr.splitlines()[1:]] == [
        f"{file}:2: events[0].on: 「2021年3月1日」不是日期。 写成 2021-02-20。",
        f"{file}:3: events[1].event: 「permit_isued」不是可用的值。 {near}",
        f"{file}:4: events[2].event: 「施工许可」不是可用的值。 {near}",
        (
            f"{file}:5: events[3]: 「2021-03-01 permit_issued」这里应是若干键和值。 "
            "写成 {on: 2021-03-01, event: permit_issued}。"
        ),
        f"{file}:6: events[4].on: 缺少这一项。 补上。",
        (
            f"{file}:6: events[4].date: 「2021-03-01」不认识这个字段。 "
            "核对字段名；可用的字段见 drawreview schema events。"
        ),
    ]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            "on: 2021-03-01, event: stage_started, stage: 底板",
            (
                "「底板」不是可用的值。 可用：pit（基坑开挖和支护）、blinding（垫层）、"
                "base_slab（底板及以上）、main_structure（主体结构）。"
            ),
        ),
        (
            "on: 2021-03-01, event: foundation_report_issued, violations: 无",
            "「无」应是 true 或 false。 是就写 true，不是就写 false，不加引号。",
        ),
        (
            "on: 2021-03-01, event: major_design_change, touches: 加层",
            "「加层」这里应是列表。 每一项以「- 」起头，或写成 [一项, 另一项]。",
        ),
        (
            "on: 2021-03-01, event: correction, of: 第1条, why: 笔误, withdrawn: true",
            "「第1条」应是整数。 写此前某一条的序号，从 1 数起。",
        ),
        (
            "on： 2021-03-01， event： permit_issued",
            "「on： 2021-03-01， event： permit_issued」里的冒号是全角的。 冒号用半角「: 」",
        ),
        ("on: 2021-03-01 9:30, event: permit_issued", "值里有冒号的要加引号"),
    ],
)
def test_what_an_officer_may_write_is_put_right(
    run: Run, tmp_path: Path, entry: str, said: str
) -> None:
    file = tmp_path / "events.yaml"
    file.write_text(f"events:\n  - {{{entry}}}\n", encoding="utf-8")
    done = run("gates", PROJECT, str(file))
    assert done.returncode == 3
    (line,) = done.stderr.splitlines()[1:]
    assert line.strip().startswith(f"{file}:2: ")
    assert said in line


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("nosuch", "nosuch: 没有这个目录。 --pot 后面写目录。"),
        (PROJECT, f"{PROJECT}: 这是文件，不是目录。 --pot 后面写目录。"),
        ("docs", "docs: 目录里没有事件文件。"),
    ],
)
def test_a_pot_that_is_none(run: Run, folder: str, said: str) -> None:
    done = run("deadlines", "--pot", folder)
    assert (done.returncode, done.stdout) == (3, "")
    assert said in done.stderr
    assert "NAME_events.yaml" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("deadlines",), "--pot"),
        (("deadlines", PROJECT), "--pot"),
        (("deadlines", "-", "-"), "标准输入"),
        (("gates", "-", "-"), "标准输入"),
        (("deadlines", PROJECT, EVENTS, "--on", "2021-5-6"), "不是日期"),
        (("deadlines", "--pot", "docs", "--format", "svg"), "时间轴一次画一个项目"),
        (("deadlines", "--pot", "docs", PROJECT), "不再写项目文件"),
    ],
)
def test_wrong_use_ends_with_2(run: Run, arguments: tuple[str, ...], said: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert said in done.stderr
