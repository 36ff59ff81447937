"""What a reason tells of a fact, as JSON: how far inside its limit it lies, its unit, its value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from drawreview.condition.ast import Compare, Leaf
from drawreview.condition.to_prose import decimal, number
from drawreview.engine.document import written
from drawreview.fact import SCALE, UNBOUNDED, Fact, Kind
from drawreview.project.buildings import COMBINED, USE
from drawreview.project.extent import Extent, exactly
from drawreview.project.judgements import JUDGED
from drawreview.project.measure import NEVER
from drawreview.rulebook.model import Extents

Told = tuple[bytes, bytes, bytes]
Teller = Callable[[Extent], Told]
NOT_APPLICABLE: Final[Told] = (b"null", b"null", b'"not_a_building"')
_UNIT: Final = {Kind.AREA: b'"m2"', Kind.LENGTH: b'"m"', Kind.COUNT: b'"storeys"'}
_OF_A_BUILDING: Final = (*COMBINED, "basement")
_OPEN: Final[Told] = (b"null", b"null", b"null")
_NO_BUILDING: Final = exactly(USE.bits("not_a_building"))
_FLAG: Final[dict[Extent, Told]] = {
    (0, 0): (b"null", b"null", b'"false"'),
    (0, 1): _OPEN,
    (1, 1): (b"null", b"null", b'"true"'),
}


def not_applicable(extents: Extents) -> set[str]:
    """Return the facts that cannot be told of a project: a road is no building of 0 m².

    A judgement that somebody did sign is told all the same.
    """
    if extents["building_use"] != _NO_BUILDING or extents["total_floor_area_m2"] != (0, 0):
        return set()
    return {*_OF_A_BUILDING, *(name for name in JUDGED if extents[name] == (0, 1))}


def teller(fact: Fact, leaf: Leaf) -> Teller:
    """Return what tells of a fact as a leaf reads it."""
    if not isinstance(leaf, Compare):
        return _choice(fact)
    if fact.kind is Kind.FLAG:
        return _FLAG.__getitem__
    return _day if fact.kind is Kind.DATE else _quantity(fact, leaf)


def values(fact: Fact, bits: int) -> str:
    """Return the names of the values that a choice has."""
    return "、".join(value for i, value in enumerate(fact.values) if bits >> i & 1)


def _choice(fact: Fact) -> Teller:
    single = {1 << i: written(value) for i, value in enumerate(fact.values)}

    def tell(extent: Extent) -> Told:
        low, high = extent
        if low != high:
            return _OPEN
        return b"null", b"null", single.get(high) or written(values(fact, high))

    return tell


def _day(extent: Extent) -> Told:
    low, high = extent
    if low != high:
        return _OPEN
    return b"null", b"null", written("not_commissioned" if low == NEVER else number(Kind.DATE, low))


def _quantity(fact: Fact, leaf: Compare) -> Teller:
    scale, unit, limit = SCALE[fact.kind], _UNIT[fact.kind], leaf.limit
    inside = 1 if leaf.operator.bounds_from_above else -1

    def tell(extent: Extent) -> Told:
        low, high = extent
        if low == high:
            distance = decimal(inside * (limit - low), scale)
            return _quoted(distance), unit, _quoted(decimal(low, scale))
        # What bounds it from the side that matters.
        if low > 0:
            return b"null", unit, _quoted(f">={decimal(low, scale)}")
        if high < UNBOUNDED and limit:
            return b"null", unit, _quoted(f"<={decimal(high, scale)}")
        return b"null", unit, b"null"

    return tell


def _quoted(amount: str) -> bytes:
    return b'"%b"' % amount.encode()
