"""Hold a journal against its own signatures, and against what others hold of it.

Everything is computed anew from the records' bytes; what is stored beside them is only compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from drawreview.errors import DamagedError
from drawreview.records import merkle, store
from drawreview.records.beside import Beside
from drawreview.records.canonical import said
from drawreview.records.merkle import Subtree
from drawreview.records.note import (
    NoteError,
    PublicKey,
    checkpoint_from,
    open_note,
)
from drawreview.records.older_copy import Loss, losses
from drawreview.records.outside import Held, check_held, opened
from drawreview.records.report import Report
from drawreview.records.store import Connection, Row

_PAGE: Final = 50  # no slower than more, and a record may be a megabyte long
_CLOCK_SLACK_MS: Final = 2_000  # ids are drawn before their turn comes


def verify(
    connection: Connection,
    trusted: Sequence[PublicKey],
    *,
    held: Mapping[str, str] | None = None,
    remembered: str | None = None,
    persons: bool = True,
) -> Report:
    """Verify a whole journal as it stands at this moment.

    The walk holds on to no state of the journal: what it reads is never changed. Only its end
    does, so that neither a writer nor an erasure waits for a long one.

    Args:
        connection: The journal.
        trusted: The public keys, known from elsewhere.
        held: Names and texts of checkpoints or receipts that lay outside the journal.
        remembered: The newest checkpoint that the key's folder remembers.
        persons: Whether personal data should be there; it does not travel in bundles, so a
            journal that was imported from one has none.
    """
    report = Report()
    outside = list(opened(report, trusted, held or {}, remembered))
    damage = connection.damage()
    for one in damage:
        report.find("store", "文件", one)
    try:
        _verify(connection, report, trusted, outside, persons=persons)
    except DamagedError as error:
        report.find("store", report.size, f"读到第 {report.size} 条，读不下去：{error}")
    except Exception as error:
        if not damage:
            raise
        # A damaged store may answer anything, and what is found so far should be told.
        report.find("store", report.size, f"读到第 {report.size} 条，读不下去：{error!r}")
    return report


def _verify(
    connection: Connection,
    report: Report,
    trusted: Sequence[PublicKey],
    outside: list[Held],
    *,
    persons: bool,
) -> None:
    wanted = {one.checkpoint.size for one in outside}
    walk = _Walk(connection, report, trusted, wanted, Beside(connection, report, persons))
    walk.to(store.head(connection))
    connection.begin_reading()
    try:
        walk.end()
        outside += [Held("遗失的申报", "checkpoint", loss.declared) for loss in walk.losses]
        for one in outside:
            check_held(connection, report, one, walk.wanted, walk.losses)
            size, root = one.checkpoint.size, one.checkpoint.root
            roots = (walk.wanted[size], walk.claimed_at.get(size))
            if size <= report.proved and root not in roots:
                report.proved = 0  # a key has signed two histories: its word proves neither
        _check_keys(connection, report, trusted)
        walk.beside.check()
    finally:
        connection.rollback()


class _Walk:
    """One walk over the records, building the tree anew and meeting checkpoints on the way."""

    def __init__(
        self,
        connection: Connection,
        report: Report,
        trusted: Sequence[PublicKey],
        wanted: set[int],
        beside: Beside,
    ) -> None:
        self.connection, self.report, self.trusted = connection, report, trusted
        self.beside = beside
        self.peaks: dict[Subtree, bytes] = {}
        self.claimed: dict[Subtree, bytes] | None = None  # by the stored leaves, once one is wrong
        self.claimed_at: dict[int, bytes] = {}  # the roots of these, where they are wanted
        self.latest_ms = 0
        self.next = 0
        ((self.origin,),) = connection.rows("SELECT origin FROM journal")
        self.losses = _losses(connection, report, trusted)
        self.keys = _keys(connection)
        sizes = wanted | {loss.size for loss in self.losses}
        self.wanted: dict[int, bytes | None] = dict.fromkeys(sizes)
        self._meet_checkpoints(0, 0)

    def to(self, top: int) -> None:
        """Go through the records up to an index, in the order of their numbers."""
        query = (
            "SELECT seq, id, body, leaf FROM record WHERE seq BETWEEN ? AND ? ORDER BY seq LIMIT ?"
        )
        # From each record to the next that is there: a forged number may be any.
        while self.next < top and (
            rows := self.connection.rows(query, (self.next, top - 1, _PAGE))
        ):
            self._meet_records(rows)
            self.next = rows[-1][0] + 1

    def end(self) -> None:
        """Go through what was appended since, and see that nothing is missing or too much."""
        self.keys = _keys(self.connection)
        top = store.head(self.connection)
        self.to(top)
        size = self.report.size
        if size != top:
            self.report.find("numbering", top, f"编号到 {top - 1}，却只有 {size} 条。")
        ((below,),) = self.connection.rows("SELECT count(*) FROM record WHERE seq < 0")
        if below:
            self.report.find("numbering", -1, f"{below} 条的编号小于 0，不在树里。")
        ((beyond,),) = self.connection.rows(
            "SELECT count(*) FROM checkpoint WHERE size > ? OR size < 0", (size,)
        )
        if beyond:
            self.report.find(
                "checkpoint", size, f"{beyond} 个检查点签到的条数不在现有的 {size} 条以内。"
            )
        if not self.connection.rows("SELECT 1 FROM checkpoint WHERE size = ?", (size,)):
            self.report.find("checkpoint", size, f"没有检查点签到现有的 {size} 条。")
        ((nodes,),) = self.connection.rows("SELECT count(*) FROM node")
        expected = sum(size >> level for level in range(1, size.bit_length()))
        if nodes != expected:
            self.report.find("tree", size, f"存了 {nodes} 个子树，应为 {expected} 个。")
        self.report.root = self._root()

    def _meet_records(self, rows: Sequence[Row]) -> None:
        low = self.report.size
        high = low + len(rows)
        stored = self._stored_nodes(low, high)
        checkpoints = self._checkpoints(low, high)
        page: list[tuple[int, str, Mapping[str, Any]]] = []
        for seq, name, body, leaf in rows:
            at = self.report.size
            told = said(body)
            page.append((seq, name, told))
            if seq != at:
                self.report.find("numbering", seq, f"应为第 {at} 条。")
            found = merkle.leaf_hash(body)
            if found != leaf:
                self.report.find("leaf", seq, f"{name} 的内容与记下的散列不符。")
                self.report.altered.add(seq)
                if self.claimed is None:
                    self.claimed = dict(self.peaks)
            if told.get("id") != name:
                self.report.find("id", seq, f"内容写的不是编号 {name}。")
            self._check_clock(seq, name)
            self._grow(at, found, stored)
            if self.claimed is not None:
                self.claimed.update(merkle.completed_by(at, leaf, self._claimed_subtree))
                if at + 1 in self.wanted:
                    self.claimed_at[at + 1] = self._claimed_root()
            if at + 1 in checkpoints:
                self._check_checkpoint(at + 1, checkpoints[at + 1])
        self.peaks = {peak: self.peaks[peak] for peak in merkle.peaks(self.report.size)}
        if self.claimed is not None:
            self.claimed = {peak: self.claimed[peak] for peak in merkle.peaks(self.report.size)}
        self.beside.meet(page)

    def _grow(self, at: int, leaf: bytes, stored: Mapping[Subtree, bytes]) -> None:
        for place, computed in merkle.completed_by(at, leaf, self._subtree):
            self.peaks[place] = computed
            if place[0] and stored.get(place) != computed:
                self.report.find("tree", "/".join(map(str, place)), "子树散列与记录不符。")
        self.report.size = at + 1
        if at + 1 in self.wanted:
            self.wanted[at + 1] = self._root()

    def _meet_checkpoints(self, low: int, high: int) -> None:
        if 0 in self.wanted:
            self.wanted[0] = merkle.EMPTY_ROOT
        for size, note in self._checkpoints(low - 1, high).items():
            self._check_checkpoint(size, note)

    def _check_checkpoint(self, size: int, note: str) -> None:
        self.report.checkpoints += 1
        try:
            opened = open_note(note, self.trusted)
            checkpoint = checkpoint_from(opened.text)
        except NoteError as error:
            self.report.find("signature", size, f"检查点的签名不成立：{error}。")
            return
        current = next((vkey for since, vkey in reversed(self.keys) if since <= size), None)
        own = current in {key.vkey for key in opened.signed_by}
        if not own:
            self.report.find("signature", size, "检查点不是当时的密钥签的。")
        renamed = (loss.declared.origin for loss in reversed(self.losses) if loss.size < size)
        origin = next(renamed, self.origin)
        if (checkpoint.size, checkpoint.origin) != (size, origin):
            self.report.find("checkpoint", size, f"检查点写的是 {checkpoint.origin} 的别的条数。")
        elif checkpoint.root != self._root():
            self.report.find("checkpoint", size, f"前 {size} 条算出的根与签过的不同。")
            if own and self.claimed and checkpoint.root == self._claimed_root():
                self.report.proved = size
        elif own:
            self.report.proved = size

    def _check_clock(self, seq: int, name: str) -> None:
        """Flag a clock that ran backwards: ids of version 7 begin with the time in milliseconds."""
        try:
            drawn = UUID(name)
        except ValueError:
            return
        if drawn.version != 7:  # noqa: PLR2004
            return
        at_ms = drawn.int >> 80
        if at_ms + _CLOCK_SLACK_MS < self.latest_ms:
            back = (self.latest_ms - at_ms) // 1000
            self.report.notices.append(f"第 {seq} 条：时钟倒退了 {back} 秒；次序以编号为准。")
        self.latest_ms = max(self.latest_ms, at_ms)

    def _checkpoints(self, low: int, high: int) -> dict[int, str]:
        found = self.connection.rows(
            "SELECT size, note FROM checkpoint WHERE size > ? AND size <= ?", (low, high)
        )
        return {row[0]: row[1] for row in found}

    def _stored_nodes(self, low: int, high: int) -> dict[Subtree, bytes]:
        found: dict[Subtree, bytes] = {}
        for level in range(1, high.bit_length()):
            for place, stored in self.connection.rows(
                "SELECT place, hash FROM node WHERE level = ? AND place >= ? AND place < ?",
                (level, low >> level, high >> level),
            ):
                found[level, place] = stored
        return found

    def _subtree(self, level: int, place: int) -> bytes:
        return self.peaks[level, place]

    def _root(self) -> bytes:
        return merkle.root(self.report.size, self._subtree)

    def _claimed_subtree(self, level: int, place: int) -> bytes:
        return (self.claimed or self.peaks)[level, place]

    def _claimed_root(self) -> bytes:
        return merkle.root(self.report.size, self._claimed_subtree)


def _losses(connection: Connection, report: Report, trusted: Sequence[PublicKey]) -> Sequence[Loss]:
    """Return the declared losses; those that nobody signed are a finding and explain nothing."""
    try:
        found = losses(connection, tuple(trusted))
    except NoteError as error:
        report.find("signature", "loss", f"遗失的申报不成立：{error}。")
        return ()
    for one in found:
        until = one.newest.size - 1
        report.notices.append(f"已申报遗失：第 {one.size} 条至第 {until} 条签过，恢复时不在。")
    return found


def _keys(connection: Connection) -> list[tuple[int, str]]:
    """Return the keys by the size from which they sign."""
    query = "SELECT since_size, vkey FROM key ORDER BY since_size, since"
    return [(since, vkey) for since, vkey in connection.rows(query)]


def _check_keys(connection: Connection, report: Report, trusted: Sequence[PublicKey]) -> None:
    known = {key.vkey for key in trusted}
    for (vkey,) in connection.rows("SELECT vkey FROM key"):
        if vkey not in known:
            report.find("key", vkey, "日志自称的密钥不在信任的密钥之内。")
