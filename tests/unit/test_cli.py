"""The commands as a user meets them: output, exit status, and never a traceback."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import jsonschema
import pytest

from drawreview.cli import usage
from drawreview.cli.outcome import _ENGLISH, _OUTCOMES, said_of
from drawreview.condition.ast import phrases
from drawreview.project.from_yaml import read
from drawreview.rulebook.load import load_rulebook

ROOT = Path(__file__).parents[2]
OFFICE = ROOT / "examples" / "office.yaml"


def run(*arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from drawreview.cli import main; main()", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=ROOT,
    )


def test_the_shipped_example_is_exempt() -> None:
    done = run("decide", str(OFFICE), "--on", "2021-03-01")
    assert done.returncode == 0
    assert done.stdout.startswith("审查方式：免于审查")


@pytest.mark.parametrize("form", ["text", "json"])
def test_deciding_a_plain_project_loads_neither_pydantic_nor_typer(form: str) -> None:
    """Each of them takes longer to import than a project to decide."""
    code = (
        "import atexit, sys; from drawreview.cli import main; "
        "atexit.register(lambda: sys.stderr.write(' '.join(sys.modules))); main()"
    )
    arguments = ["decide", str(OFFICE), "--on", "2021-03-01", "--format", form]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        cwd=ROOT,
    )
    loaded = set(done.stderr.split())
    assert "drawreview.engine.session" in loaded
    assert not loaded & {"pydantic", "pydantic_core", "typer", "rich", "importlib.metadata"}


def test_the_decision_names_the_installed_engine() -> None:
    done = run("decide", str(OFFICE), "--on", "2021-03-01", "--format", "json")
    named = json.loads(done.stdout)["engine"]
    assert named == {name: version(name) for name in ("drawreview", "durable-rules")}


def test_the_decision_keeps_its_published_schema() -> None:
    done = run("decide", str(OFFICE), "--on", "2021-03-01", "--format", "json")
    schema = json.loads(run("schema", "decision").stdout)
    decision = json.loads(done.stdout)
    jsonschema.validate(decision, schema)
    assert decision["review_path"] == "exempt"
    assert (
        decision["decision_id"]
        == json.loads(
            run(
                "decide",
                "-",
                "--on",
                "2021-03-01",
                "--format",
                "json",
                stdin=OFFICE.read_text(encoding="utf-8"),
            ).stdout
        )["decision_id"]
    )


def test_the_project_schema_accepts_the_example() -> None:
    from drawreview.project.from_yaml import read

    schema = json.loads(run("schema", "project").stdout)
    said = json.loads(json.dumps(read(OFFICE.read_text(encoding="utf-8"), "p").data, default=float))
    jsonschema.validate(said, schema)


def test_the_rule_schema_accepts_the_shipped_rules() -> None:
    from drawreview.project.from_yaml import read

    schema = json.loads(run("schema", "rule").stdout)
    assert schema == json.loads((ROOT / "rules" / "rule.schema.json").read_text(encoding="utf-8"))
    for name in (
        "baotou_2021_8/review_path.yaml",
        "baotou_2021_8/permit.yaml",
        "baotou_2021_8/uploads.yaml",
        "national/fire_design_2020_51/special_projects.yaml",
    ):
        said = read((ROOT / "rules" / name).read_text(encoding="utf-8"), name).data
        jsonschema.validate(json.loads(json.dumps(said, default=float)), schema)


@pytest.mark.parametrize(
    ("edit", "status"),
    [
        (("height_m: 11.40", "height_m: 12"), 0),
        (("    height_m: 11.40\n", ""), 4),
        (("review_commissioned_on: not_commissioned", "review_commissioned_on: 2020-12-05"), 4),
        (("use: office", "use: nonsense"), 3),
    ],
)
def test_exit_status(edit: tuple[str, str], status: int) -> None:
    text = OFFICE.read_text(encoding="utf-8")
    assert edit[0] in text
    done = run("decide", "-", "--on", "2021-03-01", stdin=text.replace(*edit, 1))
    assert done.returncode == status
    assert "Traceback" not in done.stderr


def test_no_letter_of_an_open_path_but_what_is_missing_and_where_to_supply_it() -> None:
    partial = "examples/partial.yaml"
    done = run("letter", partial, "--on", "2021-03-01")
    assert done.returncode == 4
    first, *missing = done.stderr.splitlines()[1:]
    assert "事实不全，审查方式尚不能认定。" in first
    assert f"drawreview ask {partial} --on 2021-03-01" in first
    assert f"drawreview notice {partial} --on 2021-03-01" in first
    decided = json.loads(run("decide", partial, "--on", "2021-03-01", "--format", "json").stdout)
    assert [line.split()[2] for line in missing] == [m["field"] for m in decided["missing"]]


def test_the_same_of_several_buildings_is_said_once() -> None:
    data = read(OFFICE.read_text(encoding="utf-8"), "p").data
    whole = {**data["buildings"][0], "floor_area_m2": 300}
    part = {k: v for k, v in whole.items() if k != "height_m"}
    data["buildings"] = [part, part, whole, part]
    said = run("decide", "-", "--on", "2021-03-01", stdin=json.dumps(data, default=float)).stdout
    missing = [line for line in said.splitlines() if "height_m" in line]
    assert missing == [
        "  ？ 第1-2、4栋的高度  buildings[0-1,3].height_m 〔二(一)1(1)〕「总高度小于12米」"
    ]


def test_an_exempt_project_is_not_asked_for_the_drawings_of_item_three() -> None:
    text = OFFICE.read_text(encoding="utf-8")
    said = run("decide", "-", "--on", "2021-03-01", stdin=text.split("permit:")[0]).stdout
    assert said.startswith("审查方式：免于审查")
    route = said.split("施工许可：")[1].split("理由")[0]
    assert "全部施工图" not in route
    assert route.startswith("待补充 土地手续、规划手续")
    assert "permit." not in route
    assert "〔二(三)〕「取得土地」" in route
    assert "二(一)3" not in route


def test_a_missing_field_is_called_by_its_own_name() -> None:
    text = OFFICE.read_text(encoding="utf-8").replace("use: office", "use: ordinary_warehouse")
    chinese = run("decide", "-", "--on", "2021-03-01", stdin=text).stdout
    assert "办公楼的火灾危险性类别  buildings[0].fire_hazard_class 〔第十四条(九)〕" in chinese
    english = run("decide", "-", "--on", "2021-03-01", "--lang", "en", stdin=text).stdout
    assert "buildings[0].fire_hazard_class  fire hazard class 〔" in english


def test_wrong_usage_is_status_two() -> None:
    assert run("decide").returncode == 2
    assert run("decide", str(OFFICE), "--on", "1 March").returncode == 2
    assert run("nonsense").returncode == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("decide", "examples/office.yaml", "--on", "2021-03-01", "--tolerance", "area=9%"),
        ("decide", "examples/partial.yaml", "--on", "2021-03-01"),
        ("decide", "examples/office.yaml", "--on", "2026-03-01"),
        ("decide", "examples/office.yaml", "--on", "2020-03-01"),
        ("explain", "examples/partial.yaml", "--on", "2021-03-01"),
        ("explain", "examples/office.yaml", "--on", "2022-01-27"),
    ],
)
def test_english_holds_no_chinese_but_what_is_quoted(
    arguments: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The law's words are quoted, and the city's register and the applicant wrote in Chinese."""
    law = load_rulebook()
    quoted = [
        *(phrase.words for rule in law.rules for phrase in phrases(rule.when)),
        *("；".join(then.words for then in rule.then if then.words) for rule in law.rules),
        *(then.words or "" for rule in law.rules for then in rule.then),
        *(sentence for document in law.documents for sentence in document.clauses.values()),
        *(question.says or "" for question in law.questions.values()),
        *("自印发之日起试行，试行期1年", "住房和城乡建设部令第51号"),
    ]
    monkeypatch.chdir(ROOT)
    said_of(lambda: usage.run([*arguments, "--lang", "en"]))
    said = capsys.readouterr().out
    for words in sorted(quoted, key=len, reverse=True):
        said = said.replace(words, "")
    said = re.sub(
        r"尾s\d|第十四条(\([一二三四五六七八九十]+\))*|[一二三四五][\d()¶s一二三四]+", "", said
    )
    assert re.findall(r"[\u4e00-\u9fff、。，：；（）]+", said) == []


def test_english_is_one_option_away() -> None:
    done = run("decide", str(OFFICE), "--on", "2021-03-01", "--lang", "en")
    assert done.stdout.startswith("Review path: exempt")


def test_the_law_is_checked() -> None:
    done = run("law", "check")
    assert done.returncode == 0
    assert "规则与条文一致" in done.stdout


def test_a_what_if_is_labelled() -> None:
    done = run("decide", str(OFFICE), "--on", "2023-03-01", "--assume-in-force")
    assert done.stdout.startswith("【假定有效·仅供测算】")
    assert run("decide", str(OFFICE), "--on", "2023-03-01").returncode == 4


OVERLAY = """
overlay: {of: baotou_2021_8, filed_by: 包头市住房和城乡建设局, filed_on: 2022-01-25}
continued_by: {number: 包府办发〔2022〕×号, issuer: 包头市人民政府办公室, issued: 2022-01-20, in_force_from: 2022-01-27}
"""
NOTICE = """
district_list:
  number: 青住建发〔2021〕×号
  issuer: 青山区住房和城乡建设局
  district: "150204"
  issued: 2021-05-01
  in_force_from: 2021-05-01
  projects: [青山区某配套办公楼]
"""


def test_a_city_files_the_continuation_and_a_district_notice(tmp_path: Path) -> None:
    (tmp_path / "overlay.yaml").write_text(OVERLAY, encoding="utf-8")
    (tmp_path / "district_qingshan.yaml").write_text(NOTICE, encoding="utf-8")
    text = OFFICE.read_text(encoding="utf-8").replace("height_m: 11.40", "height_m: 13")
    overlay = ("--overlay", str(tmp_path))

    continued = run("decide", str(OFFICE), "--on", "2023-03-01", *overlay, "--format", "json")
    assert json.loads(continued.stdout)["review_path"] == "exempt"
    asked = run("decide", "-", "--on", "2023-03-01", *overlay, "--format", "json", stdin=text)
    assert [m["field"] for m in json.loads(asked.stdout)["missing"]] == ["district_list"]
    cited = text.replace(
        "special_works: []", "special_works: []\ndistrict_list: 青住建发〔2021〕×号"
    )
    assert (
        json.loads(
            run(
                "decide", "-", "--on", "2023-03-01", *overlay, "--format", "json", stdin=cited
            ).stdout
        )["review_path"]
        == "exempt"
    )
    assert (
        json.loads(
            run("decide", "-", "--on", "2021-03-01", "--format", "json", stdin=cited).stdout
        )["review_path"]
        == "deferred_review"
    )


def test_an_overlay_with_a_mistake_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "overlay.yaml").write_text(
        OVERLAY.replace("in_force_from", "in_force_form"), encoding="utf-8"
    )
    done = run("decide", str(OFFICE), "--overlay", str(tmp_path))
    assert done.returncode == 3
    assert "in_force_form" in done.stderr


def test_what_looks_wrong_is_said_and_the_project_decided() -> None:
    text = OFFICE.read_text(encoding="utf-8").replace("0472-5618888", "5618888")
    done = run("decide", "-", "--on", "2021-03-01", stdin=text)
    assert done.returncode == 0
    assert done.stdout.startswith("审查方式：免于审查")
    assert "project_owner.phone" in done.stderr
    assert run("decide", str(OFFICE), "--on", "2021-03-01").stderr == ""


def test_what_happened_is_told_in_english_too():
    assert _ENGLISH.keys() == _OUTCOMES.keys()
