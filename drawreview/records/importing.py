"""Make a journal from a bundle: the same bytes, the same checkpoints, never a second history.

Personal data and idempotency keys do not travel in bundles, so they are not in the new journal.
It can be read and verified at once; only who holds the old journal's keys can append to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from drawreview.errors import ArgumentError, Problem
from drawreview.records import merkle, store
from drawreview.records.bundle import Bundle
from drawreview.records.canonical import said
from drawreview.records.journal import store_of
from drawreview.records.merkle import Subtree
from drawreview.records.referred import corrected_in
from drawreview.records.store import Connection
from drawreview.records.verify_bundle import FAILS, Held, verify

_ROWS: Final = 200  # of records that are held in memory at once


def import_bundle(path: Path, place: str | Path, *, vkeys: Sequence[str] = ()) -> int:
    """Make a new journal of a whole bundle; return how many records it has.

    Args:
        path: The bundle.
        place: A path or URL at which no journal is yet.
        vkeys: Public keys from outside the bundle, one of which must have signed it.

    Raises:
        JournalError: The bundle does not hold, is only a part, or a journal is there already.
    """
    with Bundle(path) as bundle:
        intact = verify(path, Held(tuple(vkeys), None))["intact"]
        if intact.verdict == FAILS:
            remedy = "向出具人另取一份。"
            raise ArgumentError(
                tuple(Problem(str(path), f"{why}。", remedy) for why in intact.because)
            )
        if bundle.manifest["indexes"] is not None:
            problem = "只有部分记录，不能成为日志。"
            raise ArgumentError.of(path, problem, "导出整本日志再导入。")
        connection = store_of(place).create()
        try:
            for table, rows in _tables(bundle):
                _fill(connection, table, rows)
            connection.commit()
        except BaseException:
            connection.rollback()
            raise
        finally:
            connection.close()
        return len(bundle)


def _fill(connection: Connection, table: str, rows: Iterable[tuple[object, ...]]) -> None:
    left = iter(rows)
    while some := list(islice(left, _ROWS)):
        connection.insert(table, some)


def _tables(bundle: Bundle) -> Iterator[tuple[str, Iterable[tuple[object, ...]]]]:
    """Yield the rows of each table as the first journal had them."""
    yield "journal", [(bundle.origin, store.VERSION)]
    keys = bundle.told("keys.json")
    yield "key", ((each["vkey"], each["since_size"], each["since"]) for each in keys)
    yield "record", ((one.seq, one.id, one.body, one.leaf) for one in bundle.records())
    yield "node", _nodes(bundle)
    yield "checkpoint", ((each["size"], each["note"]) for each in bundle.checkpoints())
    kinds: dict[str, str] = bundle.manifest["blobs"]
    yield "blob", ((name, kind, bundle.blob(name)) for name, kind in kinds.items())
    losses = bundle.manifest["losses"]
    yield "correction", _corrections(bundle)
    yield "loss", ((each["size"], each["newest"], each["note"]) for each in losses)


def _corrections(bundle: Bundle) -> Iterator[tuple[object, ...]]:
    """Yield what corrects what; of two that correct the same the first, as for every reader."""
    met: set[str] = set()
    for record in bundle.records():
        earlier = corrected_in(said(record.body))
        if earlier is not None and earlier not in met:
            met.add(earlier)
            yield earlier, record.id


def _nodes(bundle: Bundle) -> Iterator[tuple[object, ...]]:
    """Yield the complete subtrees above the leaves, by growing the tree once more."""
    peaks: dict[Subtree, bytes] = {}

    def subtree(level: int, place: int) -> bytes:
        return peaks[level, place]

    for record in bundle.records():
        made = dict(merkle.completed_by(record.seq, record.leaf, subtree))
        peaks.update(made)
        for inner in peaks.keys() - set(merkle.peaks(record.seq + 1)):
            del peaks[inner]
        yield from store.node_rows(made.items())
