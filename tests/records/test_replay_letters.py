"""A recorded letter is set again from what it was made of, and comes out byte for byte."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date

import pytest

from drawreview import Project, decide, load_rulebook
from drawreview.letters import fill_letter
from drawreview.letters.footer import Receipt
from drawreview.letters.notice import notice_of
from drawreview.letters.notice_page import write_notice
from drawreview.paths import FORMS
from drawreview.project.from_yaml import read
from drawreview.project.places import remove
from drawreview.records.body import ErasureRecord, LetterRecord, Paper, body_of, decision_record
from drawreview.records.canonical import canonical
from drawreview.records.difference import Cause
from drawreview.records.entry import Erased
from drawreview.records.materials import fonts, forms
from drawreview.records.replay import Plan, replay
from drawreview.records.ways import Ways
from drawreview.web.again import letter_again
from tests.records.logs import BY_CLERK, CLERK, OFFICE, Pages
from tests.records.old_forms import digest, forms_in, forms_of_old

SAID = read(OFFICE.read_text(encoding="utf-8"), "office.yaml").data
ON = date(2021, 3, 1)
LETTER = 1  # its place; the decision is at 0


class Desk(Pages):
    """A log of one decision and its letter, with what a letter is made from."""

    def __init__(self, folder=FORMS, stated=SAID, formats=("pdf",), paper: Paper = "annex_1"):
        super().__init__()
        law = load_rulebook()
        decision = decide(Project.model_validate(stated), on=ON, rulebook=law)
        record, personal = decision_record(decision, BY_CLERK)
        receipt = Receipt(record.id, 0, 1, "ab" * 32)
        if paper == "notice":
            notice = notice_of(decision, folder)
            files = write_notice(notice, formats=formats, receipt=receipt, forms=folder)
        else:
            files = fill_letter(
                decision, clauses=law.city.clauses, formats=formats, receipt=receipt, forms=folder
            )
        made_from, with_fonts = forms_in(folder)
        letter = LetterRecord(
            actor=CLERK,
            decision=record.id,
            annex=paper,
            files={form: digest(content) for form, content in files.items()},
            receipt=receipt.code,
            forms=digest(made_from),
            fonts={name: digest(content) for name, content in with_fonts.items()},
        )
        self.bodies = [body_of(record), body_of(letter)]
        for content in (law.archive, made_from, *with_fonts.values()):
            self.blobs[digest(content)] = content
        self.person = personal
        self.ways = Ways(letter=letter_again, personal=lambda _: self.person)

    def replay(self, **plan):
        return replay(self, Plan(**plan), ways=self.ways)


@pytest.fixture(scope="module")
def old_forms(tmp_path_factory):
    return forms_of_old(tmp_path_factory.mktemp("old") / "forms", OFFICE.read_text("utf-8"))


@pytest.fixture(scope="module")
def shipped():
    return Desk(formats=("pdf", "docx"))


def again(desk):
    """Return a copy of a log, to be tampered with."""
    other = Desk.__new__(Desk)
    other.__dict__.update(desk.__dict__ | {"bodies": list(desk.bodies), "blobs": dict(desk.blobs)})
    other.ways = Ways(letter=letter_again, personal=lambda _: other.person)
    return other


def found(done):
    return [(finding.seq, finding.cause, finding.clauses) for finding in done.findings]


def test_a_letter_comes_out_byte_for_byte_with_its_receipt_and_its_persons(shipped):
    done = shipped.replay()
    assert (done.findings, done.letters, done.not_set) == ([], 1, {})
    assert b"phone" in shipped.person.content


def test_a_letter_is_set_with_the_forms_and_fonts_of_its_record(old_forms):
    desk = Desk(old_forms)
    assert desk.blobs.keys().isdisjoint({forms().sha256, *(f.sha256 for f in fonts().values())})
    done = desk.replay()
    assert (done.findings, done.letters) == ([], 1)


def test_a_notice_is_set_again_by_deciding_again_what_is_still_needed(tmp_path):
    older = shutil.copytree(FORMS, tmp_path / "forms")
    template = older / "baotou_2021_8" / "notice.typ"
    template.write_text(f"#set text(tracking: 0.01pt)\n{template.read_text('utf-8')}", "utf-8")
    for folder, formats in ((FORMS, ("pdf", "docx")), (older, ("pdf",))):
        desk = Desk(folder, remove(SAID, "buildings[0].floor_area_m2"), formats, "notice")
        done = desk.replay()
        assert (done.findings, done.letters) == ([], 1)
        letter = json.loads(desk.bodies[LETTER])
        letter["files"]["pdf"] = "0" * 64
        desk.bodies[LETTER] = canonical(letter)
        assert found(desk.replay()) == [(LETTER, Cause.ENGINE_DEFECT, ())]


def test_a_letter_that_calls_itself_a_notice_is_found(shipped):
    desk = again(shipped)
    desk.bodies[LETTER] = canonical({**json.loads(desk.bodies[LETTER]), "annex": "notice"})
    assert found(desk.replay()) == [(LETTER, Cause.ENGINE_DEFECT, ())]


def test_a_letter_of_erased_persons_cannot_be_set_again_and_that_is_no_finding(shipped):
    desk = again(shipped)
    desk.person = None
    done = desk.replay()
    assert (done.findings, done.letters, done.not_set) == ([], 0, {"个人信息不在这里": 1})
    (decided, _) = (json.loads(body) for body in desk.bodies)
    gone = (Erased(decided["id"], decided["personal"]),)
    desk.bodies.append(body_of(ErasureRecord(actor=CLERK, erased=gone, why="期满")))
    done = desk.replay()
    assert (done.findings, done.letters, done.not_set) == ([], 0, {"个人信息已经删除": 1})


def test_a_letter_is_replayed_with_the_day_of_its_decision(shipped):
    assert shipped.replay(first=ON, last=ON).letters == 1
    assert shipped.replay(first=date(2021, 3, 2)).letters == 0


def test_other_persons_than_the_record_committed_to_are_an_edited_input(shipped):
    desk = again(shipped)
    desk.person = replace(shipped.person, content=shipped.person.content.replace(b"0472", b"0473"))
    assert desk.person != shipped.person
    assert found(desk.replay()) == [(LETTER, Cause.INPUT_EDITED, ("附件1",))]


@pytest.mark.parametrize(
    ("edit", "cause"),
    [
        (lambda said: said["files"].update(pdf="0" * 64), Cause.ENGINE_DEFECT),
        (lambda said: said["files"].update(docx="0" * 64), Cause.ENGINE_DEFECT),
        (lambda said: said.update(annex="annex_2"), Cause.INPUT_EDITED),
        (
            lambda said: said.update(receipt=said["receipt"].replace("/0/", "/7/")),
            Cause.INPUT_EDITED,
        ),
        (lambda said: said.update(receipt=said["receipt"][:-1] + "0"), Cause.ENGINE_DEFECT),
        (lambda said: said.update(forms="0" * 64), Cause.TEMPLATE_CHANGED),
        (lambda said: said["fonts"].update({min(said["fonts"]): "0" * 64}), Cause.FONT_CHANGED),
        (lambda said: said.update(forms=min(said["fonts"].values())), Cause.TEMPLATE_CHANGED),
        (lambda said: said.update(decision="0"), Cause.DAMAGED),
    ],
)
def test_every_edit_of_a_letters_record_has_a_cause(edit, cause, shipped):
    desk = again(shipped)
    desk.edit(LETTER, edit)
    done = desk.replay()
    assert [(finding.seq, finding.cause) for finding in done.findings] == [(LETTER, cause)]
    assert cause is Cause.DAMAGED or done.findings[0].clauses


@pytest.mark.parametrize(
    ("kind", "cause"), [("forms", "TEMPLATE_CHANGED"), ("fonts", "FONT_CHANGED")]
)
def test_a_record_that_names_other_forms_or_fonts_than_it_was_made_from(
    kind, cause, shipped, old_forms
):
    """Both are there, and today's give the recorded letter: so the names were exchanged."""
    desk, old = again(shipped), Desk(old_forms)
    desk.blobs |= old.blobs
    theirs = json.loads(old.bodies[LETTER])[kind]
    desk.edit(LETTER, lambda said: said.update({kind: theirs}))
    assert found(desk.replay()) == [(LETTER, Cause[cause], ("附件1",))]


@pytest.mark.parametrize("level", ["A", "B", "C"])
def test_lost_or_changed_forms_and_fonts_are_found_at_every_level(level, shipped):
    for name, cause in (
        (forms().sha256, Cause.TEMPLATE_CHANGED),
        *((font.sha256, Cause.FONT_CHANGED) for font in fonts().values()),
    ):
        desk = again(shipped)
        desk.blobs[name] += b"x"
        assert found(desk.replay(level=level)) == [(LETTER, cause, ("附件1",))]
        del desk.blobs[name]
        assert found(desk.replay(level=level)) == [(LETTER, cause, ("附件1",))]


def test_a_letter_that_another_typesetter_set_is_not_called_a_defect(shipped):
    desk = again(shipped)

    def edit(said):
        said["software"]["typst"] = "0.1.0"
        said["files"]["pdf"] = "0" * 64

    desk.edit(LETTER, edit)
    done = desk.replay()
    assert done.findings == []
    assert done.set_elsewhere == {"由 typst 0.1.0 排出，这里的版本不同": 1}
    assert desk.replay(level="C").not_obtainable.total() == 1


def test_a_lost_pack_is_told_with_the_letter_if_its_decision_is_not_done_again(shipped):
    desk = again(shipped)
    del desk.blobs[load_rulebook().digest]
    assert [(seq, cause) for seq, cause, _ in found(desk.replay())] == [(0, Cause.PACK_CHANGED)]
    desk.edit(0, lambda said: said["software"].update(drawreview="0.0.1"))
    done = desk.replay(level="C")
    assert (done.decisions, done.letters, done.not_set) == (0, 0, {})
    assert [(seq, cause) for seq, cause, _ in found(done)] == [(LETTER, Cause.PACK_CHANGED)]


def test_a_letter_of_an_edited_decision_differs_for_the_same_reason(shipped):
    desk = again(shipped)
    desk.edit(0, lambda said: said["project"].update(name="别的项目"))
    assert [(seq, cause) for seq, cause, _ in found(desk.replay())] == [
        (0, Cause.INPUT_EDITED),
        (LETTER, Cause.INPUT_EDITED),
    ]
