"""Backups, and what becomes of a journal that is restored from an older one."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import apsw
import pytest

from drawreview.errors import AppendRefusedError, JournalError
from drawreview.records import merkle
from drawreview.records.journal import Journal, open_journal
from drawreview.records.note import checkpoint_from
from tests.records.conftest import ORIGIN, Place, record, sqlite_place


@pytest.fixture
def office(quick: Path) -> Place:
    return sqlite_place(quick)


def restore(place: Place, backup: Path) -> None:
    """Put a backup in the journal's place, as a technician would."""
    file = Path(place.where)
    for end in ("-wal", "-shm"):
        file.with_name(file.name + end).unlink(missing_ok=True)
    shutil.copy(backup, file)


def test_a_backup_is_verified_and_holds_everything(office: Place, quick: Path) -> None:
    with office.init() as journal:
        kept = [record(journal).id for _ in range(12)]
        report = journal.back_up(quick / "copy.db")
        assert (report.holds, report.size, report.held) == (True, 12, 1)
        with pytest.raises(JournalError, match="已经有这个文件"):
            journal.back_up(quick / "copy.db")
    with open_journal(quick / "copy.db", key=office.key) as copy:
        assert [one.id for one in copy.records()] == kept


def test_a_backup_that_does_not_verify_is_not_kept(office: Place, quick: Path) -> None:
    with office.init() as journal:
        record(journal)
        record(journal)
        office.tamper("UPDATE record SET body = leaf WHERE seq = 0")
        assert not journal.back_up(quick / "copy.db").holds
    assert list(quick.glob("copy*")) == []


def test_backups_are_whole_while_others_append(office: Place, quick: Path) -> None:
    stop = threading.Event()
    with office.init() as journal:

        def client() -> None:
            while not stop.is_set():
                record(journal)

        clients = [threading.Thread(target=client) for _ in range(4)]
        for one in clients:
            one.start()
        try:
            sizes = [journal.back_up(quick / f"{number}.db").size for number in range(5)]
        finally:
            stop.set()
            for one in clients:
                one.join()
        assert sizes == sorted(sizes)
        assert all((quick / f"{number}.db").exists() for number in range(5))
        assert journal.verify().holds


def lose_the_newest(office: Place, quick: Path) -> tuple[list[str], str]:
    """Append ten, back up, append five, restore; return the ten and the newest checkpoint."""
    with office.init() as journal:
        kept = [record(journal).id for _ in range(10)]
        journal.back_up(quick / "copy.db")
        for _ in range(5):
            record(journal)
        newest = journal.checkpoint()
    restore(office, quick / "copy.db")
    return kept, newest


def test_an_older_copy_refuses_to_append_and_says_why(office: Place, quick: Path) -> None:
    kept, _ = lose_the_newest(office, quick)
    with office.open() as journal:
        for _ in range(2):
            with pytest.raises(AppendRefusedError, match=r"签到过 15 条.*较旧的副本"):
                record(journal)
        assert [one.id for one in journal.records()] == kept
        assert journal.verify().counts == {"memory": 1}


def test_told_the_newest_checkpoint_an_older_copy_goes_on_under_a_new_name(
    office: Place, quick: Path
) -> None:
    kept, newest = lose_the_newest(office, quick)
    with office.open() as journal:
        lost = journal.resume(newest)
        assert lost is not None
        assert lost.size == 15
        receipt = record(journal)
        assert (receipt.seq, receipt.size) == (10, 11)
        assert checkpoint_from(receipt.checkpoint).origin == f"{ORIGIN}/after-loss-1"
        report = journal.verify()
        assert report.holds
        assert "第 10 条至第 14 条" in report.notices[0]
        # Whoever holds a checkpoint over the lost records hears of them.
        assert journal.verify(held={"auditor": newest}).counts == {"held": 1}
        assert [one.id for one in journal.records(0, 10)] == kept
    with office.open() as again:
        assert record(again).seq == 11
        assert again.verify().holds


def test_a_second_loss_is_declared_like_the_first(office: Place, quick: Path) -> None:
    _, newest = lose_the_newest(office, quick)
    with office.open() as journal:
        journal.resume(newest)
        record(journal)
        journal.back_up(quick / "second.db")
        record(journal)
        newest = journal.checkpoint()
    restore(office, quick / "second.db")
    with office.open() as journal:
        with pytest.raises(AppendRefusedError):
            record(journal)
        journal.resume(newest)
        assert checkpoint_from(record(journal).checkpoint).origin == f"{ORIGIN}/after-loss-2"
        assert journal.verify().holds


def test_older_foreign_and_false_checkpoints_do_not_let_it_go_on(
    office: Place, quick: Path
) -> None:
    _, newest = lose_the_newest(office, quick)
    other = sqlite_place(quick / "other")
    with other.init() as foreign:
        record(foreign)
        theirs = foreign.checkpoint()
    with office.open() as journal:
        for wrong, why in (
            (journal.checkpoint(), "最新的检查点"),
            (theirs, "不成立"),
            (newest.replace("15", "16"), "不成立"),
            ("", "不成立"),
        ):
            with pytest.raises(AppendRefusedError, match=why):
                journal.resume(wrong)
        with pytest.raises(AppendRefusedError):
            record(journal)


def test_without_its_memory_a_journal_wants_to_be_told(office: Place) -> None:
    with office.init() as journal:
        record(journal)
        record(journal)
        newest = journal.checkpoint()
    office.key.with_suffix(".json.signed").unlink()
    with office.open() as journal:
        with pytest.raises(AppendRefusedError, match="不知道签到过"):
            record(journal)
        assert journal.resume(newest) is None
        receipt = record(journal)
        assert checkpoint_from(receipt.checkpoint).origin == ORIGIN
        assert journal.verify().holds


def test_a_damaged_memory_is_mended_by_telling(office: Place) -> None:
    with office.init() as journal:
        record(journal)
        newest = journal.checkpoint()
    office.key.with_suffix(".json.signed").write_bytes(b"\xff\x00 torn")
    with office.open() as journal:
        with pytest.raises(AppendRefusedError, match="不成立"):
            record(journal)
        journal.resume(newest)
        record(journal)
        assert journal.verify().holds


def test_whoever_cuts_the_tail_cannot_declare_a_loss(office: Place, quick: Path) -> None:
    _, newest = lose_the_newest(office, quick)
    # The file's owner has every public note, but no key to sign the declaration.
    connection = apsw.Connection(str(office.where))
    ((own,),) = connection.execute("SELECT note FROM checkpoint WHERE size = 10").fetchall()
    of_loss = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'loss'"
    for note in (own, newest, "nothing"):
        for (name,) in connection.execute(of_loss).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("INSERT OR REPLACE INTO loss VALUES (10, ?, ?)", (newest, note))
        with open_journal(office.where, key=office.key) as journal:
            assert {"signature", "memory"} <= journal.verify().counts.keys()
            with pytest.raises(AppendRefusedError):
                record(journal)
            with pytest.raises(AppendRefusedError, match="申报不成立"):
                journal.resume(newest)
    connection.close()


def test_a_tree_grown_after_a_loss_still_begins_with_what_was_kept(
    office: Place, quick: Path
) -> None:
    with office.init() as journal:
        held = [record(journal) for _ in range(7)][-1]
        journal.back_up(quick / "copy.db")
        lost = record(journal)
    restore(office, quick / "copy.db")
    with office.open() as journal:
        journal.resume(lost.tlog_proof)  # a receipt tells as much as a checkpoint
        after = record(journal)
        proof = journal.consistency(held.size)
        assert merkle.extends(held.root, held.size, after.root, after.size, proof)
        assert journal.verify(held={"auditor": held.tlog_proof}).holds


def test_a_closed_journal_says_so(office: Place) -> None:
    journal: Journal = office.init()
    journal.close()
    with pytest.raises(JournalError, match="已经关闭"):
        record(journal)
