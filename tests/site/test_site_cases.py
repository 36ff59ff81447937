"""The cases an officer can read: what the text bars on a day, stage by stage, and what follows."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from drawreview import Project, load_rulebook
from drawreview.project.from_yaml import read
from drawreview.rulebook.readings import with_readings
from drawreview.site.answer_to_json import document_of
from drawreview.site.deadlines import deadlines
from drawreview.site.gates import gates
from drawreview.site.statement import read_log
from tests.test_cases import statement

FOLDER = Path(__file__).parents[1] / "cases" / "site"
STAGES = ("pit", "blinding", "base_slab", "main_structure")
KEYS = {
    *("name", "date", "what_if", "readings", "project", "log", "changed_on", "changed_to"),
    *("review_path", "stages", "missing", "clauses", "conflicts", "breaches", "changes"),
    *("findings", "permit_route", "due"),
}
CASES = [
    case
    for path in sorted(FOLDER.glob("*.yaml"))
    for case in read(path.read_text(encoding="utf-8"), path.name).data
]


def log_of(lines: list[Any]) -> Any:
    """Return the log of lines such as `2021-03-22 foundation_report_issued violations: true`."""
    said: list[str] = []
    for line in lines:
        told = line if isinstance(line, str) else " ".join(f"{k}: {v}" for k, v in line.items())
        day, name, *rest = told.split(" ", 2)
        said.append(f"  - {{on: {day}, event: {name}{', ' + rest[0] if rest else ''}}}")
    events = "\n".join(["events:", *said]) if said else "events: []"
    return read_log(f"schema: drawreview/events@1\n{events}", "log")


def _changed(case: dict[str, Any], log: Any) -> Any:
    if "changed_to" not in case:
        return log
    from dataclasses import replace

    from drawreview.site.events import MajorDesignChange
    from drawreview.site.log import Entry

    event = MajorDesignChange.model_validate(
        {
            "on": case["changed_on"],
            "event": "major_design_change",
            "touches": ["floor_area_m2"],
            "project": statement(case["changed_to"]),
        }
    )
    entry = Entry(len(log.entries) + 1, "log", event)
    return replace(log, entries=(*log.entries, entry))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    assert set(case) <= KEYS
    law = with_readings(load_rulebook(), case.get("readings", {}))

    asked = (
        Project.model_validate(statement(case["project"])),
        _changed(case, log_of(case["log"])),
    )
    how: dict[str, Any] = {
        "on": date.fromisoformat(case["date"]),
        "rulebook": law,
        "assume_in_force": case.get("what_if", False),
    }
    found = gates(*asked, **how)
    answer = document_of(found)

    assert answer["review_path"] == case.get("review_path", answer["review_path"])
    stages = answer["stages"]
    assert tuple(stages) == STAGES
    said = case.get("stages", {})
    assert {stage: stages[stage]["state"] for stage in said} == said
    for stage, events in case.get("missing", {}).items():
        assert stages[stage]["missing"] == events, stage
    for stage, clauses in case.get("clauses", {}).items():
        assert set(clauses) <= set(stages[stage]["clauses"]), stage
    for stage, questions in case.get("conflicts", {}).items():
        assert [c["question"] for c in stages[stage]["conflicts"]] == questions, stage
    if "breaches" in case:
        told = [
            {
                **{key: breach[key] for key in ("on", "stage", "clause")},
                "follows": list(dict.fromkeys(c["clause"] for c in breach["consequences"])),
            }
            for breach in answer["breaches"]
        ]
        assert told == case["breaches"]
    if "changes" in case:
        keys = ("on", "class_changed", "falls", "submit_again")
        told = [{key: change[key] for key in keys} for change in answer["changes"]]
        assert [{**one, **said} for one, said in zip(told, case["changes"], strict=True)] == told
    if "findings" in case:
        told = [{"number": f["number"], "clause": f["clause"]} for f in answer["findings"]]
        assert told == case["findings"]
    if "permit_route" in case:
        assert found.decision.permit.route == case["permit_route"]
    if "due" in case:
        dues = deadlines(*asked, **how).deadlines
        assert [f"{d.what} {d.reading} {d.due} {d.state}" for d in dues] == case["due"]


def test_each_gate_is_seen_open_and_shut() -> None:
    seen = Counter((stage, s) for c in CASES for stage, s in c.get("stages", {}).items())
    for stage in STAGES:
        for state in ("not_barred", "barred"):
            assert seen[stage, state] >= 3, (stage, state)
    assert len(CASES) >= 60
