"""The decision as a published JSON document, part by part."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass, fields
from functools import lru_cache
from hashlib import sha256
from typing import Annotated, Any, Final, Literal

ReviewPath = Literal[
    "exempt",
    "joint_review",
    "deferred_review",
    "prior_review",
    "undetermined",
    "referred",
    "out_of_scope",
]
PATH_ZH: dict[str, str] = {
    "exempt": "免于审查",
    "joint_review": "联合审查",
    "deferred_review": "审查后置",
    "prior_review": "继续办结原委托审查",
    "undetermined": "待补充",
    "referred": "须请示",
    "out_of_scope": "不适用",
}
ANNEX_ZH: dict[str | None, str] = {"annex_1": "附件1", "annex_2": "附件2", None: "不出具"}


@dataclass(frozen=True)
class FactReason:
    """A fact in a reason: its value, the limit, and how far inside (+) or outside (-) it lies."""

    fact: str
    value: str | None
    operator: str
    limit: str
    distance: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class Reason:
    """One phrase of one rule that was tried, won or lost."""

    rule: str
    document: str
    clause: str
    phrase: str
    truth: Literal["true", "false", "unknown"]
    won: bool
    overridden_by: str | None
    facts: tuple[FactReason, ...]


@dataclass(frozen=True)
class Missing:
    """A field of the project file that could still change the path."""

    field: str
    fact: str
    clause: str
    phrase: str


@dataclass(frozen=True)
class Warned:
    """Something that a clerk must know beside the decision."""

    question: str
    clause: str
    text: str


@dataclass(frozen=True)
class DutyOwed:
    """Who must do what, by when, in the law's words."""

    who: tuple[str, ...]
    what: str
    before: str | None
    upon: str | None
    within_workdays: int | None
    clause: str
    phrase: str


@dataclass(frozen=True)
class PermitReason:
    """What opens or closes the permit route."""

    clause: str
    phrase: str
    truth: Literal["true", "false", "unknown"]


@dataclass(frozen=True)
class AdoptedReading:
    """A reading under which the decision was made because an authority has adopted it."""

    question: str
    reading: str
    number: str
    issuer: str
    issued: Annotated[str, "an ISO 8601 date"]


@dataclass(frozen=True)
class DecisionDocument:
    """The decision as JSON."""

    schema: Literal["drawreview/decision@1"]
    decision_id: str
    on: Annotated[str, "an ISO 8601 date"]
    project: dict[str, str | None]
    review_path: ReviewPath
    review_path_zh: str
    letter: Literal["annex_1", "annex_2"] | None
    certainty: Literal["robust", "depends"]
    depends_on: tuple[str, ...]
    assumption: Literal["assume_in_force"] | None
    because: str | None
    reasons: tuple[Reason, ...]
    missing: tuple[Missing, ...]
    permit_route: Literal["commitment", "ordinary", "closed"] | None
    permit_reasons: tuple[PermitReason, ...]
    permit_missing: tuple[str, ...]
    duties: tuple[DutyOwed, ...]
    warnings: tuple[Warned, ...]
    rulebook: dict[str, str | None]
    readings: dict[str, str]
    adopted_readings: tuple[AdoptedReading, ...]
    engine: dict[str, str]


def identified(document: DecisionDocument, reasons: bytes) -> tuple[str, bytes]:
    """Return the id of a document, the SHA-256 of all its content but the id, and its bytes.

    Args:
        document: The document without its id and without its reasons.
        reasons: Its reasons as JSON.
    """
    parts = vars(document)
    before, between, after = (
        b",".join([name + write(parts[part]) for part, name, write in some]) for some in _PARTS
    )
    start, end = b'{%b,"decision_id":"' % before, b",%b}" % after
    middle = b'",%b,"reasons":' % between
    content = sha256(start + middle)
    content.update(reasons)
    content.update(end)
    found = content.hexdigest()
    return found, b"".join((start, found.encode(), middle, reasons, end))


# A dataclass without slots is its own dictionary: to write it copies nothing.
_ENCODER: Final = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=vars
)


def written(content: object) -> bytes:
    """Return the bytes of a document, of a part, or of plain values: JSON in one form only."""
    return _ENCODER.encode(content).encode()


@lru_cache(maxsize=4_096)
def _recurring(part: Hashable) -> bytes:
    """Return the bytes of words, or of parts, that the law and its register say, not a project."""
    return written(part)


def _recurring_names(part: dict[str, Any]) -> bytes:
    return _recurring_items(tuple(part.items()))


@lru_cache(maxsize=64)
def _recurring_items(items: tuple[tuple[str, Hashable], ...]) -> bytes:
    return written(dict(items))


def _own(part: dict[str, str | None]) -> bytes:
    return b'{"digest":%b,"name":%b}' % (written(part["digest"]), written(part["name"]))


_WRITERS: Final[dict[str, Callable[[Any], bytes]]] = {
    "project": _own,
    "rulebook": _recurring_names,
    "readings": _recurring_names,
    "engine": _recurring_names,
}


def _parts(after: str, before: str) -> list[tuple[str, bytes, Callable[[Any], bytes]]]:
    """Return the parts between two of them as JSON has them, by their names, and their writers."""
    names = sorted(field.name for field in fields(DecisionDocument))
    return [
        (name, written(name) + b":", _WRITERS.get(name, _recurring))
        for name in names
        if after < name < before
    ]


_PARTS: Final = (
    _parts("", "decision_id"),
    _parts("decision_id", "reasons"),
    _parts("reasons", "~"),
)

BLANK: Final[Any] = "\ue000"  # a character of nobody's writing


def around_blanks(content: object) -> list[bytes]:
    """Return what stands between the blanks of a part; to be filled in, it has `%%` for `%`."""
    return written(content).replace(b"%", b"%%").split(written(BLANK))


def with_blanks(content: object) -> bytes:
    """Return the bytes of a part, with `%b` where it has blanks."""
    return b"%b".join(around_blanks(content))
