"""What is due next in each project of the window, reckoned anew whenever a day has begun."""

from __future__ import annotations

import logging
from datetime import date
from typing import Final

from drawreview.errors import DrawreviewError
from drawreview.site.deadlines import deadlines
from drawreview.web.case import log_of_case, project_of_case
from drawreview.web.identity import identity_of
from drawreview.web.office import Office
from drawreview.web.store import projects
from drawreview.web.store.projects import Case, Next

_LOG: Final = logging.getLogger("drawreview.web")
_LONGEST_WHY: Final = 300
_DEFECT: Final = "内部错误，请报告此事。"


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
    identity = None
    try:
        project = project_of_case(case)
        identity = identity_of(
            {
                "district": project.district,
                "name": project.name,
                "project_code": project.project_code,
            }
        )
        schedule = deadlines(project, log_of_case(case), on=today, rulebook=office.rulebook)
    except DrawreviewError as error:  # no day is known, which is not that nothing is due
        return Next(state="refused", why=str(error)[:_LONGEST_WHY]), identity
    except Exception:  # noqa: BLE001 - one project takes no list down
        _LOG.exception("project %s cannot be reckoned", case.id)
        return Next(state="refused", why=_DEFECT), identity
    pending = [due for due in schedule.in_order if not due.done_on]
    first = min(pending, key=lambda due: due.due or date.max, default=None)
    if first is None:
        return Next(), identity
    on = first.due.isoformat() if first.due else None
    reading = schedule.reading_of(first)
    return Next(on, first.what, first.state, reading, first.refused), identity
