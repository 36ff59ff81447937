"""A file that somebody sends with a form."""

from __future__ import annotations

from starlette.datastructures import FormData, UploadFile

from drawreview.errors import InputError, Problem
from drawreview.project.encoding import text_in


def uploaded(form: FormData, name: str) -> tuple[str, str]:
    """Return the text of an uploaded file, and what it was called.

    Raises:
        InputError: There is no file, or it is not UTF-8.
    """
    file = form.get(name)
    if not isinstance(file, UploadFile) or not file.filename:
        raise InputError((Problem(name, "没有选文件。", "选一个项目文件（.yaml 或 .json）。"),))
    called = file.filename[-60:]
    return text_in(file.file.read(), called), called
