"""Lays the facts of a project into the blanks of a letter; the words between are the law's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

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
            _paragraph(path, _sayings(annex, clauses[path], counts), blanks, project)
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


def _sayings(annex: Annex, text: str, counts: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Yield a clause in pieces, its repeated phrase once for each firm, with its repetition."""
    first, *others = text.split(annex.repeat.phrase)
    yield first, 0
    for party, words in zip(annex.repeat.for_each, others, strict=False):
        yield annex.repeat.phrase, 0
        for repetition in range(1, counts[party]):
            yield annex.repeat.joined_by + annex.repeat.phrase, repetition
        yield words, 0


def _paragraph(
    path: str, sayings: Iterable[tuple[str, int]], blanks: Sequence[Blank], project: Project
) -> Paragraph:
    """Return a clause with its blanks filled."""
    segments: list[Segment] = []
    position = 0
    for words, repetition in sayings:
        *literals, last = _BLANK.split(words)
        if repetition:
            position -= len(literals)  # the same blanks again, of the next firm
        these = blanks[position : position + len(literals)]
        position += len(literals)
        for literal, blank in zip(literals, these, strict=False):
            segments.extend((literal, _filling(blank, project, repetition)))
        segments.append(last)
    if position != len(blanks):
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
