"""Which reviews are overdue, by the events that the windows have entered."""

from __future__ import annotations

from dataclasses import dataclass

from drawreview.web.case import schedule_of
from drawreview.web.office import Office
from drawreview.web.store import projects


@dataclass(slots=True)
class Late:
    """How many reviews are overdue, and the longest by how many working days."""

    count: int = 0
    longest: int = 0


Overdue = dict[tuple[str, str, str], Late]


def overdue(office: Office, district: str | None) -> Overdue:
    """Count by district, deadline and reading; a reading is named where the two differ.

    The list holds the next deadline of each project as it stood when something was last entered;
    only where that has passed is the project reckoned anew.
    """
    today = office.settings.today()
    found: Overdue = {}
    for case in projects.past_due(office.store, before=today.isoformat(), district=district):
        schedule = schedule_of(office, case, today)
        for due in schedule.in_order if schedule else ():
            if due.state == "overdue":
                key = case.district, due.what, schedule.reading_of(due) or "" if schedule else ""
                late = found.setdefault(key, Late())
                late.count += 1
                late.longest = max(late.longest, -(due.days_left or 0))
    return dict(sorted(found.items()))
