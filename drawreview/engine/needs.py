"""What settles the path of a project, and then what its permit and its letter still need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from drawreview.condition.ast import leaves, phrases
from drawreview.engine.decision import Decision
from drawreview.rulebook.model import PERMIT_RULES

Purpose = Literal["path", "permit", "letter"]
UPLOADED_ON = "permit.drawings_uploaded_on"
_UPLOAD_RULE = "reviewed_upload_before_permit"


@dataclass(frozen=True, slots=True)
class Need:
    """A field that is still needed: what for, and the words of the law that ask for it."""

    field: str
    purpose: Purpose
    clause: str
    phrase: str


def needs(decision: Decision) -> tuple[Need, ...]:
    """Return the open fields that can change the path; once it is settled, those that follow.

    What follows is what the permit route turns on, and what the letter may not be written without.
    """
    if decision.review_path == "undetermined":
        return tuple(
            Need(missing.field, "path", missing.clause, missing.phrase)
            for missing in decision.missing
        )
    return (*_for_the_permit(decision), *_for_the_letter(decision))


def _for_the_permit(decision: Decision) -> Iterator[Need]:
    law = decision.rulebook
    asked = {
        f"permit.{leaf.fact}": (rule.clause, phrase.words)
        for rule in (law.by_id[name] for name in PERMIT_RULES)
        for phrase in phrases(rule.when)
        for leaf in leaves(phrase)
    }
    for field in decision.permit.missing:
        if field in asked:
            yield Need(field, "permit", *asked[field])


def _for_the_letter(decision: Decision) -> Iterator[Need]:
    if decision.letter == "annex_2" and decision.project.permit.drawings_uploaded_on is None:
        rule = decision.rulebook.by_id[_UPLOAD_RULE]
        yield Need(UPLOADED_ON, "letter", rule.clause, rule.then[0].words)
