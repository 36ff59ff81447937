"""The smallest changes of the design by which a project would take another review path.

Each change is verified by deciding again. Only what is drawn may change: never who invests, what a
building is called, when a review was commissioned, or who signed for a judgement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from drawreview.advice.design import Draft, Edit, move
from drawreview.advice.needs import Need, Way, ways_to
from drawreview.engine.decide import decide
from drawreview.engine.decision import Decision
from drawreview.fact import UNIT_ZH
from drawreview.project.contradictions import contradictions

# From the lightest to the heaviest.
WEIGHT: Final = {"exempt": 0, "deferred_review": 1, "joint_review": 2}


@dataclass(frozen=True, slots=True)
class Step:
    """One field that would change, and the phrase for whose sake."""

    edit: Edit
    clause: str
    phrase: str

    def told(self) -> dict[str, str | None]:
        """Return the step as it is published."""
        kind = self.edit.kind
        return {
            "field": self.edit.field,
            "from": self.edit.old,
            "to": self.edit.new,
            "by": self.edit.by,
            "unit": UNIT_ZH.get(kind) if kind else None,
            "fact": self.edit.fact,
            "clause": self.clause,
            "phrase": self.phrase,
        }


@dataclass(frozen=True, slots=True)
class Change:
    """A smallest set of changes, and the decision that it leads to."""

    needs: tuple[Need, ...]
    steps: tuple[Step, ...]
    after: Decision

    @property
    def to(self) -> str:
        """The path that the changed project takes."""
        return self.after.review_path

    def told(self) -> dict[str, object]:
        """Return the change as it is published."""
        return {
            "to": self.to,
            "steps": [step.told() for step in self.steps],
            "verified": True,  # a change that deciding again did not bear out is not proposed
            "letter": self.after.letter,
            "depends_on": list(self.after.depends_on),
        }


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What would change a decision: the changes, lighter paths first, and what hides others."""

    changes: tuple[Change, ...]
    opened: tuple[str, ...]


def what_if(decision: Decision) -> WhatIf:
    """Return the smallest changes of the design that lead to another path.

    Changes of one fact come first; sets of two or three only where no single one suffices. On a
    day that the document does not govern, and while facts are missing, there is nothing to find.
    """
    now = decision.review_path
    if now not in WEIGHT:
        return WhatIf((), ())
    changes, opened = list[Change](), set[str]()
    for path in WEIGHT:
        if path != now:
            ways, facts = ways_to(decision.rulebook, decision.extents, path)
            opened |= facts if WEIGHT[path] < WEIGHT[now] else set()
            changes += _smallest(decision, path, ways)
    return WhatIf(tuple(changes), _fields(decision, opened))


def _smallest(decision: Decision, path: str, ways: tuple[Way, ...]) -> list[Change]:
    """Return the verified changes of the fewest facts, none of which contains another."""
    heavier = WEIGHT[path] > WEIGHT[decision.review_path]
    found: list[tuple[frozenset[str], Change]] = []
    for way in ways:
        needs = tuple(sorted(_merged(way), key=lambda need: _place(decision, need)))
        # To a lighter path a design shrinks, to a heavier one it grows; anything else is a detour.
        if not needs or any(need.up is not heavier for need in needs):
            continue
        change = _verified(decision, path, needs)
        if change:
            found.append((frozenset(step.edit.fact for step in change.steps), change))
    if not found:
        return []
    fewest = min(len(facts) for facts, _ in found)
    changes = {facts: change for facts, change in reversed(found) if len(facts) == fewest}
    return sorted(changes.values(), key=lambda change: [_place(decision, n) for n in change.needs])


def _place(decision: Decision, need: Need) -> int:
    """Order by the rules of the law, and within a rule by its phrases."""
    order = [reason.phrase for reason in decision.reasons]
    return order.index(need.phrase)


def _merged(way: Way) -> tuple[Need, ...]:
    """Return one need for each fact, the one that goes furthest; none if they pull apart."""
    by_fact: dict[str, Need] = {}
    for need in sorted(way, key=lambda n: (n.fact, n.steps, n.phrase)):
        other = by_fact.get(need.fact)
        if other and other.up is not need.up:
            return ()
        if other is None or (need.steps > other.steps) is need.up:
            by_fact[need.fact] = need
    return tuple(by_fact.values())


def _verified(decision: Decision, path: str, needs: tuple[Need, ...]) -> Change | None:
    """Return the change if the changed project, decided again, does take the path."""
    draft = Draft(decision.project)
    for need in needs:
        moved = move(draft, need.fact, need.steps, up=need.up)
        if moved is None:
            return None
        draft = moved
    if any(contradictions(draft.project)):
        return None
    after = decide(
        draft.project,
        on=decision.on,
        rulebook=decision.rulebook,
        assume_in_force=decision.assumption is not None,
    )
    if after.review_path != path:
        return None
    # A need that another change has met already, as a height may meet two limits, is none.
    needs = tuple(need for need in needs if any(edit.fact == need.fact for edit in draft.edits))
    of_fact = {need.fact: need for need in needs}
    steps = tuple(
        Step(edit, because.clause, because.phrase)
        for edit in draft.edits
        for because in (of_fact.get(edit.fact, needs[0]),)
    )
    return Change(needs, steps, after)


def _fields(decision: Decision, facts: set[str]) -> tuple[str, ...]:
    """Return the fields that, once stated, could show more changes."""
    fields = decision.measured.fields
    return tuple(sorted({field for fact in facts for field in fields.get(fact, ())}))
