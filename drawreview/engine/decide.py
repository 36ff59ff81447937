"""Decide which review path a project takes on a day; a pure function of project, date and law."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from drawreview.engine.agreement import agree
from drawreview.engine.decision import Decision, Standing
from drawreview.engine.relevance import sure_path
from drawreview.project.measure import measure
from drawreview.rulebook.adoptions import under_adoptions
from drawreview.rulebook.load import load_rulebook
from drawreview.rulebook.model import Extents, Rulebook

if TYPE_CHECKING:
    from drawreview.project.model import Project


def decide(
    project: Project,
    *,
    on: date,
    rulebook: Rulebook | None = None,
    assume_in_force: bool = False,
) -> Decision:
    """Return the decision on a project.

    Args:
        project: What the applicant states.
        on: The day of the decision; nothing here reads the clock.
        rulebook: The law; the shipped one if none is given.
        assume_in_force: Decide as if the trial were in force, as a labelled what-if.

    Raises:
        DisagreementError: The two engines found different things; there is no decision.
        EngineError: The engine did not come to its end.
    """
    given = rulebook or load_rulebook()
    read = read_only(project, on=on, rulebook=given, assume_in_force=assume_in_force)
    agree(read.rulebook.path, read.extents, read.truths)
    return read


def read_only(
    project: Project, *, on: date, rulebook: Rulebook, assume_in_force: bool = False
) -> Decision:
    """Return what the truth reader alone finds: enough to compare with a decision, not to decide.

    A replay asks it about every record, and both engines about a sample.
    """
    law = under_adoptions(rulebook, on)
    standing = standing_of(law, on)
    listed = _district_listed(project, law, on)
    measured = measure(project, on=on, district_listed=listed)
    truths, ends = law.truths(measured.extents)
    extents: Extents = measured.extents | law.concluded(ends)
    return Decision(
        project=project,
        on=on,
        rulebook=law,
        standing=standing,
        assumption="assume_in_force" if assume_in_force and standing.path else None,
        measured=measured,
        extents=extents,
        truths=truths,
        path=sure_path(extents, law),
    )


_GOVERNED: Final = Standing(None)


def standing_of(rulebook: Rulebook, on: date) -> Standing:
    """Return whether the city's document governs that day (尾s1, 尾s2)."""
    trial = rulebook.city.trial
    if trial is None or on < trial.issued:
        issued = (
            f"本文件{trial.issued.isoformat()}印发，自印发之日起试行；此前不适用" if trial else None
        )
        english = (
            f"the document was issued on {trial.issued}; it does not apply before"
            if trial
            else None
        )
        return Standing("out_of_scope", issued, english=english)
    for successor in rulebook.successors:
        if successor.displaces and successor.in_force_from <= on and not _continued(rulebook, on):
            because = (
                f"《{successor.number}》（{successor.issuer}）已取代本文件；依尾s2按新规定办理"
            )
            english = f"《{successor.number}》 has displaced the document; by 尾s2 it applies"
            return Standing("referred", because, "B2", english)
    if on <= trial.last_certain_day or _continued(rulebook, on):
        return _GOVERNED
    if on <= trial.last_arguable_day:
        because = f"{on.isoformat()}是否仍在「{trial.words}」之内有两说；须请示"
        english = f"whether {on} still belongs to 「{trial.words}」 can be argued; ask"
    else:
        last = trial.last_arguable_day.isoformat()
        because = f"试行期至迟于{last}届满，没有登记在此日有效的延续文件；须请示"
        english = (
            f"the trial ended on {last} at the latest, and no document on file continues it; ask"
        )
    return Standing("referred", because, trial.question, english)


def _continued(rulebook: Rulebook, on: date) -> bool:
    """Whether a filed document continues the trial on that day."""
    return any(not s.displaces and s.covers(on) for s in rulebook.successors)


def _district_listed(project: Project, law: Rulebook, on: date) -> bool | None:
    """Return whether a filed notice names the project (二(一)1(2)); None if one still may."""
    if not law.district_lists:
        return False
    names = {name for name in (project.name, project.project_code) if name}
    cited = project.district_list
    open_still = False
    for notice in law.district_lists:
        if not notice.in_force(on) or project.district not in (None, notice.district):
            continue
        if cited not in (None, notice.number):
            continue
        listed = bool(names & set(notice.projects))
        if listed and cited and project.district:
            return True
        open_still = open_still or listed or not names
    return None if open_still else False
