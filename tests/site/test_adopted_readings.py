"""A reading that an authority adopts holds from its day on, for the site as for the path."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from drawreview import Project, load_rulebook
from drawreview.rulebook.model import Adoption
from drawreview.site.gates import gates
from tests.site.random_logs import log_from
from tests.test_cases import statement

ADOPTED = Adoption(
    question="C1",
    reading="main_structure",
    number="包住建字〔2021〕×号",
    issuer="包头市住房和城乡建设局",
    issued=date(2021, 6, 1),
    in_force_from=date(2021, 6, 1),
    in_force_until=None,
)
LAW = replace(load_rulebook(), adoptions=(ADOPTED,))
OFFICE = Project.model_validate(statement({"like": "uploaded_office"}))
LOG = log_from(
    [
        {"on": "2021-03-01", "event": "permit_issued"},
        {"on": "2021-04-01", "event": "stage_started", "stage": "base_slab"},
        {"on": "2021-06-02", "event": "stage_started", "stage": "base_slab"},
    ]
)


def test_a_reading_adopted_later_undoes_no_breach_and_one_adopted_by_then_makes_none() -> None:
    answer = gates(OFFICE, LOG, on=date(2021, 7, 1), rulebook=LAW)
    assert [(breach.on, breach.clause) for breach in answer.breaches] == [
        (date(2021, 4, 1), "附件1¶2")
    ]
    assert {gate.stage.value: gate.state for gate in answer.gates}["base_slab"] == "ask"


def test_before_the_adoption_the_register_speaks() -> None:
    answer = gates(OFFICE, LOG, on=date(2021, 5, 31), rulebook=LAW)
    assert {gate.stage.value: gate.state for gate in answer.gates}["base_slab"] == "barred"
