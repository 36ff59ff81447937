"""Tell what may be built on a day, what was built too early, and what a change undoes."""

from __future__ import annotations

from datetime import date

from drawreview.project.model import Project
from drawreview.rulebook.load import load_rulebook
from drawreview.rulebook.model import Rulebook
from drawreview.site.answer import SiteAnswer
from drawreview.site.breaches import breaches_until
from drawreview.site.changes import changes_until
from drawreview.site.conflicts import with_conflicts
from drawreview.site.findings import findings_on
from drawreview.site.log import Log
from drawreview.site.schedule import Due
from drawreview.site.situation import Situation, situation_of
from drawreview.site.stages import gates_of


def gates(
    project: Project,
    log: Log,
    *,
    on: date,
    rulebook: Rulebook | None = None,
    assume_in_force: bool = False,
) -> SiteAnswer:
    """Return what is said of a site at the end of a day.

    Args:
        project: What the applicant states.
        log: What has happened; events after the day do not count.
        on: The day; nothing here reads the clock.
        rulebook: The law; the shipped one if none is given.
        assume_in_force: Answer as if the trial were in force, as a labelled what-if.

    Raises:
        DisagreementError: The two engines found different things; there is no answer.
        EngineError: The engine did not come to its end.
    """
    law = rulebook or load_rulebook()
    today = situation_of(project, log.known_on(on), law, assume_in_force=assume_in_force)
    return SiteAnswer(
        decision=today.decision,
        path=today.path,
        on=on,
        known=today.known,
        findings=findings_on(log, today.known, project, today.path),
        gates=with_conflicts(today, gates_of(today)),
        # Each earlier day is judged by the readings that were adopted by then.
        breaches=tuple(breaches_until(today, project, log, law, assume_in_force=assume_in_force)),
        changes=tuple(changes_until(today, project, log, law, assume_in_force=assume_in_force)),
        overdue=_overdue(project, log, today, law, assume_in_force=assume_in_force),
    )


def _overdue(
    project: Project, log: Log, today: Situation, law: Rulebook, *, assume_in_force: bool
) -> tuple[Due, ...]:
    """Return the deadlines that have passed unmet; only a staged review has any (二(二)s1)."""
    known = today.known
    if not (known.named("full_set_submitted") and known.named("staging_requested")):
        return ()
    from drawreview.site.deadlines import deadlines  # noqa: PLC0415 - it reads the calendar

    schedule = deadlines(project, log, on=known.day, rulebook=law, assume_in_force=assume_in_force)
    return tuple(due for due in schedule.deadlines if due.state == "overdue")
