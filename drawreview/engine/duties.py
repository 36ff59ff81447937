"""Who must do what, and by when, where a path is decided."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from drawreview.engine.document import DutyOwed
from drawreview.rulebook.model import Rulebook
from drawreview.truth import Truth


def duties_owed(rulebook: Rulebook, truth_of: Mapping[str, Truth]) -> tuple[DutyOwed, ...]:
    """Return the duties of the rules that hold."""
    return tuple(duty for rule, duty in _duties(rulebook) if truth_of[rule] is Truth.TRUE)


@cache
def _duties(rulebook: Rulebook) -> tuple[tuple[str, DutyOwed], ...]:
    return tuple(
        (
            rule.id,
            DutyOwed(
                who=c.duty.who,
                what=c.duty.what,
                before=c.duty.before,
                upon=c.duty.upon,
                within_workdays=c.duty.within_workdays,
                clause=rule.clause,
                phrase=c.words,
            ),
        )
        for rule in rulebook.path.rules
        for c in rule.then
        if c.duty
    )
