"""Reads the Word form of an annex once: checks its words against the law, compiles its tags."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drawreview.errors import LetterError, Problem
from drawreview.letters.form import FORM, Annex
from drawreview.letters.typeset import LADDER
from drawreview.paths import FORMS

if TYPE_CHECKING:
    from jinja2 import Template

QR = "决定二维码"  # the description of the picture that the code of the decision replaces
_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")
_IGNORED = re.compile("[\\s_\u200b]")
_SMALLEST = 18  # half points; smaller type than this is left as it is


@dataclass(frozen=True)
class Master:
    """The parts of a Word form: those that stay, those that have tags, and the picture."""

    kept: Mapping[str, bytes]
    tagged: Mapping[str, Template]
    picture: str | None
    order: tuple[str, ...]

    def render(self, context: Mapping[str, Any], picture: bytes | None) -> dict[str, bytes]:
        """Return every part, with the context in place of the tags."""
        parts = dict(self.kept)
        for name, template in self.tagged.items():
            parts[name] = template.render(context).encode("utf-8")
        if picture is not None and self.picture is not None:
            parts[self.picture] = picture
        return {name: parts[name] for name in self.order}


@lru_cache(maxsize=2 * len(LADDER))
def load_master(annex: str, step: int, forms: Path = FORMS) -> Master:
    """Return the Word form of an annex, its type scaled down to a step of the ladder.

    Raises:
        LetterError: A tag of the form cannot be understood.
    """
    from docxtpl import DocxTemplate  # noqa: PLC0415 - brings lxml and python-docx
    from jinja2 import StrictUndefined, TemplateError  # noqa: PLC0415
    from jinja2.sandbox import SandboxedEnvironment  # noqa: PLC0415

    path = forms / FORM / f"{annex}.docx"
    # Without autoescape a firm named A&B loses its name; outside the sandbox a form runs programs.
    environment = SandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    form: Any = DocxTemplate(path)
    kept: dict[str, bytes] = {}
    tagged: dict[str, Template] = {}
    with zipfile.ZipFile(path) as archive:
        order = tuple(archive.namelist())
        for name in order:
            part = archive.read(name)
            if re.fullmatch(r"word/(document|styles|header\d*|footer\d*)\.xml", name):
                xml = _scaled(part.decode("utf-8"), step)
                part = xml.encode("utf-8")
                if "{{" in xml or "{%" in xml:
                    try:
                        tagged[name] = environment.from_string(form.patch_xml(xml))
                    except TemplateError as error:
                        raise unreadable(annex, name, error) from error
                    continue
            kept[name] = part
        return Master(kept, tagged, _picture(archive), order)


def unreadable(annex: str, part: str, error: Exception) -> LetterError:
    """Return the error of a form whose tags cannot be filled."""
    problem = f"标记无法填写：{error}"
    return LetterError((Problem(f"{annex}.docx:{part}", problem, "请对照 fields.yaml 改正标记。"),))


def _picture(archive: zipfile.ZipFile) -> str | None:
    """Return the name of the part that holds the picture described as the code."""
    for name in archive.namelist():
        if not re.fullmatch(r"word/(document|header\d*|footer\d*)\.xml", name):
            continue
        drawn = re.search(
            rf'descr="{QR}".*?r:embed="([^"]+)"', archive.read(name).decode("utf-8"), re.DOTALL
        )
        if drawn:
            links = archive.read(name.replace("word/", "word/_rels/") + ".rels").decode("utf-8")
            for link in re.findall(r"<Relationship [^>]*>", links):
                if f'Id="{drawn[1]}"' in link:
                    return "word/" + re.sub(r'.*Target="([^"]+)".*', r"\1", link)
    return None


def _scaled(xml: str, step: int) -> str:
    """Scale type, line pitch, row heights and margins, so that edits made in Word are respected."""
    largest, wanted = LADDER[0], LADDER[step]
    size, pitch = wanted.size / largest.size, wanted.pitch / largest.pitch
    edge = wanted.bottom / largest.bottom

    def by(ratio: float, at_least: int = 0) -> Callable[[re.Match[str]], str]:
        def scale(match: re.Match[str]) -> str:
            given = int(match[2])
            return f"{match[1]}{max(round(given * ratio), min(given, at_least))}{match[3]}"

        return scale

    xml = re.sub(r'(<w:sz(?:Cs)? w:val=")(\d+)(")', by(size, _SMALLEST), xml)
    xml = re.sub(r'( w:(?:before|after)=")(\d+)(")', by(pitch), xml)
    # A pitch that is not exact is counted in lines, and follows the type by itself.
    exact = r'(<w:spacing (?=[^>]*w:lineRule="(?:exact|atLeast)")[^>]*w:line=")(\d+)(")'
    xml = re.sub(exact, by(pitch), xml)
    xml = re.sub(r'(<w:trHeight [^>]*w:val=")(\d+)(")', by(pitch), xml)
    xml = re.sub(r'(<w:pgMar [^>]*?w:top=")(\d+)(")', by(edge), xml)
    return re.sub(r'(<w:pgMar [^>]*?w:bottom=")(\d+)(")', by(edge), xml)


def statutory_text(annex: Annex, title: str, clauses: Mapping[str, str]) -> str:
    """Return the words of the law that a letter carries, without blanks and white space."""
    paths = (*(path for path, _ in annex.paragraphs), annex.table_clause, *annex.notes)
    words = "".join((annex.label, title, *(clauses[path] for path in paths)))
    return _IGNORED.sub("", re.sub(r"\|[-|]*", "", words))


def text_of(document: bytes) -> str:
    """Return the words of a Word document part, without blanks and white space."""
    return _IGNORED.sub("", unescape("".join(_TEXT.findall(document.decode("utf-8")))))


def to_zip(parts: Mapping[str, bytes]) -> bytes:
    """Return the parts as a package whose bytes depend on nothing else: stored, and undated."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 0  # the same on every system
            archive.writestr(entry, content)
    return out.getvalue()
