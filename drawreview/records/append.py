"""One transaction of the journal: records, subtrees and the signed checkpoint, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from drawreview.errors import AppendRefusedError, JournalError, Problem
from drawreview.records import merkle, store
from drawreview.records.entry import Entry, Receipt
from drawreview.records.group import Group
from drawreview.records.keys import KeyFile, remember, remembered
from drawreview.records.merkle import Subtree
from drawreview.records.note import (
    Checkpoint,
    NoteError,
    checkpoint_from,
    open_checkpoint,
    signed,
)
from drawreview.records.store import Connection


@dataclass(slots=True)
class Writer:
    """The one that appends: a connection, the keys, and the tail of the tree as last seen."""

    connection: Connection
    keys: KeyFile
    _size: int = -1  # not looked at yet
    _note: str = ""
    _peaks: dict[Subtree, bytes] = field(default_factory=dict[Subtree, bytes])
    _memory_checked: bool = False

    def write(self, entries: Sequence[Entry]) -> list[Receipt | JournalError]:
        """Append what can be appended, in one transaction; returns when it is durable.

        Raises BusyError or AppendRefusedError when nothing was written and the writer may go on,
        StoreError when it may not: nobody knows what reached the disk.
        """
        self.connection.begin()
        try:
            self._catch_up()
            group = Group(self.connection, self._size, dict(self._peaks))
            placed = [group.place(entry) for entry in entries]
            note = self._note if group.size == self._size else self._sign(group)
            answers = [
                one if isinstance(one, JournalError) else group.receipt(one, note) for one in placed
            ]
            self.connection.commit()
        except BaseException:
            self._size = -1
            self.connection.rollback()
            raise
        self._size, self._note = group.size, note
        self._peaks = {peak: group.subtree(*peak) for peak in merkle.peaks(group.size)}
        remember(self.keys.remembered, note)
        return answers

    def erase(self, record_id: str, at: str) -> bool:
        """Empty the personal data of a record; False if there was none to empty."""
        self.connection.begin()
        try:
            found = self.connection.rows(
                "SELECT 1 FROM personal WHERE record_id = ? AND erased_at IS NULL", (record_id,)
            )
            self.connection.rows(
                "UPDATE personal SET salt = NULL, content = NULL, erased_at = ? "
                "WHERE record_id = ? AND erased_at IS NULL",
                (at, record_id),
            )
            self.connection.commit()
        except BaseException:
            self.connection.rollback()
            raise
        self.connection.forget_erased()
        return bool(found)

    def resume(self, newest: str) -> Checkpoint | None:
        """Go on with an older copy, told the newest checkpoint that is known outside.

        What lies between is lost. A log may not sign two histories, so from here on it signs under
        a new origin; returns the checkpoint whose records are lost, None if none are.
        """
        self.connection.begin()
        try:
            size = store.head(self.connection)
            told = self._told(newest, size)
            lost = told if told.size > size else None
            if lost:
                number = len(self.connection.rows("SELECT size FROM loss")) + 2
                origin = f"{self.keys.origin}/after-loss-{number}"
                self.connection.insert("loss", [(size, newest, origin)])
            self.connection.commit()
        except BaseException:
            self.connection.rollback()
            raise
        note = store.newest_note(self.connection)
        if note:
            remember(self.keys.remembered, note)
        self._size, self._memory_checked = -1, False
        return lost

    def _told(self, newest: str, size: int) -> Checkpoint:
        kept = remembered(self.keys.remembered)
        try:
            told = open_checkpoint(newest, self.keys.publics)
            least = open_checkpoint(kept, self.keys.publics).size if kept else 0
        except NoteError as error:
            raise self._refusal(
                f"所给检查点不成立：{error}。", "给本日志密钥签过的检查点。"
            ) from None
        if told.origin != self._origin():
            raise self._refusal(f"所给检查点属于 {told.origin}。", "给本日志的检查点。")
        if told.size < least:
            raise self._refusal(
                f"所给检查点到第 {told.size} 条，密钥旁记得签到过 {least} 条。", "给最新的检查点。"
            )
        if told.size <= size and self._root(told.size) != told.root:
            raise self._refusal(
                f"第 {told.size} 条以前与所给检查点不同。", "日志被改过或分过叉；找回原来的副本。"
            )
        return told

    def _catch_up(self) -> None:
        """See that the tail is what was signed, unless this writer put it there itself."""
        size = store.head(self.connection)
        if size == self._size:
            return
        note = store.newest_note(self.connection) or ""
        try:
            checkpoint = open_checkpoint(note, self.keys.publics)
            found = self._root(size)
        except (NoteError, LookupError) as error:
            raise self._refusal(
                f"末尾不成立：{error}。", "用 drawreview journal verify 查看。"
            ) from None
        if (checkpoint.size, checkpoint.root) != (size, found):
            raise self._refusal(
                f"有 {size} 条记录，最后的检查点却签到 {checkpoint.size} 条，或根不同。",
                "用 drawreview journal verify 查看。",
            )
        self._check_last_leaf(size)
        if not self._memory_checked:
            self._check_memory(size)
            self._memory_checked = True
        self._size, self._note = size, note
        self._peaks = {peak: self._subtree(*peak) for peak in merkle.peaks(size)}

    def _check_last_leaf(self, size: int) -> None:
        for body, leaf in self.connection.rows(
            "SELECT body, leaf FROM record WHERE seq = ?", (size - 1,)
        ):
            if merkle.leaf_hash(body) != leaf:
                raise self._refusal(
                    f"第 {size - 1} 条的内容与树不符。", "用 drawreview journal verify 查看。"
                )

    def _check_memory(self, size: int) -> None:
        """See that this is not an older copy of what these keys have signed."""
        kept = remembered(self.keys.remembered)
        if kept is None:
            if size == 0:
                return
            raise self._refusal(
                f"密钥旁没有 {self.keys.remembered.name}，不知道签到过第几条。",
                "用 drawreview journal resume --newest-checkpoint FILE 告知已知最新的检查点。",
            )
        try:
            signed_last = open_checkpoint(kept, self.keys.publics)
        except NoteError as error:
            raise self._refusal(
                f"{self.keys.remembered} 不成立：{error}。",
                "用 drawreview journal resume --newest-checkpoint FILE 告知已知最新的检查点。",
            ) from None
        for (newest,) in self.connection.rows("SELECT newest FROM loss"):
            told = checkpoint_from(newest)
            if told.origin == signed_last.origin and told.size >= signed_last.size:
                return
        if signed_last.size > size:
            raise self._refusal(
                f"只有 {size} 条记录，密钥旁记得签到过 {signed_last.size} 条：这是较旧的副本。",
                "找回较新的副本；找不回，见 drawreview journal resume --newest-checkpoint FILE。",
            )
        if self._root(signed_last.size) != signed_last.root:
            raise self._refusal(
                f"前 {signed_last.size} 条与曾经签过的不同。", "用 drawreview journal verify 查看。"
            )

    def _sign(self, group: Group) -> str:
        """Store the group's subtrees and the checkpoint over them; return the signed note."""
        known = {vkey for (vkey,) in self.connection.rows("SELECT vkey FROM key")}
        current = self.keys.current
        signers = [current.signer]
        if current.key.vkey not in known:
            # A new key begins: the one before it signs along, once.
            signers += [key.signer for key in self.keys.keys[-2:-1]]
            self.connection.insert("key", [(current.key.vkey, group.size, current.since)])
        checkpoint = Checkpoint(self._origin(), group.size, group.root)
        note = signed(checkpoint.text, signers)
        self.connection.insert("node", store.node_rows(group.made.items()))
        self.connection.insert("checkpoint", [(group.size, note)])
        return note

    def _origin(self) -> str:
        found = self.connection.rows("SELECT origin FROM loss ORDER BY size DESC LIMIT 1")
        return found[0][0] if found else self.keys.origin

    def _subtree(self, level: int, place: int) -> bytes:
        return store.subtree(self.connection, level, place)

    def _root(self, size: int) -> bytes:
        return merkle.root(size, self._subtree)

    def _refusal(self, problem: str, remedy: str) -> AppendRefusedError:
        return AppendRefusedError((Problem(self.keys.origin, problem, remedy),))
