"""The times in which drawings were being corrected, during which the clock stands still."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from drawreview.site.events import ReportIssued, is_partial
from drawreview.site.log import Counted, Known
from drawreview.timeline.clocks import Pause

_REPORTS: Final = ("foundation_report_issued", "remaining_report_issued")


@dataclass(frozen=True, slots=True)
class Stop:
    """A time of correction; still going on if it has no end."""

    started: Counted
    finished: Counted | None

    @property
    def first(self) -> date:
        """The day it began."""
        return self.started.on

    @property
    def last(self) -> date | None:
        """The day it ended, if it has."""
        return self.finished.on if self.finished else None


@dataclass(frozen=True, slots=True)
class Stops:
    """The stops of a log, and the events that neither begin nor end one."""

    stops: tuple[Stop, ...]
    begun_again: tuple[Counted, ...]
    never_begun: tuple[Counted, ...]


def stops_of(known: Known) -> Stops:
    """Pair each beginning of a correction with the end that follows; one day's have no order."""
    stops: list[Stop] = []
    begun_again: list[Counted] = []
    never_begun: list[Counted] = []
    since: Counted | None = None
    told = known.named("correction_started", "correction_finished")
    for _, group in groupby(told, key=lambda entry: entry.on):
        of_day = tuple(group)
        begun = [entry for entry in of_day if entry.event.event == "correction_started"]
        ended = [entry for entry in of_day if entry.event.event == "correction_finished"]
        while (ended and since) or (begun and not since):
            if since:
                stops.append(Stop(since, ended.pop(0)))
                since = None
            else:
                since = begun.pop(0)
        begun_again += begun
        never_begun += ended
    if since:
        stops.append(Stop(since, None))
    return Stops(tuple(stops), tuple(begun_again), tuple(never_begun))


def pauses_of(known: Known, on: date) -> Iterator[Pause]:
    """Yield the corrections; one that goes on has lasted until the day asked about."""
    for stop in stops_of(known).stops:
        yield Pause(stop.first, stop.last or on, "修改施工图", still_open=stop.last is None)


def re_reviews(known: Known, since: date, on: date) -> Iterator[Pause]:
    """Yield the re-reviews (复审): from the end of a correction to the next report or certificate.

    What was corrected before any report noted violations is still under its first review.
    """
    for stop in stops_of(known).stops:
        noted = any(
            since <= report.on <= stop.first and report.event.violations
            for report in known.named(*_REPORTS)
            if isinstance(report.event, ReportIssued)
        )
        if stop.last is None or not noted:
            continue
        answers = known.named(*_REPORTS, "review_certificate_issued")
        whole = (entry.on for entry in answers if not is_partial(entry.event))
        until = next((on for on in whole if on >= stop.last), None)
        yield Pause(stop.last, until or on, "复审", still_open=until is None)
