"""The records of one transaction, placed one after another at the end of the tree.

The store is asked once for all of them, and written to once: each statement lets other threads
have the interpreter, and to have it back takes longer than the statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from drawreview.errors import ArgumentError, JournalError, Problem
from drawreview.records import merkle, store
from drawreview.records.canonical import said
from drawreview.records.entry import Entry, Names, Receipt
from drawreview.records.merkle import Subtree
from drawreview.records.referred import names_in
from drawreview.records.store import Connection, Row


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

    def place(self, entries: Sequence[Entry]) -> list[Placed | JournalError]:
        """Insert entries at the end of the tree; one that cannot stand there harms no other."""
        named = [(entry, entry.names or names_in(said(entry.body))) for entry in entries]
        met = self._met(named)
        placed: list[Placed | JournalError] = []
        new: list[tuple[Entry, Names]] = []
        for entry, names in named:
            answer = met.answer_to(entry, names)
            if answer is None:
                answer = Placed(entry.id, self.size, merkle.leaf_hash(entry.body))
                self.made.update(merkle.completed_by(answer.seq, answer.leaf, self.subtree))
                self.size += 1
                met.add(entry, names, answer)
                new.append((entry, names))
            placed.append(answer)
        self._insert(new, [self.made[0, seq] for seq in range(self.size - len(new), self.size)])
        self._insert_contents(entry for entry, _ in new)
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

    def _met(self, named: Sequence[tuple[Entry, Names]]) -> _Met:
        """Return what the journal holds already of what these entries name."""
        keys = self._rows(
            "SELECT key, record.id, seq, leaf FROM idempotency JOIN record ON record.id = record_id"
            " WHERE key IN ",
            (entry.idempotency_key for entry, _ in named),
        )
        corrects = [names.corrects for _, names in named]
        ids = self._rows(
            "SELECT id, seq FROM record WHERE id IN ", (*(one.id for one, _ in named), *corrects)
        )
        corrected = self._rows(
            "SELECT earlier, record.id, seq, leaf FROM correction"
            " JOIN record ON record.id = record_id WHERE earlier IN ",
            corrects,
        )
        return _Met(
            {key: Placed(*at, repeated=True) for key, *at in keys},
            dict(ids),
            {earlier: Placed(*at) for earlier, *at in corrected},
        )

    def _insert(self, new: Sequence[tuple[Entry, Names]], leaves: Sequence[bytes]) -> None:
        first = self.size - len(new)
        rows = zip(new, leaves, strict=True)
        self.connection.insert(
            "record",
            [(first + at, one.id, one.body, leaf) for at, ((one, _), leaf) in enumerate(rows)],
        )
        self.connection.insert(
            "personal",
            [(one.id, p.salt, p.content, None) for one, _ in new if (p := one.personal)],
        )
        self.connection.insert(
            "idempotency",
            [(key, one.id) for one, _ in new if (key := one.idempotency_key) is not None],
        )
        self.connection.insert(
            "correction", [(earlier, one.id) for one, n in new if (earlier := n.corrects)]
        )

    def _insert_contents(self, entries: Iterable[Entry]) -> None:
        """Insert what is not stored yet."""
        blobs = {blob.sha256: blob for entry in entries for blob in entry.blobs}
        for (known,) in self._rows("SELECT sha256 FROM blob WHERE sha256 IN ", blobs):
            del blobs[known]
        self.connection.insert("blob", [(b.sha256, b.kind, b.content) for b in blobs.values()])

    def _rows(self, query: str, values: Iterable[str | None]) -> list[Row]:
        """Run a query that ends in a set, which these values are."""
        some = list(dict.fromkeys(value for value in values if value is not None))
        return self.connection.rows(f"{query}({', '.join('?' * len(some))})", some) if some else []


@dataclass(slots=True)
class _Met:
    """What stands already, in the journal or in the group, of what entries name."""

    keys: dict[str, Placed]
    ids: dict[str, int]
    corrected: dict[str, Placed]  # a record to its correction

    def add(self, entry: Entry, names: Names, placed: Placed) -> None:
        """Add a record that was placed."""
        self.ids[entry.id] = placed.seq
        if entry.idempotency_key is not None:
            self.keys[entry.idempotency_key] = replace(placed, repeated=True)
        if names.corrects:
            self.corrected[names.corrects] = placed

    def answer_to(self, entry: Entry, names: Names) -> Placed | JournalError | None:
        """Return where an entry stands already, or why it cannot be recorded; None if it can.

        Only the body is under the tree, so it must name the record and its personal data itself.
        """
        if entry.idempotency_key is not None and (found := self.keys.get(entry.idempotency_key)):
            return found
        if names.id != entry.id:
            return _refused(entry, "记录内容里没有它自己的编号。", "把编号写进内容。")
        if entry.personal and names.personal != entry.personal.commitment:
            return _refused(entry, "记录内容里没有个人信息的承诺值。", "把承诺值写进内容。")
        if entry.id in self.ids:
            return _refused(entry, "这个编号已经记过。", "换一个编号；重试用同一个幂等键。")
        if names.corrects and (by := self.corrected.get(names.corrects)):
            seq = self.ids.get(names.corrects)
            place = names.corrects if seq is None else f"第 {seq} 条记录"
            return ArgumentError.of(
                place, f"已被第 {by.seq} 条（{by.id}）更正。", "改为更正那一条。"
            )
        return None


def _refused(entry: Entry, problem: str, remedy: str) -> JournalError:
    return JournalError((Problem(entry.id, problem, remedy),))
