"""The cases an officer can read: what the text bars on a day, stage by stage, and what follows."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from drawreview import Project, load_rulebook
from drawreview.cli.deadlines_text import schedule_text
from drawreview.cli.gates_text import site_text
from drawreview.project.from_yaml import read
from drawreview.rulebook.model import Rulebook
from drawreview.rulebook.readings import with_readings
from drawreview.site.answer import SiteAnswer
from drawreview.site.answer_to_json import GatesDocument, answer_to_json
from drawreview.site.deadlines import deadlines
from drawreview.site.gates import gates
from drawreview.site.schedule import Schedule
from drawreview.site.schedule_to_ics import schedule_to_ics
from drawreview.site.schedule_to_json import DeadlinesDocument, schedule_to_json
from drawreview.site.schedule_to_svg import schedule_to_svg
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


@cache
def _law(readings: tuple[tuple[str, str], ...]) -> Rulebook:
    return with_readings(load_rulebook(), dict(readings)) if readings else load_rulebook()


@cache
def _asked(number: int) -> tuple[SiteAnswer, Schedule]:
    """Return what the product says of a case."""
    case = CASES[number]
    project = Project.model_validate(statement(case["project"]))
    log = _changed(case, log_of(case["log"]))
    law = _law(tuple(case.get("readings", {}).items()))
    day, what_if = date.fromisoformat(case["date"]), case.get("what_if", False)
    return (
        gates(project, log, on=day, rulebook=law, assume_in_force=what_if),
        deadlines(project, log, on=day, rulebook=law, assume_in_force=what_if),
    )


def _answered(case: dict[str, Any]) -> SiteAnswer:
    return _asked(CASES.index(case))[0]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    assert set(case) <= KEYS
    answer = json.loads(answer_to_json(_answered(case)))

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
        keys = ("on", "class_changed", "review_path_after", "falls", "submit_again")
        told = [{key: change[key] for key in keys} for change in answer["changes"]]
        assert [{**one, **said} for one, said in zip(told, case["changes"], strict=True)] == told
    if "findings" in case:
        told = [{"number": f["number"], "clause": f["clause"]} for f in answer["findings"]]
        assert told == case["findings"]
    if "permit_route" in case:
        assert _answered(case).decision.permit.route == case["permit_route"]
    if "due" in case:
        dues = _asked(CASES.index(case))[1].deadlines
        assert [f"{d.what} {d.reading} {d.due} {d.state}" for d in dues] == case["due"]


def test_each_gate_is_seen_open_and_shut() -> None:
    seen = Counter((stage, s) for c in CASES for stage, s in c.get("stages", {}).items())
    for stage in STAGES:
        for state in ("not_barred", "barred"):
            assert seen[stage, state] >= 3, (stage, state)
    assert len(CASES) >= 60


def test_every_answer_is_what_its_schema_says() -> None:
    of_gates, of_deadlines = (
        jsonschema.Draft202012Validator(
            model.model_json_schema(mode="serialization"),
            format_checker=jsonschema.FormatChecker(),
        )
        for model in (GatesDocument, DeadlinesDocument)
    )
    for number, case in enumerate(CASES):
        answer, schedule = _asked(number)
        for schema, told in (
            (of_gates, answer_to_json(answer)),
            (of_deadlines, schedule_to_json(schedule)),
        ):
            assert [error.message for error in schema.iter_errors(json.loads(told))] == [], case


CLAUSE = r"(附件\d|[一二三四五六七八九尾]+(\([一二三四五六七八九十]+\)\d*(\(\d\))?)?)(¶\d)?(s\d)?"
NO_ENGLISH = (
    r"「[^」]*」",  # the law's own words
    r"《[^》]*》(第[一二三四五六七八九十]+条)?",
    r"(包府办发〔2021〕8号|住房和城乡建设部令第\d+号|13号令) ?(第[一二三四五六七八九十]+条)?",
    r"(?<=条)(\([一二三四五六七八九十]+\))?(¶\d)?(s\d)?",
    CLAUSE,
)


def chinese_in(text: str) -> list[str]:
    """Return the lines that say something in Chinese other than the law's words and clauses."""
    for pattern in NO_ENGLISH:
        text = re.sub(pattern, "", text)
    return [line for line in text.splitlines() if re.search(r"[\u3001-\u9fff\uff01-\uff5e]", line)]


def test_english_answers_say_nothing_in_chinese_but_the_law() -> None:
    for number in range(len(CASES)):
        answer, schedule = _asked(number)
        own = [answer.decision.project.name or "", *(w for c in answer.changes for w in c.touches)]
        for told in (
            site_text(answer, "en"),
            schedule_text(schedule, "en"),
            schedule_to_svg(schedule, lang="en"),
            schedule_to_ics(schedule, lang="en").decode().replace("\r\n ", ""),
        ):
            for word in own:
                told = told.replace(word, "")  # noqa: PLW2901 - what the files say themselves
            assert chinese_in(told) == [], CASES[number]
