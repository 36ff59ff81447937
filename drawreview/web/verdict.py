"""A decision as a page shows it: the verdict, why, what is missing, in doubt, to be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from drawreview.engine.decision import Decision
from drawreview.engine.document import ANNEX_ZH, PATH_ZH, Missing, Reason
from drawreview.engine.wording import (
    applies,
    distance_in_words,
    limit_in_words,
    standing_in_words,
    value_in_words,
)
from drawreview.project.facts import FACTS
from drawreview.rulebook.model import PERMIT_RULES
from drawreview.truth import Truth
from drawreview.web.catalogue import Language, Translate, translator
from drawreview.web.form.sheet import label_of, page_of

ROUTES: Final = {
    "commitment": "本文件不妨碍以告知承诺制办理",
    "ordinary": "不适用告知承诺制，走普通程序",
    "closed": "目前不能办理",
}
# What a row says of a fact that only buildings have, where nothing is built that has an area.
APART: Final = "apart"
# What somebody who reads the path must not take it for.
MEANING: Final = {
    "exempt": "依二(一)1，施工图免于审查；须上传全部施工图，并接受抽查。",
    "joint_review": "依二(一)2，属于特殊工程，须联合审查；消防设计审查合格前不得施工。",
    "deferred_review": "依二(一)3，审查后置：可先凭承诺书办理施工许可，底板施工前须通过审查。",
    "prior_review": "依尾s4，继续办结原来委托的施工图审查。",
    "undetermined": "事实不全，还不能判定。未填的按未知处理，不当作零，也不推定。",
    "referred": "文件本身没有给出答案，须请示主管部门。",
    "out_of_scope": "不在本办法适用范围内。",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One phrase that was tried, as a row of the table of reasons."""

    truth: str
    clause: str
    phrase: str
    value: str
    limit: str
    distance: str
    overridden: str
    won: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A field that could still change the path, and the page of the form on which it is asked."""

    field: str
    label: str
    building: int | None
    where: str  # what the building is called
    page: str
    clause: str
    phrase: str


@dataclass(frozen=True)
class Verdict:
    """What a page shows of a decision."""

    decision: Decision
    path: str
    meaning: str
    letter: str
    standing: str | None
    reasons: tuple[Row, ...]
    others: tuple[Row, ...]
    missing: tuple[Asked, ...]
    permit: str | None
    permit_against: tuple[tuple[str, str, str], ...]
    settled: tuple[str, ...]

    @property
    def asked(self) -> tuple[Asked, ...]:
        """What is missing, each question of the form once."""
        once = {(item.label, item.page): item for item in reversed(self.missing)}
        return tuple(reversed(once.values()))

    @property
    def several(self) -> bool:
        """Whether there is more than one building."""
        return len(self.decision.project.buildings or ()) > 1


def verdict_of(decision: Decision, language: Language) -> Verdict:
    """Return what a page shows of a decision."""
    say = translator(language)
    rows = [(reason, _row(decision, reason, language)) for reason in decision.reasons]
    number = decision.rulebook.city.number
    telling = [
        row
        for reason, row in rows
        if reason.won or reason.truth != "false" or reason.document == number
    ]
    permit, bar = decision.permit, decision.rulebook.by_id[PERMIT_RULES[0]].clause
    return Verdict(
        decision=decision,
        path=say(PATH_ZH[decision.review_path]),
        meaning=say(MEANING[decision.review_path]),
        letter=say(ANNEX_ZH[decision.letter]),
        standing=standing_in_words(decision, language),
        reasons=tuple(telling),
        others=tuple(row for _, row in rows if row not in telling),
        missing=tuple(_asked(decision, item, say) for item in decision.missing),
        permit=say(ROUTES[permit.route]) if permit.route else None,
        permit_against=tuple(
            (clause, phrase, _word(truth))
            for clause, phrase, truth in permit.reasons
            if clause != bar or truth is not Truth.FALSE  # who is not listed meets no obstacle
        )
        if permit.route != "commitment"
        else (),
        settled=tuple(_settled(decision, say)),
    )


def _word(truth: Truth) -> str:
    return {Truth.TRUE: "true", Truth.FALSE: "false", Truth.UNKNOWN: "unknown"}[truth]


def _settled(decision: Decision, say: Translate) -> list[str]:
    """Return the paths that are excluded already, whatever else will be answered."""
    if decision.review_path != "undetermined":
        return []
    _, possible = decision.extents["review_path"]
    values = FACTS["review_path"].values
    return [
        say(PATH_ZH[value])
        for place, value in enumerate(values)
        if not possible >> place & 1 and value not in {"referred", "prior_review"}
    ]


def _row(decision: Decision, reason: Reason, language: Language) -> Row:
    first = reason.facts[0] if reason.facts else None
    return Row(
        truth=reason.truth if first is None or applies(first) else APART,
        clause=reason.clause,
        phrase=reason.phrase,
        value=(value_in_words(first, language) if first else None) or "—",
        limit=(limit_in_words(first, language) if first else None) or "",
        distance=(distance_in_words(first, language) if first else None) or "",
        overridden=decision.rulebook.by_id[reason.overridden_by].clause
        if reason.overridden_by
        else "",
        won=reason.won,
    )


def _asked(decision: Decision, item: Missing, say: Translate) -> Asked:
    label, building = label_of(item.field)
    return Asked(
        field=item.field,
        label=say(label),
        building=building,
        where=(decision.project.buildings or ())[building].name or ""
        if building is not None
        else "",
        page=page_of(item.field),
        clause=item.clause,
        phrase=item.phrase,
    )
