"""What a replay is asked to do: at which level, which records, how closely, under which other law.

Levels: A holds the bytes against the tree; B decides again from the same pack and must find the
same document; C is B, for the records that this very software made; D decides under another pack,
reading or calendar and tells what would differ.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from drawreview.records.laws import Otherwise

Level = Literal["A", "B", "C", "D"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which records to replay and how closely.

    Attributes:
        first: The first day of decisions and events; None for no limit.
        last: The last one.
        sample: The share that is done again wholly: decisions by both engines and with their whole
            documents, letters byte by byte. Of the other decisions the truth reader finds facts,
            truths and path; of the other letters only what they are made from is looked for.
        seed: Which records fall into the sample.
    """

    level: Level = "B"
    first: date | None = None
    last: date | None = None
    sample: float = 1.0
    seed: int = 0
    otherwise: Otherwise = field(default_factory=Otherwise)

    def covers(self, day: str) -> bool:
        """Whether what was decided on that day is to be replayed."""
        return (self.first is None or self.first.isoformat() <= day) and (
            self.last is None or day <= self.last.isoformat()
        )
