"""Does again what records say of events and letters: when recording, in a replay, and later."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zipfile import BadZipFile

from drawreview.engine.decide import decide
from drawreview.errors import LetterError, Problem, StoreError
from drawreview.letters.footer import Receipt
from drawreview.letters.letter import fill_letter
from drawreview.letters.notice import notice_of
from drawreview.letters.notice_page import write_notice
from drawreview.project.model import Project
from drawreview.project.personal import restored
from drawreview.records.body import project_in, with_numbers
from drawreview.records.entry import Personal
from drawreview.records.ways import Ways
from drawreview.rulebook.model import Rulebook
from drawreview.site.answer_to_json import answer_to_json
from drawreview.site.deadlines import deadlines
from drawreview.site.events import EventFile
from drawreview.site.gates import gates
from drawreview.site.log import Entry, Log
from drawreview.site.schedule import Schedule
from drawreview.site.schedule_to_json import document_of
from drawreview.timeline.workdays import Calendar

if TYPE_CHECKING:
    from drawreview.records.bundle import Bundle
    from drawreview.records.journal import Journal

_RECEIPT: Final = re.compile(r"DRAWREVIEW:2/([0-9A-F]{32})/(\d+)/(\d+)/([0-9A-F]{16})")
Said = Mapping[str, Any]


def deadlines_again(said: Said, law: Rulebook, calendar: Calendar) -> Said:
    """Return the published document of deadlines that follows from what a record says."""
    schedule = schedule_again(said, law, on=date.fromisoformat(said["on"]), calendar=calendar)
    return document_of(schedule).model_dump(mode="json", by_alias=True)


def schedule_again(
    said: Said, law: Rulebook, *, on: date, calendar: Calendar | None = None
) -> Schedule:
    """Return the deadlines on a day that follow from the project and the events of a record."""
    return deadlines(
        project_in(said["project"]),
        _log_in(said),
        on=on,
        rulebook=law,
        calendar=calendar,
        assume_in_force=said["assumption"] is not None,
    )


def gates_again(said: Said, law: Rulebook, _: Calendar) -> Said:
    """Return the published document on a site that follows from what a record says."""
    answer = gates(
        project_in(said["project"]),
        _log_in(said),
        on=date.fromisoformat(said["on"]),
        rulebook=law,
        assume_in_force=said["assumption"] is not None,
    )
    return json.loads(answer_to_json(answer))


def _log_in(said: Said) -> Log:
    """Return the recorded log. A record has no lines: an entry is named by its place in it."""
    file = EventFile.model_validate({"events": with_numbers(said["events"])})
    entries = (
        Entry(number, f"events[{number - 1}]", event)
        for number, event in enumerate(file.events, start=1)
    )
    return Log(tuple(entries))


@dataclass(frozen=True, slots=True)
class _Recorded:
    """A recorded decision, as a letter reads one."""

    project: Project
    on: date
    review_path: str
    letter: str | None
    certainty: str
    depends_on: tuple[str, ...]
    decision_id: str
    assumption: str | None


def letter_again(
    letter: Said, decision: Said, law: Rulebook, *, personal: Said, forms: Path
) -> Mapping[str, bytes]:
    """Return the files of a recorded letter, set again from the records; raises LetterError."""
    document = decision["decision"]
    project = project_in(restored(dict(decision["project"]), dict(personal)))
    if letter["annex"] == "notice":
        return _notice_again(letter, decision, law, project, forms)
    recorded = _Recorded(
        project=project,
        on=date.fromisoformat(decision["on"]),
        review_path=document["review_path"],
        letter=document["letter"],
        certainty=document["certainty"],
        depends_on=tuple(document["depends_on"]),
        decision_id=document["decision_id"],
        assumption=document["assumption"],
    )
    with _set_in(forms):
        return fill_letter(
            recorded,
            clauses=law.city.clauses,
            formats=tuple(letter["files"]),
            receipt=_receipt_in(letter["receipt"], decision["id"]),
            forms=forms,
        )


def _notice_again(
    letter: Said, decision: Said, law: Rulebook, project: Project, forms: Path
) -> Mapping[str, bytes]:
    """Return the files of a notice: what is still needed is worked out by deciding again."""
    decided = decide(
        project,
        on=date.fromisoformat(decision["on"]),
        rulebook=law,
        assume_in_force=decision["assumption"] is not None,
    )
    with _set_in(forms):
        return write_notice(
            notice_of(decided, forms),
            formats=tuple(letter["files"]),
            receipt=_receipt_in(letter["receipt"], decision["id"]),
            forms=forms,
        )


@contextmanager
def _set_in(forms: Path) -> Generator[None]:
    """Say of forms and fonts that nothing can be set in them; raises LetterError."""
    try:
        yield
    except (RuntimeError, BadZipFile, FileNotFoundError) as error:  # the typesetter's, of a form
        problem = f"用 {forms} 里的格式文本和字体排不出：{error}"
        raise LetterError((Problem("forms", problem, "核对文书的记录。"),)) from error


def _receipt_in(code: str, record: str) -> Receipt:
    """Return the receipt that a letter's code says."""
    said = _RECEIPT.fullmatch(code)
    if said is None or said[1] != record.replace("-", "").upper():
        problem = f"不是记录 {record} 的存证码：{code}。"
        raise LetterError((Problem("receipt", problem, "核对承诺书的记录。"),))
    return Receipt(record, int(said[2]), int(said[3]), said[4].lower())


def ways_of(log: Journal | Bundle) -> Ways:
    """Return how a replay of this log does events and letters again."""
    from drawreview.records.bundle import Bundle  # noqa: PLC0415 - a replay has one already

    answers = {"drawreview/deadlines@1": deadlines_again, "drawreview/gates@1": gates_again}
    if isinstance(log, Bundle):
        return Ways(answers, letter_again, no_personal="存证包不带个人信息")

    def personal(record: str) -> Personal | None:
        try:
            return log.salted(record)
        except StoreError:  # an auditor's database role may not read it
            return None

    return Ways(answers, letter_again, personal, "这份日志里没有个人信息")
