"""A project at the window, read: its project, its decision as things stand, its events."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
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
from drawreview.site.deadlines import deadlines
from drawreview.site.gates import gates
from drawreview.site.log import Log
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


def decision_on(office: Office, case: Case, on: date) -> Decision:
    """Return what a case amounts to on a day; nothing is recorded."""
    return decide(project_of_case(case), on=on, rulebook=office.rulebook)


def log_of_case(case: Case) -> Log:
    """Return the events of a case."""
    return read_log(case.events, "事件") if case.events else Log(())


def schedule_of(office: Office, case: Case, on: date) -> Schedule:
    """Return the deadlines of a case."""
    return deadlines(project_of_case(case), log_of_case(case), on=on, rulebook=office.rulebook)


def board_of(office: Office, case: Case, on: date) -> SiteAnswer:
    """Return what may be built on a day, and what its changes do."""
    return gates(project_of_case(case), log_of_case(case), on=on, rulebook=office.rulebook)


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
