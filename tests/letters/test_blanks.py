"""Every blank holds its fact, exactly as stated, or says that it does not apply."""

from __future__ import annotations

import decimal
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawreview.letters import fill_letter
from drawreview.letters.facts import find, write

STATED = (
    "青山区某配套办公楼项目（项目地址：包头市青山区民主路3号），建设规模：共1栋，"
    "层数为地下0层、地上2层，总建筑面积为1850平方米（除房屋建筑外项目，可采用其他指标／），"
    "建设单位于2020年11月委托内蒙古某某岩土勘察有限公司单位（工程勘察专业类（岩土工程）乙级资质）"
    "进行详细勘察，于2020年2月委托包头某某建筑设计院有限公司单位"
    "（建筑行业（建筑工程）甲级资质）进行施工图设计，该项目属于社会投资简易低风险项目。"
)


def test_an_office_in_both_formats(said, decision):
    for text in said(decision()):
        assert STATED in text
        assert "建设单位名称：包头市某某置业有限公司（盖章）" in text
        assert "项目负责人电话：13900000009" in text
        assert "手机号码：13900000001" in text


def test_names_of_those_who_sign_are_left_to_them(said, decision):
    for text in said(decision()):
        assert not [name for name in ("李四", "王五", "赵一", "钱二", "张三") if name in text]
        assert "法定代表人（签字）：法定代表人（签字）：法定代表人（签字）：" in text
        assert "年月日备注" in text


def test_the_upload_date_has_no_leading_zero(said, decision):
    for text in said(decision("annex_2", permit={"drawings_uploaded_on": "2021-02-03"})):
        assert "各专业施工图已于2021年2月3日按要求全部上传" in text


def test_a_municipal_project_has_no_storeys(said, decision):
    letter = decision("annex_2", category="municipal", other_scale="道路全长3.26公里")
    for text in said(letter):
        assert "共／栋，层数为地下／层、地上／层，总建筑面积为／平方米" in text
        assert "可采用其他指标道路全长3.26公里）" in text


def test_of_an_unknown_category_nothing_is_struck_out(said, decision):
    for text in said(decision("annex_2", category=None, buildings=None)):
        assert "共栋，层数为地下层、地上层，总建筑面积为平方米" in text
        assert "可采用其他指标）" in text


def test_a_project_without_survey_strikes_out_the_surveyor(said, decision):
    for text in said(decision(survey={"not_surveyed": "室内装修"})):
        assert "建设单位于／年／月委托／单位（／资质）进行详细勘察" in text
        assert "勘察单位名称：／（盖章）" in text
        assert text.count("法定代表人（签字）：／") == 1
        assert "先勘察后设计" in text


def test_what_is_not_stated_stays_empty(said, decision):
    letter = decision(survey={}, design={}, project_owner={}, buildings=None)
    for text in said(letter):
        assert "／" in text  # 其他指标 of a building
        assert "建设单位于年月委托单位（资质）进行详细勘察，于年月委托单位（资质）" in text
        assert "单位电话：单位电话：单位电话：" in text


def test_several_firms_are_all_named(said, decision):
    firms = [{"name": name, "qualification": "甲级"} for name in ("子院", "丑院", "寅院")]
    for text in said(decision("annex_2", design={"commissioned": "2020-12", "firms": firms})):
        joined = "、".join(f"于2020年12月委托{each['name']}单位（甲级资质）" for each in firms)
        assert f"，{joined}进行施工图设计" in text
        assert text.count("设计单位名称：") == 3
        assert text.count("建设单位名称：") == 1


TWO = [
    {"name": "甲", "floor_area_m2": 0.1, "storeys_above_ground": 2, "storeys_below_ground": 0},
    {"floor_area_m2": 0.2, "storeys_above_ground": 1, "storeys_below_ground": 0},
]


def test_storeys_of_several_buildings_are_a_range(decision, said):
    for text in said(decision("annex_2", buildings=TWO)):
        assert "共2栋，层数为地下0层、地上1～2层，总建筑面积为0.3平方米" in text


def test_buildings_that_differ_are_each_in_the_foot(decision, clauses, pdf_pages, docx_text, bare):
    written = fill_letter(decision("annex_2", buildings=TWO), clauses=clauses)
    each = "各栋情况：甲地下0层、地上2层、0.1㎡；第2栋地下0层、地上1层、0.2㎡。"
    assert all(each in bare(page) for page in pdf_pages(written["pdf"]))
    assert each in bare(docx_text(written["docx"], "word/footer1.xml"))


def test_many_buildings_are_named_in_the_foot_only_as_differing(decision, said):
    buildings = [{"name": f"{n}号楼", "storeys_above_ground": n} for n in range(1, 40)]
    pdf, _ = said(decision("annex_2", buildings=buildings))
    assert "地上1～39层" in pdf
    assert "各栋情况：各栋层数不一，详见本决定的项目资料。" in pdf


def test_the_area_is_left_empty_when_one_building_has_none(said, decision):
    buildings = [{"floor_area_m2": 100, "storeys_above_ground": 1}, {"storeys_above_ground": 1}]
    for text in said(decision("annex_2", buildings=buildings)):
        assert "共2栋，层数为地下层、地上1层，总建筑面积为平方米" in text


@pytest.mark.parametrize("written", ["1986.50", "1999.9999", "2000.00", "1E+3", "0.0001"])
def test_an_area_is_written_as_stated(decision, written):
    areas = find(
        decision(buildings=[{"floor_area_m2": Decimal(written)}]).project,
        "buildings.floor_area_m2",
    )
    assert write("sum", areas) == f"{Decimal(written):f}"


@given(st.lists(st.decimals("0.0001", "100000000", places=4), min_size=1, max_size=60))
def test_a_total_is_exact_in_any_decimal_context(areas):
    with decimal.localcontext(decimal.Context(prec=2)):
        total = write("sum", areas)
    assert total is not None
    assert Decimal(total) * 10_000 == sum(int(each.scaleb(4)) for each in areas)


LITERAL = "A&B <甲>公司 {{7*7}} #let x=1 {% for %} $y$ *强调* \\n {_{ \"引\" 'b'"


def test_data_is_never_markup(decision, said, bare):
    firms = [{"name": LITERAL, "qualification": LITERAL}]
    letter = decision("annex_2", name=LITERAL, address=LITERAL, design={"firms": firms})
    for text in said(letter):
        assert text.count(bare(LITERAL)) == 5
