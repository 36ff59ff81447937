"""What is wrong, in English: finished Chinese sentences are found again by their templates.

Whoever finds a problem says it in Chinese; here all of them pass on their way to a person.
"""

from __future__ import annotations

import re
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from drawreview.cli.language import in_either, language
from drawreview.legible import legible

if TYPE_CHECKING:
    from drawreview.errors import Problem

_ENDS: Final = re.compile("(?<=[。」])(?=.)")


def said(text: str) -> str:
    """Return a message in the language that is asked for."""
    return text if language() == "zh" else in_english(text)


def note(text: str) -> None:
    """Write beside what a command prints what is to be known with it."""
    mark = in_either("提示：", "note: ")
    sys.stderr.write(f"{mark}{legible(said(text))}\n")


def told(problem: Problem) -> str:
    """Return a problem in one line, in the language that is asked for."""
    if language() == "zh":
        return str(problem)
    places = (part.partition(":") for part in problem.place.split(": "))
    place = ": ".join(f"{in_english(file)}{colon}{line}" for file, colon, line in places)
    return f"{place}: {in_english(problem.problem)} {in_english(problem.remedy)}".rstrip()


@cache
def templates() -> dict[str, str]:
    """Return each Chinese wording, and its English; `{}` stands for what is filled in."""
    return tomllib.loads(Path(__file__).with_name("messages.toml").read_text(encoding="utf-8"))


def in_english(text: str) -> str:
    """Return a text in English, with what it quotes as it is; Chinese stays if it is unknown."""
    return _whole(text) or _in_parts(text) or text


def _whole(text: str) -> str | None:
    for pattern, english in _patterns():
        if found := pattern.fullmatch(text):
            return _filled(english, found.groups())
    return None


def _filled(english: str, parts: tuple[str, ...]) -> str:
    heads = english.split("{}")
    return "".join(
        head + (in_english(part) if head.endswith("“") else _listed(in_english(part)))
        for head, part in zip(heads, (*parts, ""), strict=True)
    )


def _listed(part: str) -> str:
    return part.replace("、", ", ").replace("（", " (").replace("）", ")")


def _in_parts(text: str) -> str | None:
    """Return sentences one after the other, and a sentence after the value that it is about."""
    for end in reversed([found.start() for found in _ENDS.finditer(text)]):
        head, tail = text[:end], text[end:]
        value = head.startswith("「") and head.endswith("」")
        before = f"“{head[1:-1]}”" if value else _whole(head) or _in_parts(head)
        after = _whole(tail) or _in_parts(tail)
        if before and after:
            return f"{before}{':' if value else ''} {after}"
    return None


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the templates as patterns, those with the most words of their own first."""
    ordered = sorted(templates().items(), key=lambda entry: -len(entry[0].replace("{}", "")))
    return tuple(
        (re.compile("(.*?)".join(map(re.escape, zh.split("{}"))), re.DOTALL), english)
        for zh, english in ordered
    )
