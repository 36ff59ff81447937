"""Kill the writer with SIGKILL again and again: `python -m tests.records.kill_writer FOLDER`.

The parent learns through a pipe what was acknowledged, so it knows what may not be lost.
It forks, and therefore runs as a process of its own with a single thread.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import shutil
import signal
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from drawreview.errors import JournalError
from drawreview.records.journal import init_journal, new_id, open_journal

CLIENTS = 3
KILLS_OF_ONE_JOURNAL = 10
MOST_LINES = 30


def body_of(name: str, key: str) -> bytes:
    return f'{{"id":"{name}","key":"{key}","pad":"{"x" * 1200}"}}'.encode()


def write_for_ever(place: Path, key: Path, pipe: int, run: int) -> None:
    """Append from several threads; say what is asked, and what was acknowledged."""
    journal = open_journal(place, key=key)

    def client(number: int) -> None:
        for count in range(1_000_000):
            asked = f"{run}-{number}-{count}"
            os.write(pipe, f"? {asked}\n".encode())
            name = new_id()
            receipt = journal.append(body_of(name, asked), id=name, idempotency_key=asked)
            os.write(pipe, f"! {asked} {receipt.id} {receipt.seq}\n".encode())

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def killed(place: Path, key: Path, chance: random.Random, run: int) -> list[str]:
    """Let a writer say some random number of lines and kill it; return all that it said."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            write_for_ever(place, key, writing, run)
        finally:
            os._exit(1)
    os.close(writing)
    said = b""
    # One in ten dies while it opens the journal. Counting lines, not time, kills as many of the
    # others at work on a slow machine as on a fast one; the rest of a millisecond hits anywhere.
    wanted = chance.randrange(1, MOST_LINES) if chance.random() < 0.9 else 0
    until = time.monotonic() + 30
    while said.count(b"\n") < wanted and select.select([reading], [], [], 1)[0]:
        said += os.read(reading, 1 << 16)
        assert time.monotonic() < until, "the writer says nothing"
    time.sleep(chance.random() * 0.003)
    os.kill(child, signal.SIGKILL)
    while piece := os.read(reading, 1 << 16):
        said += piece
    os.close(reading)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"the writer ended by itself: {status}"
    return said.decode().splitlines()


def check(place: Path, key: Path, said: list[str], *, whole: bool) -> Counter[str]:
    """Hold the journal against what the dead writer said, then retry what it left open.

    Opening verifies the tail; the whole is verified before the journal is given up.
    """
    found: Counter[str] = Counter(kills=1)
    open_keys = {line[2:] for line in said if line[0] == "?"}
    with open_journal(place, key=key) as journal:
        records = {one.id: (one.seq, one.body) for one in journal.records()}
        for line in said:
            if line[0] == "!":
                asked, name, seq = line[2:].split()
                open_keys.discard(asked)
                found["acknowledged"] += 1
                found["lost"] += records.get(name) != (int(seq), body_of(name, asked))
        for asked in sorted(open_keys):
            name = new_id()
            found["retried"] += 1
            again = journal.append(body_of(name, asked), id=name, idempotency_key=asked)
            found["found again"] += again.repeated
        if whole:
            keys = [json.loads(one.body)["key"] for one in journal.records()]
            found["duplicates"] += len(keys) - len(set(keys))
            found["unverified"] += not journal.verify().holds
            found["verified"] += 1
    return found


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance, found = random.Random(given.seed), Counter[str]()
    place, key = given.folder / "journal" / "j.db", given.folder / "keys" / "k.json"
    for run in range(given.count):
        if run % KILLS_OF_ONE_JOURNAL == 0:
            shutil.rmtree(given.folder, ignore_errors=True)
            init_journal(place, origin="permits.example/kill", key=key).close()
        said = killed(place, key, chance, run)
        whole = run % KILLS_OF_ONE_JOURNAL == KILLS_OF_ONE_JOURNAL - 1 or run == given.count - 1
        try:
            found += check(place, key, said, whole=whole)
        except JournalError as error:
            found += Counter(kills=1, refused=1)
            sys.stderr.write(f"{run}: {error}\n")
    found.setdefault("lost", 0)
    print(json.dumps(dict(found) | {"seed": given.seed}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
