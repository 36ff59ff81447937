"""Whatever single place of a record was altered, no engine is blamed for it.

Each place is altered in a journal and in a bundle, by a forger who changes the bytes alone, who
makes the hashes fit, and who signs all of it anew with a key of their own.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from drawreview.records import replay_decisions as module
from drawreview.records.difference import Cause
from drawreview.records.replay import Replayed
from tests.records.alterations import KINDS, Path_, Scene, group_of, judged, made_in, places_in

ROOT = Path(__file__).parents[2]
# Where, how, and whether the auditor has the journal's key; and the mechanism that tells.
WAYS = {
    ("journal", "naive", True): r"\[leaf\]",
    ("journal", "hashed", True): r"\[checkpoint\]",
    ("journal", "signed", True): r"\[signature\]",
    ("bundle", "naive", True): "records.jsonl: 字节变了",
    ("bundle", "hashed", True): "与检查点的根不符",
    ("bundle", "signed", True): "没有由您给出的公钥签名",
    ("journal", "naive", False): r"\[leaf\]",
    ("bundle", "hashed", False): "与检查点的根不符",
}
FORGED = (("journal", "signed", False), ("bundle", "signed", False))  # and nobody has the key
# What a replay tells of a place where only the record itself is left to contradict: row by row
# that of docs/replay.md. "": nothing, as nothing follows from it. Damage is told of any place
# that says what no record says.
TOLD = (
    (r"(\w+) (kind|schema)", {"damaged"}),
    (
        r"(\w+) id",
        {"damaged", "input_edited", ""},
    ),  # a bundle names a record by what it says itself
    (r"(\w+) actor", {"damaged", ""}),
    (r"(\w+) (at|software|why|vkey|answers|applied_on|erased)", {"damaged", ""}),
    (r"(decision|correction|events) personal", {"input_edited", ""}),
    (r"(decision|correction) decision\..*", {"damaged", "input_edited"}),
    (r"(decision|correction) (extents|truths)", {"damaged", "unproven"}),
    (r"(decision|correction|events) (on|assumption)", {"damaged", "input_edited"}),
    (r"(decision|correction|events) project", {"damaged", "input_edited"}),
    (r"(correction|decision) supersedes", {"damaged", ""}),
    (r"events (events|given)", {"damaged", "input_edited"}),
    (r"(\w+) law\.(id|pack|overlay|district_lists)", {"rule_pack_changed"}),
    (r"(\w+) law\.readings", {"reading_changed"}),
    (r"(\w+) law\.calendar", {"calendar_changed"}),
    (r"events answer\.schema", {"damaged"}),
    (r"events answer\.rulebook", {"rule_pack_changed", "unproven"}),
    (r"events answer\.calendar", {"calendar_changed"}),
    (r"events answer\.(on|assumption)", {"input_edited"}),
    (r"events answer\..*", {"unproven"}),
    (r"letter (annex|decision)", {"damaged", "input_edited"}),
    (r"letter (files|receipt)", {"damaged", "input_edited", "unproven", ""}),  # without persons
    (r"letter forms", {"template_changed"}),
    (r"letter fonts", {"font_changed"}),
)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return made_in(tmp_path_factory.mktemp("scene"))


def places(scene: Scene) -> list[tuple[str, Path_]]:
    return [
        (kind, at)
        for kind, body in zip(KINDS, scene.bodies, strict=True)
        for at in places_in(json.loads(body))
    ]


def causes(done: Replayed) -> set[str]:
    return {cause.value for cause in done.counts}


def check_told(kind: str, at: Path_, done: Replayed) -> None:
    """See that an altered place is told as the documentation says, by what it contradicts."""
    group = group_of(kind, at)
    told = next(told for place, told in TOLD if re.fullmatch(place, group))
    assert (causes(done) or {""}) <= told, (group, at)


def check_noticed(way: tuple[str, str, bool], done: Replayed, at: Path_) -> None:
    """See that the mechanism claimed reports it, and that it counts as a finding."""
    assert re.search(WAYS[way], "\n".join(done.evidence.wrong)), (way, at)
    assert not done.holds
    assert done.total >= done.evidence.count > 0
    assert done.evidence.signed is way[2]  # that no key was given is said only where none was
    assert Cause.ENGINE_DEFECT not in done.counts, (way, at)
    assert Cause.UNPROVEN not in done.counts, (way, at)  # it is known to be no record's bytes


@pytest.mark.parametrize("where", ["journal", "bundle"])
def test_honest_bytes_raise_no_alarm(scene: Scene, quick: Path, where: str) -> None:
    done = judged(scene, quick, list(scene.bodies), where, "naive", trusted=True)
    assert done.holds
    assert (done.decisions, done.events) == (2, 1)
    assert done.evidence.signed


def test_an_altered_record_is_told_as_such_in_whatever_way_it_was_forged(
    scene: Scene, quick: Path
) -> None:
    """One place of each part of each kind of record, and every third in a way in turn."""
    ways, forged, groups = cycle(WAYS), cycle(FORGED), dict[str, tuple[str, Path_]]()
    for kind, at in places(scene):
        groups.setdefault(group_of(kind, at).replace("correction", "decision"), (kind, at))
    assert len(groups) > 95
    for number, (kind, at) in enumerate(groups.values()):
        bodies = scene.altered(kind, at)
        where, how, trusted = next(forged)
        done = judged(scene, quick, bodies, where, how, trusted=trusted)
        assert not done.evidence.signed
        check_told(kind, at, done)
        if number % 3 == 0:
            where, how, trusted = way = next(ways)
            check_noticed(way, judged(scene, quick, bodies, where, how, trusted=trusted), at)


@pytest.mark.full
def test_every_place_of_every_record_altered_in_every_way(scene: Scene, quick: Path) -> None:
    done, told = Counter[str](), Counter[str]()
    for kind, at in places(scene):
        bodies = scene.altered(kind, at)
        for where, how, trusted in (*WAYS, *FORGED):
            found = judged(scene, quick, bodies, where, how, trusted=trusted)
            if (where, how, trusted) in WAYS:
                check_noticed((where, how, trusted), found, at)
            else:
                check_told(kind, at, found)
                told.update(causes(found) or {"nothing"})
            done[f"{where} {how} {'with' if trusted else 'without'} the key"] += 1
    print(f"places altered {dict(done)}; told of what nobody's key checked: {dict(told)}")
    assert set(done.values()) == {len(places(scene))}


def test_an_engine_is_blamed_over_signed_bytes_alone(
    scene: Scene, quick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release that decides otherwise, and a journal in which one record was edited as well."""
    honest = module.decide

    def deciding_otherwise(project: Any, **more: Any) -> Any:
        changed = project.buildings[0].model_copy(update={"storeys_above_ground": 9})
        other = honest(project.model_copy(update={"buildings": (changed,)}), **more)
        return replace(other, project=project)

    monkeypatch.setattr(module, "decide", deciding_otherwise)
    altered = scene.altered("correction", ("on",))
    told = {
        way: [
            found.cause
            for found in judged(scene, quick, bodies, *way, trusted=trusted).findings
            if found.seq in {0, 1}
        ]
        for way, bodies, trusted in (
            (("journal", "naive"), altered, True),
            (("journal", "hashed"), altered, True),
            (("bundle", "naive"), altered, True),
            (("bundle", "hashed"), list(scene.bodies), True),
            (("bundle", "signed"), list(scene.bodies), False),
        )
    }
    assert told == {
        # The stored hashes are those that were signed, so all but the edited record is proved.
        ("journal", "naive"): [Cause.ENGINE_DEFECT, Cause.INPUT_EDITED],
        ("journal", "hashed"): [Cause.ENGINE_DEFECT, Cause.INPUT_EDITED],
        ("bundle", "naive"): [Cause.DAMAGED, Cause.INPUT_EDITED],
        ("bundle", "hashed"): [Cause.ENGINE_DEFECT] * 2,
        ("bundle", "signed"): [Cause.UNPROVEN] * 2,
    }
