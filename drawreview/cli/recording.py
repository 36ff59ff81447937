"""The options and the steps of `--record`: who acts, in which journal, correcting what."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, NoReturn

import typer

from drawreview.cli.language import in_either
from drawreview.cli.options import day
from drawreview.errors import InputError, Problem
from drawreview.project.words import illegible_in

if TYPE_CHECKING:
    from drawreview.engine.decision import Decision
    from drawreview.letters.footer import Receipt as Printed
    from drawreview.project.model import Project
    from drawreview.records.body import Actor
    from drawreview.records.entry import Receipt
    from drawreview.records.journal import Journal
    from drawreview.records.ways import Answering
    from drawreview.site.answer import SiteAnswer
    from drawreview.site.log import Log
    from drawreview.site.schedule import Schedule

    Site = tuple[Project, Log]

KINDS: Final = {
    "decision": "决定",
    "letter": "承诺书",
    "events": "事件",
    "erasure": "删除个人信息",
    "key_rotation": "换密钥",
}
RecordIt = Annotated[bool, typer.Option("--record", help="记入日志（--journal）")]
JournalIfAny = Annotated[
    str | None,
    typer.Option(
        "--journal",
        metavar="PATH|URL",
        envvar="DRAWREVIEW_JOURNAL",
        help="日志：文件路径，或 postgresql:// 网址",
    ),
]
ActorName = Annotated[
    str | None,
    typer.Option(
        "--actor",
        metavar="ID",
        envvar="DRAWREVIEW_ACTOR",
        help="经办人代号（工号、窗口号，如 w-07、3号窗口），不写姓名",
    ),
]
Role = Annotated[
    Literal["clerk", "design_firm", "auditor", "administrator"],
    typer.Option("--role", envvar="DRAWREVIEW_ROLE", help="经办人身份"),
]
Supersedes = Annotated[
    str | None, typer.Option("--supersedes", metavar="ID|INDEX", help="更正哪一条记录")
]
Why = Annotated[str | None, typer.Option("--why", metavar="TEXT", help="更正的理由")]
AppliedOn = Annotated[
    str | None, typer.Option("--applied-on", metavar="DATE", help="申请日期，如 2021-02-26")
]
Answers = Annotated[
    list[str] | None,
    typer.Option("--answer", metavar="ID=TEXT", help="对某条注意事项的答复，如 A22=已核对"),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the options of a recording say."""

    journal: str | None
    key: Path | None
    actor: str | None
    role: Literal["clerk", "design_firm", "auditor", "administrator"]
    supersedes: str | None = None
    why: str | None = None
    applied_on: str | None = None
    answers: Sequence[str] = ()

    @property
    def beside(self) -> bool:
        """Whether anything was said that only a record can hold."""
        return bool(self.supersedes or self.why or self.applied_on or self.answers)


def check(asked: Asked, *, record: bool, many: bool = False) -> None:
    """Refuse options that do not say enough, before anything is decided."""
    if record and many:
        _usage("--record 一次记一个项目；去掉 --pot。", "--record")
    if not record:
        if asked.beside:
            _usage("--supersedes、--why、--applied-on、--answer 只随 --record 使用。", "--record")
        return
    if not asked.journal:
        _usage("写明日志：--journal PATH，或环境变量 DRAWREVIEW_JOURNAL。", "--journal")
    if not asked.actor:
        _usage("写明经办人代号：--actor ID，或环境变量 DRAWREVIEW_ACTOR。", "--actor")
    actor_of(asked)
    if bool(asked.supersedes) != bool(asked.why):
        _usage("更正要同时写 --supersedes ID|INDEX 和 --why 理由。", "--supersedes")


def recorded(asked: Asked, decision: Decision) -> str:
    """Record a decision; return its receipt in one line."""
    with opened(asked) as journal:
        return told(record(asked, journal, decision))


def recorded_deadlines(
    asked: Asked, site: Site, schedule: Schedule, *, assume_in_force: bool
) -> str:
    """Record what happened to a project and which deadlines follow; return the receipt."""
    from drawreview.web.again import deadlines_again  # noqa: PLC0415 - heavy, as below

    return _recorded_events(asked, site, deadlines_again, schedule, assume_in_force)


def recorded_stages(asked: Asked, site: Site, answer: SiteAnswer, *, assume_in_force: bool) -> str:
    """Record what happened to a project and which stages may start; return the receipt."""
    from drawreview.web.again import gates_again  # noqa: PLC0415 - heavy, as below

    return _recorded_events(asked, site, gates_again, answer, assume_in_force)


def _recorded_events(
    asked: Asked,
    site: Site,
    answering: Answering,
    answer: Schedule | SiteAnswer,
    assume_in_force: bool,
) -> str:
    from drawreview.records.record import record_events  # noqa: PLC0415

    stated, log = site
    events = [
        entry.event.model_dump(mode="json", by_alias=True, exclude_none=True)
        for entry in log.entries
    ]
    with opened(asked) as journal:
        receipt = record_events(
            journal,
            stated,
            events,
            answering,
            on=answer.on,
            rulebook=answer.decision.rulebook,
            assume_in_force=assume_in_force,
            actor=actor_of(asked),
        )
    return told(receipt)


def opened(asked: Asked) -> Journal:
    """Open the journal that the options name."""
    from drawreview.records.journal import open_journal  # noqa: PLC0415 - heavy, as below

    return open_journal(asked.journal or "", key=asked.key)


def record(asked: Asked, journal: Journal, decision: Decision) -> Receipt:
    """Record a decision with what the options say about it."""
    from drawreview.records.body import Circumstances, Superseded  # noqa: PLC0415
    from drawreview.records.record import record_decision  # noqa: PLC0415

    earlier = (
        Superseded(id_of(journal, asked.supersedes), words(asked.why or "", "--why"))
        if asked.supersedes
        else None
    )
    return record_decision(
        journal,
        decision,
        Circumstances(
            actor=actor_of(asked),
            applied_on=_applied_on(asked, decision),
            answers=_answers(asked.answers, decision),
            supersedes=earlier,
        ),
    )


def id_of(journal: Journal, record: str) -> str:
    """Return the id of a record that is named by its id or its index."""
    if record.isdecimal():
        return next((one.id for one in journal.records(int(record), int(record) + 1)), record)
    return record


def actor_of(asked: Asked) -> Actor:
    """Return who acts; raises `InputError` if it is told by name."""
    from drawreview.records.body import Actor  # noqa: PLC0415 - heavy

    return Actor(words(asked.actor or "", "--actor"), asked.role, "cli")


def told(receipt: Receipt) -> str:
    """Return the receipt of a record in one line."""
    return words_of(printed(receipt))


def words_of(receipt: Printed) -> str:
    """Return a receipt in one line; in Chinese as it stands at the foot of a letter."""
    from drawreview.letters.footer import SHORT  # noqa: PLC0415 - letters are heavy

    root = receipt.root[:SHORT]
    english = f"receipt {receipt.record}  index {receipt.index}  first {receipt.size}: root {root}"
    return in_either(receipt.words, english)


def printed(receipt: Receipt) -> Printed:
    """Return a journal's receipt as a letter carries it."""
    from drawreview.letters.footer import Receipt as Printed  # noqa: PLC0415 - letters are heavy

    return Printed(receipt.id, receipt.seq, receipt.size, receipt.root.hex())


def _applied_on(asked: Asked, decision: Decision) -> date | None:
    if asked.applied_on is None:
        return None
    applied = day(asked.applied_on, "--applied-on")
    if applied > decision.on:
        raise InputError(
            (
                Problem(
                    "--applied-on",
                    f"申请日期 {applied} 晚于决定日期 {decision.on}。",
                    "核对两个日期。",
                ),
            )
        )
    return applied


def _answers(written: Sequence[str], decision: Decision) -> dict[str, str]:
    """Return the answers to the decision's warnings; one to no warning is refused."""
    asked = {warning.question for warning in decision.warnings}
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for each in written:
        question, sign, text = each.partition("=")
        if not sign or not text.strip():
            problems.append(Problem(each, "不是「编号=答复」。", "例如 A22=已核对。"))
        elif question not in asked:
            known = "、".join(sorted(asked)) or "无"
            problems.append(Problem(each, "本决定没有这条注意事项。", f"可答复的：{known}。"))
        else:
            found[question] = words(text, f"--answer {question}")
    if problems:
        raise InputError(tuple(problems))
    return found


def words(written: str, place: str) -> str:
    """Return what somebody typed, as records keep words; raises `InputError`."""
    problems = illegible_in(place, written.strip(), lines=True)
    if problems:
        raise InputError(tuple(problems))
    return unicodedata.normalize("NFC", written.strip())


def _usage(message: str, option: str) -> NoReturn:
    raise typer.BadParameter(message, param_hint=option)
