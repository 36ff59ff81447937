"""What a record refers to by its SHA-256, and what stands beside the records under that name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast


def referred_in(said: Mapping[str, Any]) -> Iterator[str]:
    """Yield the contents that a record was made from: rules, forms, fonts."""
    match said:
        case {"kind": "decision" | "events", "law": {"pack": str(pack)}}:
            yield pack
        case {"kind": "letter", "forms": str(forms), "fonts": {**fonts}}:
            yield forms
            yield from cast("Mapping[str, str]", fonts).values()
        case _:
            return
