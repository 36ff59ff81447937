"""What is wrong is told in English too: every sentence has its translation, and none is left over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import drawreview
from drawreview.cli.help import in_english as help_in_english
from drawreview.cli.messages import in_english, templates
from tests.unit.test_cli import OFFICE, run

PACKAGE = Path(drawreview.__file__).parent
HAN = re.compile("[一-鿿]")
# Who speaks of files, options and papers; of a journal and of the rules' own check, not yet.
SPEAKERS = (
    *("legible.py", "errors.py", "advice/tolerance.py", "site/statement.py"),
    *(
        f"project/{name}.py"
        for name in (
            *("answers", "assignments", "contacts", "contradictions", "encoding", "from_yaml"),
            *("places", "statement", "wording", "words"),
        )
    ),
    *("rulebook/overlay.py", "rulebook/adoptions.py", "rulebook/readings.py"),
    *("letters/characters.py", "letters/letter.py", "letters/refusals.py"),
    *(
        f"cli/{name}.py"
        for name in (
            *("answer", "ask", "deadlines", "decide", "gates", "held", "letter", "notice"),
            *("options", "pot", "recording", "whatif"),
        )
    ),
    "records/correction.py",
)
# Of these every word is told, not sentences alone.
WHOLLY = {"legible.py", "errors.py"}
OTHERS = (
    "letters/notice.py",  # why there is none
    "records/group.py",  # what a race of corrections says
    "records/body.py",  # who acts
)


def literals(path: Path) -> Iterator[str]:
    """Yield the texts of a module with `{}` for each blank, without those that document it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parts = {id(v) for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) for v in n.values}
    told = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    for node in ast.walk(tree):
        if id(node) in parts | told:
            continue
        if isinstance(node, ast.JoinedStr):
            pieces = (v.value if isinstance(v, ast.Constant) else "{}" for v in node.values)
            yield "".join(map(str, pieces))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.sub(r"\{[a-z_]+\}", "{}", node.value)


def test_every_sentence_has_its_english() -> None:
    known = templates().keys() | help_in_english().keys()
    wanting = {
        (name, text)
        for name in SPEAKERS
        for text in literals(PACKAGE / name)
        if HAN.search(text) and (text.endswith("。") or name in WHOLLY) and text not in known
    }
    # What consists of sentences is translated by them.
    assert {(name, text) for name, text in wanting if HAN.search(in_english(text))} == set()


def test_no_english_is_left_over() -> None:
    said = {text for name in (*SPEAKERS, *OTHERS) for text in literals(PACKAGE / name)}
    assert templates().keys() - said == set()


def test_a_translation_has_the_blanks_of_the_sentence() -> None:
    for zh, en in templates().items():
        assert zh.count("{}") == en.count("{}"), zh
        assert not HAN.search(re.sub("不知道|[是否尾三]|[(]四[)]", "", en)), en


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("「-1」必须大于 0。", "“-1”: must be more than 0."),
        ("可用：甲、乙。", "Possible: 甲, 乙."),
        ("不是合格的 YAML：引号没有配对。", "not valid YAML: a quote is not closed."),
        ("「这是「甲」乙」不是日期。", "“这是「甲」乙” is no date."),
        ("谁也没有说过的话。", "谁也没有说过的话。"),
    ],
)
def test_a_finished_sentence_is_found_again(text: str, english: str) -> None:
    assert in_english(text) == english


WRONG = """\
nmae: x
investment: public
buildings:
  - {use: offise, floor_area_m2: "12", height_m: -1, storeys_above_ground: 2.5}
project_owner: {phone: 12345, credit_code: 123}
review_commissioned_on: 2021-02-30
"""


def test_what_is_wrong_in_a_file_is_told_in_the_language_that_is_asked_for() -> None:
    done = run("decide", "-", "--lang", "en", stdin=WRONG)
    assert done.returncode == 3
    assert not HAN.search(done.stderr), done.stderr
    lines = done.stderr.splitlines()
    assert lines[0] == "Bad input:"
    assert lines[1].startswith("  standard input:1: nmae: “x”: there is no such field.")
    assert len(lines) == len(run("decide", "-", stdin=WRONG).stderr.splitlines())


def test_hints_and_refusals_are_told_in_english_too(tmp_path: Path) -> None:
    said = OFFICE.read_text(encoding="utf-8").replace("0472-5618888", "5618888")
    done = run("letter", "-", "--on", "2021-03-01", "-o", str(tmp_path), "--lang", "en", stdin=said)
    assert done.returncode == 0
    assert done.stderr.startswith("note: standard input: project_owner.phone: “5618888” does not")
    refused = run("letter", str(OFFICE), "--on", "2020-11-01", "--lang", "en")
    assert refused.returncode == 4
    assert not HAN.search(refused.stderr), refused.stderr
    assert not HAN.search(run("gates", "--lang", "en").stderr)
