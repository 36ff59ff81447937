"""Writes the commitment letter of a decision, or the empty form, in the formats asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from drawreview.errors import LetterError, Problem
from drawreview.letters.blanks import fill
from drawreview.letters.characters import unprintable
from drawreview.letters.facts import each_building
from drawreview.letters.footer import Footer, Receipt, footer_of
from drawreview.letters.form import load_form
from drawreview.letters.page import Filling, Page, State
from drawreview.letters.refusals import Decided, refusals
from drawreview.paths import FORMS
from drawreview.project.model import Project

FORMATS = ("docx", "pdf")
WHAT_IF = "假定有效·仅供测算"
SELF_ASSESSED = "自评·未经窗口决定"


def fill_letter(  # noqa: PLR0913 - what a letter says, and how it is set
    decision: Decided,
    *,
    clauses: Mapping[str, str],
    formats: Sequence[str] = FORMATS,
    self_assessed: bool = False,
    receipt: Receipt | None = None,
    forms: Path = FORMS,
) -> dict[str, bytes]:
    """Return the commitment letter of a decision, by format.

    Args:
        decision: What was decided; its date is the letter's, and nothing else reads a clock.
        clauses: The regulation, by path.
        formats: Some of `docx` and `pdf`.
        self_assessed: Whether no window has decided yet; both pages then say so.
        receipt: Where the decision is recorded, to be printed at the foot.
        forms: The folder of forms and fonts; another than the shipped one sets an old letter again.

    Raises:
        LetterError: No letter may be written, or it cannot be set; it lists every reason.
    """
    problems = [*_unknown(formats), *refusals(decision)]
    annex = load_form(forms).get(decision.letter or "")
    if annex is None:
        raise LetterError(tuple(problems))
    page = fill(annex, decision.project, clauses=clauses)
    note = each_building(decision.project)
    noted = (Filling("note", "各栋名称", "buildings", State.VALUE, note),) if note else ()
    problems.extend(unprintable((*page.fillings(), *noted), forms))
    if problems:
        raise LetterError(tuple(problems))
    return _written(
        page,
        clauses=clauses,
        formats=formats,
        on=decision.on,
        footer=footer_of(decision.decision_id, note=note, receipt=receipt),
        marks=marks_of(decision, self_assessed=self_assessed),
    )


def marks_of(decision: Decided, *, self_assessed: bool) -> tuple[str, ...]:
    """Return what each page must say of how little was decided."""
    return (
        *((WHAT_IF,) if decision.assumption else ()),
        *((SELF_ASSESSED,) if self_assessed else ()),
    )


def blank_letter(
    annex: str, *, clauses: Mapping[str, str], formats: Sequence[str] = FORMATS, on: date
) -> dict[str, bytes]:
    """Return the empty form of an annex, to be filled in by hand.

    Raises:
        LetterError: There is no such annex or format.
    """
    problems = _unknown(formats)
    form = load_form().get(annex)
    if form is None:
        problems = (
            *problems,
            Problem("annex", f"没有名为 {annex} 的承诺书。", "只有 annex_1 和 annex_2。"),
        )
    if form is None or problems:
        raise LetterError(problems)
    page = fill(form, Project(), clauses=clauses)
    return _written(page, clauses=clauses, formats=formats, on=on, footer=None, marks=())


def _unknown(formats: Sequence[str]) -> tuple[Problem, ...]:
    return tuple(
        Problem("formats", f"没有 {name} 格式的承诺书。", "只有 docx 和 pdf。")
        for name in formats
        if name not in FORMATS
    )


def _written(  # noqa: PLR0913 - what a letter consists of
    page: Page,
    *,
    clauses: Mapping[str, str],
    formats: Sequence[str],
    on: date,
    footer: Footer | None,
    marks: tuple[str, ...],
) -> dict[str, bytes]:
    # Imported here: deciding must not wait for a typesetter.
    from drawreview.letters.typeset import typeset  # noqa: PLC0415

    # A DOCX has no layout of its own: it takes the size at which the PDF kept to two pages.
    mark = "　".join(marks) or None
    watermark = "自评" if SELF_ASSESSED in marks else None
    layout = typeset(page, on=on, footer=footer, mark=mark, watermark=watermark)
    written: dict[str, bytes] = {}
    for name in formats:
        if name == "pdf":
            written[name] = layout.pdf
        else:
            from drawreview.letters.word import write_docx  # noqa: PLC0415

            written[name] = write_docx(
                page, clauses=clauses, layout=layout, footer=footer, assumption=mark
            )
    return written
