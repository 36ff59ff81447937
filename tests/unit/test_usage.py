"""Wrong usage and unwritable places are said in words, and each command has a page of help."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from drawreview.cli import usage
from drawreview.cli.app import app
from drawreview.cli.files import write_whole
from drawreview.cli.help import in_english, paragraphs, set_pages, width_of
from drawreview.cli.language import language
from drawreview.cli.outcome import said_of
from drawreview.errors import OutputError
from tests.unit.test_cli import OFFICE, ROOT, run

ON = ("--on", "2021-03-01")
EXAMPLE = str(OFFICE)


def commands(command: Any = None, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every command, and every group, with its path."""
    command = command or get_command(app)
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, f"{path} {name}".strip())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["decid", EXAMPLE], "没有命令 decid。相近的有：decide。"),
        (["decide"], "缺少 PROJECT：项目文件"),
        (["decide", EXAMPLE, "--fromat", "json"], "没有选项 --fromat。相近的有：--format。"),
        (
            ["decide", EXAMPLE, "--format", "jsn"],
            "--format：「jsn」不在可选之列。可用：text、json。",
        ),
        (["decide", EXAMPLE, "--format"], "选项 --format 后面缺少值。"),
        (["decide", "a", "b", "c"], "多写了：b c。"),
        (["decide", EXAMPLE, "--on", "3月1日"], "--on：「3月1日」不是日期。"),
        (["serve", "--port", "abc"], "--port：应是数。"),
        (["serve", "--port", "99999"], "--port：不得大于 65535。"),
        (["journal", "init"], "缺少选项 --journal："),
        (["letter", EXAMPLE, *ON, "-o", "-"], "-o：写的是几个文件，不能写到标准输出"),
        (["notice", EXAMPLE, *ON, "-o", "x.pdf"], "-o：「x.pdf」像是文件名"),
        (["ask", "-o", "-"], "-o：问答就在屏幕上"),
    ],
)
def test_wrong_usage_is_said_in_chinese(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said_of(lambda: usage.run(arguments)) == 2
    done = capsys.readouterr()
    assert done.out == ""
    assert done.err.startswith(f"用法有误：{said}")


def test_wrong_usage_is_said_in_english_to_those_who_ask_for_it() -> None:
    done = run("decide", EXAMPLE, "--lang", "en", "--nosuch")
    assert done.returncode == 2
    assert done.stderr.startswith(
        "Wrong usage: No such option: --nosuch\n  Usage: drawreview decide"
    )
    missing = run("decide", "nosuch.yaml", "--lang", "en")
    assert missing.stderr == "Bad input:\n  nosuch.yaml: there is no such file. Check the path.\n"
    assert language(["--lang=en"]) == "en" == language(["a", "--lang", "en"])
    assert language(["--lang", "zh"]) == "zh" == language([])


@cache
def in_language(lang: str) -> dict[str, Any]:
    """Return every command with its path, and with pages in a language."""
    root = get_command(app)
    set_pages(root, lang)
    return dict(commands(root))


@pytest.mark.parametrize("path", [path for path, _ in commands()])
def test_every_page_of_help_is_there_in_both_languages_and_fits(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for lang in ("zh", "en"):
        command = in_language(lang)[path]
        context = command.make_context(f"drawreview {path}".strip(), [], resilient_parsing=True)
        page = command.get_help(context)
        long = [line for line in page.splitlines() if width_of(line) > 80]
        assert not [line for line in long if not line.startswith("  drawreview ")]


def test_every_wording_has_its_english_in_english_toml() -> None:
    used = {"为当前的命令行装上补全", "印出补全的脚本，自己装"}  # for typer's own
    for _, command in commands():
        used.update(paragraphs(command.help))
        used.update(param.help for param in command.params if param.help)
    assert {words for words in used if not words.isascii()} ^ set(in_english()) == set()


def test_help_shows_examples_that_run() -> None:
    page = run("decide", "--help").stdout
    examples = page.split("例\n")[1].splitlines()
    assert examples[0].split()[0] == "drawreview"
    assert run(*examples[0].split()[1:]).returncode == 0


def test_the_version_names_program_engine_and_rules() -> None:
    program, engine, rules = run("--version").stdout.splitlines()
    assert program.startswith("drawreview ")
    assert engine.startswith("durable-rules ")
    assert rules.split()[0] == "baotou_2021_8"
    assert len(rules.split()[1]) == 64


def test_the_shell_completes_commands_and_values() -> None:
    def completed(words: str, place: int) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", "from drawreview.cli import main; main()"],
            env={
                **os.environ,
                "_DRAWREVIEW_COMPLETE": "complete_bash",
                "COMP_WORDS": words,
                "COMP_CWORD": str(place),
            },
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )
        return done.stdout.split()

    assert completed("drawreview de", 1) == ["decide", "deadlines"]
    assert completed("drawreview decide --format ", 3) == ["text", "json"]


def test_what_cannot_be_written_is_not_called_bad_input(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    done = run("letter", EXAMPLE, *ON, "-o", str(file / "below"))
    assert done.returncode == 3
    assert done.stderr.startswith(f"没有写出：\n  {file}/below/annex_1-")
    assert f"{file} 是文件，不是目录。" in done.stderr
    done = run("explain", EXAMPLE, *ON, "-o", str(tmp_path))
    assert done.stderr == f"没有写出：\n  {tmp_path}: 这是目录，不是文件。 写出文件名。\n"


def test_every_command_makes_the_folders_that_it_writes_into(tmp_path: Path) -> None:
    for place in ("a/b/office.svg", "c/office.json"):
        write_whole({tmp_path / place: b"x"})
        assert (tmp_path / place).read_bytes() == b"x"


def test_nothing_is_replaced_where_one_of_two_files_finds_no_place(tmp_path: Path) -> None:
    first, second = tmp_path / "a.docx", tmp_path / "a.pdf"
    first.write_bytes(b"old")
    second.mkdir()
    with pytest.raises(OutputError):
        write_whole({first: b"new", second: b"new"})
    assert first.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.docx", "a.pdf"]


def test_a_single_file_may_go_to_standard_output() -> None:
    done = run("explain", EXAMPLE, *ON, "-o", "-")
    assert done.stdout.startswith("<svg")


def in_shell(command: str) -> subprocess.CompletedProcess[str]:
    program = f"{sys.executable} -c 'from drawreview.cli import main; main()'"
    return subprocess.run(
        ["/bin/sh", "-c", command.replace("drawreview", program)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=ROOT,
    )


def test_an_address_that_is_taken_is_not_printed_as_if_it_served(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run("serve", "--data", str(tmp_path / "d"), "--port", port)
    assert done.returncode == 3
    said = f"127.0.0.1:{port}: 不能监听：端口已被占用。 用 --port 换一个端口"
    assert done.stderr.startswith(f"输入有误：\n  {said}")


def test_streams_that_are_closed_full_or_in_another_encoding() -> None:
    decide = f"drawreview decide {EXAMPLE} --on 2021-03-01"
    full = in_shell(f"{decide} > /dev/full")
    assert (full.returncode, full.stderr.splitlines()[0]) == (3, "没有写出：")
    assert "标准输出: 写不进去：磁盘已满。" in full.stderr
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    nowhere = in_shell(f"drawreview serve --data /proc/x --port {port}")
    assert nowhere.returncode == 3
    assert "/proc/x: 不能用：" in nowhere.stderr
    closed = in_shell("drawreview decide - <&-")
    assert closed.returncode == 3
    assert "文件是空的" in closed.stderr
    latin = in_shell(f"PYTHONIOENCODING=latin-1 {decide}")
    assert latin.stdout.startswith("审查方式：免于审查")
    bare = in_shell(f"env -i LANG=C {decide}")
    assert bare.stdout.startswith("审查方式：免于审查")
