"""What a major design change undoes, and whether the class of the project stands: 三(四)¶2."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final, Literal

from drawreview.project.model import Project
from drawreview.rulebook.model import Rulebook
from drawreview.site.answer import Change, ChangeReading
from drawreview.site.changed import open_changes, with_commission
from drawreview.site.events import MajorDesignChange
from drawreview.site.log import Counted, Log
from drawreview.site.situation import Situation, situation_of
from drawreview.site.state import UNDONE, standing, undone_by, uploads

_QUESTION: Final = "D2"
_BY_NATIONAL_LAW: Final = ("fire_opinion_issued",)  # 51号令 第二十五条
_REVIEWED: Final = ("joint_review", "deferred_review")
_OF_SPOT_CHECK: Final = (
    "spot_check_waived",
    "rectification_accepted",
    "spot_check_certificate_issued",
)


def changes_until(
    today: Situation, project: Project, log: Log, law: Rulebook, *, assume_in_force: bool
) -> Iterator[Change]:
    """Yield each major design change until the day, in order."""
    stated = with_commission(project, today.known)
    for entry in today.known.named("major_design_change"):
        if isinstance(entry.event, MajorDesignChange):
            known = log.known_on(entry.on, as_of=today.known.day)
            # Of one day nobody knows which came first: all of its changes make one step together.
            without = tuple(e for e in known.counted if e.on < entry.on or not _is_change(e))
            before, after = (
                situation_of(stated, one, law, assume_in_force=assume_in_force)
                for one in (replace(known, counted=without), known)
            )
            settled = _settled_on(entry.event, log, today)
            now = after
            if settled > entry.on:
                then = log.known_on(settled, as_of=today.known.day)
                now = situation_of(stated, then, law, assume_in_force=assume_in_force)
            there = any(
                on > entry.on for on in uploads(today.known, project.permit.drawings_uploaded_on)
            )
            yield _change((before, after, now), entry, entry.event, uploaded=there)


def _settled_on(change: MajorDesignChange, log: Log, today: Situation) -> date:
    """Return the day from which it is known what a change made of the project; its own, if ever."""
    if change in today.open_changes:
        return change.on
    days = (entry.on for entry in today.known.counted if entry.on >= change.on)
    for day in sorted(set(days)):
        if change not in open_changes(log.known_on(day, as_of=today.known.day)):
            return day
    return change.on


def _change(
    of: tuple[Situation, Situation, Situation],
    entry: Counted,
    event: MajorDesignChange,
    *,
    uploaded: bool,
) -> Change:
    """Return what a change does, from before it, from its day, and from when it was settled."""
    before, after, now = of
    had = [name for name in UNDONE if standing(before.known, name)]
    falls = tuple(name for name in had if undone_by(event, name))
    again = dict.fromkeys(one for name in falls for one in _again(name, now.path))
    clauses = ["三(四)¶2"]
    if "fire_opinion_issued" in falls:
        clauses.append("住房和城乡建设部令第51号第二十五条")
    return Change(
        on=entry.on,
        number=entry.number,
        touches=event.touches,
        path_before=before.path,
        path_after=now.path,
        # What settled it later does not say what the project had been.
        class_changed=_class_changed(before, after),
        falls=falls,
        submit_again=("explanation", *(() if uploaded else ("drawings_uploaded",)), *again),
        clauses=tuple(clauses),
        readings=tuple(_readings(after, falls)),
    )


def _is_change(entry: Counted) -> bool:
    return isinstance(entry.event, MajorDesignChange)


def _again(document: str, path: str) -> tuple[str, ...]:
    """Return what must be had again for a document, by the class that the project has now (C1)."""
    if document == "fire_opinion_issued":
        return () if path in {"exempt", "deferred_review"} else (document,)
    of_spot_check = document in _OF_SPOT_CHECK
    if path == "exempt" or (of_spot_check and path not in _REVIEWED):
        return ("spot_check_certificate_issued",)  # nobody can be asked for a waiver
    return ("review_certificate_issued", "site_progress_verified") if of_spot_check else (document,)


def _class_changed(before: Situation, after: Situation) -> Literal["no", "yes", "open"]:
    if before.decided and after.decided:
        return "no" if before.path == after.path else "yes"
    return "open" if after.open_changes or before.path != after.path else "no"


def _readings(then: Situation, falls: tuple[str, ...]) -> Iterator[ChangeReading]:
    """Yield what falls under each reading; what national law undoes falls under all of them."""
    question = then.law.questions[_QUESTION]
    taken = then.law.readings.get(question.id) or question.adopted
    in_any_case = tuple(name for name in falls if name in _BY_NATIONAL_LAW)
    for name, says in question.readings.items():
        fallen = falls if name == question.adopted else in_any_case
        english = question.readings_english.get(name, says)
        yield ChangeReading(name, name == taken, says, english, fallen)
