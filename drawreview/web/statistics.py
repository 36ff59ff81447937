"""From recorded decisions to counts of projects: paths, lost exemptions, distances."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Literal

EXEMPTION: Final = "二(一)1(1)"
MEASURED: Final = ("total_floor_area_m2", "building_height_m", "storey_height_m")
LOST: Final = frozenset({"joint_review", "deferred_review", "undetermined"})
# Bins of a twentieth of the limit; the first and the last hold all that lies further out.
PER_LIMIT: Final = 20
FIRST, LAST = 9, 30
UNDER: Final = PER_LIMIT - 1
# One in a thousand, and too few to tell below twenty.
RARE: Final = 0.001
LEAST: Final = 20
Bunching = Literal["few", "usual", "more"]


@dataclass(frozen=True, slots=True)
class Noted:
    """What counts of a decision.

    Attributes:
        failed: The phrases of 二(一)1(1) that do not hold.
        unknown: Those of which nobody knows.
        overridden: Whether another rule prevails over 二(一)1(1).
        bins: Fact, limit and bin; no bin where the value is not known exactly.
    """

    failed: tuple[str, ...]
    unknown: tuple[str, ...]
    overridden: bool
    bins: tuple[tuple[str, str, int | None], ...]

    def written(self) -> str:
        """Return it as text, the same for decisions that count the same."""
        parts = (self.failed, self.unknown, self.overridden, self.bins)
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> Noted:
    """Return what was written."""
    failed, unknown, overridden, bins = json.loads(text)
    return Noted(tuple(failed), tuple(unknown), overridden, tuple(map(tuple, bins)))


def noted(decision: Mapping[str, Any]) -> Noted:
    """Return what counts of a decision's published document."""
    tried = [one for one in decision.get("reasons", ()) if one["clause"] == EXEMPTION]
    return Noted(
        tuple(one["phrase"] for one in tried if one["truth"] == "false"),
        tuple(one["phrase"] for one in tried if one["truth"] == "unknown"),
        any(one["overridden_by"] for one in tried),
        tuple(
            (said["fact"], said["limit"], _bin(said))
            for one in tried
            for said in one["facts"]
            if said["fact"] in MEASURED
        ),
    )


def _bin(said: Mapping[str, Any]) -> int | None:
    """Return the bin of a value; what just passes the limit lies in UNDER, whatever the words."""
    if said["distance"] is None:
        return None
    steps = Fraction(Decimal(said["value"])) * PER_LIMIT / Fraction(Decimal(said["limit"]))
    at = math.ceil(steps) - 1 if said["operator"] == "at_most" else math.floor(steps)
    return min(max(at, FIRST), LAST)


@dataclass(slots=True)
class Histogram:
    """How far the values of a fact lie from its limit."""

    counts: Counter[int] = field(default_factory=Counter[int])
    limits: set[str] = field(default_factory=set[str])
    unknown: int = 0

    @property
    def neighbours(self) -> tuple[int, int]:
        """The counts of the bins on either side of the one just under the limit."""
        return self.counts[UNDER - 1], self.counts[UNDER + 1]

    @property
    def odds(self) -> float:
        """How likely as many or more just under the limit are, if nobody minds the limit."""
        return tail(self.counts[UNDER], self.counts[UNDER] + sum(self.neighbours))

    @property
    def bunching(self) -> Bunching:
        """Whether the bin just under the limit holds more than chance would put there."""
        if self.counts[UNDER] + sum(self.neighbours) < LEAST:
            return "few"
        return "more" if self.odds < RARE else "usual"


def tail(least: int, of: int) -> float:
    """Return the chance that at least so many fall into one of three equal bins."""
    if least <= of / 3:
        return 1.0  # at or below the mean nothing is conspicuous
    log_first = math.lgamma(of + 1) - math.lgamma(least + 1) - math.lgamma(of - least + 1)
    term = total = math.exp(log_first - of * math.log(3) + (of - least) * math.log(2))
    for count in range(least + 1, of + 1):
        term *= (of - count + 1) / count / 2
        total += term
        if term < total * 1e-12:
            break
    return min(total, 1.0)


@dataclass(slots=True)
class Cause:
    """How often a phrase stood in the way: alone, with others, or because nobody knows."""

    alone: int = 0
    together: int = 0
    unknown: int = 0

    @property
    def counts(self) -> tuple[int, int, int]:
        """The three counts in the order of the table."""
        return self.alone, self.together, self.unknown


@dataclass(slots=True)
class Statistics:
    """The counts of projects, each by the newest decision on it that nothing supersedes."""

    paths: Counter[tuple[str, str, str]] = field(default_factory=Counter[tuple[str, str, str]])
    causes: dict[str, Cause] = field(default_factory=dict[str, Cause])
    overridden: Cause = field(default_factory=Cause)
    lost: int = 0
    histograms: dict[str, Histogram] = field(
        default_factory=lambda: {fact: Histogram() for fact in MEASURED}
    )

    @property
    def projects(self) -> int:
        """How many projects were counted."""
        return self.paths.total()

    def by(self, part: int) -> dict[str, Counter[str]]:
        """Return the paths by month (0) or by district (1), in order."""
        found: dict[str, Counter[str]] = {}
        for key, count in sorted(self.paths.items()):
            found.setdefault(key[part], Counter())[key[2]] += count
        return dict(sorted(found.items()))

    @property
    def causes_in_order(self) -> list[tuple[str, Cause]]:
        """The phrases that stood in the way, the most frequent first."""
        return sorted(self.causes.items(), key=lambda one: (-sum(one[1].counts), one[0]))


Group = tuple[str, str, str, Noted, int]


def statistics(groups: Iterable[Group]) -> Statistics:
    """Count projects, given as month, district, path, what is noted, and how many are the same."""
    found = Statistics()
    for month, district, path, one, count in groups:
        found.paths[month, district, path] += count
        if path in LOST:
            _count_causes(found, one, count, decided=path != "undetermined")
        for fact, limit, at in one.bins:
            histogram = found.histograms[fact]
            histogram.limits.add(limit)
            if at is None:
                histogram.unknown += count
            else:
                histogram.counts[at] += count
    return found


def _count_causes(found: Statistics, one: Noted, count: int, *, decided: bool) -> None:
    found.lost += count
    for phrase in one.failed:
        cause = found.causes.setdefault(phrase, Cause())
        if len(one.failed) + len(one.unknown) == 1:
            cause.alone += count
        else:
            cause.together += count
    for phrase in one.unknown:
        found.causes.setdefault(phrase, Cause()).unknown += count
    if one.overridden and not one.failed and not one.unknown:
        if decided:
            found.overridden.alone += count
        else:
            found.overridden.unknown += count


def most(rows: Iterable[Sequence[int]]) -> int:
    """Return the greatest sum of a row, at least 1, as the scale of a plot."""
    return max([1, *(sum(row) for row in rows)])
