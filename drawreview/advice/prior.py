"""How likely each answer is taken to be; the order of questions depends on it, no decision does.

The numbers are assumptions, listed in docs/decisions/0016: a quantity is spread evenly over the
orders of magnitude that such buildings have, and what is rare at a permit window is rare here.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from math import log, sqrt
from typing import Any, Final, cast

from drawreview.condition.ast import Compare, Includes, Leaf, leaves
from drawreview.condition.to_truth import evaluate_leaf
from drawreview.fact import SCALE, Fact, Kind
from drawreview.project.kinds import FIRE_VENUES, Category, RoomKind, Works
from drawreview.project.measure import NEVER
from drawreview.project.model import Building, FireVenue, Judgement, UndergroundRoom
from drawreview.rulebook.model import FACTS_KEPT, Rulebook
from drawreview.truth import Truth

Weighed = tuple[tuple[float, Any], ...]

# What applicants are expected to state, least and most, in the field's unit; and the facts that
# are made of it.
_QUANTITIES: Final[dict[str, tuple[float, float, tuple[str, ...]]]] = {
    "floor_area_m2": (
        *(100, 100_000),
        (
            *("total_floor_area_m2", "largest_building_area_m2", "area_less_plant_rooms_m2"),
            "public_building_area_m2",
        ),
    ),
    "height_m": (
        *(3, 100),
        (
            *("building_height_m", "declared_height_m", "single_storey_height_m"),
            *("residential_height_m", "public_building_height_m"),
        ),
    ),
    "highest_point_m": (3, 100, ("building_height_m",)),
    "max_storey_height_m": (2.5, 12, ("storey_height_m",)),
    "storeys_above_ground": (1, 30, ("storeys_above_ground", "natural_storeys")),
    "works_floor_area_m2": (100, 100_000, ("works_floor_area_m2",)),
    "fire_venues[].floor_area_m2": (50, 20_000, tuple(FIRE_VENUES)),
}
_PLACE: Final = re.compile(r"\[\d*\]")
_COMMISSIONED: Final = (0.86, 0.05, 0.02, 0.07)  # never, after the gap, within it, before it
_ROOMS: Final = (
    (0.65, None),
    (0.15, RoomKind.PUMP_ROOM),
    (0.1, RoomKind.LIFT_PIT),
    (0.1, RoomKind.OTHER),
)
_BASEMENT_PASSES: Final = {
    "underground_rooms": 0.8,
    "storeys_below_ground": 0.7,
    "underground_rooms[].serves": 0.8,
}
_EVEN: Final = 0.5
_OF_A_USE: Final = {
    ("residential_height_m", "use"): 0.1,
    ("public_building_height_m", "use"): 0.6,
    ("public_building_area_m2", "use"): 0.6,
    ("special_works", "use"): 0.35,  # a factory, a warehouse
    ("special_works", "category"): 0.85,
    ("district_listed", "district_list"): 0.05,
}
_EXPLOSIVE: Final = "flammable_explosive_site"
_VENUES_NONE: Final = 0.8
_WORKS_NONE: Final = 0.95
_WORDS: Final[dict[str, Weighed]] = {
    "investment": ((0.6, "non_government"), (0.25, "government"), (0.15, "mixed")),
    "category": ((0.85, Category.BUILDING), (0.15, Category.MUNICIPAL)),
    "works": ((0.7, Works.NEW_BUILD), (0.3, Works.EXTENSION)),
    "buildings": tuple((w, (Building(),) * n) for w, n in ((0.6, 1), (0.25, 2), (0.15, 4))),
    "use": (
        *((0.2, "office"), (0.15, "commercial"), (0.15, "public_service")),
        *((0.1, "ordinary_warehouse"), (0.2, "ordinary_factory")),
        *((0.1, "residential"), (0.05, "dormitory"), (0.05, "other")),
    ),
    "storeys_below_ground": ((0.7, 0), (0.3, 1)),
    "underground_rooms": tuple(
        (w, (UndergroundRoom(kind=kind),) if kind else ()) for w, kind in _ROOMS
    ),
    "fire_venues": (
        (_VENUES_NONE, ()),
        *(
            ((1 - _VENUES_NONE) / len(FIRE_VENUES), (FireVenue(kind=next(iter(kinds))),))
            for kinds in FIRE_VENUES.values()
        ),
    ),
    "underground_rooms[].serves": ((0.6, "fire_protection"), (0.2, "production"), (0.2, "other")),
    **{
        name: tuple(
            (w, Judgement(value=value, by="—", on=date.min, why="—")) for w, value in weighed
        )
        for name, weighed in (
            ("single_function", ((0.8, True), (0.2, False))),
            ("simple_technique", ((0.8, True), (0.2, False))),
            ("similar_use", ((0.5, True), (0.5, False))),
        )
    },
    "public_building": ((0.5, True), (0.5, False)),
    "fire_hazard_class": ((0.85, "C"), (0.15, "A")),
    "district_list": ((1.0, "无"),),
    "district": ((1.0, "150204"),),
    "name": ((1.0, "—"),),
}


def without_building(field: str) -> str:
    """Return a field without its building or places in lists: `fire_venues[].floor_area_m2`."""
    if field.startswith("buildings["):
        field = field.partition("].")[2]
    return _PLACE.sub("[]", field)


@lru_cache(maxsize=FACTS_KEPT)
def answers(rulebook: Rulebook, name: str) -> Weighed:
    """Return answers to a field, one of each kind that rules tell apart, with their chances."""
    if name in _QUANTITIES:
        return _amounts(rulebook, name)
    if name == "special_works":
        return _works(rulebook)
    if name == "review_commissioned_on":
        return _days(rulebook)
    return _WORDS.get(name, ())


def _amounts(rulebook: Rulebook, name: str) -> Weighed:
    least, most, facts = _QUANTITIES[name]
    kind = rulebook.facts[facts[0]].kind
    limits = {
        leaf.limit / SCALE[kind]
        for fact in facts
        for leaf in leaves_on(rulebook, fact)
        if isinstance(leaf, Compare)
    }
    bounds = [least, *sorted(limit for limit in limits if least < limit < most), most]
    between = [
        (_spread(name, low, high), _amount(kind, sqrt(low * high)))
        for low, high in pairwise(bounds)
    ]
    return tuple(between)


def _amount(kind: Kind, value: float) -> Decimal | int:
    """Return a round number well between two limits."""
    return max(1, round(value)) if kind is Kind.COUNT else Decimal(f"{value:.1f}")


def _spread(name: str, low: float, high: float) -> float:
    """Return the chance of an amount between two bounds: even over the orders of magnitude."""
    least, most, _ = _QUANTITIES[name]
    low, high = min(max(low, least), most), min(max(high, least), most)
    return log(high / low) / log(most / least) if high > low else 0.0


def _works(rulebook: Rulebook) -> Weighed:
    names = rulebook.facts["special_works"].values
    groups = [
        leaf.bits for leaf in leaves_on(rulebook, "special_works") if not isinstance(leaf, Compare)
    ]
    each = (1 - _WORKS_NONE) / max(1, len(groups))
    firsts = ((each, (names[(bits & -bits).bit_length() - 1],)) for bits in groups)
    return ((_WORKS_NONE, ()), *firsts)


def _days(rulebook: Rulebook) -> Weighed:
    gap = rulebook.city.gap
    never, after, within, before = _COMMISSIONED
    if gap is None:
        return ((1.0, "not_commissioned"),)
    day = timedelta(days=1)
    return (
        *((never, "not_commissioned"), (after, gap.last + day)),
        *((within, gap.first), (before, gap.first - day)),
    )


@lru_cache(maxsize=FACTS_KEPT)
def leaves_on(rulebook: Rulebook, fact: str) -> tuple[Leaf, ...]:
    """Return the tests that rules make of a fact."""
    found = (leaf for rule in rulebook.rules for leaf in leaves(rule.when) if leaf.fact == fact)
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=8192)
def chance(rulebook: Rulebook, leaf: Leaf, fields: tuple[str, ...], known: int = 0) -> float:
    """Return the chance that a test holds once these open fields of one building are answered.

    Args:
        rulebook: The law.
        leaf: The test.
        fields: The open fields, without their building.
        known: For a sum, what the rest of it comes to already, in the fact's smallest steps.
    """
    if isinstance(leaf, Compare) and leaf.operator.bounds_from_above:
        contrary = Compare(leaf.fact, leaf.operator.contrary, leaf.limit)
        return 1 - chance(rulebook, contrary, fields, known)
    result = 1.0
    for field in fields:
        result *= _factor(rulebook, leaf, field, known)
    return result


def _factor(rulebook: Rulebook, leaf: Leaf, field: str, known: int) -> float:
    """Return the chance that the answer to one field lets a test hold."""
    fact = rulebook.facts[leaf.fact]
    if field == "fire_venues":
        exceeds = _factor(rulebook, leaf, "fire_venues[].floor_area_m2", known)
        return (1 - _VENUES_NONE) / len(FIRE_VENUES) * exceeds
    if field in _QUANTITIES and isinstance(leaf, Compare):
        _, most, facts = _QUANTITIES[field]
        if fact.name.removeprefix("single_") not in facts and fact.name not in facts:
            return 1.0
        return _spread(field, max(0, leaf.limit - known) / SCALE[fact.kind], most)
    return _in_words(rulebook, leaf, field)


def _in_words(rulebook: Rulebook, leaf: Leaf, field: str) -> float:
    fact, weighed = rulebook.facts[leaf.fact], answers(rulebook, field)
    match fact.name, field:
        case "basement", _:
            return _BASEMENT_PASSES.get(field, 1.0)
        case "special_works", "fire_hazard_class":
            explosive = isinstance(leaf, Includes) and leaf.bits & fact.bits(_EXPLOSIVE)
            return sum(w for w, kind in weighed if explosive and kind in "AB")
        case _ if (fact.name, field) in _OF_A_USE:
            return _OF_A_USE[fact.name, field]
        case _ if not weighed or field == "buildings":
            return _EVEN  # the outlook looks at what each answer would open instead
        case _:
            return sum(w for w, value in weighed if _holds(fact, leaf, value))


def _holds(fact: Fact, leaf: Leaf, value: object) -> bool:
    """Whether a test holds of an answer in words, a day or a judgement."""
    match value:
        case Judgement():
            exact = int(value.value)
        case bool():
            exact = int(value)
        case tuple():
            exact = fact.bits(*cast("tuple[str, ...]", value))
        case date():
            exact = value.toordinal()
        case "not_commissioned":
            exact = NEVER
        case Category() if "not_a_building" in fact.values:
            exact = fact.bits("not_a_building" if value is Category.MUNICIPAL else "office")
        case str() if value in fact.values:
            exact = fact.bits(value)
        case _:
            return False
    return evaluate_leaf(leaf, exact, exact) is Truth.TRUE
