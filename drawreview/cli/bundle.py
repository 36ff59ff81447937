"""`drawreview journal export | import | witness`: what leaves a journal, and who vouches for it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from drawreview.cli.files import make_folder_of, write_whole
from drawreview.cli.held import text_of, trusted_in
from drawreview.cli.options import JournalKey, JournalPlace
from drawreview.cli.replay import opened
from drawreview.errors import InputError, Problem

BundleFile = Annotated[Path, typer.Argument(metavar="BUNDLE", help="存证包（.zip）")]


def export_command(
    *,
    journal: JournalPlace,
    key: JournalKey = None,
    to: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="写到哪里（.zip）")],
    records: Annotated[
        list[str] | None,
        typer.Option("--record", metavar="ID", help="只导出这条记录、它所据的记录及其证明，可多次"),
    ] = None,
) -> None:
    """写一个审计人员可以带走的存证包；里面没有个人信息。"""
    from drawreview.records.export import export  # noqa: PLC0415 - heavy, as below
    from drawreview.records.journal import open_journal  # noqa: PLC0415

    if to.suffix != ".zip":
        message = "存证包的文件名以 .zip 结尾。"
        raise typer.BadParameter(message, param_hint="-o")
    with open_journal(journal, key=key) as source:
        make_folder_of(to)
        done = export(source, to, ids=records or ())
    sys.stdout.write(
        f"{to}\n记录 {done.records} 条，由签到前 {done.size} 条的检查点证明，根 {done.root}\n"
        f"包内 verify.py 的 SHA-256 {done.verifier}\n"
    )
    if done.beyond:
        sys.stdout.write("✗ 日志里另有检查点以外的记录，没有导出；用 journal verify 核对。\n")
        sys.exit(1)


def import_command(
    bundle: BundleFile,
    *,
    journal: JournalPlace,
    trust: Annotated[
        Path | None,
        typer.Option("--trust", metavar="FILE", help="信任的公钥，一行一个，从存证包以外取得"),
    ] = None,
) -> None:
    """用整本日志的存证包建一个新日志，逐字节相同；已有日志的地方不导入。"""
    from drawreview.records.importing import import_bundle  # noqa: PLC0415 - heavy

    vkeys = [key.vkey for key in trusted_in(trust)] if trust else []
    count = import_bundle(bundle, journal, vkeys=vkeys)
    sys.stdout.write(f"{journal}：导入 {count} 条记录。\n")
    sys.stdout.write("个人信息不在存证包里；核对用 journal verify --without-persons。\n")
    if not vkeys:
        sys.stdout.write("没有给出外来的公钥（--trust），签名未核对。\n")


def witness_command(
    *,
    journal: JournalPlace,
    key: JournalKey = None,
    trust: Annotated[
        Path, typer.Option("--trust", metavar="FILE", help="日志的公钥，一行一个，从别处取得")
    ],
    seen: Annotated[
        Path,
        typer.Option(
            "--seen", metavar="FILE", help="上次见证的检查点；第一次还没有，见证后写在这里"
        ),
    ],
    own: Annotated[
        Path, typer.Option("--witness-key", metavar="FILE", help="见证人自己的密钥；没有就新建")
    ],
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="新建密钥时见证人的名称")
    ] = None,
) -> None:
    """见证：核对日志（或存证包）从上次以来只有追加，再在检查点上加签。"""
    from drawreview.records.keys import new_key_file, read_key_file  # noqa: PLC0415 - heavy
    from drawreview.records.note import Use, checkpoint_from  # noqa: PLC0415
    from drawreview.records.witness import witnessed  # noqa: PLC0415

    now = datetime.now(UTC)
    if own.exists():
        keys = read_key_file(own)
    elif name:
        keys = new_key_file(own, name, at=now.isoformat(timespec="seconds"), use=Use.WITNESS)
        sys.stdout.write(f"见证公钥：{keys.current.key.vkey}\n")
    else:
        message = "还没有见证密钥；用 --name 写明见证人的名称来新建。"
        raise typer.BadParameter(message, param_hint="--witness-key")
    if keys.current.key.use is not Use.WITNESS:
        problem = "这是日志的密钥，不是见证人的。"
        raise InputError((Problem(str(own), problem, "见证人另用一把密钥。"),))
    with opened(journal, key) as log:
        note = witnessed(
            log,
            log.checkpoint(),
            trusted=trusted_in(trust),
            seen=text_of(seen) if seen.exists() else None,
            witness=keys.current.signer,
            at=int(now.timestamp()),
        )
    write_whole({seen: note.encode()})
    sys.stdout.write(f"已见证前 {checkpoint_from(note).size} 条记录。\n")
