"""What a record says, version 1; this reader stays for as long as such records exist.

Nothing about a person stands in a body, which is hashed and kept for ever: only a salted
commitment to what the erasable table holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Annotated, Any, Final, Literal, cast, get_args

from pydantic import PlainSerializer, TypeAdapter

from drawreview.engine.decision import Decision
from drawreview.engine.document import DecisionDocument, written
from drawreview.errors import InputError, Problem
from drawreview.fact import UNBOUNDED
from drawreview.project.model import Project
from drawreview.project.personal import withheld_in
from drawreview.records.canonical import canonical
from drawreview.records.entry import Erased, Personal
from drawreview.records.journal import new_id, new_personal
from drawreview.records.moment import Moment, now
from drawreview.records.software import software
from drawreview.rulebook.model import Extents, Rulebook

SCHEMA: Final = "drawreview/record@1"
_INNER: Final = (dict, list)  # what has parts
Channel = Literal["cli", "web", "api"]
Paper = Literal["annex_1", "annex_2", "notice"]  # what is printed of a decision and handed over
Role = Literal["clerk", "design_firm", "auditor", "administrator"]
Digest = Annotated[str, "a SHA-256 in hexadecimal"]


_WORDS: Final = ("window", "counter", "desk", "staff", "user", *get_args(Role))
# A number of staff or of a window, in ASCII or as it stands on the window.
_CODE: Final = re.compile(r"(?=.*[0-9])(?:[A-Za-z0-9_.#-]|窗口|工号|[第号窗台]){1,32}")
_MOST_LETTERS: Final = 4  # and digits: more could be a name, a telephone, a citizen's number
_MOST_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted: a number that the office can resolve, or a role; never a person's name.

    A short name with a digit, such as li3, cannot be told from a number: the office sees to that.

    Raises:
        InputError: It is neither a number with at most four letters and six digits, nor a role.
    """

    id: str
    role: Role
    channel: Channel

    def __post_init__(self) -> None:
        if self.id not in get_args(Role) and not _is_code(self.id):
            problem = (
                f"「{self.id}」不是代号：代号要有数字，数字至多{_MOST_DIGITS}位，"
                f"字母至多{_MOST_LETTERS}个（{'、'.join(_WORDS)} 不计）。"
            )
            remedy = "写工号或窗口号，如 w-07、3号窗口，或身份，如 clerk；不写姓名、电话、证件号。"
            raise InputError((Problem("经办人", problem, remedy),))


def _is_code(said: str) -> bool:
    """Whether this is a number with few letters, in whatever way it is divided by signs."""
    bare = re.sub("|".join(_WORDS), "", said, flags=re.IGNORECASE)
    letters = len(re.findall("[A-Za-z]", bare))
    digits = len(re.findall("[0-9]", bare))
    return bool(_CODE.fullmatch(said)) and letters <= _MOST_LETTERS and digits <= _MOST_DIGITS


@dataclass(frozen=True, slots=True)
class Superseded:
    """An earlier record that this one corrects, and why; nothing is ever changed."""

    id: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is said of a decision beside it, and recorded with it."""

    actor: Actor
    at: Moment = field(default_factory=now)
    applied_on: date | None = None
    answers: Mapping[str, str] = field(default_factory=dict[str, str])  # to warnings
    supersedes: Superseded | None = None


@dataclass(frozen=True, slots=True)
class Law:
    """The law that decided: its rule pack, readings, overlay, district lists and calendar."""

    id: str
    pack: Digest
    readings: Mapping[str, str]
    overlay: Mapping[str, str] | None
    district_lists: tuple[str, ...]
    calendar: Digest | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What every record says: that somebody did something, when, and with which software."""

    schema: Literal["drawreview/record@1"] = SCHEMA
    id: str = field(default_factory=new_id)
    at: Moment = field(default_factory=now)
    actor: Actor
    software: Mapping[str, str | None] = field(default_factory=software)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecord(Act):
    """A decision: the facts as given and as measured, the law, and what was decided."""

    kind: Literal["decision"] = "decision"
    on: Annotated[str, "an ISO 8601 date"]
    applied_on: Annotated[str, "an ISO 8601 date"] | None
    assumption: Literal["assume_in_force"] | None
    project: Mapping[str, Any]
    personal: Digest | None
    extents: Mapping[str, Sequence[int | None]]  # least and most; None: no bound
    truths: Mapping[str, int]
    law: Law
    decision: Annotated[bytes, PlainSerializer(json.loads, return_type=DecisionDocument)]
    answers: Mapping[str, str]
    supersedes: Superseded | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRecord(Act):
    """A letter, or a one-time notice: its decision, its files, and what they were made from."""

    kind: Literal["letter"] = "letter"
    decision: Annotated[str, "the id of the decision's record"]
    annex: Paper
    files: Mapping[str, Digest]
    receipt: Annotated[str, "what the letter's code says"]
    forms: Digest
    fonts: Mapping[str, Digest]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsRecord(Act):
    """What happened to a project until a day, and which deadlines followed from it."""

    kind: Literal["events"] = "events"
    on: Annotated[str, "an ISO 8601 date"]
    assumption: Literal["assume_in_force"] | None
    project: Mapping[str, Any]
    personal: Digest | None
    events: tuple[Mapping[str, Any], ...]
    given: Annotated[str, "the SHA-256 of project and events as they stand here"]
    law: Law
    answer: Annotated[Mapping[str, Any], "the published document of deadlines"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureRecord(Act):
    """That personal data was erased: of which records, and why; nothing of what it said."""

    kind: Literal["erasure"] = "erasure"
    erased: tuple[Erased, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRotationRecord(Act):
    """That a new key signs from here on, and why."""

    kind: Literal["key_rotation"] = "key_rotation"
    vkey: Annotated[str, "the new public key, as it stands in keys.json"]
    why: str


AnyRecord = DecisionRecord | LetterRecord | EventsRecord | ErasureRecord | KeyRotationRecord


def decision_record(
    decision: Decision, circumstances: Circumstances
) -> tuple[DecisionRecord, Personal | None]:
    """Return the record of a decision, and what it says of persons apart from it."""
    law, applied_on = decision.rulebook, circumstances.applied_on
    project, taken = decision.withheld
    personal = personal_of(taken)
    record = DecisionRecord(
        at=circumstances.at,
        actor=circumstances.actor,
        on=decision.on.isoformat(),
        applied_on=applied_on and applied_on.isoformat(),
        assumption=decision.assumption,
        project=project,
        personal=personal and personal.commitment,
        extents=bounded(decision.measured.extents),
        truths=dict(zip(law.path.ids, decision.truths, strict=True)),
        law=law_of(law),
        decision=decision.written,
        answers=dict(circumstances.answers),
        supersedes=circumstances.supersedes,
    )
    return record, personal


def personal_of(taken: Mapping[str, str]) -> Personal | None:
    """Return what was withheld, salted; None if nothing was."""
    return new_personal(canonical(dict(taken))) if taken else None


def given_digest(project: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> str:
    """Return the digest by which an edited input is told from an edited answer."""
    return sha256(written([project, list(events)])).hexdigest()


def bounded(extents: Extents) -> dict[str, list[int | None]]:
    """Return extents as records write them: what has no bound has none."""
    return {
        name: [low, None if high == UNBOUNDED else high] for name, (low, high) in extents.items()
    }


def law_of(rulebook: Rulebook, *, calendar: str | None = None) -> Law:
    """Return what a record says of the law, and of the calendar if days were counted by one."""
    return Law(
        id=rulebook.id,
        pack=rulebook.digest,
        readings=dict(rulebook.readings),
        overlay=rulebook.overlay and dict(rulebook.overlay),
        district_lists=tuple(each.number for each in rulebook.district_lists),
        calendar=calendar,
    )


def body_of(record: AnyRecord) -> bytes:
    """Return the bytes of a record as the journal keeps them."""
    if isinstance(record, DecisionRecord):
        return canonical(record, decision=record.decision)
    return canonical(record)


def misshapen(said: Mapping[str, Any]) -> str | None:
    """Return what of a record is said as no record says it; None if all is well.

    Raises:
        ValueError: Its moment is none.
    """
    datetime.fromisoformat(said["at"]["utc"])
    if said["actor"]["role"] not in get_args(Role):
        return "actor.role"
    if said["actor"]["channel"] not in get_args(Channel):
        return "actor.channel"
    if said.get("assumption") not in {None, "assume_in_force"}:
        return "assumption"
    if not isinstance(said.get("supersedes", None), dict | None):
        return "supersedes"
    return "project" if withheld_in(said.get("project"), "")[1] else None


def record_schema() -> dict[str, Any]:
    """Return the JSON Schema of a record's body."""
    return TypeAdapter[AnyRecord](AnyRecord).json_schema(mode="serialization")


def project_in(recorded: Mapping[str, Any]) -> Project:
    """Return the project of a recorded statement, persons withheld.

    Raises:
        pydantic.ValidationError: It is not one that this version of the project can state.
    """
    return Project.model_validate(with_numbers(recorded))


def with_numbers(part: Any) -> Any:  # noqa: ANN401 - any part of a statement
    """Turn decimal strings back into numbers; every name of a measured field ends in its unit."""
    if isinstance(part, dict):
        return {
            key: Decimal(value)
            if key.endswith(("_m2", "_m"))
            else (with_numbers(value) if type(value) in _INNER else value)
            for key, value in cast("dict[str, Any]", part).items()
        }
    if isinstance(part, list):
        return [with_numbers(each) for each in cast("list[Any]", part)]
    return part
