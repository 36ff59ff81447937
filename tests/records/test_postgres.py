"""What only the PostgreSQL store promises."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from random import Random

import psycopg
import pytest

from drawreview.cli.app import app
from drawreview.cli.outcome import said_of
from drawreview.errors import ForbiddenError, JournalError
from drawreview.records.journal import Journal, new_personal, open_journal
from drawreview.records.postgres import PostgresStore
from tests.records.conftest import Place, erase, postgres_place, record
from tests.records.server import PASSWORD, Server

_roles = itertools.count()


@pytest.fixture
def office(postgres: Server, tmp_path: Path) -> Place:
    return postgres_place(postgres, tmp_path)


def role_of(office: Place, postgres: Server, name: str, *options: str) -> str:
    """Make a role, grant it what the command grants, and return its URL."""
    url = str(office.where)
    role = f"{name}_{url.rsplit('/', 1)[1]}"
    postgres.run("postgres", f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'")
    words = ["journal", "grant", role, "--journal", url, *options]
    assert said_of(lambda: app(words)) == 0
    return url.replace("owner:", f"{role}:")


COLUMNS = {
    "journal": "origin",
    "record": "id",
    "node": "hash",
    "checkpoint": "note",
    "blob": "kind",
    "key": "since",
    "loss": "note",
    "idempotency": "record_id",
    "correction": "record_id",
    "personal": "content",
}


def refused(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)  # pyright: ignore[reportArgumentType, reportCallIssue]


def test_a_window_may_append_and_read_and_nothing_else(office: Place, postgres: Server) -> None:
    office.init().close()
    theirs = role_of(office, postgres, "window")
    with open_journal(theirs, key=office.key) as journal:
        receipt = record(journal, personal=new_personal(b"x"), idempotency_key="k")
        assert journal.verify().holds
        assert journal.personal(receipt.id) == b"x"
        with pytest.raises(ForbiddenError, match="permission denied for table personal"):
            erase(journal, receipt.id)
        assert record(journal).seq == 1  # what is forbidden leaves nothing in doubt
    for table, column in COLUMNS.items():
        refused(
            theirs,
            f"UPDATE drawreview.{table} SET {column} = {column}",  # noqa: S608
            f"DELETE FROM drawreview.{table}",  # noqa: S608
            f"TRUNCATE drawreview.{table}",
            f"DROP TRIGGER sealed ON drawreview.{table}",
            f"ALTER TABLE drawreview.{table} DISABLE TRIGGER sealed",
        )
    refused(theirs, "SET session_replication_role = replica", "CREATE TABLE drawreview.x (y int)")


def test_an_auditor_reads_all_but_persons_and_writes_nothing(
    office: Place, postgres: Server
) -> None:
    with office.init() as journal:
        name = record(journal, personal=new_personal(b"x")).id
    theirs = role_of(office, postgres, "auditor", "--reads")
    with open_journal(theirs, key=office.key) as journal:
        assert journal.verify(persons=False).holds
        with pytest.raises(ForbiddenError, match="personal"):
            journal.personal(name)
        with pytest.raises(ForbiddenError, match="record"):
            record(journal)
    refused(theirs, "SELECT * FROM drawreview.personal")
    for table, column in COLUMNS.items():
        refused(
            theirs,
            f"INSERT INTO drawreview.{table} DEFAULT VALUES",
            f"UPDATE drawreview.{table} SET {column} = {column}",  # noqa: S608
            f"DELETE FROM drawreview.{table}",  # noqa: S608
            f"TRUNCATE drawreview.{table}",
        )


def test_a_grant_takes_away_what_was_granted_before(office: Place, postgres: Server) -> None:
    office.init().close()
    theirs = role_of(office, postgres, "moved")
    role = theirs.split("//")[1].split(":")[0]
    name = str(office.where).rsplit("/", 1)[1]
    postgres.run(name, f"GRANT UPDATE, DELETE ON drawreview.record TO {role}")
    PostgresStore(str(office.where)).grant(role, reads_only=True)
    refused(theirs, "DELETE FROM drawreview.record", "INSERT INTO drawreview.record DEFAULT VALUES")


@pytest.mark.parametrize(("role", "why"), [("nobody here", "没有这个角色"), ("owner", "所有者")])
def test_a_grant_that_would_bind_nobody_is_refused(
    office: Place, capsys: pytest.CaptureFixture[str], role: str, why: str
) -> None:
    office.init().close()
    words = ["journal", "grant", role, "--journal", str(office.where)]
    assert said_of(lambda: app(words)) == 3
    assert why in capsys.readouterr().err


def test_erased_bytes_are_in_no_table_of_the_server(office: Place, postgres: Server) -> None:
    """Its write-ahead log keeps them until it is recycled; the manual says so."""
    secret = "王工 13800138000".encode()
    pressed = Random(1).randbytes(5_000)  # out of line, in a table of its own
    with office.init() as journal:
        names = [record(journal, personal=new_personal(one)).id for one in (secret, pressed)]
        postgres.run("postgres", "CHECKPOINT")
        folder = files_of(office, postgres)
        assert found_in(folder, secret, pressed[:500]) == 2
        assert erase(journal, *names)
        postgres.run("postgres", "CHECKPOINT")
        assert found_in(folder, secret, pressed[:500]) == 0


def files_of(office: Place, postgres: Server) -> Path:
    """Return the folder in which the server keeps the tables of this database."""
    with psycopg.connect(str(office.where)) as connection:
        found = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        ((number,),) = found.fetchall()
    return postgres.data / "base" / str(number)


def found_in(folder: Path, *contents: bytes) -> int:
    """Return how many of these contents stand in some file below a folder."""
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return sum(any(content in file for file in files) for content in contents)


HARMLESS = "RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN old; END'"


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER sealed ON drawreview.record",
        "ALTER TABLE drawreview.node DISABLE TRIGGER sealed",
        f"CREATE OR REPLACE FUNCTION drawreview.refuse() {HARMLESS}",
        (
            "CREATE OR REPLACE TRIGGER sealed BEFORE DELETE ON drawreview.record"
            " FOR EACH STATEMENT EXECUTE FUNCTION drawreview.refuse()"
        ),
        (
            "CREATE TRIGGER more BEFORE INSERT ON drawreview.record"
            " FOR EACH ROW EXECUTE FUNCTION drawreview.only_emptied()"
        ),
    ],
)
def test_guards_that_are_gone_are_found(office: Place, postgres: Server, statement: str) -> None:
    with office.init() as journal:
        record(journal)
        postgres.run(str(office.where).rsplit("/", 1)[1], statement)
        assert set(journal.verify().counts) == {"guard"}


@pytest.mark.parametrize(
    "change",
    [
        "ALTER COLUMN body TYPE text USING encode(body, 'hex')",
        "ALTER COLUMN seq TYPE numeric",
        "ADD COLUMN note text",
        "RENAME TO other",
    ],
)
def test_tables_that_the_owner_made_otherwise_are_refused(
    office: Place, postgres: Server, change: str
) -> None:
    with office.init() as journal:
        record(journal)
    name = str(office.where).rsplit("/", 1)[1]
    postgres.run(name, f"ALTER TABLE drawreview.record {change}")
    with pytest.raises(JournalError, match="表 record 不是建日志时的样子"):
        office.open()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "ALTER TABLE t.record DROP CONSTRAINT record_pkey",
            "表 record .*缺 PRIMARY KEY \\(seq\\)",
        ),
        ("ALTER TABLE t.record DROP CONSTRAINT record_id_key", "表 record .*缺 UNIQUE \\(id\\)"),
        ("ALTER TABLE t.record ALTER leaf DROP NOT NULL", "表 record .*缺 NOT NULL \\(leaf\\)"),
        (
            "ALTER TABLE t.loss ALTER note SET DEFAULT 'x'",
            "表 loss .*多 DEFAULT 'x'::text \\(note\\)",
        ),
        ("ALTER TABLE t.blob ADD CHECK (kind <> 'x')", "表 blob .*多 CHECK "),
        ("CREATE UNIQUE INDEX more ON t.blob (kind)", "表 blob .*多 CREATE UNIQUE INDEX more"),
        ("ALTER TABLE t.node SET UNLOGGED", "表 node .*多 UNLOGGED"),
        ("ALTER TABLE t.record ENABLE ROW LEVEL SECURITY", "表 record .*多 ROW LEVEL SECURITY"),
        ("CREATE RULE r AS ON INSERT TO t.key DO INSTEAD NOTHING", "表 key .*多 RULE r"),
        ("CREATE TABLE t.x () INHERITS (t.record)", "表 record .*多 INHERITED BY x"),
    ],
)
def test_rules_that_the_owner_made_otherwise_are_found_and_nothing_is_appended(
    office: Place, postgres: Server, statement: str, said: str
) -> None:
    with office.init() as journal:
        record(journal)
    postgres.run(str(office.where).rsplit("/", 1)[1], statement.replace("t.", "drawreview."))
    with office.open() as journal:
        report = journal.verify()
        assert set(report.counts) == {"store"}
        assert re.search(said, report.findings[0].problem)
        with pytest.raises(JournalError, match=said):
            record(journal)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("GRANT DELETE ON drawreview.record TO PUBLIC", "record：任何人 有 DELETE 权。"),
        ("GRANT SELECT ON drawreview.record TO PUBLIC", "record：任何人 有 SELECT 权。"),
        ("GRANT UPDATE (note) ON drawreview.loss TO ROLE", "loss.note：ROLE 有 UPDATE 权。"),
        ("GRANT INSERT ON drawreview.journal TO ROLE", "journal：ROLE 有 INSERT 权。"),
        (
            "GRANT SELECT ON drawreview.key TO ROLE WITH GRANT OPTION",
            "key：ROLE 有 SELECT 权，还可以转授。",
        ),
        ("GRANT CREATE ON SCHEMA drawreview TO ROLE", "drawreview：ROLE 有 CREATE 权。"),
        ("GRANT pg_write_all_data TO ROLE", "*：ROLE 有 pg_write_all_data 权。"),
        ("ALTER TABLE drawreview.node OWNER TO ROLE", "node：ROLE 有 OWNER 权。"),
    ],
)
def test_rights_beyond_appending_and_reading_are_found(
    office: Place, postgres: Server, statement: str, said: str
) -> None:
    office.init().close()
    role, name = f"r_{next(_roles)}", str(office.where).rsplit("/", 1)[1]
    postgres.run("postgres", f"CREATE ROLE {role}")
    postgres.run(name, f"GRANT SELECT, INSERT ON drawreview.record TO {role}")
    with office.open() as journal:
        assert journal.verify().holds
        postgres.run(name, statement.replace("ROLE", role))
        problems = [one.problem for one in journal.verify().findings]
        postgres.run(name, f"REASSIGN OWNED BY {role} TO owner; DROP OWNED BY {role}")
        postgres.run("postgres", f"DROP ROLE {role}")
    assert said.replace("ROLE", role) in problems


def test_even_the_owner_cannot_empty_a_table_by_mistake(office: Place, postgres: Server) -> None:
    with office.init() as journal:
        record(journal)
    for statement in ("TRUNCATE drawreview.record", "TRUNCATE drawreview.personal"):
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            postgres.run(str(office.where).rsplit("/", 1)[1], statement)


def test_the_password_stands_in_no_message(office: Place) -> None:
    store = PostgresStore(str(office.where))
    assert PASSWORD not in store.name
    for url in (str(office.where), str(office.where).replace(PASSWORD, "wrong")):
        with pytest.raises(JournalError) as refused:
            open_journal(url)
        assert PASSWORD not in str(refused.value)
        assert "wrong" not in str(refused.value)


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match=r"postgresql://127\.0\.0\.1/office.*连不上"):
        open_journal("postgresql://x:y@127.0.0.1:1/office")


def test_a_database_holds_one_journal(office: Place, tmp_path: Path) -> None:
    office.init().close()
    office.key = tmp_path / "another.json"
    with pytest.raises(JournalError, match="已经有日志"):
        office.init()
    assert not office.key.exists()


def test_a_backup_is_left_to_the_servers_own_tools(office: Place, tmp_path: Path) -> None:
    with office.init() as journal, pytest.raises(JournalError, match="pg_basebackup"):
        journal.back_up(tmp_path / "copy")


def test_an_older_dump_refuses_to_append(office: Place) -> None:
    with office.init() as journal:
        for _ in range(3):
            record(journal)
        newest = journal.checkpoint()
    office.tamper("DELETE FROM record WHERE seq = 2", "DELETE FROM checkpoint WHERE size = 3")
    with office.open() as journal:
        with pytest.raises(JournalError, match="较旧的副本"):
            record(journal)
        assert journal.resume(newest) is not None
        record(journal)
        assert journal.verify().holds


def test_a_lost_connection_stops_the_writer_until_it_is_reopened(
    office: Place, postgres: Server
) -> None:
    journal: Journal
    with office.init() as journal:
        record(journal)
        name = str(office.where).rsplit("/", 1)[1]
        ending = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        postgres.run("postgres", f"{ending} WHERE datname = '{name}'")
        with pytest.raises(JournalError, match="数据库出错"):
            record(journal)
        with pytest.raises(JournalError, match="写入已停"):
            record(journal)
        journal.reopen()
        assert record(journal).seq == 1
        assert journal.verify().holds
