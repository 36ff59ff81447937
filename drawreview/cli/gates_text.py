"""A site as its supervisor reads it: a line a stage, what is missing, conflicts, breaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rich.cells import cell_len, set_cell_size

from drawreview.cli.log_text import finding_lines, uncounted_lines
from drawreview.cli.sheet import Sheet, sheet
from drawreview.engine.document import PATH_ZH, ReviewPath
from drawreview.engine.wording import PATH_EN, english_name
from drawreview.project.kinds import PARTIES
from drawreview.project.labels import called
from drawreview.site.answer import (
    Breach,
    Change,
    ChangeReading,
    Conflict,
    Gate,
    Reading,
    SiteAnswer,
    State,
)
from drawreview.site.changed import touched_en, touched_zh
from drawreview.site.documents import BY_EVENT
from drawreview.site.events import STAGE_EN, STAGE_ZH, Stage
from drawreview.site.schedule import Due
from drawreview.site.situation import DECIDED
from drawreview.site.words import CONSEQUENCE_EN, SCHEDULE_WORDS

MARK: Final[dict[State, str]] = {"not_barred": "✓", "ask": "?", "barred": "✗"}
_STAR: Final = "★"  # for each place in which words of national law were seen
STYLE: Final[dict[State, str]] = {"not_barred": "green", "ask": "yellow", "barred": "bold red"}
STYLE_OF_BREACH: Final = "red"
_SUBMITTED: Final = ("explanation", "drawings_uploaded")  # the rest is had from others
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
        "and": "、",
        "clause": "〔{}〕",
        "by_rule": "「本文件不禁止」不是批准；仍须「按规定」，并遵守其他法律。",
        "conflicts": "条文冲突和存疑（按●办，○并列）",
        "conflict": "{}〔{}〕「{}」",
        "register": "[{}] ",
        "reading": "    {} {} → {}",
        "breaches": "违反节点（每个★：国家法律原文的一处独立来源）",
        "breach": "✗ {} 第{}条：开始施工{}，当日{}〔{}〕",
        "nothing_lacked": "条文禁止",
        "lacked": "还缺{}",
        "follows": "→ {}：「{}」〔{}〕",
        "no_consequence": "→ 本文件没有为此规定后果；按其他法律处理",
        "changes": "重大设计变更",
        "change": "! {} 第{}条，涉及 {}〔{}〕",
        "no": "分类不变：{}",
        "yes": "分类改变：{} → {}",
        "open": "分类待定：变更前 {}，变更后按触及的数据重新判定",
        "settled": "变更后分类：{}，按截至当日的项目文件和事件判定；与变更前是否相同，请核对",
        "falls": "不再作数：{}",
        "falls_none": "没有已取得的文件因此不再作数",
        "again": "须提交：{}",
        "to_have_again": "须重新取得：{}",
        "explanation": "情况说明",
        "overdue": "逾期的审查",
        "due": "! {}：{}，{} 到期〔{}〕",
        "reading_of": "（{}）",
        "findings": "事件中的疑点（照计）",
        "uncounted": "没有计入的事件",
        "foot": "截至 {} · 规则 {} {}",
        "legend": "",
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
        "and": ", ",
        "clause": " [{}]",
        "by_rule": "Not barred is not approved: other law and 「按规定」 still apply.",
        "conflicts": "Conflicts and doubts (● binds, ○ shown beside it)",
        "conflict": "{} [{}] 「{}」",
        "register": "[{}] ",
        "reading": "    {} {} → {}",
        "breaches": "Started too early (★: a place in which words of national law were seen)",
        "breach": "✗ {} entry {}: {} started, {} [{}]",
        "nothing_lacked": "barred by the text",
        "lacked": "without {}",
        "follows": "→ {}: {what} 「{}」 [{}]",
        "no_consequence": "→ this text names no consequence; other law applies",
        "changes": "Major design changes",
        "change": "! {} entry {}, touches {} [{}]",
        "no": "class unchanged: {}",
        "yes": "class changed: {} → {}",
        "open": "class open: “{}” before the change, to be decided again on what it touches",
        "settled": "class after the change: {}, by file and log as of the day; "
        "please check whether it was another before",
        "falls": "no longer counts: {}",
        "falls_none": "no document that was had is undone",
        "again": "to be submitted: {}",
        "to_have_again": "to be had again: {}",
        "explanation": "explanation",
        "overdue": "Overdue reviews",
        "due": "! {}: {}, due {} [{}]",
        "reading_of": " ({})",
        "findings": "Doubtful events (counted)",
        "uncounted": "Events that do not count",
        "foot": "as of {} · rules {} {}",
        "legend": "「…」: the law's own words; clauses by their Chinese numbers",
    },
}


def site_text(answer: SiteAnswer, lang: str) -> str:
    """Return what is said of a site as text."""
    return _SiteText(answer, lang).whole()


class Names:
    """What the parts of an answer are called in a language."""

    def __init__(self, answer: SiteAnswer, lang: str) -> None:
        self.answer = answer
        self.lang = lang
        self.words = {**SCHEDULE_WORDS[lang], **_WORDS[lang]}

    @property
    def project(self) -> str:
        """The project's name."""
        return self.answer.decision.project.name or self.words["unnamed"]

    def path(self, path: ReviewPath) -> str:
        """Return the name of a review path."""
        return (PATH_ZH if self.lang == "zh" else PATH_EN)[path]

    def stage(self, stage: Stage) -> str:
        """Return the name of a stage."""
        return (STAGE_ZH if self.lang == "zh" else STAGE_EN)[stage]

    def state(self, state: State) -> str:
        """Return what is said of a stage."""
        return self.words[state]

    def listed(self, words: Iterable[str]) -> str:
        """Return several things as one text."""
        return self.words["and"].join(words)

    def document(self, event: str) -> str:
        """Return what is missing, and from whom it is had."""
        document = BY_EVENT.get(event)
        if document is None:
            return self.short(event)
        told = (
            (document.zh, document.from_zh)
            if self.lang == "zh"
            else (document.en, document.from_en)
        )
        return self.words["from"].format(*told)

    def short(self, event: str) -> str:
        """Return what is missing."""
        document = BY_EVENT.get(event)
        if document is not None:
            return document.zh if self.lang == "zh" else document.en
        if self.lang == "zh":
            return called(self.answer.decision.project, (event,))
        return english_name(event)


class _SiteText(Names):
    def whole(self) -> str:
        answer, words, out = self.answer, self.words, sheet()
        if answer.decision.assumption:
            out.line(words["what_if"], "bold red")
        out.item(words["title"].format(self.project), "bold")
        out.item("  " + words["as_of"].format(answer.on, self.path(answer.path)))
        out.line("")
        width = max(cell_len(self.stage(gate.stage)) for gate in answer.gates)
        for gate in answer.gates:
            self._gate(out, gate, width)
        if any(gate.state == "not_barred" for gate in answer.gates):
            out.item("  " + words["by_rule"], "dim")
        for title, lines in self._sections():
            out.line(f"\n{words[title]}", "bold")
            for line in lines:
                out.item(f"  {line}")
        law = answer.decision.rulebook
        out.line("")
        out.item(words["foot"].format(answer.on, law.id, law.digest[:12]), "dim")
        if words["legend"]:
            out.item(words["legend"], "dim")
        return out.text()

    def _who(self, names: Iterable[str]) -> str:
        zh = self.lang == "zh"
        return self.words["and"].join(PARTIES[n] if zh else n.replace("_", " ") for n in names)

    def _touched(self, change: Change) -> Iterator[str]:
        for word in change.touches:
            yield touched_zh(word) if self.lang == "zh" else touched_en(word)

    def _named(self, event: str) -> str:
        return self.words.get(event, event)

    def _says(self, said: Conflict | Reading | ChangeReading) -> str:
        return said.english if self.lang == "en" else said.says

    def _gate(self, out: Sheet, gate: Gate, width: int) -> None:
        stage = set_cell_size(self.stage(gate.stage), width)
        clauses = self.words["clause"].format(self.words["and"].join(gate.clauses))
        state = f"  {MARK[gate.state]} {stage}  {self.words[gate.state]}{clauses}"
        out.item(state, STYLE[gate.state])
        for event in gate.missing:
            out.item(" " * (width + 6) + self.words["lacks"].format(self.document(event)))

    def _sections(self) -> Iterator[tuple[str, list[str]]]:
        answer = self.answer
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
            yield "findings", list(finding_lines(answer.findings, self.lang))
        if answer.known.uncounted:
            yield "uncounted", list(uncounted_lines(answer.known.uncounted, self.lang))

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
            where = self.words["and"].join(map(self.stage, stages))
            mark = self.words["register"].format(conflict.question) if conflict.question else ""
            yield mark + self.words["conflict"].format(where, conflict.clause, conflict.words)
            yield f"    {self._says(conflict)}"
            for reading in conflict.readings:
                sign = "●" if reading.adopted else "○"
                state = self.words[reading.state]
                yield self.words["reading"].format(sign, self._says(reading), state)

    def _breach(self, breach: Breach) -> Iterator[str]:
        words = self.words
        listed = words["and"].join(map(self.short, breach.gate.missing))
        lacked = words["lacked"].format(listed) if listed else words["nothing_lacked"]
        yield words["breach"].format(
            breach.on, breach.number, self.stage(breach.stage), lacked, breach.clause
        )
        for follows in breach.consequences:
            who = self._who(follows.consequence.who)
            clause = f"{follows.clause}{_STAR * (follows.places_seen or 0)}"
            code = follows.consequence.what
            what = CONSEQUENCE_EN.get(code, code.replace("_", " "))
            yield "    " + words["follows"].format(who, follows.words, clause, what=what)
        if not breach.consequences:
            yield "    " + words["no_consequence"]

    def _change(self, change: Change) -> Iterator[str]:
        words, both = self.words, self.words["and"]
        yield words["change"].format(
            change.on, change.number, both.join(self._touched(change)), both.join(change.clauses)
        )
        before, after = self.path(change.path_before), self.path(change.path_after)
        if change.class_changed == "open" and change.path_after in DECIDED:
            yield "    " + words["settled"].format(after)
        else:
            yield "    " + words[change.class_changed].format(before, after)
        falls = both.join(self._named(event) for event in change.falls)
        yield "    " + (words["falls"].format(falls) if falls else words["falls_none"])
        submit = [self._named(one) for one in change.submit_again if one in _SUBMITTED]
        if submit:
            yield "    " + words["again"].format(both.join(submit))
        had = [self.document(one) for one in change.submit_again if one not in _SUBMITTED]
        if had:
            yield "    " + words["to_have_again"].format(both.join(had))
        for reading in change.readings:
            yield f"    {'●' if reading.adopted else '○'} {self._says(reading)}"
