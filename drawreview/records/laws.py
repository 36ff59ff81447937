"""The rulebooks of records, loaded back from the bytes that the journal keeps."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from drawreview.errors import InputError, JournalError, RuleError
from drawreview.rulebook.archive import OVERLAY, archived, files_in
from drawreview.rulebook.load import rulebook_of
from drawreview.rulebook.model import Rulebook
from drawreview.rulebook.readings import with_readings

RULES_KIND = "rules"


class Blobs(Protocol):
    """Where content is kept by its SHA-256."""

    def blob(self, sha256: str, /) -> bytes:
        """Return the content; raises JournalError if it is not there."""
        ...


class PackError(Exception):
    """A rule pack is missing, or is not what its digest says."""


class UnreadablePackError(PackError):
    """A rule pack is the one that decided, and this release no longer reads it."""


@dataclass(slots=True)
class Laws:
    """Rulebooks by pack and readings; each is loaded once."""

    blobs: Blobs
    _loaded: dict[tuple[str, tuple[tuple[str, str], ...]], Rulebook] = field(
        default_factory=dict[tuple[str, tuple[tuple[str, str], ...]], Rulebook]
    )

    def under(self, pack: str, readings: Mapping[str, str]) -> Rulebook:
        """Return the rulebook of a pack under readings; raises PackError."""
        key = (pack, tuple(sorted(readings.items())))
        if key not in self._loaded:
            if readings:
                try:
                    self._loaded[key] = with_readings(self.under(pack, {}), readings)
                except InputError as error:
                    raise PackError(str(error)) from error
            else:
                self._loaded[key] = loaded(self.archive(pack))
        return self._loaded[key]

    def archive(self, pack: str) -> bytes:
        """Return the bytes of a pack; raises PackError."""
        try:
            archive = self.blobs.blob(pack)
        except JournalError as error:
            raise PackError(str(error)) from error
        if hashlib.sha256(archive).hexdigest() != pack:
            message = f"规则包 {pack[:12]} 的字节与其摘要不符"
            raise PackError(message)
        return archive


def loaded(archive: bytes) -> Rulebook:
    """Return the rulebook of an archive; raises UnreadablePackError."""
    try:
        return rulebook_of(archive)
    except (RuleError, InputError, ValueError) as error:
        message = f"这一版程序读不了这套规则：{error}"
        raise UnreadablePackError(message) from error


def with_overlay(archive: bytes, overlay: Mapping[str, bytes]) -> bytes:
    """Return an archive whose overlay is replaced by these files."""
    rules = {n: c for n, c in files_in(archive).items() if not n.startswith(f"{OVERLAY}/")}
    return archived([*rules.items(), *((f"{OVERLAY}/{n}", c) for n, c in overlay.items())])
