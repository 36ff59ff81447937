"""`drawreview journal` as its users meet it: words, files, exit statuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from drawreview.cli.app import app
from drawreview.cli.outcome import said_of
from drawreview.errors import JournalError
from drawreview.records.journal import new_id, new_personal, open_journal
from drawreview.records.merkle import leaf_hash
from tests.records.conftest import body_of, record, snapshot, sqlite_place, unguarded

Said = tuple[int, str, str]
Run = Callable[..., Said]


@pytest.fixture
def run(quick: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Return the command, with a journal and a key named by the environment."""
    monkeypatch.setenv("DRAWREVIEW_JOURNAL", str(quick / "journal" / "window.db"))
    monkeypatch.setenv("DRAWREVIEW_JOURNAL_KEY", str(quick / "keys" / "window.json"))

    def command(*arguments: str) -> Said:
        capfd.readouterr()
        status = said_of(lambda: app(["journal", *arguments]))
        said = capfd.readouterr()
        return status, said.out, said.err

    assert command("init", "--origin", "permits.example/window")[0] == 0
    return command


ROTATED = ("--actor", "w-07", "--why", "人员变动")


def fill(quick: Path, count: int = 3) -> list[str]:
    place = sqlite_place(quick)
    with open_journal(place.where, key=place.key) as journal:
        return [record(journal).id for _ in range(count)]


def test_init_prints_the_public_key_and_where_the_secret_one_lies(quick: Path, run: Run) -> None:
    status, said, _ = run("key")
    assert status == 0
    assert said.startswith("permits.example/window+")
    assert run("init", "--origin", "again.example")[0] == 3


def test_list_and_show_print_what_was_recorded(quick: Path, run: Run) -> None:
    names = fill(quick)
    status, said, _ = run("list", "--last", "2")
    assert status == 0
    assert [line.split()[1] for line in said.splitlines()[1:]] == names[1:]
    assert json.loads(run("list", "--format", "json")[1].splitlines()[0])["id"] == names[0]
    assert "换密钥" in (run("key", "--rotate", *ROTATED) and run("list"))[1]
    body = open_journal(quick / "journal" / "window.db").get(names[1]).body.decode()
    assert run("show", names[1])[1] == run("show", "1")[1] == body + "\n"


def test_a_proof_that_was_handed_out_can_be_verified_later(quick: Path, run: Run) -> None:
    fill(quick)
    proof = quick / "1.tlog-proof"
    proof.write_text(run("show", "1", "--proof")[1], encoding="utf-8")
    fill(quick, 5)
    status, said, _ = run("verify", "--held", str(proof))
    assert status == 0
    assert "全部相符" in said
    assert "另存凭据 2" in said  # and what the key's folder remembers


def test_verify_exits_1_with_a_report_when_something_does_not_hold(quick: Path, run: Run) -> None:
    fill(quick)
    sqlite_place(quick).tamper("UPDATE record SET body = leaf WHERE seq = 1")
    status, said, _ = run("verify")
    assert status == 1
    assert "✗ [leaf] 1:" in said
    status, said, _ = run("verify", "--format", "json")
    report = json.loads(said)
    assert (status, report["holds"], report["records"]) == (1, False, 3)
    assert report["counts"]["leaf"] == 1
    assert {"mechanism", "place", "problem"} == set(report["findings"][0])


def test_verify_takes_public_keys_from_elsewhere(quick: Path, run: Run) -> None:
    fill(quick)
    trusted = quick / "from-paper.txt"
    trusted.write_text(run("key")[1], encoding="utf-8")
    assert run("verify", "--trust", str(trusted))[0] == 0
    other = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    trusted.write_text(other, encoding="utf-8")
    assert run("verify", "--trust", str(trusted))[0] == 1
    trusted.write_text("not a key", encoding="utf-8")
    status, _, why = run("verify", "--trust", str(trusted))
    assert status == 3
    assert "一行一个公钥" in why


def test_backup_erase_and_rotation(quick: Path, run: Run) -> None:
    place = sqlite_place(quick)
    with open_journal(place.where, key=place.key) as journal:
        name = record(journal, personal=new_personal(b"x")).id
    assert run("backup", str(quick / "copy.db"))[0] == 0
    assert run("backup", str(quick / "copy.db"))[0] == 3
    by = ("--actor", "w-07", "--role", "administrator", "--why", "保存期满")
    assert run("erase", name)[0] == run("erase", name, "--why", "保存期满")[0] == 2
    assert run("erase", name, *by[:-1], " ")[0] == 2
    status, said, _ = run("erase", name, "0", *by)
    assert status == 0
    assert "已删除，并已记下：存证编号" in said
    told = json.loads(run("show", "1")[1])
    assert told["erased"] == [{"record": name, "personal": told["erased"][0]["personal"]}]
    assert (told["actor"]["role"], told["why"]) == ("administrator", "保存期满")
    assert "没有可删除" in run("erase", "0", *by)[1]
    assert "删除个人信息" in run("list")[1]
    assert len(run("key", "--rotate", *ROTATED)[1].splitlines()) == 2
    assert run("key", "--rotate")[0] == run("key", "--rotate", *ROTATED[:-1], " ")[0] == 2
    told = json.loads(run("show", "2")[1])
    assert (told["kind"], told["why"]) == ("key_rotation", "人员变动")
    assert (told["actor"]["role"], "utc" in told["at"]) == ("administrator", True)
    assert told["vkey"] == run("key")[1].splitlines()[1]
    assert run("verify")[0] == 0


def test_an_erasure_that_a_reader_holds_up_says_what_to_do_and_is_done_on_asking_again(
    quick: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drawreview.records.sqlite._FORGET_MS", 10)
    place = sqlite_place(quick)
    with open_journal(place.where, key=place.key) as journal:
        name = record(journal, personal=new_personal(b"13800138000")).id
        by = ("--actor", "w-07", "--why", "保存期满")
        monkeypatch.setattr("drawreview.records.sqlite._WAIT_MS", 10)
        with snapshot(journal):  # of a state that stands in the log alone
            status, _, said = run("erase", name, *by)
        assert (status, len(journal)) == (5, 1)
        assert "没有记下任何东西" in said
        journal.reopen()
        journal.store.connect(writes=True).close()
        with snapshot(journal):
            status, _, said = run("erase", name, *by)
        assert status == 1
        assert "已删除并已记下，文件里还有旧字节" in said
        assert "再执行一次" in said
        status, said, _ = run("erase", name, *by)
        assert (status, said) == (0, "没有可删除的个人信息。\n")
        assert len(journal) == 2
    assert run("verify")[0] == 0


def test_rights_in_a_file_are_the_systems(run: Run) -> None:
    status, _, said = run("grant", "window")
    assert status == 3
    assert "SQLite 文件不分角色" in said


def test_an_older_copy_is_told_the_newest_checkpoint(quick: Path, run: Run) -> None:
    place = sqlite_place(quick)
    fill(quick)
    run("backup", str(quick / "copy.db"))
    fill(quick)
    newest = quick / "newest.txt"
    newest.write_text(run("checkpoint")[1], encoding="utf-8")
    (quick / "copy.db").replace(quick / "journal" / "window.db")
    status, _, why = run("key", "--rotate", *ROTATED)
    assert status == 1
    assert "较旧的副本" in why
    assert len(open_journal(place.where, key=place.key).key_file().keys) == 1
    assert "--newest-checkpoint" in why
    status, said, _ = run("resume", "--newest-checkpoint", str(newest))
    assert status == 0
    assert said.startswith("第 3 条至第 5 条遗失")
    assert run("verify")[0] == 0
    assert run("verify", "--newest-checkpoint", str(newest))[0] == 1


@pytest.mark.parametrize(
    ("arguments", "status", "why"),
    [
        (("show", "nowhere"), 3, "没有记录 nowhere"),
        (("show", "99"), 3, "没有记录 99"),
        (("list", "--journal", "none.db"), 3, "没有这个日志"),
        (("verify", "--held", "none.txt"), 3, "读不了"),
        (("resume", "--newest-checkpoint", "none.txt"), 3, "读不了"),
        (("resume",), 2, "--newest-checkpoint"),
        (("list", "--last", "0"), 2, "--last"),
    ],
)
def test_wrong_use_is_answered_in_words(
    run: Run, arguments: tuple[str, ...], status: int, why: str
) -> None:
    found, _, said = run(*arguments)
    assert found == status
    assert why in said
    assert "Traceback" not in said


def test_without_a_journal_named_the_option_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DRAWREVIEW_JOURNAL", raising=False)
    assert said_of(lambda: app(["journal", "list"])) == 2
    assert "--journal" in capfd.readouterr().err


def kinds_of(error: type[JournalError]) -> list[type[JournalError]]:
    return [error, *(each for kind in error.__subclasses__() for each in kinds_of(kind))]


@pytest.mark.parametrize("kind", kinds_of(JournalError))
def test_whatever_a_journal_raises_ends_in_words(
    kind: type[JournalError], capfd: pytest.CaptureFixture[str]
) -> None:
    def command() -> None:
        raise kind.of("日志", "出了问题。", "这样解决。")

    assert said_of(command) in {1, 3, 5}
    assert "日志: 出了问题。 这样解决。" in capfd.readouterr().err


LAST = 2**63 - 1  # the largest number that either store counts


def test_a_record_forged_under_the_last_number_is_found_by_every_command(
    quick: Path, run: Run, capfd: pytest.CaptureFixture[str]
) -> None:
    names = fill(quick)
    body = body_of(forged := new_id())
    with unguarded(quick / "journal" / "window.db") as connection:
        row = (LAST, forged, body, leaf_hash(body))
        connection.execute("INSERT INTO record VALUES (?, ?, ?, ?)", row)
    status, said, _ = run("verify", "--format", "json")
    assert (status, json.loads(said)["counts"]["numbering"]) == (1, 2)
    status, said, _ = run("list")
    assert [line.split()[1] for line in said.splitlines()[1:]] == [*names, forged]
    assert run("show", forged)[1] == run("show", str(LAST))[1] == body.decode() + "\n"
    for words in (("show", forged, "--proof"), ("export", "-o", str(quick / "x.zip"))):
        status, said, why = run(*words)
        assert (status, "检查点" in said + why) == (1, True)
    status, _, why = run("key", "--rotate", *ROTATED)
    assert (status, "日志拒绝追加" in why) == (1, True)
    for level in "ABC":
        words = ["replay", "--level", level]
        assert said_of(lambda words=words: app(words)) == 1
        assert f"[numbering] {LAST}" in capfd.readouterr().out
