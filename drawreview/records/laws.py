"""The rulebooks and calendars of records, loaded back from the bytes that the journal keeps."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from drawreview.errors import DrawreviewError, InputError, JournalError, RuleError
from drawreview.rulebook.archive import OVERLAY, archived, files_in
from drawreview.rulebook.load import rulebook_of
from drawreview.rulebook.model import MOST_KEPT, Rulebook
from drawreview.rulebook.readings import with_readings
from drawreview.timeline.workdays import Calendar, calendar_in

RULES_KIND = "rules"


class Blobs(Protocol):
    """Where content is kept by its SHA-256."""

    def blob(self, sha256: str, /) -> bytes:
        """Return the content; raises JournalError if it is not there."""
        ...


class LostError(DrawreviewError):
    """Content is missing, or is not what its digest says."""


class PackError(DrawreviewError):
    """A rule pack is missing, or is not what its digest says."""


class ReadingError(PackError):
    """A record names a reading that its rule pack does not know."""


class CalendarLostError(DrawreviewError):
    """A calendar is missing, or is not what its digest says."""


class UnreadablePackError(PackError):
    """A rule pack is the one that decided, and this release no longer reads it."""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What level D changes: the rule pack, the files of the overlay, readings, the calendar."""

    pack: bytes | None = None
    overlay: Mapping[str, bytes] | None = None
    readings: Mapping[str, str] = field(default_factory=dict[str, str])
    calendar: Calendar | None = None

    def archive(self, recorded: bytes) -> bytes:
        """Return the rule files that take the place of the recorded ones."""
        archive = recorded if self.pack is None else self.pack
        return archive if self.overlay is None else with_overlay(archive, self.overlay)


@dataclass(slots=True)
class Laws:
    """Rulebooks by pack and readings, as recorded and as asked for otherwise; each loaded once."""

    blobs: Blobs
    otherwise: Otherwise = Otherwise()
    _loaded: dict[tuple[str, tuple[tuple[str, str], ...]], Rulebook] = field(
        default_factory=dict[tuple[str, tuple[tuple[str, str], ...]], Rulebook]
    )

    _others: dict[tuple[str, tuple[tuple[str, str], ...]], Rulebook] = field(
        default_factory=dict[tuple[str, tuple[tuple[str, str], ...]], Rulebook]
    )
    _calendars: dict[str, Calendar] = field(default_factory=dict[str, Calendar])

    def under(self, pack: str, readings: Mapping[str, str]) -> Rulebook:
        """Return the rulebook of a pack under readings; raises PackError, of which ReadingError."""
        key = (pack, tuple(sorted(readings.items())))
        if key not in self._loaded:
            if len(self._loaded) >= MOST_KEPT:
                self._loaded.clear()
            if readings:
                try:
                    self._loaded[key] = _read_as(self.under(pack, {}), key[1])
                except InputError as error:
                    raise ReadingError(str(error)) from error
            else:
                self._loaded[key] = loaded(self.archive(pack))
        return self._loaded[key]

    def archive(self, pack: str) -> bytes:
        """Return the bytes of a pack; raises PackError."""
        try:
            return content(self.blobs, pack)
        except LostError as error:
            message = f"规则包 {error}"
            raise PackError(message) from error

    def calendar(self, digest: str) -> Calendar:
        """Return a calendar by the digest of its document; raises CalendarLostError."""
        if digest not in self._calendars:
            try:
                self._calendars[digest] = calendar_in(content(self.blobs, digest))
            except (LostError, ValueError) as error:
                message = f"日历 {error}"
                raise CalendarLostError(message) from error
        return self._calendars[digest]

    def under_other_pack(self, pack: str, readings: Mapping[str, str]) -> Rulebook:
        """Return the rules that take the place of a pack, under the same readings.

        Raises:
            PackError: They cannot be read, or know no such reading.
        """
        key = (pack, tuple(sorted(readings.items())))
        if key not in self._others:
            made = loaded(self.otherwise.archive(self.archive(pack)))
            try:
                self._others[key] = _read_as(made, key[1]) if readings else made
            except InputError as error:
                raise PackError(str(error)) from error
        return self._others[key]

    def under_other_readings(self, law: Rulebook, readings: Mapping[str, str]) -> Rulebook:
        """Return a rulebook under its recorded readings, and those that are asked for otherwise."""
        chosen = dict(self.otherwise.readings)
        if not chosen:
            return law
        key = (law.digest, tuple(sorted({**readings, **chosen}.items())))
        if key not in self._others:
            self._others[key] = _read_as(law, tuple(sorted(chosen.items())))
        return self._others[key]


def content(blobs: Blobs, sha256: str) -> bytes:
    """Return content that a record refers to; raises LostError."""
    try:
        found = blobs.blob(sha256)
    except JournalError:
        message = f"{sha256[:12]} 没有存在这里"
        raise LostError(message) from None
    if hashlib.sha256(found).hexdigest() != sha256:
        message = f"{sha256[:12]} 的字节与其摘要不符"
        raise LostError(message)
    return found


@lru_cache(maxsize=MOST_KEPT)  # read once for all replays
def loaded(archive: bytes) -> Rulebook:
    """Return the rulebook of an archive; raises UnreadablePackError."""
    try:
        return rulebook_of(archive)
    except (RuleError, InputError, ValueError) as error:
        message = f"这一版程序读不了这套规则：{error}"
        raise UnreadablePackError(message) from error


@lru_cache(maxsize=MOST_KEPT)
def _read_as(law: Rulebook, readings: tuple[tuple[str, str], ...]) -> Rulebook:
    """Return a rulebook under readings, the same again for each replay; raises InputError."""
    return with_readings(law, dict(readings))


def with_overlay(archive: bytes, overlay: Mapping[str, bytes]) -> bytes:
    """Return an archive whose overlay is replaced by these files."""
    rules = {n: c for n, c in files_in(archive).items() if not n.startswith(f"{OVERLAY}/")}
    return archived([*rules.items(), *((f"{OVERLAY}/{n}", c) for n, c in overlay.items())])
