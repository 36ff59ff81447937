"""How often one address may ask, and one name may be tried."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import Final

_MOST_KEYS: Final = 10_000
_LONGEST_KEY: Final = 100  # a name that somebody tries may be a megabyte long


class Rates:
    """A bucket for each key, filled once a minute; the longest unused of a kind are forgotten."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # By kind: who comes from ten thousand addresses must not have a name's tries forgotten.
        self._kinds: dict[str, OrderedDict[str, tuple[float, float]]] = {}

    def allows(self, kind: str, key: str, *, per_minute: int) -> bool:
        """Take one from the bucket, if there is one in it."""
        now, named = time.monotonic(), key[:_LONGEST_KEY]
        with self._lock:
            buckets = self._kinds.setdefault(kind, OrderedDict())
            left, since = buckets.pop(named, (float(per_minute), now))
            left = min(per_minute, left + (now - since) * per_minute / 60)
            allowed = left >= 1
            buckets[named] = (left - 1 if allowed else left, now)
            if len(buckets) > _MOST_KEYS:
                buckets.popitem(last=False)
            return allowed
