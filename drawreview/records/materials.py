"""What decisions and letters are made from, as content that a journal keeps once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from drawreview.paths import FORMS
from drawreview.records.entry import Blob
from drawreview.rulebook.archive import archived
from drawreview.rulebook.model import Rulebook

_FONTS = "fonts"


@cache
def rules_of(rulebook: Rulebook) -> Blob:
    """Return the exact rule files of a rulebook; its name is the rulebook's digest."""
    return Blob("rules", rulebook.archive)


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
