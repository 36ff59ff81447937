"""The journal in one SQLite file: WAL, synchronous FULL, and one writer at a time."""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import apsw

from drawreview.errors import (
    ArgumentError,
    BusyError,
    DamagedError,
    JournalError,
    LingeringError,
    StoreError,
    system_words,
)
from drawreview.records.shape import Shape, other_columns, other_rules, shape_of
from drawreview.records.sqlite_guards import GUARDS, wrong
from drawreview.records.store import TABLES, Row, insertion, refuse_other_tables, sync

_WAIT_MS: Final = 30_000
_AGAIN_S: Final = 0.02
_STATEMENTS: Final = 400  # prepared ones that are kept: one for each count of rows in a group
_FORGET_MS: Final = 5_000  # appends wait meanwhile
# By name, as SQLite keeps them.
_TABLES: Final = {
    statement.split()[2]: f"{statement.strip()} STRICT"
    for statement in TABLES.format(bytes="BLOB", number="INTEGER").split(";")
}
_SHAPES: Final = {name: shape_of(statement) for name, statement in _TABLES.items()}
_NO_JOURNAL: Final = "不是日志文件，或已经损坏。"
# Before this release two connections that write and checkpoint at once may corrupt the file.
_LEAST_SQLITE: Final = (3, 51, 3)


class SqliteConnection:
    """One connection to the file."""

    def __init__(self, path: Path, flags: int, vfs: str, *, name: str = "") -> None:
        self._path = path
        try:
            # Any: apsw's own types need a name that Python 3.11 lacks.
            self._connection: Any = apsw.Connection(
                name or str(path), flags=flags, vfs=vfs or None, statementcachesize=_STATEMENTS
            )
            self._connection.set_busy_timeout(_WAIT_MS)
            self._connection.execute("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON")
        except apsw.Error as error:
            raise _unusable(path, error) from error

    def begin(self) -> None:
        """Start to write, alone. A deferred transaction would find out too late that it is not."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except apsw.BusyError as error:
            remedy = "稍后再试；没有记下任何东西。"
            raise BusyError.of(self._path, "日志被别的程序占用太久。", remedy) from error
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
        statement, values = insertion(table, rows)
        if values:
            self.rows(statement, values)

    def forget_erased(self) -> None:
        """Move the log into the file and empty it, so that no old page stays in it."""
        if not self.empty_log(_FORGET_MS):
            problem = (
                f"已删除并已记下，但旧字节还在 {self._path.name}-wal 里：有程序正在读旧的状态。"
            )
            remedy = "等它（核对、备份）结束，把同一条 journal erase 命令再执行一次。"
            raise LingeringError.of(self._path, problem, remedy)

    def empty_log(self, wait_ms: int) -> bool:
        """Write the log into the file, sync it, and empty the log; False if somebody reads it."""
        # SQLite itself would wait for readers, but not for another who is about to do the same.
        until = time.monotonic() + wait_ms / 1000
        self._connection.set_busy_timeout(0)
        try:
            while self.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]:
                if time.monotonic() > until:
                    return False
                time.sleep(_AGAIN_S)
        finally:
            self._connection.set_busy_timeout(_WAIT_MS)
        return True

    def damage(self) -> list[str]:
        """Return what SQLite finds wrong: rows that an index misses, pages out of place."""
        try:
            found = [said for (said,) in self.rows("PRAGMA integrity_check(20)") if said != "ok"]
        except DamagedError as error:
            return [str(error)]
        return found + self.other_rules()

    def other_columns(self) -> list[str]:
        """Return which tables do not have the columns that they were made with."""
        return other_columns(_SHAPES, self._shapes())

    def other_rules(self) -> list[str]:
        """Return which tables are not under the rules that they were made with."""
        return other_rules(_SHAPES, self._shapes())

    def _shapes(self) -> dict[str, Shape]:
        query = "SELECT tbl_name, sql FROM sqlite_schema WHERE type = '{}' AND sql IS NOT NULL"
        shapes = {name: shape_of(sql) for name, sql in self.rows(query.format("table"))}
        for name, sql in self.rows(query.format("index")):
            shapes.setdefault(name, Shape()).rules.append(sql)
        return shapes

    def loose_rights(self) -> list[str]:
        """Return nothing: a file knows no roles."""
        return []

    def wrong_guards(self) -> dict[str, str]:
        """Return which triggers are not there as they were made, or are none of ours."""
        return wrong(dict(self.rows("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")))

    def set_guards(self) -> None:
        """Put back the triggers that are missing, and leave those alone that are none of ours."""
        for name in GUARDS.keys() & self.wrong_guards().keys():
            self.rows(f"DROP TRIGGER IF EXISTS {name}")
            self.rows(GUARDS[name])

    def close(self) -> None:
        """Close the connection."""
        with self._failing():
            self._connection.close()

    @contextmanager
    def _failing(self) -> Generator[None]:
        try:
            yield
        except (apsw.CorruptError, apsw.NotADBError, UnicodeDecodeError) as error:
            problem = "文件里的内容已经损坏。"
            raise DamagedError.of(
                self._path, problem, "用备份，或向持有存证包的人索取。"
            ) from error
        except apsw.Error as error:
            raise _failed(self._path, error) from error


class SqliteStore:
    """A file that holds one journal; `vfs` names another operating system layer, for tests."""

    def __init__(self, path: Path, *, vfs: str = "") -> None:
        self.path = path
        self._vfs = vfs
        release = apsw.sqlite_lib_version()
        if tuple(map(int, release.split("."))) < _LEAST_SQLITE:
            raise JournalError.of(
                "SQLite", f"{release} 写 WAL 有缺陷。", "装 apsw 3.54 或更新的版本。"
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
            problem = f"读不了：{system_words(error)}。"
            if isinstance(error, FileNotFoundError):
                problem = "没有这个日志。"
            remedy = "核对路径，或用 drawreview journal init 建一个。"
            raise JournalError.of(self.path, problem, remedy) from error
        made = self._opened(writes=writes)
        try:
            made.rows("SELECT origin FROM journal")
        except StoreError as error:
            made.close()
            raise JournalError.of(self.path, _NO_JOURNAL, "核对路径。") from error
        try:
            refuse_other_tables(self.name, made.other_columns())
            if writes:
                refuse_other_tables(self.name, made.other_rules())
                self._make_ready(made)
            else:
                made.rows("PRAGMA query_only = ON")
        except JournalError:
            made.close()
            raise
        return made

    def _opened(self, *, writes: bool) -> SqliteConnection:
        """Open the file; where nobody can write, as an auditor's evidence may lie, without a log.

        Beside a journal that is read, SQLite writes a small file for those who share it.
        """
        log = self.path.with_name(f"{self.path.name}-wal")
        may_write = os.access(self.path.resolve().parent, os.W_OK)
        if writes or may_write or (log.exists() and log.stat().st_size):
            return SqliteConnection(self.path, apsw.SQLITE_OPEN_READWRITE, self._vfs)
        flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
        name = f"{self.path.resolve().as_uri()}?immutable=1"
        return SqliteConnection(self.path, flags, self._vfs, name=name)

    def _make_ready(self, writer: SqliteConnection) -> None:
        # After a failed sync the log may be whole in memory and not on the disk. So what it
        # holds is written and synced anew before anything is appended to it.
        if not writer.empty_log(_WAIT_MS):
            problem = "有程序读取太久，先前的记录还不能确认都在磁盘上。"
            remedy = "等它（核对、备份）结束再试；没有记下任何东西。"
            raise BusyError.of(self.path, problem, remedy)
        if writer.wrong_guards():
            writer.begin()
            writer.set_guards()
            writer.commit()

    def create(self) -> SqliteConnection:
        """Make the tables in a new file, in a transaction left open."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ArgumentError.of(
                self.path, f"建不了目录：{system_words(error)}。", "换一个路径。"
            ) from None
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
            raise ArgumentError.of(self.path, "已经有这个文件了。", "换一个路径。")
        sync(self.path.resolve().parent)  # SQLite syncs the files, and their names but for this one
        for statement in _TABLES.values():
            made.rows(statement)
        made.set_guards()
        return made

    def grant(self, role: str, *, reads_only: bool = False) -> None:
        """Refuse: a file knows no roles of its own."""
        what = "读" if reads_only else "追加"
        problem = f"SQLite 文件不分角色，不能只让 {role} {what}。"
        remedy = "用文件权限（属主、属组），或改用 PostgreSQL。"
        raise ArgumentError.of(self.path, problem, remedy)

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


def _failed(path: Path, error: apsw.Error) -> StoreError:
    if isinstance(error, apsw.FullError):
        return StoreError.of(path, "磁盘已满。", "腾出空间再重试；读取不受影响。")
    remedy = "检查磁盘，再用 drawreview journal verify 核对。"
    return StoreError.of(path, f"读写失败：{error}。", remedy)


def _unusable(path: Path, error: apsw.Error) -> JournalError:
    if isinstance(error, apsw.NotADBError):
        return JournalError.of(path, _NO_JOURNAL, "核对路径。")
    remedy = "核对路径和权限；磁盘全满，或目录只读而旁边还有 -wal，也会这样。"
    return JournalError.of(path, f"打不开：{error}。", remedy)
