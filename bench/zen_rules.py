"""The same rules for zen-engine 2.1.3: a decision table, and one compiled expression.

The table goes through the static loader, which keeps it compiled; `create_decision` would compile
it again at each call and be five to ten times slower. A cell stands without outer parentheses: in
them zen silently never matches.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any, Final

import zen

from bench.by_hand import (
    ANY_USES,
    BASEMENTS,
    EXPLOSIVE,
    GAP_FIRST,
    GAP_LAST,
    INFRASTRUCTURE,
    KEY_BUILDINGS,
    LISTED_USES,
    VENUES,
)

Found = tuple[str, list[str]]


def _names(values: Iterable[str]) -> str:
    return ", ".join(f'"{value}"' for value in sorted(values))


EXEMPTIONS: Final = frozenset({"low_risk_exemption", "district_exemption"})
_LISTED: Final = frozenset(rule for _, _, rule in VENUES)
_LOW_RISK: Final = {
    "investment": '"non_government"',
    "total_floor_area_m2": "< 20000000",
    "building_height_m": "< 12000",
    "storey_height_m": "< 6000",
    "storeys_above_ground": "<= 2",
    "basement": _names(BASEMENTS),
    "single_function": "1",
    "simple_technique": "1",
}
# Rule -> the cells that must all match; a rule with two rows holds if either matches.
_FINDINGS: Final[tuple[tuple[str, dict[str, str]], ...]] = (
    *((rule, {fact: f"> {limit}"}) for fact, limit, rule in VENUES),
    ("tall_dwelling", {"residential_height_m": "> 54000"}),
    ("rail_tunnel_or_power_works", {"special_works": _names(INFRASTRUCTURE)}),
    ("flammable_explosive_works", {"special_works": _names(EXPLOSIVE)}),
    ("key_public_building", {"special_works": _names(KEY_BUILDINGS)}),
    ("large_public_building", {"public_building_area_m2": "> 400000000"}),
    ("large_public_building", {"public_building_height_m": "> 50000"}),
    ("commissioned_later", {"review_commissioned_on": f"> {GAP_LAST}"}),
    ("commissioning_gap", {"review_commissioned_on": f"[{GAP_FIRST}..{GAP_LAST}]"}),
    ("commissioned_earlier", {"review_commissioned_on": f"< {GAP_FIRST}"}),
    ("low_risk_exemption", {**_LOW_RISK, "building_use": _names(LISTED_USES)}),
    ("low_risk_exemption", {**_LOW_RISK, "building_use": _names(ANY_USES), "similar_use": "1"}),
    ("district_exemption", {"investment": '"non_government"', "district_listed": "1"}),
)
# What a rule proposes for the path if it is none of the special kinds of Order 51.
_PATHS: Final = {
    "commissioned_later": "none",
    "commissioning_gap": "referred",
    "commissioned_earlier": "prior_review",
    "low_risk_exemption": "exempt",
    "district_exemption": "exempt",
}


def _table(rows: list[tuple[dict[str, str], dict[str, str]]], **settings: object) -> dict[str, Any]:
    fields = dict.fromkeys(field for cells, _ in rows for field in cells)
    columns = {field: f"c{number}" for number, field in enumerate(fields)}
    outputs = {name: f"o{number}" for number, name in enumerate(rows[0][1])}
    return {
        "inputs": [{"id": key, "name": name, "field": name} for name, key in columns.items()],
        "outputs": [{"id": key, "name": name, "field": name} for name, key in outputs.items()],
        "rules": [
            {
                "_id": f"r{number}",
                **{key: cells.get(field, "") for field, key in columns.items()},
                **{key: f'"{found[name]}"' for name, key in outputs.items()},
            }
            for number, (cells, found) in enumerate(rows)
        ],
        "executionMode": "single",
        "inputField": None,
        "outputPath": None,
        **settings,
    }


def _graph() -> dict[str, Any]:
    """Return two tables: every rule that holds, then the path that prevails among theirs."""
    findings = _table(
        [
            (cells, {"rule": rule, "path": _PATHS.get(rule, "joint_review")})
            for rule, cells in _FINDINGS
        ],
        hitPolicy="collect",
        passThrough=False,
        outputPath="held",
    )
    proposed = "map(held, #.path)"
    prevailing = ("referred", "prior_review", "joint_review", "exempt")
    outcome = _table(
        [
            *(({proposed: f'contains($, "{path}")'}, {"path": path}) for path in prevailing),
            ({}, {"path": "deferred_review"}),
        ],
        hitPolicy="first",
        passThrough=True,
    )
    nodes: list[dict[str, Any]] = [
        {"id": "in", "type": "inputNode"},
        {"id": "findings", "type": "decisionTableNode", "content": findings},
        {"id": "outcome", "type": "decisionTableNode", "content": outcome},
        {"id": "out", "type": "outputNode"},
    ]
    for place, node in enumerate(nodes):
        node |= {"name": node["id"], "position": {"x": place, "y": 0}}
    edges = [
        {"id": f"e{place}", "type": "edge", "sourceId": one["id"], "targetId": other["id"]}
        for place, (one, other) in enumerate(itertools.pairwise(nodes))
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def table() -> Callable[[dict[str, Any]], Any]:
    """Return the decision table: a plain row in; out come the path and the rules that hold."""
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"path": _graph()}}})
    evaluate = engine.evaluate
    return lambda row: evaluate("path", row)["result"]


def found_in_table(result: Any) -> Found:  # noqa: ANN401 - what zen returns
    """Return what a table's result says; off the clock."""
    rules = dict.fromkeys(hit["rule"] for hit in result["held"])
    return result["path"], _held(rules)


def _held(rules: Iterable[str]) -> list[str]:
    held = [rule for rule in rules if rule not in EXEMPTIONS]
    return [*held, "contains_listed_venue"] if _LISTED.intersection(held) else held


def _cell(field: str, cell: str) -> str:
    if cell[0] == '"':
        names = cell.split(", ")
        return f"{field} == {cell}" if len(names) == 1 else f"{field} in [{cell}]"
    if cell[0] == "[":
        return f"{field} in {cell}"
    return f"{field} == {cell}" if cell[0].isdigit() else f"{field} {cell}"


def _expression() -> tuple[str, tuple[str, ...]]:
    """Return the source, a list of Booleans, and the rule of each; the dearest tests come last."""
    found = {rule: [cells for name, cells in _FINDINGS if name == rule] for rule, _ in _FINDINGS}
    parts: list[str] = []
    for rows in found.values():
        shared = [item for item in rows[0].items() if all(item in cells.items() for cells in rows)]
        rests = [
            " and ".join(_cell(*item) for item in cells.items() if item not in shared)
            for cells in rows
        ]
        either = " or ".join(f"({rest})" for rest in rests if rest)
        parts.append(
            " and ".join([*(_cell(*item) for item in shared), *([f"({either})"] if either else [])])
        )
    return f"[{', '.join(parts)}]", tuple(found)


def expression() -> Callable[[dict[str, Any]], Found]:
    """Return one compiled expression for all rules; the path is then picked in Python."""
    source, rules = _expression()
    evaluate = zen.compile_expression(source).evaluate

    def decide(row: dict[str, Any]) -> Found:
        held = list(itertools.compress(rules, evaluate(row)))
        paths = {_PATHS.get(rule, "joint_review") for rule in held}
        for path in ("referred", "prior_review", "joint_review", "exempt"):
            if path in paths:
                return path, held
        return "deferred_review", held

    return decide


def found_in_expression(result: Found) -> Found:
    """Return what the expression's result says; off the clock."""
    path, rules = result
    return path, _held(rules)
