"""`drawreview replay`: decide every recorded decision again, and name each difference."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from drawreview.cli.held import text_of, trusted_in
from drawreview.cli.options import JournalKey, JournalPlace, Overlay, Readings, day
from drawreview.cli.recording import KINDS
from drawreview.cli.sheet import sheet
from drawreview.errors import InputError, Problem
from drawreview.legible import legible, legible_json

if TYPE_CHECKING:
    from drawreview.records.bundle import Bundle
    from drawreview.records.evidence import Evidence
    from drawreview.records.journal import Journal
    from drawreview.records.replay import Otherwise, Replayed
    from drawreview.timeline.workdays import Calendar

_KINDS = KINDS | {"letter": "承诺书和告知书"}
_SHOWN = 50  # findings; JSON tells them all


def replay_command(
    *,
    journal: JournalPlace,
    key: JournalKey = None,
    level: Annotated[
        Literal["A", "B", "C", "D"] | None,
        typer.Option(
            "--level",
            help="A 核对字节；B 同一规则重做；C 用当时的软件；D 换规则、读法或日历，只列差别",
        ),
    ] = None,
    pack: Annotated[
        str | None,
        typer.Option("--pack", metavar="DIR|DIGEST", help="D：换成这套规则；shipped 是随程序的"),
    ] = None,
    calendar: Annotated[
        str | None,
        typer.Option(
            "--calendar", metavar="FILE|DIGEST", help="D：换成这份日历；shipped 是随程序的"
        ),
    ] = None,
    reading: Readings = None,
    overlay: Overlay = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="决定日期起")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help="决定日期止")] = None,
    sample: Annotated[
        float,
        typer.Option(
            "--sample",
            min=0,
            max=1,
            help="由两套引擎逐字节重做、承诺书重新排出的比例；其余只核对事实、规则真值和结论",
        ),
    ] = 1.0,
    seed: Annotated[int, typer.Option("--seed", help="抽取哪些")] = 0,
    python: Annotated[
        Path | None,
        typer.Option("--python", metavar="PATH", help="C：装有当时软件的 Python"),
    ] = None,
    trust: Annotated[
        Path | None,
        typer.Option("--trust", metavar="FILE", help="信任的公钥，一行一个；默认用密钥文件里的"),
    ] = None,
    held: Annotated[
        list[Path] | None,
        typer.Option("--held", metavar="FILE", help="手里另存的检查点或回执，可多次"),
    ] = None,
    form: Annotated[Literal["text", "json"], typer.Option("--format", help="输出格式")] = "text",
) -> None:
    """重放日志或存证包：决定重新作出，期限重新推算，承诺书重新排出，逐一说明差别及条款；什么也不写。

    有发现则退出状态为 1；没有发现，但有须用别的软件重做的，或签名没有用外来的公钥核对，则为 4。
    """
    changed = bool(pack or reading or overlay or calendar)
    level = level or ("D" if changed else "B")
    if changed != (level == "D"):
        message = "--pack、--reading、--overlay、--calendar 用于 D 级，D 级须写其中之一。"
        raise typer.BadParameter(message, param_hint="--level")
    if python:
        if level != "C":
            message = "--python 用于 C 级。"
            raise typer.BadParameter(message, param_hint="--python")
        sys.exit(_elsewhere(python, sys.argv[1:]))
    from drawreview.records.replay import Plan, replay  # noqa: PLC0415
    from drawreview.web.again import ways_of  # noqa: PLC0415 - heavy, as below

    with ExitStack() as stack:
        log = stack.enter_context(opened(journal, key))
        evidence = _evidence(log, trust, held or [])
        plan = Plan(
            level=level,
            first=day(first, "--from") if first else None,
            last=day(last, "--to") if last else None,
            sample=sample,
            seed=seed,
            otherwise=_otherwise(log, pack, reading or [], overlay, calendar),
        )
        progress = stack.enter_context(_progress(len(log)))
        done = replay(
            log,
            plan,
            evidence=evidence,
            progress=progress,
            ways=ways_of(log),
            partial=_is_part(log),
        )
    if form == "json":
        told = json.dumps(_told(done), ensure_ascii=False, indent=2)
        sys.stdout.write(legible_json(told) + "\n")
    else:
        _show(done)
    if not done.holds:
        sys.exit(1)
    if done.not_obtainable or done.set_elsewhere or not evidence.signed:
        sys.exit(4)


def opened(place: str, key: Path | None) -> Journal | Bundle:
    """Open a journal, or the bundle that was made of one."""
    from drawreview.records.bundle import Bundle  # noqa: PLC0415 - heavy, as below
    from drawreview.records.journal import open_journal  # noqa: PLC0415

    return Bundle(Path(place)) if place.endswith(".zip") else open_journal(place, key=key)


def _is_part(log: Journal | Bundle) -> bool:
    from drawreview.records.bundle import Bundle  # noqa: PLC0415 - heavy

    return isinstance(log, Bundle) and log.is_part


def _elsewhere(python: Path, arguments: Sequence[str]) -> int:
    """Run the same command under another Python; return its exit status."""
    at = next(i for i, word in enumerate(arguments) if word.partition("=")[0] == "--python")
    rest = [*arguments[:at], *arguments[at + (1 if "=" in arguments[at] else 2) :]]
    call = "from drawreview.cli import main; main()"
    try:
        asked = [str(python), "-c", "import drawreview.records.replay"]
        subprocess.run(asked, check=True, capture_output=True)  # noqa: S603 - what the user names
        return subprocess.run([str(python), "-c", call, *rest], check=False).returncode  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        problem = Problem(
            str(python),
            "不是装有 drawreview 的 Python。",
            "装好当时的版本，版本见记录的 software。",
        )
        raise InputError((problem,)) from None


def _otherwise(
    log: Journal | Bundle,
    pack: str | None,
    readings: Sequence[str],
    overlay: Path | None,
    calendar: str | None,
) -> Otherwise:
    """Return what is to be changed at level D."""
    from drawreview.cli.answer import readings_from  # noqa: PLC0415
    from drawreview.records.replay import Otherwise  # noqa: PLC0415 - heavy
    from drawreview.rulebook.load import load_rulebook  # noqa: PLC0415

    filed = None
    if overlay:
        load_rulebook(overlay=overlay)  # whatever is wrong with it is told before the replay
        filed = {path.name: path.read_bytes() for path in overlay.glob("*.yaml")}
    return Otherwise(
        _archive(log, pack) if pack else None,
        filed,
        readings_from(readings),
        _calendar(log, calendar) if calendar else None,
    )


def _archive(log: Journal | Bundle, pack: str) -> bytes:
    from drawreview.paths import RULES  # noqa: PLC0415
    from drawreview.rulebook.load import load_rulebook  # noqa: PLC0415

    if pack == "shipped":
        return load_rulebook(RULES).archive
    if Path(pack).is_dir():
        return load_rulebook(Path(pack).resolve()).archive
    return log.blob(pack)


def _calendar(log: Journal | Bundle, calendar: str) -> Calendar:
    from drawreview.timeline.workdays import calendar_in, published_calendar  # noqa: PLC0415

    if calendar == "shipped":
        return published_calendar()
    file = Path(calendar)
    try:
        return calendar_in(file.read_bytes() if file.is_file() else log.blob(calendar))
    except (OSError, ValueError):
        remedy = "用记录所存的日历文件；drawreview journal show 显示其摘要。"
        raise InputError((Problem(calendar, "不是日历。", remedy),)) from None


def _evidence(log: Journal | Bundle, trust: Path | None, held: Sequence[Path]) -> Evidence:
    """Verify the bytes that are replayed; a replay of other bytes says little."""
    from drawreview.records.bundle import Bundle  # noqa: PLC0415 - heavy
    from drawreview.records.evidence import of_bundle, of_journal  # noqa: PLC0415

    trusted = trusted_in(trust) if trust else None
    texts = {str(file): text_of(file) for file in held}
    if isinstance(log, Bundle):
        return of_bundle(log.path, trusted or (), tuple(texts.values()))
    # Of persons a replay reads what letters say, and holds it against their records itself.
    return of_journal(log.verify(trusted=trusted, held=texts, persons=False))


@contextmanager
def _progress(total: int) -> Generator[Callable[[int], None]]:
    """Show how far a long run has come, where there is a terminal to show it on."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415 - a pipe needs no terminal
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("重放"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda count: bar.update(task, completed=count) if count % 64 == 0 else None


def _told(done: Replayed) -> dict[str, Any]:
    """Return what a replay found, for machines."""
    return {
        "schema": "drawreview/replay@1",
        "level": done.plan.level,
        "holds": done.holds,
        "signed": done.evidence.signed,
        "records": done.records,
        "decisions": done.decisions,
        "whole": done.whole,
        "read": done.read,
        "events": done.events,
        "letters": done.letters,
        "not_set": dict(done.not_set),
        "set_elsewhere": dict(done.set_elsewhere),
        "outside": done.outside,
        "not_obtainable": done.not_obtainable.total(),
        "made_by": dict(done.not_obtainable),
        "others": dict(done.others),
        "sample": str(done.plan.sample),
        "seed": done.plan.seed,
        "integrity": done.evidence.told,
        "counts": {
            **({"integrity": done.evidence.count} if done.evidence.count else {}),
            **{cause.value: count for cause, count in done.counts.items()},
        },
        "moves": [{"from": b, "to": a, "count": n} for (b, a), n in done.moves.most_common()],
        "findings": [
            {**asdict(each), "cause": each.cause.value, "text": str(each)} for each in done.findings
        ],
    }


def _show(done: Replayed) -> None:
    """Print a table of what was done, and the findings."""
    from drawreview.records.difference import CAUSE_ZH, step  # noqa: PLC0415 - heavy

    rows = _rows(done)
    if done.evidence.count:
        rows.append(("✗ 字节与签名", str(done.evidence.count), ""))
    rows += [(f"✗ {CAUSE_ZH[cause]}", str(count), "") for cause, count in done.counts.items()]
    rows += [(f"  {step(path)}", str(count), "") for path, count in done.moves.most_common()]
    out = sheet()
    out.table(("级别", done.plan.level, ""), [[(text, "") for text in row] for row in rows])
    sys.stdout.write(out.text())
    # What changes an answer comes before what changes its reasons.
    for finding in sorted(done.findings, key=lambda each: each.path is None)[:_SHOWN]:
        sys.stdout.write(f"✗ {legible(str(finding))}\n")
    if done.counts.total() > _SHOWN:
        sys.stdout.write(f"… 共 {done.counts.total()} 处；--format json 列出前 1000 处。\n")
    sys.stdout.writelines(f"✗ {legible(wrong)}\n" for wrong in done.evidence.wrong)


def _rows(done: Replayed) -> list[tuple[str, str, str]]:
    """Return what was done: what, how much of it, and more about it."""
    others = "、".join(f"{_KINDS.get(kind, kind)} {count}" for kind, count in done.others.items())
    evidence = done.evidence
    if evidence.signed:
        signed = ("字节与签名", "不符" if evidence.count else "相符", "")
    else:
        why = "签名没有核对：没有给出外来的公钥（--trust）"
        signed = ("字节", "不符" if evidence.count else "自相一致", why)
    rows = [
        signed,
        ("记录", str(done.records), f"其中 {others}" if others else ""),
        ("决定", str(done.decisions), ""),
    ]
    if done.plan.level != "A":
        rows.append(("  两套引擎重做，逐字节比对", str(done.whole), ""))
        rows.append(("  只核对事实、真值和结论", str(done.read), ""))
    if done.events and done.plan.level != "A":
        rows.append(("期限重新推算", str(done.events), ""))
    if done.letters:
        rows.append(("承诺书和告知书重新排出，逐字节比对", str(done.letters), ""))
    for why, count in (*done.not_set.items(), *done.set_elsewhere.items()):
        rows.append(("承诺书和告知书未能重新排出", str(count), why))
    if done.outside:
        rows.append(("所据的记录在包外", str(done.outside), ""))
    if done.plan.level == "C":
        rows.append(("由别的软件作出，这里无法重做", str(done.not_obtainable.total()), ""))
        rows.extend(
            ("  作出时装的是", str(count), made_by)
            for made_by, count in done.not_obtainable.most_common()
        )
    rows.append(("差别和发现" if done.plan.level == "D" else "发现", str(done.total), ""))
    return rows
