"""`drawreview gates` as a supervisor meets it: text, JSON, exit statuses, bad files."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from drawreview import load_rulebook
from drawreview.site.words import CONSEQUENCE_EN
from tests.site.conftest import ROOT, Run

OFFICE = (str(ROOT / "examples/office.yaml"), str(ROOT / "examples/office_events.yaml"))
HOUSING = (str(ROOT / "examples/housing.yaml"), str(ROOT / "examples/housing_events.yaml"))
OFFICE_ZH, HOUSING_ZH = "青山区某配套办公楼", "九原区某住宅小区1号、2号楼"
LACKS = "施工许可证、施工图抽查合格书"
REPORT = "未注明违反强制性标准的地基与基础工程施工图审查报告"
CERTIFICATE = "覆盖全部工程的施工图审查合格书、合格书之后的现场形象进度核实"
CLAUSES = "三(一)¶1s1、附件1¶2、三(二)¶1s2、三(二)¶1s4"


def _log(tmp_path: Path, *lines: str) -> str:
    path = tmp_path / "events.yaml"
    events = "".join(f"  - {line}\n" for line in lines)
    path.write_text(f"schema: drawreview/events@1\nevents:\n{events}", encoding="utf-8")
    return str(path)


def test_the_document_has_the_published_names(run: Run) -> None:
    done = run("gates", *HOUSING, "--on", "2021-04-28", "--format", "json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert set(said) >= {"on", "review_path", "stages", "breaches", "overdue"}
    assert (said["on"], said["review_path"]) == ("2021-04-28", "deferred_review")
    assert list(said["stages"]) == ["pit", "blinding", "base_slab", "main_structure"]
    for stage in said["stages"].values():
        assert list(stage) == ["state", "missing", "clauses", "conflicts"]
    assert {name: stage["state"] for name, stage in said["stages"].items()} == {
        "pit": "not_barred",
        **dict.fromkeys(("blinding", "base_slab", "main_structure"), "barred"),
    }


def test_the_text_gives_each_stage_a_line_and_says_from_whom_what_is_missing(run: Run) -> None:
    text = run("gates", *HOUSING, "--on", "2021-04-28").stdout
    assert "✓ 基坑开挖和支护  本文件不禁止〔三(一)¶1s1〕" in text
    assert "✗ 垫层            不得施工〔三(一)¶1s1、三(一)¶1s2〕" in text
    assert "缺：未注明违反强制性标准的地基与基础工程施工图审查报告（施工图审查机构）" in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_ever_approved(run: Run, lang: str) -> None:
    text = run("gates", *OFFICE, "--on", "2021-06-01", "--lang", lang).stdout
    assert {"zh": "本文件不禁止", "en": "not barred by this text"}[lang] in text
    said = text.replace("不是批准", "").replace("not approved", "")
    assert "批准" not in said
    assert "approved" not in said


def test_a_breach_names_who_acts_and_the_penalty(run: Run, tmp_path: Path) -> None:
    log = _log(
        tmp_path,
        "{on: 2021-03-01, event: permit_issued}",
        "{on: 2021-03-20, event: stage_started, stage: base_slab}",
    )
    done = run("gates", HOUSING[0], log, "--on", "2021-03-25")
    assert done.returncode == 0, done.stderr
    assert "质量监督部门、安全监督部门：「依法责令停工整改」〔三(三)s1〕" in done.stdout
    assert (
        "「处20万元以上50万元以下的罚款」〔《建设工程质量管理条例》第五十六条(四)★★〕"
        in done.stdout
    )


def test_a_design_change_is_told_with_both_readings(run: Run, tmp_path: Path) -> None:
    log = _log(
        tmp_path,
        "{on: 2021-03-01, event: permit_issued}",
        "{on: 2021-03-02, event: review_certificate_issued}",
        "{on: 2021-03-10, event: major_design_change, touches: [fire_safety]}",
    )
    text = run("gates", HOUSING[0], log, "--on", "2021-03-25").stdout
    assert "分类不变：审查后置" in text
    assert "不再作数：取得施工图审查合格书" in text
    assert "● 不作数" in text
    assert "○ 作数" in text


def test_an_overdue_review_is_listed_under_both_readings(run: Run, tmp_path: Path) -> None:
    log = _log(
        tmp_path,
        "{on: 2021-03-01, event: full_set_submitted}",
        "{on: 2021-03-01, event: staging_requested}",
    )
    done = run("gates", HOUSING[0], log, "--on", "2021-03-25", "--format", "json")
    overdue = json.loads(done.stdout)["overdue"]
    assert [(d["what"], d["reading"], d["due"]) for d in overdue] == [
        ("foundation_report", "parallel", "2021-03-04"),
        ("remaining_report", "parallel", "2021-03-10"),
        ("foundation_report", "serial", "2021-03-04"),
        ("remaining_report", "serial", "2021-03-15"),
    ]


def test_no_reading_opens_a_stage_while_the_class_is_open(run: Run, tmp_path: Path) -> None:
    log = _log(
        tmp_path,
        "{on: 2021-03-01, event: permit_issued}",
        "{on: 2021-03-02, event: drawings_uploaded}",
        "{on: 2021-03-10, event: major_design_change, touches: [加层]}",
    )
    done = run("gates", OFFICE[0], log, "--on", "2021-03-25", "--format", "json")
    assert done.returncode == 4
    stages = json.loads(done.stdout)["stages"].values()
    told = [r["state"] for s in stages for c in s["conflicts"] for r in c["readings"]]
    assert told
    assert "not_barred" not in told


def test_a_path_that_is_not_settled_ends_with_4(run: Run, tmp_path: Path) -> None:
    log = _log(tmp_path, "{on: 2021-03-01, event: permit_issued}")
    done = run("gates", HOUSING[0], log, "--on", "2022-06-01", "--format", "json")
    assert done.returncode == 4
    stages = json.loads(done.stdout)["stages"]
    assert {stage["state"] for stage in stages.values()} == {"ask"}


def test_another_reading_can_be_taken(run: Run, tmp_path: Path) -> None:
    log = _log(tmp_path, "{on: 2021-03-01, event: permit_issued}")
    options = ("--on", "2021-03-25", "--format", "json", "--reading", "C13=after_permit")
    said = json.loads(run("gates", OFFICE[0], log, *options).stdout)
    assert said["stages"]["blinding"]["state"] == "not_barred"
    assert said["readings"] == {"C13": "after_permit"}


def test_a_changed_project_is_held_to_what_a_project_file_is_held_to(
    run: Run, tmp_path: Path
) -> None:
    owner = "project_owner: {credit_code: '123'}"
    changed = f"touches: [floor_area_m2], project: {{{owner}}}"
    log = _log(tmp_path, f"{{on: 2021-03-01, event: major_design_change, {changed}}}")
    done = run("gates", OFFICE[0], log, "--on", "2021-03-25")
    assert done.returncode == 3
    assert "events.yaml:3: events[0].project.project_owner.credit_code" in done.stderr


@pytest.mark.parametrize(
    ("lang", "each"),
    [
        ("zh", ("只覆盖部分施工图，不作", "之前没有覆盖全部施工图的审查合格书", "未通过，不作数")),
        ("en", ("covers some of the drawings only", "has no certificate of all", "not passed")),
    ],
)
def test_a_paper_that_does_not_count_is_told(
    run: Run, tmp_path: Path, lang: str, each: tuple[str, ...]
) -> None:
    log = _log(
        tmp_path,
        "{on: 2021-03-01, event: full_set_submitted}",
        "{on: 2021-03-10, event: review_certificate_issued, partial: true}",
        "{on: 2021-03-12, event: site_progress_verified}",
        "{on: 2021-03-14, event: review_certificate_issued}",
        "{on: 2021-03-16, event: site_progress_verified, passed: false}",
    )
    text = run("gates", HOUSING[0], log, "--on", "2021-03-25", "--lang", lang).stdout
    for words in each:
        assert words in text


def test_the_signers_of_a_letter_promise_to_accept_what_follows(run: Run, tmp_path: Path) -> None:
    log = _log(
        tmp_path,
        "{on: 2021-03-01, event: permit_issued}",
        "{on: 2021-03-20, event: stage_started, stage: base_slab}",
    )
    asked = ("gates", HOUSING[0], log, "--on", "2021-03-25")
    text, english = run(*asked).stdout, run(*asked, "--lang", "en").stdout
    assert "建设单位、勘察单位、设计单位：「自愿无条件接受主管部门" in text
    assert "安全监督部门：「向建设行政主管部门报告」" in text
    assert "project owner, survey firm, design firm: have promised to accept an order" in english


def test_each_consequence_of_the_rules_has_english_words() -> None:
    rules = load_rulebook().rules
    codes = {c.consequence.what for rule in rules for c in rule.then if c.consequence}
    assert codes == set(CONSEQUENCE_EN)


def test_after_the_upload_a_change_and_the_header_tell_one_class(run: Run, tmp_path: Path) -> None:
    log = _log(
        tmp_path,
        "{on: 2021-03-01, event: permit_issued}",
        "{on: 2021-03-02, event: review_certificate_issued}",
        "{on: 2021-04-20, event: major_design_change, touches: [floor_area_m2]}",
        "{on: 2021-04-25, event: drawings_uploaded}",
    )
    office = Path(OFFICE[0]).read_text(encoding="utf-8").replace("1850.00", "2850.00")
    project = tmp_path / "office.yaml"
    project.write_text(office, encoding="utf-8")
    asked = ("gates", str(project), log, "--on", "2021-04-26")
    text = run(*asked).stdout
    assert "审查方式：审查后置" in text
    assert "变更后分类：审查后置" in text
    assert "分类待定" not in text
    assert "须提交：情况说明\n" in text
    assert "须重新取得：覆盖全部工程的施工图审查合格书（施工图审查机构）" in text
    assert "项目文件是否已按变更后的图改过，请核对" in text
    assert "was brought up to the changed drawings" in run(*asked, "--lang", "en").stdout


def _pot(tmp_path: Path) -> Path:
    for part in ("housing", "housing_events", "office"):
        text = (ROOT / f"examples/{part}.yaml").read_text(encoding="utf-8")
        (tmp_path / f"{part}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "office_events.yaml").write_text(
        "events: [{on: 2021-03-20, event: stage_started, stage: base_slab}]", encoding="utf-8"
    )
    return tmp_path


def test_a_board_has_breaches_first_and_says_what_each_project_waits_for(
    run: Run, tmp_path: Path
) -> None:
    done = run("gates", "--pot", str(_pot(tmp_path)), "--on", "2021-05-06")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "施工节点：2个项目，截至 2021-05-06"
    told = [tuple(re.split(r" {2,}", line)) for line in lines[3:9]]
    assert told == [
        ("!", OFFICE_ZH, "底板及以上", "2021-03-20 第1条，提前施工", LACKS, "附件1¶2"),
        ("✗", OFFICE_ZH, "基坑开挖和支护", "不得施工", "施工许可证", "三(一)¶1s1"),
        ("✗", OFFICE_ZH, "垫层、底板及以上、主体结构", "不得施工", LACKS, CLAUSES),
        ("✓", HOUSING_ZH, "基坑开挖和支护", "本文件不禁止", "三(一)¶1s1"),
        ("✗", HOUSING_ZH, "垫层", "不得施工", REPORT, "三(一)¶1s1、三(一)¶1s2"),
        ("✗", HOUSING_ZH, "底板及以上、主体结构", "不得施工", CERTIFICATE, "三(一)¶1s1、三(一)¶2"),
    ]
    assert "「本文件不禁止」不是批准；仍须「按规定」，并遵守其他法律。" in lines


def test_a_board_is_one_document_or_one_table(run: Run, tmp_path: Path) -> None:
    pot = ("gates", "--pot", str(_pot(tmp_path)), "--on", "2021-05-06")
    projects = json.loads(run(*pot, "--format", "json").stdout)["projects"]
    table = list(csv.reader(io.StringIO(run(*pot, "--format", "csv").stdout.lstrip("\ufeff"))))
    assert table[0] == ["项目", "项目代码", "审查方式", "节点", "能否施工", "缺什么", "条款"]
    said = {"barred": "不得施工", "not_barred": "本文件不禁止"}
    assert [(line[0], line[4]) for line in table[1:]] == [
        (project["project"]["name"], said[stage["state"]])
        for project in projects
        for stage in project["stages"].values()
    ]


def test_a_board_answers_for_the_good_files_and_names_the_bad(run: Run, tmp_path: Path) -> None:
    (_pot(tmp_path) / "housing_events.yaml").write_text("events: [{on: 2021-03-01}]", "utf-8")
    done = run("gates", "--pot", str(tmp_path), "--on", "2021-05-06", "--lang", "en")
    assert done.returncode == 3
    assert done.stdout.startswith("Stages: 1 project, as of 2021-05-06\n")
    assert "housing_events.yaml:1" in done.stderr
