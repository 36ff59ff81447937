"""Which releases of the packages that decide are installed."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Final

ENGINE: Final = ("drawreview", "durable-rules")


@cache
def engine_releases() -> dict[str, str]:
    """Return the release of each package that decides, by its name.

    An installer writes it into the name of a folder, `durable_rules-2.0.28.dist-info`. To read
    that takes a moment; to import importlib.metadata as long as two decisions from the start.
    """
    found: dict[str, str] = {}
    for folder in map(Path, sys.path):
        for name in ENGINE:
            for about in folder.glob(f"{name.replace('-', '_')}-*.dist-info"):
                found.setdefault(name, about.name.removesuffix(".dist-info").partition("-")[2])
        if len(found) == len(ENGINE):
            return {name: found[name] for name in ENGINE}
    from importlib.metadata import version  # noqa: PLC0415 - an installer with names of its own

    return {name: version(name) for name in ENGINE}
