"""Write a journal, or some of its records with their proofs, as one bundle to carry away."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from drawreview.errors import JournalError, OutputError, Problem, system_words
from drawreview.records import store, verify_bundle
from drawreview.records.canonical import said
from drawreview.records.journal import Journal, utc_now
from drawreview.records.note import checkpoint_from, proof_text
from drawreview.records.reading import Record
from drawreview.records.referred import records_in, referred_in

_UNDATED: Final = (1980, 1, 1, 0, 0, 0)
_README: Final = """\
drawreview 存证包（drawreview/bundle@1）

  python3 verify.py BUNDLE.zip --key 验证公钥 --checkpoint 我持有的检查点

verify.py 只用 Python 标准库，给出三个各自独立的结论：
字节完整；与我持有的检查点一致；决定、期限和承诺书可以重现（需安装 drawreview）。
退出状态：0 三个都成立；1 有一个不成立；4 没有不成立的，但有未核对的，例如没有给公钥。

包内的任何东西都不能为自己作证：公钥和检查点须从包外取得（纸质、盖章、公告）；
verify.py 本身也宜取自 drawreview 的发行版，其摘要由 drawreview journal export 显示。

manifest.json      每个文件的 SHA-256
records.jsonl      记录，每行一条，逐字节
checkpoint.note    最新的签名检查点（C2SP tlog-checkpoint）
checkpoints.jsonl  所有检查点
proofs/            只导出部分记录时，每条的存在证明（C2SP tlog-proof）
blobs/             规则、日历、格式文本、字体，以 SHA-256 为名
keys.json          日志用过的公钥和起止时间，仅供对照
"""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: how many records, up to which checkpoint, and the verifier's digest.

    `beyond`: the journal holds a record that no checkpoint covers, which no honest one does.
    """

    records: int
    size: int
    root: str
    verifier: str
    beyond: bool


def export(journal: Journal, to: Path, *, ids: Sequence[str] = ()) -> Exported:
    """Write a bundle of all records, or of some with what they build on and their proofs.

    Raises:
        JournalError: There is no such record.
        OutputError: The file cannot be written.
    """
    there = len(journal)  # before the checkpoint is read, which each record brings along
    note = journal.checkpoint()
    newest = checkpoint_from(note)
    kept = _with_referred(journal, ids) if ids else journal.records(0, newest.size)
    try:
        handle, waiting = tempfile.mkstemp(dir=to.resolve().parent, prefix=".bundle-")
    except OSError as error:
        raise _unwritten(to, error) from error
    try:
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w") as archive:
            writing = _Writing(archive, look=bool(ids))
            seqs = writing.records(kept)
            blobs = writing.referred if ids else {name for name, _ in journal.blobs()}
            kinds = {name: kind for name, kind in journal.blobs() if name in blobs}
            for name in sorted(kinds):
                writing.add(f"blobs/{name}", [journal.blob(name)])
            writing.add("checkpoint.note", [note.encode()])
            every = ((s, n) for s, n in journal.checkpoints() if s <= newest.size)
            told = ({"size": s, "note": n} for s, n in every if not ids or s == newest.size)
            writing.add("checkpoints.jsonl", (_line(each) for each in told))
            for seq in seqs if ids else ():
                proof = journal.inclusion(seq, newest.size)
                text = proof_text(seq, proof, note)
                writing.add(f"proofs/{seq}.tlog-proof", [text.encode()])
            writing.add("keys.json", [_json(_keys(journal))])
            verifier = Path(verify_bundle.__file__).read_bytes()
            writing.add("verify.py", [verifier])
            writing.add("README.txt", [_README.encode()])
            manifest = {
                "schema": "drawreview/bundle@1",
                "origin": journal.origin,  # of the keys; after a loss the checkpoints name another
                "size": newest.size,
                "indexes": seqs if ids else None,
                "losses": _losses(journal),
                "blobs": kinds,
                "made_at": utc_now(),
                "files": writing.digests,
            }
            writing.add("manifest.json", [_json(manifest)])
        Path(waiting).chmod(0o644)
        Path(waiting).replace(to)
    except OSError as error:
        Path(waiting).unlink(missing_ok=True)
        raise _unwritten(to, error) from error
    except BaseException:
        Path(waiting).unlink(missing_ok=True)
        raise
    digest = hashlib.sha256(verifier).hexdigest()
    return Exported(len(seqs), newest.size, newest.root.hex(), digest, there > newest.size)


def _unwritten(to: Path, error: OSError) -> OutputError:
    problem = f"写不进去：{system_words(error)}。"
    return OutputError((Problem(str(to), problem, "换一个目录，或核对权限和剩余空间。"),))


class _Writing:
    """A zip file being written; notes the digest of each part, and what the records refer to."""

    def __init__(self, archive: zipfile.ZipFile, *, look: bool) -> None:
        self._archive = archive
        self._look = look
        self.digests: dict[str, str] = {}
        self.referred: set[str] = set()

    def add(self, name: str, parts: Iterable[bytes]) -> None:
        """Write one file of the bundle."""
        total = hashlib.sha256()
        entry = zipfile.ZipInfo(name, _UNDATED)
        entry.compress_type = zipfile.ZIP_DEFLATED
        with self._archive.open(entry, "w", force_zip64=True) as file:
            for part in parts:
                total.update(part)
                file.write(part)
        self.digests[name] = total.hexdigest()

    def records(self, kept: Iterable[Record]) -> list[int]:
        """Write the records, each on a line of its own; return their places."""
        seqs: list[int] = []

        def lines() -> Iterator[bytes]:
            for record in kept:
                if b"\n" in record.body:
                    raise JournalError.of(record.id, "内容里有换行，放不进存证包。", "请报告此事。")
                seqs.append(record.seq)
                if self._look:
                    self.referred |= set(referred_in(said(record.body)))
                yield record.body + b"\n"

        self.add("records.jsonl", lines())
        return seqs


def _with_referred(journal: Journal, ids: Sequence[str]) -> list[Record]:
    """Return some records and all that they build on, in their order."""
    found: dict[str, Record] = {}
    wanted = list(ids)
    while wanted:
        if (name := wanted.pop()) not in found:
            found[name] = journal.get(name)
            wanted += records_in(said(found[name].body))
    return sorted(found.values(), key=lambda record: record.seq)


def _keys(journal: Journal) -> list[dict[str, Any]]:
    """Return the journal's public keys, and from when until when each signed."""
    with _reading(journal) as connection:
        rows = connection.rows("SELECT vkey, since_size, since FROM key ORDER BY since_size, since")
    untils = [*(since for _, _, since in rows[1:]), None]
    return [
        {"vkey": vkey, "since_size": size, "since": since, "until": until}
        for (vkey, size, since), until in zip(rows, untils, strict=True)
    ]


def _losses(journal: Journal) -> list[dict[str, Any]]:
    with _reading(journal) as connection:
        rows = connection.rows("SELECT size, newest, note FROM loss ORDER BY size")
    return [{"size": size, "newest": newest, "note": note} for size, newest, note in rows]


@contextmanager
def _reading(journal: Journal) -> Generator[store.Connection]:
    connection = journal.store.connect(writes=False)
    try:
        yield connection
    finally:
        connection.close()


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _line(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
