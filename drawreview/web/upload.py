"""A file that somebody sends with a form."""

from __future__ import annotations

from starlette.datastructures import FormData, UploadFile

from drawreview.errors import InputError, Problem


def uploaded(form: FormData, name: str) -> tuple[str, str]:
    """Return the text of an uploaded file, and what it was called.

    Raises:
        InputError: There is no file, or it is not UTF-8.
    """
    file = form.get(name)
    if not isinstance(file, UploadFile) or not file.filename:
        raise InputError((Problem(name, "没有选文件。", "选一个项目文件（.yaml 或 .json）。"),))
    called = file.filename[-60:]
    try:
        return file.file.read().decode("utf-8-sig"), called
    except UnicodeDecodeError:
        raise InputError((Problem(called, "不是 UTF-8 编码。", "另存为 UTF-8。"),)) from None
