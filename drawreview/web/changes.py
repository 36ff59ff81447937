"""What would lead a project to another path, as a page shows it beside what is."""

from __future__ import annotations

from dataclasses import dataclass

from drawreview.advice.evasion import evasion_warnings
from drawreview.advice.side_by_side import Flipped, flipped
from drawreview.advice.whatif import Step, what_if
from drawreview.engine.decision import Decision
from drawreview.engine.document import PATH_ZH, Warned
from drawreview.fact import UNIT_ZH
from drawreview.web.catalogue import Language, translator
from drawreview.web.form.fields import words_of_values
from drawreview.web.form.sheet import page_of


@dataclass(frozen=True, slots=True)
class Edited:
    """One field that would change."""

    field: str
    page: str
    before: str
    after: str
    unit: str
    clause: str
    phrase: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """A smallest change, verified by deciding again, and what it turns."""

    path: str
    edits: tuple[Edited, ...]
    turned: tuple[Flipped, ...]
    depends_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What would lead to another path, and what to beware of."""

    alternatives: tuple[Alternative, ...]
    warnings: tuple[Warned, ...]


def changes_of(decision: Decision, language: Language) -> Changes:
    """Return the smallest changes of the design that lead to another path."""
    say = translator(language)
    found = what_if(decision)
    alternatives = tuple(
        Alternative(
            path=say(PATH_ZH[change.to]),
            edits=tuple(_edited(step, language) for step in change.steps),
            turned=flipped(decision, change.after),
            depends_on=change.after.depends_on,
        )
        for change in found.changes
    )
    return Changes(alternatives, evasion_warnings(decision, found, lang=language))


def _edited(step: Step, language: Language) -> Edited:
    say = translator(language)
    words = words_of_values()
    edit = step.edit

    def said(value: str) -> str:
        return say("、").join(say(words.get(part, part)) for part in value.split("、"))

    return Edited(
        field=edit.field,
        page=page_of(edit.field),
        before=said(edit.old),
        after=said(edit.new),
        unit=say(UNIT_ZH.get(edit.kind, "")) if edit.kind else "",
        clause=step.clause,
        phrase=step.phrase,
    )
