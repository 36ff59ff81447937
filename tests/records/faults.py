"""Let each file system call of one append fail in turn, with strace; then look at the journal."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from drawreview.errors import JournalError
from drawreview.records.journal import init_journal, new_id, open_journal

ROOT = Path(__file__).parents[2]
# Calls that can run out of space, beside those that can fail or be the last one made.
NEEDS_SPACE = {"openat", "pwrite64", "ftruncate", "fallocate", "fdatasync", "fsync", "write"}
TRACED = "openat,pread64,pwrite64,write,fdatasync,fsync,ftruncate,fallocate,unlink,close,fcntl"
TRACED += ",newfstatat,fstat,mmap"

STRACE = shutil.which("strace") or ""

Fault = tuple[str, int, str]  # the call, which one of its kind, and what becomes of it


class Bench:
    """A journal to copy for every run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = folder / "keys" / "k.json"
        self.first = folder / "first"
        with init_journal(
            self.first / "j.db", origin="permits.example/faults", key=self.key
        ) as journal:
            for _ in range(5):
                name = new_id()
                journal.append(f'{{"id":"{name}"}}'.encode(), id=name)
        self.memory = self.key.with_suffix(".json.signed").read_bytes()

    def append(self, *options: str) -> tuple[str, Path, str]:
        """Append one record under strace; return its id, the journal, and what was said."""
        here = self.folder / "here"
        shutil.rmtree(here, ignore_errors=True)
        shutil.copytree(self.first, here)
        self.key.with_suffix(".json.signed").write_bytes(self.memory)
        name = new_id()
        paths = [f"-P{here / 'j.db'}{end}" for end in ("", "-wal", "-shm")]
        paths.append(f"-P{self.key.with_suffix('.json.signed')}")
        done = subprocess.run(
            [STRACE, "-f", "-q", "-o", str(self.folder / "trace"), *paths, *options,
             sys.executable, "-m", "tests.records.one_append", str(here / "j.db"),
             str(self.key), name],
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=False,
            timeout=120,
        )  # fmt: skip
        return name, here / "j.db", done.stdout + done.stderr

    def faults(self) -> list[Fault]:
        """Return every fault that one append can meet. strace counts the calls of each thread."""
        _, _, said = self.append(f"-etrace={TRACED}")
        assert said == "acknowledged\n", said
        calls: Counter[tuple[str, str]] = Counter()
        for line in (self.folder / "trace").read_text(encoding="utf-8").splitlines():
            if found := re.match(r"(\d+) +(\w+)\(", line):
                calls[found[1], found[2]] += 1
        most: Counter[str] = Counter()
        for (_, call), count in calls.items():
            most[call] = max(most[call], count)
        return [
            (call, number, what)
            for call, count in sorted(most.items())
            for number in range(1, count + 1)
            for what in ("EIO", "KILL", *(["ENOSPC"] if call in NEEDS_SPACE else []))
        ]

    def run(self, fault: Fault) -> str:
        """Append under one fault: acknowledged, refused, died, or what is bad about it."""
        call, number, what = fault
        how = "signal=KILL" if what == "KILL" else f"error={what}"
        name, place, said = self.append(f"-etrace={call}", f"-einject={call}:{how}:when={number}")
        acknowledged = said.startswith("acknowledged")
        if "Traceback" in said:
            return f"bad: a traceback: {said}"
        if not acknowledged and not said.startswith("refused") and said:
            return f"bad: it said {said}"
        wrong = self._wrong(place, name, acknowledged=acknowledged)
        return wrong or ("acknowledged" if acknowledged else "refused" if said else "died")

    def _wrong(self, place: Path, name: str, *, acknowledged: bool) -> str:
        """Look at the journal afterwards, append once more, and say what is bad about it."""
        try:
            with open_journal(place, key=self.key) as journal:
                if acknowledged and not any(one.id == name for one in journal.records()):
                    return "bad: acknowledged and lost"
                if not (report := journal.verify()).holds:
                    return f"bad: {report.findings}"
                again = new_id()
                journal.append(f'{{"id":"{again}"}}'.encode(), id=again)
                return "" if journal.verify().holds else "bad: not whole after one more"
        except JournalError as error:
            return f"bad: {error}"


def run(folder: Path, *, most: int | None, seed: int) -> Counter[str]:
    """Run all faults, or a random few; return how they ended."""
    bench = Bench(folder)
    faults = bench.faults()
    if most is not None:
        faults = random.Random(seed).sample(faults, most)
    found: Counter[str] = Counter(planned=len(faults))
    for fault in faults:
        outcome = bench.run(fault)
        if outcome.startswith("bad"):
            print(fault, outcome)
            outcome = "bad"
        found[outcome] += 1
    return found
