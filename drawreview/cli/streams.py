"""Standard input and output as any office's machine has them: closed, piped, or not in UTF-8."""

from __future__ import annotations

import io
import os
import sys

from drawreview.cli.language import in_either


def ready_streams() -> None:
    """Make sure that there are streams, and that Chinese can be written to them.

    A file or a pipe gets UTF-8, which is what every command reads; a terminal keeps its encoding,
    and signs that it does not have become question marks.
    """
    if sys.stdin is None:  # closed by who started us, as are the others
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - as long as we run
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
        sys.stderr.write(in_either("提示：标准输出已经关闭。\n", "note: there is no output.\n"))
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if stream.isatty():
            stream.reconfigure(errors="replace")
        elif stream.encoding.lower().replace("-", "") != "utf8":
            stream.reconfigure(encoding="utf-8")
