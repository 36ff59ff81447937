"""What the notation can say besides facts: duties, deadlines, stages, consequences."""

from __future__ import annotations

import shutil
from pathlib import Path

from drawreview.paths import RULES
from drawreview.rulebook.check import problems_of
from drawreview.rulebook.load import load_rulebook, read_rulebook
from drawreview.rulebook.rule import Consequence, Deadline, StageGate


def _changed(tmp_path: Path, file: str, right: str, wrong: str) -> Path:
    rules = tmp_path / "rules"
    shutil.copytree(RULES, rules)
    path = rules / "baotou_2021_8" / file
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    return rules


def test_deadlines_stages_and_consequences_are_read() -> None:
    law = load_rulebook().by_id
    foundation, remaining = law["staged_review_limits"].then
    assert foundation.deadline == Deadline("foundation_report", 3, "full_set_submitted")
    assert remaining.deadline == Deadline("remaining_report", 7, "full_set_submitted")
    assert law["pit_after_permit"].stage_gate == StageGate(("pit",), "only_then")
    first = law["structure_without_certificate"].then[0]
    supervision = ("quality_supervision", "safety_supervision")
    assert first.consequence == Consequence(supervision, "stop_work_and_rectify")


def test_a_deadline_must_have_the_days_of_its_words(tmp_path: Path) -> None:
    rules = _changed(tmp_path, "staged_review.yaml", "within_workdays: 3", "within_workdays: 5")
    rulebook, _ = read_rulebook(rules)
    assert any("工作日" in str(problem) for problem in problems_of(rulebook))


def test_an_incomplete_deadline_is_named(tmp_path: Path) -> None:
    rules = _changed(tmp_path, "staged_review.yaml", ", from: full_set_submitted", "")
    _, problems = read_rulebook(rules)
    assert [str(problem) for problem in problems if "缺少 from" in str(problem)]


def test_the_path_is_decided_without_the_rules_of_the_site() -> None:
    law = load_rulebook()
    assert not any(c.stage or c.deadline or c.consequence for r in law.path.rules for c in r.then)
    assert {r.id for r in law.path.rules}.isdisjoint(r.id for r in law.site.rules)


def test_a_rule_stands_only_under_its_readings() -> None:
    law = load_rulebook()
    standing = {rule.id for rule in law.site.rules}
    assert "exempt_base_slab_after_spot_check" in standing
    assert "every_base_slab_after_certificate_and_verification" not in standing
