"""A replay finds nothing in honest records, and names the cause of whatever else it finds."""

from __future__ import annotations

import gc
import itertools
import json
from collections import Counter
from dataclasses import replace
from datetime import date
from hashlib import sha256
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawreview import load_rulebook
from drawreview.engine.document import written
from drawreview.records import replay_decisions as module
from drawreview.records.body import LetterRecord, Superseded, body_of
from drawreview.records.difference import Cause
from drawreview.records.laws import Laws
from drawreview.records.replay import Otherwise, Plan, replay
from drawreview.rulebook.archive import archived, files_in
from drawreview.rulebook.model import MOST_KEPT, Rulebook
from drawreview.rulebook.readings import formal_readings, with_readings
from tests.properties.projects import filled
from tests.records.logs import CLERK, OVERLAYS, Pages, peopled

OFFICE = filled(Random(1), {"district": "150204"}, kind=1)
READ_ONLY = Plan(sample=0)
REVIEW_PATH = "baotou_2021_8/review_path.yaml"
CLAUSES = "baotou_2021_8/clauses.md"


def office(**more):
    pages = Pages()
    pages.decide(OFFICE, **more)
    return pages


def causes(done):
    return [finding.cause for finding in done.findings]


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**40))
def test_what_was_decided_is_decided_again(seed):
    random = Random(seed)
    pages = Pages()
    for _ in range(3):
        pages.decide(peopled(random))
    for plan in (Plan(), READ_ONLY, Plan(level="A"), Plan(level="C")):
        done = replay(pages, plan)
        assert (done.findings, done.decisions) == ([], 3), seed


@pytest.mark.parametrize("overlay", sorted(p.name for p in OVERLAYS.iterdir() if p.is_dir()))
def test_an_overlay_is_part_of_what_is_replayed(overlay):
    law = load_rulebook(overlay=OVERLAYS / overlay)
    pages = office(law=law)
    pages.decide(OFFICE, law=law, on=date(2022, 2, 1))
    assert not replay(pages).findings


def test_a_decision_under_another_reading_is_replayed_under_it():
    pages = office(law=with_readings(load_rulebook(), {"A12": "not_a_basement"}))
    assert not replay(pages).findings


def rulebooks():
    gc.collect()
    return sum(isinstance(each, Rulebook) for each in gc.get_objects())


def test_a_server_that_replays_again_and_again_keeps_no_more_rulebooks():
    pages = office(law=with_readings(load_rulebook(), {"A12": "not_a_basement"}))
    counts = [rulebooks() for _ in range(3) if not replay(pages).findings]
    assert counts == counts[:1] * 3


def test_a_server_keeps_some_rulebooks_of_many_packs_and_readings():
    law = load_rulebook()
    formal = {q.id: formal_readings(q)[0] for q in law.questions.values() if formal_readings(q)}
    choices = itertools.product((False, True), repeat=len(formal))
    pages, before = office(), rulebooks()
    laws = Laws(pages)
    for choice in itertools.islice(choices, MOST_KEPT + 16):
        chosen = dict(itertools.compress(formal.items(), choice))
        pages.decide(OFFICE, law=laws.under(law.digest, chosen))
    assert rulebooks() <= before + MOST_KEPT + 8


def test_a_sample_is_drawn_by_its_seed():
    pages = Pages(bodies=office().bodies * 60, blobs=office().blobs)
    counts = {replay(pages, Plan(sample=0.2, seed=seed)).whole for seed in (1, 1, 2, 3)}
    assert all(2 <= count <= 25 for count in counts)
    assert (
        replay(pages, Plan(sample=0.2, seed=1)).whole + replay(pages, Plan(sample=0.2, seed=1)).read
        == 60
    )


def test_only_the_days_asked_for_are_replayed():
    pages = office()
    pages.decide(OFFICE, on=date(2021, 6, 1))
    assert replay(pages, Plan(first=date(2021, 5, 1))).decisions == 1
    assert replay(pages, Plan(last=date(2021, 5, 31))).decisions == 1
    assert replay(pages, Plan(first=date(2021, 7, 1))).decisions == 0


@pytest.mark.parametrize("plan", [Plan(), READ_ONLY])
def test_an_edited_project_is_named_with_its_clause(plan):
    pages = office()
    pages.edit(0, lambda said: said["project"]["buildings"][0].update(floor_area_m2="2000"))
    (finding,) = replay(pages, plan).findings
    assert finding.cause is Cause.INPUT_EDITED
    assert "二(一)1(1)" in finding.clauses
    assert "免于审查 →" in finding.said


@pytest.mark.parametrize("plan", [Plan(), READ_ONLY])
def test_a_project_edited_with_its_facts_is_still_noticed(plan):
    """The digest in the document is that of the project as it was decided."""
    pages = office()

    def edit(said):
        said["project"]["buildings"][0].update(floor_area_m2="2000")
        for name in ("total_floor_area_m2", "largest_building_area_m2"):
            said["extents"][name] = [20_000_000, 20_000_000]

    pages.edit(0, edit)
    assert causes(replay(pages, plan)) == [Cause.INPUT_EDITED]


def test_an_edited_name_is_noticed_where_the_document_is_compared():
    pages = office()
    pages.edit(0, lambda said: said["project"].update(address="别处"))
    assert causes(replay(pages)) == [Cause.INPUT_EDITED]


@pytest.mark.parametrize("plan", [Plan(), READ_ONLY])
def test_an_engine_that_finds_something_else_is_a_defect(plan, monkeypatch):
    pages = office()

    def wrong(way):
        def decide(project, **more):
            changed = project.buildings[0].model_copy(update={"storeys_above_ground": 3})
            other = way(project.model_copy(update={"buildings": (changed,)}), **more)
            return replace(other, project=project)

        return decide

    monkeypatch.setattr(module, "decide", wrong(module.decide))
    monkeypatch.setattr(module, "read_only", wrong(module.read_only))
    (finding,) = replay(pages, plan).findings
    assert finding.cause is Cause.ENGINE_DEFECT
    assert "二(一)1(1)" in finding.clauses


def test_a_document_that_is_not_what_its_id_says_is_no_engines_work():
    pages = office()
    pages.edit(0, lambda said: said["decision"]["warnings"][0].update(text="另一句话"))
    assert causes(replay(pages)) == [Cause.DAMAGED]


def test_other_words_in_a_document_that_is_what_its_id_says_are_a_defect():
    pages = office()

    def change(said):
        said["decision"]["warnings"][0].update(text="另一句话")
        content = {**said["decision"], "decision_id": ""}
        said["decision"]["decision_id"] = sha256(written(content)).hexdigest()

    pages.edit(0, change)
    (finding,) = replay(pages).findings
    assert finding.cause is Cause.ENGINE_DEFECT
    assert finding.clauses
    assert finding.said == "结论相同，不同的是注意事项"


def test_a_pack_that_is_missing_or_changed_is_named():
    pages = office()
    (digest,) = pages.blobs
    pages.blobs[digest] += b"x"
    assert causes(replay(pages)) == causes(replay(pages, Plan(level="A"))) == [Cause.PACK_CHANGED]
    pages.blobs.clear()
    assert causes(replay(pages)) == [Cause.PACK_CHANGED]


def test_a_pack_that_this_release_no_longer_reads_is_the_releases_fault():
    pages = office()
    files = changed_pack(REVIEW_PATH, "  when:\n", "  whenever:\n")
    law = archived(files.items())
    digest = sha256(law).hexdigest()
    pages.blobs[digest] = law

    def change(said):
        said["law"]["pack"] = said["decision"]["rulebook"]["digest"] = digest

    pages.edit(0, change)
    (finding,) = replay(pages).findings
    assert finding.cause is Cause.ENGINE_DEFECT
    assert "whenever" in finding.said


def test_readings_that_were_exchanged_are_named():
    pages = Pages()
    pages.decide(
        {
            **OFFICE,
            "buildings": [{**OFFICE["buildings"][0], "underground_rooms": [{"kind": "lift_pit"}]}],
        }
    )
    pages.edit(0, lambda said: said["law"].update(readings={"A12": "not_a_basement"}))
    assert causes(replay(pages)) == [Cause.READING_CHANGED]


@pytest.mark.parametrize(
    "body",
    [
        b'{"id":"x","kind":"decision"}',
        b'{"id":"x","kind":"decision","schema":"drawreview/record@9"}',
        b'{"id":"x"}',
        b'{"id":"x","kind":"decision","schema":"drawreview/record@1","supersedes":[]}',
        b'{"id":"x","kind":"letter","decision":"y"}',
        b'{"id":"x","id":"x","kind":"letter"}',
        b'{"id":"x","kind":1.5}',
    ],
)
def test_what_cannot_be_read_is_a_finding_and_not_an_error(body):
    assert causes(replay(Pages([body]))) == [Cause.DAMAGED]


def test_every_cut_of_a_body_is_a_finding():
    whole = office().bodies[0]
    for missing in ("on", "project", "law", "decision", "extents", "truths", "assumption", "kind"):
        said = {key: part for key, part in json.loads(whole).items() if key != missing}
        pages = Pages([json.dumps(said).encode()], office().blobs)
        assert Cause.DAMAGED in causes(replay(pages)), missing


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda said: said["actor"].update(role="clerx"), "actor.role"),
        (lambda said: said["actor"].update(channel="clx"), "actor.channel"),
        (lambda said: said["at"].update(utc="x"), "ValueError"),
        (lambda said: said.update(assumption="x"), "assumption"),
        (lambda said: said.update(supersedes="x"), "supersedes"),
        (lambda said: said["project"].update(project_owner={"phone": "0472-5618888"}), "project"),
    ],
)
def test_what_no_record_says_is_damage(edit, said):
    pages = office()
    pages.edit(0, edit)
    finding = replay(pages).findings[0]
    assert (finding.cause, said in finding.said) == (Cause.DAMAGED, True)


def test_other_names_in_a_document_are_told_apart_from_other_truths():
    pages = office()
    pages.edit(0, lambda said: said["decision"].update(decision_id="0" * 64))
    (finding,) = replay(pages).findings
    assert finding.said == "结论相同，不同的是文档所称的项目、规则、读法或版本"


FORM = archived([("a/letter.typ", b"")])


def test_a_correction_and_a_letter_refer_to_what_came_before():
    pages = office()
    first = next(pages.records()).id
    pages.decide(OFFICE, supersedes=Superseded(first, "面积写错"))
    letter = LetterRecord(
        actor=CLERK,
        decision=first,
        annex="annex_1",
        files={},
        receipt=f"DRAWREVIEW:2/{first.replace('-', '').upper()}/0/1/{'A' * 16}",
        forms=sha256(FORM).hexdigest(),
        fonts={},
    )
    pages.bodies.append(body_of(letter))
    pages.blobs[letter.forms] = FORM
    done = replay(pages)
    assert (done.findings, done.others) == ([], {"letter": 1})
    assert done.not_set == {"这里不排版": 1}
    pages.bodies.reverse()
    assert causes(replay(pages, Plan(level="A"))) == [Cause.DAMAGED, Cause.DAMAGED]


def test_what_a_part_of_a_journal_refers_to_outside_it_is_told_and_is_no_damage():
    pages = office()
    first = next(pages.records()).id
    pages.decide(OFFICE, supersedes=Superseded(first, "面积写错"))
    del pages.bodies[0]
    assert causes(replay(pages)) == [Cause.DAMAGED]
    done = replay(pages, partial=True)
    assert (done.findings, done.outside) == ([], 1)


@pytest.mark.parametrize("plan", [Plan(), READ_ONLY, Plan(level="C")])
@pytest.mark.parametrize(
    ("edit", "cause", "clauses"),
    [
        (lambda law: law.update(id="elsewhere"), Cause.PACK_CHANGED, ("尾s1",)),
        (lambda law: law.update(overlay={"of": "x"}), Cause.PACK_CHANGED, ("尾s1",)),
        (lambda law: law.update(district_lists=["1号"]), Cause.PACK_CHANGED, ("二(一)1(2)",)),
        (lambda law: law.update(calendar="0" * 64), Cause.CALENDAR_CHANGED, ()),
        (lambda law: law.update(more=""), Cause.DAMAGED, ()),
        (lambda law: law.pop("id"), Cause.DAMAGED, ()),
    ],
)
def test_all_that_a_record_says_of_the_law_is_held_against_the_pack(edit, cause, clauses, plan):
    pages = office()
    pages.edit(0, lambda said: edit(said["law"]))
    (finding,) = replay(pages, plan).findings
    assert (finding.cause, finding.clauses) == (cause, clauses)


def test_a_record_of_an_unknown_kind_is_a_finding():
    pages = office()
    pages.edit(0, lambda said: said.update(kind="Decision"))
    assert causes(replay(pages)) == [Cause.DAMAGED]


def test_what_other_software_decided_is_not_replayed_as_its_own():
    pages = office()
    pages.decide(OFFICE)
    pages.edit(0, lambda said: said["software"].update(drawreview="0.0.1"))
    done = replay(pages, Plan(level="C"))
    assert (done.decisions, done.not_obtainable.total(), done.findings) == (1, 1, [])


def changed_pack(name, old, new):
    files = files_in(load_rulebook().archive)
    text = files[name].decode()
    assert old in text
    return {**files, name: text.replace(old, new).encode()}


def under(otherwise, pages=None):
    return replay(pages or office(), Plan(level="D", otherwise=otherwise)).findings


def test_a_new_limit_in_the_law_is_a_change_of_law():
    area = max(b["floor_area_m2"] for b in OFFICE["buildings"])
    files = changed_pack(CLAUSES, "总建筑面积小于2000平方米", "总建筑面积小于300平方米")
    rules = changed_pack(
        REVIEW_PATH, "total_floor_area_m2: {below: 2000}", "total_floor_area_m2: {below: 300}"
    )
    files[REVIEW_PATH] = rules[REVIEW_PATH].replace(
        "总建筑面积小于2000平方米".encode(), "总建筑面积小于300平方米".encode()
    )
    assert 300 < area < 2000
    (finding,) = under(Otherwise(archived(files.items())))
    assert finding.cause is Cause.LAW_CHANGED
    assert "二(一)1(1)" in finding.clauses


def test_another_encoding_of_the_same_law_is_a_change_of_rules():
    files = changed_pack(
        REVIEW_PATH, "total_floor_area_m2: {below: 2000}", "total_floor_area_m2: {below: 300}"
    )
    (finding,) = under(Otherwise(archived(files.items())))
    assert finding.cause is Cause.PACK_CHANGED
    assert "二(一)1(1)" in finding.clauses


def test_another_reading_is_a_change_of_reading_and_names_its_clause():
    with_pit = {
        **OFFICE,
        "buildings": [{**OFFICE["buildings"][0], "underground_rooms": [{"kind": "lift_pit"}]}],
    }
    pages = Pages()
    pages.decide(with_pit)
    before = list(pages.bodies)
    (finding,) = under(Otherwise(readings={"A12": "not_a_basement"}), pages)
    assert (finding.cause, finding.clauses) == (Cause.READING_CHANGED, ("二(一)1(1)",))
    assert finding.path == ("deferred_review", "exempt")
    assert pages.bodies == before


def test_other_rules_that_know_no_such_reading_are_told_so():
    pages = office(law=with_readings(load_rulebook(), {"A12": "not_a_basement"}))
    questions = "baotou_2021_8/open_questions.yaml"
    files = changed_pack(questions, "not_a_basement", "no_basement")
    (finding,) = under(Otherwise(archived(files.items())), pages)
    assert finding.cause is Cause.PACK_CHANGED
    assert "A12" in finding.said


def test_a_document_filed_in_an_overlay_is_a_change_of_law():
    files = {path.name: path.read_bytes() for path in (OVERLAYS / "displaced").glob("*.yaml")}
    pages = Pages()
    pages.decide(OFFICE, on=date(2022, 1, 20))
    (finding,) = under(Otherwise(overlay=files), pages)
    assert (finding.cause, finding.clauses) == (Cause.LAW_CHANGED, ("尾s2",))
    assert finding.said == "免于审查 → 须请示"


def test_the_same_rules_differ_in_nothing():
    assert under(Otherwise(load_rulebook().archive)) == []


@pytest.mark.full
def test_ten_thousand_random_decisions_are_decided_again():
    seed, random = 20210127, Random(20210127)
    done = Counter()
    for _ in range(100):
        pages = Pages()
        for _ in range(100):
            pages.decide(peopled(random))
        for plan in (Plan(), READ_ONLY):
            again = replay(pages, plan)
            assert again.findings == []
            done.update(whole=again.whole, read=again.read)
    assert done == {"whole": 10_000, "read": 10_000}
    print(f"{done['whole']} decisions, seed {seed}: 0 differences, wholly and by the reader")
