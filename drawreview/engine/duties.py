"""Who must do what, and by when, where a path is decided."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from drawreview.engine.document import DutyOwed
from drawreview.rulebook.model import MOST_KEPT, Rulebook
from drawreview.truth import Truth


def duties_owed(rulebook: Rulebook, live: Sequence[int]) -> tuple[DutyOwed, ...]:
    """Return the duties of the rules that hold, whose truths are in the order of deciding."""
    holds = Truth.TRUE
    return tuple([duty for place, duty in _duties(rulebook) if live[place] == holds])


@lru_cache(maxsize=MOST_KEPT)
def _duties(rulebook: Rulebook) -> tuple[tuple[int, DutyOwed], ...]:
    places = rulebook.path.ids
    return tuple(
        (
            places.index(rule.id),
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
