"""The deadlines drawn as a timeline that wraps every two weeks, like lines of text.

Each lane numbers the working days that count. Letters and shapes say everything that colour says,
so that the picture can be printed in black.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from xml.sax.saxutils import escape

from drawreview.site.schedule import Due, Schedule
from drawreview.site.words import SCHEDULE_WORDS

_CELL: Final = 38
_LABEL: Final = 172
_HEAD: Final = 46
_LANE: Final = 34
_DAYS: Final = 14
_MARGIN: Final = 14
_TITLE: Final = 40  # 汉字 that fit above the picture
_WIDTH: Final = _LABEL + _DAYS * _CELL + 2 * _MARGIN
_FONTS: Final = (
    "system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', "
    "'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif"
)
_INK: Final = "#1f2328"
_SOFT: Final = "#57606a"
_GRID: Final = "#d0d7de"
_REST: Final = "#eaeef2"
_RUNS: Final = "#d6e8fa"
_DUE: Final = "#0b3d66"
_LATE: Final = "#a40e26"
_DONE: Final = "#116329"
_STOP: Final = "#7d4e00"
_LAST: Final = date.max.toordinal() + 1
_WEEKDAYS: Final = {"zh": "一二三四五六日", "en": "MTWTFSS"}
_WORDS: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "title": "审查期限",
        "as_of": "截至 {}",
        "workdays": "{}个工作日",
        "rest": "休",
        "makeup": "班",
        "stop": "停",
        "due": "期",
        "late": "逾",
        "start": "起",
        "today": "今",
        "none": "没有可画的期限",
        "earliest": "期?",
        "reading": "（{}）",
        "told": "{}：自 {} {}起算，{} 到期，{}。",
        "legend": "起 起算日 · 数字 第几个工作日 · 期 到期日 · 期? 停表中，最早的到期日 · ✓ 办结\n"
        "休 休息日，不计 · 班 调休补班，照计 · 停 停表 · 逾 逾期 · 今 所问之日",
    },
    "en": {
        "title": "Review deadlines",
        "as_of": "as of {}",
        "workdays": "{} working days",
        "rest": "off",
        "makeup": "work",
        "stop": "stop",
        "due": "due",
        "late": "late",
        "start": "S",
        "today": "now",
        "none": "no deadline to draw",
        "earliest": "due?",
        "reading": " ({})",
        "told": "{}: from {} {}, due {}, {}.",
        "legend": "S: start · number: working day · due: last day · due?: earliest day · "
        "✓ done\noff: day of rest · work: weekend day worked, which counts · stop: clock stopped · "
        "late: overdue · now: day asked about",
    },
}


def schedule_to_svg(schedule: Schedule, *, lang: str = "zh") -> str:
    """Return the timeline as an SVG document: same schedule, same bytes."""
    words = {**SCHEDULE_WORDS[lang], **_WORDS[lang]}
    dues = sorted(
        (due for due in (*schedule.in_order, *schedule.information) if due.due),
        key=lambda due: (due.term.start, due.due or due.on),
    )
    bands = list(_bands(dues, schedule.on))
    lanes = len(dues)
    tall = _HEAD + lanes * _LANE + 14
    height = 58 + len(bands) * tall + 54
    sheet = _Sheet(schedule, words, _WEEKDAYS[lang])
    name = schedule.decision.project.name or ""
    title = f"{words['title']}　{name}"
    shown = title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…"
    sheet.text(_MARGIN, 26, shown, 17, _INK, bold=True)
    says = schedule.convention.says(lang)
    calendar = f"{schedule.calendar.name} {schedule.calendar.version}"
    about = f"{words['as_of'].format(schedule.on)} · {says} · {calendar}"
    sheet.text(_MARGIN, 46, about, 12, _SOFT)
    for index, band in enumerate(bands):
        sheet.band(58 + index * tall, band, dues)
        if index and (band[0] - bands[index - 1][0]).days > _DAYS:
            sheet.text(_MARGIN, 72 + index * tall, "⋯", 16, _SOFT)
    if not bands:
        sheet.text(_MARGIN, 76, words["none"], 13, _INK)
    for index, line in enumerate(words["legend"].split("\n")):
        sheet.text(_MARGIN, height - 32 + index * 17, line, 11, _SOFT)
    told = " ".join(_told(schedule, due, words) for due in dues)
    return "\n".join(
        (
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
                f'width="{_WIDTH}" height="{height}" font-family="{_FONTS}" role="img" '
                'aria-labelledby="deadlines-title deadlines-desc">'
            ),
            f'<title id="deadlines-title">{escape(title)}</title>',
            f'<desc id="deadlines-desc">{escape(told)}</desc>',
            f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
            *sheet.parts,
            "</svg>\n",
        )
    )


def _told(schedule: Schedule, due: Due, words: dict[str, str]) -> str:
    """Return a lane in words, for those who do not see it."""
    reading = schedule.reading_of(due)
    return words["told"].format(
        words[due.what] + (words["reading"].format(words[reading]) if reading else ""),
        due.term.start,
        words[due.start_event],
        due.due,
        words[due.state],
    )


def _bands(dues: Sequence[Due], on: date) -> Iterator[tuple[date, ...]]:
    """Yield the days in lines of two weeks, from a Monday on; lines without an event are left out.

    A clock may stand still for a year; nobody wants to see each week of it.
    """
    if not dues:
        return
    days = {day for due in dues for day in (due.term.start, due.done_on, *due.numbered) if day}
    first = min(days)
    if on >= first and not all(due.done_on for due in dues):
        days.add(on)
    monday = first.toordinal() - first.weekday()
    for line in sorted({(day.toordinal() - monday) // _DAYS for day in days}):
        begins = monday + line * _DAYS
        yield tuple(map(date.fromordinal, range(begins, min(begins + _DAYS, _LAST))))


def _size(says: str) -> float:
    """Return the size at which a word and its number fit into a cell."""
    return {3: 10.5, 4: 9, 5: 9, 6: 8}.get(len(says), 7)


@dataclass(slots=True)
class _Sheet:
    schedule: Schedule
    words: dict[str, str]
    weekdays: str
    parts: list[str] = field(default_factory=list[str])

    def band(self, y: float, days: Sequence[date], dues: Sequence[Due]) -> None:
        """Draw two weeks: the days above, a lane for each deadline below."""
        bottom = y + _HEAD + len(dues) * _LANE
        for index, day in enumerate(days):
            self._day(_MARGIN + _LABEL + index * _CELL, y, bottom, day, first=index == 0)
        for index, due in enumerate(dues):
            top = y + _HEAD + index * _LANE
            self._label(top, due)
            for column, day in enumerate(days):
                self._cell(_MARGIN + _LABEL + column * _CELL, top, due, day)
        if self.schedule.on in days:
            x = _MARGIN + _LABEL + (days.index(self.schedule.on) + 1) * _CELL
            self.parts.append(
                f'<line x1="{x}" y1="{y + 4}" x2="{x}" y2="{bottom}" stroke="{_LATE}" '
                'stroke-width="2" stroke-dasharray="5 3"/>'
            )
            self.text(x - 4, y + 12, self.words["today"], 10, _LATE, bold=True, anchor="end")

    def _day(self, x: float, y: float, bottom: float, day: date, *, first: bool) -> None:
        calendar = self.schedule.calendar
        rest = calendar.rest(day) if calendar.first <= day <= calendar.last else None
        self.parts.append(
            f'<rect x="{x}" y="{y + 16}" width="{_CELL}" height="{bottom - y - 16}" '
            f'fill="{_REST if rest else "#ffffff"}" stroke="{_GRID}"/>'
        )
        if first or day.day == 1:
            self.text(x + 2, y + 12, f"{day:%Y-%m}", 11, _SOFT)
        self.text(x + 5, y + 31, f"{day.day}", 12, _SOFT if rest else _INK, bold=not rest)
        self.text(x + _CELL - 4, y + 31, self.weekdays[day.weekday()], 9, _SOFT, anchor="end")
        if rest:
            self.text(x + _CELL / 2, y + 43, self.words["rest"], 9, _SOFT, anchor="middle")
        elif day in calendar.makeup_days:
            self.text(
                x + _CELL / 2, y + 43, self.words["makeup"], 9, _DONE, bold=True, anchor="middle"
            )

    def _label(self, top: float, due: Due) -> None:
        reading = self.schedule.reading_of(due)
        says = self.words["workdays"].format(due.term.workdays)
        second = " · ".join((says, *((self.words[reading],) if reading else ())))
        self.text(_MARGIN, top + 14, self.words[f"{due.what}_short"], 12, _INK, bold=True)
        self.text(_MARGIN, top + 28, second, 10.5, _SOFT)

    def _cell(self, x: float, top: float, due: Due, day: date) -> None:
        last, middle = due.due, x + _CELL / 2
        if last is None:
            return
        if day == due.term.start:
            self.parts.append(
                f'<circle cx="{middle}" cy="{top + 17}" r="11" fill="#ffffff" '
                f'stroke="{_DUE}" stroke-width="2"/>'
            )
            self.text(middle, top + 21, self.words["start"], 10, _DUE, bold=True, anchor="middle")
        counted = due.numbered.get(day)
        if counted:
            self._counted(x, top, due, day, counted)
        elif due.skipped.get(day) in {pause.why for pause in due.stops}:
            self._box(x, top, "#fff4d6", _STOP, dash="3 2")
            self.text(middle, top + 21, self.words["stop"], 10, _STOP, anchor="middle")
        elif due.term.start < day < last:
            self.parts.append(
                f'<line x1="{x}" y1="{top + 17}" x2="{x + _CELL}" y2="{top + 17}" '
                f'stroke="{_SOFT}" stroke-dasharray="2 3"/>'
            )
        elif last < day <= self.schedule.on and due.state == "overdue":
            self._box(x, top, "#fbeaec", _LATE)
            self.text(middle, top + 21, self.words["late"], 10, _LATE, anchor="middle")
        if day == due.done_on:
            self.parts.append(
                f'<circle cx="{x + _CELL - 6}" cy="{top + 8}" r="7" fill="{_DONE}" '
                'stroke="#ffffff"/>'
            )
            self.text(x + _CELL - 6, top + 12, "✓", 10, "#ffffff", bold=True, anchor="middle")

    def _counted(self, x: float, top: float, due: Due, day: date, number: int) -> None:
        middle = x + _CELL / 2
        if day != due.due:
            self._box(x, top, _RUNS, "#6ea3d8")
            self.text(middle, top + 21, str(number), 12, _INK, anchor="middle")
            return
        if due.state == "stopped":
            self._box(x, top, "#ffffff", _DUE, dash="4 2")
            says = f"{number} {self.words['earliest']}"
            self.text(middle, top + 21, says, _size(says), _DUE, bold=True, anchor="middle")
            return
        colour = _LATE if due.state in {"overdue", "done_late"} else _DUE
        self._box(x, top, colour, colour)
        says = f"{number} {self.words['due']}"
        self.text(middle, top + 21, says, _size(says), "#ffffff", bold=True, anchor="middle")

    def _box(self, x: float, top: float, fill: str, stroke: str, dash: str = "") -> None:
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<rect x="{x + 2}" y="{top + 5}" width="{_CELL - 4}" height="24" rx="4" '
            f'fill="{fill}" stroke="{stroke}"{dashed}/>'
        )

    def text(  # noqa: PLR0913 - what, where, and how it looks
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        colour: str,
        *,
        bold: bool = False,
        anchor: str = "start",
    ) -> None:
        """Write words."""
        weight = ' font-weight="600"' if bold else ""
        at = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self.parts.append(
            f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{colour}"{weight}{at}>'
            f"{escape(words)}</text>"
        )
