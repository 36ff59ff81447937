"""The journal in PostgreSQL, for several servers; one of them appends at a time."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit

from drawreview.errors import JournalError, Problem, StoreError
from drawreview.records.store import SEALED, TABLES, BusyError, Row

try:
    import psycopg
except ImportError as error:
    raise JournalError(
        (Problem("postgresql://", "没有装 psycopg。", "pip install 'drawreview[postgres]'"),)
    ) from error

_SCHEMA: Final = "drawreview"
_LOCK: Final = 0x6472_6A6E  # any number, the same for all who append
_WAIT: Final = "30s"


class PostgresConnection:
    """One connection to the server."""

    def __init__(self, name: str, url: str) -> None:
        self._name = name
        try:
            self._connection = psycopg.connect(url, autocommit=True, connect_timeout=10)
        except psycopg.Error as error:
            raise _wrong(name, f"连不上：{_said(error)}。", "核对网址、口令和服务器。") from None
        self.rows(f"SET search_path TO {_SCHEMA}")
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
                raise BusyError(
                    (
                        Problem(
                            self._name, "日志被别的程序占用太久。", "稍后再试；没有记下任何东西。"
                        ),
                    )
                ) from error
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
        kept = [tuple(row) for row in rows]
        if kept:
            marks = ", ".join(["%s"] * len(kept[0]))
            with self._failing(), self._connection.cursor() as cursor:
                cursor.executemany(cast("Any", f"INSERT INTO {table} VALUES ({marks})"), kept)  # noqa: S608

    def forget_erased(self) -> None:
        """Have the server drop the old row. Its own log and its backups keep it until they age."""
        self.rows("VACUUM personal")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @contextmanager
    def _failing(self) -> Generator[None]:
        try:
            yield
        except psycopg.Error as error:
            raise StoreError(
                (Problem(self._name, f"数据库出错：{_said(error)}。", "检查服务器再重试。"),)
            ) from error


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
            raise _wrong(
                self.name,
                "里面没有日志，或无权读取。",
                "核对网址，或用 drawreview journal init 建一个。",
            ) from None
        if writes and durable != "on":
            made.close()
            raise _wrong(self.name, "服务器的 fsync 关着，断电会丢记录。", "打开 fsync。")
        return made

    def create(self) -> PostgresConnection:
        """Make the schema, its tables and its guards, in a transaction left open."""
        made = PostgresConnection(self.name, self._url)
        if made.rows("SELECT 1 FROM pg_tables WHERE schemaname = ?", (_SCHEMA,)):
            made.close()
            raise _wrong(self.name, "已经有日志了。", "换一个数据库。")
        made.begin()
        made.rows(f"CREATE SCHEMA IF NOT EXISTS {_SCHEMA}")
        for statement in TABLES.format(bytes="BYTEA", number="BIGINT").split(";"):
            made.rows(statement)
        made.rows(_REFUSE)
        made.rows(_ONLY_EMPTIED)
        for table in (*SEALED, "personal"):
            deeds = "DELETE OR TRUNCATE" if table == "personal" else "UPDATE OR DELETE OR TRUNCATE"
            made.rows(
                f"CREATE TRIGGER sealed BEFORE {deeds} ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse()"
            )
            made.rows(f"REVOKE ALL ON {table} FROM PUBLIC")
        made.rows(
            "CREATE TRIGGER only_emptied BEFORE UPDATE ON personal "
            "FOR EACH ROW EXECUTE FUNCTION only_emptied()"
        )
        return made

    def grant(self, role: str) -> None:
        """Let a role append and read, and nothing else; erasing needs UPDATE on `personal`."""
        made = self.connect(writes=True)
        quoted = '"' + role.replace('"', '""') + '"'
        try:
            made.begin()
            made.rows(f"GRANT USAGE ON SCHEMA {_SCHEMA} TO {quoted}")
            made.rows(f"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {_SCHEMA} TO {quoted}")
            made.rows(f"GRANT UPDATE ON personal TO {quoted}")
            made.commit()
        finally:
            made.close()

    def back_up(self, to: Path) -> None:
        """Refuse: the server's own tools do it, for all that it holds."""
        raise _wrong(
            self.name,
            f"不由本程序备份到 {to}。",
            "用 pg_basebackup 和 WAL 归档，或 journal export。",
        )


_REFUSE: Final = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the journal is append-only';
END $$
"""
_ONLY_EMPTIED: Final = """
CREATE FUNCTION only_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF new.content IS NOT NULL OR new.salt IS NOT NULL OR new.erased_at IS NULL
     OR old.erased_at IS NOT NULL OR new.record_id <> old.record_id THEN
    RAISE EXCEPTION 'personal data is emptied, not changed';
  END IF;
  RETURN new;
END $$
"""


def _said(error: psycopg.Error) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def _wrong(place: str, problem: str, remedy: str) -> JournalError:
    return JournalError((Problem(place, problem, remedy),))
