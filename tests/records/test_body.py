"""A record holds all that decided, and nothing about a person."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import asdict, replace
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from drawreview import Project, decide, load_rulebook
from drawreview.errors import InputError
from drawreview.project.personal import PERSONAL, WITHHELD, restored, stated, withheld
from drawreview.records.body import (
    Actor,
    Superseded,
    body_of,
    decision_record,
    project_in,
    record_schema,
)
from drawreview.records.canonical import canonical, parsed
from drawreview.records.record import decision_entry
from drawreview.records.referred import names_in
from drawreview.rulebook.archive import archived, files_in
from drawreview.rulebook.load import rulebook_of
from tests.properties.projects import ON
from tests.records.logs import BY_CLERK, OVERLAYS, peopled


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**40))
def test_no_rule_reads_who_a_person_is(seed):
    project = Project.model_validate(peopled(Random(seed)))
    with_persons = decide(project, on=ON)
    record, personal = decision_record(with_persons, BY_CLERK)
    body = body_of(record)
    assert personal is not None
    for said in {*parsed(personal.content).values()}:
        assert said.encode() not in body
    assert decide(project_in(parsed(body)["project"]), on=ON).document == with_persons.document
    without, taken = withheld(project)
    assert restored(without, taken) == stated(project)
    assert record.personal == personal.commitment


def test_the_same_persons_are_committed_to_differently_each_time():
    decision = decide(Project.model_validate(peopled(Random(1))), on=ON)
    commitments = {decision_record(decision, BY_CLERK)[0].personal for _ in range(3)}
    assert len(commitments) == 3


def test_that_somebody_signed_is_not_withheld():
    signed = {"similar_use": {"value": True, "by": "王工", "on": "2021-02-18", "why": "同类"}}
    without, taken = withheld(Project.model_validate(signed))
    assert without["similar_use"]["by"] == WITHHELD
    assert taken == {"similar_use.by": "王工"}
    assert withheld(project_in(without)) == (without, {})


def alternatives(schema):
    yield schema
    for each in schema.get("anyOf", ()):
        yield from alternatives(each)


def test_every_field_of_words_was_asked_whether_it_is_about_a_person():
    schema = Project.model_json_schema(by_alias=True)
    found = {
        name
        for model in (schema, *schema["$defs"].values())
        for name, field in model.get("properties", {}).items()
        if any(
            kind.get("type") == "string"
            and not {"enum", "const", "format", "pattern"} & kind.keys()
            for kind in alternatives(field)
        )
    }
    of_no_person = {"name", "address", "district", "credit_code", "qualification"}
    of_no_person |= {"other_scale", "district_list", "not_surveyed", "why"}
    assert found == of_no_person | PERSONAL


def test_a_record_answers_to_its_published_schema():
    decision = decide(Project.model_validate(peopled(Random(2))), on=ON)
    record = json.loads(body_of(decision_record(decision, BY_CLERK)[0]))
    Draft202012Validator(record_schema()).validate(record)
    assert record["decision"] == json.loads(json.dumps(asdict(decision.document)))


@pytest.mark.parametrize("overlay", [None, *sorted(p for p in OVERLAYS.iterdir() if p.is_dir())])
def test_a_rulebook_comes_back_from_its_bytes(overlay):
    law = load_rulebook(overlay=overlay)
    again = rulebook_of(law.archive)
    assert (again.digest, again.overlay) == (law.digest, law.overlay)
    assert (again.district_lists, again.successors) == (law.district_lists, law.successors)
    assert again.by_id.keys() == law.by_id.keys()


@pytest.mark.parametrize(
    "archive",
    [b"a", b"a\0x\0", b"a\x005\0abc", archived([("../a", b"")]), archived([("/etc/a", b"")])],
)
def test_bytes_that_are_no_archive_are_refused(archive):
    with pytest.raises(ValueError):  # noqa: PT011 - of whatever kind
        files_in(archive)


def test_what_the_writer_is_told_that_a_body_names_is_what_it_names():
    decision = decide(Project.model_validate(peopled(Random(1))), on=ON)
    for supersedes in (None, Superseded("019f", "面积写错")):
        entry = decision_entry(decision, replace(BY_CLERK, supersedes=supersedes))
        assert entry.names == names_in(parsed(entry.body))
        assert entry.names
        assert entry.names.corrects == (supersedes and supersedes.id)


def test_words_are_the_same_however_they_were_typed():
    decomposed = unicodedata.normalize("NFD", "Café 青山区")
    project = Project.model_validate({"name": decomposed})
    assert project.name == unicodedata.normalize("NFC", decomposed)
    assert canonical(decide(project, on=date(2021, 3, 1)).document.project)


@pytest.mark.parametrize(
    "code",
    [
        *("w-07", "user-3", "3号窗口", "窗口12", "第2窗台", "工号A1029", "clerk", "administrator"),
        *("window-12", "Counter#3", "clerk.07", "design_firm-2", "KDL-000123"),
    ],
)
def test_who_acts_is_told_by_a_number_or_a_role(code: str) -> None:
    assert Actor(code, "clerk", "cli").id == code


@pytest.mark.parametrize(
    "name",
    [
        *("", "王工", "欧阳甲", "王工3", "zhang san", "zhangsan", "13847201234"),
        *("138-0013-8000", "0472-5618888", "138.0013.8000", "#5618888", "zhangwei1"),
        *("wang.xiaoming.3", "li.wei-3", "zhang_3", "windowzhang3"),
        *("15020319850101123X", "clerk/3", "w-07\n", "３号窗口", "w" * 32 + "1"),
    ],
)
def test_who_acts_is_never_told_by_name_telephone_or_citizens_number(name: str) -> None:
    with pytest.raises(InputError, match="不是代号"):
        Actor(name, "clerk", "cli")
