"""What a journal says to whoever reads it: records, what stands beside them, and proofs."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from drawreview.errors import ArgumentError, DamagedError, JournalError, StoreError
from drawreview.records import merkle, store
from drawreview.records.entry import Personal
from drawreview.records.merkle import Proof
from drawreview.records.note import NoteError, PublicKey, checkpoint_from, key_from_vkey
from drawreview.records.store import Store

_PAGE: Final = 50  # no slower than more, and a record may be a megabyte long
_LOOK: Final = "用 drawreview journal verify 核对，再用备份。"


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it stands in the journal."""

    seq: int
    id: str
    body: bytes
    leaf: bytes


class Reader:
    """An open journal, safe to share among threads; reading needs no keys."""

    def __init__(self, kept: Store) -> None:
        self.store = kept
        self._reading = threading.Lock()
        self._reader = kept.connect(writes=False)
        try:
            self.origin = self._origin()
        except JournalError:
            self._reader.close()
            raise

    def _origin(self) -> str:
        match self._rows("SELECT origin, version FROM journal"):
            case [(str(origin), store.VERSION)]:
                return origin
            case [(_, version)]:
                remedy = "用较新的 drawreview 打开。"
                raise JournalError.of(self.store.name, f"日志版本是 {version}。", remedy)
            case rows:
                problem = f"写明日志名的一行应有一行，却有 {len(rows)} 行：被改动过。"
                raise JournalError.of(self.store.name, problem, "用备份或另存的存证包核对。")

    def __len__(self) -> int:
        return min(self._head(), sys.maxsize)  # a forged number may lie beyond

    def __bool__(self) -> bool:
        return True  # though it be empty

    def records(self, start: int = 0, stop: int | None = None) -> Iterator[Record]:
        """Yield the records from one index up to another, in order."""
        stop = self._head() if stop is None else min(stop, self._head())
        query = (
            "SELECT seq, id, body, leaf FROM record WHERE seq BETWEEN ? AND ? ORDER BY seq LIMIT ?"
        )
        while start < stop and (rows := self._rows(query, (start, stop - 1, _PAGE))):
            yield from (Record(*row) for row in rows)
            start = rows[-1][0] + 1

    def last(self, count: int) -> Iterator[Record]:
        """Yield the last records, in order."""
        query = "SELECT seq, id, body, leaf FROM record ORDER BY seq DESC LIMIT ?"
        yield from (Record(*row) for row in reversed(self._rows(query, (count,))))

    def get(self, id: str) -> Record:  # noqa: A002 - the record's own word
        """Return a record by its id; raises JournalError."""
        for row in self._rows("SELECT seq, id, body, leaf FROM record WHERE id = ?", (id,)):
            return Record(*row)
        raise ArgumentError.of(
            self.store.name, f"没有记录 {id}。", "用 drawreview journal list 查看编号。"
        )

    def kept_as(self, idempotency_key: str) -> str | None:
        """Return the id of the record that was made under an idempotency key."""
        found = self._rows("SELECT record_id FROM idempotency WHERE key = ?", (idempotency_key,))
        return found[0][0] if found else None

    def blob(self, sha256: str) -> bytes:
        """Return stored content by its SHA-256; raises JournalError."""
        for (content,) in self._rows("SELECT content FROM blob WHERE sha256 = ?", (sha256,)):
            return content
        raise JournalError.of(self.store.name, f"没有存 {sha256}。", "核对日志是否完整。")

    def blobs(self) -> list[tuple[str, str]]:
        """Return SHA-256 and kind of all that is stored beside the records."""
        return [(name, kind) for name, kind in self._rows("SELECT sha256, kind FROM blob")]

    def personal(self, id: str) -> bytes | None:  # noqa: A002 - the record's own word
        """Return the personal data of a record, None if there is none or it was erased."""
        found = self._rows("SELECT content FROM personal WHERE record_id = ?", (id,))
        return found[0][0] if found else None

    def salted(self, id: str) -> Personal | None:  # noqa: A002 - the record's own word
        """Return the personal data of a record with its salt, to be held against the commitment."""
        found = self._rows("SELECT salt, content FROM personal WHERE record_id = ?", (id,))
        return Personal(*found[0]) if found and found[0][1] is not None else None

    def checkpoint(self) -> str:
        """Return the newest signed checkpoint; raises JournalError if there is none."""
        with self._reading:
            note = store.newest_note(self._reader) or ""
        try:
            checkpoint_from(note)
        except NoteError as error:
            problem = f"最新的检查点读不懂：{error}。"
            raise JournalError.of(self.store.name, problem, _LOOK) from None
        return note

    def signed_over(self, seq: int) -> int:
        """Return how many records the first signed checkpoint covers that covers a record."""
        ((size,),) = self._rows("SELECT min(size) FROM checkpoint WHERE size > ?", (seq,))
        return size

    def checkpoints(self) -> Iterator[tuple[int, str]]:
        """Yield every signed checkpoint with its size, the smallest first."""
        low = -1
        while found := self._rows(
            "SELECT size, note FROM checkpoint WHERE size > ? ORDER BY size LIMIT 500", (low,)
        ):
            yield from ((size, note) for size, note in found)
            low = found[-1][0]

    def public_keys(self) -> tuple[PublicKey, ...]:
        """Return the public keys the journal says it has had, which prove nothing by themselves.

        Raises:
            JournalError: One of them is none.
        """
        found = self._rows("SELECT vkey FROM key ORDER BY since_size, since")
        try:
            return tuple(key_from_vkey(vkey) for (vkey,) in found)
        except NoteError as error:
            problem = f"日志里的公钥读不懂：{error}。"
            raise JournalError.of(self.store.name, problem, _LOOK) from None

    def inclusion(self, seq: int, size: int | None = None) -> Proof:
        """Return the proof that a record stands in the tree of a size, or in the newest."""
        if size is None:
            size = checkpoint_from(self.checkpoint()).size
        if not 0 <= seq < size:
            problem = f"第 {seq} 条不在检查点签到的 {size} 条以内。"
            raise DamagedError.of(self.store.name, problem, _LOOK)
        with self._reading:
            return merkle.inclusion_proof(seq, size, self._subtree)

    def consistency(self, old: int, new: int | None = None) -> Proof:
        """Return the proof that the tree of an old size is the beginning of the newer one."""
        if new is None:
            new = checkpoint_from(self.checkpoint()).size
        with self._reading:
            return merkle.consistency_proof(old, new, self._subtree)

    def root(self, size: int) -> bytes:
        """Return the root over the first `size` records, by the stored subtrees."""
        with self._reading:
            return merkle.root(size, self._subtree)

    def reopen(self) -> None:
        """Read by a new connection."""
        with self._reading:
            with suppress(StoreError):  # it may be what has failed
                self._reader.close()
            self._reader = self.store.connect(writes=False)

    def close(self) -> None:
        """Close the connection."""
        with self._reading:
            self._reader.close()

    def _subtree(self, level: int, place: int) -> bytes:
        try:
            return store.subtree(self._reader, level, place)
        except LookupError as error:
            problem = f"树里缺了 {level}/{place}。"
            raise DamagedError.of(self.store.name, problem, _LOOK) from error

    def _head(self) -> int:
        with self._reading:
            return store.head(self._reader)

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[store.Row]:
        with self._reading:
            return self._reader.rows(sql, values)
