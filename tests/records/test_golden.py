"""Journals of every released version of a record are replayed, and come out as they did.

A release may not decide otherwise than the one that decided. Until the first release, whoever
changes what a decision says writes the journal anew, and never after:
DRAWREVIEW_GOLDEN=1 python -m pytest tests/records/test_golden.py -k write
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from random import Random

import pytest

from drawreview import Project, decide, load_rulebook
from drawreview.letters import fill_letter
from drawreview.letters.footer import Receipt
from drawreview.project.from_yaml import read
from drawreview.project.personal import PERSONAL
from drawreview.records.body import Circumstances, LetterRecord, Superseded, body_of
from drawreview.records.bundle import Bundle
from drawreview.records.canonical import parsed
from drawreview.records.entry import Blob
from drawreview.records.erasure import erase
from drawreview.records.export import export
from drawreview.records.journal import init_journal
from drawreview.records.key_rotation import rotate_key
from drawreview.records.record import record_decision, record_events
from drawreview.records.replay import Plan, replay
from drawreview.records.verify_bundle import HOLDS, Held, verify
from drawreview.rulebook.readings import formal_readings, with_readings
from drawreview.web.again import deadlines_again, ways_of
from tests.properties.projects import ON
from tests.records.logs import BY_CLERK, CLERK, EVENTS, HOUSING, OFFICE, OVERLAYS, peopled
from tests.records.old_forms import digest, forms_in, forms_of_old
from tests.test_cases import CASES, statement

GOLDEN = Path(__file__).parents[1] / "golden" / "journals"
VERSIONS = sorted(path.stem for path in GOLDEN.glob("*.zip"))


def decisions():
    """Yield a decision on every case, under every reading, and on projects that fill the gaps."""
    for case in CASES:
        overlay = OVERLAYS / case["overlay"] if "overlay" in case else None
        yield decide(
            Project.model_validate(statement(case["project"])),
            on=date.fromisoformat(case["date"]),
            rulebook=load_rulebook(overlay=overlay),
            assume_in_force=case.get("what_if", False),
        )
    law = load_rulebook()
    for question in law.questions.values():
        for reading in formal_readings(question):
            project = Project.model_validate(peopled(Random(question.id)))
            yield decide(project, on=ON, rulebook=with_readings(law, {question.id: reading}))
    seen = set()
    for seed in range(3_000):
        decision = decide(Project.model_validate(peopled(Random(seed))), on=ON)
        outcomes = {(rule, int(truth)) for rule, truth in decision.truth_of.items()}
        if outcomes - seen:
            seen |= outcomes
            yield decision


def print_letter(journal, tmp_path):
    """Record a letter as the clerk does, but set in fonts of few characters: they travel along."""
    stated = OFFICE.read_text(encoding="utf-8")
    folder = forms_of_old(tmp_path / "forms", stated)
    said = without(read(stated, "office.yaml").data)
    decision = decide(Project.model_validate(said), on=ON)
    receipt = record_decision(journal, decision, BY_CLERK)
    printed = Receipt(receipt.id, receipt.seq, receipt.size, receipt.root.hex())
    clauses = decision.rulebook.city.clauses
    files = fill_letter(decision, clauses=clauses, receipt=printed, forms=folder)
    forms, fonts = forms_in(folder)
    letter = LetterRecord(
        actor=CLERK,
        decision=receipt.id,
        annex="annex_1",
        files={form: digest(content) for form, content in files.items()},
        receipt=printed.code,
        forms=digest(forms),
        fonts={name: digest(font) for name, font in fonts.items()},
    )
    blobs = [Blob("forms", forms), *(Blob("font", font) for font in fonts.values())]
    journal.append(body_of(letter), id=letter.id, blobs=blobs)


def without(part):
    """Return a statement that says nothing of persons, so that no bundle leaves anything out."""
    if isinstance(part, dict):
        return {key: without(each) for key, each in part.items() if key not in PERSONAL}
    return [without(each) for each in part] if isinstance(part, list) else part


def write_golden(tmp_path):
    GOLDEN.mkdir(exist_ok=True)
    key = tmp_path / "keys" / "k.json"
    with init_journal(tmp_path / "j" / "a.db", origin="golden.example/v1", key=key) as journal:
        decided = list(decisions())
        receipts = [record_decision(journal, each, BY_CLERK) for each in decided]
        first = receipts[0].id
        why = Superseded(first, "更正")
        redrawn = {**peopled(Random(0)), "name": decided[0].project.name}
        again = decide(Project.model_validate(redrawn), on=ON)
        corrected = Circumstances(actor=CLERK, answers={"A22": "已核对"}, supersedes=why)
        correction = record_decision(journal, again, corrected)
        print_letter(journal, tmp_path)
        record_events(
            journal,
            HOUSING,
            EVENTS,
            deadlines_again,
            on=date(2021, 5, 6),
            rulebook=load_rulebook(),
            assume_in_force=False,
            actor=CLERK,
        )
        erase(journal, [correction.id], actor=CLERK, why="期满")
        rotate_key(journal, actor=CLERK, why="换人")
        export(journal, GOLDEN / "v1.zip")
        keys = "".join(f"{one.vkey}\n" for one in journal.public_keys())
        (GOLDEN / "v1.vkey").write_text(keys, encoding="utf-8")
        (GOLDEN / "v1.note").write_text(journal.checkpoint(), encoding="utf-8")


@pytest.mark.skipif(not os.environ.get("DRAWREVIEW_GOLDEN"), reason="writes the golden journal")
def test_write_the_golden_journal(tmp_path):
    write_golden(tmp_path)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_golden_journal_is_intact_and_decided_again(version):
    path = GOLDEN / f"{version}.zip"
    vkeys = tuple((GOLDEN / f"{version}.vkey").read_text(encoding="utf-8").split())
    held = Held(vkeys, (GOLDEN / f"{version}.note").read_text(encoding="utf-8"))
    assert {name: v.verdict for name, v in verify(path, held).items()} == {
        "intact": HOLDS,
        "consistent": HOLDS,
    }
    with Bundle(path) as log:
        whole, read = replay(log, ways=ways_of(log)), replay(log, Plan(sample=0))
    assert whole.findings == read.findings == [], __doc__
    assert whole.decisions == whole.whole == read.read > 100
    assert (whole.events, whole.letters, whole.not_set) == (1, 1, {})


SURROUNDINGS = {
    "TZ": "America/New_York",
    "LC_ALL": "C",
    "LANG": "C",
    "PYTHONHASHSEED": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}
# Debian's libfaketime, where it is installed, sets another clock as well.
FAKE_TIME = next(iter(Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), None)
if FAKE_TIME:
    SURROUNDINGS |= {"LD_PRELOAD": str(FAKE_TIME), "FAKETIME": "@2031-12-31 23:59:58"}


def replayed_elsewhere(python, tmp_path, version):
    """Replay a golden journal in another process, place, zone, language and hash seed."""
    call = "from drawreview.cli import main; main()"
    told = subprocess.run(
        [python, "-c", call, "replay", "--format", "json", "--trust", GOLDEN / f"{version}.vkey"],
        env={**os.environ, **SURROUNDINGS, "DRAWREVIEW_JOURNAL": str(GOLDEN / f"{version}.zip")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert told.returncode == 0, told.stdout[-2000:] + told.stderr
    return json.loads(told.stdout)


@pytest.mark.parametrize("version", VERSIONS)
def test_neither_place_nor_hour_nor_locale_changes_a_decision(version, tmp_path):
    told = replayed_elsewhere(sys.executable, tmp_path, version)
    assert (told["whole"], told["findings"]) == (told["decisions"], [])
    assert (told["events"], told["letters"]) == (1, 1)


@pytest.mark.full
@pytest.mark.parametrize("version", VERSIONS)
def test_another_python_decides_the_same(version, tmp_path):
    """Name it: DRAWREVIEW_PYTHON=.venv-3.12/bin/python, in which drawreview is installed."""
    python = os.environ["DRAWREVIEW_PYTHON"]
    told = replayed_elsewhere(Path(python).absolute(), tmp_path, version)
    assert (told["whole"], told["findings"]) == (told["decisions"], [])
    says = "import sys; print(*sys.version_info[:3], sep='.')"
    ran = subprocess.run([python, "-c", says], capture_output=True, text=True, check=True)
    print(f"{told['decisions']} decisions of {version} are the same under Python {ran.stdout}")


def test_the_present_version_has_a_golden_journal_of_every_outcome():
    with Bundle(GOLDEN / "v1.zip") as log:
        said = [parsed(record.body) for record in log.records()]
    decided = [each for each in said if each["kind"] == "decision"]
    assert {each["decision"]["review_path"] for each in decided} == {
        *("exempt", "joint_review", "deferred_review", "prior_review"),
        *("undetermined", "referred", "out_of_scope"),
    }
    outcomes = {}
    for each in decided:
        for rule, truth in each["truths"].items():
            outcomes.setdefault(rule, set()).add(truth)
    assert {rule: {0, 1, 2} - found for rule, found in outcomes.items() if len(found) < 3} == {
        "blacklisted_owner": {1},  # not being on the authority's own list is not unknown
        # These bind whoever has a path at all, and every path is one of three.
        "joint_commitment": {0, 1},
        "major_change_upload": {0, 1},
        "upload_liability": {0, 1},
    }
    kinds = {each["kind"]: each.get("schema") for each in said}
    names = ("decision", "letter", "events", "erasure", "key_rotation")
    assert kinds == dict.fromkeys(names, "drawreview/record@1")
