"""Readings that an authority has adopted and a city has filed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from drawreview import Decision, decide, load_rulebook
from drawreview.errors import InputError
from drawreview.paths import RULES
from drawreview.rulebook.load import rulebook_of
from drawreview.rulebook.model import Rulebook
from drawreview.rulebook.readings import with_readings
from tests.advice.projects import OFFICE, building, office
from tests.unit.test_cli import run

FILED = Path(__file__).parents[1] / "cases" / "overlays" / "pits_are_no_basement"
PIT = office(building(underground_rooms=[{"kind": "lift_pit"}]))
BEFORE, SINCE = date(2021, 2, 28), date(2021, 3, 1)
OVERLAY = "overlay: {of: baotou_2021_8, filed_by: 窗口甲, filed_on: 2021-03-10}\n"
AUTHORITY = "包头市住房和城乡建设局"


def decided(law: Rulebook, on: date = SINCE) -> Decision:
    return decide(PIT, on=on, rulebook=law)


@pytest.fixture
def law() -> Rulebook:
    return load_rulebook(RULES, FILED)


def test_a_filed_reading_settles_its_question_and_may_exempt(law: Rulebook) -> None:
    found = decided(law)
    assert (found.review_path, found.letter) == ("exempt", "annex_1")
    assert found.depends_on == ()
    (adopted,) = found.document.adopted_readings
    assert (adopted.question, adopted.reading) == ("A12", "not_a_basement")
    assert (adopted.issuer, adopted.number, adopted.issued) == (
        AUTHORITY,
        "包住建函〔2021〕×号",
        "2021-03-01",
    )
    assert found.document.readings == {"A12": "not_a_basement"}
    assert found.document.rulebook["overlay"] == "窗口甲"
    assert found.document.rulebook["overlay_filed_on"] == "2021-03-10"


def test_before_the_document_was_in_force_the_question_is_open(law: Rulebook) -> None:
    found = decided(law, BEFORE)
    assert (found.review_path, found.depends_on) == ("deferred_review", ("A12",))
    assert found.document.adopted_readings == ()


def test_without_the_overlay_the_question_is_open() -> None:
    assert decided(load_rulebook()).depends_on == ("A12",)


def test_the_digest_and_the_archive_hold_the_reading(law: Rulebook) -> None:
    assert law.digest != load_rulebook().digest
    again = decided(rulebook_of(law.archive))
    assert again.document == decided(law).document


def test_confirming_the_registers_own_reading_settles_the_question_too(tmp_path: Path) -> None:
    text = (FILED / "overlay.yaml").read_text(encoding="utf-8")
    said = text.replace("reading: not_a_basement", "reading: basement")
    (tmp_path / "overlay.yaml").write_text(said, encoding="utf-8")
    found = decided(load_rulebook(RULES, tmp_path))
    assert (found.review_path, found.certainty) == ("deferred_review", "robust")


def test_a_reading_that_was_chosen_prevails_over_one_that_was_adopted(law: Rulebook) -> None:
    found = decided(with_readings(law, {"A12": "basement"}))
    assert found.review_path == "deferred_review"
    assert found.document.adopted_readings == ()
    assert found.supposed == {"A12": "basement"}
    same = decided(with_readings(law, {"A12": "not_a_basement"}))
    assert same.supposed == {}
    assert same.letter == "annex_1"


def test_an_exemption_that_rests_on_a_supposed_reading_gets_no_annex_1() -> None:
    supposed = decided(with_readings(load_rulebook(), {"A12": "not_a_basement"}))
    assert (supposed.review_path, supposed.letter) == ("exempt", None)
    plain = decide(
        office(), on=SINCE, rulebook=with_readings(load_rulebook(), {"A6": "each_building"})
    )
    assert (plain.review_path, plain.letter) == ("exempt", "annex_1")


WRONG = f"""\
{OVERLAY}readings:
  A12: {{reading: none, number: x, issuer: 某科室, issued: 2021-13-01}}
  A99: {{reading: a, number: x, issuer: y, issued: 2021-03-01}}
  A13: {{reading: signed_statement, number: x, issuer: 窗口, issued: 2021-03-01}}
  A10: {{reading: single_storey_building, who: me}}
  A9: as_declared
"""


def test_every_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "overlay.yaml").write_text(WRONG, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_rulebook(RULES, tmp_path)
    told = [str(problem) for problem in caught.value.problems]
    assert [line.split(": ")[0].rpartition("/")[2] for line in told] == [
        *["overlay.yaml:3"] * 3,
        "overlay.yaml:4",
        "overlay.yaml:5",
        *["overlay.yaml:6"] * 4,
        "overlay.yaml:7",
    ]
    assert "不是日期" in told[0]
    assert "basement、not_a_basement" in told[1]
    assert AUTHORITY in told[2]


WRONG_EVERYWHERE = """\
overlay:
  of: [baotou]
  filed_on: 2022-13-40
extra: 1
continued_by:
  number: 包府办发〔2022〕3号
  isuer: 包头市人民政府办公室
  issued: 2022-02-30
displaced_by: nothing
readings:
  A12: {reading: [x], issuer: 某局}
  Z9: 5
"""
WRONG_LIST = """\
district_list:
  number: 1号
  issuer: 某
  district: 999999
  issued: 2021-01-01
  in_force_from: x
  projects: 一个
"""


def test_all_mistakes_of_all_files_of_an_overlay_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "overlay.yaml").write_text(WRONG_EVERYWHERE, encoding="utf-8")
    (tmp_path / "district_a.yaml").write_text(WRONG_LIST, encoding="utf-8")
    (tmp_path / "district_b.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_rulebook(RULES, tmp_path)
    told = [str(problem).rpartition("/")[2].partition(": ") for problem in caught.value.problems]
    wanted = (
        ("overlay.yaml:4", "extra"),
        ("overlay.yaml:1", "filed_by"),
        ("overlay.yaml:3", "2022-13-40"),
        ("overlay.yaml:2", "baotou"),
        ("overlay.yaml:7", "isuer"),
        ("overlay.yaml:5", "in_force_from"),
        ("overlay.yaml:5", "issuer"),
        ("overlay.yaml:8", "2022-02-30"),
        ("overlay.yaml:9", "displaced_by"),
        ("overlay.yaml:11", "number"),
        ("overlay.yaml:11", "issued"),
        ("overlay.yaml:11", "basement"),
        ("overlay.yaml:11", "某局"),
        ("overlay.yaml:12", "Z9"),
        ("district_a.yaml:6", "in_force_from"),
        ("district_a.yaml:7", "projects"),
        ("district_a.yaml:4", "999999"),
        ("district_b.yaml:2", "YAML"),
    )
    assert [place for place, _, _ in told] == [place for place, _ in wanted]
    for (_, _, said), (place, word) in zip(told, wanted, strict=True):
        assert word in said, place
    assert all(problem.remedy for problem in caught.value.problems)


@pytest.mark.parametrize("said", ["readings: []", "readings:", "readings: A12"])
def test_readings_are_keys_and_values(tmp_path: Path, said: str) -> None:
    (tmp_path / "overlay.yaml").write_text(OVERLAY + said + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="readings 应是编号和读法"):
        load_rulebook(RULES, tmp_path)


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_overlay_that_the_readme_shows_can_be_loaded(tmp_path: Path, name: str) -> None:
    readme = (RULES.parent / name).read_text(encoding="utf-8")
    shown = readme.split("```yaml\noverlay: ")[1].split("```")[0]
    (tmp_path / "overlay.yaml").write_text(f"overlay: {shown}", encoding="utf-8")
    law = load_rulebook(RULES, tmp_path)
    assert (len(law.adoptions), len(law.successors)) == (1, 1)


def test_an_office_that_acts_as_the_authority_says_so(tmp_path: Path) -> None:
    entry = (
        f"readings: {{F1: {{reading: each_venue, number: x, issuer: {AUTHORITY}, issued: 2021-03-01"
    )
    (tmp_path / "overlay.yaml").write_text(OVERLAY + entry + "}}\n", encoding="utf-8")
    with pytest.raises(InputError, match="消防设计审查部门"):
        load_rulebook(RULES, tmp_path)
    acting = tmp_path / "acting"
    acting.mkdir()
    (acting / "overlay.yaml").write_text(
        OVERLAY + entry + ", acting_as: 消防设计审查部门}}\n", encoding="utf-8"
    )
    assert load_rulebook(RULES, acting).adoptions[0].reading == "each_venue"


def test_the_commands_show_who_adopted_the_reading(tmp_path: Path) -> None:
    file = tmp_path / "pit.yaml"
    text = OFFICE.read_text(encoding="utf-8")
    file.write_text(
        text.replace("underground_rooms: []", "underground_rooms: [{kind: lift_pit}]"),
        encoding="utf-8",
    )
    given = ("decide", str(file), "--on", "2021-03-01", "--overlay", str(FILED))
    shown = run(*given).stdout
    assert (
        f"按已登记采用的读法 A12 not_a_basement：{AUTHORITY} 包住建函〔2021〕×号，2021-03-01"
        in shown
    )
    supposed = run(*given, "--reading", "A10=single_storey_building").stdout
    assert "按选用的读法 A10 single_storey_building，未经有权机关采用，仅供测算" in supposed
    table = json.loads(run(*given, "--all-readings", "--format", "json").stdout)
    assert table[0]["review_path"] == "exempt"
    (row,) = [row for row in table if row["question"] == "A12"]
    assert row == {
        "question": "A12",
        "reading": "basement",
        "means": "算",
        "review_path": "deferred_review",
        "letter": "annex_2",
        "certainty": "robust",
        "depends_on": [],
        "differs": True,
        "settled_by": AUTHORITY,
    }
    told = json.loads(run("questions", "A12", "--overlay", str(FILED), "--format", "json").stdout)
    assert told[0]["filed"][0]["in_force_from"] == "2021-03-01"
    listed = run("questions", "A12", "--overlay", str(FILED)).stdout
    assert f"★ 已登记采用 A12 not_a_basement：{AUTHORITY}" in listed
    assert run(*given, "--all-readings", "--tolerance", "area=1%").returncode == 2
    text_table = run(*given, "--all-readings").stdout
    assert "≠  A12" in text_table
