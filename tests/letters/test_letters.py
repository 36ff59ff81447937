"""A letter is two pages, names its decision, and is the same everywhere."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from drawreview.letters import blank_letter, fill_letter
from drawreview.letters.footer import footer_of, qr_png

HERE = Path(__file__).resolve().parent
GOLDEN = HERE.parent / "golden"
DIGESTS = GOLDEN / "letters.sha256.json"


def digest(content):
    return hashlib.sha256(content).hexdigest()


def test_every_letter_is_two_pages_and_looks_as_it_did(letter, clauses, pdf_pages):
    name, decision = letter
    pages = pdf_pages(fill_letter(decision, clauses=clauses, formats=["pdf"])["pdf"])
    assert len(pages) == 2
    golden = GOLDEN / f"letter_{name}.txt"
    text = "\n\f\n".join(pages) + "\n"
    if os.environ.get("DRAWREVIEW_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_the_bytes_are_those_of_the_record(letter, clauses):
    name, decision = letter
    found = {key: digest(value) for key, value in fill_letter(decision, clauses=clauses).items()}
    kept = json.loads(DIGESTS.read_text(encoding="utf-8")) if DIGESTS.exists() else {}
    if os.environ.get("DRAWREVIEW_GOLDEN"):
        kept[name] = found
        DIGESTS.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    assert found == kept[name]


SCRIPT = """
import hashlib, runpy, sys
from drawreview.letters import fill_letter
made = runpy.run_path(sys.argv[1])
for name, decision in made["LETTERS"].items():
    for key, value in fill_letter(decision, clauses=made["clauses_of"]()).items():
        print(name, key, hashlib.sha256(value).hexdigest())
"""


def test_neither_place_nor_hour_nor_locale_changes_a_byte(tmp_path):
    root = HERE.parent.parent
    heard = set()
    for seed, zone, locale, where in (
        ("1", "Asia/Shanghai", "zh_CN.UTF-8", root),
        ("2", "America/New_York", "C", tmp_path),
    ):
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "TZ": zone,
            "LC_ALL": locale,
            "PYTHONPATH": str(root),
        }
        ran = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(HERE / "conftest.py")],
            env=environment,
            cwd=where,
            capture_output=True,
            check=True,
        )
        heard.add(ran.stdout)
    assert len(heard) == 1


def test_the_foot_names_the_decision(decision, clauses, pdf_pages, docx_text):
    letter = decision()
    written = fill_letter(letter, clauses=clauses)
    assert all(letter.decision_id[:16] in page for page in pdf_pages(written["pdf"]))
    assert letter.decision_id[:16] in docx_text(written["docx"], "word/footer1.xml")
    with zipfile.ZipFile(io.BytesIO(written["docx"])) as archive:
        code = f"DRAWREVIEW:1/{letter.decision_id[:32].upper()}"
        assert footer_of(letter.decision_id, note=None).code == code
        assert archive.read("word/media/image1.png") == qr_png(code)
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_a_blank_form_has_no_foot(clauses, docx_text, pdf_pages):
    written = blank_letter("annex_2", clauses=clauses, on=date(2021, 3, 1))
    assert not docx_text(written["docx"], "word/footer1.xml").strip("\n1")
    assert not any("决定编号" in page for page in pdf_pages(written["pdf"]))


def test_a_what_if_says_so_on_both_pages(decision, clauses, pdf_pages, docx_text):
    label = "假定有效·仅供测算"
    written = fill_letter(decision(assumption="assume_in_force"), clauses=clauses)
    assert all(label in page for page in pdf_pages(written["pdf"]))
    assert label in docx_text(written["docx"], "word/header1.xml")
    written = fill_letter(decision(), clauses=clauses)
    assert not any("假定" in page for page in pdf_pages(written["pdf"]))
    assert "假定" not in docx_text(written["docx"], "word/header1.xml")


def test_the_pdf_is_tagged_titled_dated_and_embeds_its_fonts(decision, clauses):
    reader = PdfReader(io.BytesIO(fill_letter(decision(), clauses=clauses, formats=["pdf"])["pdf"]))
    assert reader.metadata is not None
    assert reader.metadata.title == "社会投资简易低风险项目勘察设计质量承诺书"
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.date() == date(2021, 3, 1)
    metadata = reader.xmp_metadata
    assert metadata is not None
    assert b"pdfaid:part" in metadata.stream.get_data()
    assert b"pdfuaid:part" in metadata.stream.get_data()
    fonts = {
        str(font.get_object()["/BaseFont"]).split("+")[-1]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()  # pyright: ignore[reportIndexIssue] - a dictionary by the PDF standard
    }
    assert all(name.startswith(("NotoSerifSC", "NotoSansSC")) for name in fonts)


SOFFICE = shutil.which("soffice")


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_every_docx_is_two_pages_in_libreoffice(clauses, tmp_path):
    import runpy

    letters = runpy.run_path(str(HERE / "conftest.py"))["LETTERS"]
    for name, decision in letters.items():
        docx = fill_letter(decision, clauses=clauses, formats=["docx"])["docx"]
        (tmp_path / f"{name}.docx").write_bytes(docx)
    for annex in ("annex_1", "annex_2"):
        docx = blank_letter(annex, clauses=clauses, formats=["docx"], on=date(2021, 3, 1))["docx"]
        (tmp_path / f"{annex}_blank.docx").write_bytes(docx)
    subprocess.run(
        [
            str(SOFFICE),
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path / "out"),
            *map(str, sorted(tmp_path.glob("*.docx"))),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    pages = {path.stem: len(PdfReader(path).pages) for path in (tmp_path / "out").glob("*.pdf")}
    assert len(pages) == len(letters) + 2
    assert set(pages.values()) == {2}, pages
