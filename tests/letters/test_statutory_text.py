"""The letters say what the regulation says, word for word."""

from __future__ import annotations

import re
import shutil
from datetime import date

import pytest

from drawreview.errors import LetterError
from drawreview.letters import blank_letter, fill_letter
from drawreview.paths import FORMS

TITLES = {
    "annex_1": ("附件1", "社会投资简易低风险项目勘察设计质量承诺书"),
    "annex_2": ("附件2", "非社会投资简易低风险项目勘察设计质量承诺书"),
}


def law(annex, clauses, bare):
    label, title = TITLES[annex]
    body = "".join(text for path, text in clauses.items() if path.startswith(label))
    return bare(label + title + re.sub(r"\|[-|]*", "", body))


@pytest.mark.parametrize("annex", TITLES)
def test_the_blank_pdf_says_what_the_annex_says(annex, clauses, pdf_pages, bare):
    pdf = blank_letter(annex, clauses=clauses, formats=["pdf"], on=date(2021, 3, 1))["pdf"]
    assert bare("".join(pdf_pages(pdf))) == law(annex, clauses, bare)


@pytest.mark.parametrize("annex", TITLES)
def test_the_blank_docx_says_what_the_annex_says(annex, clauses, docx_text, bare):
    docx = blank_letter(annex, clauses=clauses, formats=["docx"], on=date(2021, 3, 1))["docx"]
    assert bare(docx_text(docx)) == law(annex, clauses, bare)
    assert bare(docx_text(docx, "word/header1.xml")) == ""


def test_the_two_annexes_keep_their_differences(clauses, docx_text, bare):
    one, two = (
        bare(docx_text(blank_letter(name, clauses=clauses, on=date(2021, 3, 1))["docx"]))
        for name in TITLES
    )
    assert "（五）勘察设计和注册执业人员" in one
    assert "（五）勘察设计单位和注册执业人员" in two
    assert "严格按上传和抽查合格的图纸组织施工" in one
    assert "严格按上传和审查合格的图纸组织施工" in two


def test_a_word_form_whose_words_were_edited_is_refused(decision, clauses, tmp_path):
    shutil.copytree(FORMS, tmp_path / "forms")
    path = tmp_path / "forms" / "baotou_2021_8" / "annex_1.docx"
    import zipfile

    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    edited = parts["word/document.xml"].decode().replace("勘察设计和注册", "勘察设计单位和注册")
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in {**parts, "word/document.xml": edited.encode()}.items():
            archive.writestr(name, part)
    with pytest.raises(LetterError, match="文字与原文不符"):
        fill_letter(decision(), clauses=clauses, formats=["docx"], forms=tmp_path / "forms")
