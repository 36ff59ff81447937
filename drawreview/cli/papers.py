"""Papers that are handed over: written into a folder, and recorded beside their decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from drawreview.cli import recording
from drawreview.cli.files import check_writable, write_whole

if TYPE_CHECKING:
    from drawreview.engine.decision import Decision
    from drawreview.letters.footer import Receipt
    from drawreview.records.body import Paper

Setting = Callable[["Receipt | None"], Mapping[str, bytes]]


def write(folder: Path, name: str, files: Mapping[str, bytes]) -> None:
    """Write the formats of a paper."""
    write_whole(_places(folder, name, files))


def record_and_write(
    asked: recording.Asked,
    decision: Decision,
    paper: Paper,
    folder: Path,
    name: str,
    *,
    set_: Setting,
) -> str:
    """Record a decision, write a paper that carries the receipt, and record it; return a receipt.

    The paper is first set without a receipt, which shows that it can be, and that it finds room in
    the folder; only then is the decision recorded. The digest of what is handed over is recorded
    before the files take their place.
    """
    from drawreview.records.record import record_letter  # noqa: PLC0415 - heavy

    check_writable(_places(folder, name, set_(None)))
    with recording.opened(asked) as kept:
        receipt = recording.record(asked, kept, decision)
        printed = recording.printed(receipt)
        files = set_(printed)

        def keep() -> None:
            record_letter(
                kept,
                files,
                decision=receipt.id,
                annex=paper,
                receipt=printed.code,
                actor=recording.actor_of(asked),
            )

        # Another record is another paper, though it may be of the same decision.
        write_whole(_places(folder, f"{name}-{receipt.seq}", files), first=keep)
    return f"{recording.words_of(printed)}\n"


def _places(folder: Path, name: str, files: Mapping[str, bytes]) -> dict[Path, bytes]:
    return {folder / f"{name}.{form}": content for form, content in files.items()}
