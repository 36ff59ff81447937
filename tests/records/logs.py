"""Logs of decisions that lie in memory, so that a test can be the enemy of one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from ruamel.yaml import YAML

from drawreview import Project, decide, load_rulebook
from drawreview.errors import JournalError
from drawreview.records.body import Actor, Circumstances, body_of, decision_record
from drawreview.records.canonical import canonical
from drawreview.records.merkle import leaf_hash
from drawreview.records.reading import Record
from drawreview.rulebook.model import Rulebook
from tests.properties.projects import ON, partial_project

CLERK = Actor("w-07", "clerk", "cli")
BY_CLERK = Circumstances(actor=CLERK)
OVERLAYS = Path(__file__).parents[1] / "cases" / "overlays"
EXAMPLES = Path(__file__).parents[2] / "examples"
OFFICE = EXAMPLES / "office.yaml"
PERSON = {
    "phone": "0472-5618888",
    "legal_representative": "欧阳甲",
    "project_leader": "司马乙",
    "project_leader_phone": "13847201234",
}


def plain(name: str) -> Any:
    """Return what an example's YAML file says as JSON can say it."""
    return json.loads(json.dumps(YAML(typ="safe").load(EXAMPLES / name), default=str))


HOUSING = Project.model_validate(plain("housing.yaml"))
EVENTS = plain("housing_events.yaml")["events"]


def peopled(random: Random) -> dict[str, Any]:
    """Return a random project with persons in every place that takes one."""
    project = partial_project(random)
    project["name"] = f"第{random.randrange(10**6)}号项目"
    owner = {"name": "甲公司", "agent": "诸葛丙", "agent_mobile": "13847205678"}
    project["project_owner"] = {**PERSON, **owner}
    project["survey"] = {"firms": [{**PERSON, "name": "乙公司"}]}
    project["design"] = {"firms": [{**PERSON, "name": "丙公司"}, {"name": "丁公司"}]}
    return project


@dataclass
class Pages:
    """A log without a store; the bodies may be changed at will."""

    bodies: list[bytes] = field(default_factory=list)
    blobs: dict[str, bytes] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.bodies)

    def records(self) -> Iterator[Record]:
        for seq, body in enumerate(self.bodies):
            yield Record(seq, json.loads(body)["id"], body, leaf_hash(body))

    def blob(self, sha256: str) -> bytes:
        if sha256 not in self.blobs:
            raise JournalError(())
        return self.blobs[sha256]

    def decide(
        self, stated: dict[str, Any], *, on: date = ON, law: Rulebook | None = None, **more: Any
    ) -> str:
        """Record a decision; return the id of the record."""
        law = law or load_rulebook()
        record, _ = decision_record(
            decide(Project.model_validate(stated), on=on, rulebook=law),
            Circumstances(actor=CLERK, **more),
        )
        self.bodies.append(body_of(record))
        self.blobs[law.digest] = law.archive
        return record.id

    def edit(self, seq: int, change: Callable[[dict[str, Any]], object]) -> None:
        """Change what a record says, and write it canonically, as an enemy would."""
        said = json.loads(self.bodies[seq])
        change(said)
        self.bodies[seq] = canonical(said)
