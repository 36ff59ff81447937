"""Deadlines as somebody reads them who must act: overdue first, then what is due next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from drawreview.cli.log_text import finding_lines, uncounted_lines
from drawreview.cli.sheet import Sheet, sheet
from drawreview.engine.document import PATH_ZH
from drawreview.engine.wording import PATH_EN
from drawreview.site.notes import Note
from drawreview.site.schedule import Due, Schedule, State
from drawreview.site.words import SCHEDULE_WORDS

_MARK: Final[dict[State, str]] = {
    "overdue": "!",
    "running": "·",
    "stopped": "‖",
    "passed": "·",
    "done": "✓",
    "done_late": "✓",
    "refused": "?",
}
_STYLE: Final[dict[State, str]] = {
    "overdue": "bold red",
    "running": "",
    "stopped": "yellow",
    "passed": "dim",
    "done": "green",
    "done_late": "red",
    "refused": "yellow",
}
_WORDS: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "title": "期限：{}",
        "unnamed": "（未命名项目）",
        "as_of": "截至 {} · 审查方式：{}",
        "list": "、",
        "project": "项目",
        "who": "谁",
        "what": "办什么",
        "start": "起算",
        "since": "自 {} 起算",
        "due": "到期",
        "left": "还剩",
        "reading": "（{}）",
        "days": "{}个工作日",
        "today": "今天到期",
        "overdue": "逾期{}个工作日",
        "passed": "已过{}个工作日",
        "beyond": "逾期，天数超出日历",
        "done": "{} 办结",
        "done_late": "{} 办结，逾期{}个工作日",
        "stopped": "停表中，所列为最早；余{}个工作日",
        "information": "国家时限（仅供参考）",
        "stops": "停表",
        "span": "{} 至 {}",
        "stop": "{} 至 {} {}：{}个工作日",
        "now": "今",
        "without": "不扣除停表：{} {}",
        "skipped": "不计的日子",
        "makeup": "调休补班，照计：{}",
        "notes": "注意",
        "findings": "事件中的疑点（照计）",
        "national": "国家时限，参考",
        "pot": "期限：{}个项目，截至 {}",
        "semicolon": "；",
        "colon": "：",
        "of_project": "–  {}：{}",
        "uncounted": "没有计入的事件",
        "nothing": "没有要列的期限。",
        "foot": "{} · 日历 {} {} {} · 规则 {} {}",
        "legend": "! 逾期 · ‖ 停表中 · ✓ 办结 · ? 算不出",
    },
    "en": {
        "title": "Deadlines: {}",
        "unnamed": "(unnamed project)",
        "as_of": "as of {} · review path: {}",
        "list": ", ",
        "project": "Project",
        "who": "Who",
        "what": "What",
        "start": "From",
        "since": "from {}",
        "due": "Due",
        "left": "Left",
        "reading": " ({})",
        "days": "{} working day{s}",
        "today": "due today",
        "overdue": "overdue by {} working day{s}",
        "passed": "passed {} working day{s} ago",
        "beyond": "overdue, beyond the calendar",
        "工作日": "working days",
        "done": "done {}",
        "done_late": "done {}, {} working day{s} late",
        "stopped": "stopped, earliest day shown; {} working day{s} left",
        "information": "National limits (for information)",
        "stops": "Stops",
        "span": "{} to {}",
        "stop": "{} to {} {}: {} working day{s}",
        "now": "now",
        "without": "without stops: {} {}",
        "skipped": "Days that do not count",
        "makeup": "weekend days worked, which count: {}",
        "notes": "Note",
        "findings": "Doubtful events (counted)",
        "national": "national limit, information",
        "pot": "Deadlines: {} project{s}, as of {}",
        "semicolon": "; ",
        "colon": ": ",
        "of_project": "–  {}: {}",
        "uncounted": "Events that do not count",
        "nothing": "No deadline to list.",
        "foot": "{} · calendar {} {} {} · rules {} {}",
        "legend": "! overdue · ‖ stopped · ✓ done · ? no day · clauses by their Chinese numbers",
    },
}


def schedule_text(schedule: Schedule, lang: str) -> str:
    """Return the deadlines of one project as text."""
    words = {**SCHEDULE_WORDS[lang], **_WORDS[lang]}
    out = sheet()
    decision = schedule.decision
    path = (PATH_ZH if lang == "zh" else PATH_EN)[decision.review_path]
    out.item(words["title"].format(decision.project.name or words["unnamed"]), "bold")
    out.item("  " + words["as_of"].format(schedule.on, path))
    if schedule.deadlines:
        out.line("")
        _list(out, [(schedule, due) for due in schedule.in_order], words)
    if schedule.information:
        out.line(f"\n{words['information']}", "bold")
        national = sorted(schedule.information, key=lambda due: due.urgency)
        _list(out, [(schedule, due) for due in national], words)
    if not (schedule.deadlines or schedule.information):
        out.line(f"\n{words['nothing']}")
    for title, lines in _sections(schedule, lang, words):
        out.line(f"\n{words[title]}", "bold")
        for line in lines:
            out.item(f"  {line}")
    out.line("")
    for line in (_foot(schedule, lang, words), words["legend"]):
        out.item(line, "dim")
    return out.text()


def pot_text(schedules: Sequence[Schedule], lang: str) -> str:
    """Return the deadlines of many projects as one list, overdue first."""
    words = {**SCHEDULE_WORDS[lang], **_WORDS[lang]}
    out = sheet()
    rows = [
        (schedule, due)
        for schedule in schedules
        for due in (*schedule.in_order, *schedule.information)
    ]
    rows.sort(key=lambda row: row[1].urgency)
    if rows:
        how_many = len(schedules)
        title = words["pot"].format(how_many, schedules[0].on, s=_plural(how_many))
        out.item(title, "bold")
        out.line("")
        _list(out, rows, words, named=True)
    for schedule in schedules:
        name = schedule.decision.project.name or words["unnamed"]
        if not (schedule.deadlines or schedule.information) or not schedule.settled:
            why = words["semicolon"].join(_said(note, lang) for note in schedule.notes)
            out.item(words["of_project"].format(name, why))
        for line in finding_lines(schedule.findings, lang):
            out.item(words["of_project"].format(name, line))
    if schedules:
        out.line("")
        for line in (_foot(schedules[0], lang, words), words["legend"]):
            out.item(line, "dim")
    return out.text()


def _list(
    out: Sheet, rows: Iterable[tuple[Schedule, Due]], words: dict[str, str], *, named: bool = False
) -> None:
    """Add deadlines as a table, or one below the other where that would not fit."""
    told = [(_STYLE[due.state], _cells(schedule, due, words, named)) for schedule, due in rows]
    columns = ("", *(("project",) if named else ()), "due", "left", "who", "what", "start")
    header = [words.get(column, "") for column in columns]
    table = [[(cells[column], style) for column in ("mark", *columns[1:])] for style, cells in told]
    if out.holds(header, table):
        out.table(header, table)
        return
    for style, cells in told:
        project = f"{cells['project']}{words['colon']}" if named else ""
        out.item("{mark}  {due}  {left}".format_map(cells), style)
        out.item(f"    {project}{cells['what']}", style)
        out.item(
            f"    {cells['who']}{words['semicolon']}{words['since'].format(cells['start'])}", style
        )


def _cells(schedule: Schedule, due: Due, words: dict[str, str], named: bool) -> dict[str, str]:
    reading = schedule.reading_of(due) or ("national" if named and not due.reading else None)
    shown = words["reading"].format(words[reading]) if reading else ""
    return {
        "mark": _MARK[due.state],
        "project": schedule.decision.project.name or words["unnamed"],
        "due": str(due.due or "—"),
        "left": _left(due, words),
        "who": words["list"].join(words[one] for one in due.who),
        "what": f"{words[due.what]}{shown}",
        "start": f"{due.term.start} {words[due.start_event]}",
    }


def _left(due: Due, words: dict[str, str]) -> str:
    state, left = due.state, due.days_late if due.done_on else due.days_left
    if state == "done":
        return words["done"].format(due.done_on)
    if left is None:  # the calendar does not reach so far
        return words["refused" if state == "refused" else "beyond"]
    if state == "done_late":
        return words["done_late"].format(due.done_on, left, s=_plural(left))
    if state in {"overdue", "passed"}:
        return words[state].format(-left, s=_plural(-left))
    if state == "stopped":
        return words["stopped"].format(left, s=_plural(left))
    return words["today"] if left == 0 else words["days"].format(left, s=_plural(left))


def _plural(number: int) -> str:
    return "" if number == 1 else "s"


def _sections(
    schedule: Schedule, lang: str, words: dict[str, str]
) -> Iterator[tuple[str, list[str]]]:
    shown = (*schedule.in_order, *schedule.information)
    stops = list(dict.fromkeys(line for due in shown for line in _stops(schedule, due, words)))
    if stops:
        yield "stops", stops
    skipped = {day: why for due in shown for day, why in due.skipped.items()}
    makeup = sorted({day for due in shown for day in due.makeup_days})
    lines = [f"{_span(days, words)} {words.get(why, why)}" for days, why in _runs(skipped)]
    if makeup:
        lines.append(words["makeup"].format(words["list"].join(map(str, makeup))))
    if lines:
        yield "skipped", lines
    reasons = (due.refused_english if lang == "en" else due.refused for due in shown)
    refused = [why for why in dict.fromkeys(reasons) if why]
    notes = [
        f"! [{words.get(note.clause, note.clause)}] {_said(note, lang)}" for note in schedule.notes
    ]
    if refused or notes:
        yield "notes", [*(f"! {why}" for why in refused), *notes]
    if schedule.findings:
        yield "findings", list(finding_lines(schedule.findings, lang))
    if schedule.known.uncounted:
        yield "uncounted", list(uncounted_lines(schedule.known.uncounted, lang))


def _said(note: Note, lang: str) -> str:
    return note.text if lang == "zh" else note.english


def _stops(schedule: Schedule, due: Due, words: dict[str, str]) -> Iterator[str]:
    for pause in due.stops:
        until = words["now"] if pause.still_open else pause.until
        stood = due.term.stood(due.calendar, pause)
        yield words["stop"].format(pause.since, until, words[pause.why], stood, s=_plural(stood))
    if due.stops and due.due != due.due_without_stops:
        reading = schedule.reading_of(due)
        shown = words["reading"].format(words[reading]) if reading else ""
        yield words["without"].format(f"{words[due.what]}{shown}", due.due_without_stops)


def _runs(skipped: dict[date, str]) -> Iterator[tuple[list[date], str]]:
    """Yield the days in runs of one reason."""
    run: list[date] = []
    for day in sorted(skipped):
        if run and (day - run[-1] > timedelta(days=1) or skipped[day] != skipped[run[-1]]):
            yield run, skipped[run[0]]
            run = []
        run.append(day)
    if run:
        yield run, skipped[run[0]]


def _span(days: Sequence[date], words: dict[str, str]) -> str:
    return str(days[0]) if len(days) == 1 else words["span"].format(days[0], days[-1])


def _foot(schedule: Schedule, lang: str, words: dict[str, str]) -> str:
    calendar, law = schedule.calendar, schedule.decision.rulebook
    return words["foot"].format(
        schedule.convention.says(lang),
        calendar.name,
        calendar.version,
        calendar.digest[:12],
        law.id,
        law.digest[:12],
    )
