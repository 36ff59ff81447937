"""Lines and a table: styled and fitted to its width on a terminal, plain and uncut elsewhere."""

from __future__ import annotations

import io
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

from drawreview.legible import legible

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

Cell = tuple[str, str]
TRUTH_MARK: Final = {"true": "✓", "false": "✗", "unknown": "？"}
TRUTH_STYLE: Final = {"true": "green", "false": "red", "unknown": "yellow"}
_NEVER_FIRST: Final = frozenset("，。、；：？！）〕」』》…— ,.;:?!)]")
_NEVER_LAST: Final = frozenset("（〔「『《([")


class Sheet:
    """Collects plain text; styles are for terminals."""

    def __init__(self) -> None:
        self._out = io.StringIO()

    def line(self, text: str, style: str = "") -> None:
        """Add a line."""
        del style
        self._out.write(f"{legible(text)}\n")

    def item(self, text: str, style: str = "") -> None:
        """Add a line that a terminal folds between words, its further parts indented."""
        self.line(text, style)

    def holds(self, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bool:
        """Whether a table needs no folding."""
        del header, rows
        return True

    def table(self, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        """Add rows of cells, each a text and its style, under a header."""
        rows = _legible(rows)
        widths = _widths(header, rows)
        for row in [list(header), *([text for text, _ in row] for row in rows)]:
            cells = (
                text + " " * (width - width_of(text))
                for text, width in zip(row, widths, strict=True)
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

        self._print(Text(legible(text), style=style), soft_wrap=True)

    def item(self, text: str, style: str = "") -> None:
        for line in folded(legible(text), self._console.width):
            self.line(line, style)

    def holds(self, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bool:
        return sum(width + 2 for width in _widths(header, rows)) - 2 <= self._console.width

    def table(self, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        from rich.table import Table  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        table = Table(box=None, pad_edge=False, show_header=True, header_style="dim")
        for place, title in enumerate(header):
            table.add_column(title, overflow="fold", no_wrap=place < 2)  # noqa: PLR2004 - mark, clause
        for row in _legible(rows):
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


def show_lines(lines: Iterable[str]) -> None:
    """Print lines; a terminal folds those for which it has no room."""
    out = sheet()
    for line in lines:
        out.item(line)
    sys.stdout.write(out.text())


def folded(text: str, width: int) -> list[str]:
    """Return a text as lines of a width, later ones indented two columns deeper than the first.

    Chinese may be folded between any two characters, but no line begins with a closing mark or
    ends with an opening one.
    """
    lines: list[str] = []
    room, begins = width, ""
    while width_of(text) > room:
        at = _fold(text, room)
        lines.append(begins + text[:at].rstrip())
        if not begins:
            indent = len(text) - len(text.lstrip()) + 2
            room, begins = width - indent, " " * indent
        text = text[at:].lstrip()
    return [*lines, begins + text]


def _fold(text: str, room: int) -> int:
    """Return where to fold a text that has no room: at the last good place, or just before it."""
    good, used, start = 0, 0, len(text) - len(text.lstrip()) + 1
    for at, sign in enumerate(text):
        if at >= start and _may_part(text[at - 1], sign):
            good = at
        used += width_of(sign)
        if used > room:
            return good or max(at, 1)
    return len(text)


def _may_part(before: str, after: str) -> bool:
    if after in _NEVER_FIRST or before in _NEVER_LAST:
        return False
    return before == " " or 2 in (width_of(before), width_of(after))  # noqa: PLR2004 - columns of 汉字


def _legible(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """Return rows of which no cell can steer a terminal, or breaks its line."""
    return [[(legible(text, lines=False), style) for text, style in row] for row in rows]


def _widths(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[int]:
    texts = [header, *([text for text, _ in row] for row in rows)]
    return [max(map(width_of, column)) for column in zip(*texts, strict=True)]


def width_of(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


@cache
def _columns_of(sign: str) -> int:
    wide = unicodedata.east_asian_width(sign) in "WF"
    return 0 if unicodedata.combining(sign) else 1 + wide
