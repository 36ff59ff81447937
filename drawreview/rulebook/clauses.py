"""The law's own words, by citation path."""

from __future__ import annotations

import re
from typing import Final

_MARK: Final = re.compile(r"\[([^\]\s]+)\] ?(.*)")


def parse_clauses(text: str) -> dict[str, str]:
    """Return path -> verbatim text from a `clauses.md`; lines without a path continue the last."""
    clauses: dict[str, str] = {}
    path = None
    for line in text.splitlines():
        mark = _MARK.fullmatch(line)
        if mark:
            path = mark[1]
            clauses[path] = mark[2]
        elif line.startswith("#"):
            path = None
        elif path is not None and line.strip():
            clauses[path] = f"{clauses[path]}\n{line}".lstrip("\n")
    return clauses


def lead_in(path: str, clauses: dict[str, str]) -> str | None:
    """Return the path of the sentence that introduces this item, if one does.

    二(一)1 introduces 二(一)1(1); 第十四条 introduces 第十四条(一).
    """
    shorter = re.sub(r"\([^()]*\)$", "", path)
    return shorter if shorter != path and shorter in clauses else None


def text_with_lead_in(path: str, clauses: dict[str, str]) -> str:
    """Return the clause's text after that of the sentence which introduces it."""
    before = lead_in(path, clauses)
    return (clauses[before] if before else "") + clauses[path]
