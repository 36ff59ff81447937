"""Truth has three values, because a fact that nobody has stated is neither true nor false."""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class Truth(IntEnum):
    """Kleene's three values, ordered so that *and* is the least and *or* the greatest."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2

    def negated(self) -> Truth:
        """Return the truth of the contrary; the contrary of unknown is unknown."""
        return Truth(2 - self)


TRUTHS: Final = tuple(Truth)  # by their numbers; to call Truth takes longer than to read a rule
