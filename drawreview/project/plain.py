"""Read a project in which all is well without pydantic, whose import outlasts a whole decision.

It takes only what `Project` takes and as `Project` takes it, and leaves whatever is not plain to
the model. tests/properties/test_plain_projects.py holds the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast
from unicodedata import is_normalized

from drawreview.fact import Kind, scaled
from drawreview.legible import surely_legible
from drawreview.project.from_yaml import is_mapping, is_sequence
from drawreview.project.kinds import (
    DISTRICTS,
    MOST_PARTS,
    SPECIAL_WORKS,
    VENUE_FACT,
    BuildingUse,
    Category,
    FireHazardClass,
    HeightBasis,
    Hint,
    Investment,
    RoomKind,
    RoomPurpose,
    Works,
)

if TYPE_CHECKING:
    from drawreview.project.model import Project

Reader = Callable[[Any], Any]


_PLAIN: Final = {str, bool, int}


class Part:
    """A project, or a part of one, with the attributes that its model would have."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.__dict__ = said

    @property
    def signed(self) -> bool:
        """Whether a judgement says who judged, when and why."""
        return None not in (self.__dict__["by"], self.__dict__["on"], self.__dict__["why"])

    def model_copy(self, *, update: Mapping[str, Any]) -> Part:
        """Return a copy in which some attributes are others."""
        return Part({**self.__dict__, **update})

    def model_dump(self, **_: object) -> dict[str, Any]:
        """Return what is stated as plain values, as the model does for JSON, without None."""
        return _dumped(self)


class _NotPlainError(Exception):
    """Something is wrong, or so unusual that the model should look at it."""


# What the readers below raise: a value among no others is a KeyError, one that cannot be looked
# up at all a TypeError, and what is no day or too fine a number a ValueError.
_NOT_PLAIN: Final = (_NotPlainError, KeyError, TypeError, ValueError)


def plainly_stated(data: object) -> Project | None:
    """Return a stand-in for the project of a file, which decides alike; None if it is not plain."""
    try:
        return cast("Project", _PROJECT(data))
    except _NOT_PLAIN:
        return None


def _dumped(value: Any) -> Any:  # noqa: ANN401 - any part of a project
    kind = cast("type[object]", type(value))
    if kind in _PLAIN:
        return value
    if kind is Part:
        said = value.__dict__.items()
        return {name: _dumped(each) for name, each in said if each is not None}
    if kind is tuple:
        return [_dumped(each) for each in value]
    if kind is Decimal:
        return str(value)
    if kind is date:
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _words(value: object) -> str:
    said = value if type(value) is str else _digits(value)
    if (
        surely_legible(said)
        and 0 < len(said) <= 2_000  # noqa: PLR2004 - the model's own
        and said.strip() == said
        and is_normalized("NFC", said)
    ):
        return said
    raise _NotPlainError


def _digits(value: object) -> str:
    if type(value) is not int or not 0 <= value < 10**20:
        raise _NotPlainError
    return str(value)


def _matching(pattern: str) -> Reader:
    fits = re.compile(pattern, re.ASCII).fullmatch

    def read(value: Any) -> str:  # noqa: ANN401 - what is no text is a TypeError
        if not fits(value):
            raise _NotPlainError
        return value

    return read


def _named_in(names: Collection[str]) -> Reader:
    return {name: name for name in names}.__getitem__


def _one_of(kinds: type[Enum]) -> Reader:
    return {kind.value: kind for kind in kinds}.__getitem__


def _quantity(kind: Kind, most: int) -> Reader:
    def read(value: object) -> Decimal:
        if type(value) is int and 0 < value <= most:  # no finer than any step
            return Decimal(value)
        if type(value) is not Decimal or not value.is_finite() or not 0 < value <= most:
            raise _NotPlainError
        scaled(kind, value)
        return value

    return read


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value <= 1_000:  # noqa: PLR2004 - as above
        raise _NotPlainError
    return value


def _yes(value: object) -> bool:
    if value is True or value is False:
        return value
    raise _NotPlainError


_IS_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII).fullmatch


@lru_cache(maxsize=4096)  # eleven years of days; most projects name the same few
def _day(value: Any) -> date:  # noqa: ANN401 - as above
    if not _IS_ISO_DAY(value):
        raise _NotPlainError
    return date.fromisoformat(value)


def _commissioned(value: object) -> date | str:
    return "not_commissioned" if value == "not_commissioned" else _day(value)


def _many(read: Reader) -> Reader:
    def read_all(value: object) -> tuple[Any, ...]:
        if not is_sequence(value) or len(value) > MOST_PARTS:
            raise _NotPlainError
        return tuple(map(read, value))

    return read_all


def _part(fields: Mapping[str, Reader], needed: Collection[str] = (), **unsaid: object) -> Reader:
    """Return a reader of keys and values that takes these keys only.

    Args:
        fields: What reads the value of each key; a key left out, or null, is None.
        needed: The keys that must be there.
        unsaid: The keys that are never None, and what they are when left out.
    """
    blank = {name: unsaid.get(name) for name in fields if name not in needed}
    never_none = {*unsaid, *needed}

    def read(value: object) -> Part:
        if not is_mapping(value):
            raise _NotPlainError
        said = blank.copy()
        for name, stated in value.items():
            reader = fields[name]
            if stated is not None or name in never_none:
                said[name] = reader(stated)
        if len(said) != len(fields):  # one that is needed is not there
            raise _NotPlainError
        return Part(said)

    return read


_MONTH: Final = _matching(r"(19|20)\d\d-(0[1-9]|1[0-2])")
_AREA: Final = _quantity(Kind.AREA, 100_000_000)
_LENGTH: Final = _quantity(Kind.LENGTH, 10_000)
_SIGNED: Final = _part({"value": _yes, "by": _words, "on": _day, "why": _words}, ["value"])
_ROOM: Final = _part(
    {"kind": _one_of(RoomKind), "serves": _one_of(RoomPurpose), "floor_area_m2": _AREA}, ["kind"]
)
_VENUE: Final = _part({"kind": _named_in(VENUE_FACT), "floor_area_m2": _AREA}, ["kind"])
_BUILDING: Final = _part(
    {
        "name": _words,
        "use": _one_of(BuildingUse),
        "floor_area_m2": _AREA,
        "height_m": _LENGTH,
        "height_basis": _one_of(HeightBasis),
        "highest_point_m": _LENGTH,
        "max_storey_height_m": _LENGTH,
        "storeys_above_ground": _count,
        "partial_storeys": _count,
        "storeys_below_ground": _count,
        "underground_rooms": _many(_ROOM),
        "fire_venues": _many(_VENUE),
        "fire_hazard_class": _one_of(FireHazardClass),
        "public_building": _yes,
    }
)
_PARTY: Final = dict.fromkeys(
    (
        *("name", "credit_code", "address", "phone"),
        *("legal_representative", "project_leader", "project_leader_phone"),
    ),
    _words,
)
_FIRMS: Final = _many(_part({**_PARTY, "qualification": _words}))
_OWNER: Final = _part({**_PARTY, "agent": _words, "agent_mobile": _words, "blacklisted_on": _day})
_SURVEY: Final = _part({"commissioned": _MONTH, "firms": _FIRMS, "not_surveyed": _words}, firms=())
_DESIGN: Final = _part({"commissioned": _MONTH, "firms": _FIRMS}, firms=())
_PERMIT: Final = _part(
    {
        "land_papers": _yes,
        "planning_papers": _yes,
        "site_verified_not_started": _yes,
        "drawings_complete": _yes,
        "drawings_uploaded_on": _day,
    }
)


def _judged(value: object) -> Part:
    return _SIGNED({"value": value} if isinstance(value, bool) else value)


_PROJECT: Final = _part(
    {
        "schema": _named_in(("drawreview/project@1",)),
        "name": _words,
        "address": _words,
        "district": _named_in(DISTRICTS),
        "project_code": _matching(r"\d{4}-\d{6}-\d{2}-\d{2}-\d{6}"),
        "investment": _one_of(Investment),
        "category": _one_of(Category),
        "works": _one_of(Works),
        "works_floor_area_m2": _AREA,
        "other_scale": _words,
        "buildings": _many(_BUILDING),
        "single_function": _judged,
        "simple_technique": _judged,
        "similar_use": _judged,
        "hints": _many(_one_of(Hint)),
        "special_works": _many(_named_in(SPECIAL_WORKS)),
        "district_list": _words,
        "review_commissioned_on": _commissioned,
        "project_owner": _OWNER,
        "survey": _SURVEY,
        "design": _DESIGN,
        "permit": _PERMIT,
    },
    schema="drawreview/project@1",
    hints=(),
    project_owner=_OWNER({}),
    survey=_SURVEY({}),
    design=_DESIGN({}),
    permit=_PERMIT({}),
)
