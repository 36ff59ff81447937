"""Decide a recorded project again, and say how the decision differs from the recorded one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, cast

from drawreview.engine.decide import decide, read_only
from drawreview.engine.decision import Decision
from drawreview.engine.document import written
from drawreview.records.body import bounded, project_in
from drawreview.records.difference import (
    Cause,
    Difference,
    cause_between,
    cause_within,
    clauses_of,
    differing,
    moved,
    told,
)
from drawreview.records.laws import Laws
from drawreview.records.ways import Said
from drawreview.rulebook.model import Rulebook


def decided_otherwise(said: Said, law: Rulebook, *, closely: bool) -> Iterator[Difference]:
    """Yield how the same law and input now lead to something else: nothing, or one difference."""
    decision = _decided(said, law, closely=closely)
    recorded = cast("dict[str, Any]", said["decision"])
    if _same_reading(decision, said) and not (
        closely and decision.written_by(recorded.get("engine", {}))[1] != written(recorded)
    ):
        return
    parts = differing(decision.document, recorded)
    yield _difference(said, decision, parts, cause=cause_within(decision, said))


def decided_under_other_law(
    said: Said, law: Rulebook, laws: Laws, *, closely: bool
) -> Iterator[Difference]:
    """Yield what another pack or reading changes: nothing, or one difference."""
    by_pack = laws.under_other_pack(said["law"]["pack"], said["law"]["readings"])
    other = laws.under_other_readings(by_pack, said["law"]["readings"])
    decision = _decided(said, other, closely=closely)
    parts = differing(decision.document, said["decision"]) if closely else ()
    if not parts and decision.review_path == said["decision"]["review_path"]:
        return
    if within := tuple(decided_otherwise(said, law, closely=closely)):
        yield from within  # the recorded law does not lead to it either
        return
    clauses = clauses_of(decision, said)
    cause = cause_between(law, other, [r.id for r in other.rules if r.clause in clauses])
    readings = laws.otherwise.readings
    if readings:
        without = _decided(said, by_pack, closely=False)
        if without.review_path != decision.review_path or by_pack.digest == law.digest:
            cause = Cause.READING_CHANGED
            clauses = tuple(other.questions[name].clause for name in readings)
    yield _difference(said, decision, parts, cause=cause, clauses=clauses)


def _difference(
    said: Said,
    decision: Decision,
    parts: Iterable[str],
    *,
    cause: Cause,
    clauses: tuple[str, ...] | None = None,
) -> Difference:
    clauses = clauses_of(decision, said) if clauses is None else clauses
    return Difference(cause, clauses, told(decision, said, parts), moved(decision, said))


def _decided(said: Said, law: Rulebook, *, closely: bool) -> Decision:
    """Decide a recorded project again: by both engines, or by the truth reader alone."""
    way = decide if closely else read_only
    return way(
        project_in(said["project"]),
        on=date.fromisoformat(said["on"]),
        rulebook=law,
        assume_in_force=said["assumption"] is not None,
    )


def _same_reading(decision: Decision, said: Said) -> bool:
    """Whether facts, truths and path are those of the record."""
    return (
        decision.review_path == said["decision"]["review_path"]
        and bounded(decision.measured.extents) == said["extents"]
        and dict(zip(decision.rulebook.path.ids, decision.truths, strict=True)) == said["truths"]
    )
