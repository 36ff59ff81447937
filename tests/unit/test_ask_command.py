"""The interview as a person meets it, in a pseudo-terminal, and one question at a time as JSON."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
from codecs import getincrementaldecoder
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from drawreview import decide
from drawreview.project.statement import read_project
from tests.properties.projects import ON

ANSWERS = {
    "是房屋建筑，还是市政基础设施？": "房屋建筑",
    "有没有下列工程？": "没有",
    "哪一天委托施工图审查？": "尚未委托",
    "谁出钱": "社会投资",
    "一共有几栋建筑？": "1",
    "建筑物是什么性质？": "办公",
    "高度是多少？": "11.4",
    "最高的一层层高是多少？": "4.2 米",
    "建筑面积是多少？": "1,850.00㎡",
    "地上有几层？": "2",
    "地下有几层？": "0",
    "地面以下有什么？": "没有",
    "里面有没有下列场所？": "没有",
    "这个项目功能是否单一？": "是",
    "技术要求是否简单？": "是",
    "认定人": "王工",
    "认定日期": "",
    "理由": "全部为办公用房",
    "土地手续取得了吗？": "是",
    "规划手续取得了吗？": "是",
    "确未开工吗？": "是",
    "再答": "",
    "这个高度量到哪里？": "最高点",
    "夹层、设备层、局部突出的层？": "0",
    "图纸上有没有下列情形？": "没有",
}


# A test run in the background hands its children a SIGINT that is ignored; a terminal does not.
STARTED = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from drawreview.cli import main
main()
"""


class Terminal:
    """A person at a terminal: reads what is said, types lines, presses keys."""

    def __init__(self, *arguments: str, cwd: Path) -> None:
        self.own, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", STARTED, "ask", *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=cwd,
            start_new_session=True,
            env={**os.environ, "COLUMNS": "100", "TERM": "xterm"},
        )
        os.close(theirs)
        self.seen = ""

    def hear(self) -> str:
        """Return what is said up to the next prompt, or to the end."""
        said, decoder = "", getincrementaldecoder("utf-8")()  # a read may end within a character
        while not re.search(r"> $", said):
            ready, _, _ = select.select([self.own], [], [], 30)
            assert ready, f"nothing more after: {self.seen}{said}"
            try:
                part = os.read(self.own, 65536)
            except OSError:
                break
            if not part:
                break
            said += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", decoder.decode(part))
        self.seen += said
        return said

    def type(self, line: str) -> None:
        os.write(self.own, f"{line}\n".encode())

    def interrupt(self) -> None:
        """Press Ctrl-C until something happens: right after a prompt it can come too early."""
        for _ in range(30):
            os.killpg(self.process.pid, signal.SIGINT)
            if select.select([self.own], [], [], 1)[0]:
                return

    def end(self) -> int:
        """Read on until the program has ended by itself, and return its status."""
        while said := self.hear():
            assert not said.endswith("> "), f"it still asks: {said}"
        os.close(self.own)
        return self.process.wait(timeout=30)

    def leave(self) -> None:
        """End the program in the middle of a question."""
        self.process.kill()
        self.process.wait(timeout=30)
        os.close(self.own)


def answered(terminal: Terminal, answers: dict[str, str]) -> int:
    """Answer every question by its words, until there are no more; return the exit status."""
    while said := terminal.hear():
        if not said.endswith("> "):
            break
        known = [answer for words, answer in answers.items() if words in said]
        assert known, said
        # The prompt of a signature stands after the words of its question.
        terminal.type(known[-1])
    return terminal.end()


def test_an_interview_from_nothing_ends_in_a_file_that_decides_the_same(tmp_path):
    terminal = Terminal("--on", "2021-03-01", cwd=tmp_path)
    assert answered(terminal, ANSWERS) == 0
    assert "不论其余如何，施工图免于审查" in terminal.seen
    assert "审查方式：免于审查" in terminal.seen
    project = read_project((tmp_path / "project.yaml").read_text("utf-8"), "project.yaml")
    decision = decide(project, on=ON)
    assert (decision.review_path, decision.permit.route) == ("exempt", "commitment")
    assert project.single_function is not None
    assert project.single_function.signed
    # What a file may leave out for none is asked of who answers questions.
    assert project.buildings is not None
    assert project.buildings[0].height_basis == "highest_point"
    assert (project.buildings[0].partial_storeys, project.hints) == (0, ())
    assert "hints: []" in (tmp_path / "project.yaml").read_text("utf-8")


def test_a_bad_answer_is_explained_and_asked_again(tmp_path):
    (tmp_path / "p.yaml").write_text("investment: non_government\n", "utf-8")
    terminal = Terminal("p.yaml", "--on", "2021-03-01", cwd=tmp_path)
    terminal.hear()
    terminal.type("9")
    assert "「9」不在可选之列。" in terminal.hear()
    terminal.type("")
    assert "没有回答。" in terminal.hear()
    terminal.type("房屋建筑")
    assert "一共有几栋建筑？" in terminal.hear()
    terminal.leave()


def test_going_back_and_changing_an_answer_keeps_the_others(tmp_path):
    started = "category: building\nbuildings: [{use: office}]\n"
    (tmp_path / "before.yaml").write_text(started, "utf-8")
    terminal = Terminal("before.yaml", "--on", "2021-03-01", "-o", "p.yaml", cwd=tmp_path)
    said = terminal.hear()
    while "哪一天委托施工图审查" not in said:
        terminal.type(next(answer for words, answer in ANSWERS.items() if words in said))
        said = terminal.hear()
    terminal.type("尚未委托")
    terminal.hear()
    terminal.type("返回")
    assert "现在的回答：尚未委托" in terminal.hear()
    terminal.type("2021-02-20")
    terminal.hear()
    terminal.type("改")
    listed = terminal.hear()
    special = re.search(r"(\d+)  有没有下列工程", listed)
    assert special, listed
    terminal.type(special[1])
    assert "现在的回答：没有" in terminal.hear()
    terminal.type("隧道工程")
    assert "再答" in terminal.hear()
    terminal.type("否")
    assert terminal.end() == 0
    assert "不论其余如何，须联合审查" in terminal.seen
    written = read_project((tmp_path / "p.yaml").read_text("utf-8"), "p.yaml")
    assert (written.category, written.special_works) == ("building", ("tunnel",))
    assert written.review_commissioned_on == date(2021, 2, 20)
    assert (tmp_path / "before.yaml").read_text("utf-8") == started


@pytest.mark.parametrize("how", ["end", "interrupt"])
def test_nothing_is_written_when_the_input_ends_or_is_interrupted(tmp_path, how):
    before = "# 我的项目\ninvestment: non_government\n"
    (tmp_path / "p.yaml").write_text(before, "utf-8")
    terminal = Terminal("p.yaml", "--on", "2021-03-01", cwd=tmp_path)
    terminal.hear()
    terminal.type("房屋建筑")
    terminal.hear()
    if how == "end":
        os.write(terminal.own, b"\x04")
    else:
        terminal.interrupt()
    assert terminal.end() == 4
    assert "已中断：没有写入任何文件" in terminal.seen
    assert (tmp_path / "p.yaml").read_text("utf-8") == before
    assert [p.name for p in tmp_path.iterdir()] == ["p.yaml"]


def test_the_last_offer_takes_nonsense_for_no_answer_and_can_be_gone_back_from(tmp_path):
    # A karaoke hall of 600 m2 settles the path; going back makes it 400, which does not.
    typed = "3\n35\n600\nblah\n返回\n400\n保存\n"
    done = subprocess.run(
        [
            *(sys.executable, "-c", STARTED, "ask", "examples/partial.yaml"),
            *("--on", "2021-03-01", "-o", str(tmp_path / "p.yaml")),
        ],
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "请答「是」或「否」" in done.stdout
    said = (tmp_path / "p.yaml").read_text(encoding="utf-8")
    assert "400" in said
    assert "600" not in said


def test_stopping_keeps_the_answers_and_the_comments_of_the_file(tmp_path):
    (tmp_path / "p.yaml").write_text("# 我的项目\ninvestment: non_government # 见批文\n", "utf-8")
    terminal = Terminal("p.yaml", "--on", "2021-03-01", cwd=tmp_path)
    terminal.hear()
    terminal.type("房屋建筑")
    terminal.hear()
    terminal.type("保存")
    assert terminal.end() == 4
    written = (tmp_path / "p.yaml").read_text("utf-8")
    assert "# 我的项目" in written
    assert "# 见批文" in written
    assert "category: building" in written


def ran(*arguments: str, stdin: str = "", cwd: Path) -> tuple[int, str, str]:
    command = [sys.executable, "-c", "from drawreview.cli import main; main()", "ask", *arguments]
    done = subprocess.run(
        command, input=stdin, capture_output=True, text=True, cwd=cwd, timeout=60, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_the_next_question_is_printed_as_json(tmp_path):
    status, out, _ = ran("-", "--next", "--on", "2021-03-01", stdin="{}", cwd=tmp_path)
    told: dict[str, Any] = json.loads(out)
    assert status == 0
    assert (told["settled"], told["review_path"]) == (False, "undetermined")
    assert {"field", "question", "unit", "clause"} <= set(told["next"])
    assert told["ranking"][0]["field"] == told["next"]["field"]
    assert {"field", "expected_questions_left"} == set(told["ranking"][0])


def test_a_file_of_somebody_else_is_never_written_over(tmp_path):
    (tmp_path / "project.yaml").write_text("name: 甲\n", "utf-8")
    status, _, said = ran(cwd=tmp_path)
    assert status == 3
    assert "已经有这个文件" in said


def test_after_the_trial_there_is_nothing_to_ask_and_nothing_is_written(tmp_path):
    status, said, _ = ran("--on", "2026-03-01", cwd=tmp_path)
    assert status == 4
    assert "--assume-in-force" in said
    assert list(tmp_path.iterdir()) == []


def test_a_bad_file_is_told_before_the_first_question(tmp_path):
    (tmp_path / "p.yaml").write_text("investement: mixed\n", "utf-8")
    status, out, said = ran("p.yaml", cwd=tmp_path)
    assert (status, out) == (3, "")
    assert "investement" in said
