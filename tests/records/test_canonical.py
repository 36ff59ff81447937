"""Canonical bytes are those of RFC 8785, and what can be understood in two ways is refused."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict
from typing import cast

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from drawreview.records.canonical import canonical, parsed
from drawreview.records.moment import Moment

ASCII = st.text(st.characters(max_codepoint=127), max_size=8)
WORDS = st.text(max_size=12).map(lambda text: unicodedata.normalize("NFC", text))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ASCII, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_the_bytes_are_those_of_rfc_8785(value):
    assert canonical(value) == rfc8785.dumps(value)
    assert parsed(canonical(value)) == value


@given(st.dictionaries(ASCII, VALUES, max_size=4), st.dictionaries(ASCII, VALUES, max_size=4))
def test_members_that_are_written_already_stand_where_they_belong(members, others):
    written = {name: canonical(each) for name, each in others.items()}
    assert canonical(members, **written) == canonical({**members, **others})


def test_a_dataclass_is_written_as_its_members():
    moment = Moment(utc="2021-03-01T00:00:00Z", offset="+08:00", zone="Asia/Shanghai")
    assert canonical([moment]) == canonical([asdict(moment)])
    with pytest.raises(ValueError, match=r"\$\[0\]\.zone"):
        canonical([Moment("", "", cast("str", 1.5))])


def test_words_that_are_written_already_are_in_normal_form_too():
    with pytest.raises(ValueError, match="normal form"):
        canonical({}, name='"e\u0301"'.encode())


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        2**53 + 1,
        {"面积": 1},
        {1: 1},
        ["e\u0301"],
        {"a": {"b": b"1"}},
        float("nan"),
        {"a": {1}},
    ],
)
def test_what_has_no_one_form_is_refused(value):
    with pytest.raises(ValueError, match=r"\$"):
        canonical(value)


@pytest.mark.parametrize("body", [b'{"a":1,"a":1}', b"1.0", b"[1e2]", b"NaN", b"", b"\xff", b"{}x"])
def test_json_that_can_be_understood_in_two_ways_is_not_read(body):
    with pytest.raises(ValueError):  # noqa: PT011 - of whatever kind
        parsed(body)
