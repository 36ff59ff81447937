"""What the READMEs show is what the program prints."""

from __future__ import annotations

import pytest

from tests.unit.test_cli import OFFICE, ROOT, run


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_worked_example_is_true(name: str) -> None:
    printed = [
        line.rstrip()
        for line in run("decide", str(OFFICE), "--on", "2021-03-01").stdout.splitlines()
    ]
    shown = (ROOT / name).read_text(encoding="utf-8").splitlines()
    start = shown.index(printed[0])
    # The last line holds digests, which change with every rule file.
    assert shown[start : start + len(printed) - 1] == printed[:-1]


@pytest.mark.parametrize("command", ["decide", "letter", "schema", "questions", "law"])
def test_every_command_is_documented_and_has_help(command: str) -> None:
    for name in ("README.md", "README.zh-CN.md"):
        assert f"drawreview {command}" in (ROOT / name).read_text(encoding="utf-8")
    done = run(command, "--help")
    assert done.returncode == 0
    assert "Usage" in done.stdout
