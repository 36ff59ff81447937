"""A table as CSV that a spreadsheet opens as it stands: Chinese stays Chinese, words stay words."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from drawreview.legible import legible

# What a spreadsheet takes for the beginning of a formula. OWASP, CSV injection.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def to_csv(header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """Return a table as UTF-8 with a byte order mark, by which Excel knows the encoding.

    Words that a spreadsheet would reckon with get an apostrophe before them; numbers are left.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(map(_plain, header))
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _plain(cell: str | int) -> str | int:
    if not isinstance(cell, str):
        return cell
    return legible(f"'{cell}" if cell.startswith(_FORMULA) else cell)
