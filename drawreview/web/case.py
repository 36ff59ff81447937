"""A project at the window, read: its project, its decision as things stand, its events."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeVar

from drawreview.engine.decide import decide
from drawreview.engine.decision import Decision
from drawreview.errors import (
    CalendarError,
    DisagreementError,
    EngineError,
    InputError,
    Problem,
)
from drawreview.project.kinds import DISTRICTS
from drawreview.project.model import Project
from drawreview.project.statement import read_project
from drawreview.site.answer import SiteAnswer
from drawreview.site.changed import project_on
from drawreview.site.deadlines import deadlines
from drawreview.site.gates import gates
from drawreview.site.log import Counted, Known, Log
from drawreview.site.schedule import Schedule
from drawreview.site.statement import read_log
from drawreview.web.office import Office
from drawreview.web.store.projects import Case

_LOG: Final = logging.getLogger("drawreview.web")
T = TypeVar("T")


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
        said = DISTRICTS.get(project.district or "")
        problem = f"项目在{said}，本窗口是{own}的。" if said else "没有写明旗县区。"
        problems.append(Problem("district", problem, _elsewhere(project.district)))
    if problems:
        raise InputError(tuple(problems))


def _elsewhere(district: str | None) -> str:
    """Say what to do with a project of another district; nobody is told to state it otherwise."""
    if district is None:
        return "写明项目所在的旗县区。"
    return f"请到{DISTRICTS[district]}的窗口办理；若填错了，改正。"


def project_told(office: Office, case: Case, on: date) -> Project:
    """Return the project of a case as its file and its events tell of it on a day.

    Corrections made since are heeded. What a design change leaves open is unknown.
    """
    return project_on(project_of_case(case), decided_known(office, case, on))


def decided_known(office: Office, case: Case, on: date) -> Known:
    """Return what is known today of the events of a case until a day, as far as it decides.

    Nobody knows whether the file taken in was brought up to the drawings that were uploaded after a
    change, so uploading them settles nothing here: only the whole changed project does.
    """
    known = log_of_case(case).known_on(on, as_of=max(on, office.settings.today()))
    heard = (one for one in known.counted if one.event.event != "drawings_uploaded")
    return replace(known, counted=tuple(heard))


def decision_on(office: Office, case: Case, on: date) -> Decision:
    """Return what a case amounts to on a day, its design changes heeded; nothing is recorded."""
    return decide(project_told(office, case, on), on=on, rulebook=office.rulebook)


def log_of_case(case: Case) -> Log:
    """Return the events of a case."""
    return read_log(case.events, "事件") if case.events else Log(())


def design_changes_of(case: Case, today: date) -> tuple[Counted, ...]:
    """Return the major design changes of a case until a day, in order."""
    return log_of_case(case).known_on(today).named("major_design_change")


def schedule_of(office: Office, case: Case, on: date) -> Schedule:
    """Return the deadlines of a case."""
    return deadlines(project_of_case(case), log_of_case(case), on=on, rulebook=office.rulebook)


def board_of(office: Office, case: Case, on: date) -> SiteAnswer:
    """Return what may be built on a day, and what its changes do."""
    return gates(project_of_case(case), log_of_case(case), on=on, rulebook=office.rulebook)


def changed_since(office: Office, case: Case) -> bool:
    """Whether a design change states the whole project, in place of the file taken in."""
    changes, _ = attempt(lambda: design_changes_of(case, office.settings.today()))
    return any(getattr(one.event, "project", None) for one in changes or ())


def decided_before_a_change(case: Case, today: date) -> bool:
    """Whether a design change came after the day of the decision on a case."""
    return case.decided_on is not None and any(
        one.on > date.fromisoformat(case.decided_on) for one in design_changes_of(case, today)
    )


@dataclass(frozen=True, slots=True)
class Failed:
    """Why something is not told of a project; its page tells this, and all else that is known."""

    said: str
    why: str = ""
    english: str = ""


def no_decision(error: EngineError) -> str:
    """Say that no decision was made, so that none can have been recorded."""
    if isinstance(error, DisagreementError):
        return "没有作出决定：两套引擎的结果不一致。什么都没有记入，请报告此事。"
    return "没有作出决定：引擎没有完成。什么都没有记入，请报告此事。"


def attempt(find: Callable[[], T]) -> tuple[T | None, Failed | None]:
    """Return what is found, or why it is not."""
    try:
        return find(), None
    except EngineError as error:
        _LOG.error("no decision: %s", error)
        return None, Failed(no_decision(error))
    except CalendarError as error:
        return None, Failed("推算不出：", str(error), error.english)
    except InputError as error:
        told = "".join(f"{one.problem}{one.remedy}" for one in error.problems)
        return None, Failed("项目文件或事件读不出来：", told)
