"""What the notation can say besides facts: duties, deadlines, stages, consequences."""

from __future__ import annotations

import shutil
from pathlib import Path

from drawreview.paths import RULES
from drawreview.rulebook.check import problems_of
from drawreview.rulebook.load import read_rulebook
from drawreview.rulebook.model import Consequence, Deadline, StageGate

STAGED = """
foundation_report:
  clause: 二(二)s1
  when:
    all: {}
  then:
    施工图审查机构应在3个工作日内审查完毕并出具审查报告:
      deadline: {what: foundation_report, within_workdays: 3, from: full_set_submitted}
pit:
  clause: 三(一)¶1s1
  when:
    all: {}
  then:
    可以按规定开展基坑开挖和支护: {stage: {name: pit, may_start: true}}
breach:
  clause: 三(三)s1
  when:
    all: {}
  then:
    依法责令停工整改: {consequence: {who: [supervision], what: stop_work_order}}
"""


def _with(tmp_path: Path, text: str) -> Path:
    shutil.copytree(RULES, tmp_path / "rules")
    (tmp_path / "rules" / "baotou_2021_8" / "staged.yaml").write_text(text, encoding="utf-8")
    return tmp_path / "rules"


def test_deadlines_stages_and_consequences_are_read(tmp_path: Path) -> None:
    rulebook, problems = read_rulebook(_with(tmp_path, STAGED))
    assert problems == []
    assert problems_of(rulebook) == []
    told = [rulebook.by_id[name].then[0] for name in ("foundation_report", "pit", "breach")]
    assert told[0].deadline == Deadline("foundation_report", 3, "full_set_submitted")
    assert told[1].stage == StageGate("pit", may_start=True)
    assert told[2].consequence == Consequence(("supervision",), "stop_work_order")


def test_a_deadline_must_have_the_days_of_its_words(tmp_path: Path) -> None:
    wrong = STAGED.replace("within_workdays: 3", "within_workdays: 5")
    rulebook, _ = read_rulebook(_with(tmp_path, wrong))
    assert any("工作日" in str(problem) for problem in problems_of(rulebook))


def test_an_incomplete_deadline_is_named(tmp_path: Path) -> None:
    _, problems = read_rulebook(_with(tmp_path, STAGED.replace(", from: full_set_submitted", "")))
    assert [str(problem) for problem in problems if "缺少 from" in str(problem)]
