"""Deadlines as somebody reads them who must act: overdue first, then what is due next."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from drawreview.engine.document import PATH_ZH
from drawreview.engine.wording import PATH_EN
from drawreview.site.events import StageStarted
from drawreview.site.log import Uncounted
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
    "refused": "？",
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
        "national": "国家时限，参考",
        "stops": "停表",
        "stop": "{} 至 {} {}：{}个工作日",
        "now": "今",
        "without": "不扣除停表：{} {}",
        "skipped": "不计的日子",
        "makeup": "调休补班，照计：{}",
        "notes": "注意",
        "findings": "事件中的疑点（照计）",
        "entry": "{} 第{}条：{}",
        "uncounted": "没有计入的事件",
        "nothing": "没有要列的期限。",
        "foot": "{} · 日历 {} {} {} · 规则 {} {}",
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
        "due": "Due",
        "left": "Left",
        "reading": " ({})",
        "days": "{} working day{s}",
        "today": "due today",
        "overdue": "overdue by {} working day{s}",
        "passed": "passed {} working day{s} ago",
        "beyond": "overdue, beyond the calendar",
        "done": "done {}",
        "done_late": "done {}, {} working day{s} late",
        "stopped": "stopped, earliest day shown; {} working day{s} left",
        "information": "National limits (for information)",
        "national": "national limit, information",
        "stops": "Stops",
        "stop": "{} to {} {}: {} working day{s}",
        "now": "now",
        "without": "without stops: {} {}",
        "skipped": "Days that do not count",
        "makeup": "weekend days worked, which count: {}",
        "notes": "Note",
        "findings": "Doubtful events (counted)",
        "entry": "{} entry {}: {}",
        "uncounted": "Events that do not count",
        "nothing": "No deadline to list.",
        "foot": "{} · calendar {} {} {} · rules {} {}",
    },
}


def schedule_text(schedule: Schedule, lang: str) -> str:
    """Return the deadlines of one project as text."""
    words = {**SCHEDULE_WORDS[lang], **_WORDS[lang]}
    console = _console()
    decision = schedule.decision
    path = (PATH_ZH if lang == "zh" else PATH_EN)[decision.review_path]
    name = decision.project.name or words["unnamed"]
    console.print(Text(words["title"].format(name), style="bold"))
    console.print(Text("  " + words["as_of"].format(schedule.on, path)), soft_wrap=True)
    if schedule.deadlines:
        console.print()
        console.print(_table([(schedule, due) for due in schedule.in_order], words))
    if schedule.information:
        console.print(Text(f"\n{words['information']}", style="bold"))
        national = sorted(schedule.information, key=lambda due: due.urgency)
        console.print(_table([(schedule, due) for due in national], words))
    if not (schedule.deadlines or schedule.information):
        console.print(f"\n{words['nothing']}")
    for title, lines in _sections(schedule, lang, words):
        console.print(Text(f"\n{words[title]}", style="bold"))
        for line in lines:
            console.print(Text(f"  {line}"), soft_wrap=True)
    console.print(Text("\n" + _foot(schedule, lang, words), style="dim"), soft_wrap=True)
    return _told(console)


def pot_text(schedules: Sequence[Schedule], lang: str) -> str:
    """Return the deadlines of many projects as one list, overdue first."""
    words = {**SCHEDULE_WORDS[lang], **_WORDS[lang]}
    console = _console()
    rows = [
        (schedule, due)
        for schedule in schedules
        for due in (*schedule.in_order, *schedule.information)
    ]
    rows.sort(key=lambda row: row[1].urgency)
    console.print(_table(rows, words, named=True))
    for schedule in schedules:
        name = schedule.decision.project.name or words["unnamed"]
        if not (schedule.deadlines or schedule.information) or not schedule.settled:
            why = " ".join(_said(note, lang) for note in schedule.notes)
            console.print(Text(f"–  {name}：{why}"), soft_wrap=True)
        for finding in schedule.findings:
            text = words["entry"].format(finding.place, finding.number, finding.text)
            console.print(Text(f"{name}：{text}"), soft_wrap=True)
    if schedules:
        console.print(Text("\n" + _foot(schedules[0], lang, words), style="dim"), soft_wrap=True)
    return _told(console)


def _console() -> Console:
    """Return a console that writes into memory; without a terminal nothing is cut to a width."""
    terminal = sys.stdout.isatty()
    width = None if terminal else 1_000
    return Console(
        file=io.StringIO(), highlight=False, force_terminal=terminal, width=width, record=False
    )


def _told(console: Console) -> str:
    written = console.file
    return written.getvalue() if isinstance(written, io.StringIO) else ""


def _table(
    rows: Iterable[tuple[Schedule, Due]], words: dict[str, str], *, named: bool = False
) -> Table:
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="dim")
    table.add_column("")
    if named:
        table.add_column(words["project"])
    for column in ("due", "left", "who", "what", "start"):
        table.add_column(words[column], no_wrap=column in {"due", "who"}, overflow="fold")
    for schedule, due in rows:
        reading = schedule.reading_of(due)
        shown = words["reading"].format(words[reading]) if reading else ""
        if named and not due.reading:
            shown = words["reading"].format(words["national"])
        cells = [
            str(due.due or "—"),
            _left(due, words),
            words["list"].join(words[one] for one in due.who),
            f"{words[due.what]}{shown}",
            f"{due.term.start} {words[due.start_event]}",
        ]
        if named:
            cells.insert(0, schedule.decision.project.name or words["unnamed"])
        style = _STYLE[due.state]
        table.add_row(_MARK[due.state], *map(Text, cells), style=style)
    return table


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
    lines = [f"{_span(days)} {words.get(why, why)}" for days, why in _runs(skipped)]
    if makeup:
        lines.append(words["makeup"].format(words["list"].join(map(str, makeup))))
    if lines:
        yield "skipped", lines
    refused = list(dict.fromkeys(due.refused for due in shown if due.refused))
    notes = [f"! [{note.clause}] {_said(note, lang)}" for note in schedule.notes]
    if refused or notes:
        yield "notes", [*(f"! {why}" for why in refused), *notes]
    if schedule.findings:
        entries = [(f.place, f.number, f.text) for f in schedule.findings]
        yield "findings", [f"! {words['entry'].format(*entry)}" for entry in entries]
    if schedule.known.uncounted:
        yield "uncounted", [_uncounted(entry, words) for entry in schedule.known.uncounted]


def _uncounted(entry: Uncounted, words: dict[str, str]) -> str:
    event = entry.event
    stage = f" {words[event.stage]}" if isinstance(event, StageStarted) else ""
    if entry.withdrawn_by:
        why = words["withdrawn"].format(entry.withdrawn_by)
    else:
        why = words["after"].format(entry.later_than)
    told = f"{event.on} {words[event.event]}{stage} – {why}"
    return words["entry"].format(entry.place, entry.number, told)


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


def _span(days: Sequence[date]) -> str:
    return str(days[0]) if len(days) == 1 else f"{days[0]} — {days[-1]}"


def _foot(schedule: Schedule, lang: str, words: dict[str, str]) -> str:
    calendar, law = schedule.calendar, schedule.decision.rulebook
    return words["foot"].format(
        schedule.convention.says("en" if lang == "en" else "zh"),
        calendar.name,
        calendar.version,
        calendar.digest[:12],
        law.id,
        law.digest[:12],
    )
