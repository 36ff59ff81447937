"""A site as its supervisor reads it: a line a stage, what is missing, conflicts, breaches."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from drawreview.engine.document import PATH_ZH
from drawreview.engine.wording import PATH_EN
from drawreview.site.answer import Breach, Change, Conflict, Gate, SiteAnswer, State
from drawreview.site.changed import touched_zh
from drawreview.site.documents import BY_EVENT
from drawreview.site.events import STAGE_ZH, Stage
from drawreview.site.log import named
from drawreview.site.roles import WHO_ZH
from drawreview.site.schedule import Due
from drawreview.site.words import SCHEDULE_WORDS

_MARK: Final[dict[State, str]] = {"not_barred": "✓", "ask": "?", "barred": "✗"}
_STAR: Final = "★"  # for each place in which words of national law were seen
_STYLE: Final[dict[State, str]] = {"not_barred": "green", "ask": "yellow", "barred": "bold red"}
_STAGE_EN: Final = {
    Stage.PIT: "pit excavation and support",
    Stage.BLINDING: "blinding",
    Stage.BASE_SLAB: "base slab and above",
    Stage.MAIN_STRUCTURE: "main structure",
}
_WORDS: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "title": "施工节点：{}",
        "unnamed": "（未命名项目）",
        "as_of": "截至 {} · 审查方式：{}",
        "what_if": "【假定有效·仅供测算】",
        "not_barred": "本文件不禁止",
        "ask": "须请示",
        "barred": "不得施工",
        "lacks": "缺：{}",
        "from": "{}（{}）",
        "or": "；",
        "and": "、",
        "clause": "〔{}〕",
        "by_rule": "「本文件不禁止」不是批准；仍须「按规定」，并遵守其他法律。",
        "conflicts": "条文冲突和存疑（按●办，○并列）",
        "conflict": "{} {}〔{}〕「{}」",
        "register": "[{}] ",
        "reading": "    {} {} → {}",
        "breaches": "违反节点",
        "breach": "✗ {} 第{}条：开始施工{}，当日{}〔{}〕",
        "nothing_lacked": "条文禁止",
        "lacked": "还缺{}",
        "follows": "→ {}：{}〔{}〕",
        "no_consequence": "→ 本文件没有为此规定后果；按其他法律处理",
        "changes": "重大设计变更",
        "change": "! {} 第{}条，涉及 {}〔{}〕",
        "no": "分类不变：{}",
        "yes": "分类改变：{} → {}",
        "open": "分类待定：变更前 {}，变更后按触及的数据重新判定",
        "falls": "不再作数：{}",
        "falls_none": "没有已取得的文件因此不再作数",
        "again": "须提交：{}",
        "change_reading": "{} {}",
        "explanation": "情况说明",
        "overdue": "逾期的审查",
        "due": "! {}：{}，{} 到期〔{}〕",
        "reading_of": "（{}）",
        "findings": "事件中的疑点（照计）",
        "entry": "! {} 第{}条：{}",
        "uncounted": "没有计入的事件",
        "numbered": "第{}条{}",
        "reason": "{}：{}",
        "foot": "截至 {} · 规则 {} {}",
        "changed": "变更后的项目文件或施工图上传（建设单位）",
    },
    "en": {
        "title": "Stages: {}",
        "unnamed": "(unnamed project)",
        "as_of": "as of {} · review path: {}",
        "what_if": "[assumed in force: what-if only]",
        "not_barred": "not barred by this text",
        "ask": "ask",
        "barred": "barred",
        "lacks": "missing: {}",
        "from": "{} (from {})",
        "or": "; ",
        "and": ", ",
        "clause": " [{}]",
        "by_rule": "Not barred is not approved: other law and 「按规定」 still apply.",
        "conflicts": "Conflicts and doubts (● binds, ○ shown beside it)",
        "conflict": "{} {} [{}] 「{}」",
        "register": "[{}] ",
        "reading": "    {} {} → {}",
        "breaches": "Started too early",
        "breach": "✗ {} entry {}: {} started, {} [{}]",
        "nothing_lacked": "barred by the text",
        "lacked": "without {}",
        "follows": "→ {}: {} [{}]",
        "no_consequence": "→ this text names no consequence; other law applies",
        "changes": "Major design changes",
        "change": "! {} entry {}, touches {} [{}]",
        "no": "class unchanged: {}",
        "yes": "class changed: {} → {}",
        "open": "class open: {} before, to be decided again on what the change touches",
        "falls": "no longer counts: {}",
        "falls_none": "no document that was had is undone",
        "again": "to be submitted: {}",
        "change_reading": "{} {}",
        "explanation": "explanation",
        "overdue": "Overdue reviews",
        "due": "! {}: {}, due {} [{}]",
        "reading_of": " ({})",
        "findings": "Doubtful events (counted)",
        "entry": "! {} entry {}: {}",
        "uncounted": "Events that do not count",
        "numbered": "{} {}",
        "reason": "{}: {}",
        "foot": "as of {} · rules {} {}",
        "changed": "the changed project file, or the changed drawings uploaded (project owner)",
    },
}


def site_text(answer: SiteAnswer, lang: str) -> str:
    """Return what is said of a site as text."""
    return _SiteText(answer, lang).whole()


class _SiteText:
    def __init__(self, answer: SiteAnswer, lang: str) -> None:
        self.answer = answer
        self.lang = lang
        self.words = {**SCHEDULE_WORDS[lang], **_WORDS[lang]}
        terminal = sys.stdout.isatty()
        self.out = io.StringIO()
        # Without a terminal nothing is cut to a width.
        self.console = Console(
            file=self.out,
            highlight=False,
            force_terminal=terminal,
            width=None if terminal else 160,
        )

    def whole(self) -> str:
        answer, words = self.answer, self.words
        if answer.decision.assumption:
            self._line(words["what_if"], style="bold red")
        name = answer.decision.project.name or words["unnamed"]
        self._line(words["title"].format(name), style="bold")
        self._line("  " + words["as_of"].format(answer.on, self._path(answer.path)))
        self.console.print()
        width = max(cell_len(self._stage(gate.stage)) for gate in answer.gates)
        for gate in answer.gates:
            self._gate(gate, width)
        if any(gate.state == "not_barred" for gate in answer.gates):
            self._line("  " + words["by_rule"], style="dim")
        for title, lines in self._sections():
            self._line(f"\n{words[title]}", style="bold")
            for line in lines:
                self._line(f"  {line}")
        law = answer.decision.rulebook
        self._line("\n" + words["foot"].format(answer.on, law.id, law.digest[:12]), style="dim")
        return self.out.getvalue()

    def _line(self, text: str, style: str = "") -> None:
        self.console.print(Text(text, style=style), soft_wrap=True)

    def _path(self, path: str) -> str:
        return (PATH_ZH if self.lang == "zh" else PATH_EN)[path]

    def _stage(self, stage: Stage) -> str:
        return (STAGE_ZH if self.lang == "zh" else _STAGE_EN)[stage]

    def _who(self, names: Iterable[str]) -> str:
        zh = self.lang == "zh"
        return self.words["and"].join(WHO_ZH[n] if zh else n.replace("_", " ") for n in names)

    def _document(self, event: str) -> str:
        document = BY_EVENT.get(event)
        if document is None:
            return event  # a field of the project file
        told = (
            (document.zh, document.from_zh)
            if self.lang == "zh"
            else (document.en, document.from_en)
        )
        return self.words["from"].format(*told)

    def _short(self, event: str) -> str:
        document = BY_EVENT.get(event)
        if document is None:
            return event
        return document.zh if self.lang == "zh" else document.en

    def _touched(self, change: Change) -> Iterator[str]:
        for word in change.touches:
            yield touched_zh(word) if self.lang == "zh" else word.replace("_", " ")

    def _named(self, event: str) -> str:
        if event in self.words:
            return self.words[event]
        return event

    def _gate(self, gate: Gate, width: int) -> None:
        style = _STYLE[gate.state]
        line = Text.assemble(
            (f"  {_MARK[gate.state]} {set_cell_size(self._stage(gate.stage), width)}  ", style),
            (self.words[gate.state], style),
            self._clauses(gate),
        )
        self.console.print(line, soft_wrap=True)
        if gate.missing:
            self._line(" " * (width + 6) + self._lacks(gate))

    def _lacks(self, gate: Gate) -> str:
        listed = self.words["or"].join(self._document(event) for event in gate.missing)
        return self.words["lacks"].format(listed)

    def _clauses(self, gate: Gate) -> str:
        return self.words["clause"].format(self.words["and"].join(gate.clauses))

    def _sections(self) -> Iterator[tuple[str, list[str]]]:
        answer, words = self.answer, self.words
        conflicts = list(self._conflicts())
        if conflicts:
            yield "conflicts", conflicts
        if answer.breaches:
            yield "breaches", [line for b in answer.breaches for line in self._breach(b)]
        if answer.changes:
            yield "changes", [line for c in answer.changes for line in self._change(c)]
        if answer.overdue:
            yield "overdue", list(dict.fromkeys(map(self._due, answer.overdue)))
        if answer.findings:
            entries = [(f.place, f.number, f.text) for f in answer.findings]
            yield "findings", [words["entry"].format(*entry) for entry in entries]
        if answer.known.uncounted:
            yield "uncounted", list(self._uncounted())

    def _uncounted(self) -> Iterator[str]:
        """Yield what does not count, entries of one reason together."""
        by_reason: dict[str, list[str]] = {}
        for entry in self.answer.known.uncounted:
            told = self.words["numbered"].format(entry.number, named(entry.event))
            by_reason.setdefault(entry.why, []).append(told)
        for why, entries in by_reason.items():
            yield self.words["reason"].format(why, self.words["and"].join(entries))

    def _due(self, due: Due) -> str:
        same = [d for d in self.answer.overdue if (d.what, d.due) == (due.what, due.due)]
        reading = self.words["reading_of"].format(self.words.get(due.reading or "", ""))
        what = self.words[due.what] + (reading if len(same) == 1 and due.reading else "")
        return self.words["due"].format(self._who(due.who), what, due.due, due.clause)

    def _conflicts(self) -> Iterator[str]:
        """Yield each conflict once, with the stages on which it bears."""
        of_stages: dict[Conflict, list[Stage]] = {}
        for gate in self.answer.gates:
            for conflict in gate.conflicts:
                of_stages.setdefault(conflict, []).append(gate.stage)
        for conflict, stages in of_stages.items():
            where = self.words["and"].join(map(self._stage, stages))
            mark = self.words["register"].format(conflict.question) if conflict.question else ""
            yield f"{mark}{where}〔{conflict.clause}〕「{conflict.words}」"
            yield f"    {conflict.says}"
            for reading in conflict.readings:
                sign = "●" if reading.adopted else "○"
                state = self.words[reading.state]
                yield self.words["reading"].format(sign, reading.says, state)

    def _breach(self, breach: Breach) -> Iterator[str]:
        words = self.words
        listed = words["and"].join(map(self._short, breach.gate.missing))
        lacked = words["lacked"].format(listed) if listed else words["nothing_lacked"]
        yield words["breach"].format(
            breach.on, breach.number, self._stage(breach.stage), lacked, breach.clause
        )
        for follows in breach.consequences:
            who = self._who(follows.consequence.who)
            clause = f"{follows.clause}{_STAR * (follows.places_seen or 0)}"
            yield "    " + words["follows"].format(who, follows.words, clause)
        if not breach.consequences:
            yield "    " + words["no_consequence"]

    def _change(self, change: Change) -> Iterator[str]:
        words, both = self.words, self.words["and"]
        yield words["change"].format(
            change.on, change.number, both.join(self._touched(change)), both.join(change.clauses)
        )
        before, after = self._path(change.path_before), self._path(change.path_after)
        yield "    " + words[change.class_changed].format(before, after)
        falls = both.join(self._named(event) for event in change.falls)
        yield "    " + (words["falls"].format(falls) if falls else words["falls_none"])
        again = both.join(self._named(event) for event in change.submit_again)
        yield "    " + words["again"].format(again)
        for reading in change.readings:
            yield "    " + words["change_reading"].format(
                "●" if reading.adopted else "○", reading.says
            )
