"""A filled letter, the same in every format: words of the law, blanks, and the table of seals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from drawreview.letters.form import Annex

NOT_APPLICABLE = "／"  # so that nobody writes into it later


class State(Enum):
    """What stands in a blank."""

    VALUE = "value"
    ABSENT = "absent"  # left for handwriting
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Filling:
    """One blank of one letter: where its fact comes from, and what is written into it.

    Attributes:
        repetition: Which saying of a repeated phrase it stands in, from 0.
    """

    name: str
    zh: str
    place: str
    state: State
    text: str
    width: int = 0
    repetition: int = 0


Segment: TypeAlias = str | Filling
Paragraph: TypeAlias = tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the table of seals."""

    label: str
    filling: Filling
    tail: str


@dataclass(frozen=True, slots=True)
class Page:
    """A letter, filled in: everything that is the same in every format.

    Attributes:
        firms: How often each repeated phrase is said, by the path of its firms.
        groups: The table of seals, group by group and row by row; a column is None in a group
            for which it has no firm.
        below: The lines below the table.
    """

    annex: Annex
    title: str
    paragraphs: tuple[Paragraph, ...]
    firms: Mapping[str, int]
    groups: tuple[tuple[tuple[Cell | None, ...], ...], ...]
    below: tuple[Cell, ...]
    notes: tuple[str, ...]

    def fillings(self) -> Iterator[Filling]:
        """Yield every blank of the letter."""
        for paragraph in self.paragraphs:
            yield from (segment for segment in paragraph if isinstance(segment, Filling))
        for group in self.groups:
            for row in group:
                yield from (cell.filling for cell in row if cell)
        yield from (cell.filling for cell in self.below)
