"""Which reviews are overdue, by the events that windows have entered and others have recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from drawreview.errors import DrawreviewError
from drawreview.records.laws import PackError
from drawreview.site.schedule import Schedule
from drawreview.web import recorded
from drawreview.web.again import schedule_again
from drawreview.web.case import schedule_of
from drawreview.web.due import reckon
from drawreview.web.office import Office
from drawreview.web.store import projects


@dataclass(slots=True)
class Late:
    """How many reviews are overdue, and the longest by how many working days."""

    count: int = 0
    longest: int = 0


Overdue = dict[tuple[str, str, str], Late]


def overdue(office: Office, district: str | None) -> Overdue:
    """Count by district, deadline and reading; a reading is named where the two differ."""
    reckon(office, district)
    found: Overdue = {}
    for of, schedule in (*_kept(office, district), *_recorded(office, district)):
        for due in schedule.in_order:
            if due.state == "overdue":
                late = found.setdefault((of, due.what, schedule.reading_of(due) or ""), Late())
                late.count += 1
                late.longest = max(late.longest, -(due.days_left or 0))
    return dict(sorted(found.items()))


def _kept(office: Office, district: str | None) -> Iterator[tuple[str, Schedule]]:
    """Yield what is overdue of the projects at the windows."""
    for case in projects.overdue(office.store, district=district):
        schedule = schedule_of(office, case, office.settings.today())
        if schedule:
            yield case.district, schedule


def _recorded(office: Office, district: str | None) -> Iterator[tuple[str, Schedule]]:
    """Yield what is due of projects whose events were recorded without a window."""
    for said in recorded.followed(office, district):
        law = said["law"]
        try:
            rulebook = office.laws.under(law["pack"], law["readings"])
            schedule = schedule_again(said, rulebook, on=office.settings.today())
        except (
            DrawreviewError,
            PackError,
            ValueError,
        ):  # a replay tells what is wrong with the record
            continue
        yield str(said["project"].get("district") or ""), schedule
