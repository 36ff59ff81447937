"""Lays the parties into the table of seals; what is signed, sealed or dated stays by hand."""

from __future__ import annotations

from collections.abc import Mapping

from drawreview.letters.facts import applies, find
from drawreview.letters.form import Annex, Column
from drawreview.letters.page import NOT_APPLICABLE, Cell, Filling, State
from drawreview.project.model import Firm, Project, ProjectOwner

BY_HAND = "by_hand"


def table_of(
    annex: Annex, project: Project, *, clauses: Mapping[str, str], groups: int
) -> tuple[tuple[tuple[tuple[Cell | None, ...], ...], ...], tuple[Cell, ...]]:
    """Return the table of seals, its rows once for each group of firms, and the lines below it."""
    lines = clauses[annex.table_clause].strip().splitlines()
    labels = [_cells(line) for line in lines if line.startswith("|") and "---" not in line]
    below = [line for line in lines if not line.startswith("|")]
    table = tuple(
        tuple(
            tuple(
                _cell(label, column, row, group, project)
                for label, column in zip(labels_of_row, annex.columns, strict=True)
            )
            for labels_of_row, row in zip(labels, annex.rows, strict=True)
        )
        for group in range(groups)
    )
    return table, tuple(
        _below(line, row, project) for line, row in zip(below, annex.below, strict=True)
    )


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _cell(label: str, column: Column, row: str, group: int, project: Project) -> Cell | None:
    """Return a cell of the table, or None where the column has no firm for the group."""
    party: ProjectOwner | tuple[Firm, ...] = find(project, column.party)
    several = isinstance(party, tuple)
    if group >= (max(1, len(party)) if isinstance(party, tuple) else 1):
        return None
    place = f"{column.party}[{group}]" if several else column.party
    head, colon, tail = label.partition("：")
    name, zh = f"{column.name}.{row}", f"{column.zh}{head.removeprefix(column.zh)}"
    if not applies(column.only, project):
        filling = Filling(name, zh, place, State.NOT_APPLICABLE, NOT_APPLICABLE)
    else:
        found = None if row == BY_HAND else find(project, f"{column.party}.{row}", group)
        filling = _handed(name, zh, f"{place}.{row}", found)
    return Cell(head + colon, filling, tail)


def _below(line: str, row: str, project: Project) -> Cell:
    found = None if row == BY_HAND else find(project, f"project_owner.{row}")
    return Cell(line, _handed(row, line.rstrip("："), f"project_owner.{row}", found), "")


def _handed(name: str, zh: str, place: str, found: str | None) -> Filling:
    if found is None:
        return Filling(name, zh, place, State.ABSENT, "")
    return Filling(name, zh, place, State.VALUE, found)
