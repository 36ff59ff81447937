"""A project read without pydantic is the project that pydantic reads, or it is not read at all."""

from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from drawreview import Project, decide
from drawreview.project.from_yaml import is_mapping, is_sequence, read
from drawreview.project.personal import stated
from drawreview.project.plain import plainly_stated

ON = date(2021, 3, 1)
OFFICE = Path(__file__).parents[2] / "examples" / "office.yaml"
PARTY = {
    "name": "甲公司", "credit_code": "91150204MA0Q000000", "address": "钢铁大街7号", "phone": 4722112233,
    "legal_representative": "张三", "project_leader": "李四", "project_leader_phone": "13847201234",
}  # fmt: skip
SIGNED = {"value": True, "by": "王工", "on": "2021-02-18", "why": "独立基础"}
# Every field that a project can state.
EVERYTHING: dict[str, Any] = {
    "schema": "drawreview/project@1",
    "name": "某配套办公楼",
    "address": "建设路18号",
    "district": "150204",
    "project_code": "2102-150204-04-01-123456",
    "investment": "non_government",
    "category": "building",
    "works": "renovation",
    "works_floor_area_m2": Decimal("12.5"),
    "other_scale": "管线 2 km",
    "buildings": [
        {
            "name": "办公楼",
            "use": "office",
            "floor_area_m2": Decimal("1850.00"),
            "height_m": Decimal("11.40"),
            "height_basis": "eaves",
            "highest_point_m": 12,
            "max_storey_height_m": Decimal("4.2"),
            "storeys_above_ground": 2,
            "partial_storeys": 0,
            "storeys_below_ground": 1,
            "underground_rooms": [
                {"kind": "pump_room", "serves": "fire_protection", "floor_area_m2": 60}
            ],
            "fire_venues": [{"kind": "hotel", "floor_area_m2": Decimal("99.9999")}],
            "fire_hazard_class": "D",
            "public_building": True,
        }
    ],
    "single_function": SIGNED,
    "simple_technique": True,
    "similar_use": False,
    "hints": ["crane"],
    "special_works": ["tunnel"],
    "district_list": "青住建发〔2021〕1号",
    "review_commissioned_on": "2020-12-11",
    "project_owner": {
        **PARTY,
        "agent": "赵六",
        "agent_mobile": 13847205678,
        "blacklisted_on": "2021-01-01",
    },
    "survey": {
        "commissioned": "2020-12",
        "firms": [{**PARTY, "qualification": "甲级"}],
        "not_surveyed": "无",
    },
    "design": {"commissioned": "2020-12", "firms": [{**PARTY, "qualification": "乙级"}]},
    "permit": {
        "land_papers": True,
        "planning_papers": False,
        "site_verified_not_started": True,
        "drawings_complete": True,
        "drawings_uploaded_on": "2021-02-20",
    },
}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 2_000),
    st.integers(),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.sampled_from([Decimal(0), Decimal("0.00001"), Decimal("0.0001"), Decimal("1E+8")]),
    st.sampled_from([Decimal("100000000.0001"), Decimal("1E-400"), 10**25, 1.5, float("nan")]),
    st.text(max_size=8),
    st.sampled_from(["", " 办公楼", "办公楼\n", "a\u0301", "\u00e1", "　", "x" * 2_000, "x" * 2_001]),
    st.sampled_from(["办\u200b公楼", "\u202e楼", "一\n二", "一\t二", "\x9b31m", "楼\U000e0100", "\u3164"]),
    st.sampled_from(["2021-02-30", "2021-02-20", "20210220", "２０２１-02-20", "2020-13", "2020-1"]),
    st.sampled_from(["not_commissioned", "office", "Office", "OFFICE", "non_government", "A", "a"]),
    st.sampled_from(["hotel", "tunnel", "150204", "150299", "true", "1", "drawreview/project@2"]),
    st.sampled_from([[], {}, [None], ["crane"], ["tunnel", "tunnel"], {"value": True}, [[]], [{}]]),
    st.just(SIGNED),
    st.sampled_from([[{}] * 200, [{}] * 201, ["crane"] * 201]),
)  # fmt: skip


def places(part: object, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [at] if at else []
    inside = part.items() if is_mapping(part) else enumerate(part) if is_sequence(part) else ()
    for step, value in inside:
        found += places(value, (*at, step))
    return found


PLACES = st.sampled_from(places(EVERYTHING))


def changed(data: dict[str, Any], at: tuple[Any, ...], value: object, *, how: str) -> None:
    part: Any = data
    for step in at[:-1]:
        try:
            part = part[step]
        except (KeyError, IndexError, TypeError):
            return  # an earlier change took it away
    if not isinstance(part, (dict, list)):
        return
    if how == "add" and isinstance(part, dict):
        part[f"{at[-1]}_"] = value
    elif how == "drop" and isinstance(part, dict):
        part.pop(at[-1], None)
    elif isinstance(part, dict) or (isinstance(at[-1], int) and at[-1] < len(part)):
        part[at[-1]] = copy.deepcopy(value)


def assert_same(plain: Any, model: Any) -> None:
    """Compare attribute by attribute, and type by type."""
    if isinstance(model, BaseModel):
        for name in set(type(model).model_fields) - {"schema_"}:
            assert_same(getattr(plain, name), getattr(model, name))
    elif isinstance(model, tuple):
        assert isinstance(plain, tuple)
        assert len(plain) == len(model)
        for one, other in zip(plain, model, strict=True):
            assert_same(one, other)
    else:
        assert type(plain) is type(model)
        assert plain == model


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(PLACES, ODD, st.sampled_from(["set", "set", "drop", "add"])), max_size=3))
def test_whatever_is_read_plainly_is_what_the_model_reads(
    changes: list[tuple[tuple[Any, ...], object, str]],
) -> None:
    data = copy.deepcopy(EVERYTHING)
    for at, value, how in changes:
        changed(data, at, value, how=how)
    plain = plainly_stated(data)
    if plain is None:
        return
    try:
        model = Project.model_validate(data)
    except ValidationError as error:
        message = f"only the model refuses it: {error}"
        raise AssertionError(message) from None
    assert_same(plain, model)
    assert plain.model_dump() == stated(model)
    assert decide(plain, on=ON).to_json() == decide(model, on=ON).to_json()


def test_a_project_that_states_everything_is_read_plainly() -> None:
    """A field that only the model knows is one that every decision would have to load it for."""

    def fields(part: BaseModel) -> set[str]:
        return {field.alias or name for name, field in type(part).model_fields.items()}

    def assert_whole(part: Any, said: Any) -> None:
        if isinstance(part, BaseModel) and is_mapping(said):
            assert set(said) == fields(part)
            for name, value in said.items():
                assert_whole(getattr(part, name, None), value)
        elif isinstance(part, tuple):
            for one, each in zip(part, said, strict=True):
                assert_whole(one, each)

    model = Project.model_validate(EVERYTHING)
    assert_whole(model, EVERYTHING)
    plain = plainly_stated(EVERYTHING)
    assert plain is not None
    assert_same(plain, model)


def test_the_shipped_example_is_read_plainly() -> None:
    data = read(OFFICE.read_text(encoding="utf-8"), "office.yaml").data
    plain = plainly_stated(data)
    assert plain is not None
    assert plain.model_dump() == stated(Project.model_validate(data))


def test_an_empty_project_is_read_plainly() -> None:
    plain = plainly_stated({})
    assert plain is not None
    assert_same(plain, Project())
