"""What is said of a site as a published JSON document."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

from drawreview.site.answer import Breach, Change, Conflict, Gate, SiteAnswer
from drawreview.site.schedule import Due

SCHEMA: Final = "drawreview/gates@1"


def answer_to_json(answer: SiteAnswer) -> str:
    """Return the document as indented JSON."""
    return json.dumps(document_of(answer), ensure_ascii=False, indent=2)


def document_of(answer: SiteAnswer) -> dict[str, Any]:
    """Return the document as plain values."""
    law = answer.decision.rulebook
    return {
        "schema": SCHEMA,
        "on": str(answer.on),
        "review_path": answer.path,
        "assumption": answer.decision.assumption,
        "stages": {gate.stage.value: _gate(gate) for gate in answer.gates},
        "breaches": [_breach(breach) for breach in answer.breaches],
        "changes": [_change(change) for change in answer.changes],
        "overdue": [_overdue(due) for due in answer.overdue],
        "findings": [asdict(finding) for finding in answer.findings],
        "not_counted": [
            {"number": e.number, "place": e.place, "on": str(e.event.on), "why": e.why}
            | {"event": e.event.event}
            for e in answer.known.uncounted
        ],
        "rulebook": {"id": law.id, "digest": law.digest},
        "readings": dict(law.readings),
    }


def _gate(gate: Gate) -> dict[str, Any]:
    return {
        "state": gate.state,
        "missing": list(gate.missing),
        "clauses": list(gate.clauses),
        "conflicts": [_conflict(conflict) for conflict in gate.conflicts],
    }


def _conflict(conflict: Conflict) -> dict[str, Any]:
    return {
        "question": conflict.question,
        "clause": conflict.clause,
        "words": conflict.words,
        "says": conflict.says,
        "readings": [asdict(reading) for reading in conflict.readings],
    }


def _breach(breach: Breach) -> dict[str, Any]:
    return {
        "on": str(breach.on),
        "stage": breach.stage.value,
        "clause": breach.clause,
        "consequences": [
            {
                "who": list(follows.consequence.who),
                "what": follows.consequence.what,
                "clause": follows.clause,
                "words": follows.words,
                "places_seen": follows.places_seen,
            }
            for follows in breach.consequences
        ],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "on": str(change.on),
        "touches": list(change.touches),
        "review_path_before": change.path_before,
        "review_path_after": change.path_after,
        "class_changed": change.class_changed,
        "falls": list(change.falls),
        "submit_again": list(change.submit_again),
        "clauses": list(change.clauses),
        "readings": [asdict(reading) for reading in change.readings],
    }


def _overdue(due: Due) -> dict[str, Any]:
    return {
        "what": due.what,
        "reading": due.reading,
        "who": list(due.who),
        "due": str(due.due),
        "days_left": due.days_left,
        "clause": due.clause,
    }
