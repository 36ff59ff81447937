"""The review path written by hand in Python: how fast it could be without any rule data.

It takes plain known values and returns the path and the rules that hold, as the others do.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

GAP_FIRST: Final = date(2020, 12, 1).toordinal()
GAP_LAST: Final = date(2020, 12, 10).toordinal()
LISTED_USES: Final = frozenset(
    {"office", "commercial", "public_service", "ordinary_warehouse", "ordinary_factory"}
)
ANY_USES: Final = LISTED_USES | {"residential", "dormitory", "other"}
BASEMENTS: Final = frozenset({"none_built", "pump_room_or_fire_tank"})
INFRASTRUCTURE: Final = frozenset(
    {"urban_rail", "tunnel", "large_power_generation", "large_power_substation"}
)
EXPLOSIVE: Final = frozenset({"flammable_explosive_site", "flammable_gas_liquid_station"})
KEY_BUILDINGS: Final = frozenset(
    {
        "state_organ_office",
        "power_dispatch_building",
        "telecom_building",
        "postal_building",
        "disaster_command_building",
        "broadcasting_building",
        "archives_building",
    }
)
# Fact, limit in whole smallest steps, rule: Order 51 第十四条(一)–(六).
VENUES: Final = (
    ("public_assembly_venue_m2", 200_000_000, "large_assembly_venue"),
    ("passenger_terminal_venue_m2", 150_000_000, "large_passenger_terminal"),
    ("lodging_and_trade_venue_m2", 100_000_000, "large_lodging_or_trade_venue"),
    ("culture_and_workshop_venue_m2", 25_000_000, "large_culture_or_workshop_venue"),
    ("care_and_school_venue_m2", 10_000_000, "large_care_or_school_venue"),
    ("entertainment_venue_m2", 5_000_000, "large_entertainment_venue"),
)


def decide_by_hand(row: dict[str, Any]) -> tuple[str, list[str]]:  # noqa: C901, PLR0912 - that is the point
    """Return the path and the rules of the transition and of Order 51 that hold."""
    held: list[str] = []
    if row["public_assembly_venue_m2"] > 200_000_000:  # noqa: PLR2004 - and so are the numbers
        held.append("large_assembly_venue")
    if row["passenger_terminal_venue_m2"] > 150_000_000:  # noqa: PLR2004
        held.append("large_passenger_terminal")
    if row["lodging_and_trade_venue_m2"] > 100_000_000:  # noqa: PLR2004
        held.append("large_lodging_or_trade_venue")
    if row["culture_and_workshop_venue_m2"] > 25_000_000:  # noqa: PLR2004
        held.append("large_culture_or_workshop_venue")
    if row["care_and_school_venue_m2"] > 10_000_000:  # noqa: PLR2004
        held.append("large_care_or_school_venue")
    if row["entertainment_venue_m2"] > 5_000_000:  # noqa: PLR2004
        held.append("large_entertainment_venue")
    if held:
        held.append("contains_listed_venue")
    if row["residential_height_m"] > 54_000:  # noqa: PLR2004
        held.append("tall_dwelling")
    works = row["special_works"]
    if works in INFRASTRUCTURE:
        held.append("rail_tunnel_or_power_works")
    if works in EXPLOSIVE:
        held.append("flammable_explosive_works")
    if works in KEY_BUILDINGS:
        held.append("key_public_building")
    if row["public_building_area_m2"] > 400_000_000 or row["public_building_height_m"] > 50_000:  # noqa: PLR2004
        held.append("large_public_building")
    special = bool(held)
    day = row["review_commissioned_on"]
    if day > GAP_LAST:
        held.append("commissioned_later")
    elif day >= GAP_FIRST:
        held.append("commissioning_gap")
        return "referred", held
    else:
        held.append("commissioned_earlier")
        return "prior_review", held
    if special:
        return "joint_review", held
    if row["investment"] == "non_government" and (
        row["district_listed"]
        or (
            row["total_floor_area_m2"] < 20_000_000  # noqa: PLR2004
            and row["building_height_m"] < 12_000  # noqa: PLR2004
            and row["storey_height_m"] < 6_000  # noqa: PLR2004
            and row["storeys_above_ground"] <= 2  # noqa: PLR2004
            and row["basement"] in BASEMENTS
            and row["single_function"]
            and row["simple_technique"]
            and (
                row["building_use"] in LISTED_USES
                or (row["building_use"] in ANY_USES and row["similar_use"])
            )
        )
    ):
        return "exempt", held
    return "deferred_review", held


def decide_open_by_hand(  # noqa: C901, PLR0912 - as above
    extents: dict[str, tuple[int, int]],
) -> tuple[str | None, list[str], list[str]]:
    """Return the path, None while it is open, the rules that hold, and those that may.

    It reads the same extents as the truth reader and answers the same question.
    """
    held: list[str] = []
    open_: list[str] = []
    for fact, limit, rule in (*VENUES, ("residential_height_m", 54_000, "tall_dwelling")):
        low, high = extents[fact]
        if low > limit:
            held.append(rule)
        elif high > limit:
            open_.append(rule)
        if rule == "large_entertainment_venue":
            if held:
                held.append("contains_listed_venue")
            elif open_:
                open_.append("contains_listed_venue")
    low, high = extents["special_works"]
    for bits, rule in (
        (0b1111, "rail_tunnel_or_power_works"),
        (0b110000, "flammable_explosive_works"),
        (0b1111111000000, "key_public_building"),
    ):
        if low & bits:
            held.append(rule)
        elif high & bits:
            open_.append(rule)
    area, height = extents["public_building_area_m2"], extents["public_building_height_m"]
    if area[0] > 400_000_000 or height[0] > 50_000:  # noqa: PLR2004
        held.append("large_public_building")
    elif area[1] > 400_000_000 or height[1] > 50_000:  # noqa: PLR2004
        open_.append("large_public_building")
    special = 2 if held else 1 if open_ else 0
    first, last = extents["review_commissioned_on"]
    sure_day = True
    if first > GAP_LAST:
        held.append("commissioned_later")
    elif last < GAP_FIRST:
        held.append("commissioned_earlier")
        return "prior_review", held, open_
    elif first >= GAP_FIRST and last <= GAP_LAST:
        held.append("commissioning_gap")
        return "referred", held, open_
    else:
        sure_day = False
    investment = extents["investment"]
    exempt = 0
    if investment[1] & 1:
        exempt = 2 if investment == (1, 1) else 1
        listed = extents["district_listed"]
        if listed != (1, 1):
            low_risk = _low_risk(extents)
            exempt = min(exempt, max(low_risk, listed[1]))
    if not sure_day:
        return None, held, open_
    if special == 2:  # noqa: PLR2004
        return "joint_review", held, open_
    if special == 1:
        return None, held, open_
    return ("deferred_review", None, "exempt")[exempt], held, open_


def _low_risk(extents: dict[str, tuple[int, int]]) -> int:
    """Return how far a project is low-risk, its investment aside: 0 no, 1 perhaps, 2 yes."""
    low = high = 2
    for fact, limit in (
        ("total_floor_area_m2", 20_000_000),
        ("building_height_m", 12_000),
        ("storey_height_m", 6_000),
        ("storeys_above_ground", 3),
    ):
        least, most = extents[fact]
        if least >= limit:
            return 0
        if most >= limit:
            low = 1
    for fact in ("single_function", "simple_technique"):
        least, most = extents[fact]
        if not most:
            return 0
        if not least:
            low = 1
    least, most = extents["basement"]
    if not most & 0b11 or least & ~0b11:
        return 0
    if most & ~0b11:
        low = 1
    return min(low, high, _listed_use(extents))


def _listed_use(extents: dict[str, tuple[int, int]]) -> int:
    least, most = extents["building_use"]
    listed = 2 if not most & ~0b11111 else 1 if most & 0b11111 and not least & ~0b11111 else 0
    if listed == 2:  # noqa: PLR2004
        return listed
    any_use = (
        2 if not most & ~0b11111111 else 1 if most & 0b11111111 and not least & ~0b11111111 else 0
    )
    similar = extents["similar_use"]
    return max(listed, min(any_use, similar[0] + similar[1]))
