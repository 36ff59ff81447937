"""Journals in both stores, with keys in a folder of their own."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw
import pytest

from drawreview.records import erasure, key_rotation
from drawreview.records.body import Actor
from drawreview.records.entry import Entry, Personal, Receipt
from drawreview.records.journal import Journal, init_journal, new_id, open_journal
from drawreview.records.note import PublicKey
from tests.records.server import MEMORY, Server, binaries

ORIGIN = "permits.example/window"
_names = itertools.count()


@dataclass
class Place:
    """Where a journal lies, and how an enemy with the store's own rights gets at it."""

    where: str | Path
    key: Path
    tamper: Callable[..., Any]

    def literal(self, content: bytes) -> str:
        """Return bytes as the store's SQL writes them."""
        return f"x'{content.hex()}'" if isinstance(self.where, Path) else f"'\\x{content.hex()}'"

    def init(self) -> Journal:
        return init_journal(self.where, origin=ORIGIN, key=self.key)

    def open(self) -> Journal:
        return open_journal(self.where, key=self.key)


def body_of(id: str, **more: str) -> bytes:  # noqa: A002
    """Return a small record body."""
    said = "".join(f',"{name}":"{value}"' for name, value in more.items())
    return f'{{"id":"{id}"{said}}}'.encode()


def correction_of(earlier: str) -> Entry:
    """Return what corrects a record, under a new id."""
    name = new_id()
    said = f'{{"id":"{name}","kind":"decision","supersedes":{{"id":"{earlier}","why":"x"}}}}'
    return Entry(name, said.encode())


def record(journal: Journal, *, personal: Personal | None = None, **more: Any) -> Receipt:
    """Append a record with a new id."""
    name = new_id()
    said = {"personal": personal.commitment} if personal else {}
    return journal.append(body_of(name, **said), id=name, personal=personal, **more)


@contextmanager
def unguarded(file: Path) -> Iterator[apsw.Connection]:
    """Open a journal's file without its triggers, and put them back, as a careful enemy does."""
    connection = apsw.Connection(str(file))
    guards = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
    ).fetchall()
    with connection:
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, sql in guards:
            connection.execute(str(sql))
    connection.close()


@contextmanager
def snapshot(journal: Journal) -> Iterator[None]:
    """Hold on to the present state of a journal, as a long reading does."""
    reader = journal.store.connect(writes=False)
    reader.begin_reading()
    reader.rows("SELECT count(*) FROM personal")
    yield
    reader.rollback()
    reader.close()


def erase(journal: Journal, *ids: str) -> Receipt | None:
    """Erase the personal data of records, and record it."""
    return erasure.erase(journal, ids, actor=Actor("w-07", "clerk", "cli"), why="保存期满")


def rotate(journal: Journal) -> PublicKey:
    """Sign with a new key, and record it."""
    return key_rotation.rotate_key(journal, actor=Actor("w-07", "administrator", "cli"), why="换人")


def sqlite_place(folder: Path) -> Place:
    """Return where a journal in a file may be."""
    file = folder / "journal" / "window.db"

    def tamper(*statements: str) -> None:
        with unguarded(file) as connection:
            for statement in statements:
                connection.execute(statement)

    return Place(file, folder / "keys" / "window.json", tamper)


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[Path]:
    """Return a folder in memory where there is one: these tests simulate the disk, or spare it."""
    if MEMORY is None:
        yield tmp_path
        return
    folder = Path(tempfile.mkdtemp(prefix="drawreview-", dir=MEMORY))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    programs = binaries()
    if programs is None:
        pytest.skip("PostgreSQL's server is not installed")
    server = Server(programs)
    yield server
    server.stop()


def postgres_place(server: Server, folder: Path) -> Place:
    """Return where a journal in a new database may be."""
    name = f"window_{next(_names)}"
    server.run("postgres", f"CREATE DATABASE {name}")

    def tamper(*statements: str) -> None:
        server.run(
            name,
            "SET search_path TO drawreview",
            "SET session_replication_role = replica",  # the superuser passes the triggers by
            *statements,
        )

    return Place(server.url(name), folder / "keys" / "window.json", tamper)


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, quick: Path) -> Place:
    """Return a place for a journal, in each store."""
    if request.param == "sqlite":
        return sqlite_place(quick)
    return postgres_place(request.getfixturevalue("postgres"), quick)


@pytest.fixture
def journal(place: Place) -> Iterator[Journal]:
    """Return an empty journal, in each store."""
    with place.init() as made:
        yield made
