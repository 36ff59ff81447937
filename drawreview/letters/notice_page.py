"""Lays a notice out: PDF by Typst, DOCX by the Word form; the same bytes on every machine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from drawreview.engine.document import PATH_ZH
from drawreview.errors import LetterError
from drawreview.letters.characters import unprintable
from drawreview.letters.footer import Footer, Receipt, footer_of, qr_png, qr_svg
from drawreview.letters.form import FORM
from drawreview.letters.letter import FORMATS, marks_of
from drawreview.letters.master import load_master, to_zip
from drawreview.letters.notice import Notice, refuse_if_nothing, rows_of
from drawreview.letters.page import Filling, State
from drawreview.paths import FORMS
from drawreview.project.fields import SUPPLIER_ZH

TITLE: Final = "一次性告知书"
_COLUMNS: Final = ("序号", "事项", "条款与原文", "为什么要")
_NUMERALS: Final = "一二三四五六"
_SIGNATURES: Final = (
    "窗口经办人（签字）：",
    "收件人（签字）：",
    "　　年　　月　　日",
    "　　年　　月　　日",
)


def write_notice(
    notice: Notice,
    *,
    formats: Sequence[str] = FORMATS,
    self_assessed: bool = False,
    receipt: Receipt | None = None,
    forms: Path = FORMS,
) -> dict[str, bytes]:
    """Return the notice by format, some of `docx` and `pdf`.

    Args:
        notice: What is still needed.
        formats: Some of `docx` and `pdf`.
        self_assessed: Whether no window has decided yet; every page then says so.
        receipt: Where the decision is recorded, to be printed at the foot.
        forms: The folder of forms and fonts; another than the shipped one sets an old notice again.

    Raises:
        LetterError: There is nothing to say, or a name holds what no font can print.
    """
    refuse_if_nothing(notice)
    problems = unprintable(_stated(notice), forms)
    if problems:
        raise LetterError(problems)
    footer = footer_of(notice.decision.decision_id, note=None, receipt=receipt)
    marks = marks_of(notice.decision, self_assessed=self_assessed)
    said = _said(notice) | {"assumption": "　".join(marks) or None}
    return {
        name: _pdf(said, footer, notice.decision.on, forms)
        if name == "pdf"
        else _docx(said, footer, forms)
        for name in formats
    }


def _stated(notice: Notice) -> tuple[Filling, ...]:
    """Return the words of the project itself: all others are ours and the law's."""
    project = notice.decision.project
    words = {
        "name": ("项目名称", project.name),
        "address": ("项目地址", project.address),
        "project_owner.name": ("建设单位名称", project.project_owner.name),
        **{
            f"buildings[{place}].name": ("建筑名称", building.name)
            for place, building in enumerate(project.buildings or ())
        },
    }
    return tuple(
        Filling(place, zh, place, State.VALUE, text) for place, (zh, text) in words.items() if text
    )


def _said(notice: Notice) -> dict[str, Any]:
    """Return everything that the notice says, the same in every format."""
    decision, project = notice.decision, notice.decision.project
    rows = rows_of(notice)
    count = sum(len(lines) for lines in rows.values())
    city = decision.rulebook.city
    name = f"「{project.name}」" if project.name else "本项目"
    address = f"（项目地址：{project.address}）" if project.address else ""
    because = f"{decision.standing.because}。" if decision.standing.because else ""
    obstacles = [
        f"{clause}「{phrase}」：{why}。" for clause, phrase, why in notice.supplies.obstacles
    ]
    day = f"{decision.on.year}年{decision.on.month}月{decision.on.day}日"
    found = (
        f"{name}{address}的施工图审查方式，依《{city.title}》（{city.number}）于{day}核对，"
        f"结论为「{PATH_ZH[decision.review_path]}」。{because}"
    )
    numbered = zip(_NUMERALS, rows.items(), strict=False)
    return {
        "title": TITLE,
        "to": f"{project.project_owner.name or '建设单位'}：",
        "opening": [
            found,
            _told(notice, count),
        ],
        "columns": _COLUMNS,
        "groups": [
            {
                "title": f"{numeral}、{SUPPLIER_ZH[who]}（{len(lines)}项）",
                "rows": [
                    {
                        "what": row.what,
                        "when": row.when,
                        "law": row.law,
                        "phrase": row.phrase,
                        "why": row.why,
                    }
                    for row in lines
                ],
            }
            for numeral, (who, lines) in numbered
        ],
        "closing": [*obstacles, *((notice.guarantee,) if count else ())],
        "signatures": _SIGNATURES,
    }


def _told(notice: Notice, count: int) -> str:
    """Say how much is still needed, before it is listed."""
    if not count:
        return "没有要补充的事项，但有下列情形："
    if notice.only_blanks:
        return f"须补充的事项已经齐备；承诺书上还空着下列{count}项，按由谁填写分列，一并告知如下："
    return f"尚须补充下列{count}项，按由谁提供分列，一次性告知如下："


def _pdf(said: dict[str, Any], footer: Footer, on: date, forms: Path) -> bytes:
    import typst  # noqa: PLC0415 - 40 MB of compiler that only printing needs

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[forms / "fonts"]
    )
    printed = {"words": footer.words, "receipt": footer.receipt, "qr": qr_svg(footer.code)}
    data = {**said, "footer": printed}
    return typst.compile(
        forms / FORM / "notice.typ",
        root=forms / FORM,
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"notice": json.dumps(data, ensure_ascii=False, sort_keys=True)},
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(datetime(on.year, on.month, on.day, tzinfo=UTC).timestamp()),
    )


def _docx(said: dict[str, Any], footer: Footer, forms: Path) -> bytes:
    context = {**said, "footer": {"words": footer.words, "note": footer.receipt or ""}}
    return to_zip(load_master("notice", 0, forms).render(context, qr_png(footer.code)))
