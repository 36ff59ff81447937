"""One transaction of the journal: records, subtrees and the signed checkpoint, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from drawreview.errors import AppendRefusedError, JournalError
from drawreview.records import merkle, store
from drawreview.records.canonical import named
from drawreview.records.entry import Entry, Erased, Receipt
from drawreview.records.group import Group, Placed
from drawreview.records.keys import KeyFile, read_key_file, remember, rotated
from drawreview.records.merkle import Subtree
from drawreview.records.note import Checkpoint, NoteError, PublicKey, open_checkpoint, signed
from drawreview.records.older_copy import losses, origin_after, refuse_older_copy
from drawreview.records.store import Connection


@dataclass(frozen=True, slots=True)
class _Tail:
    """The end of the tree as this writer left it, or verified it."""

    size: int
    note: str
    peaks: dict[Subtree, bytes]
    origin: str


@dataclass(slots=True)
class Writer:
    """The one that appends: a connection, the keys, and the tail."""

    connection: Connection
    keys: KeyFile
    tail: _Tail | None = field(default=None, init=False)

    def write(self, entries: Sequence[Entry]) -> list[Receipt | JournalError]:
        """Append what can be appended, in one transaction; returns when it is durable.

        Raises BusyError, ForbiddenError or AppendRefusedError when nothing was written and the
        writer may go on, StoreError when it may not: nobody knows what reached the disk.
        """
        return self._commit(lambda group: group.place(entries))

    def erase(
        self, ids: Sequence[str], entry_for: Callable[[Sequence[Erased]], Entry], at: str
    ) -> Receipt | None:
        """Empty the personal data of records and append what says so, in one transaction.

        None if there is none left. Either way no old bytes stay in the store's files, or
        LingeringError is raised; asking again is safe.
        """
        answers = self._commit(lambda group: self._empty(group, ids, entry_for, at))
        self.connection.forget_erased()
        for answer in answers:
            if isinstance(answer, Receipt):
                return answer
        return None

    def _empty(
        self,
        group: Group,
        ids: Sequence[str],
        entry_for: Callable[[Sequence[Erased]], Entry],
        at: str,
    ) -> list[Placed | JournalError]:
        erased: list[Erased] = []
        for each in dict.fromkeys(ids):
            found = self.connection.rows(
                "UPDATE personal SET salt = NULL, content = NULL, erased_at = ? "
                "WHERE record_id = ? AND erased_at IS NULL RETURNING record_id",
                (at, each),
            )
            if found:
                ((body,),) = self.connection.rows("SELECT body FROM record WHERE id = ?", (each,))
                erased.append(Erased(each, named(body, "personal") or ""))
        if not erased:
            return []
        return _all_placed(group.place([entry_for(erased)]))

    def _commit(
        self, place: Callable[[Group], list[Placed | JournalError]]
    ) -> list[Receipt | JournalError]:
        self.connection.begin()
        try:
            tail = self._tail()
            group = Group(self.connection, tail.size, tail.peaks)
            placed = place(group)
            note = tail.note if group.size == tail.size else self._sign(group, tail.origin)
            root = group.root
            answers = [
                one if isinstance(one, JournalError) else group.receipt(one, note, root)
                for one in placed
            ]
            self.connection.commit()
        except BaseException:
            self.tail = None
            self.connection.rollback()
            raise
        peaks = {peak: group.subtree(*peak) for peak in merkle.peaks(group.size)}
        self.tail = _Tail(group.size, note, peaks, tail.origin)
        remember(self.keys.remembered, note)
        return answers

    def rotate(self, entry_for: Callable[[PublicKey], Entry], at: str) -> PublicKey:
        """Draw a new key and append what says so, which the old one signs along.

        Who holds the append lock is alone with the key file as well, so each key that a record
        tells of has signed it, whoever else rotates at the same time.
        """
        self._commit(lambda group: self._draw(group, entry_for, at))
        return self.keys.current.key

    def _draw(
        self, group: Group, entry_for: Callable[[PublicKey], Entry], at: str
    ) -> list[Placed | JournalError]:
        self.keys = rotated(read_key_file(self.keys.path), at=at)
        return _all_placed(group.place([entry_for(self.keys.current.key)]))

    def _tail(self) -> _Tail:
        """Return the tail, verified anew unless it is as this writer left it."""
        size = store.head(self.connection)
        if self.tail is not None and self.tail.size == size:
            return self.tail
        self.keys = read_key_file(self.keys.path)  # who moved the tail may have a newer key
        note = store.newest_note(self.connection) or ""
        try:
            checkpoint = open_checkpoint(note, self.keys.publics)
            declared = losses(self.connection, self.keys.publics)
            found = merkle.root(size, self._subtree)
        except (NoteError, LookupError) as error:
            raise self._refusal(f"末尾不成立：{error}。") from None
        if (checkpoint.size, checkpoint.root) != (size, found):
            signed_to = f"最后的检查点签到 {checkpoint.size} 条"
            raise self._refusal(f"有 {size} 条记录，{signed_to}，条数或根不同。")
        self._check_leaves(size)
        refuse_older_copy(self.connection, self.keys, declared, size)
        peaks = {peak: self._subtree(*peak) for peak in merkle.peaks(size)}
        return _Tail(size, note, peaks, origin_after(self.keys, declared))

    def _check_leaves(self, size: int) -> None:
        """See that the records under the last checkpoint alone are those that were hashed."""
        ((before,),) = self.connection.rows(
            "SELECT coalesce(max(size), 0) FROM checkpoint WHERE size < ?", (size,)
        )
        for seq, body, leaf in self.connection.rows(
            "SELECT seq, body, leaf FROM record WHERE seq >= ?", (before,)
        ):
            if merkle.leaf_hash(body) != leaf:
                raise self._refusal(f"第 {seq} 条的内容与树不符。")

    def _sign(self, group: Group, origin: str) -> str:
        """Store the group's subtrees and the checkpoint over them; return the signed note."""
        known = {vkey for (vkey,) in self.connection.rows("SELECT vkey FROM key")}
        current = self.keys.current
        signers = [current.signer]
        if current.key.vkey not in known:
            # A new key begins: the newest that the journal knows signs along, once.
            before = [key for key in self.keys.keys if key.key.vkey in known]
            signers += [key.signer for key in before[-1:]]
            self.connection.insert("key", [(current.key.vkey, group.size, current.since)])
        note = signed(Checkpoint(origin, group.size, group.root).text, signers)
        self.connection.insert("node", store.node_rows(group.made.items()))
        self.connection.insert("checkpoint", [(group.size, note)])
        return note

    def _subtree(self, level: int, place: int) -> bytes:
        return store.subtree(self.connection, level, place)

    def _refusal(self, problem: str) -> AppendRefusedError:
        remedy = "用 drawreview journal verify 查看。"
        return AppendRefusedError.of(self.keys.origin, problem, remedy)


def _all_placed(placed: list[Placed | JournalError]) -> list[Placed | JournalError]:
    """Return where records stand, of which none may be refused: what they tell of is done."""
    for each in placed:
        if isinstance(each, JournalError):
            raise each
    return placed
