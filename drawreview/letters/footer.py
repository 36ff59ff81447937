"""The foot of a letter: which decision it belongs to, for people and for scanners."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from segno import QRCode

SHORT = 16  # hexadecimal digits of the decision's id that people compare
CODED = 32  # and that a scanner does: as many as keep the symbol at version 3


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where a journal keeps the record of the decision: what is printed so that it can be found.

    Attributes:
        record: The record's id.
        index: Its place in the journal, from 0.
        size: How many records the signed checkpoint covers.
        root: The root of that checkpoint, in hexadecimal.
    """

    record: str
    index: int
    size: int
    root: str

    @property
    def code(self) -> str:
        """What a scanner reads; short enough for a symbol of version 4."""
        bare = self.record.replace("-", "").upper()
        return f"DRAWREVIEW:2/{bare}/{self.index}/{self.size}/{self.root[:SHORT].upper()}"

    @property
    def words(self) -> str:
        """What people read and compare."""
        return f"存证编号 {self.record}　序号{self.index}　前{self.size}条的根 {self.root[:SHORT]}"


@dataclass(frozen=True, slots=True)
class Footer:
    """What stands at the foot of both pages, outside the statutory text."""

    code: str
    words: str
    note: str | None
    receipt: str | None = None


def footer_of(decision_id: str, *, note: str | None, receipt: Receipt | None = None) -> Footer:
    """Return the foot of the letter of a decision, with its receipt if it was recorded.

    A letter is a page to be signed: a note that would not fit on two lines of its foot only says
    that the buildings differ and where to look.
    """
    if note is not None and len(note) > 110:  # noqa: PLR2004 - two lines of the foot
        note = "各栋层数不一，详见本决定的项目资料"
    return Footer(
        code=receipt.code if receipt else f"DRAWREVIEW:1/{decision_id[:CODED].upper()}",
        words=f"决定编号 {decision_id[:SHORT]}",
        note=note and f"各栋情况：{note}。",
        receipt=receipt and receipt.words,
    )


@lru_cache(maxsize=8)
def _symbol(code: str) -> QRCode:
    import segno  # noqa: PLC0415 - only a filled letter carries a code

    return segno.make(code, error="m", mode="alphanumeric", boost_error=False, micro=False)


def qr_svg(code: str) -> str:
    """Return the code as a drawing."""
    out = io.BytesIO()
    _symbol(code).save(out, kind="svg", border=4, xmldecl=False, nl=False)
    return out.getvalue().decode("ascii")


def qr_png(code: str) -> bytes:
    """Return the code as a picture, stored: what deflate makes depends on the zlib at hand."""
    out = io.BytesIO()
    _symbol(code).save(out, kind="png", border=4, scale=4, compresslevel=0)
    return out.getvalue()
