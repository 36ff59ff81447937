"""What only the SQLite store promises."""

from __future__ import annotations

import stat
import subprocess
from collections import Counter
from pathlib import Path
from random import Random

import apsw
import pytest

from drawreview.errors import BusyError, JournalError, StoreError
from drawreview.records.entry import Blob
from drawreview.records.journal import init_journal, new_personal, open_journal
from drawreview.records.sqlite import SqliteStore
from drawreview.records.store import SEALED
from tests.records.conftest import (
    ORIGIN,
    Place,
    correction_of,
    erase,
    record,
    snapshot,
    sqlite_place,
)


@pytest.fixture
def office(quick: Path) -> Place:
    return sqlite_place(quick)


@pytest.mark.parametrize("table", [*SEALED, "personal"])
def test_replacing_a_row_is_refused_as_deleting_it_is(office: Place, table: str) -> None:
    with office.init() as journal:
        for key in "kl":
            blob = Blob("form", key.encode())
            record(journal, personal=new_personal(b"x"), blobs=[blob], idempotency_key=key)
            journal.submit(correction_of(key)).result()
    connection = SqliteStore(Path(office.where)).connect(writes=True)
    if table == "loss":
        connection.rows("INSERT INTO loss VALUES (1, 'x', 'y')")
    columns = [name for _, name, *_ in connection.rows(f"PRAGMA table_info({table})")]
    said = ", ".join(columns)
    with pytest.raises(StoreError, match="append-only"):
        connection.rows(
            f"REPLACE INTO {table} (rowid, {said}) SELECT rowid, {said} FROM {table} LIMIT 1"  # noqa: S608
        )
    connection.close()


def test_the_writer_syncs_and_logs_ahead(office: Place) -> None:
    office.init().close()
    connection = SqliteStore(Path(office.where)).connect(writes=True)
    assert connection.rows("PRAGMA synchronous") == [(2,)]
    assert connection.rows("PRAGMA journal_mode") == [("wal",)]
    connection.close()


def test_the_key_file_is_its_owners_alone_and_elsewhere(office: Place) -> None:
    with office.init() as journal:
        record(journal)
    assert stat.S_IMODE(office.key.stat().st_mode) == 0o600
    assert office.key.parent != Path(office.where).parent
    office.key.chmod(0o640)
    with office.open() as journal, pytest.raises(JournalError, match="chmod 600"):
        record(journal)


def test_the_key_may_not_lie_beside_the_journal(quick: Path) -> None:
    with pytest.raises(JournalError, match="在日志的目录"):
        init_journal(quick / "j.db", origin=ORIGIN, key=quick / "k.json")
    with pytest.raises(JournalError, match="在日志的目录"):
        init_journal(quick / "j.db", origin=ORIGIN, key=quick / "deep" / "er" / "k.json")
    (quick / "other").symlink_to(quick)
    with pytest.raises(JournalError, match="在日志的目录"):
        init_journal(quick / "j.db", origin=ORIGIN, key=quick / "other" / "k.json")
    assert [one.name for one in quick.iterdir()] == ["other"]


@pytest.mark.parametrize("origin", ["", "two words", "a+b", "x" * 201, "a\nb", "x/after-loss-1"])
def test_a_journal_needs_a_name_that_can_be_signed(quick: Path, origin: str) -> None:
    with pytest.raises(JournalError, match="不能作日志名"):
        init_journal(quick / "journal" / "j.db", origin=origin, key=quick / "k.json")
    assert list(quick.iterdir()) == []


def test_an_existing_file_is_not_overwritten_and_no_key_is_left(quick: Path) -> None:
    for content in (b"a text that somebody keeps", b"x" * 5000):
        file = quick / "kept" / "notes"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
        with pytest.raises(JournalError, match="不是日志文件"):
            init_journal(file, origin=ORIGIN, key=quick / "k.json")
        assert file.read_bytes() == content
        assert not (quick / "k.json").exists()


def test_a_journal_is_not_made_over_another(office: Place, quick: Path) -> None:
    office.init().close()
    with pytest.raises(JournalError, match="已经有这个文件"):
        init_journal(office.where, origin=ORIGIN, key=quick / "k.json")
    assert not (quick / "k.json").exists()


def test_a_second_journal_does_not_take_the_first_ones_key(office: Place, quick: Path) -> None:
    office.init().close()
    before = office.key.read_bytes()
    with pytest.raises(JournalError, match="密钥文件已经在了"):
        init_journal(quick / "second" / "j.db", origin=ORIGIN, key=office.key)
    assert office.key.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"no journal", b"SQLite format 3\x00" + bytes(5000)])
def test_a_file_that_is_no_journal_is_refused(quick: Path, content: bytes) -> None:
    file = quick / "x.db"
    file.write_bytes(content)
    with pytest.raises(JournalError, match="不是日志文件"):
        open_journal(file)


def test_a_missing_journal_is_not_made(quick: Path) -> None:
    with pytest.raises(JournalError, match="没有这个日志"):
        open_journal(quick / "none.db")
    assert list(quick.iterdir()) == []


def test_why_the_system_refused_is_told_in_the_language_of_the_sentence(quick: Path) -> None:
    (quick / "file").write_text("x", encoding="utf-8")
    for use in (
        lambda place: init_journal(place, origin="a", key=quick / "k" / "k.json"),
        open_journal,
    ):
        with pytest.raises(JournalError) as told:
            use(quick / "file" / "below" / "window.db")
        assert "路径中间有一段是文件" in str(told.value)


def test_a_journal_of_a_later_version_is_refused(office: Place) -> None:
    office.init().close()
    office.tamper("UPDATE journal SET version = 2")
    with pytest.raises(JournalError, match="版本是 2"):
        office.open()


def test_erased_bytes_are_nowhere_in_the_files(office: Place) -> None:
    secret = "王工 13800138000".encode() * 300  # more than one page
    with office.init() as journal:
        receipt = record(journal, personal=new_personal(secret))
        folder = Path(office.where).parent
        assert any(secret[:300] in file.read_bytes() for file in folder.iterdir())
        assert erase(journal, receipt.id)
        assert not any(secret[:30] in file.read_bytes() for file in folder.iterdir())


def test_erased_bytes_are_nowhere_though_the_tables_pages_were_shared_and_split(
    office: Place,
) -> None:
    """A page that is split leaves copies of rows behind; those are erased as well."""
    chance, erased = Random(20210127), 0
    folder = Path(office.where).parent
    kept: dict[str, bytes] = {}
    with office.init() as journal:
        for _ in range(120):
            if kept and chance.random() < 0.45:
                name = chance.choice(sorted(kept))
                content, erased = kept.pop(name), erased + 1
                assert erase(journal, name)
                files = b"".join(file.read_bytes() for file in sorted(folder.iterdir()))
                assert content[:30] not in files
                assert content[-30:] not in files
            else:
                content = chance.randbytes(chance.choice([40, 60, 200, 500, 1500, 5000]))
                kept[record(journal, personal=new_personal(content)).id] = content
    print(f"erased {erased}, none of them found in the files, seed 20210127")
    assert erased > 40


def test_nothing_is_appended_while_a_reader_keeps_the_log_from_being_synced_anew(
    office: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Appending after a log of which nobody knows whether it is on the disk could lose both."""
    with office.init() as journal:
        record(journal)
        with snapshot(journal):
            monkeypatch.setattr("drawreview.records.sqlite._WAIT_MS", 10)
            with office.open() as other:
                with pytest.raises(BusyError, match="读取太久"):
                    record(other)
                assert record(journal).seq == 1
        with office.open() as other:
            assert record(other).seq == 2


def guards(office: Place) -> int:
    connection = apsw.Connection(str(office.where))
    ((count,),) = connection.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'")
    connection.close()
    return int(str(count))


def test_guards_that_are_gone_are_found_and_put_back_before_the_next_record(
    office: Place,
) -> None:
    office.init().close()
    whole = guards(office)
    connection = apsw.Connection(str(office.where))
    connection.execute("DROP TRIGGER record_no_DELETE; DROP TRIGGER node_no_replace")
    connection.execute("DROP TRIGGER loss_no_UPDATE")
    connection.execute("CREATE TRIGGER loss_no_UPDATE BEFORE UPDATE ON loss BEGIN SELECT 1; END")
    connection.close()
    with office.open() as journal:
        assert journal.verify().counts == {"guard": 3}
        record(journal)
        assert journal.verify().holds
    assert guards(office) == whole


def test_bits_that_flip_in_the_file_change_nothing_unseen(office: Place, quick: Path) -> None:
    """Whatever a damaged file answers, it is the truth, a finding or an error in words."""
    with office.init() as journal:
        for number in range(12):
            said = new_personal(b"somebody" * number)
            record(journal, personal=said, blobs=[Blob("form", b"%d" % number * 40)])
        trusted, held = journal.public_keys(), {"held": journal.checkpoint()}
        whole = [*journal.records()], [journal.blob(name) for name, _ in sorted(journal.blobs())]
    kept, chance, outcomes = Path(office.where).read_bytes(), Random(20210801), Counter[str]()
    for _ in range(80):
        damaged = bytearray(kept)
        for _ in range(chance.choice([1, 1, 2, 8])):
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        file = quick / "damaged" / "window.db"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(damaged)
        try:
            with open_journal(file, key=office.key) as journal:
                report = journal.verify(trusted=trusted, held=held)
                outcomes["found"] += not report.holds
                if report.holds:
                    outcomes["harmless"] += 1
                    blobs = [journal.blob(name) for name, _ in sorted(journal.blobs())]
                    assert ([*journal.records()], blobs) == whole
                    assert [journal.get(one.id) for one in whole[0]] == whole[0]
        except JournalError:
            outcomes["refused"] += 1
        for beside in file.parent.iterdir():
            beside.unlink()
    print(f"80 files with flipped bits: {dict(outcomes)}, seed 20210801")
    assert outcomes.total() == 80
    assert min(outcomes.values()) > 5


def test_tables_that_were_made_otherwise_are_refused(office: Place) -> None:
    with office.init() as journal:
        record(journal)
    connection = apsw.Connection(str(office.where))
    connection.execute("ALTER TABLE record RENAME TO kept")
    connection.execute(
        "CREATE TABLE record AS SELECT seq, id, CAST(body AS TEXT) body, leaf FROM kept"
    )
    connection.close()
    with pytest.raises(JournalError, match="表 record 不是"):
        office.open()


def test_rules_of_a_table_that_are_gone_are_found_and_nothing_is_appended(office: Place) -> None:
    with office.init() as journal:
        record(journal)
    connection = apsw.Connection(str(office.where))
    connection.execute("CREATE UNIQUE INDEX more ON record (leaf)")
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute(
        "UPDATE sqlite_schema SET sql = replace(sql, 'leaf BLOB NOT NULL', 'leaf BLOB') "
        "WHERE name = 'record'"
    )
    connection.close()
    with office.open() as journal:
        (finding,) = journal.verify().findings
        said = "表 record 不是建日志时的样子：缺 NOT NULL (leaf)，多 CREATE UNIQUE INDEX more"
        assert (finding.mechanism, finding.problem[: len(said)]) == ("store", said)
        with pytest.raises(JournalError, match="缺 NOT NULL"):
            record(journal)


def test_a_journal_can_be_read_where_nobody_can_write(office: Place, tmp_path: Path) -> None:
    """An auditor's evidence lies on a medium that is read-only."""
    with office.init() as journal:
        receipt = record(journal)
    mounted = tmp_path / "mounted"
    mounted.mkdir()
    mount = ["mount", "-t", "tmpfs", "none", str(mounted)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("may not mount a file system")
    try:
        copy = mounted / "window.db"
        copy.write_bytes(Path(office.where).read_bytes())
        subprocess.run(["/bin/mount", "-o", "remount,ro", str(mounted)], check=True)
        with open_journal(copy, key=office.key) as journal:
            assert journal.verify(held={"receipt": receipt.tlog_proof}).holds
            with pytest.raises(JournalError, match=r"打不开|读写失败"):
                record(journal)
        assert [one.name for one in mounted.iterdir()] == ["window.db"]
    finally:
        subprocess.run(["/bin/umount", str(mounted)], check=True)


def test_a_trigger_of_somebody_elses_is_found(office: Place) -> None:
    office.init().close()
    connection = apsw.Connection(str(office.where))
    connection.execute(
        "CREATE TRIGGER sly AFTER INSERT ON record BEGIN INSERT INTO idempotency VALUES (1, 2); END"
    )
    connection.close()
    with office.open() as journal:
        assert [one.place for one in journal.verify().findings] == ["sly"]


def test_sqlite_without_the_wal_defect_is_insisted_on(
    quick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: "3.51.2")
    with pytest.raises(JournalError, match="WAL 有缺陷"):
        SqliteStore(quick / "j.db")


def test_a_writer_that_waits_too_long_says_nothing_was_written(
    office: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drawreview.records.sqlite._WAIT_MS", 50)
    with office.init() as journal:
        record(journal)
        other = apsw.Connection(str(office.where))
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match="占用太久"):
            record(journal)
        other.execute("ROLLBACK")
        other.close()
        assert record(journal).seq == 1  # a busy store is in no doubt
