"""What a project says of persons, and the project without it; no rule may read it.

The law knows the parties as firms. Who answers their telephones is printed on the letter and
kept where it can be erased.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from drawreview.project.from_yaml import is_mapping, is_sequence
from drawreview.project.plain import Part

if TYPE_CHECKING:
    from drawreview.project.model import Project

PERSONAL: Final = frozenset(
    {
        "phone",
        "legal_representative",
        "project_leader",
        "project_leader_phone",
        "agent",
        "agent_mobile",
        "by",  # who signs for a judgement
    }
)
# It stands where something was stated: that a judgement is signed counts, not by whom.
WITHHELD: Final = "〔个人信息〕"


def stated(project: Project) -> dict[str, Any]:
    """Return what a project states as plain values, its numbers as decimal strings."""
    return project.model_dump(mode="json", by_alias=True, exclude_none=True)


def digest(project: Project) -> str:
    """Return the SHA-256 of what a project states, persons withheld, as JSON in one form.

    They decide nothing, and the digest of an eleven-digit telephone number can be guessed.
    """
    # A plain project goes through once: what is about persons is left out as it is written.
    without = project if isinstance(project, Part) else withheld(project)[0]
    return sha256(_ENCODER.encode(without).encode()).hexdigest()


def _impersonal(value: object) -> object:
    """Return what a part of a plain project, or a value in it, is in JSON; no person is in it."""
    if isinstance(value, Part):
        said = vars(value).items()
        return {name: WITHHELD if name in PERSONAL else v for name, v in said if v is not None}
    return value.isoformat() if isinstance(value, date) else str(value)


_ENCODER: Final = json.JSONEncoder(
    ensure_ascii=False,
    check_circular=False,
    sort_keys=True,
    separators=(",", ":"),
    default=_impersonal,
)


def withheld(project: Project) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what a project states without what is about persons, and that, by its place."""
    return withheld_in(stated(project), "")


def withheld_in(part: Any, place: str) -> tuple[Any, dict[str, str]]:  # noqa: ANN401 - plain values
    """Return plain values that stand at a place without what is about persons, and that."""
    taken: dict[str, str] = {}

    def withhold(place: str, said: str) -> str:
        if said != WITHHELD:
            taken[place] = said
        return WITHHELD

    return _replaced(part, place, withhold), taken


def restored(without: dict[str, Any], personal: dict[str, str]) -> dict[str, Any]:
    """Return what a project stated before what is about persons was withheld."""
    return _replaced(without, "", lambda place, said: personal.get(place) or said)


def _replaced(part: Any, place: str, write: Callable[[str, str], str]) -> Any:  # noqa: ANN401
    if is_mapping(part):
        at = f"{place}." if place else ""
        said = dict(part)
        for key, value in part.items():
            if isinstance(value, str):
                if key in PERSONAL:
                    said[key] = write(f"{at}{key}", value)
            elif isinstance(value, (dict, list)):
                said[key] = _replaced(value, f"{at}{key}", write)
        return said
    if is_sequence(part):
        return [_replaced(each, f"{place}[{index}]", write) for index, each in enumerate(part)]
    return part
