"""The one-time notice: who supplies what, under which clause, and when there is nothing to say."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from drawreview import Project, decide
from drawreview.engine.decision import Decision
from drawreview.errors import LetterError
from drawreview.letters.notice import as_document, notice_of, rows_of
from drawreview.letters.notice_page import write_notice
from drawreview.project.fields import Supplier
from drawreview.project.places import remove
from tests.advice.test_ask import OFFICE

ON = date(2021, 3, 1)
GOLDEN = Path(__file__).parents[1] / "golden"
SHOWN = {
    "name": "青山区某配套办公楼",
    "address": "包头市青山区建设路18号",
    "category": "building",
    "investment": "non_government",
    "project_owner": {"name": "包头市示例置业有限公司"},
    "buildings": [
        {"name": "办公楼", "use": "office", "floor_area_m2": 1500, "fire_venues": []},
        {"name": "门卫", "height_m": 3.5},
    ],
    "permit": {"land_papers": True, "planning_papers": False},
}


def items(stated: dict[str, Any], on: date = ON) -> list[dict[str, Any]]:
    return as_document(notice_of(decide(Project.model_validate(stated), on=on)))["items"]


def fields(stated: dict[str, Any], purpose: str, on: date = ON) -> set[str]:
    return {item["field"] for item in items(stated, on) if item["needed_for"] == purpose}


def test_every_item_names_field_supplier_clause_and_why():
    for item in items(SHOWN):
        assert {"field", "supplied_by", "clause", "why"} <= set(item)
        assert all(item[key] for key in ("field", "supplied_by", "clause", "phrase", "why"))


def test_a_decided_project_needs_only_what_its_permit_and_letter_need():
    assert fields(OFFICE, "path") == set()
    assert fields(OFFICE, "permit") == {
        "permit.land_papers",
        "permit.planning_papers",
        "permit.site_verified_not_started",
    }


def test_a_paper_that_was_refused_is_still_needed():
    found = {item["field"]: item for item in items(SHOWN)}
    assert "permit.land_papers" not in found
    assert "现填「未取得」" in found["permit.planning_papers"]["why"]


def test_only_annex_2_needs_the_drawings_and_their_upload():
    assert "permit.drawings_uploaded_on" not in fields(OFFICE, "letter")
    large = {**OFFICE, "investment": "government"}
    assert "permit.drawings_uploaded_on" in fields(large, "letter")
    assert "permit.drawings_complete" in fields(large, "permit")
    for item in items(remove(OFFICE, "investment")):
        if item["field"] == "permit.drawings_complete":
            assert item["when"] == "结论不是免于审查的"


def test_what_an_answer_may_open_is_listed_at_once():
    one = {**remove(OFFICE, "buildings[0].underground_rooms")}
    assert fields(one, "path") == {
        "buildings[0].underground_rooms",
        "buildings[0].underground_rooms[].serves",
    }
    use = {item["field"]: item["when"] for item in items(remove(OFFICE, "buildings[0].use"))}
    assert use["buildings[0].use"] is None
    assert use["similar_use"] == "性质不在所列五类之内的"
    assert use["buildings[0].fire_hazard_class"] == "性质为厂房、仓库的"
    assert (
        "buildings[0].public_building" not in use
    )  # 11 m and 1850 ㎡ are no large public building


def test_an_unsigned_judgement_that_the_uses_may_contradict_is_listed():
    two = [OFFICE["buildings"][0], {**remove(OFFICE, "buildings[0].use")["buildings"][0]}]
    two[0] = {**two[0], "floor_area_m2": 900}
    two[1] = {**two[1], "floor_area_m2": 900}
    unsigned = {**OFFICE, "single_function": True, "buildings": two}
    assert "single_function" in fields(unsigned, "path")
    assert "single_function" not in fields({**OFFICE, "buildings": two}, "path")


def test_of_buildings_to_come_each_field_is_listed_for_every_one():
    found = fields({}, "path")
    assert {"buildings", "buildings[].height_m", "buildings[].underground_rooms[].serves"} <= found


def test_after_the_trial_a_continuation_is_needed_and_all_the_rest_with_it():
    late = as_document(notice_of(decide(Project.model_validate({}), on=date(2026, 3, 1))))
    assert late["review_path"] == "referred"
    found = {item["field"]: item for item in late["items"]}
    assert found["overlay.continued_by"]["supplied_by"] == "district_authority"
    assert found["overlay.continued_by"]["clause"] == "尾s1"
    assert fields({}, "path") < set(found)


def test_a_project_of_the_gap_is_promised_nothing():
    stated = {**OFFICE, "review_commissioned_on": "2020-12-05"}
    told = as_document(notice_of(decide(Project.model_validate(stated), on=ON)))
    assert not told["decided_then"]
    assert "仍须待主管部门" in told["guarantee"]
    assert "readings.B3" in {item["field"] for item in told["items"]}


def test_a_contested_exemption_waits_for_an_answer_of_the_authority():
    high = {**OFFICE, "buildings": [{**OFFICE["buildings"][0], "storeys_above_ground": 1}]}
    decision = decide(Project.model_validate(high), on=ON)
    assert (decision.review_path, decision.letter, decision.depends_on) == (
        "exempt",
        None,
        ("A10",),
    )
    assert "readings.A10" in fields(high, "letter")


def test_the_blacklist_is_said_though_no_paper_mends_it():
    listed = {**OFFICE, "project_owner": {"blacklisted_on": "2021-01-05"}}
    told = as_document(notice_of(decide(Project.model_validate(listed), on=ON)))
    assert [o["clause"] for o in told["obstacles"]] == ["三(三)s3"]


def test_the_same_thing_of_several_buildings_is_one_line():
    notice = notice_of(decide(Project.model_validate(SHOWN), on=ON))
    lines = [row.what for row in rows_of(notice)[Supplier.DESIGN_FIRM]]
    assert "各栋：最大层高（m）" in lines
    assert "门卫：建筑面积（㎡）" in lines
    assert len(lines) == len(set(lines))


def test_a_settled_path_is_not_promised_to_be_settled_later():
    """Once the path stands, what is left is for the permit and the letter, and is said to be."""
    told = as_document(notice_of(decide(Project.model_validate(OFFICE), on=ON)))
    assert told["review_path"] == "exempt"
    assert told["guarantee"].startswith("审查方式已经认定，与以上各项无关")
    assert "注明条件的" not in told["guarantee"]
    open_path = as_document(notice_of(decide(Project.model_validate(SHOWN), on=ON)))
    assert open_path["guarantee"].startswith("以上各项一经补齐")
    assert open_path["guarantee"].endswith("注明条件的，只在所述情形才须提供。")


def test_blanks_that_a_hand_may_fill_are_not_called_wanting():
    yes = dict.fromkeys(("land_papers", "planning_papers", "site_verified_not_started"), True)
    notice = notice_of(decide(Project.model_validate({**OFFICE, "permit": yes}), on=ON))
    assert notice.only_blanks
    pages = PdfReader(io.BytesIO(write_notice(notice, formats=("pdf",))["pdf"])).pages
    printed = "".join("".join(page.extract_text() for page in pages).split())
    assert "须补充的事项已经齐备" in printed
    assert "尚须补充" not in printed
    assert "可以留空、打印后手写，不再要求补充其他事项" in printed


def test_a_notice_of_nothing_is_not_printed():
    with pytest.raises(LetterError, match="不在本办法适用范围"):
        write_notice(notice_of(decide(Project.model_validate({}), on=date(2020, 1, 1))))


def test_a_name_that_no_font_can_print_is_refused_with_its_place():
    stated = {**SHOWN, "buildings": [{"name": "办公楼\ue000"}]}
    with pytest.raises(LetterError, match=r"buildings\[0\]\.name"):
        write_notice(notice_of(decide(Project.model_validate(stated), on=ON)))


@pytest.fixture(scope="module")
def printed() -> Iterator[dict[str, bytes]]:
    # The id covers rules and releases, and would change with each of them.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Decision, "decision_id", "0123456789abcdef" * 4)
        yield write_notice(notice_of(decide(Project.model_validate(SHOWN), on=ON)))


def test_the_printed_notice_says_what_it_said(printed):
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(printed["pdf"])).pages]
    text = "\n\f\n".join(pages) + "\n"
    golden = GOLDEN / "notice.txt"
    if os.environ.get("DRAWREVIEW_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
    assert "不再要求补充其他事项" in text.replace("\n", "")


def test_its_bytes_are_those_of_the_record(printed):
    found = {name: hashlib.sha256(content).hexdigest() for name, content in printed.items()}
    kept = GOLDEN / "notice.sha256.json"
    if os.environ.get("DRAWREVIEW_GOLDEN"):
        kept.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    assert found == json.loads(kept.read_text(encoding="utf-8"))


def test_the_word_file_says_the_same_as_the_pdf(printed):
    notice = notice_of(decide(Project.model_validate(SHOWN), on=ON))
    with zipfile.ZipFile(io.BytesIO(printed["docx"])) as archive:
        words = archive.read("word/document.xml").decode()
    for rows in rows_of(notice).values():
        for row in rows:
            assert row.why in words
            assert row.what in words
            assert row.phrase in words
    assert notice.guarantee in words
    assert "{{" not in words
    assert "{%" not in words


def test_words_of_the_project_are_never_markup():
    nasty = "A&B<b> #let x=1 $y$ *强调* {{7*7}}"
    stated = {**SHOWN, "name": nasty}
    written = write_notice(notice_of(decide(Project.model_validate(stated), on=ON)))
    pdf = "".join(page.extract_text() for page in PdfReader(io.BytesIO(written["pdf"])).pages)
    assert nasty.replace(" ", "") in pdf.replace(" ", "").replace("\n", "")
    with zipfile.ZipFile(io.BytesIO(written["docx"])) as archive:
        assert b"A&amp;B&lt;b&gt;" in archive.read("word/document.xml")
