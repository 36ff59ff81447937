"""Which software is at work, for whoever wants to run the same one again."""

from __future__ import annotations

import json
import platform
from functools import cache
from importlib.metadata import Distribution, version
from typing import Any, Final

# What a decision and a letter go through; other packages cannot change a byte of them.
SETTERS: Final = ("typst", "docxtpl", "segno")  # another release may write other bytes
PACKAGES: Final = (
    *("drawreview", "durable-rules", "pydantic", "pydantic_core", "ruamel.yaml"),
    *SETTERS,
)


@cache
def software() -> dict[str, str | None]:
    """Return the versions of Python and of the packages, and the digest of drawreview's wheel.

    The digest is None where drawreview was not installed from a wheel file.
    """
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
        "wheel": _wheel_digest(),
    }


def _wheel_digest() -> str | None:
    """Return the SHA-256 of the wheel that was installed, as the installer noted it (PEP 610)."""
    noted = Distribution.from_name("drawreview").read_text("direct_url.json")
    about: dict[str, Any] = json.loads(noted) if noted else {}
    archive: dict[str, Any] = about.get("archive_info", {})
    return archive.get("hashes", {}).get("sha256")
