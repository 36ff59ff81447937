"""Writes a letter as DOCX: the Word form of its annex, with its tags filled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from drawreview.errors import LetterError, Problem
from drawreview.letters.blanks import fill
from drawreview.letters.footer import Footer, qr_png
from drawreview.letters.form import FORM, load_form
from drawreview.letters.master import load_master, statutory_text, text_of, to_zip, unreadable
from drawreview.letters.page import Cell, Filling, Page, State
from drawreview.letters.typeset import LADDER, Typeset
from drawreview.project.model import Project

# One character of a blank. No-break spaces keep their underline at the end of a line, where an
# ideographic space loses it; the break after them lets a long blank wrap.
_ONE = "\u00a0\u00a0\u00a0\u200b"
_FULL_MM = 250  # a page filled below this has no room for another program's line breaks


def write_docx(
    page: Page,
    *,
    clauses: Mapping[str, str],
    layout: Typeset,
    footer: Footer | None,
    assumption: str | None,
) -> bytes:
    """Return the letter as DOCX, at the size at which its PDF keeps to two pages.

    Raises:
        LetterError: The Word form no longer carries the words of the law.
    """
    full = layout.end_mm > _FULL_MM and layout.step + 1 < len(LADDER)
    step = layout.step + 1 if full else layout.step
    annex = page.annex
    paths = (annex.title_clause, *(path for path, _ in annex.paragraphs), annex.table_clause)
    law = tuple((path, clauses[path]) for path in (*paths, *annex.notes))
    _check_words(annex.name, law, annex.forms)
    return to_zip(_rendered(page, step, footer, assumption))


@lru_cache(maxsize=8)
def _check_words(annex: str, clauses: tuple[tuple[str, str], ...], forms: Path) -> None:
    """Refuse a Word form whose words, once its blanks are empty, are not those of the law."""
    empty = fill(load_form(forms)[annex], Project(), clauses=dict(clauses))
    law = statutory_text(empty.annex, empty.title, dict(clauses))
    form = text_of(_rendered(empty, 0, None, None)["word/document.xml"])
    if form == law:
        return
    at = next(
        (i for i, (ours, theirs) in enumerate(zip(form, law, strict=False)) if ours != theirs),
        min(len(form), len(law)),
    )
    raise LetterError(
        (
            Problem(
                f"forms/{FORM}/{annex}.docx",
                f"文字与原文不符：“{form[max(0, at - 8) : at + 8]}”，"
                f"原文为“{law[max(0, at - 8) : at + 8]}”。",
                "承诺书正文须与原文逐字一致，请改回。",
            ),
        )
    )


def _rendered(
    page: Page, step: int, footer: Footer | None, assumption: str | None
) -> dict[str, bytes]:
    from jinja2 import TemplateError  # noqa: PLC0415 - comes with docxtpl

    picture = None if footer is None else qr_png(footer.code)
    try:
        return load_master(page.annex.name, step, page.annex.forms).render(
            _context(page, footer, assumption), picture
        )
    except TemplateError as error:
        raise unreadable(page.annex.name, "word/document.xml", error) from error


def _context(page: Page, footer: Footer | None, assumption: str | None) -> dict[str, Any]:
    """Return what the tags of the Word form name."""
    context: dict[str, Any] = {
        "groups": [
            {
                column.name: _party(cells)
                for column, cells in zip(page.annex.columns, zip(*group, strict=True), strict=True)
            }
            for group in page.groups
        ],
        "assumption": assumption,
        "footer": footer and {"words": _words(footer), "note": footer.note or ""},
    }
    for row, cell in zip(page.annex.below, page.below, strict=True):
        context[row] = cell.filling.text
    for party, count in page.firms.items():
        context[party.replace(".", "_")] = [{} for _ in range(count)]
    for filling in _blanks(page):
        words = _ONE * filling.width if filling.state is State.ABSENT else filling.text
        context[filling.name] = words
        firms = context.get(f"{filling.place.partition('.')[0]}_firms")
        if firms:
            firms[filling.repetition][filling.name] = words
    return context


def _words(footer: Footer) -> str:
    return footer.words if footer.receipt is None else f"{footer.words}　{footer.receipt}"


def _blanks(page: Page) -> Iterator[Filling]:
    for paragraph in page.paragraphs:
        yield from (segment for segment in paragraph if isinstance(segment, Filling))


def _party(cells: tuple[Cell | None, ...]) -> dict[str, str] | None:
    """Return what a column of the table of seals says of its firm, by the name of the row."""
    said = [cell.filling for cell in cells if cell is not None]
    return {each.name.partition(".")[2]: each.text for each in said} or None
