"""Tells whether a decision lies so near a limit, or bears such a name, that people should look."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from drawreview.engine.decision import Decision

# Within this part of a limit a value is so close that an error of measurement could account for it.
CLOSE: Final = Decimal("0.01")
_NUMBER: Final = "[一二三四五六七八九十0-9]+"
PART: Final = re.compile(
    rf"{_NUMBER}期|首期|[IVX]+期|{_NUMBER}标段|[A-Za-z甲乙丙丁东西南北]区"
    rf"|[A-Za-z0-9一二三四五六七八九十]+[#号]?地块|{_NUMBER}组团"
)


def part_in(name: str | None) -> str | None:
    """Return what in a project's name tells of a part: 一期, 2标段, B区."""
    found = PART.search(unicodedata.normalize("NFKC", name or ""))
    return found[0] if found else None


def may_evade(decision: Decision) -> bool:
    """Whether it is worth looking for a risk of evasion (规避风险), which takes many decisions."""
    return part_in(decision.project.name) is not None or any(
        abs(Decimal(fact.distance)) <= Decimal(fact.limit) * CLOSE
        for reason in decision.reasons
        for fact in reason.facts[:1]
        if fact.distance is not None and fact.unit in {"m2", "m"}
    )
