"""Whether a path survives the errors of measurement."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawreview import decide
from drawreview.advice.tolerance import Margin, read_tolerance, survival
from drawreview.errors import InputError
from drawreview.fact import Kind
from tests.advice.projects import DAY, building, decided, office


def test_both_limits_are_found() -> None:
    close = decide(office(building(floor_area_m2=1985, height_m=11.96)), on=DAY)
    found = survival(close, read_tolerance("area=1%,height=50mm"))
    assert not found.survives
    assert [(c.fact, c.at_least, c.at_most, c.limit) for c in found.crossed] == [
        ("total_floor_area_m2", "1965.15", "2004.85", "2000"),
        ("building_height_m", "11.91", "12.01", "12"),
    ]
    assert survival(close, read_tolerance("area=0.5%")).survives
    assert survival(close, read_tolerance("height=30mm")).survives
    assert not survival(close, read_tolerance("area=15m2")).survives
    assert survival(close, read_tolerance("area=14.99㎡")).survives


def test_a_venue_just_under_its_limit_may_be_special() -> None:
    bar = [{"kind": "bar", "floor_area_m2": 499}]
    found = survival(decide(office(building(fire_venues=bar)), on=DAY), read_tolerance("area=1%"))
    assert [c.clause for c in found.crossed] == ["第十四条(六)"]


def test_what_is_not_decided_by_measure_stands() -> None:
    assert survival(decided("after the trial"), read_tolerance("area=50%")).survives is True


def test_an_open_path_neither_stands_nor_falls() -> None:
    found = survival(decided("undetermined"), read_tolerance("area=50%"))
    assert (found.survives, found.crossed) == (None, ())


@settings(deadline=None, max_examples=80, derandomize=True)
@given(
    st.integers(17_000_000, 23_000_000),
    st.integers(1, 400),
    st.floats(-1, 1),
)
def test_a_path_that_survives_is_that_of_every_measurement_within(
    area: int, permille: int, error: float
) -> None:
    stated = decide(office(building(floor_area_m2=area / 10_000)), on=DAY)
    found = survival(stated, {Kind.AREA: Margin(part=Fraction(permille, 10_000))})
    measured = round(area * (1 + permille / 10_000 * error))
    other = decide(office(building(floor_area_m2=measured / 10_000)), on=DAY)
    assert not found.survives or other.review_path == stated.review_path


@pytest.mark.parametrize(
    "text",
    [
        "",
        "area",
        "area=1",
        "area=1%,area=2%",
        "width=1%",
        "height=5m2",
        "area=5mm",
        "area=100%",
        "height=0.1mm",
        "area=-1%",
        "area=1%,",
    ],
)
def test_a_tolerance_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="--tolerance"):
        read_tolerance(text)
