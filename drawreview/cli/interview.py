"""The interview in a terminal: one question at a time, what is settled, and how to go back."""

from __future__ import annotations

import sys
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from drawreview.advice.ask import Asked, Question
from drawreview.advice.interview import Interview
from drawreview.cli.files import write_whole
from drawreview.cli.project_file import project_file
from drawreview.cli.sheet import folded
from drawreview.engine.document import PATH_ZH
from drawreview.errors import InputError
from drawreview.project.answers import UNKNOWN, value_of
from drawreview.project.fields import Answer, field_at
from drawreview.project.from_yaml import is_mapping, is_sequence
from drawreview.project.labels import called


class Wish(Enum):
    """What a person may want instead of answering."""

    BACK = ("返回", "<")
    CHANGE = ("改", "改答")
    STOP = ("保存", "退出")


_HELP: Final = "也可以答：不知道 · 返回（上一题） · 改（改已答的） · 保存（写下已答的，停下）"


_OFFER: Final = "再答 {} 题，把施工许可和承诺书要用的也填上？"


def conduct(interview: Interview, *, place: Path, before: str) -> None:
    """Ask until the path is settled, then for permit and letter, and write the file.

    Exits with 4 if the path is still open or referred. Nothing is written if the input ends or is
    interrupted: the file is whole, or stays as it was.
    """
    screen = _Screen(Console(file=sys.stdout, highlight=False, soft_wrap=True))
    screen.say("施工图审查分流 · 问答", "bold")
    screen.say(f"决定日期 {interview.on.isoformat()}。{_HELP}")
    try:
        interview = _asked_through(screen, interview)
    except (EOFError, KeyboardInterrupt):
        screen.say("\n已中断：没有写入任何文件，刚才的回答没有保存。", "yellow")
        sys.exit(4)
    asked = interview.asked
    _conclusion(screen, asked)
    if not interview.answered:
        screen.say("没有问任何一题，没有写文件。")
        sys.exit(4 if asked.review_path in {"undetermined", "referred"} else 0)
    write_whole({place: project_file(interview.stated, before)})
    if asked.review_path in {"undetermined", "referred"}:
        sys.exit(4)


def _asked_through(screen: _Screen, interview: Interview) -> Interview:
    again: Question | None = None  # an earlier question that is being changed
    told: tuple[str, ...] = ()
    goes_on = False  # with what the permit and the letter need
    while True:
        asked = interview.asked
        for line in asked.whatever:
            if line not in told:
                screen.say(f"\n● {line}", "bold green")
        told = asked.whatever
        question = again or asked.next
        if question is None:
            left = [q for q in asked.follows if q.field not in interview.unknown]
            if not left:
                return interview
            offered = goes_on or screen.agrees(_OFFER.format(len(left)))
            if offered is Wish.STOP or offered is False:
                return interview
            if isinstance(offered, Wish):
                again = _earlier(screen, interview, offered, None)
                continue
            goes_on, question = True, left[0]
        answer = _answer(screen, interview, question, asked)
        if isinstance(answer, Interview):
            interview, again = answer, answer.beside(question)
        elif answer is Wish.STOP:
            return interview
        else:
            again = _earlier(screen, interview, answer, question) or again


def _earlier(
    screen: _Screen, interview: Interview, wish: Wish, question: Question | None
) -> Question | None:
    """Return the earlier question that is wanted: the one before, or one that is picked."""
    if wish is not Wish.BACK:
        return _chosen(screen, interview)
    fields = [answered.field for answered in interview.answered]
    place = fields.index(question.field) if question and question.field in fields else len(fields)
    if place == 0:
        screen.say("这是第一题，没有上一题。", "yellow")
        return None
    return interview.answered[place - 1]


def _chosen(screen: _Screen, interview: Interview) -> Question | None:
    """Return the answered question that the person picks to change."""
    if not interview.answered:
        screen.say("还没有答过题。", "yellow")
        return None
    for number, question in enumerate(interview.answered, start=1):
        said = _said(question, interview.value_at(question))
        screen.say(f"  {number}  {question.question} {said}")
    picked = screen.hear("改第几题？（回车不改）")
    if picked.isdecimal() and 1 <= int(picked) <= len(interview.answered):
        return interview.answered[int(picked) - 1]
    return None


def _answer(
    screen: _Screen, interview: Interview, question: Question, asked: Asked
) -> Interview | Wish:
    """Put one question until it is answered, or until something else is wanted."""
    _put(screen, question, asked, interview)
    present = interview.value_at(question)
    if present is not None:
        screen.say(f"  现在的回答：{_said(question, present)}（回车保留）", "dim")
    while True:
        said = screen.hear()
        wish = next((wish for wish in Wish if said in wish.value), None)
        if wish is not None:
            return wish
        if said in UNKNOWN:
            return interview.answer_unknown(question)
        if not said and present is not None and not question.must_sign:
            return interview.answer(question, present)
        try:
            value = value_of(question.field, said)
            if question.answer is Answer.JUDGEMENT and value["value"]:
                value = _signed(screen, interview, question)
            return interview.answer(question, value)
        except InputError as error:
            for problem in error.problems:
                screen.say(f"  ✗ {problem.problem}{problem.remedy}", "red")


def _put(screen: _Screen, question: Question, asked: Asked, interview: Interview) -> None:
    unit = f"（单位 {question.unit}）" if question.unit else ""
    screen.say(f"\n{question.question}{unit}", "bold cyan")
    screen.say(f"  〔{question.clause}〕「{question.phrase}」", "dim")
    if question.told:
        screen.say(f"  {question.told}", "dim")
    if question.answer in {Answer.CHOICES, Answer.PARTS}:
        screen.say("  写序号，几项之间用空格隔开；都没有写「没有」", "dim")
    for number, (_, words) in enumerate(question.choices, start=1):
        screen.say(f"  {number}  {words}")
    if asked.ranking and asked.ranking[0].field == question.field:
        left = asked.ranking[0].expected_questions_left
        other = _compared(question.field, asked, interview.unknown)
        order = f"先答这一题，平均共 {left:.1f} 题就能定案{other}"
        screen.say(f"  {order}", "dim italic")


def _compared(field: str, asked: Asked, unknown: Collection[str]) -> str:
    """Say what it would take to ask another question first: the best of another kind."""
    kind = field.rpartition(".")[2]
    others = (r for r in asked.ranking[1:] if r.field not in unknown)
    other = next((r for r in others if r.field.rpartition(".")[2] != kind), None)
    if other is None:
        return ""
    here = asked.ranking[0].expected_questions_left
    if f"{other.expected_questions_left:.1f}" == f"{here:.1f}":
        return ""
    return f"；若先问「{field_at(other.field).zh}」，要 {other.expected_questions_left:.1f} 题"


def _signed(screen: _Screen, interview: Interview, question: Question) -> dict[str, Any]:
    """Return an affirmed judgement with who judged, when and why (A13)."""
    must = "" if question.must_sign else "（不署名就回车）"
    by = screen.hear(f"认定人{must}")
    if not by and not question.must_sign:
        return {"value": True}
    on = screen.hear(f"认定日期（回车为 {interview.on.isoformat()}）") or interview.on.isoformat()
    return {
        "value": True,
        "by": by,
        "on": value_of("permit.drawings_uploaded_on", on),
        "why": screen.hear("理由"),
    }


def _said(question: Question, value: Any) -> str:  # noqa: ANN401, PLR0911 - what a file may say
    """Return an answer as people read it."""
    words = dict(question.choices)
    match value:
        case None:
            return "不知道"
        case bool():
            return "是" if value else "否"
        case str() if value in words:
            return words[value]
        case date() | str() | int() | Decimal() | float():
            return f"{value}{question.unit or ''}"
        case _ if question.field == "buildings":
            return f"{len(value)} 栋"
        case _ if is_sequence(value):
            kinds = [part.get("kind") if is_mapping(part) else part for part in value]
            return "、".join(words.get(str(kind), str(kind)) for kind in kinds) or "没有"
        case _ if is_mapping(value):
            signed = f"（{value['by']}）" if value.get("by") else ""
            return f"{'是' if value.get('value') else '否'}{signed}"
        case _:
            return str(value)


def _conclusion(screen: _Screen, asked: Asked) -> None:
    screen.say(f"\n审查方式：{PATH_ZH[asked.review_path]}", "bold")
    decision = asked.decision
    if decision.standing.because:
        screen.say(f"  {decision.standing.because}")
    if decision.standing.path and not decision.assumption:
        screen.say("  要问试行期内的，用 --on 写明日期；要测算，加 --assume-in-force。")
    for rule in decision.won if asked.settled else ():
        for conclusion in rule.then:
            if conclusion.words:
                screen.say(f"  〔{rule.clause}〕「{conclusion.words}」")
    if not asked.settled:
        screen.say(f"  还不能定案，尚缺 {len(asked.ranking)} 项：", "yellow")
        for line in called(decision.project, (r.field for r in asked.ranking)).split("；"):
            screen.say(f"    · {line}", "yellow")
    for question in asked.follows:
        what = "施工许可" if question.purpose == "permit" else "承诺书"
        screen.say(f"  {what}还要：{question.zh}〔{question.clause}〕", "yellow")


class _Screen:
    """What is said to the person and heard from them."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def say(self, line: str, style: str = "") -> None:
        """Print a line; what it quotes is never read as markup."""
        for part in folded(line, self._console.width) if self._console.is_terminal else (line,):
            self._console.print(Text(part, style=style))

    def hear(self, prompt: str = "") -> str:
        """Return what the person types; raises EOFError and KeyboardInterrupt."""
        sys.stdout.flush()
        return input(f"  {prompt}> ").strip()

    def agrees(self, question: str) -> bool | Wish:
        """Whether the person says yes, as a bare return does; or what else is wanted."""
        self.say(f"\n{question}", "bold cyan")
        while True:
            said = self.hear("是（回车）/ 否")
            wish = next((wish for wish in Wish if said in wish.value), None)
            if wish is not None:
                return wish
            if said in {"", "是", "y", "好", "1"} or said in {"否", "n", "不", "2", *UNKNOWN}:
                return said in {"", "是", "y", "好", "1"}
            self.say("  ✗ 请答「是」或「否」；「返回」「改」可改前面的回答。", "red")
