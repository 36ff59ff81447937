"""Answer recorded events again, and say how the answer differs from the recorded one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from drawreview.engine.document import written
from drawreview.project.from_yaml import is_mapping, is_sequence
from drawreview.records.body import given_digest
from drawreview.records.difference import Cause, Difference, cause_between
from drawreview.records.laws import CalendarLostError, Laws
from drawreview.records.ways import Said, Ways
from drawreview.rulebook.model import Rulebook
from drawreview.timeline.workdays import Calendar, published_calendar

# What another pack or calendar changes in every answer, and so says nothing about any.
_NAMES: Final = ("schema", "rulebook", "calendar", "readings")
_MOST_DAYS: Final = 5  # that are named
_PART_ZH: Final = {
    "deadlines": "期限",
    "information": "国家时限",
    "overdue": "逾期",
    "notes": "提示",
    "findings": "存疑的事件",
    "not_counted": "不计的事件",
    "review_path": "审查方式",
    "convention": "工作日的计法",
    "stages": "施工节点",
    "breaches": "违反",
    "changes": "设计变更的影响",
}


def answered_otherwise(said: Said, law: Rulebook, laws: Laws, ways: Ways) -> Iterator[Difference]:
    """Yield how the same events, law and working days now lead to another answer."""
    recorded = said["answer"]
    answering = ways.answers.get(recorded["schema"])
    if answering is None:
        yield Difference(Cause.DAMAGED, (), f"不认识答复 {recorded['schema']}")
        return
    try:
        calendar = laws.calendar(said["law"]["calendar"])
    except CalendarLostError as error:
        yield _without_calendar(recorded, error)
        return
    answer = answering(said, law, calendar)
    if written(answer) == written(recorded):
        if _edited(said):
            yield Difference(Cause.INPUT_EDITED, (), "答复相同，项目或事件不是当时所给的")
        return
    cause, what = _cause_within(said, calendar, laws)
    parts = _differing(answer, recorded)
    clauses = tuple(dict.fromkeys(_clauses_between(answer, recorded)))
    yield Difference(cause, clauses, f"不同的是{_named(parts) or '所据的名称'}{what}")


def answered_under_other_law(
    said: Said, law: Rulebook, laws: Laws, ways: Ways
) -> Iterator[Difference]:
    """Yield what another pack, reading and calendar change, one after the other.

    The recorded answer is about deadlines; which stages may be built is answered under both.
    """
    try:
        recorded = laws.calendar(said["law"]["calendar"])
    except CalendarLostError as error:
        yield _without_calendar(said["answer"], error)
        return
    by_pack = laws.under_other_pack(said["law"]["pack"], said["law"]["readings"])
    by_reading = laws.under_other_readings(by_pack, said["law"]["readings"])
    calendar = laws.otherwise.calendar or recorded
    for answering in ways.answers.values():
        before = answering(said, law, recorded)
        for way, other, days in (
            ("pack", by_pack, recorded),
            ("reading", by_reading, recorded),
            ("calendar", by_reading, calendar),
        ):
            after = answering(said, other, days)
            parts = _differing(after, before)
            if parts:
                clauses = tuple(dict.fromkeys(_clauses_between(after, before)))
                cause, what = _cause_of_step(way, law, other, clauses, _between(recorded, days))
                yield Difference(
                    cause, clauses, f"不同的是{_named(parts)}{what}", _moved(before, after)
                )
            before = after


def _without_calendar(recorded: Said, error: CalendarLostError) -> Difference:
    """Return what is found where the days are lost: every term of the answer rests on them."""
    clauses = tuple(
        dict.fromkeys(_clauses_in([recorded.get("deadlines"), recorded.get("information")]))
    )
    return Difference(Cause.CALENDAR_CHANGED, clauses, str(error))


def _cause_of_step(
    way: str, law: Rulebook, other: Rulebook, clauses: tuple[str, ...], days: str
) -> tuple[Cause, str]:
    match way:
        case "pack":
            return cause_between(law, other, [r.id for r in other.rules if r.clause in clauses]), ""
        case "reading":
            return Cause.READING_CHANGED, ""
        case _:
            return Cause.CALENDAR_CHANGED, days


def _cause_within(said: Said, calendar: Calendar, laws: Laws) -> tuple[Cause, str]:
    """Return why an answer on the recorded events, law and days is not the recorded one."""
    recorded, law = said["answer"], said["law"]
    if _edited(said):
        return Cause.INPUT_EDITED, ""
    if any(recorded.get(name) != said[name] for name in ("on", "assumption") if name in recorded):
        return Cause.INPUT_EDITED, "；记录与答复的日期或假定不同"
    if law["pack"] != recorded["rulebook"]["digest"]:
        return Cause.PACK_CHANGED, ""
    theirs = recorded.get("calendar")
    if theirs is not None and theirs != _said_of(calendar):
        try:
            return Cause.CALENDAR_CHANGED, _between(_known(theirs["digest"], laws), calendar)
        except CalendarLostError:
            return Cause.CALENDAR_CHANGED, f"；记录另称日历 {theirs['digest'][:12]}，没有存"
    return Cause.ENGINE_DEFECT, ""


def _edited(said: Said) -> bool:
    return given_digest(said["project"], said["events"]) != said["given"]


def _known(digest: str, laws: Laws) -> Calendar:
    today = published_calendar()
    return today if today.digest == digest else laws.calendar(digest)


def _said_of(calendar: Calendar) -> dict[str, str]:
    return {
        "name": calendar.name,
        "version": calendar.version,
        "digest": calendar.digest,
        "first": calendar.first.isoformat(),
        "last": calendar.last.isoformat(),
    }


def _between(one: Calendar, other: Calendar) -> str:
    """Return in words on which days two calendars differ."""
    if one.first != other.first or one.last != other.last:
        years = (
            f"；日历由 {one.first.year}—{one.last.year} 变为 {other.first.year}—{other.last.year}"
        )
    else:
        years = ""
    days = [
        f"{day} {_does(one, day)}→{_does(other, day)}"
        for day in one.differing_days(other)
        if one.first <= day <= one.last and other.first <= day <= other.last
    ]
    more = f" 等 {len(days)} 天" if len(days) > _MOST_DAYS else ""
    named = f"；日历不同：{'、'.join(days[:_MOST_DAYS])}{more}" if days else ""
    return years + named or f"；日历 {one.version} 与 {other.version} 各日相同"


def _does(calendar: Calendar, day: date) -> str:
    return "上班" if calendar.is_workday(day) else "休息"


def _differing(one: Said, other: Said) -> list[str]:
    names = dict.fromkeys((*one, *other))
    return [n for n in names if n not in _NAMES and written(one.get(n)) != written(other.get(n))]


def _named(parts: Iterable[str]) -> str:
    return "、".join(_PART_ZH.get(part, part) for part in parts)


def _moved(before: Said, after: Said) -> tuple[str, str] | None:
    one, other = before.get("review_path", ""), after.get("review_path", "")
    return None if one == other else (one, other)


def _clauses_between(one: Said, other: Said) -> Iterator[str]:
    """Yield the clauses of whatever stands in one of two answers only."""
    for name in _differing(one, other):
        sides = [_items(answer.get(name)) for answer in (one, other)]
        for key in sides[0].keys() ^ sides[1].keys():
            yield from _clauses_in(sides[0].get(key) or sides[1].get(key))


def _items(part: object) -> dict[bytes, object]:
    if is_mapping(part):
        return {written([name, each]): each for name, each in part.items()}
    return {written(each): each for each in part} if is_sequence(part) else {}


def _clauses_in(part: object) -> Iterator[str]:
    """Yield every clause that a part of an answer names, in its order."""
    if is_mapping(part):
        for name, each in part.items():
            if name == "clause" and isinstance(each, str):
                yield each
            elif name == "clauses" and is_sequence(each):
                yield from map(str, each)
            else:
                yield from _clauses_in(each)
    elif is_sequence(part):
        for each in part:
            yield from _clauses_in(each)
