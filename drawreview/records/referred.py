"""What a record refers to: earlier records by their ids, content by its SHA-256."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from drawreview.records.entry import Names


def records_in(said: Mapping[str, Any]) -> Iterator[str]:
    """Yield the ids of the records that a record builds on; each must stand before it."""
    match said:
        case {"kind": "letter", "decision": str(decision)}:
            yield decision
        case {"kind": "erasure", "erased": [*erased]}:
            yield from (str(each["record"]) for each in erased)
        case _ if earlier := corrected_in(said):
            yield earlier
        case _:
            return


def corrected_in(said: Mapping[str, Any]) -> str | None:
    """Return the id of the record that a record corrects; None if it corrects none."""
    match said:
        case {"kind": "decision" | "events", "supersedes": {"id": str(earlier)}}:
            return earlier if earlier.isprintable() else None  # what is not can be no id
        case _:
            return None


def names_in(said: Mapping[str, Any]) -> Names:
    """Return what a record says of itself and of others."""
    own, personal = said.get("id"), said.get("personal")
    return Names(
        own if isinstance(own, str) else None,
        personal if isinstance(personal, str) else None,
        corrected_in(said),
    )


def referred_in(said: Mapping[str, Any]) -> Iterator[str]:
    """Yield the SHA-256 of the contents that a record was made from."""
    match said:
        case {"kind": "decision" | "events", "law": {"pack": str(pack), **law}}:
            yield pack
            if isinstance(calendar := law.get("calendar"), str):
                yield calendar
        case {"kind": "letter", "forms": str(forms), "fonts": {**fonts}}:
            yield forms
            yield from cast("Mapping[str, str]", fonts).values()
        case _:
            return
