"""The journal of decisions: many may append at once, one writer makes it durable.

Readers use a connection of their own. Whoever waits at the writer shares its next transaction.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from uuid import UUID

from drawreview.errors import ArgumentError, JournalError
from drawreview.records import merkle, store
from drawreview.records.append import Writer
from drawreview.records.entry import SALT_BYTES, Blob, Entry, Erased, Personal, Receipt
from drawreview.records.group_commit import GroupCommit
from drawreview.records.keys import (
    KeyFile,
    default_key_path,
    new_key_file,
    read_key_file,
    remember,
    remembered,
)
from drawreview.records.note import (
    Checkpoint,
    PublicKey,
    is_key_name,
    signed,
)
from drawreview.records.older_copy import AFTER_LOSS, resume
from drawreview.records.reading import Reader
from drawreview.records.report import Report
from drawreview.records.store import Store
from drawreview.records.verify import verify

_LONGEST_ORIGIN: Final = 200


def new_id() -> str:
    """Draw the id of a record: a UUID of version 7, which begins with the time. RFC 9562, 5.7."""
    drawn = int.from_bytes(secrets.token_bytes(10), "big")
    number = (time.time_ns() // 1_000_000 << 80 | drawn) & ~(0xF << 76) & ~(0x3 << 62)
    return str(UUID(int=number | 0x7 << 76 | 0x2 << 62))


def new_personal(content: bytes) -> Personal:
    """Salt personal data, so that the record can hold its commitment."""
    return Personal(secrets.token_bytes(SALT_BYTES), content)


def utc_now() -> str:
    """Return the time as the journal writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def store_of(place: str | Path) -> Store:
    """Return the store that a path or a postgresql:// URL names."""
    if str(place).startswith(("postgresql://", "postgres://")):
        from drawreview.records.postgres import PostgresStore  # noqa: PLC0415 - an extra

        return PostgresStore(str(place))
    from drawreview.records.sqlite import SqliteStore  # noqa: PLC0415 - as heavy as the other

    return SqliteStore(Path(place))


def init_journal(place: str | Path, *, origin: str, key: Path | None = None) -> Journal:
    """Make an empty journal and its key file, and open it."""
    kept = store_of(place)
    path = key or default_key_path(origin)
    if kept.folder is not None and path.resolve().is_relative_to(kept.folder):
        problem = f"密钥文件在日志的目录 {kept.folder} 里，复制日志的人会一并带走。"
        remedy = "给日志一个自己的目录，或用 --key 写到别处，最好另有主人。"
        raise ArgumentError.of(path, problem, remedy)
    if not is_key_name(origin) or len(origin) > _LONGEST_ORIGIN or AFTER_LOSS in origin:
        remedy = "写成 permits.example.cn/baotou 的样子，不含空格和加号。"
        raise ArgumentError.of(origin, "不能作日志名。", remedy)
    keys = new_key_file(path, origin, at=utc_now())
    try:
        note = _create(kept, keys)
    except JournalError:
        path.unlink()
        raise
    remember(keys.remembered, note)
    return Journal(kept, path)


def _create(kept: Store, keys: KeyFile) -> str:
    """Make the tables and sign the empty tree, in one transaction."""
    made = kept.create()
    try:
        made.insert("journal", [(keys.origin, store.VERSION)])
        made.insert("key", [(keys.current.key.vkey, 0, keys.current.since)])
        text = Checkpoint(keys.origin, 0, merkle.EMPTY_ROOT).text
        note = signed(text, [keys.current.signer])
        made.insert("checkpoint", [(0, note)])
        made.commit()
    finally:
        made.close()
    return note


def open_journal(place: str | Path, *, key: Path | None = None) -> Journal:
    """Open a journal by its path or URL. Only appending needs the key file."""
    return Journal(store_of(place), key)


class Journal(Reader):
    """An open journal, safe to share among threads. Only appending needs the key file."""

    def __init__(self, kept: Store, key: Path | None = None) -> None:
        super().__init__(kept)
        self._key = key
        self._starting = threading.Lock()
        self._writer: GroupCommit | None = None
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def append(
        self,
        body: bytes,
        *,
        id: str,  # noqa: A002 - the record's own word
        blobs: Sequence[Blob] = (),
        personal: Personal | None = None,
        idempotency_key: str | None = None,
    ) -> Receipt:
        """Record exactly these bytes; return when they will survive a power cut.

        The body is JSON whose `id` is the id, and whose `personal` is the commitment of the
        personal data if there is any: the tree covers nothing but the body. A known idempotency
        key returns the first receipt.

        Raises JournalError if this entry cannot be recorded, AppendRefusedError if none can,
        StoreError if the store failed: then it is unknown whether the record stands, so ask again
        with the same idempotency key once the journal is reopened.
        """
        return self.submit(Entry(id, body, tuple(blobs), personal, idempotency_key)).result()

    def submit(self, entry: Entry) -> Future[Receipt]:
        """Hand an entry to the writer without waiting for it."""
        return self._writing().submit(entry)

    def erase(
        self, ids: Sequence[str], entry_for: Callable[[Sequence[Erased]], Entry]
    ) -> Receipt | None:
        """Erase the personal data of records, and record it; None if there is none left.

        All proofs still hold. `entry_for` says what is recorded of those that were erased.

        Raises LingeringError if it is erased, and old bytes still lie in the store's files because
        somebody reads them; asking once more removes them.
        """
        for each in ids:
            self.get(each)
        return self._writing().call(lambda writer: writer.erase(ids, entry_for, utc_now()))

    def rotate_key(self, entry_for: Callable[[PublicKey], Entry]) -> PublicKey:
        """Sign with a new key from the record on that `entry_for` makes of it; both sign that."""
        return self._writing().call(lambda writer: writer.rotate(entry_for, utc_now()))

    def resume(self, newest_checkpoint: str) -> Checkpoint | None:
        """Let a restored older copy go on; return the checkpoint whose records are lost, if any."""

        def go_on(writer: Writer) -> Checkpoint | None:
            writer.tail = None
            return resume(writer.connection, writer.keys, newest_checkpoint)

        return self._writing().call(go_on)

    def reopen(self) -> None:
        """Start anew after a failure of the store; the tail is verified before the next append."""
        self._stop()
        super().reopen()
        self._closed = False

    @property
    def broken(self) -> Exception | None:
        """Return why the writer refuses, if the store has failed."""
        return self._writer and self._writer.broken

    @property
    def key_path(self) -> Path:
        """Return where the key file is looked for."""
        return self._key or default_key_path(self.origin)

    def key_file(self) -> KeyFile:
        """Return the key file; raises JournalError if it is not there or belongs to another."""
        path = self._key or default_key_path(self.origin)
        keys = read_key_file(path)
        if keys.origin != self.origin:
            raise JournalError.of(
                str(path), f"是 {keys.origin} 的密钥，日志是 {self.origin}。", "核对 --key。"
            )
        return keys

    def verify(
        self,
        *,
        trusted: Sequence[PublicKey] | None = None,
        held: Mapping[str, str] | None = None,
        memory: str | None = None,
        persons: bool = True,
    ) -> Report:
        """Verify everything against trusted keys and against what is held outside.

        A journal that was imported from a bundle holds no `persons`.

        Without trusted keys, those of the key file are used, and what lies beside it; without that
        file, the journal's own, which cannot notice that somebody signed everything anew.
        """
        if trusted is None and self.key_path.exists():
            own = self.key_file()
            trusted, memory = own.publics, remembered(own.remembered)
        connection = self.store.connect(writes=False)
        try:
            keys = self.public_keys() if trusted is None else trusted
            report = verify(connection, keys, held=held, remembered=memory, persons=persons)
        finally:
            connection.close()
        report.signed = trusted is not None
        if trusted is None:
            report.notices.append("用的是日志自带的公钥：换了密钥重签一遍的人，这样查不出。")
        return report

    def back_up(self, to: Path) -> Report:
        """Write a copy beside `to`, verify it, and only then give it its name."""
        if not to.parent.is_dir():
            raise ArgumentError.of(to, "没有这个目录。", "先建好目录。")
        if to.exists():
            raise ArgumentError.of(to, "已经有这个文件了。", "换一个路径。")
        newest = {self.store.name: self.checkpoint()}
        waiting = to.with_name(to.name + ".part")
        waiting.unlink(missing_ok=True)
        try:
            self.store.back_up(waiting)
            with Journal(store_of(waiting), self._key) as copy:
                report = copy.verify(trusted=self.public_keys(), held=newest)
            if report.holds:
                waiting.rename(to)
        finally:
            waiting.unlink(missing_ok=True)
        return report

    def close(self) -> None:
        """Finish what was handed over, and close."""
        self._closed = True
        self._stop()
        super().close()

    def _writing(self) -> GroupCommit:
        """Return the writer, started when it is first needed: readers need no keys."""
        with self._starting:
            if self._closed:
                raise JournalError.of(self.store.name, "日志已经关闭。", "重新打开。")
            if self._writer is None:
                keys = self.key_file()
                self._writer = GroupCommit(Writer(self.store.connect(writes=True), keys))
            return self._writer

    def _stop(self) -> None:
        with self._starting:
            if self._writer is not None:
                self._writer.close()
                self._writer = None
