"""The time of a record: a claim of the machine's clock, with its zone."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

_LOCAL: Final = Path("/etc/localtime")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time in UTC, and where its clock stood.

    Order in a journal is by index; a time proves nothing.
    """

    utc: str
    offset: str
    zone: str


def now() -> Moment:
    """Return the present time by the clock and the zone of this machine."""
    here = datetime.now(UTC).astimezone()
    return moment(here, zone=_zone() or here.tzname() or "")


def moment(here: datetime, *, zone: str) -> Moment:
    """Return a time as records claim it, with the name of the zone whose clock showed it."""
    offset = here.strftime("%z")
    return Moment(
        utc=here.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        offset=f"{offset[:3]}:{offset[3:5]}",
        zone=zone,
    )


def _zone() -> str | None:
    """Return the IANA name of this machine's zone, if it says one."""
    named = os.environ.get("TZ", "").lstrip(":")
    if re.fullmatch(r"[A-Za-z_]+(/[A-Za-z0-9_+-]+)*", named):
        return named
    try:
        return _zone_at(_LOCAL.readlink())
    except OSError:  # there is none, or it is no link
        return None


@cache
def _zone_at(link: Path) -> str | None:
    """Return the zone that the machine's link leads to; to follow it takes longer than a record."""
    _, found, name = str((_LOCAL.parent / link).resolve()).partition("/zoneinfo/")
    return name if found else None
