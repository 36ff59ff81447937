"""`drawreview serve` and `drawreview user`: the pages, and who may sign in to them."""

from __future__ import annotations

import ipaddress
import socket
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from drawreview.cli.options import Overlay
from drawreview.errors import InputError, Problem, system_words

if TYPE_CHECKING:
    from fastapi import FastAPI

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="数据目录，没有就新建")]
user_app = typer.Typer(help="管理网页的用户。", no_args_is_help=True, rich_markup_mode=None)


def serve_command(
    *,
    host: Annotated[str, typer.Option("--host", help="监听的地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="端口", min=1, max=65_535)] = 8471,
    data: Data = Path("drawreview-data"),
    overlay: Overlay = None,
    journal: Annotated[
        str | None, typer.Option("--journal", metavar="URL", help="日志，默认在数据目录里")
    ] = None,
    journal_key: Annotated[
        Path | None,
        typer.Option(
            "--key",
            metavar="FILE",
            envvar="DRAWREVIEW_JOURNAL_KEY",
            help="签名密钥文件；不写 --journal 时默认是数据目录里的 key/journal.key",
        ),
    ] = None,
    https: Annotated[
        bool | None,
        typer.Option(help="在 HTTPS 反向代理之后；本机地址默认不在，即试用方式"),
    ] = None,
) -> None:
    """在浏览器里提供自评、窗口、审计和管理。正式使用须放在 HTTPS 反向代理之后。"""
    _need_web()
    from drawreview.web.app import create_app  # noqa: PLC0415 - only serving needs a server
    from drawreview.web.server import run  # noqa: PLC0415
    from drawreview.web.settings import Settings  # noqa: PLC0415

    secure = not _is_loopback(host) if https is None else https
    if not secure and not _is_loopback(host):
        message = "--no-https 只能用于本机地址（127.0.0.1、::1、localhost）。"
        raise typer.BadParameter(message, param_hint="--no-https")
    settings = Settings(
        data=data, journal=journal, journal_key=journal_key, overlay=overlay, secure=secure
    )
    _check_free(host, port)
    said = "请经 HTTPS 反向代理访问" if secure else "试用方式，没有 HTTPS；正式使用加 --https"

    def made(settings: Settings) -> FastAPI:
        app = create_app(settings)
        sys.stderr.write(f"http://{host}:{port}/ （{said}）\n")
        return app

    run(made, settings, host=host, port=port)


def _need_web() -> None:
    """Say what to install where the extra of the pages was left out."""
    if any(find_spec(name) is None for name in ("argon2", "babel", "fastapi", "uvicorn")):
        missing = Problem("web", "没有安装网页所需的部分。", "pip install 'drawreview[web]'。")
        raise InputError((missing,))


def _check_free(host: str, port: int) -> None:
    """Refuse an address that nobody can listen on, before it is printed as if one did."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except socket.gaierror:
        problem = Problem(f"--host {host}", "没有这个地址。", "写本机的地址，如 127.0.0.1。")
        raise InputError((problem,)) from None
    except OSError as error:
        remedy = "用 --port 换一个端口，或停下占用它的程序。"
        problem = Problem(f"{host}:{port}", f"不能监听：{system_words(error)}。", remedy)
        raise InputError((problem,)) from None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@user_app.command("add")
def add_user(
    name: Annotated[str, typer.Argument(metavar="NAME", help="姓名")],
    *,
    role: Annotated[
        str, typer.Option("--role", help="administrator、clerk 或 auditor")
    ] = "administrator",
    district: Annotated[
        str | None, typer.Option("--district", help="窗口人员的旗县区代码，如 150204")
    ] = None,
    data: Data = Path("drawreview-data"),
) -> None:
    """添加用户；密码在提示后输入，或从标准输入读一行。"""
    _need_web()
    from drawreview.web.security.passwords import hashed, problems_of  # noqa: PLC0415
    from drawreview.web.settings import Settings  # noqa: PLC0415
    from drawreview.web.store import audit_log, users  # noqa: PLC0415
    from drawreview.web.store.database import open_store  # noqa: PLC0415

    wrong = users.problems_of(name, role, district)
    if wrong:
        raise InputError(tuple(wrong))
    password = _password()
    wrong = problems_of(password, about=(name,))
    if wrong:
        raise InputError(tuple(wrong))
    store, at = open_store(data), Settings(data).now()
    users.add(
        store,
        name=name,
        role=role,
        district=district,
        password=hashed(password),
        must_change=False,
        at=at,
    )
    about = f"{name} {role} {district or ''}"
    audit_log.note(store, "user added", at=at, who="终端", address="-", about=about)
    store.close()
    sys.stdout.write(f"已添加 {name}（{role}）。\n")


@user_app.command("reset")
def reset_user(
    name: Annotated[str, typer.Argument(metavar="NAME", help="姓名")],
    *,
    data: Data = Path("drawreview-data"),
) -> None:
    """给用户新密码并去掉第二因素，如最后一位管理员丢了手机；此人的会话和令牌都结束。"""
    _need_web()
    from drawreview.web.security.passwords import hashed, problems_of  # noqa: PLC0415
    from drawreview.web.settings import Settings  # noqa: PLC0415
    from drawreview.web.store import audit_log, second_factors, users  # noqa: PLC0415
    from drawreview.web.store.database import open_store  # noqa: PLC0415

    store = open_store(data)
    user = users.named(store, name)
    if user is None:
        unknown = Problem("name", f"没有名为「{name}」的用户。", "核对姓名和 --data。")
        raise InputError((unknown,))
    password = _password()
    wrong = problems_of(password, about=(name,))
    if wrong:
        raise InputError(tuple(wrong))
    at = Settings(data).now()
    done = ["password reset"]
    if user.id in second_factors.confirmed(store):
        done.insert(0, "second factor taken away")
    second_factors.drop(store, user.id)
    users.set_password(store, user.id, hashed(password), at=at, by="终端")
    for what in done:
        audit_log.note(store, what, at=at, who="终端", address="-", about=name)
    store.close()
    sys.stdout.write(f"已重设 {name} 的密码，并去掉第二因素；登录后须换成自己的密码。\n")


def _password() -> str:
    if sys.stdin.isatty():
        return str(
            typer.prompt("密码（至少12个字符）", hide_input=True, confirmation_prompt="再输一次")
        )
    return sys.stdin.readline().rstrip("\n")
