"""The journal in PostgreSQL, for several servers; one of them appends at a time."""

from __future__ import annotations

import re
import time
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit

from drawreview.errors import (
    ArgumentError,
    BusyError,
    ForbiddenError,
    JournalError,
    LingeringError,
    StoreError,
)
from drawreview.records.postgres_guards import (
    SCHEMA,
    loose_rights,
    set_guards,
    shapes_in,
    wrong_guards,
)
from drawreview.records.shape import other_columns, other_rules, shape_of
from drawreview.records.store import TABLES, Row, insertion, refuse_other_tables

try:
    import psycopg
except ImportError as error:
    remedy = "pip install 'drawreview[postgres]'"
    raise JournalError.of("postgresql://", "没有装 psycopg。", remedy) from error

_LOCK: Final = 0x6472_6A6E  # any number, the same for all who append
_WAIT: Final = "30s"
_TRY: Final = "200ms"
_TABLES: Final = TABLES.format(bytes="BYTEA", number="BIGINT").split(";")
_SHAPES: Final = {statement.split()[2]: shape_of(statement) for statement in _TABLES}
_FORGET_S: Final = 5.0  # appends wait meanwhile


class PostgresConnection:
    """One connection to the server."""

    def __init__(self, name: str, url: str) -> None:
        self._name = name
        try:
            self._connection = psycopg.connect(url, autocommit=True, connect_timeout=10)
        except psycopg.Error as error:
            raise JournalError.of(
                name, f"连不上：{_said(error)}。", "核对网址、口令和服务器。"
            ) from None
        self.rows(f"SET search_path TO {SCHEMA}")
        self.rows(f"SET lock_timeout = '{_WAIT}'")
        self.rows("SET synchronous_commit = on")

    def begin(self) -> None:
        """Start to write, alone: whoever holds the lock knows the last number."""
        try:
            self.rows("BEGIN")
            self.rows("SELECT pg_advisory_xact_lock(?)", (_LOCK,))
        except StoreError as error:
            if isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
                self.rollback()
                remedy = "稍后再试；没有记下任何东西。"
                raise BusyError.of(self._name, "日志被别的程序占用太久。", remedy) from error
            raise

    def begin_reading(self) -> None:
        """Hold on to one state of the journal."""
        self.rows("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def commit(self) -> None:
        """Make what was written last."""
        self.rows("COMMIT")

    def rollback(self) -> None:
        """Forget what was written; a lost connection has forgotten it already."""
        if not self._connection.closed:
            self.rows("ROLLBACK")

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Run a statement and return its rows."""
        with self._failing():
            # The statements are the store's own; their values never stand in the text.
            cursor = self._connection.execute(
                cast("Any", sql.replace("?", "%s")), tuple(values) or None
            )
            return cursor.fetchall() if cursor.description else []

    def insert(self, table: str, rows: Iterable[Sequence[object]]) -> None:
        """Insert whole rows."""
        statement, values = insertion(table, rows)
        if values:
            self.rows(statement, values)

    def forget_erased(self) -> None:
        """Have the server write the table anew without the old rows.

        Its own log and its backups keep them until they age.
        """
        again = "再执行一次同一条 journal erase 命令。"
        until = time.monotonic() + _FORGET_S
        while left := self._old_rows():
            if time.monotonic() > until:
                problem = "已删除并已记下，但旧行还在：有程序正在读旧的状态。"
                raise LingeringError.of(self._name, problem, f"等读取结束，{again}")
            time.sleep(0.05)
        if left is None:
            problem = "已删除并已记下，但旧行还在：这个用户不是表的所有者，不能清理。"
            remedy = f"由所有者执行 VACUUM FULL {SCHEMA}.personal。"
            raise LingeringError.of(self._name, problem, remedy)

    def _old_rows(self) -> int | None:
        """Write the table anew; say whether old rows stay, None if this user may not."""
        told: list[str] = []

        def listen(said: psycopg.errors.Diagnostic) -> None:
            told.append(said.message_detail or "")

        self._connection.add_notice_handler(listen)
        try:
            # Whoever waits for the table makes those wait who only read it.
            self.rows(f"SET lock_timeout = '{_TRY}'")
            self.rows("VACUUM (FULL, VERBOSE) personal")
        except StoreError as error:
            if isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
                return 1
            raise
        finally:
            self._connection.remove_notice_handler(listen)
            self.rows(f"SET lock_timeout = '{_WAIT}'")
        # The count of old rows that somebody may still see stands first, in every language.
        counts = [found[0] for detail in told if (found := re.findall(r"\d+", detail))]
        return sum(map(int, counts)) if counts else None

    def damage(self) -> list[str]:
        """Return which rules are other than made; the server checks its pages as it reads them."""
        return self.other_rules()

    def other_columns(self) -> list[str]:
        """Return which tables do not have the columns, of the types, that they were made with."""
        return other_columns(_SHAPES, shapes_in(self))

    def other_rules(self) -> list[str]:
        """Return which tables are not under the rules that they were made with."""
        return other_rules(_SHAPES, shapes_in(self))

    def wrong_guards(self) -> dict[str, str]:
        """Return which triggers are missing, switched off, do something else, or are not ours."""
        return wrong_guards(self)

    def loose_rights(self) -> list[str]:
        """Return who, beside the owner, may do more than append and read."""
        return loose_rights(self)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @contextmanager
    def _failing(self) -> Generator[None]:
        try:
            yield
        except psycopg.Error as error:
            if isinstance(error, psycopg.errors.InsufficientPrivilege):
                remedy = "换一个有权的用户；没有记下任何东西。"
                raise ForbiddenError.of(self._name, f"无权：{_said(error)}。", remedy) from error
            problem = f"数据库出错：{_said(error)}。"
            raise StoreError.of(self._name, problem, "检查服务器再重试。") from error


class PostgresStore:
    """A database that holds one journal, in a schema of its own."""

    folder: Path | None = None

    def __init__(self, url: str) -> None:
        self._url = url
        parts = urlsplit(url)
        self.name = f"postgresql://{parts.hostname or ''}{parts.path}"

    def connect(self, *, writes: bool) -> PostgresConnection:
        """Connect to a database that holds a journal."""
        made = PostgresConnection(self.name, self._url)
        try:
            made.rows("SELECT origin FROM journal")
            ((durable,),) = made.rows("SHOW fsync")
        except StoreError:
            made.close()
            raise JournalError.of(
                self.name,
                "里面没有日志，或无权读取。",
                "核对网址，或用 drawreview journal init 建一个。",
            ) from None
        try:
            refuse_other_tables(self.name, made.other_columns())
            if writes:
                refuse_other_tables(self.name, made.other_rules())
        except JournalError:
            made.close()
            raise
        if writes and durable != "on":
            made.close()
            raise JournalError.of(self.name, "服务器的 fsync 关着，断电会丢记录。", "打开 fsync。")
        return made

    def create(self) -> PostgresConnection:
        """Make the schema, its tables and its guards, in a transaction left open."""
        made = PostgresConnection(self.name, self._url)
        if made.rows("SELECT 1 FROM pg_tables WHERE schemaname = ?", (SCHEMA,)):
            made.close()
            raise ArgumentError.of(self.name, "已经有日志了。", "换一个数据库。")
        made.begin()
        made.rows(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        for statement in _TABLES:
            made.rows(statement)
        set_guards(made)
        return made

    def grant(self, role: str, *, reads_only: bool = False) -> None:
        """Let a role append and read, or read all but persons; nothing else than that.

        Whatever more it had is taken from it. To erase is left to the owner of the tables.
        """
        made = self.connect(writes=True)
        quoted = '"' + role.replace('"', '""') + '"'
        tables = f"ALL TABLES IN SCHEMA {SCHEMA}"
        try:
            if not made.rows("SELECT 1 FROM pg_roles WHERE rolname = ?", (role,)):
                remedy = f"先由管理员执行 CREATE ROLE {quoted} LOGIN PASSWORD …。"
                raise ArgumentError.of(role, "数据库里没有这个角色。", remedy)
            owns = "pg_has_role(?, tableowner, 'MEMBER')"
            if made.rows(
                f"SELECT 1 FROM pg_tables WHERE schemaname = ? AND {owns}",  # noqa: S608
                (SCHEMA, role),
            ):
                problem = "这个角色是所有者或超级用户，授权约束不了它。"
                raise ArgumentError.of(role, problem, "另建一个角色给窗口用。")
            made.begin()
            made.rows(f"REVOKE ALL ON {tables} FROM {quoted}")
            made.rows(f"REVOKE ALL ON SCHEMA {SCHEMA} FROM {quoted}")
            made.rows(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {quoted}")
            made.rows(
                f"GRANT {'SELECT' if reads_only else 'SELECT, INSERT'} ON {tables} TO {quoted}"
            )
            made.rows(f"REVOKE INSERT ON journal FROM {quoted}")  # its one row is there
            if reads_only:
                made.rows(f"REVOKE ALL ON personal FROM {quoted}")
            made.commit()
        finally:
            made.close()

    def back_up(self, to: Path) -> None:
        """Refuse: the server's own tools do it, for all that it holds."""
        raise ArgumentError.of(
            self.name,
            f"不由本程序备份到 {to}。",
            "用 pg_basebackup 和 WAL 归档，或 journal export。",
        )


def _said(error: psycopg.Error) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
