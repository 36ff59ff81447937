"""What the READMEs show is what the program prints."""

from __future__ import annotations

from pathlib import Path

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
    # The last line holds digests: whoever changes a rule file changes it in both.
    assert shown[start : start + len(printed)] == printed


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_table_of_deadlines_is_true(name: str) -> None:
    examples = [str(ROOT / "examples" / f"{part}.yaml") for part in ("housing", "housing_events")]
    printed = run("deadlines", *examples, "--on", "2021-05-06").stdout.splitlines()
    wanted = [line.rstrip() for line in printed[:12]]
    shown = (ROOT / name).read_text(encoding="utf-8").splitlines()
    start = shown.index(wanted[0])
    assert shown[start : start + len(wanted)] == wanted


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_stages_are_true(name: str) -> None:
    examples = [str(ROOT / "examples" / f"{part}.yaml") for part in ("housing", "housing_events")]
    printed = run("gates", *examples, "--on", "2021-04-28").stdout.splitlines()
    wanted = [line.rstrip() for line in printed[: printed.index("没有计入的事件") - 1]]
    shown = (ROOT / name).read_text(encoding="utf-8").splitlines()
    start = shown.index(wanted[0])
    assert shown[start : start + len(wanted)] == wanted


@pytest.mark.parametrize(
    "asked",
    [
        ("explain", "examples/office.yaml"),
        ("whatif", "over.yaml"),
        (
            "whatif",
            "over.yaml",
            "--set",
            "floor_area_m2=1999",
            "--tolerance",
            "area=1%,height=50mm",
        ),
    ],
    ids=["explain", "whatif", "side by side"],
)
def test_the_picture_and_the_changes_are_true(tmp_path: Path, asked: tuple[str, ...]) -> None:
    over = tmp_path / "over.yaml"
    text = OFFICE.read_text(encoding="utf-8")
    over.write_text(text.replace("1850.00", "2050.00"), encoding="utf-8")
    command, file, *options = asked
    place = {"over.yaml": over, "examples/office.yaml": OFFICE}[file]
    printed = run(command, str(place), "--on", "2021-03-01", *options).stdout
    assert printed
    for name in ("README.md", "README.zh-CN.md"):
        readme = (ROOT / name).read_text(encoding="utf-8")
        assert " ".join(["drawreview", command, file, "--on", "2021-03-01", *options]) in readme
        assert f"```text\n{printed}```" in readme


def test_the_next_question_and_the_item_of_a_notice_are_true() -> None:
    partial = str(ROOT / "examples" / "partial.yaml")
    asked = run("ask", partial, "--next", "--on", "2021-03-01").stdout
    noticed = run("notice", partial, "--on", "2021-03-01", "--format", "json").stdout
    for name in ("README.md", "README.zh-CN.md"):
        readme = (ROOT / name).read_text(encoding="utf-8")
        assert f"```json\n{asked}```" in readme
        start = readme.index("```json\n    {\n") + len("```json\n")
        assert readme[start : readme.index("```", start)].rstrip() in noticed


@pytest.mark.parametrize(
    "command",
    [
        "decide",
        "ask",
        "notice",
        "explain",
        "whatif",
        "letter",
        "schema",
        "questions",
        "law",
        "deadlines",
        "gates",
    ],
)
def test_every_command_is_documented(command: str) -> None:
    for name in ("README.md", "README.zh-CN.md"):
        assert f"drawreview {command}" in (ROOT / name).read_text(encoding="utf-8")
