"""The journal in one SQLite file: WAL, synchronous FULL, and one writer at a time."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import apsw

from drawreview.errors import JournalError, Problem, StoreError
from drawreview.records.store import SEALED, TABLES, BusyError, Row, sync

_WAIT_MS: Final = 30_000
# What a new row may share with no other. REPLACE would delete the other, past its trigger.
_KEYS: Final = {
    "journal": "rowid = new.rowid",
    "key": "rowid = new.rowid OR vkey = new.vkey",
    "record": "seq = new.seq OR id = new.id",
    "node": "rowid = new.rowid OR (level = new.level AND place = new.place)",
    "checkpoint": "size = new.size",
    "blob": "rowid = new.rowid OR sha256 = new.sha256",
    "personal": "rowid = new.rowid OR record_id = new.record_id",
    "idempotency": "rowid = new.rowid OR key = new.key",
    "loss": "size = new.size",
}
_NO_JOURNAL: Final = "不是日志文件，或已经损坏。"
# Before this release two connections that write and checkpoint at once may corrupt the file.
_LEAST_SQLITE: Final = (3, 51, 3)


class SqliteConnection:
    """One connection to the file."""

    def __init__(self, path: Path, flags: int, vfs: str) -> None:
        self._path = path
        try:
            # Any: apsw's own types need a name that Python 3.11 lacks.
            self._connection: Any = apsw.Connection(str(path), flags=flags, vfs=vfs or None)
            self._connection.set_busy_timeout(_WAIT_MS)
            self._connection.execute("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON")
        except apsw.Error as error:
            raise _unusable(path, error) from error

    def begin(self) -> None:
        """Start to write, alone. A deferred transaction would find out too late that it is not."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except apsw.BusyError as error:
            raise BusyError(_busy(self._path)) from error
        except apsw.Error as error:
            raise _failed(self._path, error) from error

    def begin_reading(self) -> None:
        """Hold on to one state of the journal."""
        self.rows("BEGIN")

    def commit(self) -> None:
        """Make what was written last."""
        with self._failing():
            self._connection.execute("COMMIT")

    def rollback(self) -> None:
        """Forget what was written; SQLite may have done so by itself, when the disk was full."""
        with self._failing():
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Run a statement and return its rows."""
        with self._failing():
            return self._connection.execute(sql, tuple(values)).fetchall()

    def insert(self, table: str, rows: Iterable[Sequence[object]]) -> None:
        """Insert whole rows."""
        kept = [tuple(row) for row in rows]
        if kept:
            marks = ", ".join("?" * len(kept[0]))
            with self._failing():
                self._connection.executemany(f"INSERT INTO {table} VALUES ({marks})", kept)  # noqa: S608

    def forget_erased(self) -> None:
        """Move the log into the file and empty it, so that no old page stays in it."""
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the connection."""
        with self._failing():
            self._connection.close()

    @contextmanager
    def _failing(self) -> Generator[None]:
        try:
            yield
        except apsw.Error as error:
            raise _failed(self._path, error) from error


class SqliteStore:
    """A file that holds one journal; `vfs` names another operating system layer, for tests."""

    def __init__(self, path: Path, *, vfs: str = "") -> None:
        self.path = path
        self._vfs = vfs
        release = apsw.sqlite_lib_version()
        if tuple(map(int, release.split("."))) < _LEAST_SQLITE:
            raise JournalError(
                (Problem("SQLite", f"{release} 写 WAL 有缺陷。", "装 apsw 3.54 或更新的版本。"),)
            )

    @property
    def name(self) -> str:
        """Return the path."""
        return str(self.path)

    @property
    def folder(self) -> Path | None:
        """Return the folder of the file."""
        return self.path.resolve().parent

    def connect(self, *, writes: bool) -> SqliteConnection:
        """Open the file, which must be there and hold a journal."""
        try:
            self.path.stat()
        except OSError as error:
            problem = f"读不了：{error.strerror}。"
            if isinstance(error, FileNotFoundError):
                problem = "没有这个日志。"
            remedy = "核对路径，或用 drawreview journal init 建一个。"
            raise _wrong(self.path, problem, remedy) from error
        made = SqliteConnection(self.path, apsw.SQLITE_OPEN_READWRITE, self._vfs)
        try:
            made.rows("SELECT origin FROM journal")
        except StoreError as error:
            made.close()
            raise _wrong(self.path, _NO_JOURNAL, "核对路径。") from error
        try:
            # After a failed sync the log may be whole in memory and not on the disk. So what it
            # holds is written and synced anew before anything is appended to it.
            made.rows("PRAGMA wal_checkpoint(TRUNCATE)" if writes else "PRAGMA query_only = ON")
        except StoreError:
            made.close()
            raise
        return made

    def create(self) -> SqliteConnection:
        """Make the tables in a new file, in a transaction left open."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _wrong(self.path, f"建不了目录：{error.strerror}。", "换一个路径。") from None
        flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
        made = SqliteConnection(self.path, flags, self._vfs)
        try:
            made.rows("PRAGMA journal_mode = WAL")
            made.begin()
            taken = made.rows("SELECT 1 FROM sqlite_schema")
        except StoreError:
            taken = [()]
        if taken:
            made.close()
            raise _wrong(self.path, "已经有这个文件了。", "换一个路径。")
        sync(self.path.resolve().parent)  # SQLite syncs the files, and their names but for this one
        for statement in TABLES.format(bytes="BLOB", number="INTEGER").split(";"):
            made.rows(f"{statement} STRICT")
        for table in SEALED:
            for deed in ("UPDATE", "DELETE"):
                made.rows(
                    f"CREATE TRIGGER {table}_no_{deed} BEFORE {deed} ON {table} "
                    f"BEGIN SELECT raise(ABORT, 'the journal is append-only'); END"
                )
        for table, same in _KEYS.items():
            other = f"SELECT 1 FROM {table} WHERE {same}"  # noqa: S608 - our own names
            made.rows(
                f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
                f"WHEN EXISTS ({other}) "
                f"BEGIN SELECT raise(ABORT, 'the journal is append-only'); END"
            )
        made.rows(
            "CREATE TRIGGER personal_no_delete BEFORE DELETE ON personal "
            "BEGIN SELECT raise(ABORT, 'personal data is emptied, not deleted'); END"
        )
        made.rows(
            "CREATE TRIGGER personal_only_emptied BEFORE UPDATE ON personal "
            "WHEN new.content IS NOT NULL OR new.salt IS NOT NULL OR new.erased_at IS NULL "
            "OR old.erased_at IS NOT NULL OR new.record_id IS NOT old.record_id "
            "BEGIN SELECT raise(ABORT, 'personal data is emptied, not changed'); END"
        )
        return made

    def back_up(self, to: Path) -> None:
        """Write a whole copy, compact, to a new file, and sync it."""
        source = self.connect(writes=False)
        try:
            source.rows("PRAGMA query_only = OFF")
            source.rows("VACUUM INTO ?", (str(to),))
        finally:
            source.close()
        sync(to)
        sync(to.resolve().parent)


def _busy(path: Path) -> tuple[Problem, ...]:
    return (Problem(str(path), "日志被别的程序占用太久。", "稍后再试；没有记下任何东西。"),)


def _failed(path: Path, error: apsw.Error) -> StoreError:
    if isinstance(error, apsw.FullError):
        return StoreError((Problem(str(path), "磁盘已满。", "腾出空间再重试；读取不受影响。"),))
    return StoreError(
        (
            Problem(
                str(path), f"读写失败：{error}。", "检查磁盘，再用 drawreview journal verify 核对。"
            ),
        )
    )


def _unusable(path: Path, error: apsw.Error) -> JournalError:
    if isinstance(error, apsw.NotADBError):
        return _wrong(path, _NO_JOURNAL, "核对路径。")
    return _wrong(path, f"打不开：{error}。", "核对路径和权限。")


def _wrong(path: Path, problem: str, remedy: str) -> JournalError:
    return JournalError((Problem(str(path), problem, remedy),))
