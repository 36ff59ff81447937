"""What decisions and letters are made from, as content that a journal keeps once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from drawreview.paths import FORMS
from drawreview.records.entry import Blob
from drawreview.rulebook.archive import archived, files_in
from drawreview.rulebook.model import MOST_KEPT, Rulebook
from drawreview.timeline.workdays import Calendar

_FONTS = "fonts"


@lru_cache(maxsize=MOST_KEPT)
def rules_of(rulebook: Rulebook) -> Blob:
    """Return the exact rule files of a rulebook; its name is the rulebook's digest."""
    return Blob("rules", rulebook.archive)


def calendar_of(calendar: Calendar) -> Blob:
    """Return the working days that something was reckoned by; its name is their digest."""
    return Blob("calendar", calendar.document)


@cache
def forms() -> Blob:
    """Return what letters are printed from: templates, and which fact fills which blank."""
    files = (path for path in FORMS.glob("**/*") if path.is_file())
    named = ((path.relative_to(FORMS), path.read_bytes()) for path in files)
    return Blob("forms", archived((n.as_posix(), c) for n, c in named if n.parts[0] != _FONTS))


@cache
def fonts() -> Mapping[str, Blob]:
    """Return the fonts that letters are set in, by their file names."""
    return {path.name: Blob("font", path.read_bytes()) for path in (FORMS / _FONTS).glob("*.otf")}


def lay_out(forms: bytes, fonts: Mapping[str, bytes], folder: Path) -> None:
    """Write forms and fonts into a folder as they lay when a letter was printed from them.

    Raises:
        ValueError: The forms are not what `forms` returns, or a font's name leads elsewhere.
    """
    for name, content in {
        **files_in(forms),
        **{f"{_FONTS}/{n}": c for n, c in fonts.items()},
    }.items():
        file = folder / name
        if not file.resolve().is_relative_to(folder.resolve()):
            message = f"{name!r} leads out of its folder"
            raise ValueError(message)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
