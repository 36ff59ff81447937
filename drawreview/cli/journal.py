"""`drawreview journal`: make it, look into it, verify it, keep it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from drawreview.cli.files import make_folder_of
from drawreview.cli.held import text_of, trusted_in
from drawreview.cli.listed import listed
from drawreview.cli.listed import show as table_of
from drawreview.cli.options import JournalKey, JournalPlace
from drawreview.cli.persons import elsewhere
from drawreview.cli.recording import (
    ActorName,
    Asked,
    Role,
    actor_of,
    check,
    id_of,
    told,
    words,
)
from drawreview.legible import legible, legible_json

if TYPE_CHECKING:
    from drawreview.records.journal import Journal
    from drawreview.records.report import Report

app = typer.Typer(help="记录决定的日志。", no_args_is_help=True, rich_markup_mode=None)

RecordName = Annotated[str, typer.Argument(metavar="ID|INDEX", help="记录的编号或序号")]
Format = Annotated[Literal["text", "json"], typer.Option("--format", help="输出格式")]


@app.command("init")
def init(
    *,
    journal: JournalPlace,
    key: JournalKey = None,
    origin: Annotated[
        str,
        typer.Option("--origin", metavar="NAME", help="日志名，如 permits.example.cn/kundulun"),
    ],
) -> None:
    """建一个空日志和它的签名密钥；印出公钥，应另行抄存、公示。"""
    from drawreview.records.journal import init_journal  # noqa: PLC0415 - heavy, as below

    with init_journal(journal, origin=origin, key=key) as made:
        sys.stdout.write(f"日志：{made.store.name}\n密钥：{made.key_path}（只有本人可读）\n")
        sys.stdout.write(f"公钥：{made.public_keys()[-1].vkey}\n")


@app.command("list")
def list_records(
    *,
    journal: JournalPlace,
    key: JournalKey = None,
    last: Annotated[int, typer.Option("--last", metavar="N", help="只列最后几条", min=1)] = 20,
    form: Format = "text",
) -> None:
    """列出记录：何时、何事、哪天的决定、哪个项目、何人经办、是否已被更正。"""
    with _open(journal, key) as opened:
        records = listed(opened, last)
    if form == "json":
        sys.stdout.writelines(f"{one.json()}\n" for one in records)
    else:
        sys.stdout.write(table_of(records))


@app.command("show")
def show(
    record: RecordName,
    *,
    journal: JournalPlace,
    key: JournalKey = None,
    proof: Annotated[
        bool, typer.Option("--proof", help="印出证明（tlog-proof），而不是内容")
    ] = False,
) -> None:
    """印出一条记录，一字不改；或它的证明。"""
    from drawreview.records.note import checkpoint_from, proof_text  # noqa: PLC0415

    with _open(journal, key) as opened:
        name = id_of(opened, record)
        found = opened.get(name)
        if not proof:
            _print_exactly(found.body)
            return
        note = opened.checkpoint()
        hashes = opened.inclusion(found.seq, checkpoint_from(note).size)
        sys.stdout.write(proof_text(found.seq, hashes, note))


def _print_exactly(body: bytes) -> None:
    """Print the bytes of a record; on a terminal, what could steer it as JSON escapes it."""
    if sys.stdout.isatty():
        sys.stdout.write(legible_json(body.decode(errors="replace")) + "\n")
    else:
        sys.stdout.buffer.write(body + b"\n")


@app.command("checkpoint")
def checkpoint(*, journal: JournalPlace, key: JournalKey = None) -> None:
    """印出最新的检查点；每天交给日志主人以外的人保存，日后才查得出改动。"""
    with _open(journal, key) as opened:
        sys.stdout.write(opened.checkpoint())


@app.command("verify")
def verify(
    *,
    journal: JournalPlace,
    key: JournalKey = None,
    held: Annotated[
        list[Path] | None,
        typer.Option("--held", metavar="FILE", help="手里另存的检查点或回执，可多次"),
    ] = None,
    newest: Annotated[
        Path | None,
        typer.Option("--newest-checkpoint", metavar="FILE", help="已知最新的检查点，同 --held"),
    ] = None,
    trust: Annotated[
        Path | None,
        typer.Option("--trust", metavar="FILE", help="信任的公钥，一行一个；默认用密钥文件里的"),
    ] = None,
    without_persons: Annotated[
        bool,
        typer.Option(
            "--without-persons", help="这份日志里本来没有个人信息（从存证包导入，或只读）"
        ),
    ] = False,
    form: Format = "text",
) -> None:
    """核对全部记录、检查点和另存的凭据。

    有一处不符，退出状态为 1；没有不符，但签名没有用外来的公钥核对，为 4。
    """
    files = [*(held or []), *([newest] if newest else [])]
    texts = {str(file): text_of(file) for file in files}
    trusted = trusted_in(trust) if trust else None
    with _open(journal, key) as opened:
        report = opened.verify(trusted=trusted, held=texts, persons=not without_persons)
    _write(report, form)
    if not report.holds:
        sys.exit(1)
    if not report.signed:
        sys.exit(4)


@app.command("backup")
def backup(
    to: Annotated[Path, typer.Argument(metavar="FILE", help="备份写到哪里")],
    *,
    journal: JournalPlace,
    key: JournalKey = None,
) -> None:
    """写一份完整的备份，核对无误才留下。"""
    with _open(journal, key) as opened:
        make_folder_of(to)
        report = opened.back_up(to)
    _write(report, "text")
    if not report.holds:
        sys.exit(1)
    sys.stdout.write(f"备份：{to}\n")


@app.command("erase")
def erase(
    records: Annotated[
        list[str], typer.Argument(metavar="ID|INDEX...", help="记录的编号或序号，可多个")
    ],
    *,
    journal: JournalPlace,
    key: JournalKey = None,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="删除的理由，不写姓名")],
    actor: ActorName = None,
    role: Role = "clerk",
) -> None:
    """删除记录的个人信息，并记下删了哪些、何时、何人、何故；记录、证明和重放都不受影响。

    可以重复执行：已经删除的不再记，只把文件里的旧字节清掉。备份里的要另外等它过期。
    """
    from drawreview.records.erasure import erase as erase_persons  # noqa: PLC0415 - heavy

    asked = Asked(journal, key, actor, role)
    check(asked, record=True)
    _want_why(why, "保存期满")
    with _open(journal, key) as opened:
        names = [id_of(opened, record) for record in records]
        receipt = erase_persons(opened, names, actor=actor_of(asked), why=words(why, "--why"))
        if receipt:
            sys.stdout.write(f"个人信息已删除，并已记下：{told(receipt)}\n")
        else:
            sys.stdout.write("没有可删除的个人信息。\n")
        sys.stdout.writelines(f"{line}\n" for line in elsewhere(opened, names))


@app.command("grant")
def grant(
    database_role: Annotated[
        str, typer.Argument(metavar="ROLE", help="数据库里已有的角色，给一个窗口或审计人员用")
    ],
    *,
    journal: JournalPlace,
    reads: Annotated[
        bool, typer.Option("--reads", help="只读，而且读不到个人信息；给审计人员")
    ] = False,
) -> None:
    """PostgreSQL：让一个角色只能追加和读取；改动、删除、清空都没有权限。由日志的所有者执行。"""
    from drawreview.records.journal import store_of  # noqa: PLC0415 - heavy

    store_of(journal).grant(database_role, reads_only=reads)
    may = "读取，个人信息除外" if reads else "追加和读取"
    sys.stdout.write(f"{database_role}：只能{may}。\n")


@app.command("key")
def key_command(
    *,
    journal: JournalPlace,
    key: JournalKey = None,
    rotate: Annotated[
        bool, typer.Option("--rotate", help="换一把新密钥；新旧两把同签一次")
    ] = False,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="换密钥的理由，不写姓名")] = "",
    actor: ActorName = None,
    role: Role = "administrator",
) -> None:
    """印出日志的公钥；--rotate 换密钥，并记下换成哪一把、何时、何人、何故。"""
    from drawreview.records.key_rotation import rotate_key  # noqa: PLC0415 - heavy

    asked = Asked(journal, key, actor, role)
    if rotate:
        check(asked, record=True)
        _want_why(why, "人员变动")
    with _open(journal, key) as opened:
        if rotate:
            rotate_key(opened, actor=actor_of(asked), why=words(why, "--why"))
        for one in opened.public_keys():
            sys.stdout.write(f"{one.vkey}\n")


@app.command("resume")
def resume(
    *,
    journal: JournalPlace,
    key: JournalKey = None,
    newest: Annotated[
        Path,
        typer.Option("--newest-checkpoint", metavar="FILE", help="所知最新的检查点"),
    ],
) -> None:
    """让恢复出来的旧副本继续追加：告知最新的检查点，其间的记录算作遗失并写明。"""
    with _open(journal, key) as opened:
        lost = opened.resume(text_of(newest))
        size = len(opened)
    if lost:
        sys.stdout.write(
            f"第 {size} 条至第 {lost.size - 1} 条遗失，已写明；此后以新的日志名签名。\n"
        )
    else:
        sys.stdout.write(f"没有遗失；从第 {size} 条起可以追加。\n")


def _want_why(why: str, example: str) -> None:
    if not why.strip():
        message = f"写明理由，如：{example}。"
        raise typer.BadParameter(message, param_hint="--why")


def _open(journal: str, key: Path | None) -> Journal:
    from drawreview.records.journal import open_journal  # noqa: PLC0415

    return open_journal(journal, key=key)


def _write(report: Report, form: str) -> None:
    if form == "json":
        sys.stdout.write(report.to_json() + "\n")
        return
    for one in report.findings:
        said = f"✗ [{one.mechanism}] {one.place}: {one.problem}"
        sys.stdout.write(f"{legible(said)}\n")
    for notice in report.notices:
        sys.stdout.write(f"! {notice}\n")
    sys.stdout.write(
        f"记录 {report.size} 条，检查点 {report.checkpoints} 个，内容 {report.blobs} 份，"
        f"个人信息 {report.personal} 份（已删 {report.erased}），另存凭据 {report.held} 份\n"
        f"根 {report.root.hex()}\n"
        f"{_verdict(report)}\n"
    )


def _verdict(report: Report) -> str:
    if not report.holds:
        return f"不符 {report.counts.total()} 处。"
    return "全部相符。" if report.signed else "自相一致；签名没有用外来的公钥核对（--trust）。"
