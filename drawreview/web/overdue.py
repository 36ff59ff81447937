"""Which reviews are overdue, by the events that windows have entered and others have recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from drawreview.errors import DrawreviewError
from drawreview.site.schedule import Schedule
from drawreview.web import recorded
from drawreview.web.again import schedule_again
from drawreview.web.case import attempt, schedule_of
from drawreview.web.due import reckon
from drawreview.web.office import Office
from drawreview.web.store import projects


@dataclass(slots=True)
class Late:
    """How many reviews are overdue, and the longest by how many working days."""

    count: int = 0
    longest: int = 0


Key = tuple[str, str, str]


@dataclass(slots=True)
class Overdue:
    """What is overdue.

    Attributes:
        late: By district, deadline and reading; a reading is named where the two differ.
        not_reckoned: Of how many projects nobody knows, since no day can be reckoned.
    """

    late: dict[Key, Late] = field(default_factory=dict[Key, Late])
    not_reckoned: int = 0


def overdue(office: Office, district: str | None) -> Overdue:
    """Count what is overdue today."""
    reckon(office, district)
    found = Overdue()
    for of, schedule in (*_kept(office, district), *_recorded(office, district)):
        if schedule is None:
            found.not_reckoned += 1
            continue
        found.not_reckoned += any(due.refused and not due.done_on for due in schedule.in_order)
        for due in schedule.in_order:
            if due.state == "overdue":
                key = (of, due.what, schedule.reading_of(due) or "")
                late = found.late.setdefault(key, Late())
                late.count += 1
                late.longest = max(late.longest, -(due.days_left or 0))
    found.late = dict(sorted(found.late.items()))
    return found


def _kept(office: Office, district: str | None) -> Iterator[tuple[str, Schedule | None]]:
    """Yield what is overdue of the projects at the windows, None where that is not known."""
    for case in projects.overdue(office.store, district=district):
        # Its own page tells what is wrong with it.
        schedule, _ = attempt(lambda case=case: schedule_of(office, case, office.settings.today()))
        yield case.district, schedule


def _recorded(office: Office, district: str | None) -> Iterator[tuple[str, Schedule | None]]:
    """Yield what is due of projects whose events were recorded without a window, likewise."""
    for said in recorded.followed(office, district):
        of, schedule = "", None
        try:
            of = str(said["project"].get("district") or "")
            rulebook = office.laws.under(said["law"]["pack"], said["law"]["readings"])
            schedule = schedule_again(said, rulebook, on=office.settings.today())
        except (DrawreviewError, ValueError, KeyError, TypeError, AttributeError):
            pass  # a replay tells what is wrong with the record
        yield of, schedule
