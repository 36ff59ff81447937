"""The one-time notice (一次性告知书): everything a project still has to supply, said once.

What settles the path and the permit comes from `engine/supplies.py`; what the commitment letter
would leave blank is added here, from the letter's own form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from drawreview.engine.decision import Decision
from drawreview.engine.document import PATH_ZH
from drawreview.engine.supplies import (
    Item,
    Supplies,
    in_order_of_the_form,
    may_be_exempt,
    supplies,
)
from drawreview.errors import LetterError, Problem
from drawreview.letters.blanks import fill
from drawreview.letters.form import Annex, load_form
from drawreview.letters.page import Filling, Page, State
from drawreview.paths import FORMS
from drawreview.project.fields import FIELDS, SUPPLIER_ZH, Supplier, field_at
from drawreview.project.model import Project

SCHEMA: Final = "drawreview/notice@1"
_GUARANTEED: Final = "以上各项一经补齐，无论所填内容如何，审查方式即可认定，不再要求补充其他事项。"
_SETTLED: Final = (
    "审查方式已经认定，与以上各项无关；以上各项是办理施工许可、出具承诺书所需，"
    "补齐之后不再要求补充其他事项。"
)
_BLANKS: Final = (
    "审查方式已经认定；以上各项只是承诺书上的空格，可以留空、打印后手写，不再要求补充其他事项。"
)
_CONDITIONS: Final = "注明条件的，只在所述情形才须提供。"
_NOT_GUARANTEED: Final = "以上各项补齐后，仍须待主管部门就条文未明之处答复，方可认定审查方式。"
_FOR_THE_LETTER: Final = "承诺书上的空格；可以留空，打印后手写"
_BLANK: Final = re.compile("_+")
_PART: Final = re.compile("(?:（[^（）]*）|[^，；。（])+")
_OTHER: Final = {"overlay.continued_by": "延续本文件效力的文件（名称、文号、日期）"}


@dataclass(frozen=True)
class Notice:
    """The notice of a decision."""

    decision: Decision
    supplies: Supplies
    items: tuple[Item, ...]

    @property
    def guarantee(self) -> str:
        """What follows once all items are there."""
        if not self.supplies.decided_then:
            return _NOT_GUARANTEED
        if any(item.purpose == "path" for item in self.items):
            promised = _GUARANTEED
        else:
            promised = _BLANKS if self.only_blanks else _SETTLED
        return promised + (_CONDITIONS if any(item.when for item in self.items) else "")

    @property
    def only_blanks(self) -> bool:
        """Whether all that is left may be written on the printed letter by hand."""
        return all(item.why == _FOR_THE_LETTER for item in self.items)

    @property
    def nothing(self) -> tuple[str, str] | None:
        """Why there is nothing to say, and what to do instead; None if there is something."""
        if self.items or self.supplies.obstacles:
            return None
        if self.decision.review_path == "out_of_scope":
            return ("项目不在本办法适用范围内。", "请按适用于该项目的规定办理。")
        return ("没有要补充的事项。", "无须出具一次性告知书。")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the printed notice: the same thing of several buildings is said once."""

    what: str
    when: str | None
    law: str
    phrase: str
    why: str


def notice_of(decision: Decision, forms: Path = FORMS) -> Notice:
    """Return the notice of a decision, which may have nothing left to say.

    Args:
        decision: What was decided.
        forms: The folder of the letter's form, whose blanks are among what is needed.
    """
    needed = supplies(decision)
    items = in_order_of_the_form((*needed.items, *_blanks(decision, forms)))
    ranked = sorted(items, key=lambda item: list(Supplier).index(item.supplier))
    return Notice(decision, needed, tuple(ranked))


def _blanks(decision: Decision, forms: Path) -> Iterator[Item]:
    """Yield what the letter would leave blank, by its own form."""
    # 尾s4 knows no letter, and for a day of the gap there may be none.
    of_the_gap = decision.path == "referred"
    if decision.review_path in {"prior_review", "out_of_scope"} or of_the_gap:
        return
    law = decision.rulebook.city
    annex = load_form(forms)["annex_1" if decision.review_path == "exempt" else "annex_2"]
    page = fill(annex, decision.project, clauses=law.clauses)
    for clause, phrase, filling in _absent(annex, page, law.clauses):
        if may_be_exempt(decision):  # both annexes have the same blanks in the same places
            clause = f"{clause.replace(annex.label, '附件1')}、{clause}"  # noqa: PLW2901
        for field in _fields(decision.project, filling):
            yield Item(
                field=field,
                supplier=field_at(field).supplier,
                document=law.number,
                clause=clause,
                phrase=phrase,
                why=_FOR_THE_LETTER,
                purpose="letter",
            )


def _absent(
    annex: Annex, page: Page, clauses: Mapping[str, str]
) -> Iterator[tuple[str, str, Filling]]:
    """Yield each blank that no fact fills, with its clause and what is said there."""
    for (clause, blanks), paragraph in zip(annex.paragraphs, page.paragraphs, strict=True):
        names = [blank.name for blank in blanks]
        for segment in paragraph:
            if isinstance(segment, Filling) and segment.state is State.ABSENT:
                yield clause, _said_of(clauses[clause], names.index(segment.name)), segment
    cells = (cell for group in page.groups for row in group for cell in row if cell)
    for cell in (*cells, *page.below):
        if cell.filling.state is State.ABSENT:
            yield annex.table_clause, cell.label.rstrip("："), cell.filling


def _said_of(clause: str, blank: int) -> str:
    """Return what a clause says from comma to comma, with all its blanks, where one of them is."""
    for part in _PART.findall(clause):
        blank -= len(_BLANK.findall(part))
        if blank < 0:
            return part
    message = "no such blank in the clause"
    raise ValueError(message)


def _fields(project: Project, filling: Filling) -> Iterator[str]:
    """Yield the fields of the project file from which a blank is filled."""
    place = filling.place
    if place.startswith("buildings."):
        name = place.partition(".")[2]
        if not project.buildings:
            yield f"buildings[].{name}"
        for index, building in enumerate(project.buildings or ()):
            if getattr(building, name) is None:
                yield f"buildings[{index}].{name}"
    elif re.sub(r"\[\d+\]", "[]", place) in FIELDS:
        yield place


def rows_of(notice: Notice) -> dict[Supplier, tuple[Row, ...]]:
    """Return the lines of the printed notice, by who supplies what."""
    found: dict[Supplier, dict[tuple[str, ...], list[Item]]] = {}
    for item in notice.items:
        blank = item.why == _FOR_THE_LETTER
        of_buildings = item.field.startswith("buildings")
        pattern = re.sub(r"\[\d+\]", "[]", item.field, count=1) if of_buildings else item.field
        # The blanks of one party's letter are one line; so is one thing of several buildings.
        same = ("letter", item.clause) if blank else (pattern, item.when or "", item.clause)
        found.setdefault(item.supplier, {}).setdefault(same, []).append(item)
    return {
        who: tuple(
            _row(notice.decision, lines[same])
            for same in sorted(lines, key=lambda same: same[0] == "letter")
        )
        for who, lines in found.items()
    }


def _row(decision: Decision, items: Sequence[Item]) -> Row:
    first = items[0]
    law = decision.rulebook.city.number
    clause = first.clause if first.document == law else f"{first.document} {first.clause}"
    phrases = dict.fromkeys(item.phrase for item in items)
    return Row(
        what=_what(decision.project, items),
        when=first.when,
        law=clause,
        phrase="、".join(f"「{phrase}」" for phrase in phrases),
        why=first.why,
    )


def _what(project: Project, items: Sequence[Item]) -> str:
    whose = SUPPLIER_ZH[items[0].supplier]
    blank = items[0].why == _FOR_THE_LETTER
    names = (_name(item) for item in items)
    if blank:
        names = (name.removeprefix(whose) for name in names)
    said = "、".join(dict.fromkeys(names))
    places = [found for item in items if (found := _building(project, item.field))]
    if blank or not places:
        return said
    every = project.buildings is not None and len(places) == len(project.buildings)
    one = len(project.buildings or ()) == 1
    where = "" if one else "各栋" if every else "、".join(dict.fromkeys(places))
    return f"{where}：{said}" if where else said


def _name(item: Item) -> str:
    if item.field in _OTHER:
        return _OTHER[item.field]
    if item.field.startswith("readings."):
        return f"待定问题 {item.field.removeprefix('readings.')} 的答复"
    about = field_at(item.field)
    return f"{about.zh}（{about.unit}）" if about.unit else about.zh


def _building(project: Project, field: str) -> str | None:
    found = re.match(r"buildings\[(\d*)\]", field)
    if found is None:
        return None
    if not found[1]:
        return "每一栋"
    building = (project.buildings or ())[int(found[1])]
    return building.name or f"第{int(found[1]) + 1}栋"


def as_document(notice: Notice) -> dict[str, Any]:
    """Return the notice as JSON."""
    decision = notice.decision
    return {
        "schema": SCHEMA,
        "project": {
            "name": decision.project.name,
            "address": decision.project.address,
            "project_owner": decision.project.project_owner.name,
        },
        "on": decision.on.isoformat(),
        "decision_id": decision.decision_id,
        "review_path": decision.review_path,
        "review_path_zh": PATH_ZH[decision.review_path],
        "permit_route": decision.permit.route,
        "assumption": decision.assumption,
        "because": decision.standing.because,
        "items": [
            {
                "field": item.field,
                "supplied_by": item.supplier.value,
                "supplied_by_zh": SUPPLIER_ZH[item.supplier],
                "document": item.document,
                "clause": item.clause,
                "phrase": item.phrase,
                "why": item.why,
                "when": item.when,
                "needed_for": item.purpose,
                "zh": _name(item),
            }
            for item in notice.items
        ],
        "obstacles": [
            {"clause": clause, "phrase": phrase, "why": why}
            for clause, phrase, why in notice.supplies.obstacles
        ],
        "decided_then": notice.supplies.decided_then,
        "guarantee": notice.guarantee,
        "rulebook": {"id": decision.rulebook.id, "digest": decision.rulebook.digest},
    }


def refuse_if_nothing(notice: Notice) -> None:
    """Refuse to print a notice that has nothing to say.

    Raises:
        LetterError: The project has supplied everything, or the document is not for it.
    """
    if notice.nothing:
        problem, remedy = notice.nothing
        raise LetterError((Problem("notice", problem, remedy),))
