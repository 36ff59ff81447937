"""The arguments and options that commands share."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from drawreview.cli.answer import day_from

ProjectFile = Annotated[
    str, typer.Argument(metavar="PROJECT", help="项目文件（YAML 或 JSON），- 表示标准输入")
]
EventFile = Annotated[
    str, typer.Argument(metavar="EVENTS", help="事件文件（YAML 或 JSON），- 表示标准输入")
]
OnDay = Annotated[str | None, typer.Option("--on", metavar="DATE", help="决定日期，默认今天")]
Overlay = Annotated[
    Path | None,
    typer.Option("--overlay", metavar="DIR", help="城市附加目录（延续文件、旗县区清单）"),
]
AssumeInForce = Annotated[bool, typer.Option("--assume-in-force", help="假定试行期内，仅供测算")]
Readings = Annotated[
    list[str] | None,
    typer.Option(
        "--reading", metavar="ID=READING", help="按另一种读法判定，如 A10=single_storey_building"
    ),
]
Tolerance = Annotated[
    str | None,
    typer.Option(
        "--tolerance", metavar="LIST", help="测量误差，如 area=1%,height=50mm：结论经不经得起"
    ),
]
TextOrJson = Annotated[Literal["text", "json"], typer.Option("--format", help="输出格式")]
Language = Literal["zh", "en"]
Lang = Annotated[Language, typer.Option("--lang", help="输出语言")]
JournalPlace = Annotated[
    str,
    typer.Option(
        "--journal",
        metavar="PATH|URL",
        envvar="DRAWREVIEW_JOURNAL",
        help="日志：文件路径，或 postgresql:// 网址",
    ),
]
JournalKey = Annotated[
    Path | None,
    typer.Option(
        "--key",
        metavar="FILE",
        envvar="DRAWREVIEW_JOURNAL_KEY",
        help="签名密钥文件，默认在 ~/.config/drawreview/keys 下",
    ),
]


def _folder(folder: Path | None) -> Path | None:
    """Refuse what is no folder, before one of that name is made."""
    if folder is None or folder.is_dir():
        return folder
    if str(folder) == "-":
        message = "写的是几个文件，不能写到标准输出；写一个目录。"
        raise typer.BadParameter(message, param_hint="-o")
    if folder.suffix.lower() in {".docx", ".pdf", ".json", ".yaml", ".yml"}:
        message = f"「{folder}」像是文件名；这里写目录，文件名由决定编号而来。"
        raise typer.BadParameter(message, param_hint="-o")
    return folder


OutputFolder = Annotated[
    Path | None,
    typer.Option(
        "-o", "--output", metavar="DIR", callback=_folder, help="写到哪个目录，默认当前目录"
    ),
]


def day(text: str | None, option: str = "--on") -> date:
    """Return the day that an option names; raises `typer.BadParameter`."""
    try:
        return day_from(text)
    except ValueError:
        message = f"「{text}」不是日期。写成 2021-03-01。"
        raise typer.BadParameter(message, param_hint=option) from None
