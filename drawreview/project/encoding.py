"""The text of a file that people send, or what kind of file it is instead."""

from __future__ import annotations

from typing import Final

from drawreview.errors import InputError, Problem
from drawreview.project.from_yaml import MOST_BYTES

_WRITE: Final = "项目文件是文本，照 examples/office.yaml 写。"
_KINDS: Final = {
    b"PK": (
        "这是 Excel、Word 或压缩文件，不是文本。",
        _WRITE,
    ),
    b"\xd0\xcf\x11\xe0": (
        "这是旧式的 Excel 或 Word 文件，不是文本。",
        _WRITE,
    ),
    b"%PDF": ("这是 PDF 文件，不是文本。", _WRITE),
    b"\xff\xfe": ("是 UTF-16（记事本叫 Unicode）编码，不是 UTF-8。", ""),
    b"\xfe\xff": ("是 UTF-16（记事本叫 Unicode）编码，不是 UTF-8。", ""),
}
_SAVE_AS: Final = "用记事本打开，选「另存为」，编码选 UTF-8。"


def text_in(raw: bytes, name: str) -> str:
    """Return the text of a file in UTF-8, with or without its mark.

    Raises:
        InputError: It is too large, or something else; with what it seems to be.
    """
    if len(raw) > MOST_BYTES:
        raise _not_text(name, "文件超过 1 MB。", "一个文件只写一个项目。")
    for mark, (problem, remedy) in _KINDS.items():
        if raw.startswith(mark):
            raise _not_text(name, problem, remedy or _SAVE_AS)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        if _reads_as_gbk(raw):
            raise _not_text(name, "是 GBK（记事本叫 ANSI）编码，不是 UTF-8。", _SAVE_AS) from None
        remedy = "另存为 UTF-8 编码的文本；Excel、Word、PDF 文件不能直接读。"
        raise _not_text(name, "不是 UTF-8 编码的文本。", remedy) from None


def _reads_as_gbk(raw: bytes) -> bool:
    """Whether bytes that are no UTF-8 are Chinese text in the encoding of older programs."""
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return all(sign.isprintable() or sign.isspace() for sign in text)


def _not_text(name: str, problem: str, remedy: str) -> InputError:
    return InputError((Problem(name, problem, remedy),))
