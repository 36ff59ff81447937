"""`drawreview deadlines` as who must act meets it: text, files, a folder of projects."""

from __future__ import annotations

import json
from pathlib import Path

from tests.site.conftest import ROOT, Run

EXAMPLES = ROOT / "examples"
PAIR = ("examples/housing.yaml", "examples/housing_events.yaml")


def test_the_command_says_who_must_do_what_by_when(run: Run) -> None:
    done = run("deadlines", *PAIR, "--on", "2021-05-06")
    assert done.returncode == 0, done.stderr
    first = next(line for line in done.stdout.splitlines() if line.startswith("·"))
    assert "2021-05-08" in first
    assert "2个工作日" in first
    assert "施工图审查机构" in first
    assert "examples/housing_events.yaml:14 第11条" in done.stdout


def test_files_are_written_whole_in_each_form(run: Run, tmp_path: Path) -> None:
    for form in ("text", "json", "ics", "svg"):
        file = tmp_path / f"d.{form}"
        done = run("deadlines", *PAIR, "--on", "2021-05-06", "--format", form, "-o", str(file))
        assert done.returncode == 0, done.stderr
        assert file.stat().st_size > 500
    assert json.loads((tmp_path / "d.json").read_text(encoding="utf-8"))["on"] == "2021-05-06"


def test_both_files_are_told_all_that_is_wrong(run: Run, tmp_path: Path) -> None:
    project, events = tmp_path / "p.yaml", tmp_path / "p_events.yaml"
    project.write_text("nmae: 某", encoding="utf-8")
    events.write_text("events: [{on: 2021-03-01}]", encoding="utf-8")
    done = run("deadlines", str(project), str(events), "--on", "2021-05-06")
    assert done.returncode == 3
    assert "nmae" in done.stderr
    assert "缺少 event" in done.stderr


def test_a_pot_answers_for_the_good_files_and_names_the_bad(run: Run, tmp_path: Path) -> None:
    for name in ("housing", "office"):
        for part in (name, f"{name}_events"):
            text = (EXAMPLES / f"{part}.yaml").read_text(encoding="utf-8")
            (tmp_path / f"{part}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "bad.yaml").write_text("name: 某", encoding="utf-8")
    (tmp_path / "bad_events.yaml").write_text("events: [{on: 2021-03-01}]", encoding="utf-8")
    done = run("deadlines", "--pot", str(tmp_path), "--on", "2021-05-06")
    assert done.returncode == 3
    assert "bad_events.yaml:1" in done.stderr
    assert done.stdout.startswith("期限：2个项目，截至 2021-05-06\n")
    assert "九原区某住宅小区" in done.stdout
    assert "青山区某配套办公楼" in done.stdout
