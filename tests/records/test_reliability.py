"""What was acknowledged is there, whatever becomes of the process, the power and the disk.

Each run prints how much it did, and with which seed; one that did less than planned fails.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from drawreview.errors import StoreError
from drawreview.records.journal import Journal, init_journal, new_id, open_journal
from drawreview.records.sqlite import SqliteStore
from tests.records import faults, power_cut
from tests.records.conftest import ORIGIN, body_of, postgres_place, record
from tests.records.server import Server
from tests.records.small_disk import VFS, SmallDisk

ROOT = Path(__file__).parents[2]
SEED = 20210127


def kill(folder: Path, count: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.records.kill_writer", str(folder / "kill"),
         "--count", str(count), "--seed", str(SEED)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    print(f"kill -9 of the writer: {found}")
    assert found["kills"] == count, found
    assert found["acknowledged"] > count
    assert found["retried"] > 0
    assert found["verified"] >= count // 10
    wrong = {name: found.get(name, 0) for name in ("lost", "duplicates", "unverified", "refused")}
    assert not any(wrong.values()), wrong


def test_a_killed_writer_loses_nothing_acknowledged_and_retries_double_nothing(
    quick: Path,
) -> None:
    kill(quick, 500)


@pytest.mark.full
def test_ten_thousand_killed_writers(quick: Path) -> None:
    kill(quick, 10_000)


def cut_power(folder: Path, synchronous: str, count: int) -> dict[str, int]:
    found = power_cut.cuts(folder, count=count, seed=SEED, synchronous=synchronous)
    print(f"power cuts, synchronous {synchronous}: {dict(found)}, seed {SEED}")
    assert found["ok"] + found["lost"] + found["broken"] == count
    assert found["acknowledged"] > count
    return found


def test_a_power_cut_loses_nothing_acknowledged(quick: Path) -> None:
    assert cut_power(quick, "FULL", 300)["ok"] == 300


def test_the_power_cuts_would_show_a_journal_that_syncs_too_little(quick: Path) -> None:
    normal = cut_power(quick / "normal", "NORMAL", 50)
    assert normal["lost"] > 0
    off = cut_power(quick / "off", "OFF", 50)
    assert off["broken"] > 0


def test_a_sync_that_fails_loses_nothing_acknowledged_before_or_after(quick: Path) -> None:
    found = power_cut.failed_syncs(quick, count=100, seed=SEED)
    print(f"failed syncs, then a power cut: {dict(found)}, seed {SEED}")
    assert found["ok"] == 100
    assert found["acknowledged"] > 100


@pytest.mark.full
def test_ten_thousand_power_cuts(quick: Path) -> None:
    assert cut_power(quick / "full", "FULL", 10_000)["ok"] == 10_000
    assert cut_power(quick / "normal", "NORMAL", 1_000)["lost"] > 0
    assert cut_power(quick / "off", "OFF", 1_000)["broken"] > 0


def fail_calls(folder: Path, most: int | None) -> None:
    if not faults.STRACE:
        pytest.skip("strace is not installed")
    found = faults.run(folder / "faults", most=most, seed=SEED)
    print(f"failing system calls of an append: {dict(found)}, seed {SEED}")
    assert found["bad"] == 0
    assert found["acknowledged"] + found["refused"] + found["died"] == found["planned"]
    assert found["planned"] >= (most or 200)


def test_no_failing_system_call_of_an_append_harms_the_journal(quick: Path) -> None:
    fail_calls(quick, 16)


@pytest.mark.full
def test_every_failing_system_call_of_an_append(quick: Path) -> None:
    fail_calls(quick, None)


def fill(journal: Journal) -> list[str]:
    """Append until the store refuses; return what was acknowledged."""
    kept: list[str] = []
    while True:
        name = new_id()
        try:
            journal.append(body_of(name, pad="x" * 1500), id=name)
        except StoreError as error:
            assert "磁盘已满" in str(error)
            return kept
        kept.append(name)


def check_full_disk(journal: Journal, kept: list[str]) -> None:
    """See that a full disk refuses appends, and reads go on."""
    assert kept
    with pytest.raises(StoreError, match="写入已停"):
        record(journal)
    assert [one.id for one in journal.records()] == kept
    assert journal.verify().holds


@pytest.mark.parametrize("more", [10_000, 60_000, 123_456, 500_000, 2_000_000])
def test_a_full_disk_refuses_appends_lets_read_and_recovers(quick: Path, more: int) -> None:
    where, key = quick / "journal" / "j.db", quick / "keys" / "k.json"
    init_journal(where, origin=ORIGIN, key=key).close()
    disk = SmallDisk(where.stat().st_size + 33_000 + more)
    with Journal(SqliteStore(where, vfs=VFS), key) as journal:
        kept = fill(journal)
        print(f"disk full after {len(kept)} records")
        check_full_disk(journal, kept)
        disk.room *= 3
        journal.reopen()
        kept.append(record(journal).id)
        assert [one.id for one in journal.records()] == kept
        assert journal.verify().holds
    with open_journal(where, key=key) as again:
        assert again.verify().size == len(kept)


def test_a_full_file_system_refuses_appends_lets_read_and_recovers(tmp_path: Path) -> None:
    mounted = tmp_path / "mounted"
    mounted.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(mounted)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("may not mount a file system; the test above simulates one")
    try:
        ballast = mounted / "ballast"
        ballast.write_bytes(bytes(1_000_000))
        key = tmp_path / "keys" / "k.json"
        with init_journal(mounted / "j.db", origin=ORIGIN, key=key) as journal:
            kept = fill(journal)
            check_full_disk(journal, kept)
            with open_journal(mounted / "j.db", key=key) as reader:
                assert [one.id for one in reader.records()] == kept
            ballast.unlink()
            journal.reopen()
            kept.append(record(journal).id)
            assert [one.id for one in journal.records()] == kept
            assert journal.verify().holds
    finally:
        subprocess.run(["/bin/umount", str(mounted)], check=True)


def kill_server(server: Server, folder: Path, count: int) -> None:
    place = postgres_place(server, folder)
    place.init().close()
    acknowledged: dict[str, int] = {}
    for _ in range(count):
        before = len(acknowledged)
        with place.open() as journal:
            clients = [
                threading.Thread(target=append_until_it_fails, args=(journal, acknowledged))
                for _ in range(4)
            ]
            for one in clients:
                one.start()
            deadline = time.monotonic() + 60
            while len(acknowledged) < before + 20 and time.monotonic() < deadline:
                time.sleep(0.005)
            server.kill()
            for one in clients:
                one.join()
            server.start()
            journal.reopen()
            record(journal)
        assert len(acknowledged) >= before + 20
    with place.open() as journal:
        found = {one.id: one.seq for one in journal.records()}
        lost = [name for name, seq in acknowledged.items() if found.get(name) != seq]
        print(
            f"PostgreSQL killed {count} times: acknowledged {len(acknowledged)}, lost {len(lost)}"
        )
        assert not lost
        assert journal.verify().holds


def append_until_it_fails(journal: Journal, acknowledged: dict[str, int]) -> None:
    try:
        while True:
            receipt = record(journal)
            acknowledged[receipt.id] = receipt.seq
    except StoreError:
        return


def test_a_killed_database_server_loses_nothing_acknowledged(
    postgres: Server, tmp_path: Path
) -> None:
    kill_server(postgres, tmp_path, 5)


@pytest.mark.full
def test_fifty_killed_database_servers(postgres: Server, tmp_path: Path) -> None:
    kill_server(postgres, tmp_path, 50)
