"""A mistake planted in a shipped rule file must be found by the law check."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from drawreview.errors import RuleError
from drawreview.paths import RULES
from drawreview.rulebook.check import problems_of
from drawreview.rulebook.check_questions import question_problems
from drawreview.rulebook.load import CHECKED, load_rulebook, read_rulebook
from drawreview.rulebook.model import ENGINE_QUESTIONS

ROOT = Path(__file__).parents[2]
PATHS = "baotou_2021_8/review_path.yaml"
DOCUMENT = "baotou_2021_8/document.yaml"
FIRE = "national/fire_design_2020_51/special_projects.yaml"
CHECKPOINTS = "baotou_2021_8/checkpoints.yaml"
STAGED = "baotou_2021_8/staged_review.yaml"
SPOT_CHECK = "baotou_2021_8/spot_check.yaml"
ENFORCEMENT = "baotou_2021_8/enforcement.yaml"
MISTAKES = {
    "a wrong number": (
        PATHS,
        "{total_floor_area_m2: {below: 2000}}",
        "{total_floor_area_m2: {below: 20000}}",
    ),
    "a number in the words": (PATHS, "总建筑面积小于2000平方米", "总建筑面积小于20000平方米"),
    "a wrong operator": (
        PATHS,
        "{building_height_m: {below: 12}}",
        "{building_height_m: {at_most: 12}}",
    ),
    "at_most made below": (
        PATHS,
        "{storeys_above_ground: {at_most: 2}}",
        "{storeys_above_ground: {below: 2}}",
    ),
    "a turned operator": (
        FIRE,
        "entertainment_venue_m2: {above: 500}",
        "entertainment_venue_m2: {below: 500}",
    ),
    "a Chinese numeral": (
        FIRE,
        "culture_and_workshop_venue_m2: {above: 2500}",
        "culture_and_workshop_venue_m2: {above: 250}",
    ),
    "ten thousands": (
        FIRE,
        "{public_building_area_m2: {above: 40000}}",
        "{public_building_area_m2: {above: 4000}}",
    ),
    "a number by reference": (
        FIRE,
        "{residential_height_m: {above: 54}}",
        "{residential_height_m: {above: 50}}",
    ),
    "a deleted condition": (PATHS, "      功能单一: {single_function: {is: true}}", "      #"),
    "a deleted rule": (
        FIRE,
        "    单体建筑面积大于四万平方米: {public_building_area_m2: {above: 40000}}",
        "    #",
    ),
    "a deleted value": (PATHS, "[office, commercial, public_service,", "[office, public_service,"),
    "an added value": (
        PATHS,
        "ordinary_warehouse, ordinary_factory]",
        "ordinary_warehouse, ordinary_factory, residential]",
    ),
    "a swapped clause": (PATHS, "clause: 二(一)2", "clause: 二(一)3"),
    "a clause that is not there": (PATHS, "clause: 二(一)3", "clause: 二(一)4"),
    "a misspelt fact": (PATHS, "building_height_m:", "building_hight_m:"),
    "another fact": (PATHS, "{storey_height_m: {below: 6}}", "{building_height_m: {below: 6}}"),
    "another venue's fact": (
        FIRE,
        "entertainment_venue_m2: {above: 500}",
        "lodging_and_trade_venue_m2: {above: 500}",
    ),
    "a dropped override": (
        PATHS,
        "overrides: [low_risk_exemption, district_exemption,",
        "overrides: [district_exemption,",
    ),
    "an override of nothing": (
        PATHS,
        "overrides: [low_risk_exemption,",
        "overrides: [low_risk_exemptions,",
    ),
    "a changed transition date": (
        DOCUMENT,
        "{review_commissioned_on: {after: 2020-12-10}}",
        "{review_commissioned_on: {after: 2020-12-11}}",
    ),
    "a changed date in the words": (
        DOCUMENT,
        "2020年11月30日以前已经委托",
        "2020年11月3日以前已经委托",
    ),
    "a date that excludes its day": (
        DOCUMENT,
        "{on_or_before: 2020-11-30}",
        "{before: 2020-11-30}",
    ),
    "a changed gap": (DOCUMENT, "from: 2020-12-01", "from: 2020-12-02"),
    "a changed issue date": (DOCUMENT, "date: 2021-01-27", "date: 2021-01-17"),
    "a changed trial": (DOCUMENT, "years: 1", "years: 2"),
    "a phrase not in the law": (PATHS, "技术要求简单:", "技术要求较简单:"),
    "an unknown key": (PATHS, "  clause: 二(一)2\n", "  clause: 二(一)2\n  claus: 二(一)2\n"),
    "an unknown conclusion": (PATHS, "{review_path: joint_review,", "{review_path: joined_review,"),
    "an unaccounted sentence": ("baotou_2021_8/coverage.yaml", "尾s2: {status: encoded}\n", ""),
    "a reasonless gap": (
        "baotou_2021_8/coverage.yaml",
        "reason: 服务如何采购，与单个项目的节点无关}",
        "x: y}",
    ),
    "a changed law text": ("baotou_2021_8/clauses.md", "总高度小于12米", "总高度小于15米"),
    "another path": (
        PATHS,
        "{review_path: deferred_review, letter: annex_2}",
        "{review_path: exempt, letter: annex_1}",
    ),
    "a lighter path for special projects": (
        PATHS,
        "{review_path: joint_review, letter: annex_2}",
        "{review_path: deferred_review, letter: annex_2}",
    ),
    "the wrong annex": (
        PATHS,
        "{review_path: joint_review, letter: annex_2}",
        "{review_path: joint_review, letter: annex_1}",
    ),
    "a no made of a yes": (
        PATHS,
        "{single_function: {is: true}}",
        "{single_function: {is: false}}",
    ),
    "a yes made of a no": (
        PATHS,
        "{simple_low_risk_project: {is: false}}",
        "{simple_low_risk_project: {is: true}}",
    ),
    "any made of all": (
        PATHS,
        "    all:\n      社会投资: {investment: {is: non_government}}                      # A3",
        "    any:\n      社会投资: {investment: {is: non_government}}                      # A3",
    ),
    "all made of any": (FIRE, "    any:\n", "    all:\n"),
    "a fact of another reading": (
        PATHS,
        "{total_floor_area_m2: {below: 2000}}",
        "{largest_building_area_m2: {below: 2000}}",
    ),
    "a neighbouring fact": (
        "baotou_2021_8/permit.yaml",
        "取得土地: {land_papers:",
        "取得土地: {planning_papers:",
    ),
    "one of made of includes": (PATHS, "basement: {one_of:", "basement: {includes:"),
    "includes made of one of": (FIRE, "{includes: [flammable", "{one_of: [flammable"),
    "precedence turned round": (
        PATHS,
        "  clause: 二(一)1(1)\n",
        "  clause: 二(一)1(1)\n  overrides: [fire_special_joint_review]\n",
    ),
    "the open list closed": (PATHS, "          or_similar: similar_use", "          #"),
    "the gap forgotten": (DOCUMENT, "  gap: {clause", "  #gap: {clause"),
    "the trial forgotten": (DOCUMENT, "  trial: {clause", "  #trial: {clause"),
    "a question that is not there": (DOCUMENT, "question: B1}", "question: B99}"),
    "another reading dropped": (
        "baotou_2021_8/open_questions.yaml",
        "  otherwise: {rules: [low_risk_exemption], single_storey_building: {single_storey_height_m: {below: 6}}}\n",
        "",
    ),
    "the adopted reading switched": (
        "baotou_2021_8/open_questions.yaml",
        "adopted: each_storey",
        "adopted: single_storey_building",
    ),
    "a rule renamed": ("baotou_2021_8/permit.yaml", "blacklisted_owner:", "blacklisted_owners:"),
    "a number in another reading": (
        "baotou_2021_8/open_questions.yaml",
        "{largest_building_area_m2: {below: 2000}}",
        "{largest_building_area_m2: {below: 20000}}",
    ),
    "a special project that is not": (
        FIRE,
        "    是特殊建设工程: {special_construction_project: true}",
        "    是特殊建设工程: {simple_low_risk_project: true}",
    ),
    "an unknown key of the convention": (
        "national/workdays/convention.yaml",
        "start_day_counts: false",
        "start_day_counts: false\nsunday_counts: true",
    ),
    "a convention that is neither": (
        "national/workdays/convention.yaml",
        "start_day_counts: false",
        "start_day_counts: next",
    ),
    "a convention without its setting": (
        "national/workdays/convention.yaml",
        "start_day_counts: false",
        "",
    ),
    "a national limit of another number": (
        "national/drawing_review_2013_13/limits.yaml",
        "within_workdays: 15",
        "within_workdays: 20",
    ),
    "another stage": (CHECKPOINTS, "names: [pit]", "names: [blinding]"),
    "a stage forgotten": (
        CHECKPOINTS,
        "[blinding, base_slab, main_structure]",
        "[base_slab, main_structure]",
    ),
    "a stage that is not there": (CHECKPOINTS, "names: [pit]", "names: [roof]"),
    "must not made of only then": (
        CHECKPOINTS,
        "names: [base_slab, main_structure], may_start: only_then",
        "names: [base_slab, main_structure], may_start: not_then",
    ),
    "may made of must not": (
        CHECKPOINTS,
        "[blinding, base_slab, main_structure], may_start: not_then",
        "[blinding, base_slab, main_structure], may_start: then",
    ),
    "a new word for may": (CHECKPOINTS, "[pit], may_start: only_then", "[pit], may_start: perhaps"),
    "after made of before": (
        CHECKPOINTS,
        "取得施工图审查合格书前: {review_certificate_issued: {is: false}}",
        "取得施工图审查合格书前: {review_certificate_issued: {is: true}}",
    ),
    "another certificate": (
        CHECKPOINTS,
        "取得施工图审查合格书: {review_certificate_issued:",
        "取得施工图审查合格书: {spot_check_certificate_issued:",
    ),
    "the verification forgotten": (
        CHECKPOINTS,
        "      通知质量、安全监督部门对施工现场形象进度进行核实: {site_progress_verified: {is: true}}   # C6\n",
        "",
    ),
    "exempt projects asked for a review": (
        CHECKPOINTS,
        "实行施工图审查的工程项目: {review_path: {one_of: [joint_review, deferred_review]}}   # C1",
        "实行施工图审查的工程项目: {review_path: {one_of: [exempt, joint_review, deferred_review]}}   # C1",
    ),
    "a gate of exempt projects made of others": (
        CHECKPOINTS,
        "对取消施工图审查的工程项目: {review_path: {is: exempt}}",
        "对取消施工图审查的工程项目: {review_path: {one_of: [exempt, deferred_review]}}",
    ),
    "a scope that the law does not know": (
        CHECKPOINTS,
        "实行施工图审查的工程项目: {review_path",
        "办理施工图审查的项目: {review_path",
    ),
    "any report will do": (
        CHECKPOINTS,
        "{clean_foundation_report: {is: true}}",
        "{foundation_report_issued: {is: true}}",
    ),
    "an unregistered reading": (CHECKPOINTS, "under: {C1: [every_project]}", "under: {C1: [all]}"),
    "an unregistered question": (CHECKPOINTS, "under: {C1:", "under: {C99:"),
    "a reading without a list": (
        CHECKPOINTS,
        "under: {C1: [every_project]}",
        "under: {C1: every_project}",
    ),
    "an exception to nothing": (
        CHECKPOINTS,
        "overrides: [structure_after_certificate, ",
        "overrides: [structure_before_certificate, ",
    ),
    "three days made five": (STAGED, "within_workdays: 3", "within_workdays: 5"),
    "seven days in the words": (
        STAGED,
        "其余施工图设计文件应在7个工作日",
        "其余施工图设计文件应在5个工作日",
    ),
    "a staging that nobody asked for": (
        STAGED,
        "      可要求施工图审查机构先行审查地基与基础部分施工图设计文件: {staging_requested: {is: true}}\n",
        "",
    ),
    "violations made of none": (
        STAGED,
        "{foundation_report_notes_violations: {is: true}}",
        "{clean_foundation_report: {is: true}}",
    ),
    "the main structure made the slab": (
        SPOT_CHECK,
        "names: [main_structure], may_start: only_then",
        "names: [base_slab], may_start: only_then",
    ),
    "a spot check made a review": (
        SPOT_CHECK,
        "取得施工图抽查合格书: {spot_check_certificate_issued: {is: true}}",
        "取得施工图抽查合格书: {review_certificate_issued: {is: true}}",
    ),
    "a waiver that is none": (
        SPOT_CHECK,
        "{spot_check_waived: {is: true}}",
        "{spot_check_waived: {is: false}}",
    ),
    "a promise kept made broken": (
        SPOT_CHECK,
        "      spot_check_certificate_issued: {is: false}\n",
        "      spot_check_certificate_issued: {is: true}\n",
    ),
    "enforcement against a certificate": (
        ENFORCEMENT,
        "{review_certificate_issued: {is: false}}",
        "{review_certificate_issued: {is: true}}",
    ),
    "enforcement without works": (
        ENFORCEMENT,
        "      擅自进行底板及以上施工的建设项目: {base_slab_or_above_started: {is: true}}\n",
        "",
    ),
    "a report forgotten": (
        ENFORCEMENT,
        "    向建设行政主管部门报告:\n      consequence: {who: [quality_supervision, safety_supervision], what: report_to_construction_authority}\n",
        "",
    ),
    "a blacklist without a breach": (
        ENFORCEMENT,
        "    同时: {works_without_certificate: {is: true}}",
        "    同时: {owner_blacklisted: {is: true}}",
    ),
    "a fire opinion not asked for": (
        "national/fire_law/works_before_fire_review.yaml",
        "未经消防设计审查或者审查不合格的: {fire_opinion_qualified: {is: false}}",
        "未经消防设计审查或者审查不合格的: {fire_opinion_qualified: {is: true}}",
    ),
    "works that need not wait": (
        "national/fire_law/works_before_fire_review.yaml",
        "[pit, blinding, base_slab, main_structure]",
        "[base_slab, main_structure]",
    ),
    "a fine changed": (
        "national/fire_law/works_before_fire_review.yaml",
        "三万元以上三十万元以下",
        "三千元以上三十万元以下",
    ),
    "a stage that no question knows": (
        "baotou_2021_8/open_questions.yaml",
        "  stages: [pit]",
        "  stages: [pits]",
    ),
    "another party made responsible": (
        "baotou_2021_8/uploads.yaml",
        "duty: {who: [project_owner], what: upload_all_drawings, before: construction_permit}",
        "duty: {who: [design_firm], what: upload_all_drawings, before: construction_permit}",
    ),
    "a party let off": (
        "baotou_2021_8/permit.yaml",
        "who: [project_owner, survey_firm, design_firm]",
        "who: [project_owner, design_firm]",
    ),
    "a party added": (
        "baotou_2021_8/spot_check.yaml",
        "duty: {who: [project_owner, survey_firm, design_firm], what: rectify",
        "duty: {who: [project_owner, survey_firm, design_firm, contractor], what: rectify",
    ),
    "a party that nobody knows": (
        "baotou_2021_8/uploads.yaml",
        "duty: {who: [project_owner], what: answer_for",
        "duty: {who: [projekt_owner], what: answer_for",
    ),
    "another party where the sentence names none": (
        "baotou_2021_8/enforcement.yaml",
        "consequence: {who: [construction_authority], what: blacklist_owner}",
        "consequence: {who: [quality_supervision], what: blacklist_owner}",
    ),
    "another authority": (
        "national/fire_law/works_before_fire_review.yaml",
        "consequence: {who: [housing_authority, fire_rescue], what: fine}",
        "consequence: {who: [housing_authority], what: fine}",
    ),
    "due before something else": (
        "baotou_2021_8/uploads.yaml",
        "before: spot_check_filing",
        "before: construction_permit",
    ),
    "due before nothing": (
        "baotou_2021_8/uploads.yaml",
        "what: upload_all_drawings, before: construction_permit}",
        "what: upload_all_drawings}",
    ),
    "due upon another event": (
        "baotou_2021_8/uploads.yaml",
        "upon: major_design_change",
        "upon: spot_check_opinion_issued",
    ),
    "due upon no event": (
        "baotou_2021_8/uploads.yaml",
        "what: explain_and_upload_changed_drawings, upon: major_design_change}",
        "what: explain_and_upload_changed_drawings}",
    ),
    "a duty with working days that no word names": (
        "baotou_2021_8/uploads.yaml",
        "what: explain_and_upload_changed_drawings, upon:",
        "what: explain_and_upload_changed_drawings, within_workdays: 5, upon:",
    ),
    "other working days": (
        "baotou_2021_8/staged_review.yaml",
        "what: foundation_report, within_workdays: 3",
        "what: foundation_report, within_workdays: 7",
    ),
    "a clock that starts with nothing": (
        "baotou_2021_8/staged_review.yaml",
        "within_workdays: 3, from: full_set_submitted",
        "within_workdays: 3, from: full_set_submited",
    ),
    "a definition in another place": (FIRE, "clause: 一类高层住宅建筑", "clause: 二类高层住宅建筑"),
    "a rule's sentence called boilerplate": (
        "baotou_2021_8/coverage.yaml",
        "三(四)¶1s2: {status: encoded}",
        "三(四)¶1s2: {status: boilerplate}",
    ),
    "a rule's sentence called a definition": (
        "baotou_2021_8/coverage.yaml",
        "三(三)s2: {status: encoded, left: {建设行政主管部门: 主语，由结论的 who 表达}}",
        "三(三)s2: {status: definition, reason: 见他处}",
    ),
    "a duty called boilerplate": (
        "baotou_2021_8/coverage.yaml",
        "四(一)¶1: {status: duty, reason: 重申法定责任，没有可判定的条件}",
        "四(一)¶1: {status: boilerplate}",
    ),
    "a question deleted that a rule names": (
        "baotou_2021_8/open_questions.yaml",
        "\nA4:\n",
        "\nA99:\n",
    ),
    "a question deleted that the coverage names": (
        "baotou_2021_8/open_questions.yaml",
        "\nB8:\n",
        "\nB99:\n",
    ),
    "a question deleted that decisions cite": (
        "baotou_2021_8/open_questions.yaml",
        "\nE2:\n",
        "\nE99:\n",
    ),
    "a question of a stage without English": (
        "baotou_2021_8/open_questions.yaml",
        (
            "    says: Piles and ground improvement are taken for structure, behind the same gate as "
            "blinding; ask the supervision\n"
        ),
        "",
    ),
    "a reading without English": (
        "baotou_2021_8/open_questions.yaml",
        "      any_report: yes; 三(一)¶1s2 says 「审查报告」 and no more\n",
        "",
    ),
    "a duplicate key": (PATHS, "  clause: 二(一)2\n", "  clause: 二(一)2\n  clause: 二(一)2\n"),
    "an anchor": (PATHS, "  clause: 二(一)2\n", "  clause: &c 二(一)2\n"),
}


def check(rules: Path) -> list[str]:
    rulebook, problems = read_rulebook(rules)
    return [str(problem) for problem in problems or problems_of(rulebook)]


def test_the_shipped_rules_say_what_the_law_says() -> None:
    assert check(RULES) == []


def planted(folder: Path, file: str, *changes: tuple[str, str]) -> list[str]:
    """Return what the check finds once the changes were made to a copy of the rules."""
    rules = folder / "rules"
    shutil.copytree(RULES, rules)
    text = (rules / file).read_text(encoding="utf-8")
    for right, wrong in changes:
        assert right in text, "the mistake must be planted"
        text = text.replace(right, wrong, 1)
    (rules / file).write_text(text, encoding="utf-8")
    return check(rules)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_planted_mistake_is_found(mistake: str, tmp_path: Path) -> None:
    file, right, wrong = MISTAKES[mistake]

    problems = planted(tmp_path, file, (right, wrong))

    assert problems
    assert all(": " in problem for problem in problems)


def test_a_note_that_rules_were_checked_holds_for_these_bytes_only(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(RULES, rules)
    rulebook, _ = read_rulebook(rules)
    (rules / CHECKED).write_text(rulebook.digest, encoding="ascii")
    assert load_rulebook(rules).digest == rulebook.digest

    file, right, wrong = MISTAKES["a wrong number"]
    text = (rules / file).read_text(encoding="utf-8")
    (rules / file).write_text(text.replace(right, wrong, 1), encoding="utf-8")
    load_rulebook.cache_clear()
    with pytest.raises(RuleError, match="20000"):
        load_rulebook(rules)


def test_the_shipped_note_is_that_of_the_shipped_rules() -> None:
    note = (RULES / CHECKED).read_text(encoding="ascii").strip()
    remedy = "rules changed: run `drawreview law check --note` and commit rules/checked.sha256"
    assert note == read_rulebook(RULES)[0].digest, remedy


def test_a_definition_cannot_be_changed_together_with_its_limit(tmp_path: Path) -> None:
    problems = planted(
        tmp_path,
        FIRE,
        ("words: 建筑高度大于54m", "words: 建筑高度大于80m"),
        ("{residential_height_m: {above: 54}}", "{residential_height_m: {above: 80}}"),
    )

    assert len(problems) == 1
    assert "gb_50016" in problems[0]


def test_every_question_that_the_code_cites_is_needed_by_the_check() -> None:
    cited = set[str]()
    for path in (ROOT / "drawreview").rglob("*.py"):
        cited |= set(re.findall(r'"([A-F][1-9][0-9]?)"', path.read_text(encoding="utf-8")))
    assert set(ENGINE_QUESTIONS) <= cited
    assert cited <= set(load_rulebook().questions)


@pytest.mark.parametrize("question", load_rulebook().questions)
def test_no_question_leaves_the_register_unnoticed(question: str) -> None:
    law = load_rulebook()
    rest = {name: entry for name, entry in law.questions.items() if name != question}
    found = [str(problem) for problem in question_problems(replace(law, questions=rest))]
    assert any(question in problem for problem in found)


def test_clauses_are_the_gazette_text() -> None:
    """The text has 5153 characters in the gazette; spot checks guard the places OCR had disturbed."""
    rulebook, _ = read_rulebook(RULES)
    clauses = rulebook.city.clauses
    assert len(clauses) == 80
    assert "勘察设计和注册执业人员" in clauses["附件1(五)"]
    assert "勘察设计单位和注册执业人员" in clauses["附件2(五)"]
    assert "抽查合格" in clauses["附件1(七)"]
    assert "审查合格" in clauses["附件2(七)"]
    assert clauses["二(一)2"].endswith("特殊工程，仍按相关规定进行施工图联合审查。")
