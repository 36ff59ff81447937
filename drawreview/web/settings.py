"""What a server is started with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from drawreview.records.moment import Moment, moment

OFFICE_ZONE: Final = ZoneInfo("Asia/Shanghai")


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Settings:
    """What a server is started with.

    Attributes:
        data: The folder of the databases.
        journal: Where the journal is kept; beside the other data if None.
        journal_key: The key that signs it; likewise.
        overlay: What the city has issued since.
        secure: Whether browsers come by HTTPS. If not, cookies go without `Secure` and `__Host-`,
            which is for trying things out on one machine only.
        clock: The only source of time.
        requests_per_minute: How many requests one address may make.
        logins_per_minute: How many times one address, or one name, may try a password.
        most_bytes: The longest request that is read.
    """

    data: Path
    journal: str | None = None
    journal_key: Path | None = None
    overlay: Path | None = None
    secure: bool = True
    clock: Callable[[], datetime] = _now
    requests_per_minute: int = 600
    logins_per_minute: int = 5
    most_bytes: int = 1_048_576

    @property
    def second_factor_key(self) -> Path:
        """Return where the key of the second factors lies: beside the journal's."""
        beside = self.journal_key.parent if self.journal_key else self.data / "key"
        return beside / "second-factors.key"

    def now(self) -> int:
        """Return the seconds since 1970."""
        return int(self.clock().timestamp())

    def moment(self) -> Moment:
        """Return the time as records claim it."""
        return moment(self.clock().astimezone(OFFICE_ZONE), zone=OFFICE_ZONE.key)

    def today(self) -> date:
        """Return the day on which the window is."""
        return self.clock().astimezone(OFFICE_ZONE).date()
