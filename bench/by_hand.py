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
