"""Lays the facts of a project into the blanks of a letter; the words between are the law's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from drawreview.errors import LetterError, Problem
from drawreview.letters.facts import applies, find, write
from drawreview.letters.form import Annex, Blank
from drawreview.letters.page import (
    NOT_APPLICABLE,
    Filling,
    Page,
    Paragraph,
    Segment,
    State,
)
from drawreview.letters.seals import table_of
from drawreview.project.model import Project

_BLANK = re.compile("_+")


def fill(annex: Annex, project: Project, *, clauses: Mapping[str, str]) -> Page:
    """Return the letter of a project.

    Raises:
        LetterError: The clauses do not have the blanks that `fields.yaml` fills.
    """
    counts = {party: max(1, len(find(project, party))) for party in annex.repeat.for_each}
    groups, below = table_of(annex, project, clauses=clauses, groups=max(counts.values()))
    return Page(
        annex=annex,
        title=title_of(annex, clauses),
        paragraphs=tuple(
            _paragraph(annex, path, clauses[path], blanks, project, counts)
            for path, blanks in annex.paragraphs
        ),
        firms=counts,
        groups=groups,
        below=below,
        notes=tuple(clauses[path] for path in annex.notes),
    )


def title_of(annex: Annex, clauses: Mapping[str, str]) -> str:
    """Return the title of a letter, as the list of annexes gives it."""
    found = re.search(rf"(?m)^{annex.title_item}\.\s*(\S+)\s*$", clauses[annex.title_clause])
    if found is None:
        raise _unlike(annex.title_clause)
    return found[1]


def _unlike(path: str) -> LetterError:
    return LetterError(
        (
            Problem(
                path, "原文与 fields.yaml 所列的空格不一致。", "请核对 clauses.md 和 fields.yaml。"
            ),
        )
    )


def _paragraph(  # noqa: PLR0913 - the clause, its blanks, and what they are filled from
    annex: Annex,
    path: str,
    text: str,
    blanks: Sequence[Blank],
    project: Project,
    counts: Mapping[str, int],
) -> Paragraph:
    """Return a clause with its blanks filled, a repeated phrase said once for each firm."""
    waiting = list(blanks)
    segments: list[Segment] = []

    def say(words: str, these: Sequence[Blank], index: int) -> None:
        literals = _BLANK.split(words)
        if len(literals) != len(these) + 1:
            raise _unlike(path)
        for literal, blank in zip(literals, these, strict=False):
            segments.extend((literal, _filling(blank, project, index)))
        segments.append(literals[-1])

    def take(words: str) -> list[Blank]:
        wanted = len(_BLANK.findall(words))
        taken, waiting[:] = waiting[:wanted], waiting[wanted:]
        return taken

    between = text.split(annex.repeat.phrase)
    if len(between) > 1 and len(between) != len(annex.repeat.for_each) + 1:
        raise _unlike(path)
    for words, party in zip(between, annex.repeat.for_each, strict=False):
        if len(between) == 1:
            break
        say(words, take(words), 0)
        these = take(annex.repeat.phrase)
        for index in range(counts[party]):
            if index:
                segments.append(annex.repeat.joined_by)
            say(annex.repeat.phrase, these, index)
    say(between[-1], take(between[-1]), 0)
    if waiting:
        raise _unlike(path)
    return tuple(segment for segment in segments if segment != "")


def _filling(blank: Blank, project: Project, index: int) -> Filling:
    firm = ".firms." in blank.fact
    place = blank.fact.replace(".firms.", f".firms[{index}].")
    text = write(blank.manner, find(project, blank.fact, index if firm else None))
    if not applies(blank.only, project):
        state, text = State.NOT_APPLICABLE, NOT_APPLICABLE
    else:
        state = State.ABSENT if text is None else State.VALUE
    return Filling(blank.name, blank.zh, place, state, text or "", blank.width, index)
