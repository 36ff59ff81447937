"""Read what people hold apart from a journal: its public keys, checkpoints and receipts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from drawreview.errors import InputError, Problem, system_words

if TYPE_CHECKING:
    from drawreview.records.note import PublicKey


def trusted_in(file: Path) -> list[PublicKey]:
    """Return the public keys of a file, one a line; raises `InputError`."""
    from drawreview.records.note import NoteError, key_from_vkey  # noqa: PLC0415 - heavy

    try:
        return [key_from_vkey(line) for line in text_of(file).splitlines() if line.strip()]
    except NoteError as error:
        raise InputError((Problem(str(file), f"不是公钥：{error}。", "一行一个公钥。"),)) from None


def text_of(file: Path) -> str:
    """Return the text of a checkpoint, a receipt or keys; raises `InputError`."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        said = system_words(error) if isinstance(error, OSError) else "不是 UTF-8 编码"
        raise InputError((Problem(str(file), f"读不了：{said}。", "核对路径。"),)) from None
