"""What verifying a journal found: how much was looked at, and what does not hold."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Final, Literal

from drawreview.records import merkle

Mechanism = Literal[
    "numbering",  # records are numbered from 0 without a gap
    "leaf",  # a record's bytes are those that were hashed
    "id",  # a record's bytes name the record
    "tree",  # stored subtrees are those of the bytes
    "checkpoint",  # a stored checkpoint covers all records, and every one has its root
    "signature",  # a trusted key signed each checkpoint
    "key",  # the journal names no key that is not trusted
    "blob",  # stored content has the SHA-256 that names it, and none that a record names is missing
    "personal",  # personal data is what its record commits to, or a record tells of its erasure
    "idempotency",  # a key leads to a record
    "correction",  # a record is corrected once, and the index of corrections says by which
    "store",  # the store finds no damage in its own structures
    "guard",  # the triggers against changing and deleting are there
    "memory",  # what the key file's folder remembers
    "held",  # a checkpoint that somebody holds outside
    "receipt",  # a receipt that somebody holds outside
]
_MOST_FINDINGS: Final = 50  # of one mechanism; the count goes on


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold: what noticed it, where, and what it is."""

    mechanism: Mechanism
    place: str
    problem: str


@dataclass(slots=True)
class Report:
    """How much was looked at, what does not hold, and what a reader should know.

    Attributes:
        signed: Whether keys from outside the journal were there to check its signatures.
        proved: How many records, from the first, lie under a checkpoint that a key signed in its
            time and that has the root of their leaves.
        altered: The places of records whose bytes are not those that were hashed.
    """

    size: int = 0
    root: bytes = merkle.EMPTY_ROOT
    checkpoints: int = 0
    blobs: int = 0
    personal: int = 0
    erased: int = 0
    held: int = 0
    signed: bool = True
    proved: int = 0
    altered: set[int] = field(default_factory=set[int])
    findings: list[Finding] = field(default_factory=list[Finding])
    notices: list[str] = field(default_factory=list[str])
    counts: Counter[str] = field(default_factory=Counter[str])

    @property
    def holds(self) -> bool:
        """Say whether nothing was found."""
        return not self.counts

    def to_json(self) -> str:
        """Return the report for machines: counts and findings."""
        said = {
            "holds": self.holds,
            "signed": self.signed,
            "records": self.size,
            "root": self.root.hex(),
            "checkpoints": self.checkpoints,
            "blobs": self.blobs,
            "personal": self.personal,
            "erased": self.erased,
            "held": self.held,
            "counts": dict(self.counts),
            "findings": [asdict(one) for one in self.findings],
            "notices": self.notices,
        }
        return json.dumps(said, ensure_ascii=False, indent=2)

    def find(self, mechanism: Mechanism, place: object, problem: str) -> None:
        """Note a finding."""
        self.counts[mechanism] += 1
        if self.counts[mechanism] <= _MOST_FINDINGS:
            self.findings.append(Finding(mechanism, str(place), problem))
