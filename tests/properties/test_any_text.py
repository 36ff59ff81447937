"""Whatever text stands in a project file, the answer is a project or an InputError."""

from __future__ import annotations

import copy
import itertools
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drawreview.errors import InputError
from drawreview.project.from_yaml import Written
from drawreview.project.model import Project
from drawreview.project.statement import project_of, read_project
from tests.properties.test_plain_projects import EVERYTHING, changed, places

OFFICE = (Path(__file__).parents[2] / "examples" / "office.yaml").read_text(encoding="utf-8")
QUICK = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
PIECES = st.sampled_from(
    [
        *("{", "}", "[", "]", ":", "-", ",", "&a", "*a", "!!", "!x", "|", ">", "'", '"', "#", "%"),
        *("\n", "\t", "  ", "\0", "\ufeff", "\ud800", "\x85", "<<", "? ", "---", "...", "~"),
        *("null", "1e999", "1e-9", ".nan", "-0", "0x1F", "2021-02-30", "true", "schema", "办公楼"),
        *("buildings", "height_m", "9" * 40, "1_000", "١٢", "!!python/object:os.system"),
    ]
)
GARBAGE = st.one_of(
    st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join), st.binary().map(repr)
)


def read(text: str) -> None:
    try:
        project = read_project(text, "项目.yaml")
    except InputError as error:
        assert error.problems
        assert all(p.place and p.problem and p.remedy for p in error.problems)
    else:
        assert isinstance(project, Project)


@QUICK
@given(GARBAGE)
def test_garbage(text: str) -> None:
    read(text)


@settings(QUICK, max_examples=60)
@given(st.integers(0, len(OFFICE)), st.integers(0, 30), GARBAGE)
def test_a_spoilt_project_file(at: int, length: int, text: str) -> None:
    read(OFFICE[:at] + text + OFFICE[at + length :])


_KEYS = st.one_of(st.sampled_from([*Project.model_fields, "schema"]), st.text(max_size=5))
_ANY = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=3)),
    max_leaves=12,
)


@QUICK
@given(st.dictionaries(_KEYS, _ANY, max_size=5))
def test_any_json(data: dict[str, object]) -> None:
    read(json.dumps(data))


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_001,
        "字" * 400_000,
        "[" * 400_000,
        "- " * 5_000,
        '{"schema": 1e' + "9" * 900_000 + "}",
        "height_m: 1e" + "9" * 1_000,
        "{" * 100_000,
        '{"a":' * 100_000,
        "a: " * 50_000,
        "a: 1\n" * 50_000,
        "#" * 900_000,
        "9" * 900_000,
        '{"schema": ' + "9" * 900_000 + "}",
        "name: '" + "字" * 300_000 + "'",
        "\0" * 1_000_000,
        '"' + "\\" * 999_000,
    ],
    ids=map(str, range(16)),
)
def test_a_huge_file(text: str) -> None:
    read(text)


def test_whatever_stands_in_a_field_is_refused_in_chinese() -> None:
    odd = [*(None, True, 0, -1, Decimal("1.5"), Decimal("NaN"), 10**25), "", "x", "a\u0301"]
    odd += ["x" * 2_001, "2021-02-30", [], {}, [None], [[]], [{}], {"value": 1}]
    found = places(EVERYTHING)
    for depth, value in itertools.product(set(map(len, found)), odd):
        stated = copy.deepcopy(EVERYTHING)
        for at in found:
            if len(at) == depth:
                changed(stated, at, value, how="set")
        try:
            project_of(Written(stated, {}, ""))
        except InputError as error:
            assert not [p for p in error.problems if "不合要求" in p.problem]
