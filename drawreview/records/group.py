"""The records of one transaction, placed one after another at the end of the tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from drawreview.errors import ArgumentError, JournalError, Problem
from drawreview.records import merkle, store
from drawreview.records.canonical import said
from drawreview.records.entry import Entry, Receipt
from drawreview.records.merkle import Subtree
from drawreview.records.referred import corrected_in
from drawreview.records.store import Connection


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a record stands."""

    id: str
    seq: int
    leaf: bytes
    repeated: bool = False


@dataclass(slots=True)
class Group:
    """The tree so far: its size, the subtrees it ended with, and those that were added."""

    connection: Connection
    size: int
    peaks: dict[Subtree, bytes]
    made: dict[Subtree, bytes] = field(default_factory=dict[Subtree, bytes])

    def place(self, entry: Entry) -> Placed | JournalError:
        """Insert an entry at the end of the tree; one that cannot stand there harms no other."""
        if found := self._repeated(entry):
            return found
        body = said(entry.body)
        if problem := self._problem(entry, body):
            return JournalError((problem,))
        earlier = corrected_in(body)
        if earlier and (problem := self._corrected(earlier)):
            return ArgumentError((problem,))
        placed = Placed(entry.id, self.size, merkle.leaf_hash(entry.body))
        self.connection.insert("record", [(placed.seq, entry.id, entry.body, placed.leaf)])
        self.made.update(merkle.completed_by(placed.seq, placed.leaf, self.subtree))
        self.size += 1
        self._insert_beside(entry)
        if earlier:
            self.connection.insert("correction", [(earlier, entry.id)])
        return placed

    @property
    def root(self) -> bytes:
        """Return the root as it now is."""
        return merkle.root(self.size, self.subtree)

    def subtree(self, level: int, place: int) -> bytes:
        """Return a complete subtree, from memory wherever an append needs it."""
        return (
            self.made.get((level, place))
            or self.peaks.get((level, place))
            or store.subtree(self.connection, level, place)
        )

    def receipt(self, placed: Placed, note: str, root: bytes) -> Receipt:
        """Return the receipt of a placed record under the checkpoint and the root of the group."""
        proof = merkle.inclusion_proof(placed.seq, self.size, self.subtree)
        return Receipt(
            id=placed.id,
            seq=placed.seq,
            leaf=placed.leaf,
            size=self.size,
            root=root,
            checkpoint=note,
            proof=proof,
            repeated=placed.repeated,
        )

    def _repeated(self, entry: Entry) -> Placed | None:
        if entry.idempotency_key is None:
            return None
        found = self.connection.rows(
            "SELECT record.id, seq, leaf FROM idempotency JOIN record ON record.id = record_id "
            "WHERE key = ?",
            (entry.idempotency_key,),
        )
        return Placed(*found[0], repeated=True) if found else None

    def _problem(self, entry: Entry, body: Mapping[str, Any]) -> Problem | None:
        """Return why an entry cannot be recorded.

        Only the body is under the tree, so it must name the record and its personal data itself.
        """
        if body.get("id") != entry.id:
            return Problem(entry.id, "记录内容里没有它自己的编号。", "把编号写进内容。")
        if entry.personal and body.get("personal") != entry.personal.commitment:
            return Problem(entry.id, "记录内容里没有个人信息的承诺值。", "把承诺值写进内容。")
        if self.connection.rows("SELECT 1 FROM record WHERE id = ?", (entry.id,)):
            return Problem(entry.id, "这个编号已经记过。", "换一个编号；重试用同一个幂等键。")
        return None

    def _corrected(self, earlier: str) -> Problem | None:
        """Return which record has corrected another already, perhaps a moment ago."""
        query = (
            "SELECT before.seq, record_id, record.seq FROM correction"
            " JOIN record ON record.id = record_id"
            " LEFT JOIN record before ON before.id = earlier WHERE earlier = ?"
        )
        for seq, later, at in self.connection.rows(query, (earlier,)):
            place = earlier if seq is None else f"第 {seq} 条记录"
            return Problem(place, f"已被第 {at} 条（{later}）更正。", "改为更正那一条。")
        return None

    def _insert_beside(self, entry: Entry) -> None:
        for blob in entry.blobs:
            known = "SELECT 1 FROM blob WHERE sha256 = ?"
            if not self.connection.rows(known, (blob.sha256,)):
                self.connection.insert("blob", [(blob.sha256, blob.kind, blob.content)])
        if entry.personal:
            one = entry.personal
            self.connection.insert("personal", [(entry.id, one.salt, one.content, None)])
        if entry.idempotency_key is not None:
            self.connection.insert("idempotency", [(entry.idempotency_key, entry.id)])
