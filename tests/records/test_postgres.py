"""What only the PostgreSQL store promises."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from drawreview.errors import JournalError
from drawreview.records.journal import Journal, new_personal, open_journal
from drawreview.records.postgres import PostgresStore
from tests.records.conftest import Place, postgres_place, record
from tests.records.server import PASSWORD, Server


@pytest.fixture
def office(postgres: Server, tmp_path: Path) -> Place:
    return postgres_place(postgres, tmp_path)


def test_a_window_may_append_read_and_erase_and_nothing_else(
    office: Place, postgres: Server
) -> None:
    office.init().close()
    url = str(office.where)
    role = url.rsplit("/", 1)[1].replace("window", "role")
    postgres.run("postgres", f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'")
    PostgresStore(url).grant(role)
    theirs = url.replace("owner:", f"{role}:")
    with open_journal(theirs, key=office.key) as journal:
        receipt = record(journal, personal=new_personal(b"x"), idempotency_key="k")
        assert journal.erase(receipt.id)
        assert journal.verify().holds
    columns = {"journal": "origin", "record": "id", "node": "hash", "checkpoint": "note"}
    columns |= {"blob": "kind", "key": "since", "loss": "note", "idempotency": "record_id"}
    with psycopg.connect(theirs, autocommit=True) as connection:
        for table, column in columns.items():
            for statement in (
                f"UPDATE drawreview.{table} SET {column} = {column}",  # noqa: S608
                f"DELETE FROM drawreview.{table}",  # noqa: S608
                f"TRUNCATE drawreview.{table}",
                f"DROP TRIGGER sealed ON drawreview.{table}",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement)  # pyright: ignore[reportArgumentType, reportCallIssue]


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
