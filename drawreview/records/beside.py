"""Check what stands beside the records: contents, persons, keys, corrections, guards.

The tree covers none of it. But records name their contents and what they correct, commit to
personal data, and tell of each erasure, so nothing of that can go without being missed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, cast

from drawreview.records.canonical import named
from drawreview.records.entry import SALT_BYTES
from drawreview.records.referred import corrected_in, referred_in
from drawreview.records.report import Report
from drawreview.records.store import Connection


@dataclass(slots=True)
class Beside:
    """What the walk over the records found of it, to be judged when all records were seen."""

    connection: Connection
    report: Report
    persons: bool  # whether this journal should hold personal data; an imported copy does not
    referred: set[str] = field(default_factory=set[str])
    emptied: dict[str, str] = field(default_factory=dict[str, str])  # record to commitment
    missing: int = 0
    corrected: dict[str, str] = field(default_factory=dict[str, str])  # record to its correction
    told: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])

    def meet(self, page: Sequence[tuple[int, str, Mapping[str, Any]]]) -> None:
        """Look at what stands beside a page of records, given what their bodies say."""
        rows: dict[str, tuple[bytes | None, bytes | None]] = {}
        if self.persons:
            found = self.connection.rows(
                "SELECT record_id, salt, content FROM personal JOIN record ON id = record_id "
                "WHERE seq BETWEEN ? AND ?",
                (page[0][0], page[-1][0]),
            )
            rows = {name: (salt, content) for name, salt, content in found}
        for seq, name, said in page:
            self.referred.update(referred_in(said))
            self._meet_correction(seq, name, corrected_in(said))
            if self.persons:
                self._meet_person(name, said.get("personal"), rows.get(name))
            if said.get("kind") == "erasure":
                self._meet_erasure(seq, said.get("erased"))

    def _meet_correction(self, seq: int, name: str, earlier: str | None) -> None:
        if earlier is None:
            return
        if first := self.corrected.get(earlier):
            self.report.find("correction", seq, f"它更正的 {earlier} 已被 {first} 更正。")
        else:
            self.corrected[earlier] = name

    def _meet_person(
        self, name: str, commitment: object, row: tuple[bytes | None, bytes | None] | None
    ) -> None:
        if row is None and commitment is None:
            return
        if row is None:
            self.missing += 1
            self.report.find("personal", name, "记录承诺过的个人信息不见了。")
            return
        self.report.personal += 1
        if not isinstance(commitment, str):
            self.report.find("personal", name, "记录没有承诺个人信息，却存着。")
        elif row == (None, None):
            self.emptied[name] = commitment
        elif not _committed(commitment, *row):
            self.report.find("personal", name, "个人信息与记录里的承诺值不符。")

    def _meet_erasure(self, seq: int, erased: object) -> None:
        for each in cast("list[object]", erased) if isinstance(erased, list) else [erased]:
            match each:
                case {"record": str(name), "personal": str(commitment)}:
                    self.told[name] = (commitment, seq)
                case _:
                    self.report.find("personal", seq, "删除记录没有写明删了什么。")

    def check(self) -> None:
        """Check all that does not belong to one record."""
        if self.missing:
            told = "个人信息不随存证包走；核对从存证包导入的日志，用 --without-persons。"
            self.report.notices.append(told)
        self._check_erasures()
        self._check_contents()
        orphans = "SELECT {what} FROM {table} LEFT JOIN record ON record.id = record_id"
        nowhere = "WHERE record.id IS NULL"
        table = orphans.format(what="key, record_id", table="idempotency")
        for key, name in self.connection.rows(f"{table} {nowhere}"):
            self.report.find("idempotency", key, f"指向不存在的记录 {name}。")
        self._check_corrections()
        if self.persons:
            table = orphans.format(what="record_id", table="personal")
            for (name,) in self.connection.rows(f"{table} {nowhere}"):
                self.report.find("personal", name, "个人信息没有对应的记录。")
        for guard, what in self.connection.wrong_guards().items():
            self.report.find("guard", guard, f"禁止改动和删除的触发器{what}。")
        for right in self.connection.loose_rights():
            self.report.find("guard", "权限", right)

    def _check_erasures(self) -> None:
        """Hold empty personal data against the records of erasures, which the tree covers."""
        for name, (commitment, seq) in self.told.items():
            found = self.connection.rows("SELECT seq, body FROM record WHERE id = ?", (name,))
            if not found or found[0][0] > seq or named(found[0][1], "personal") != commitment:
                self.report.find("personal", seq, f"删除记录所指的 {name} 不是在它之前的那一条。")
        if not self.persons:
            return
        for name in self.told.keys() - self.emptied.keys():
            # Whatever was erased while this walk went on was not empty yet when it came by.
            query = "SELECT salt, content FROM personal WHERE record_id = ?"
            if self.connection.rows(query, (name,)) not in ([], [(None, None)]):
                self.report.find("personal", name, "已有删除记录，个人信息却还在。")
        for name, commitment in self.emptied.items():
            self.report.erased += 1
            if self.told.get(name, ("", 0))[0] != commitment:
                self.report.find("personal", name, "个人信息空了，却没有删除记录。")

    def _check_corrections(self) -> None:
        kept = dict(self.connection.rows("SELECT earlier, record_id FROM correction"))
        for earlier, name in sorted(self.corrected.items() ^ kept.items()):
            self.report.find("correction", earlier, f"由 {name} 更正：索引与记录不符。")

    def _check_contents(self) -> None:
        kept = {name for (name,) in self.connection.rows("SELECT sha256 FROM blob")}
        for name in kept:
            self.report.blobs += 1
            for (content,) in self.connection.rows(
                "SELECT content FROM blob WHERE sha256 = ?", (name,)
            ):
                if sha256(content).hexdigest() != name:
                    self.report.find("blob", name, "内容与它的 SHA-256 不符。")
        for name in sorted(self.referred - kept):
            self.report.find("blob", name, "有记录用到这份内容，却不见了。")


def _committed(commitment: str, salt: bytes | None, content: bytes | None) -> bool:
    """Whether this is what was committed to; of another length, the salt may hold some of it."""
    if salt is None or content is None or len(salt) != SALT_BYTES:
        return False
    return sha256(salt + content).hexdigest() == commitment
