"""What may be known of a fact: an interval of whole steps, or the sure and the possible bits."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import partial
from typing import Final

from drawreview.fact import UNBOUNDED, Fact, Kind, scaled

Extent = tuple[int, int]
NOTHING_KNOWN: Final[Extent] = (0, UNBOUNDED)
FLAG: Final[dict[bool | None, Extent]] = {True: (1, 1), False: (0, 0), None: (0, 1)}


def _quantity(kind: Kind, value: Decimal | None) -> Extent:
    """Return what is known of a quantity: itself, or nothing."""
    if value is None:
        return NOTHING_KNOWN
    exact = scaled(kind, value)
    return (exact, exact)


area_of: Final = partial(_quantity, Kind.AREA)
length_of: Final = partial(_quantity, Kind.LENGTH)


def exactly(value: int) -> Extent:
    """Return the extent of what is known exactly."""
    return (value, value)


def total(parts: Iterable[Extent]) -> Extent:
    """Return the sum of several extents."""
    low = high = 0
    for part_low, part_high in parts:
        low += part_low
        high += part_high
    return (low, min(high, UNBOUNDED))


def greatest(parts: Iterable[Extent]) -> Extent:
    """Return the extent of the greatest of several; of none, zero."""
    low = high = 0
    for part_low, part_high in parts:
        low, high = max(low, part_low), max(high, part_high)
    return (low, high)


def extents_of(fact: Fact) -> dict[str | None, Extent]:
    """Return the extents of a choice by the value that is stated, or by None."""
    return {None: fact.extent, **{value: exactly(fact.bits(value)) for value in fact.values}}
