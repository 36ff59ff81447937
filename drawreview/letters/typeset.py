"""Sets a letter as PDF/A-2a and PDF/UA-1 on exactly two pages, the same bytes on every machine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from drawreview.errors import LetterError, Problem
from drawreview.letters.footer import Footer, qr_svg
from drawreview.letters.form import FORM
from drawreview.letters.page import Cell, Page, Segment, State

if TYPE_CHECKING:
    from typst import Compiler

PAGES = 2  # 备注1: 该承诺书正反面打印


@dataclass(frozen=True, slots=True)
class Step:
    """One size of type, in points; margins and the rows of the table of seals in millimetres."""

    size: float
    pitch: float
    small: float
    title: float
    top: float
    bottom: float
    rows: tuple[float, ...]


# From 3号 down to 5号. The first at which the letter keeps to two pages is the one that is used.
LADDER = (
    Step(16, 28, 12, 20, 30, 30, (20, 14, 8, 15, 15, 12)),
    Step(15, 26, 12, 20, 28, 28, (18, 13, 8, 13, 13, 11)),
    Step(14, 23, 11, 18, 26, 27, (17, 10, 7, 11, 11, 10)),
    Step(12, 19, 10.5, 18, 24, 27, (15, 9, 6, 9, 9, 8)),
    Step(11, 16.5, 10, 16, 22, 26, (14, 8, 5, 8, 8, 7)),
    Step(10.5, 15, 9, 16, 20, 26, (12, 7, 4.5, 7, 7, 6)),
)


@dataclass(frozen=True, slots=True)
class Typeset:
    """A PDF, the step of the ladder that it took, and where its last line ends."""

    pdf: bytes
    step: int
    end_mm: float


_ONE_AT_A_TIME = Lock()  # a query reads the inputs of the latest compilation


@lru_cache(maxsize=2)
def _compiler(forms: Path) -> Compiler:
    import typst  # noqa: PLC0415 - 40 MB of compiler that only a letter needs

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[forms / "fonts"]
    )
    return typst.Compiler(
        forms / FORM / "letter.typ",
        root=forms / FORM,
        font_paths=fonts,
        ignore_system_fonts=True,
    )


def typeset(
    page: Page, *, on: date, footer: Footer | None, mark: str | None, watermark: str | None
) -> Typeset:
    """Return the letter at the largest size that keeps it to two pages.

    Raises:
        LetterError: It takes more than two pages even at the smallest size.
    """
    letter = json.dumps(
        _as_data(page, footer) | {"assumption": mark, "watermark": watermark},
        ensure_ascii=False,
        sort_keys=True,
    )
    timestamp = int(datetime(on.year, on.month, on.day, tzinfo=UTC).timestamp())
    with _ONE_AT_A_TIME:
        compiler = _compiler(page.annex.forms)
        for number, step in enumerate(LADDER):
            pdf = compiler.compile(
                sys_inputs={"letter": letter, "step": json.dumps(_step(step))},
                format="pdf",
                pdf_standards=["a-2a", "ua-1"],
                timestamp=timestamp,
            )
            end: dict[str, float] = json.loads(compiler.query("<end>", field="value", one=True))
            if end["page"] == PAGES and isinstance(pdf, bytes):
                return Typeset(pdf, number, end["y"])
    raise LetterError(
        (
            Problem(
                page.title,
                f"最小字号仍排不进{PAGES}页（备注1：正反面打印）。",
                f"请缩短项目名称、地址或单位名称。最长的是：{_longest(page)}。",
            ),
        )
    )


def _longest(page: Page) -> str:
    longest = max(page.fillings(), key=lambda filling: len(filling.text))
    return f"{longest.zh}（{len(longest.text)}字）"


def _step(step: Step) -> dict[str, Any]:
    return {name: getattr(step, name) for name in Step.__slots__}


def _as_data(page: Page, footer: Footer | None) -> dict[str, Any]:
    """Return the letter as the template reads it."""
    return {
        "label": page.annex.label,
        "title": page.title,
        "paragraphs": [[_segment(each) for each in paragraph] for paragraph in page.paragraphs],
        "groups": [[[_cell(cell) for cell in row] for row in group] for group in page.groups],
        "below": [_cell(cell) for cell in page.below],
        "notes": page.notes,
        "footer": footer
        and {
            "words": footer.words,
            "note": footer.note,
            "receipt": footer.receipt,
            "qr": qr_svg(footer.code),
        },
    }


def _segment(segment: Segment) -> Mapping[str, str | int]:
    if isinstance(segment, str):
        return {"text": segment}
    if segment.state is State.ABSENT:
        return {"blank": segment.width}
    return {"value": segment.text}


def _cell(cell: Cell | None) -> Mapping[str, str] | None:
    return cell and {"label": cell.label, "value": cell.filling.text, "tail": cell.tail}
