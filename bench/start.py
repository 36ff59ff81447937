"""The command line as a whole process, against a typer app that does nothing."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.clock import Block, Goal, interleaved, show

_ROOT = Path(__file__).resolve().parent.parent
_EMPTY = """\
import typer
app = typer.Typer(add_completion=False)
@app.command()
def nothing(name: str) -> None:
    print(name)
app()
"""
_DECIDE = "from drawreview.cli import main; main()"


def _process(*arguments: str) -> Block:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, map(str, sys.path)))}

    def block() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(  # noqa: S603 - this interpreter, with arguments from here
            [sys.executable, *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=_ROOT,
            env=environment,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

    return block


def run(rounds: int) -> bool:
    """Measure the CPU time of processes, children's user and system time."""
    project = "examples/office.yaml"
    arguments = ("decide", project, "--on", "2021-03-01")
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder, "empty.py")
        empty.write_text(_EMPTY, encoding="utf-8")
        costs = interleaved(
            {
                "drawreview decide": _process("-c", _DECIDE, *arguments),
                "drawreview decide --format json": _process(
                    "-c", _DECIDE, *arguments, "--format", "json"
                ),
                "typer app that does nothing": _process(str(empty), "x"),
                "from pydantic import BaseModel": _process("-c", "from pydantic import BaseModel"),
            },
            rounds,
        )
    return show(
        "command line, CPU of the whole process",
        costs,
        (
            Goal("drawreview decide", "typer app that does nothing", 1.25),
            Goal("drawreview decide --format json", "typer app that does nothing", 1.25),
        ),
        unit="ms",
    )
