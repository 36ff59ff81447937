"""Hold a journal against its own signatures, and against what others hold of it.

Everything is computed anew from the records' bytes; what is stored beside them is only compared.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Final, Literal
from uuid import UUID

from drawreview.records import merkle, store
from drawreview.records.merkle import Proof, Subtree
from drawreview.records.note import (
    Checkpoint,
    NoteError,
    PublicKey,
    checkpoint_from,
    open_checkpoint,
    open_note,
    proof_from,
)
from drawreview.records.older_copy import Loss, losses
from drawreview.records.store import Connection

Mechanism = Literal[
    "numbering",  # records are numbered from 0 without a gap
    "leaf",  # a record's bytes are those that were hashed
    "id",  # a record's bytes name the record
    "tree",  # stored subtrees are those of the bytes
    "checkpoint",  # a stored checkpoint covers all records, and every one has its root
    "signature",  # a trusted key signed each checkpoint
    "key",  # the journal names no key that is not trusted
    "blob",  # stored content has the SHA-256 that names it
    "personal",  # personal data is what its record commits to
    "idempotency",  # a key leads to a record
    "memory",  # what the key file's folder remembers
    "held",  # a checkpoint that somebody holds outside
    "receipt",  # a receipt that somebody holds outside
]
_PAGE: Final = 500
_MOST_FINDINGS: Final = 50  # of one mechanism; the count goes on
_CLOCK_SLACK_MS: Final = 2_000  # ids are drawn before their turn comes


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold: what noticed it, where, and what it is."""

    mechanism: Mechanism
    place: str
    problem: str


@dataclass(slots=True)
class Report:
    """How much was looked at, what does not hold, and what a reader should know."""

    size: int = 0
    root: bytes = merkle.EMPTY_ROOT
    checkpoints: int = 0
    blobs: int = 0
    personal: int = 0
    erased: int = 0
    held: int = 0
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


@dataclass(frozen=True, slots=True)
class Held:
    """A checkpoint from outside the journal, and the record it was a receipt for, if any."""

    name: str
    mechanism: Mechanism
    checkpoint: Checkpoint
    index: int | None = None
    proof: Proof = ()


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
        outside = list(_held(report, trusted, held or {}, remembered))
        declared = _losses(connection, report, trusted)
        outside += [Held("遗失的申报", "checkpoint", loss.declared) for loss in declared]
        wanted = {one.checkpoint.size for one in outside}
        roots = _Roots(connection, report, trusted, declared, wanted)
        roots.walk()
        for one in outside:
            _check_held(connection, report, one, roots.wanted, declared)
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
            if name.encode() not in body:
                self.report.find("id", seq, f"内容里没有编号 {name}。")
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


def _held(
    report: Report,
    trusted: Sequence[PublicKey],
    held: Mapping[str, str],
    remembered: str | None,
) -> Iterator[Held]:
    """Open what lay outside; what no trusted key has signed is a finding and proves nothing."""
    texts: list[tuple[str, Mechanism, str]] = [(name, "held", text) for name, text in held.items()]
    if remembered is not None:
        texts.append(("密钥旁所记", "memory", remembered))
    for name, mechanism, text in texts:
        report.held += 1
        index, proof, note = None, (), text
        try:
            if text.startswith("c2sp.org/tlog-proof"):
                index, proof, note = proof_from(text)
            checkpoint = open_checkpoint(note, trusted)
        except NoteError as error:
            report.find(mechanism, name, f"不成立：{error}。")
            continue
        yield Held(name, mechanism if index is None else "receipt", checkpoint, index, proof)


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


def _check_held(
    connection: Connection,
    report: Report,
    held: Held,
    roots: Mapping[int, bytes | None],
    declared: Sequence[Loss],
) -> None:
    signed = held.checkpoint
    if any(loss.explains(signed) for loss in declared):
        if held.mechanism != "memory":
            report.find(held.mechanism, held.name, f"签到 {signed.size} 条；已申报其中有遗失。")
    elif roots[signed.size] is None:
        report.find(
            held.mechanism, held.name, f"签到 {signed.size} 条，日志只有 {report.size} 条：少了。"
        )
    elif roots[signed.size] != signed.root:
        report.find(held.mechanism, held.name, f"前 {signed.size} 条与当时签的不同。")
    elif held.index is not None:
        found = connection.rows("SELECT body FROM record WHERE seq = ?", (held.index,))
        leaf = merkle.leaf_hash(found[0][0]) if found else b""
        if not merkle.includes(signed.root, signed.size, held.index, leaf, held.proof):
            report.find(held.mechanism, held.name, f"第 {held.index} 条不是回执所指的那一条。")


def _check_keys(connection: Connection, report: Report, trusted: Sequence[PublicKey]) -> None:
    known = {key.vkey for key in trusted}
    for (vkey,) in connection.rows("SELECT vkey FROM key"):
        if vkey not in known:
            report.find("key", vkey, "日志自称的密钥不在信任的密钥之内。")


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
        elif content is not None and sha256(salt + content).hexdigest().encode() not in body:
            report.find("personal", name, "个人信息与记录里的承诺值不符。")
    for key, name in connection.rows(
        "SELECT key, record_id FROM idempotency "
        "LEFT JOIN record ON record.id = record_id WHERE record.id IS NULL"
    ):
        report.find("idempotency", key, f"指向不存在的记录 {name}。")
