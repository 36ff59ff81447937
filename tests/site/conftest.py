"""The commands of the site, run in this process: a fresh one would cost more than their work."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from drawreview.cli.app import app
from drawreview.cli.outcome import said_of

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Done:
    """What a command said, and how it ended."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what runs a command in the folder of the project, as the program does."""
    monkeypatch.chdir(ROOT)

    def run_command(*arguments: str, stdin: str = "") -> Done:
        typed = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
        monkeypatch.setattr(sys, "stdin", typed)
        status = said_of(lambda: app(list(arguments)))
        said = capsys.readouterr()
        return Done(status, said.out, said.err)

    return run_command
