from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import IO, Any

from docx.document import Document
from jinja2 import Environment

class DocxTemplate:
    docx: Document | None
    def __init__(self, template_file: IO[bytes] | str | PathLike[str]) -> None: ...
    def get_docx(self) -> Document: ...
    def render(
        self,
        context: dict[str, Any],
        jinja_env: Environment | None = None,
        autoescape: bool = False,
    ) -> None: ...
    def save(self, filename: IO[bytes] | str | PathLike[str]) -> None: ...
    def get_undeclared_template_variables(
        self, jinja_env: Environment | None = None, context: Mapping[str, Any] | None = None
    ) -> set[str]: ...

class Listing:
    def __init__(self, text: object) -> None: ...

class RichText:
    def __init__(self, text: object = None, **text_prop: Any) -> None: ...
    def add(self, text: object, **text_prop: Any) -> None: ...
