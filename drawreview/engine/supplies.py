"""Everything that a project still has to supply for its path and its permit, said at once.

Once all of it is there the path is decided, whatever the answers, and nothing else is asked for:
the facts that could still matter are all known then, and what an answer may open is listed too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from drawreview.condition.ast import leaves, phrases
from drawreview.engine.decide import decide
from drawreview.engine.decision import Decision
from drawreview.engine.needs import UPLOADED_ON, Purpose
from drawreview.engine.relevance import open_path_facts, read_by, telling_values
from drawreview.project.eventual_fields import eventual_fields
from drawreview.project.extent import Extent
from drawreview.project.fields import FIELDS, Answer, Supplier, field_at
from drawreview.rulebook.model import Extents, Rule, Rulebook
from drawreview.truth import Truth

CONTINUATION: Final = "overlay.continued_by"
_NOT_EXEMPT: Final = "结论不是免于审查的"
_SIGN: Final = "须写明认定人、日期和理由"
_PERMIT_RULES: Final = ("commitment_prerequisites", "complete_drawings_provided")
_UPLOAD_RULE: Final = "reviewed_upload_before_permit"


@dataclass(frozen=True, slots=True)
class Item:
    """One fact or paper that is still needed.

    Attributes:
        field: Where it goes in the project file; `readings.A10` is an answer of the authority to
            an open question, `overlay.continued_by` a document that continues the trial.
        when: What has to be the case for it to be needed; None if it is needed in any case.
        purpose: What it is needed for.
    """

    field: str
    supplier: Supplier
    document: str
    clause: str
    phrase: str
    why: str
    purpose: Purpose
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Supplies:
    """What a project still has to supply, and whether that surely decides its path.

    Attributes:
        decided_then: Whether the path is decided once all items are there, whatever the answers.
        obstacles: Clause, words and explanation of what no paper can mend.
    """

    items: tuple[Item, ...]
    decided_then: bool
    obstacles: tuple[tuple[str, str, str], ...]


def supplies(decision: Decision) -> Supplies:
    """Return what the project of a decision still has to supply."""
    if decision.review_path == "out_of_scope":
        return Supplies((), decided_then=True, obstacles=())
    items: list[Item] = []
    if decision.standing.path and not decision.assumption:
        items.append(_continuation(decision))
        # What the continued document would need is said now, not after it has been found.
        decision = decide(
            decision.project, on=decision.on, rulebook=decision.rulebook, assume_in_force=True
        )
    items += _for_the_path(decision)
    items += _for_the_permit(decision)
    items += _answers_of_the_authority(decision)
    return Supplies(
        in_order_of_the_form(items),
        decided_then=decision.review_path != "referred",
        obstacles=tuple(_obstacles(decision)),
    )


def in_order_of_the_form(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return each field once, as a form would ask for it; needed anyway prevails over needed if."""
    found: dict[str, Item] = {}
    for item in items:
        first = found.setdefault(item.field, item)
        # Whether it is a building at all is best read in the words on its nature.
        if item.field == "category" and item.clause == first.clause:
            found[item.field] = item
        if item.when is None and first.when is not None:
            found[item.field] = replace(first, when=None)
    return tuple(sorted(found.values(), key=_place_on_the_form))


def _place_on_the_form(item: Item) -> tuple[int, str]:
    pattern = re.sub(r"\[\d+\]", "[]", item.field)
    order = tuple(FIELDS)
    return (order.index(pattern) if pattern in FIELDS else -1, item.field)


def _continuation(decision: Decision) -> Item:
    standing, city = decision.standing, decision.rulebook.city
    return Item(
        field=CONTINUATION,
        supplier=Supplier.DISTRICT_AUTHORITY,
        document=city.number,
        clause=city.trial.clause if city.trial else "",
        phrase=city.trial.words if city.trial else "",
        why=standing.because or "",
        purpose="path",
    )


def _for_the_path(decision: Decision) -> Iterator[Item]:
    if decision.review_path != "undetermined":
        return
    law, project = decision.rulebook, decision.project
    base = _as_answers_may_leave_it(decision)
    for fact in open_path_facts(law, base):
        for eventual in eventual_fields(project, fact, partial(_tells, law)):
            about = field_at(eventual.field)
            rule, phrase = read_by(law, decision.extents, fact, eventual.field)
            why = _why(law, rule)
            if about.answer is Answer.JUDGEMENT:
                why = f"{why}；{_SIGN}"
            when, words = eventual.when, phrase.words
            yield _item(law, rule, words, eventual.field, why=why, purpose="path", when=when)


def _as_answers_may_leave_it(decision: Decision) -> Extents:
    """Return the facts, with what an answer could reopen taken as open.

    An unsigned 功能单一 stands until the uses turn out to be several (A15).
    """
    base = dict(decision.measured.extents)
    project, judged = decision.project, decision.project.single_function
    uses = {b.use for b in project.buildings or ()}
    may_differ = not project.buildings or (None in uses and len(project.buildings) > 1)
    if judged and judged.value and not judged.signed and may_differ:
        base["single_function"] = (0, 1)
    return base


def _tells(law: Rulebook, fact: str, extent: Extent) -> bool:
    return len(telling_values(law, fact, extent)) > 1


def _why(law: Rulebook, rule: Rule) -> str:
    """Say what turns on the rule that reads a fact."""
    if rule.settled("under_this_document") or rule.settled("review_path") == "prior_review":
        return "关系到本文件是否适用"
    if rule.document != law.city.id:
        return "关系到是否属于特殊建设工程、须联合审查"
    return "关系到能否免于审查"


def _for_the_permit(decision: Decision) -> Iterator[Item]:
    law, permit = decision.rulebook, decision.project.permit
    if decision.review_path in {"prior_review", "referred"}:
        return
    exempt = decision.review_path == "exempt"
    when = _NOT_EXEMPT if may_be_exempt(decision) else None
    for name in _PERMIT_RULES:
        rule = law.by_id[name]
        of_drawings = name == "complete_drawings_provided"
        if of_drawings and exempt:
            continue
        for phrase in phrases(rule.when):
            for leaf in leaves(phrase):
                stated: bool | None = getattr(permit, leaf.fact)
                if stated is not True:
                    why = _permit_why(leaf.fact, stated=stated)
                    only = when if of_drawings else None
                    field = f"permit.{leaf.fact}"
                    yield _item(
                        law, rule, phrase.words, field, why=why, purpose="permit", when=only
                    )
    if not exempt and permit.drawings_uploaded_on is None:
        rule = law.by_id[_UPLOAD_RULE]
        why = "附件2须写明上传日期；未上传的不能出具承诺书"
        words = rule.then[0].words
        yield _item(law, rule, words, UPLOADED_ON, why=why, purpose="letter", when=when)


def _item(  # noqa: PLR0913 - what an item consists of
    law: Rulebook,
    rule: Rule,
    words: str,
    field: str,
    *,
    why: str,
    purpose: Purpose,
    when: str | None,
) -> Item:
    return Item(
        field=field,
        supplier=field_at(field).supplier,
        document=law.document_of(rule).number,
        clause=rule.clause,
        phrase=words,
        why=why,
        purpose=purpose,
        when=when,
    )


def _permit_why(fact: str, *, stated: bool | None) -> str:
    if fact == "site_verified_not_started":
        return "采用告知承诺制以未开工为前提；已经开工的不能采用"
    unmet = "现填「未取得」" if stated is False and fact != "drawings_complete" else "未填"
    return f"办理施工许可采取告知承诺制的前提；{unmet}"


def may_be_exempt(decision: Decision) -> bool:
    """Whether the path is open and exemption is among what it may still be."""
    if decision.review_path != "undetermined":
        return False
    _, possible = decision.extents["review_path"]
    return bool(possible & decision.rulebook.facts["review_path"].bits("exempt"))


def _answers_of_the_authority(decision: Decision) -> Iterator[Item]:
    """Yield the open questions that keep a project from its path or its letter."""
    path, letter = decision.review_path, decision.letter
    if path != "referred" and not (path == "exempt" and letter is None):
        return
    for name in decision.depends_on:
        if decision.assumption and name == decision.standing.question:
            continue
        question = decision.rulebook.questions[name]
        because = "答复以前不出附件1" if path == "exempt" else "答复以前不作认定"
        yield Item(
            field=f"readings.{name}",
            supplier=Supplier.DISTRICT_AUTHORITY,
            document=decision.rulebook.city.number,
            clause=question.clause,
            phrase=question.words,
            why=f"{question.question}由{question.settled_by}答复；{because}",
            purpose="letter" if path == "exempt" else "path",
        )


def _obstacles(decision: Decision) -> Iterator[tuple[str, str, str]]:
    rule = decision.rulebook.by_id["blacklisted_owner"]
    if decision.truth_of[rule.id] is Truth.TRUE:
        words = phrases(rule.when)[0].words
        route = (
            "免审项目没有别的办法"
            if decision.review_path == "exempt"
            else "可以走普通程序，先审查后办许可"
        )
        yield (rule.clause, words, f"不再允许以告知承诺制办理施工许可；{route}")
