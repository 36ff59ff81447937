"""Lines and a table: styled and fitted to its width on a terminal, plain and uncut elsewhere."""

from __future__ import annotations

import io
import sys
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

Cell = tuple[str, str]


class Sheet:
    """Collects plain text; styles are for terminals."""

    def __init__(self) -> None:
        self._out = io.StringIO()

    def line(self, text: str, style: str = "") -> None:
        """Add a line."""
        del style
        self._out.write(f"{text}\n")

    def table(self, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        """Add rows of cells, each a text and its style, under a header."""
        texts = [list(header), *([text for text, _ in row] for row in rows)]
        widths = [max(map(_width, column)) for column in zip(*texts, strict=True)]
        for row in texts:
            cells = (
                text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True)
            )
            self._out.write("  ".join(cells).rstrip() + "\n")

    def text(self) -> str:
        """Return what was added."""
        return self._out.getvalue()


class _TerminalSheet(Sheet):
    """The same through rich, which takes as long to import as a project to decide."""

    def __init__(self) -> None:
        super().__init__()
        from rich.console import Console  # noqa: PLC0415

        self._console = Console(file=sys.stdout, highlight=False)

    def line(self, text: str, style: str = "") -> None:
        from rich.text import Text  # noqa: PLC0415

        self._print(Text(text, style=style), soft_wrap=True)

    def table(self, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        from rich.table import Table  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        table = Table(box=None, pad_edge=False, show_header=True, header_style="dim")
        for place, title in enumerate(header):
            table.add_column(title, overflow="fold", no_wrap=place < 2)  # noqa: PLR2004 - mark, clause
        for row in rows:
            table.add_row(*(Text(text, style=style) for text, style in row))
        self._print(table)

    def _print(self, what: Text | Table, *, soft_wrap: bool = False) -> None:
        # Written by the caller: rich would end the program itself on a closed pipe.
        with self._console.capture() as captured:
            self._console.print(what, soft_wrap=soft_wrap)
        self._out.write(captured.get())


def sheet() -> Sheet:
    """Return an empty sheet for standard output."""
    return _TerminalSheet() if sys.stdout.isatty() else Sheet()


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(
        0 if unicodedata.combining(sign) else 1 + (unicodedata.east_asian_width(sign) in "WF")
        for sign in text
    )
