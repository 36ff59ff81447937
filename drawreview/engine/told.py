"""What a reason tells of a fact, as JSON: its value, and how far inside its limit it lies.

A fact in a reason is a text with three blanks, in the order of their names: distance, unit, value.
What most projects say of most facts, that there is nothing of it, is filled in beforehand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from drawreview.condition.ast import Compare, Includes, Leaf
from drawreview.condition.to_prose import decimal, number
from drawreview.engine.document import BLANK, FactReason, with_blanks, written
from drawreview.fact import SCALE, UNBOUNDED, Fact, Kind
from drawreview.project.buildings import COMBINED, USE
from drawreview.project.extent import NOTHING_KNOWN, Extent, exactly
from drawreview.project.judgements import JUDGED
from drawreview.project.measure import NEVER
from drawreview.rulebook.model import Extents

Told = tuple[bytes, bytes, bytes]
Teller = Callable[[Extent], bytes]
_UNIT: Final = {Kind.AREA: b'"m2"', Kind.LENGTH: b'"m"', Kind.COUNT: b'"storeys"'}
_OF_A_BUILDING: Final = (*COMBINED, "basement")
_NONE: Final = exactly(0)
_NO_BUILDING: Final = exactly(USE.bits("not_a_building"))
_OPEN: Final[Told] = (b"null", b"null", b"null")
_FLAG: Final[dict[Extent, Told]] = {
    (0, 0): (b"null", b"null", b'"false"'),
    (0, 1): _OPEN,
    (1, 1): (b"null", b"null", b'"true"'),
}


def not_applicable(extents: Extents) -> set[str]:
    """Return the facts that cannot be told of a project: a road is no building of 0 m².

    A judgement that somebody did sign is told all the same.
    """
    if extents["building_use"] != _NO_BUILDING or extents["total_floor_area_m2"] != _NONE:
        return set()
    return {*_OF_A_BUILDING, *(name for name in JUDGED if extents[name] == (0, 1))}


def teller(fact: Fact, leaf: Leaf) -> Teller:
    """Return what tells of a fact as a leaf reads it."""
    text = _text(fact, leaf)
    if not isinstance(leaf, Compare):
        return _choice(text, fact)
    if fact.kind is Kind.FLAG:
        return {extent: text % told for extent, told in _FLAG.items()}.__getitem__
    if fact.kind is Kind.DATE:
        return lambda extent: text % _day(extent)
    return _quantity(text, fact, leaf)


def inapplicable(fact: Fact, leaf: Leaf) -> bytes:
    """Return what is told of a fact that cannot be told."""
    return _text(fact, leaf) % (b"null", b"null", b'"not_a_building"')


def _text(fact: Fact, leaf: Leaf) -> bytes:
    """Return what a leaf says of its fact, with a blank for each part that a project fills in."""
    operator, limit = "is", "true"
    if not isinstance(leaf, Compare):
        operator = "includes" if isinstance(leaf, Includes) else "one_of"
        limit = _values(fact, leaf.bits)
    elif fact.kind is not Kind.FLAG:
        operator, limit = leaf.operator.value, number(fact.kind, leaf.limit)
    return with_blanks(FactReason(fact.name, BLANK, operator, limit, BLANK, BLANK))


def _values(fact: Fact, bits: int) -> str:
    """Return the names of the values that a choice has."""
    return "、".join(value for i, value in enumerate(fact.values) if bits >> i & 1)


def _choice(text: bytes, fact: Fact) -> Teller:
    def tell(extent: Extent) -> bytes:
        low, high = extent
        value = written(_values(fact, high)) if low == high else b"null"
        return text % (b"null", b"null", value)

    single = {one: tell(one) for one in (exactly(1 << i) for i in range(len(fact.values)))}
    single[_NONE] = tell(_NONE)
    return lambda extent: single.get(extent) or tell(extent)


def _day(extent: Extent) -> Told:
    low, high = extent
    if low != high:
        return _OPEN
    return b"null", b"null", written("not_commissioned" if low == NEVER else number(Kind.DATE, low))


def _quantity(text: bytes, fact: Fact, leaf: Compare) -> Teller:
    scale, unit, limit = SCALE[fact.kind], _UNIT[fact.kind], leaf.limit
    inside = 1 if leaf.operator.bounds_from_above else -1

    def tell(extent: Extent) -> bytes:
        low, high = extent
        distance = value = b"null"
        if low == high:
            distance = _quoted(decimal(inside * (limit - low), scale))
            value = _quoted(decimal(low, scale))
        # What bounds it from the side that matters.
        elif low > 0:
            value = _quoted(f">={decimal(low, scale)}")
        elif high < UNBOUNDED and limit:
            value = _quoted(f"<={decimal(high, scale)}")
        return text % (distance, unit, value)

    usual = {extent: tell(extent) for extent in (_NONE, NOTHING_KNOWN)}
    return lambda extent: usual.get(extent) or tell(extent)


def _quoted(amount: str) -> bytes:
    return b'"%b"' % amount.encode()
