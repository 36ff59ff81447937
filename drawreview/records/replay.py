"""Decide every recorded decision again, and name each difference; nothing is written.

Levels: A holds the bytes against the tree; B decides again from the same pack and must find the
same document; C is B, for the records that this very software made; D decides under another pack
or reading and tells what would differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from random import Random
from typing import Any, Final, Literal, Protocol, cast

from drawreview.engine.decide import decide, read_only
from drawreview.engine.decision import Decision
from drawreview.engine.document import written
from drawreview.errors import EngineError, InputError
from drawreview.records.body import SCHEMA, bounded, project_in
from drawreview.records.canonical import canonical, parsed
from drawreview.records.difference import (
    Cause,
    Finding,
    cause_between,
    cause_of_deadlines,
    cause_within,
    clauses_of,
    differing,
    moved,
    told,
)
from drawreview.records.laws import (
    Blobs,
    Laws,
    PackError,
    UnreadablePackError,
    loaded,
    with_overlay,
)
from drawreview.records.software import software
from drawreview.rulebook.model import Rulebook
from drawreview.rulebook.readings import with_readings

Level = Literal["A", "B", "C", "D"]
_MOST_FINDINGS: Final = 1_000  # that are kept; all are counted
_BESIDE: Final = (
    "letter",
    "events",
    "key_rotation",
    "erasure",
)  # kinds of record that decide nothing
Said = Mapping[str, Any]
# What a record of events says, and the law: the published document of deadlines.
Deadlines = Callable[[Said, Rulebook], Said]


class Kept(Protocol):
    """A record as a journal or a bundle keeps it."""

    @property
    def seq(self) -> int:
        """Its place, from 0."""
        ...

    @property
    def id(self) -> str:
        """The id it is kept under."""
        ...

    @property
    def body(self) -> bytes:
        """Its exact bytes."""
        ...


class Log(Blobs, Protocol):
    """Where records are kept: a journal, or a bundle that an auditor carries."""

    def records(self) -> Iterator[Kept]:
        """Yield the records in their order."""
        ...


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What level D changes: the rule pack, the files of the overlay, readings."""

    pack: bytes | None = None
    overlay: Mapping[str, bytes] | None = None
    readings: Mapping[str, str] = field(default_factory=dict[str, str])

    def archive(self, recorded: bytes) -> bytes:
        """Return the rule files that take the place of the recorded ones."""
        archive = recorded if self.pack is None else self.pack
        return archive if self.overlay is None else with_overlay(archive, self.overlay)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which decisions to replay and how closely.

    Attributes:
        first: The first decision day; None for no limit.
        last: The last decision day.
        sample: The share that both engines decide, whole documents compared. The truth reader
            reads the others, and facts, truths and path are compared.
        seed: Which records fall into the sample.
    """

    level: Level = "B"
    first: date | None = None
    last: date | None = None
    sample: float = 1.0
    seed: int = 0
    otherwise: Otherwise = Otherwise()

    def covers(self, day: str) -> bool:
        """Whether a decision of that day is to be replayed."""
        return (self.first is None or self.first.isoformat() <= day) and (
            self.last is None or day <= self.last.isoformat()
        )


@dataclass(slots=True)
class Replayed:
    """What a replay did and found."""

    plan: Plan
    records: int = 0
    decisions: int = 0
    whole: int = 0  # decided by both engines, documents compared byte by byte
    read: int = 0  # facts, truths and path compared
    others: Counter[str] = field(default_factory=Counter[str])
    events: int = 0  # records of events whose deadlines were reckoned again
    not_obtainable: int = 0  # made by other software than this, at level C
    counts: Counter[Cause] = field(default_factory=Counter[Cause])
    moves: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    findings: list[Finding] = field(default_factory=list[Finding])

    def found(self, finding: Finding) -> None:
        """Count a finding, and keep it while there are not too many."""
        self.counts[finding.cause] += 1
        if finding.path:
            self.moves[finding.path] += 1
        if len(self.findings) < _MOST_FINDINGS:
            self.findings.append(finding)


def replay(
    log: Log,
    plan: Plan | None = None,
    *,
    progress: Callable[[int], None] = lambda _: None,
    deadlines: Deadlines | None = None,
) -> Replayed:
    """Replay the decisions of a log; nothing is written.

    Args:
        log: A journal or a bundle.
        plan: Which decisions and how closely; all of them wholly, at level B, if none is given.
        progress: Is told after each record how many there were.
        deadlines: Answers the events of a record again; without it they are only counted.
    """
    plan = plan or Plan()
    done = Replayed(plan)
    again = _Again(plan, Laws(log), done, deadlines)
    for kept in log.records():
        again.record(kept)
        done.records += 1
        progress(done.records)
    return done


@dataclass(slots=True)
class _Again:
    plan: Plan
    laws: Laws
    done: Replayed
    deadlines: Deadlines | None = None
    _seen: set[str] = field(default_factory=set[str])
    _random: Random = field(init=False)
    _other: dict[tuple[str, tuple[tuple[str, str], ...]], Rulebook] = field(
        default_factory=dict[tuple[str, tuple[tuple[str, str], ...]], Rulebook]
    )

    def __post_init__(self) -> None:
        self._random = Random(self.plan.seed)  # noqa: S311 - a sample, not a secret

    def record(self, kept: Kept) -> None:
        """Replay one record."""
        try:
            said = parsed(kept.body)
            if said["id"] != kept.id:
                self._find(kept, Cause.DAMAGED, f"内容自称 {said['id']}")
            if said["kind"] != "decision":
                self._beside(kept, said)
            elif said["schema"] != SCHEMA:
                self._find(kept, Cause.DAMAGED, f"不认识版本 {said['schema']}")
            else:
                self._refers(kept, said)
                if self.plan.covers(said["on"]):
                    self._decision(kept, said)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            # pydantic's ValidationError is a ValueError. Whatever a body says, it is a finding.
            self._find(kept, Cause.DAMAGED, f"读不懂：{type(error).__name__}")

    def _beside(self, kept: Kept, said: Said) -> None:
        self.done.others[str(said["kind"])] += 1
        if said["kind"] not in _BESIDE:
            self._find(kept, Cause.DAMAGED, f"不认识记录种类 {said['kind']}")
        if said["kind"] == "events" and self.plan.covers(said["on"]):
            self._events(kept, said)
        if said["kind"] == "letter" and said["decision"] not in self._seen:
            self._find(kept, Cause.DAMAGED, f"承诺书所属的决定 {said['decision']} 不在它之前")

    def _events(self, kept: Kept, said: Said) -> None:
        """Reckon the deadlines of recorded events again, at the levels that ask for the same."""
        if self.deadlines is None or self.plan.level not in {"B", "C"}:
            return
        if self.plan.level == "C" and said["software"] != software():
            self.done.not_obtainable += 1
            return
        self.done.events += 1
        try:
            law = self.laws.under(said["law"]["pack"], said["law"]["readings"])
        except UnreadablePackError as error:
            self._find(kept, Cause.ENGINE_DEFECT, str(error))
        except PackError as error:
            self._find(kept, Cause.PACK_CHANGED, str(error))
        else:
            answer = self.deadlines(said, law)
            if written(answer) != written(said["answer"]):
                cause, clauses = cause_of_deadlines(answer, said)
                self.done.found(Finding(kept.seq, kept.id, cause, clauses, "期限不同"))

    def _whole_record(self, kept: Kept, said: Said) -> None:
        """See that a body is canonical and that its pack is there."""
        if canonical(said) != kept.body:
            self._find(kept, Cause.DAMAGED, "不是规范写法")
        try:
            self.laws.archive(said["law"]["pack"])
        except PackError as error:
            self._find(kept, Cause.PACK_CHANGED, str(error))

    def _refers(self, kept: Kept, said: Said) -> None:
        self._seen.add(kept.id)
        earlier = said["supersedes"]
        if earlier and earlier["id"] not in self._seen:
            self._find(kept, Cause.DAMAGED, f"所更正的决定 {earlier['id']} 不在它之前")

    def _decision(self, kept: Kept, said: Said) -> None:
        if self.plan.level == "C" and said["software"] != software():
            self.done.not_obtainable += 1
            return
        self.done.decisions += 1
        if self.plan.level == "A":
            self._whole_record(kept, said)
            return
        closely = self.plan.sample >= 1 or self._random.random() < self.plan.sample
        self.done.whole += closely
        self.done.read += not closely
        try:
            law = self.laws.under(said["law"]["pack"], said["law"]["readings"])
            if self.plan.level == "D":
                self._differ(kept, said, law, closely=closely)
            elif closely:
                self._same_document(kept, said, law)
            else:
                self._same_finding(kept, said, law)
        except (UnreadablePackError, EngineError) as error:
            self._find(kept, Cause.ENGINE_DEFECT, str(error))
        except PackError as error:
            self._find(kept, Cause.PACK_CHANGED, str(error))

    def _same_document(self, kept: Kept, said: Said, law: Rulebook) -> None:
        decision = _decided(said, law, closely=True)
        recorded = cast("dict[str, Any]", said["decision"])
        if not _same_reading(decision, said) or (
            decision.written_by(recorded.get("engine", {}))[1] != written(recorded)
        ):
            self._explain(kept, said, decision)

    def _same_finding(self, kept: Kept, said: Said, law: Rulebook) -> None:
        decision = _decided(said, law, closely=False)
        if not _same_reading(decision, said):
            self._explain(kept, said, decision)

    def _explain(self, kept: Kept, said: Said, decision: Decision) -> None:
        parts = differing(decision.document, said["decision"])
        self._tell(kept, said, decision, parts, cause=cause_within(decision, said))

    def _differ(self, kept: Kept, said: Said, law: Rulebook, *, closely: bool) -> None:
        """Tell what another pack or reading would change."""
        other_pack = self._under_other_pack(said)
        other = self._under_other_readings(said, other_pack)
        decision = _decided(said, other, closely=closely)
        parts = differing(decision.document, said["decision"]) if closely else ()
        if not parts and decision.review_path == said["decision"]["review_path"]:
            return
        clauses = clauses_of(decision, said)
        cause = cause_between(law, other, [r.id for r in other.rules if r.clause in clauses])
        if self.plan.otherwise.readings:
            by_pack = _decided(said, other_pack, closely=False)
            if by_pack.review_path != decision.review_path or other_pack.digest == law.digest:
                cause = Cause.READING_CHANGED
                asked = other.questions
                clauses = tuple(asked[q].clause for q in self.plan.otherwise.readings)
        self._tell(kept, said, decision, parts, cause=cause, clauses=clauses)

    def _under_other_pack(self, said: Said) -> Rulebook:
        pack, readings = said["law"]["pack"], said["law"]["readings"]
        key = (pack, tuple(sorted(readings.items())))
        if key not in self._other:
            made = loaded(self.plan.otherwise.archive(self.laws.archive(pack)))
            try:
                self._other[key] = with_readings(made, readings) if readings else made
            except InputError as error:  # the other rules know no such reading
                raise PackError(str(error)) from error
        return self._other[key]

    def _under_other_readings(self, said: Said, law: Rulebook) -> Rulebook:
        chosen = dict(self.plan.otherwise.readings)
        if not chosen:
            return law
        key = (law.digest, tuple(sorted({**said["law"]["readings"], **chosen}.items())))
        if key not in self._other:
            self._other[key] = with_readings(law, chosen)
        return self._other[key]

    def _tell(  # noqa: PLR0913 - what is told of a difference
        self,
        kept: Kept,
        said: Said,
        decision: Decision,
        parts: Iterable[str],
        *,
        cause: Cause,
        clauses: tuple[str, ...] | None = None,
    ) -> None:
        clauses = clauses_of(decision, said) if clauses is None else clauses
        what, path = told(decision, said, parts), moved(decision, said)
        self.done.found(Finding(kept.seq, kept.id, cause, clauses, what, path))

    def _find(self, kept: Kept, cause: Cause, said: str) -> None:
        self.done.found(Finding(kept.seq, kept.id, cause, (), said))


def _decided(said: Said, law: Rulebook, *, closely: bool) -> Decision:
    """Decide a recorded project again: by both engines, or by the truth reader alone."""
    way = decide if closely else read_only
    return way(
        project_in(said["project"]),
        on=date.fromisoformat(said["on"]),
        rulebook=law,
        assume_in_force=said["assumption"] is not None,
    )


def _same_reading(decision: Decision, said: Said) -> bool:
    """Whether facts, truths and path are those of the record."""
    return (
        decision.review_path == said["decision"]["review_path"]
        and bounded(decision.measured.extents) == said["extents"]
        and dict(zip(_ids(decision.rulebook), decision.truths, strict=True)) == said["truths"]
    )


@cache
def _ids(law: Rulebook) -> tuple[str, ...]:
    return tuple(rule.id for rule in law.order)
