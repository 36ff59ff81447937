"""Truth has three values, because a fact that nobody has stated is neither true nor false."""

from __future__ import annotations

from enum import IntEnum


class Truth(IntEnum):
    """Kleene's three values, ordered so that *and* is the least and *or* the greatest."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2

    @classmethod
    def of(cls, value: bool | None) -> Truth:  # noqa: FBT001 - it converts a Boolean
        """Return the truth of a stated Boolean; None, nobody having stated it, is unknown."""
        if value is None:
            return cls.UNKNOWN
        return cls.TRUE if value else cls.FALSE

    def negated(self) -> Truth:
        """Return the truth of the contrary; the contrary of unknown is unknown."""
        return Truth(2 - self)
