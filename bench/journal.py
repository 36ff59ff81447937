"""How many records a second the journal makes durable, for one client and for many at once."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from pathlib import Path
from typing import Final

import apsw

from bench.clock import say
from drawreview.records.journal import Journal, init_journal, new_id

LEAST_GAIN: Final = 2.0
CLIENTS: Final = (1, 8, 32, 128)
PAD: Final = "x" * 1_400


def run(seconds: float) -> bool:
    """Append 1.5 kB records on this disk; 32 clients must make twice what one client makes."""
    folder = Path(tempfile.mkdtemp(prefix="journal-", dir=Path.cwd()))
    try:
        floor = _plain_inserts(folder / "plain.db", seconds)
        say(f"\njournal on {folder.parent}, {seconds:g} s each, synchronous FULL")
        say(f"  {'plain inserts, one a transaction':<34} {floor:>9.0f} rows/s")
        with init_journal(
            folder / "journal" / "j.db", origin="bench.example", key=folder / "key.json"
        ) as journal:
            rates = {clients: _appends(journal, clients, seconds) for clients in CLIENTS}
            report = journal.verify()
        gain = rates[32] / rates[1]
        verdict = "met" if gain >= LEAST_GAIN and report.holds else "MISSED"
        say(f"  32 clients / 1: {gain:.1f}; goal >= {LEAST_GAIN:g}: {verdict}")
        checked = f"{report.size:,} records, {report.checkpoints:,} checkpoints"
        say(f"  verified {checked}: {report.holds}")
        return verdict == "met"
    finally:
        shutil.rmtree(folder)


def _plain_inserts(path: Path, seconds: float) -> float:
    """Return the rate of a bare SQLite table that syncs as often, without tree or signature."""
    connection = apsw.Connection(str(path))
    connection.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE record (id TEXT PRIMARY KEY, body BLOB)")
    count, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        name = new_id()
        connection.execute("INSERT INTO record VALUES (?, ?)", (name, _body(name)))
        count += 1
    connection.close()
    return count / seconds


def _appends(journal: Journal, clients: int, seconds: float) -> float:
    latencies: list[float] = []
    end = time.perf_counter() + seconds

    def client() -> None:
        while (start := time.perf_counter()) < end:
            name = new_id()
            journal.append(_body(name), id=name)
            latencies.append(time.perf_counter() - start)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    latencies.sort()
    middle, late = latencies[len(latencies) // 2], latencies[len(latencies) * 99 // 100]
    rate = len(latencies) / seconds
    waits = f"p50 {middle * 1e3:.1f} ms, p99 {late * 1e3:.1f} ms"
    say(f"  {f'journal, {clients} clients':<34} {rate:>9.0f} rows/s   {waits}")
    return rate


def _body(name: str) -> bytes:
    return f'{{"id":"{name}","pad":"{PAD}"}}'.encode()
