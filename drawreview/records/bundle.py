"""One file that an auditor can carry: records, rule packs, checkpoints, proofs, and a verifier.

Nobody's personal data is in it. What is in it vouches for nothing by itself: `verify_bundle`,
which travels along as `verify.py`, wants keys and checkpoints from elsewhere.
"""

from __future__ import annotations

import itertools
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from drawreview.errors import ArgumentError
from drawreview.records import merkle
from drawreview.records.canonical import parsed
from drawreview.records.reading import Record
from drawreview.records.verify_bundle import BundleError, lines_of, manifest_of


class Bundle:
    """An open bundle, read as a journal is; what it says is as good as its verification."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._archive = zipfile.ZipFile(path)
            self.manifest = manifest_of(self._archive)
        except (OSError, zipfile.BadZipFile, BundleError):
            raise ArgumentError.of(path, "不是存证包，或已损坏。", "核对路径。") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._archive.close()

    @property
    def origin(self) -> str:
        """The journal that it was taken from."""
        return str(self.manifest["origin"])

    @property
    def is_part(self) -> bool:
        """Whether it holds some records of the journal only."""
        return self.manifest["indexes"] is not None

    def __len__(self) -> int:
        indexes = self.manifest["indexes"]
        return int(self.manifest["size"]) if indexes is None else len(indexes)

    def records(self) -> Iterator[Record]:
        """Yield the records in their order."""
        bodies = self.lines("records.jsonl")
        for seq, body in zip(self.manifest["indexes"] or itertools.count(), bodies, strict=False):
            yield Record(seq, _id_in(body), body, merkle.leaf_hash(body))

    def blob(self, sha256: str) -> bytes:
        """Return content by its SHA-256; raises JournalError."""
        try:
            return self._archive.read(f"blobs/{sha256}")
        except (KeyError, zipfile.BadZipFile):
            raise ArgumentError.of(self.path, f"没有 {sha256}。", "核对存证包是否完整。") from None

    def checkpoint(self) -> str:
        """Return the newest checkpoint."""
        return self._archive.read("checkpoint.note").decode()

    def checkpoints(self) -> Iterator[Any]:
        """Yield size and note of each checkpoint."""
        return map(json.loads, self.lines("checkpoints.jsonl"))

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the lines of a part."""
        return lines_of(self._archive, name)

    def told(self, name: str) -> Any:  # noqa: ANN401 - any JSON
        """Return what a JSON part says."""
        return json.loads(self._archive.read(name))


def _id_in(body: bytes) -> str:
    """Return the id that a body names itself by; empty if it names none, which replay finds."""
    try:
        return str(parsed(body)["id"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
