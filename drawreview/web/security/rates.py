"""How often one address may ask, and one name may be tried."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import Final

_MOST_KEYS: Final = 10_000
_LONGEST_KEY: Final = 100  # a name that somebody tries may be a megabyte long


class Rates:
    """A bucket for each key, filled once a minute; the longest unused are forgotten."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._buckets: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def allows(self, kind: str, key: str, *, per_minute: int) -> bool:
        """Take one from the bucket, if there is one in it."""
        now, named = time.monotonic(), (kind, key[:_LONGEST_KEY])
        with self._lock:
            left, since = self._buckets.pop(named, (float(per_minute), now))
            left = min(per_minute, left + (now - since) * per_minute / 60)
            allowed = left >= 1
            self._buckets[named] = (left - 1 if allowed else left, now)
            if len(self._buckets) > _MOST_KEYS:
                self._buckets.popitem(last=False)
            return allowed
