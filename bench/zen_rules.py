"""The same rules for zen-engine 2.1.3: a decision table, and one compiled expression.

The table goes through the static loader, which keeps it compiled; `create_decision` would compile
it again at each call and be five to ten times slower. A cell stands without outer parentheses: in
them zen silently never matches.
"""

from __future__ import annotations

import json
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
_TRANSITION: Final = {"commissioned_later", "commissioning_gap", "commissioned_earlier"}
_LISTED: Final = frozenset(rule for _, _, rule in VENUES)
_EXEMPTIONS: Final = {"low_risk_exemption", "district_exemption"}
_SPECIAL: Final = frozenset(r for r, _ in _FINDINGS) - _TRANSITION - _EXEMPTIONS


def _table(rows: Iterable[tuple[dict[str, str], str]], *, output: str, **settings: Any) -> dict[str, Any]:  # noqa: ANN401
    rows = list(rows)
    columns = {field: f"c{n}" for n, field in enumerate(dict.fromkeys(f for cells, _ in rows for f in cells))}
    return {
        "inputs": [{"id": key, "name": field, "field": field} for field, key in columns.items()],
        "outputs": [{"id": "out", "name": output, "field": output}],
        "rules": [
            {
                "_id": f"r{n}",
                **{key: cells.get(field, "") for field, key in columns.items()},
                "out": f'"{value}"',
            }
            for n, (cells, value) in enumerate(rows)
        ],
        "executionMode": "single",
        "inputField": None,
        "outputPath": None,
        **settings,
    }


def _graph() -> dict[str, Any]:
    findings = _table(
        [(cells, rule) for rule, cells in _FINDINGS],
        output="rule",
        hitPolicy="collect",
        passThrough=False,
        outputPath="held",
    )
    names = "map(held, #.rule)"
    special = " or ".join(f'contains($, "{rule}")' for rule in sorted(_SPECIAL))
    exempt = " or ".join(f'contains($, "{rule}")' for rule in sorted(_EXEMPTIONS))
    outcome = _table(
        [
            ({names: 'contains($, "commissioning_gap")'}, "referred"),
            ({names: 'contains($, "commissioned_earlier")'}, "prior_review"),
            ({names: special}, "joint_review"),
            ({names: exempt}, "exempt"),
            ({}, "deferred_review"),
        ],
        output="path",
        hitPolicy="first",
        passThrough=True,
    )
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "position": {"x": 0, "y": 0}},
        {"id": "findings", "name": "findings", "type": "decisionTableNode", "content": findings, "position": {"x": 1, "y": 0}},
        {"id": "outcome", "name": "outcome", "type": "decisionTableNode", "content": outcome, "position": {"x": 2, "y": 0}},
        {"id": "out", "name": "out", "type": "outputNode", "position": {"x": 3, "y": 0}},
    ]
    ids = [node["id"] for node in nodes]
    edges = [
        {"id": f"{one}-{other}", "type": "edge", "sourceId": one, "targetId": other}
        for one, other in zip(ids, ids[1:], strict=False)
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def table() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return the decision table: a plain row in; the path and the rules that hold out."""
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"path": json.dumps(_graph())}}})
    evaluate = engine.evaluate
    return lambda row: evaluate("path", row)["result"]
