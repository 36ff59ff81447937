"""A project at the window, read: its project, its decision as things stand, its events."""

from __future__ import annotations

import unicodedata
from datetime import date

from drawreview.engine.decide import decide
from drawreview.engine.decision import Decision
from drawreview.errors import CalendarError, InputError, Problem
from drawreview.project.kinds import DISTRICTS
from drawreview.project.model import Project
from drawreview.project.statement import read_project
from drawreview.site.answer import SiteAnswer
from drawreview.site.deadlines import deadlines
from drawreview.site.gates import gates
from drawreview.site.log import Log
from drawreview.site.schedule import Schedule
from drawreview.site.statement import read_log
from drawreview.web.office import Office
from drawreview.web.store.projects import Case


def as_kept(text: str) -> str:
    """Return a file as it is kept: in normal form C, which records ask for."""
    return unicodedata.normalize("NFC", text)


def project_of_case(case: Case) -> Project:
    """Return the project that the file of a case states."""
    return read_project(case.file, case.name)


def checked(project: Project, district: str) -> None:
    """See that a project is this window's business.

    Raises:
        InputError: It has no name, or belongs to another district.
    """
    problems: list[Problem] = []
    if not project.name:
        problems.append(Problem("name", "没有项目名称。", "写明项目名称，窗口要用它查找。"))
    if project.district != district:
        own = DISTRICTS[district]
        said = DISTRICTS.get(project.district or "", "没有写明")
        problems.append(
            Problem(
                "district", f"旗县区是「{said}」，本窗口是「{own}」。", _elsewhere(project.district)
            )
        )
    if problems:
        raise InputError(tuple(problems))


def _elsewhere(district: str | None) -> str:
    """Say what to do with a project of another district; nobody is told to state it otherwise."""
    if district is None:
        return "写明项目所在的旗县区。"
    return f"请到{DISTRICTS[district]}的窗口办理；若填错了，改正。"


def decision_on(office: Office, case: Case, on: date) -> Decision:
    """Return what a case amounts to on a day; nothing is recorded."""
    return decide(project_of_case(case), on=on, rulebook=office.rulebook)


def log_of_case(case: Case) -> Log:
    """Return the events of a case."""
    return read_log(case.events, "事件") if case.events else Log(())


def schedule_of(office: Office, case: Case, on: date) -> Schedule | None:
    """Return the deadlines of a case; None where no day can be reckoned."""
    try:
        return deadlines(project_of_case(case), log_of_case(case), on=on, rulebook=office.rulebook)
    except CalendarError:
        return None


def board_of(office: Office, case: Case, on: date) -> SiteAnswer | None:
    """Return what may be built on a day; None where no day can be reckoned."""
    try:
        return gates(project_of_case(case), log_of_case(case), on=on, rulebook=office.rulebook)
    except CalendarError:
        return None
