"""Reads `fields.yaml`: which blank of which clause is filled from which fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from drawreview.paths import FORMS

FORM = "baotou_2021_8"
SCHEMA = "drawreview/fields@1"

Manner = Literal["text", "count", "range", "sum", "year", "month", "day"]
Applicability = Literal["building", "municipal", "surveyed"]


@dataclass(frozen=True, slots=True)
class Blank:
    """One blank: its name, its Chinese label, its fact, and how the fact is written into it.

    Attributes:
        only: The kind of project it applies to; `／` is written for any other.
        width: How many characters wide it is when left for handwriting.
    """

    name: str
    zh: str
    fact: str
    manner: Manner = "text"
    only: Applicability | None = None
    width: int = 6


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table of seals: whose it is."""

    name: str
    zh: str
    party: str
    only: Applicability | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """The phrase of a clause that is said once for each firm."""

    phrase: str
    for_each: tuple[str, ...]
    joined_by: str


@dataclass(frozen=True, slots=True)
class Annex:
    """One of the two letters: its clauses in their order, and the blanks of each.

    Attributes:
        forms: The folder of forms and fonts that it was read from, and is printed with.
    """

    forms: Path
    name: str
    label: str
    title_clause: str
    title_item: int
    paragraphs: tuple[tuple[str, tuple[Blank, ...]], ...]
    table_clause: str
    notes: tuple[str, ...]
    repeat: Repeat
    columns: tuple[Column, ...]
    rows: tuple[str, ...]
    below: tuple[str, ...]


@cache
def load_form(forms: Path = FORMS) -> Mapping[str, Annex]:
    """Return the letters that a form defines, by name; the shipped form if none is given."""
    from ruamel.yaml import YAML  # noqa: PLC0415 - a letter needs it, a decision does not

    text = (forms / FORM / "fields.yaml").read_text(encoding="utf-8")
    written: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    if written.pop("schema") != SCHEMA:
        message = f"fields.yaml: {SCHEMA} wanted."
        raise ValueError(message)
    blanks = {name: _blank(name, entry) for name, entry in written.pop("blanks").items()}
    repeat = Repeat(**_frozen(written.pop("repeat")))
    table = written.pop("table")
    columns = tuple(Column(**entry) for entry in table["columns"])
    return {
        name: Annex(
            forms=forms,
            name=name,
            label=entry["label"],
            title_clause=entry["title"]["clause"],
            title_item=entry["title"]["item"],
            paragraphs=tuple(
                (path, tuple(blanks[blank] for blank in order))
                for path, order in entry["paragraphs"].items()
            ),
            table_clause=entry["table"],
            notes=tuple(entry["notes"]),
            repeat=repeat,
            columns=columns,
            rows=tuple(table["rows"]),
            below=tuple(table["below"]),
        )
        for name, entry in written.items()
    }


def _blank(name: str, entry: Mapping[str, Any]) -> Blank:
    return Blank(
        name=name,
        manner=entry.get("as", "text"),
        **{key: value for key, value in entry.items() if key != "as"},
    )


def _frozen(entry: Mapping[str, str | Sequence[str]]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
