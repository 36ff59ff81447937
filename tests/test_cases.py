"""The cases an officer can read: each project, on its day, gets the decision the law calls for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from drawreview import Project, decide, load_rulebook
from drawreview.paths import RULES
from drawreview.project.from_yaml import read

FOLDER = Path(__file__).parent / "cases"
KEYS = {"name", "date", "overlay", "what_if", "project", "decision", "because"}
EXPECTED = {
    *("review_path", "letter", "certainty", "depends_on", "missing"),
    *("permit_route", "permit_missing", "warnings"),
}
TRUTHS = {"holds": "true", "fails": "false", "open": "unknown"}


def contents(path: Path) -> Any:
    return read(path.read_text(encoding="utf-8"), path.name).data


BASES = contents(FOLDER / "bases.yaml")
CASES = [
    case
    for path in sorted(FOLDER.glob("*.yaml"))
    if path.name != "bases.yaml"
    for case in contents(path)
]


def building(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return a building, with what it is `like` filled in."""
    own = {key: value for key, value in said.items() if key != "like"}
    base = building(BASES["buildings"][said["like"]]) if "like" in said else {}
    return {key: value for key, value in {**base, **own}.items() if value != "unknown"}


def statement(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the project file that a case describes."""
    stated = statement(BASES["projects"][said["like"]]) if "like" in said else {}
    for key, value in said.items():
        *above, last = key.split(".")
        part = stated
        for step in above:
            part[step] = part = dict(part[step])
        if key == "buildings" and value != "unknown":
            part[last] = [building(one) for one in value]
        elif key in Project.model_fields or key == "schema" or above:
            part[last] = value
        elif key != "like":
            (only,) = stated["buildings"]
            stated["buildings"] = [building({**only, key: value})]
        if part.get(last) == "unknown":
            del part[last]
    return stated


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    assert set(case) <= KEYS
    expected = case["decision"]
    assert set(expected) <= EXPECTED
    overlay = FOLDER / "overlays" / case["overlay"] if "overlay" in case else None

    decision = decide(
        Project.model_validate(statement(case["project"])),
        on=date.fromisoformat(case["date"]),
        rulebook=load_rulebook(RULES, overlay),
        assume_in_force=case.get("what_if", False),
    )

    depends_on = set(expected.get("depends_on", ()))
    assert decision.review_path == expected["review_path"]
    assert decision.letter == expected.get("letter")
    assert set(decision.depends_on) == depends_on
    assert decision.certainty == ("depends" if depends_on else "robust")
    assert decision.certainty == expected.get("certainty", decision.certainty)
    assert {one.field for one in decision.missing} == set(expected.get("missing", ()))
    assert decision.permit.route == expected.get("permit_route", decision.permit.route)
    permit_missing = expected.get("permit_missing", decision.permit.missing)
    assert set(decision.permit.missing) == set(permit_missing)
    assert set(expected.get("warnings", ())) <= {one.question for one in decision.warnings}
    found = {(reason.phrase, reason.truth) for reason in decision.reasons}
    for word, phrases in case.get("because", {}).items():
        assert {(phrase, TRUTHS[word]) for phrase in phrases} <= found


def test_there_are_enough_cases_and_each_has_its_own_name() -> None:
    names = [case["name"] for case in CASES]
    assert len(names) >= 120
    assert len(set(names)) == len(names)
