"""Do again what every record says was done, and name each difference; nothing is written."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final, Protocol

from drawreview.errors import EngineError
from drawreview.records.body import SCHEMA, misshapen
from drawreview.records.canonical import canonical, parsed
from drawreview.records.difference import Cause, Difference, Finding, differing_law
from drawreview.records.evidence import Evidence
from drawreview.records.laws import (
    Blobs,
    CalendarLostError,
    Laws,
    LostError,
    Otherwise,
    PackError,
    ReadingError,
    UnreadablePackError,
)
from drawreview.records.plan import Level, Plan
from drawreview.records.referred import records_in
from drawreview.records.replay_decisions import decided_otherwise, decided_under_other_law
from drawreview.records.replay_events import answered_otherwise, answered_under_other_law
from drawreview.records.replay_letters import (
    Letters,
    NotSetError,
    SetElsewhereError,
    not_made_of,
    not_of_decision,
)
from drawreview.records.software import software
from drawreview.records.ways import Said, Ways

__all__ = ["Kept", "Level", "Log", "Otherwise", "Plan", "Replayed", "Ways", "replay"]

_MOST_FINDINGS: Final = 1_000  # that are kept; all are counted
# What reading a body may raise that no honest hand has written; a ValidationError is a ValueError.
_STRANGE: Final = (
    *(ValueError, KeyError, TypeError, AttributeError, IndexError),
    *(ArithmeticError, RecursionError),
)
_KINDS: Final = ("decision", "events", "letter", "erasure", "key_rotation")


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


@dataclass(slots=True)
class Replayed:
    """What a replay did and found.

    Attributes:
        evidence: How far the bytes were those that were signed.
        whole: Decisions made by both engines, whose documents were compared byte by byte.
        read: Decisions of which facts, truths and path were compared.
        events: Records of events that were answered again.
        letters: Letters that were set again.
        outside: References to records that a part of a journal does not hold.
        not_set: Why letters can no longer be set again, and how many.
        set_elsewhere: Which other software set letters that come out otherwise here.
        not_obtainable: Records made by other software than this, which level C looks for.
    """

    plan: Plan
    evidence: Evidence = field(default_factory=Evidence)
    records: int = 0
    decisions: int = 0
    whole: int = 0
    read: int = 0
    events: int = 0
    letters: int = 0
    others: Counter[str] = field(default_factory=Counter[str])
    outside: int = 0
    not_set: Counter[str] = field(default_factory=Counter[str])
    set_elsewhere: Counter[str] = field(default_factory=Counter[str])
    not_obtainable: Counter[str] = field(default_factory=Counter[str])
    counts: Counter[Cause] = field(default_factory=Counter[Cause])
    moves: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    findings: list[Finding] = field(default_factory=list[Finding])

    @property
    def holds(self) -> bool:
        """Whether nothing was found, in the bytes or in what was done again."""
        return not self.total

    @property
    def total(self) -> int:
        """How much was found, in the bytes and in what was done again."""
        return self.counts.total() + self.evidence.count

    def found(self, kept: Kept, difference: Difference) -> None:
        """Count a finding, and keep it while there are not too many."""
        cause, clauses, said, path = difference
        self.counts[cause] += 1
        if path:
            self.moves[path] += 1
        if len(self.findings) < _MOST_FINDINGS:
            self.findings.append(Finding(kept.seq, kept.id, cause, clauses, said, path))


def replay(  # noqa: PLR0913 - what is replayed, and how
    log: Log,
    plan: Plan | None = None,
    *,
    evidence: Evidence | None = None,
    progress: Callable[[int], None] = lambda _: None,
    ways: Ways | None = None,
    partial: bool = False,
) -> Replayed:
    """Replay the records of a log; nothing is written.

    Args:
        log: A journal or a bundle.
        plan: Which records and how closely; all of them wholly, at level B, if none is given.
        evidence: How far the log was verified; that all is as it was signed, if none is given.
        progress: Is told after each record how many there were.
        ways: How events are answered and letters set again; without a way they are only counted.
        partial: Whether the log is a part of a journal, which may refer to records outside it.
    """
    plan, ways = plan or Plan(), ways or Ways()
    done = Replayed(plan, evidence or Evidence())
    again = _Again(plan, Laws(log, plan.otherwise), ways, done, partial=partial)
    for kept in log.records():
        again.record(kept)
        done.records += 1
        progress(done.records)
    if again.letters:
        again.set_letters(log)
        done.findings.sort(key=lambda finding: finding.seq)
    return done


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a record stands; its body is not kept."""

    seq: int
    id: str
    body: bytes = b""


@dataclass(slots=True)
class _Again:
    plan: Plan
    laws: Laws
    ways: Ways
    done: Replayed
    partial: bool
    # The letters that are to be set, by the records of their decisions.
    letters: dict[str, list[tuple[_Place, Said]]] = field(
        default_factory=dict[str, list[tuple[_Place, Said]]]
    )
    _seen: dict[str, str] = field(default_factory=dict[str, str])  # the kinds of earlier records
    _other_days: set[str] = field(default_factory=set[str])  # records that are not replayed
    _erased: set[str] = field(default_factory=set[str])  # records without personal data any more
    _wrong: dict[str, Cause] = field(default_factory=dict[str, Cause])
    _random: Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = Random(self.plan.seed)  # noqa: S311 - a sample, not a secret

    def record(self, kept: Kept) -> None:
        """Replay one record."""
        for found in self._looked_at(kept):
            difference = self.done.evidence.judged(found, kept.seq)
            self._wrong.setdefault(kept.id, difference.cause)
            self.done.found(kept, difference)

    def _looked_at(self, kept: Kept) -> Iterator[Difference]:
        """Yield what is found of a record; whatever it says, it ends no replay."""
        try:
            said = parsed(kept.body)
            kind = said["kind"]
            if said["id"] != kept.id:
                yield _damaged(f"内容自称 {said['id']}")
            if kind in _KINDS and said["schema"] != SCHEMA:
                yield _damaged(f"不认识版本 {said['schema']}")
                return
            yield from self._misshapen(said)
            yield from self._strangers(said)
            self._seen[kept.id] = kind
            if kind != "decision":
                self.done.others[str(kind)] += 1
            if kind == "letter":
                yield from self._letter(kept, said)
            elif kind in {"decision", "events"}:
                if self.plan.covers(said["on"]):
                    yield from self._answered(kept, said)
                else:
                    self._other_days.add(kept.id)
        except (PackError, EngineError) as error:
            yield _not_done(error)
        except _STRANGE as error:
            yield _damaged(f"读不懂：{type(error).__name__}")

    def _misshapen(self, said: Said) -> Iterator[Difference]:
        """Yield what a record says as no record does."""
        if said["kind"] not in _KINDS:
            yield _damaged(f"不认识记录种类 {said['kind']}")
        elif self.plan.sample >= 1 and (part := misshapen(said)):
            yield _damaged(f"{part} 不是记录的写法")

    def _strangers(self, said: Said) -> Iterator[Difference]:
        """Yield each record that is referred to and does not stand before."""
        wanted = "decision" if said["kind"] == "letter" else None
        for earlier in records_in(said):
            kind = self._seen.get(earlier)
            if kind is None and self.partial:
                self.done.outside += 1
            elif kind is None or (wanted and kind != wanted):
                yield _damaged(f"所据的记录 {earlier} 不在它之前")
            if said["kind"] == "erasure":
                self._erased.add(earlier)

    def _answered(self, kept: Kept, said: Said) -> Iterator[Difference]:
        """Yield what comes out otherwise of a record of a decision or of events."""
        decides = said["kind"] == "decision"
        if self._made_elsewhere(said):
            return
        if self.plan.level == "A":
            self.done.decisions += decides
            self.done.events += not decides
            yield from self._whole(kept, said)
            return
        if not decides and not self.ways.answers:
            return
        closely = decides and self._drawn()
        law = self.laws.under(said["law"]["pack"], said["law"]["readings"])
        if self.plan.level != "D":
            yield from differing_law(said["law"], law, counts_days=not decides)
        if decides:
            self.done.decisions += 1
            self.done.whole += closely
            self.done.read += not closely
            if self.plan.level == "D":
                yield from decided_under_other_law(said, law, self.laws, closely=closely)
            else:
                yield from decided_otherwise(said, law, closely=closely)
        else:
            self.done.events += 1
            if self.plan.level == "D":
                yield from answered_under_other_law(said, law, self.laws, self.ways)
            else:
                yield from answered_otherwise(said, law, self.laws, self.ways)

    def _drawn(self) -> bool:
        return self.plan.sample >= 1 or self._random.random() < self.plan.sample

    def _made_elsewhere(self, said: Said) -> bool:
        """Whether level C cannot do a record again, since other software made it."""
        made_by: Mapping[str, str | None] = said["software"]
        if self.plan.level != "C" or made_by == software():
            return False
        self.done.not_obtainable["、".join(f"{n} {v}" for n, v in made_by.items() if v)] += 1
        return True

    def _whole(self, kept: Kept, said: Said) -> Iterator[Difference]:
        """Yield what is wrong with the bytes of a record and of what it refers to."""
        if canonical(said) != kept.body:
            yield _damaged("不是规范写法")
        self.laws.archive(said["law"]["pack"])
        if said["kind"] == "events":
            try:
                self.laws.calendar(said["law"]["calendar"])
            except CalendarLostError as error:
                yield Difference(Cause.CALENDAR_CHANGED, (), str(error))

    def _letter(self, kept: Kept, said: Said) -> Iterator[Difference]:
        """Yield what is wrong with what a letter was made from; remember to set it again."""
        other_day = said["decision"] in self._other_days
        if other_day or self.plan.level == "D" or self._made_elsewhere(said):
            return
        if self.plan.level == "A" and canonical(said) != kept.body:
            yield _damaged("不是规范写法")
        lost = tuple(not_made_of(said, self.laws.blobs))
        yield from lost
        if self.plan.level != "A" and not lost and self._drawn():
            self.letters.setdefault(said["decision"], []).append((_Place(kept.seq, kept.id), said))

    def set_letters(self, log: Log) -> None:
        """Set the remembered letters again, reading the records of their decisions once more."""
        with tempfile.TemporaryDirectory(prefix="drawreview-forms-") as folder:
            letters = Letters(self.laws, self.ways, Path(folder), self._erased)
            for kept in log.records():
                for place, said in self.letters.pop(kept.id, ()):
                    for difference in self._set(letters, said, kept):
                        judged = self.done.evidence.judged(difference, place.seq, kept.seq)
                        self.done.found(place, judged)
        if self.letters:
            self.done.not_set["决定的记录不在这里"] += sum(map(len, self.letters.values()))

    def _set(self, letters: Letters, letter: Said, kept: Kept) -> Iterable[Difference]:
        try:
            decision = parsed(kept.body)
            if wrong := tuple(not_of_decision(letter, kept.seq, decision)):
                return wrong
            found = tuple(letters.set_otherwise(letter, decision))
        except NotSetError as error:
            self.done.not_set[str(error)] += 1
            return ()
        except SetElsewhereError as error:
            self.done.set_elsewhere[str(error)] += 1
            return ()
        except (PackError, LostError, EngineError) as error:
            # The same is told once, with the decision, if that was done again.
            return () if kept.id in self._wrong else (_not_done(error),)
        except _STRANGE as error:
            return (_damaged(f"读不懂：{type(error).__name__}"),)
        self.done.letters += 1
        # A letter of a decision that was tampered with differs for the same reason.
        own = self._wrong.get(kept.id)
        return tuple(each._replace(cause=own) for each in found) if own else found


def _not_done(error: PackError | LostError | EngineError) -> Difference:
    match error:
        case UnreadablePackError() | EngineError():
            cause = Cause.ENGINE_DEFECT
        case ReadingError():
            cause = Cause.READING_CHANGED
        case PackError():
            cause = Cause.PACK_CHANGED
        case _:
            cause = Cause.DAMAGED
    return Difference(cause, (), str(error))


def _damaged(said: str) -> Difference:
    return Difference(Cause.DAMAGED, (), said)
