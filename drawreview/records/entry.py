"""What is asked of the journal, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Final

from drawreview.records.merkle import Proof
from drawreview.records.note import proof_text

SALT_BYTES: Final = 16


@dataclass(frozen=True)
class Blob:
    """Something a record refers to by its SHA-256, stored once: a rulebook, a calendar, a form."""

    kind: str
    content: bytes

    @cached_property
    def sha256(self) -> str:
        """The name of the content."""
        return sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Personal:
    """Names and phones: kept beside the record, which holds nothing but `commitment` of them."""

    salt: bytes
    content: bytes

    @property
    def commitment(self) -> str:
        """Return what the record holds. The salt keeps an eleven-digit phone from being guessed."""
        return sha256(self.salt + self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Erased:
    """Personal data that is no more: whose record it was, and its commitment there."""

    record: str
    personal: str


@dataclass(frozen=True, slots=True)
class Names:
    """What a body says of itself and of others: its id, its commitment, and what it corrects."""

    id: str | None
    personal: str | None
    corrects: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody asks to have recorded.

    `names` is what the body names, where whoever has just written it knows; else it is read.
    """

    id: str
    body: bytes
    blobs: tuple[Blob, ...] = ()
    personal: Personal | None = None
    idempotency_key: str | None = None
    names: Names | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the journal answers once a record will survive a power cut.

    `proof` leads from the record's leaf to `root`, the root of the first `size` records, which
    `checkpoint` signs. `repeated`: the idempotency key was known, and this is the first record.
    """

    id: str
    seq: int
    leaf: bytes
    size: int
    root: bytes
    checkpoint: str
    proof: Proof
    repeated: bool = False

    @property
    def tlog_proof(self) -> str:
        """Return the file that proves the record's place without the journal."""
        return proof_text(self.seq, self.proof, self.checkpoint)
