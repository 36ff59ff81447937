"""Hold a journal against its own signatures, and against what others hold of it.

Everything is computed anew from the records' bytes; what is stored beside them is only compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final
from uuid import UUID

from drawreview.records import merkle, store
from drawreview.records.canonical import named
from drawreview.records.entry import SALT_BYTES
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
from drawreview.records.store import Connection

_PAGE: Final = 500
_CLOCK_SLACK_MS: Final = 2_000  # ids are drawn before their turn comes


def verify(
    connection: Connection,
    trusted: Sequence[PublicKey],
    *,
    held: Mapping[str, str] | None = None,
    remembered: str | None = None,
) -> Report:
    """Verify a whole journal as it stands at this moment.

    `held` maps names to the text of checkpoints or receipts that lay outside the journal.
    """
    report = Report()
    connection.begin_reading()
    try:
        outside = list(opened(report, trusted, held or {}, remembered))
        declared = _losses(connection, report, trusted)
        outside += [Held("遗失的申报", "checkpoint", loss.declared) for loss in declared]
        wanted = {one.checkpoint.size for one in outside}
        roots = _Roots(connection, report, trusted, declared, wanted)
        roots.walk()
        for one in outside:
            check_held(connection, report, one, roots.wanted, declared)
        _check_keys(connection, report, trusted)
        _check_beside(connection, report)
    finally:
        connection.rollback()
    return report


class _Roots:
    """One walk over the records, building the tree anew and meeting checkpoints on the way."""

    def __init__(
        self,
        connection: Connection,
        report: Report,
        trusted: Sequence[PublicKey],
        losses: Sequence[Loss],
        wanted: set[int],
    ) -> None:
        self.connection, self.report, self.trusted = connection, report, trusted
        self.wanted: dict[int, bytes | None] = dict.fromkeys(wanted)
        self.peaks: dict[Subtree, bytes] = {}
        self.latest_ms = 0
        ((self.origin,),) = connection.rows("SELECT origin FROM journal")
        self.losses = losses
        self.keys = [
            (since, vkey)
            for since, vkey in connection.rows(
                "SELECT since_size, vkey FROM key ORDER BY since_size, since"
            )
        ]

    def walk(self) -> None:
        """Go through all records in the order of their numbers."""
        top = store.head(self.connection)
        self._meet_checkpoints(0, 0)
        for low in range(0, top, _PAGE):
            high = min(low + _PAGE, top)
            self._meet_records(low, high)
        size = self.report.size
        if size != top:
            self.report.find("numbering", top, f"编号到 {top - 1}，却只有 {size} 条。")
        ((beyond,),) = self.connection.rows(
            "SELECT count(*) FROM checkpoint WHERE size > ?", (size,)
        )
        if beyond:
            self.report.find(
                "checkpoint", size, f"{beyond} 个检查点签到的条数超过现有的 {size} 条。"
            )
        if not self.connection.rows("SELECT 1 FROM checkpoint WHERE size = ?", (size,)):
            self.report.find("checkpoint", size, f"没有检查点签到现有的 {size} 条。")
        ((nodes,),) = self.connection.rows("SELECT count(*) FROM node")
        expected = sum(size >> level for level in range(1, size.bit_length()))
        if nodes != expected:
            self.report.find("tree", size, f"存了 {nodes} 个子树，应为 {expected} 个。")
        self.report.root = self._root()

    def _meet_records(self, low: int, high: int) -> None:
        stored = self._stored_nodes(low, high)
        checkpoints = self._checkpoints(low, high)
        rows = self.connection.rows(
            "SELECT seq, id, body, leaf FROM record WHERE seq >= ? AND seq < ? ORDER BY seq",
            (low, high),
        )
        for seq, name, body, leaf in rows:
            at = self.report.size
            if seq != at:
                self.report.find("numbering", seq, f"应为第 {at} 条。")
            found = merkle.leaf_hash(body)
            if found != leaf:
                self.report.find("leaf", seq, f"{name} 的内容与记下的散列不符。")
            if named(body, "id") != name:
                self.report.find("id", seq, f"内容写的不是编号 {name}。")
            self._check_clock(seq, name)
            self._grow(at, found, stored)
            if at + 1 in checkpoints:
                self._check_checkpoint(at + 1, checkpoints[at + 1])
        self.peaks = {peak: self.peaks[peak] for peak in merkle.peaks(self.report.size)}

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
        if current not in {key.vkey for key in opened.signed_by}:
            self.report.find("signature", size, "检查点不是当时的密钥签的。")
        renamed = (loss.declared.origin for loss in reversed(self.losses) if loss.size < size)
        origin = next(renamed, self.origin)
        if (checkpoint.size, checkpoint.origin) != (size, origin):
            self.report.find("checkpoint", size, f"检查点写的是 {checkpoint.origin} 的别的条数。")
        elif checkpoint.root != self._root():
            self.report.find("checkpoint", size, f"前 {size} 条算出的根与签过的不同。")

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


def _check_keys(connection: Connection, report: Report, trusted: Sequence[PublicKey]) -> None:
    known = {key.vkey for key in trusted}
    for (vkey,) in connection.rows("SELECT vkey FROM key"):
        if vkey not in known:
            report.find("key", vkey, "日志自称的密钥不在信任的密钥之内。")


def _committed(body: bytes, salt: bytes | None, content: bytes) -> bool:
    """Whether a body commits to personal data; of another length, the salt may hold some of it."""
    if salt is None or len(salt) != SALT_BYTES:
        return False
    return named(body, "personal") == sha256(salt + content).hexdigest()


def _check_beside(connection: Connection, report: Report) -> None:
    """Check what stands beside the records: contents, personal data, idempotency keys."""
    for (name,) in connection.rows("SELECT sha256 FROM blob"):
        report.blobs += 1
        for (content,) in connection.rows("SELECT content FROM blob WHERE sha256 = ?", (name,)):
            if sha256(content).hexdigest() != name:
                report.find("blob", name, "内容与它的 SHA-256 不符。")
    for name, salt, content, erased_at, body in connection.rows(
        "SELECT record_id, salt, content, erased_at, body FROM personal "
        "LEFT JOIN record ON record.id = record_id"
    ):
        report.personal += 1
        report.erased += erased_at is not None
        if body is None:
            report.find("personal", name, "个人信息没有对应的记录。")
        elif content is not None and not _committed(body, salt, content):
            report.find("personal", name, "个人信息与记录里的承诺值不符。")
    for key, name in connection.rows(
        "SELECT key, record_id FROM idempotency "
        "LEFT JOIN record ON record.id = record_id WHERE record.id IS NULL"
    ):
        report.find("idempotency", key, f"指向不存在的记录 {name}。")
