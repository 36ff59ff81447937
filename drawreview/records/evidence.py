"""How far a log is known to be as it was signed: over other bytes a replay accuses no engine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from drawreview.records.difference import Cause, Difference
from drawreview.records.note import PublicKey
from drawreview.records.report import Report
from drawreview.records.verify_bundle import FAILS, UNCHECKED, Held, verify

_DOUBTED: Final = "字节没有相符的签名检查点作证"
_UNSIGNED: Final = "签名没有用外来的公钥核对，分不清是记录被改还是引擎缺陷"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a log's bytes, tree and signatures say, and what else is held of it.

    Attributes:
        wrong: What does not hold, in words; `count` goes on where there are too many.
        signed: Whether a key that came from elsewhere was there to check signatures.
        proved: The records before this place lie under a signed checkpoint that has their root;
            None: all do.
        altered: The places among them whose bytes are not those that were hashed.
        told: The same for machines.
    """

    wrong: tuple[str, ...] = ()
    count: int = 0
    signed: bool = True
    proved: int | None = None
    altered: frozenset[int] = frozenset()
    told: dict[str, Any] = field(default_factory=dict[str, Any])

    def judged(self, difference: Difference, *places: int) -> Difference:
        """Return a difference that rests on these records, not laid to the engine without proof."""
        if difference.cause is not Cause.ENGINE_DEFECT:
            return difference
        if any(self._doubted(place) for place in places):
            cause, why = Cause.DAMAGED, _DOUBTED
        elif not self.signed:
            cause, why = Cause.UNPROVEN, _UNSIGNED
        else:
            return difference
        return difference._replace(cause=cause, said=f"{difference.said}；{why}")

    def _doubted(self, place: int) -> bool:
        return place in self.altered or (self.proved is not None and place >= self.proved)


def of_journal(report: Report) -> Evidence:
    """Return what verifying a journal says of the records in it."""
    return Evidence(
        tuple(f"[{one.mechanism}] {one.place}: {one.problem}" for one in report.findings),
        report.counts.total(),
        report.signed,
        report.proved,
        frozenset(report.altered),
        json.loads(report.to_json()),
    )


def of_bundle(path: Path, trusted: Sequence[PublicKey], held: Sequence[str]) -> Evidence:
    """Return what verifying a bundle says; one that fails proves nothing: ask for another."""
    vkeys = tuple(key.vkey for key in trusted)
    verdicts = [verify(path, Held(vkeys, one)) for one in held or [None]]
    every = [verdict for each in verdicts for verdict in each.values()]
    fails = [verdict for verdict in every if verdict.verdict == FAILS]
    wrong = tuple(dict.fromkeys(why for verdict in fails for why in verdict.because))
    signed = bool(vkeys) and verdicts[0]["intact"].verdict != UNCHECKED
    told = {
        "holds": not fails,
        "signed": signed,
        "verdicts": [{name: v._asdict() for name, v in each.items()} for each in verdicts],
    }
    return Evidence(wrong, len(wrong), signed, 0 if fails else None, told=told)
