"""A disk that loses power: of what was not synced, each sector survives or vanishes by chance.

A layer beneath SQLite passes writes on and remembers what every file held when it was last synced.
Directory entries are taken to be durable. A process killed with SIGKILL cannot show any of this,
because the page cache outlives it.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import apsw

from drawreview.errors import JournalError, StoreError
from drawreview.records.append import Writer
from drawreview.records.entry import Entry
from drawreview.records.journal import Journal, init_journal, new_id, open_journal
from drawreview.records.keys import read_key_file, remembered
from drawreview.records.sqlite import SqliteStore

SECTOR = 512
VFS = "power-cut"


@dataclass
class Disk:
    """What is surely on the disk, what may be, and how many operations are left."""

    left: int
    failing_sync: int = 0  # which one fails; what it should have synced never reaches the disk
    synced: dict[str, bytes] = field(default_factory=dict[str, bytes])
    pending: dict[str, list[tuple[int, bytes | None]]] = field(default_factory=dict)
    done: int = 0
    syncs: int = 0

    def open(self, name: str) -> None:
        if name not in self.synced:
            self.synced[name] = Path(name).read_bytes() if Path(name).exists() else b""
            self.pending[name] = []

    def spend(self) -> None:
        """Count an operation; when none is left, the power is gone."""
        self.done += 1
        if self.done > self.left:
            raise apsw.IOError("no power")

    def sync(self, name: str) -> None:
        """Take what a file holds to be on the disk, unless this is the sync that fails."""
        self.syncs += 1
        pending, self.pending[name] = self.pending[name], []
        if self.syncs == self.failing_sync:
            raise apsw.IOError("the disk did not answer")
        self.synced[name] = _after(self.synced[name], pending, lambda: True)

    def survivors(self, name: str, chance: random.Random) -> bytes:
        """Return what a file holds when the power comes back."""
        return _after(self.synced[name], self.pending[name], lambda: chance.random() < 0.5)


def _after(
    content: bytes, writes: Sequence[tuple[int, bytes | None]], survives: Callable[[], bool]
) -> bytes:
    """Return a file after those of its writes, sector by sector, that survive."""
    found = bytearray(content)
    for offset, data in writes:
        if data is None:
            if survives():
                del found[offset:]
            continue
        for start in range(0, len(data), SECTOR):
            if survives():
                at, piece = offset + start, data[start : start + SECTOR]
                found.extend(bytes(max(0, at + len(piece) - len(found))))
                found[at : at + len(piece)] = piece
    return bytes(found)


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self._disk = disk
        self._name = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        disk.open(self._name)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._disk.pending[self._name].append((offset, bytes(data)))
        self._disk.spend()
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self._disk.pending[self._name].append((size, None))
        self._disk.spend()
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:  # noqa: ARG002, N802 - nothing reaches a real disk
        self._disk.spend()
        self._disk.sync(self._name)


class _Vfs(apsw.VFS):
    def __init__(self) -> None:
        super().__init__(VFS, "")
        self.disk = Disk(0)

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> _File:  # noqa: N802
        return _File(self.disk, name, flags)


@dataclass
class Laboratory:
    """One journal that every cut starts from, and the layer that cuts."""

    folder: Path
    synchronous: str

    def __post_init__(self) -> None:
        self.vfs = _Vfs()
        self.key = self.folder / "keys" / "k.json"
        first = self.folder / "first" / "j.db"
        with init_journal(first, origin="permits.example/power", key=self.key) as journal:
            for entry in _entries(random.Random(0), 3):
                journal.submit(entry).result()
        self.acknowledged = 0
        self.memory = self.key.with_suffix(".json.signed").read_bytes()

    def cut(self, chance: random.Random) -> str:
        """Cut the power once: ok, lost or broken."""
        here = self._fresh()
        disk = self.vfs.disk = Disk(chance.randrange(1, 190))
        acknowledged, memories = self._write(here / "j.db", chance)
        # What the key's folder remembers is not synced either: any older state may be there.
        self.key.with_suffix(".json.signed").write_text(chance.choice(memories), encoding="utf-8")
        return self._after_the_cut(disk, chance, acknowledged)

    def _fresh(self) -> Path:
        here = self.folder / "here"
        shutil.rmtree(here, ignore_errors=True)
        shutil.copytree(self.folder / "first", here)
        self.key.with_suffix(".json.signed").write_bytes(self.memory)
        return here

    def _after_the_cut(self, disk: Disk, chance: random.Random, acknowledged: list[Entry]) -> str:
        self.acknowledged += len(acknowledged)
        there = self.folder / "there"
        shutil.rmtree(there, ignore_errors=True)
        there.mkdir()
        for name in disk.synced:
            (there / Path(name).name).write_bytes(disk.survivors(name, chance))
        return self._outcome(there / "j.db", acknowledged)

    def fail_a_sync(self, chance: random.Random) -> str:
        """Let one sync fail, go on after reopening, and cut the power later."""
        here = self._fresh()
        disk = self.vfs.disk = Disk(chance.randrange(60, 190), chance.randrange(1, 20))
        acknowledged: list[Entry] = []
        journal = Journal(SqliteStore(here / "j.db", vfs=VFS), self.key)
        while disk.done < disk.left:
            (entry,) = _entries(chance, 1)
            try:
                journal.submit(entry).result()
                acknowledged.append(entry)
            except StoreError:
                with suppress(JournalError):
                    journal.reopen()
        with suppress(StoreError):  # there is no power
            journal.close()
        return self._after_the_cut(disk, chance, acknowledged)

    def _write(self, path: Path, chance: random.Random) -> tuple[list[Entry], list[str]]:
        keys = read_key_file(self.key)
        acknowledged: list[Entry] = []
        memories = [remembered(keys.remembered) or ""]
        connection = None
        try:
            connection = SqliteStore(path, vfs=VFS).connect(writes=True)
            connection.rows(f"PRAGMA synchronous = {self.synchronous}")
            connection.rows("PRAGMA wal_autocheckpoint = 12")  # so that some cuts fall into one
            writer = Writer(connection, keys)
            while True:
                entries = _entries(chance, chance.randrange(1, 4))
                writer.write(entries)
                acknowledged += entries
                memories.append(remembered(keys.remembered) or "")
        except JournalError:
            pass
        try:
            if connection:
                connection.close()
        except StoreError:
            pass
        return acknowledged, memories

    def _outcome(self, path: Path, acknowledged: Sequence[Entry]) -> str:
        try:
            with open_journal(path, key=self.key) as journal:
                found = {one.id: one.body for one in journal.records()}
                if any(found.get(entry.id) != entry.body for entry in acknowledged):
                    return "lost"
                if not journal.verify().holds:
                    return "broken"
                journal.submit(_entries(random.Random(1), 1)[0]).result()
                return "ok" if journal.verify().holds else "broken"
        except (JournalError, LookupError):
            return "broken"


def _entries(chance: random.Random, count: int) -> list[Entry]:
    made: list[Entry] = []
    for _ in range(count):
        name = new_id()
        pad = chance.randbytes(chance.randrange(50, 900)).hex()
        made.append(Entry(name, f'{{"id":"{name}","pad":"{pad}"}}'.encode()))
    return made


def cuts(folder: Path, *, count: int, seed: int, synchronous: str) -> Counter[str]:
    """Cut the power so many times; return how each ended, and how much was acknowledged."""
    laboratory, chance = Laboratory(folder, synchronous), random.Random(seed)
    found = Counter(laboratory.cut(chance) for _ in range(count))
    found["acknowledged"] = laboratory.acknowledged
    return found


def failed_syncs(folder: Path, *, count: int, seed: int) -> Counter[str]:
    """Let a sync fail and cut the power later, so many times; return how each ended."""
    laboratory, chance = Laboratory(folder, "FULL"), random.Random(seed)
    found = Counter(laboratory.fail_a_sync(chance) for _ in range(count))
    found["acknowledged"] = laboratory.acknowledged
    return found
