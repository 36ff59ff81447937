"""What programs send and get, beside the project and the decision themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from drawreview.engine.document import DecisionDocument, ReviewPath
from drawreview.project.model import Day, Project, legible_lines
from drawreview.site.events import EventFile
from drawreview.web.api.problem import ProblemPart

RecordId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$")]
Note = Annotated[
    str, StringConstraints(min_length=1, max_length=500), AfterValidator(legible_lines)
]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Want = Literal["document", "outcome", "path"]


class DecisionAsked(_Closed):
    """A project, and the day for which to decide; today if none is given.

    `want` is what to answer with: the whole document with every reason, the outcome, or the
    review path alone, each of which takes a fraction of the time of the one before.
    """

    project: Project
    on: Day | None = None
    assume_in_force: Annotated[bool, Field(strict=True)] = False
    want: Want = "document"


class BatchAsked(_Closed):
    """Up to a thousand projects, decided for one day; each is held against its model by itself."""

    projects: Annotated[tuple[dict[str, Any], ...], Field(min_length=1, max_length=1_000)]
    on: Day | None = None
    assume_in_force: Annotated[bool, Field(strict=True)] = False
    want: Literal["outcome", "path"] = "outcome"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision comes to; the whole of it is had by asking for it alone."""

    review_path: ReviewPath
    letter: Literal["annex_1", "annex_2"] | None
    permit_route: Literal["commitment", "ordinary", "closed"] | None


@dataclass(frozen=True, slots=True)
class PathAlone:
    """The review path alone; whether a letter can be had depends on more."""

    review_path: ReviewPath


@dataclass(frozen=True, slots=True)
class BatchItem:
    """The outcome for one project, or what is wrong with it."""

    outcome: Outcome | PathAlone | None = None
    problems: tuple[ProblemPart, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchAnswered:
    """One item for each project, in their order."""

    on: str
    rulebook: str
    items: tuple[BatchItem, ...]


class NextAsked(_Closed):
    """A project as far as it is known, and the fields to which nobody knows the answer."""

    project: Project
    on: Day | None = None
    assume_in_force: Annotated[bool, Field(strict=True)] = False
    unknown: Annotated[tuple[Note, ...], Field(max_length=500)] = ()


class QuestionAsked(_Closed):
    """One question about one field of the project file."""

    field: str
    question: str
    answer: str
    unit: str | None
    choices: tuple[tuple[str, str], ...]
    must_sign: bool
    purpose: str
    clause: str
    phrase: str


class NextAnswered(_Closed):
    """Where a project stands, and what to ask next."""

    settled: bool
    review_path: ReviewPath
    next: QuestionAsked | None
    follows: tuple[QuestionAsked, ...]
    possible_paths: tuple[str, ...]
    whatever: tuple[str, ...]


class LetterAsked(_Closed):
    """A project whose letter is wanted; it says on each page that no window has decided."""

    project: Project
    on: Day | None = None
    assume_in_force: Annotated[bool, Field(strict=True)] = False
    form: Literal["pdf", "docx"] = "pdf"


class SiteAsked(_Closed):
    """A project, what has happened to it, and the day that is looked at."""

    project: Project
    events: EventFile
    on: Day | None = None
    assume_in_force: Annotated[bool, Field(strict=True)] = False


class RecordAsked(_Closed):
    """A project to be decided and recorded; a record that it corrects, and why."""

    project: Project
    on: Day | None = None
    supersedes: RecordId | None = None
    why: Note | None = None
    answers: Annotated[dict[str, Note], Field(max_length=100)] = {}


class Recorded(_Closed):
    """Where a record stands, and the proof that it stands there."""

    id: str
    seq: int
    size: int
    root: str
    checkpoint: str
    tlog_proof: str
    repeated: bool
    decision: DecisionDocument | None = None


class RecordListed(_Closed):
    """A record as a list shows it."""

    seq: int
    id: str
    at: str
    on: str | None
    review_path: str | None
    district: str | None
    name: str | None
    supersedes: str | None
    superseded_by: str | None


class RecordsFound(_Closed):
    """One page of the records that fit, the latest first."""

    count: int
    page: int
    records: tuple[RecordListed, ...]


class RecordShown(_Closed):
    """A record as it was written, and the proof that it stands in the journal."""

    seq: int
    id: str
    leaf: str
    record: dict[str, Any]
    tlog_proof: str


class ReplayAsked(_Closed):
    """Which decisions to replay: those of some days, at most a thousand, or all that fit."""

    first: Day | None = None
    last: Day | None = None
    level: Literal["A", "B", "C"] = "B"


class ReplayFinding(_Closed):
    """One thing that a replay found."""

    seq: int
    record: str
    cause: str
    clauses: tuple[str, ...]
    said: str


class Replayed(_Closed):
    """What a replay did and found."""

    records: int
    decisions: int
    events: int
    letters: int
    findings: tuple[ReplayFinding, ...]
    integrity: tuple[str, ...]  # what does not hold of the bytes, the tree and the signatures
    holds: bool
