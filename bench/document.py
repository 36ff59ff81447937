"""The document of a decision that nobody asked for it before: reasons, doubts, bytes, digests."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from bench.clock import Goal, interleaved, over, show
from bench.rows import ON, projects
from drawreview.engine.decide import decide
from drawreview.engine.decision import Decision


def run(rows: int, rounds: int) -> bool:
    """Measure it against deciding, and against writing the same from plain dictionaries."""
    known = [decide(project, on=ON) for project in projects(rows)]
    opened = [decide(project, on=ON) for project in projects(rows, unknown=0.1)]
    costs = interleaved(
        {
            "document": over(_written, known, fresh=_unasked),
            "document, a tenth unknown": over(_written, opened, fresh=_unasked),
            "json.dumps of the same": over(_dumped, [json.loads(d.written) for d in known]),
            "decide": over(lambda decision: decide(decision.project, on=ON), known),
        },
        rounds,
    )
    return show(
        "document, CPU per decision",
        costs,
        (
            Goal("document", "json.dumps of the same", 2.0),
            Goal("document", "decide", 5.0),
            Goal("document, a tenth unknown", "json.dumps of the same", 3.0),
        ),
    )


def _unasked(decision: Decision) -> Decision:
    return replace(decision, measured=replace(decision.measured))


def _written(decision: Decision) -> bytes:
    return decision.written


def _dumped(plain: Any) -> bytes:  # noqa: ANN401 - a parsed document
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
