"""What a clerk and an auditor type: record, replay, carry away."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from pypdf import PdfReader
from ruamel.yaml import YAML

from drawreview.cli.app import app
from drawreview.cli.outcome import said_of
from drawreview.cli.usage import run
from drawreview.engine.document import PATH_ZH
from drawreview.legible import illegible
from drawreview.records.body import record_schema
from drawreview.timeline.workdays import published_calendar
from tests.records.conftest import sqlite_place
from tests.records.test_replay_events import WORKED

OFFICE = Path(__file__).parents[2] / "examples" / "office.yaml"
ON = ("--on", "2021-03-01")


@pytest.fixture
def desk(tmp_path, monkeypatch, capsys):
    """Return a function that types a command at a window with a journal of its own."""
    place = sqlite_place(tmp_path)
    place.init().close()
    monkeypatch.setenv("DRAWREVIEW_JOURNAL", str(place.where))
    monkeypatch.setenv("DRAWREVIEW_JOURNAL_KEY", str(place.key))
    monkeypatch.setenv("DRAWREVIEW_ACTOR", "w-07")

    def type_in(*words):
        status = said_of(lambda: app([str(word) for word in words]))
        out, err = capsys.readouterr()
        return status, out, err

    type_in.place = place
    return type_in


def kept(desk):
    with desk.place.open() as journal:
        return [json.loads(one.body) for one in journal.records()]


def test_a_recorded_decision_prints_its_receipt(desk):
    status, out, _ = desk(
        "decide", OFFICE, *ON, "--record", "--answer", "A22=已核对", "--applied-on", "2021-02-26"
    )
    (said,) = kept(desk)
    assert status == 0
    assert f"存证编号 {said['id']}　序号0　前1条的根 " in out
    assert said["actor"] == {"id": "w-07", "role": "clerk", "channel": "cli"}
    assert (said["answers"], said["applied_on"]) == ({"A22": "已核对"}, "2021-02-26")


def test_json_on_standard_output_stays_the_published_document(desk):
    status, out, err = desk("decide", OFFICE, *ON, "--record", "--format", "json")
    assert status == 0
    assert json.loads(out) == kept(desk)[0]["decision"]
    assert "存证编号" in err


def test_a_correction_names_what_it_corrects(desk):
    desk("decide", OFFICE, *ON, "--record")
    first = kept(desk)[0]["id"]
    status, _, _ = desk("decide", OFFICE, *ON, "--record", "--supersedes", first, "--why", "重算")
    assert status == 0
    assert kept(desk)[1]["supersedes"] == {"id": first, "why": "重算"}
    status, _, err = desk("decide", OFFICE, *ON, "--record", "--supersedes", "x", "--why", "y")
    assert (status, len(kept(desk))) == (3, 2)
    assert "没有记录 x" in err


def test_the_list_tells_projects_and_what_was_corrected(desk):
    desk("decide", OFFICE, *ON, "--record")
    desk("decide", OFFICE, *ON, "--record", "--supersedes", "0", "--why", "重算")
    first, second = kept(desk)
    status, out, _ = desk("journal", "list")
    header, *rows = out.splitlines()
    name, path = first["project"]["name"], PATH_ZH[first["decision"]["review_path"]]
    assert status == 0
    assert header.split() == [
        "序号",
        "编号",
        "时间",
        "事项",
        "决定日",
        "项目",
        "路径",
        "经办",
        "备注",
    ]
    expected = [("0", first, "已被序号1更正"), ("1", second, "更正序号0")]
    for row, (seq, said, remark) in zip(rows, expected, strict=True):
        time = f"{said['at']['utc'][:19]}Z"
        cells = (seq, said["id"], time, "决定", ON[1], name, path, "窗口 w-07", remark)
        assert re.split(" {2,}", row) == list(cells)
    last = json.loads(desk("journal", "list", "--last", "1", "--format", "json")[1])
    assert (last["refers_to"], last["superseded_by"]) == ([0], None)
    assert last["actor"] == {"role": "clerk", "id": "w-07"}
    assert (last["on"], last["project"]) == (ON[1], name)
    assert last["review_path"] == first["decision"]["review_path"]


def test_the_list_tells_of_a_letter_whose_project_it_is_for(desk, tmp_path):
    desk("letter", OFFICE, *ON, "--record", "-o", tmp_path / "letter")
    decision, letter = kept(desk)
    _, out, _ = desk("journal", "list", "--last", "1")
    row = out.splitlines()[1]
    assert letter["kind"] == "letter"
    assert f"  {decision['project']['name']}  " in row
    assert row.endswith("  依据序号0")


def test_the_list_bears_whatever_a_journal_holds(desk):
    odd = (
        b'{"id":"odd-0"}',
        b'{"id":"odd-1","kind":"erasure","at":{"utc":"2021"},"erased":[1]}',
        b'{"id":"odd-2","kind":"x","at":{"utc":"2021"},"on":3,"project":{"name":"a\\u001b[2J\\ud800"}}',
    )
    with desk.place.open() as journal:
        for number, body in enumerate(odd):
            journal.append(body, id=f"odd-{number}")
    status, out, _ = desk("journal", "list")
    assert (status, len(out.splitlines())) == (0, 1 + len(odd))
    assert "\x1b" not in out
    assert desk("journal", "list", "--format", "json")[0] == 0


EVIL = "\x1b[2J\x9b31m\u202e办公楼"


@pytest.mark.parametrize("terminal", [False, True])
def test_what_others_have_recorded_does_not_steer_a_terminal(desk, monkeypatch, terminal):
    body = {
        "id": EVIL,
        "schema": "drawreview/record@1",
        "kind": "decision",
        "at": {"utc": EVIL},
        "on": EVIL,
        "actor": {"id": EVIL, "role": EVIL, "channel": "cli"},
        "project": {"name": EVIL, "project_code": EVIL},
        "decision": {"review_path": EVIL},
        "law": EVIL,
    }
    with desk.place.open() as journal:
        journal.append(json.dumps(body, ensure_ascii=False).encode(), id=EVIL)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    asked = [["list"], ["list", "--format", "json"], ["verify"], ["show", "0", "--proof"]]
    asked += [["show", "0"]] if terminal else []  # elsewhere they are the very bytes
    for words in (
        *(["journal", *one] for one in asked),
        ["replay"],
        ["replay", "--format", "json"],
    ):
        _, out, err = desk(*words)
        assert not illegible(out + err, lines=True), (words, out, err)
    if terminal:
        assert json.loads(desk("journal", "show", "0")[1]) == body
    else:
        shown = desk("journal", "show", "0")[1]
        assert shown.encode() == json.dumps(body, ensure_ascii=False).encode() + b"\n"


def test_bad_input_that_is_quoted_does_not_steer_a_terminal(desk, tmp_path, capsys):
    file = tmp_path / "项目\x1b[2J.yaml"
    file.write_text(f'{{"name": {json.dumps(EVIL)}, {json.dumps(EVIL)}: 1}}', encoding="utf-8")
    for words in (
        ("decide", file, *ON),
        ("gates", file, file, *ON),
        ("deadlines", file, file, *ON),
        ("explain", EVIL),
        (EVIL,),
        ("journal", EVIL),
        ("decide", OFFICE, *ON, "--record", "--actor", EVIL),
        ("decide", OFFICE, *ON, "--record", "--answer", f"A22={EVIL}"),
        ("decide", OFFICE, *ON, "--record", "--supersedes", "0", "--why", EVIL),
        ("decide", OFFICE, "--on", EVIL),
    ):
        status = said_of(lambda words=words: run([str(word) for word in words]))
        out, err = capsys.readouterr()
        assert status in {2, 3}, (words, out, err)
        assert not illegible(out + err, lines=True), (words, err)
        assert "U+" in err or "\\x1b" in err, words
    assert kept(desk) == []


def test_a_correction_takes_an_index_too(desk):
    desk("decide", OFFICE, *ON, "--record")
    desk("decide", OFFICE, *ON, "--record", "--supersedes", "0", "--why", "重算")
    first, second = kept(desk)
    assert second["supersedes"]["id"] == first["id"]


def test_a_record_that_is_not_there_does_not_spoil_the_journal(desk):
    status, _, err = desk("journal", "show", "99")
    assert status == 3
    assert err.startswith("做不到：")
    assert "没有记录 99" in err


def test_a_record_is_corrected_once_and_then_its_correction(desk):
    again = ("decide", OFFICE, *ON, "--record", "--why", "重算", "--supersedes")
    desk("decide", OFFICE, *ON, "--record")
    desk(*again, "0")
    status, _, err = desk(*again, "0")
    assert (status, len(kept(desk))) == (3, 2)
    assert f"已被第 1 条（{kept(desk)[1]['id']}）更正" in err
    assert desk(*again, "1")[0] == 0


def restated(tmp_path, **otherwise):
    said = YAML().load(OFFICE)
    del said["project_code"]
    if owner := otherwise.pop("owner", None):
        said["project_owner"]["name"] = owner
    if otherwise.pop("no_owner", False):
        del said["project_owner"]
    said |= otherwise
    path = tmp_path / "restated.yaml"
    YAML().dump(said, path)
    return path


CODES = "2102-150204-04-01-123456", "2102-150204-04-01-654321"


@pytest.mark.parametrize(
    ("before", "after", "corrects"),
    [
        ({}, {"name": "别处厂房", "owner": "别家公司"}, False),
        ({}, {"name": "同一办公楼（更名）"}, True),
        ({}, {"owner": "更名后的公司"}, True),
        ({"no_owner": True}, {"name": "改正了错字"}, True),  # at the same address
        ({"no_owner": True}, {"name": "别处厂房", "address": "别处"}, False),
        ({"project_code": CODES[0]}, {"project_code": CODES[1]}, False),
        ({"project_code": CODES[0]}, {"project_code": CODES[0], "name": "甲", "owner": "乙"}, True),
        ({}, {"project_code": CODES[0]}, True),
    ],
)
def test_a_decision_on_another_project_corrects_nothing(desk, tmp_path, before, after, corrects):
    desk("decide", restated(tmp_path, **before), *ON, "--record")
    again = ("--supersedes", "0", "--why", "重算")
    status, _, err = desk("decide", restated(tmp_path, **after), *ON, "--record", *again)
    assert (status, len(kept(desk))) == ((0, 2) if corrects else (3, 1))
    assert ("是另一个项目的决定" in err) is not corrects


def test_a_wrong_code_is_corrected_in_two_steps(desk, tmp_path):
    desk("decide", restated(tmp_path, project_code=CODES[0]), *ON, "--record")
    for number, code in enumerate((None, CODES[1])):
        said = restated(tmp_path, **({"project_code": code} if code else {}))
        again = ("--supersedes", str(number), "--why", "代码写错")
        assert desk("decide", said, *ON, "--record", *again)[0] == 0


def test_only_a_decision_is_corrected(desk, tmp_path):
    desk("letter", OFFICE, *ON, "--record", "-o", tmp_path / "out")
    status, _, err = desk("decide", OFFICE, *ON, "--record", "--supersedes", "1", "--why", "重算")
    assert status == 3
    assert "不是决定" in err


def test_an_erasure_says_where_else_the_project_names_persons(desk, tmp_path):
    desk("letter", OFFICE, *ON, "--record", "-o", tmp_path / "out")
    desk("decide", OFFICE, *ON, "--record")
    status, out, _ = desk("journal", "erase", "1", "--why", "保存期满")
    assert status == 0
    assert "没有可删除的个人信息" in out
    assert "第 1 条是承诺书" in out
    assert "个人信息在它所据的决定，第 0 条" in out
    assert "同一项目还有记录存着个人信息：第 0、2 条" in out
    assert "第 2 条" in desk("journal", "erase", "0", "--why", "保存期满")[1]
    assert "同一项目" not in desk("journal", "erase", "2", "--why", "保存期满")[1]


def test_a_letter_carries_the_receipt_and_its_digest_is_recorded(desk, tmp_path):
    status, out, _ = desk("letter", OFFICE, *ON, "--record", "-o", tmp_path / "out")
    decision, letter = kept(desk)
    assert status == 0
    files = {path.suffix[1:]: path for path in (tmp_path / "out").iterdir()}
    assert {form: sha256(p.read_bytes()).hexdigest() for form, p in files.items()} == letter[
        "files"
    ]
    assert letter["decision"] == decision["id"]
    pages = PdfReader(files["pdf"]).pages
    assert len(pages) == 2
    for page in pages:
        text = page.extract_text().replace("\n", "").replace(" ", "")
        assert f"存证编号{decision['id']}" in text
    assert decision["id"].replace("-", "").upper() in letter["receipt"]
    assert f"存证编号 {decision['id']}" in out


PARTIAL = OFFICE.with_name("partial.yaml")


def test_a_notice_carries_the_receipt_and_is_recorded_beside_its_open_decision(desk, tmp_path):
    status, out, err = desk("notice", PARTIAL, *ON, "--record", "-o", tmp_path / "out")
    decision, notice = kept(desk)
    assert (status, err) == (0, "")
    Draft202012Validator(record_schema()).validate(notice)
    assert (notice["kind"], notice["annex"]) == ("letter", "notice")
    assert notice["decision"] == decision["id"]
    assert decision["decision"]["review_path"] == "undetermined"
    files = {path.suffix[1:]: path for path in (tmp_path / "out").iterdir()}
    digests = {form: sha256(path.read_bytes()).hexdigest() for form, path in files.items()}
    assert digests == notice["files"]
    for page in PdfReader(files["pdf"]).pages:
        text = page.extract_text().replace("\n", "").replace(" ", "")
        assert f"存证编号{decision['id']}" in text
    assert f"存证编号 {decision['id']}" in out
    assert "告知书" in desk("journal", "list")[1]
    status, said, _ = desk("replay", "--format", "json")
    assert (status, json.loads(said)["letters"]) == (0, 1), said


def test_a_notice_of_nothing_or_as_json_leaves_no_record(desk, tmp_path):
    status, out, err = desk("notice", OFFICE, "--on", "2020-01-01", "--record", "-o", tmp_path)
    assert (status, kept(desk)) == (0, [])
    assert "无须出具" in out or "请按适用" in out
    assert "什么也没有记下" in err
    assert desk("notice", PARTIAL, *ON, "--record", "--format", "json")[0] == 2
    (tmp_path / "file").write_text("")
    assert desk("notice", PARTIAL, *ON, "--record", "-o", tmp_path / "file" / "below")[0] == 3
    assert kept(desk) == []


def test_a_letter_that_may_not_be_written_leaves_no_record(desk, tmp_path):
    text = OFFICE.read_text(encoding="utf-8").replace("    storeys_below_ground: 0\n", "")
    (tmp_path / "open.yaml").write_text(text, encoding="utf-8")
    status, _, err = desk("letter", tmp_path / "open.yaml", *ON, "--record", "-o", tmp_path / "o")
    assert (status, kept(desk)) == (4, [])
    assert "不能出具承诺书" in err


def test_a_letter_that_cannot_be_laid_down_leaves_no_record(desk, tmp_path):
    (tmp_path / "file").write_text("")
    status, _, _ = desk("letter", OFFICE, *ON, "--record", "-o", tmp_path / "file" / "below")
    assert status == 3
    assert kept(desk) == []


@pytest.mark.parametrize(
    "words",
    [
        ["decide", OFFICE, "--record", "--journal", ""],
        ["decide", OFFICE, "--record", "--actor", ""],
        ["decide", OFFICE, "--record", "--supersedes", "x"],
        ["decide", OFFICE, "--why", "y"],
        ["decide", OFFICE, "--record", "--applied-on", "gestern"],
        ["letter", "--blank", "annex_1", "--record"],
        ["replay", "--level", "D"],
        ["replay", "--level", "B", "--reading", "A12=not_a_basement"],
        ["replay", "--python", "/usr/bin/python3"],
        ["replay", "--sample", "2"],
        ["replay", "--from", "x"],
        ["journal", "export", "-o", "x.tar"],
        ["journal", "witness", "--trust", "k", "--seen", "s", "--witness-key", "none"],
    ],
)
def test_what_says_too_little_is_wrong_usage(desk, words):
    status, _, err = desk(*words)
    assert (status, kept(desk)) == (2, []), err


@pytest.mark.parametrize("answer", ["A22", "A22=", "Z9=x"])
def test_an_answer_to_no_warning_is_refused(desk, answer):
    assert desk("decide", OFFICE, *ON, "--record", "--answer", answer)[0] == 3
    assert desk("decide", OFFICE, *ON, "--record", "--applied-on", "2021-03-02")[0] == 3
    assert kept(desk) == []


def test_replay_says_what_it_did(desk, tmp_path):
    desk("decide", OFFICE, *ON, "--record")
    assert desk("replay")[0] == 0
    status, out, _ = desk("replay", "--format", "json")
    told = json.loads(out)
    assert (status, told["holds"], told["decisions"], told["whole"]) == (0, True, 1, 1)
    assert told["integrity"]["holds"]
    status, out, _ = desk("replay", "--reading", "A10=single_storey_building")
    assert status == 1
    assert "读法变了〔二(一)1(1)〕" in out
    status, out, _ = desk("replay", "--pack", "shipped", "--format", "json")
    assert (status, json.loads(out)["level"]) == (0, "D")


def test_what_a_replay_did_is_not_cut_when_it_is_piped(desk, monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    desk("decide", OFFICE, *ON, "--record")
    lines = desk("replay")[1].splitlines()
    assert lines[0].split() == ["级别", "B"]
    assert [line for line in lines if line.split() == ["两套引擎重做，逐字节比对", "1"]]


HOUSING = tuple(OFFICE.with_name(name) for name in ("housing.yaml", "housing_events.yaml"))


def test_recorded_events_are_reckoned_again(desk):
    status, _, err = desk("deadlines", *HOUSING, "--on", "2021-05-06", "--record")
    assert (status, "存证编号" in err) == (0, True), err
    (said,) = kept(desk)
    Draft202012Validator(record_schema()).validate(said)
    assert said["law"]["calendar"] == said["answer"]["calendar"]["digest"]
    status, out, _ = desk("replay", "--format", "json")
    assert (status, json.loads(out)["events"]) == (0, 1)


def test_recorded_stages_are_answered_again(desk):
    status, out, err = desk("gates", *HOUSING, "--on", "2021-04-28", "--format", "json", "--record")
    assert (status, "存证编号" in err) == (0, True), err
    (said,) = kept(desk)
    Draft202012Validator(record_schema()).validate(said)
    shown = json.loads(out)
    assert said["answer"]["schema"] == "drawreview/gates@1"
    assert said["answer"]["stages"] == shown["stages"]
    status, out, _ = desk("replay", "--format", "json")
    assert (status, json.loads(out)["events"]) == (0, 1)


def test_events_are_recorded_with_the_project_as_it_was_stated(desk, tmp_path):
    log = tmp_path / "log.yaml"
    changed = OFFICE.read_text(encoding="utf-8").replace("1850.00", "2850.00")
    project = json.dumps(plain(changed))
    change = "on: 2021-03-02, event: major_design_change, touches: [fire_safety]"
    log.write_text(f"events: [{{{change}, project: {project}}}]", encoding="utf-8")
    for command in ("gates", "deadlines"):
        status, _, err = desk(command, OFFICE, log, "--on", "2021-05-06", "--record")
        assert "存证编号" in err, (status, err)
    for said in kept(desk):
        assert said["project"]["buildings"][0]["floor_area_m2"] == "1850.00"


def test_some_events_go_out_with_the_rules_that_they_were_reckoned_by(desk, tmp_path):
    desk("deadlines", *HOUSING, "--on", "2021-05-06", "--record")
    out = tmp_path / "some.zip"
    assert desk("journal", "export", "-o", out, "--record", kept(desk)[0]["id"])[0] == 0
    status, said, _ = desk("replay", "--journal", out, "--format", "json")
    assert (status, json.loads(said)["events"]) == (4, 1), said  # nobody vouches for its keys


def plain(path):
    """Return what a YAML file, or its text, says as JSON can say it."""
    return json.loads(json.dumps(YAML(typ="safe").load(path), default=str))


@pytest.mark.parametrize("corrected", [False, True])
def test_a_design_change_is_recorded_with_its_numbers_and_without_its_persons(
    desk, tmp_path, corrected
):
    project, events = (plain(path) for path in HOUSING)
    project["project_owner"] |= {"phone": "0472-5618888", "agent": "欧阳甲"}
    change = {"on": "2021-05-06", "event": "major_design_change", "touches": ["fire_safety"]}
    change["project"] = project
    if corrected:
        event = {"on": "2021-05-06", "event": "correction", "of": 3, "why": "误记"}
        change = event | {"replaced_by": change}
    events["events"] = [one for one in events["events"] if one["on"] < "2021-05-06"]
    events["events"].append(change)
    log = tmp_path / "events.yaml"
    log.write_text(json.dumps(events, ensure_ascii=False), encoding="utf-8")
    words = ("deadlines", HOUSING[0], log, "--on", "2021-05-06", "--record")
    status, _, err = desk(*words)
    assert (status, "存证编号" in err) == (0, True), err
    with desk.place.open() as journal:
        (one,) = journal.records()
        assert "5618888" not in one.body.decode()
        assert "欧阳甲" not in one.body.decode()
        taken = json.loads(journal.personal(one.id) or b"")
    place = f"events[{len(events['events']) - 1}]" + ".replaced_by" * corrected + ".project"
    assert taken[f"{place}.project_owner.phone"] == "0472-5618888"
    status, out, _ = desk("replay", "--format", "json")
    assert (status, json.loads(out)["events"]) == (0, 1), out


def test_replay_takes_a_calendar_by_name_by_file_and_by_digest(desk, tmp_path):
    desk("deadlines", *HOUSING, "--on", "2021-05-06", "--record")
    file = tmp_path / "calendar.json"
    file.write_bytes(WORKED.document)
    assert desk("replay", "--calendar", "shipped")[0] == 0
    assert desk("replay", "--calendar", published_calendar().digest)[0] == 0
    status, out, _ = desk("replay", "--calendar", file)
    assert (status, "日历变了〔" in out) == (1, True), out
    file.write_bytes(b"{}")
    assert desk("replay", "--calendar", file)[0] == 3


@pytest.mark.parametrize("name", ["王工", "13847201234"])
def test_a_name_for_the_actor_is_refused_before_anything_is_decided(desk, name):
    status, out, err = desk("decide", OFFICE, *ON, "--record", "--actor", name)
    assert (status, out, kept(desk)) == (3, "", [])
    assert f"经办人: 「{name}」不是代号" in err
    assert "3号窗口" in err


def test_a_pot_is_not_recorded_at_once(desk):
    assert desk("deadlines", "--pot", OFFICE.parent, "--record")[0] == 2


def test_replay_of_edited_bytes_finds_both_the_bytes_and_the_input(desk, tmp_path):
    desk("decide", OFFICE, *ON, "--record")
    desk.place.tamper(
        "UPDATE record SET body = CAST(replace(CAST(body AS TEXT), '1850.00', '2850.00') AS BLOB)"
    )
    status, out, _ = desk("replay")
    assert status == 1
    assert "[leaf] 0" in out
    assert "输入被改〔" in out
    bundle = tmp_path / "edited.zip"
    assert desk("journal", "export", "-o", bundle)[0] == 0
    for place in (desk.place.where, bundle):
        for level in ("A", "B", "C", "D"):
            words = ["replay", "--journal", place, "--level", level]
            words += ["--pack", "shipped"] if level == "D" else []
            status, out, _ = desk(*words)
            rows = [line for line in out.splitlines() if "发现" in line]
            assert (status, [row.split()[-1] != "0" for row in rows]) == (1, [True]), out
            status, out, _ = desk(*words, "--format", "json")
            told = json.loads(out)
            assert (status, told["holds"], told["counts"]["integrity"] > 0) == (1, False, True)


def test_a_bundle_goes_out_is_witnessed_replayed_and_comes_in(desk, tmp_path):
    desk("decide", OFFICE, *ON, "--record")
    _, key, _ = desk("journal", "key")
    (tmp_path / "vkeys").write_text(key, encoding="utf-8")
    trust = ("--trust", tmp_path / "vkeys")
    out = tmp_path / "out.zip"
    assert desk("journal", "export", "-o", out)[0] == 0
    assert desk("replay", "--journal", out, *trust)[0] == 0
    own = ("--witness-key", tmp_path / "w.json", "--seen", tmp_path / "seen.note")
    assert desk("journal", "witness", *trust, *own, "--name", "audit.example")[0] == 0
    assert desk("journal", "witness", "--journal", out, *trust, *own)[0] == 0
    assert desk("replay", "--journal", out, *trust, "--held", tmp_path / "seen.note")[0] == 0
    assert desk("journal", "import", out, "--journal", tmp_path / "new.db", *trust)[0] == 0
    assert desk("journal", "import", out, "--journal", tmp_path / "new.db", *trust)[0] == 3
    verify = ("journal", "verify", "--journal", tmp_path / "new.db", *trust)
    assert desk(*verify, "--without-persons")[0] == 0


def test_other_software_is_asked_or_said_to_be_missing(desk):
    desk("decide", OFFICE, *ON, "--record")
    words = [sys.executable, "-c", "from drawreview.cli import main; main()", "replay"]
    asked = [*words, "--level", "C", "--python", sys.executable, "--format", "json"]
    ran = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert (ran.returncode, json.loads(ran.stdout)["decisions"]) == (0, 1), ran.stderr
    ran = subprocess.run(
        [*words, "--level", "C", "--python", "/bin/false"], capture_output=True, check=False
    )
    assert ran.returncode == 3


def test_bundles_and_backups_make_the_folders_that_they_are_written_into(desk, tmp_path):
    desk("decide", OFFICE, *ON, "--record")
    bundle = tmp_path / "for" / "the auditor" / "b.zip"
    assert desk("journal", "export", "-o", bundle)[0] == 0
    assert bundle.is_file()
    backup = tmp_path / "backups" / "today.db"
    assert desk("journal", "backup", backup)[0] == 0
    assert backup.is_file()
    status, _, err = desk("journal", "export", "-o", bundle / "below.zip")
    assert status == 3
    assert err.startswith("没有写出：")
    assert f"{bundle} 是文件，不是目录。" in err
