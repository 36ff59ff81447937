"""What is due next in each project of the window, reckoned anew whenever a day has begun."""

from __future__ import annotations

from datetime import date

from drawreview.errors import InputError
from drawreview.web.case import project_of_case, schedule_of
from drawreview.web.identity import identity_of
from drawreview.web.office import Office
from drawreview.web.store import projects
from drawreview.web.store.projects import Case, Next


def reckon(office: Office, district: str | None) -> None:
    """Reckon what is due next wherever that was done on another day, or by other rules.

    Writing to a project forgets what was reckoned; so a list shows what its own page would say.
    """
    today = office.settings.today()
    mark = f"{today} {office.rulebook.digest}"
    stale = projects.reckoned_before(office.store, mark, district=district)
    found = [(case, *_next(office, case, today)) for case in stale]
    if found:
        with office.store.transaction():
            for case, due, identity in found:
                projects.reckoned(office.store, case, due, identity=identity, mark=mark)


def _next(office: Office, case: Case, today: date) -> tuple[Next, str | None]:
    try:
        project = project_of_case(case)
        schedule = schedule_of(office, case, today)
    except InputError:  # the page of the project tells what is wrong with it
        return Next(), None
    identity = identity_of(
        {"district": project.district, "name": project.name, "project_code": project.project_code}
    )
    pending = [due for due in schedule.in_order if not due.done_on] if schedule else []
    first = min(pending, key=lambda due: due.due or date.max, default=None)
    if schedule is None or first is None or first.due is None:
        return Next(), identity
    reading = schedule.reading_of(first)
    return Next(first.due.isoformat(), first.what, first.state, reading), identity
