"""Which question to ask next: the one after which, on average, the fewest are left."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

from drawreview.advice.outlook import expected_questions
from drawreview.advice.prior import answers, without_building
from drawreview.engine.decide import decide
from drawreview.engine.decision import Decision
from drawreview.engine.document import ReviewPath
from drawreview.engine.needs import Need, Purpose, needs
from drawreview.project.buildings import row_of, settled_by
from drawreview.project.fields import FIELDS, Answer, Choices, field_at
from drawreview.project.from_yaml import Path, Written
from drawreview.project.judgements import against
from drawreview.project.labels import where_of
from drawreview.project.measure import measure
from drawreview.project.model import Building, Project
from drawreview.project.places import path_of
from drawreview.project.statement import project_of
from drawreview.rulebook.load import load_rulebook
from drawreview.rulebook.model import Rulebook

_ORDER: Final = {pattern: place for place, pattern in enumerate(FIELDS)}


@dataclass(frozen=True, slots=True)
class Question:
    """One question about one field of the project file.

    Attributes:
        field: Where the answer goes: `buildings[0].height_m`.
        purpose: What it is needed for: the path, the permit or the letter.
        clause: The clause that asks for it.
        phrase: Its words.
        must_sign: Whether a judgement counts only with who judged, when and why.
    """

    field: str
    zh: str
    question: str
    answer: Answer
    unit: str | None
    choices: Choices
    told: str | None
    must_sign: bool
    purpose: Purpose
    clause: str
    phrase: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """A field, and how many questions there are on average if it is asked next, itself included."""

    field: str
    expected_questions_left: float


@dataclass(frozen=True, slots=True)
class Asked:
    """Where a project stands, and what to ask next.

    Attributes:
        settled: Whether the path is settled, whatever the answers to all other questions.
        next: The question to ask; None where the path is settled, or where all that is left has
            been answered with 不知道.
        ranking: All fields that can still change the path, the best to ask first.
        follows: What the permit and the letter still need once the path is settled.
        possible_paths: The paths that are still possible.
        whatever: What holds already, whatever the rest, in words.
    """

    settled: bool
    review_path: ReviewPath
    next: Question | None
    ranking: tuple[Ranked, ...]
    follows: tuple[Question, ...]
    possible_paths: tuple[str, ...]
    whatever: tuple[str, ...]
    decision: Decision


def next_question(
    project: Project | Mapping[str, Any],
    *,
    on: date,
    rulebook: Rulebook | None = None,
    assume_in_force: bool = False,
    unknown: Collection[str] = (),
) -> Asked:
    """Return what to ask next about a project.

    Args:
        project: What is known of it so far; `{}` is a beginning.
        on: The day of the decision.
        rulebook: The law; the shipped one if none is given.
        assume_in_force: Ask as if the trial were in force, as a labelled what-if.
        unknown: Fields to which the answer was 不知道; they are put last and not asked again.

    Raises:
        InputError: A mapping is not the statement of a project.
    """
    law = rulebook or load_rulebook()
    if not isinstance(project, Project):
        project = project_of(Written(dict(project), {}, "项目"))
    decision = decide(project, on=on, rulebook=law, assume_in_force=assume_in_force)
    settled = decision.review_path != "undetermined"
    needed = {need.field: need for need in needs(decision)}
    ranking = () if settled else _ranked(decision, _askable(needed, unknown), unknown)
    first = next((r.field for r in ranking if r.field not in unknown), None)
    return Asked(
        settled=settled,
        review_path=decision.review_path,
        next=None if first is None else question_of(decision, needed[first]),
        ranking=ranking,
        follows=tuple(question_of(decision, n) for n in needed.values()) if settled else (),
        possible_paths=_possible_paths(decision),
        whatever=tuple(_whatever(decision)),
        decision=decision,
    )


def _askable(needed: Mapping[str, Need], unknown: Collection[str]) -> list[str]:
    """Return the fields that make sense now, in the order of the form."""
    opened = [field for field in needed if field not in unknown]

    def waits(field: str) -> bool:
        at = field[: field.rfind(".") + 1]  # of the same building, or of any
        return any(
            other == "buildings" or (other.startswith(at) and other.endswith(f".{first}"))
            for first in field_at(field).after
            for other in opened
        )

    fields = [field for field in needed if not waits(field)]
    return sorted(fields, key=lambda field: (_ORDER[field_at(field).pattern], field))


def _ranked(decision: Decision, fields: list[str], unknown: Collection[str]) -> tuple[Ranked, ...]:
    left: dict[object, float] = {}
    ranked: list[Ranked] = []
    for field in fields:
        path = path_of(field)
        alike = _alike(decision.project, field, path)
        if alike not in left:
            left[alike] = _expected_if_asked(decision, field, path)
        ranked.append(Ranked(field, round(left[alike], 3)))
    ranked.sort(key=lambda r: (r.field in unknown, r.expected_questions_left))
    return tuple(ranked)


def _alike(project: Project, field: str, path: Path) -> object:
    """Return what makes asking for this field the same as asking another building for it."""
    buildings = project.buildings or ()
    if path[0] != "buildings" or len(path) == 1:
        return field
    building, name = buildings[int(path[1])], str(path[2])
    if len(path) > 3 or name == "fire_venues":  # noqa: PLR2004 - a room or a venue
        return (path[2:], building)
    return (name, _open_facts(building, name))


@lru_cache(maxsize=1024)
def _open_facts(building: Building, name: str) -> tuple[object, ...]:
    """Return what is known of the facts that a field settles, alone or with others."""
    row, settled = row_of(building), settled_by(building)
    together = {other for fields in settled.values() if name in fields for other in fields}
    return tuple(
        (fact, row[fact], fields)
        for fact, fields in settled.items()
        if not together.isdisjoint(fields)
    )


def _expected_if_asked(decision: Decision, field: str, path: Path) -> float:
    law, project = decision.rulebook, decision.project
    weighed = answers(law, without_building(field)) or ((1.0, None),)
    return 1 + sum(
        weight * _expected(decision, _with(project, path, value)) for weight, value in weighed
    )


def _expected(decision: Decision, project: Project) -> float:
    """Return how many questions a project takes on average until its path is settled."""
    listed = decision.measured.extents["district_listed"] == (1, 1)
    law, known = decision.rulebook, measure(project, on=decision.on, district_listed=listed)
    questions, fields = expected_questions(law, known)
    # What the project is, and how many buildings it has, opens the questions about each.
    for first in ("category", "buildings"):
        if first in fields and not project.buildings:
            return 1 + sum(
                weight * _expected(decision, project.model_copy(update={first: value}))
                for weight, value in answers(law, first)
            )
    return questions


def _with(stated: Any, path: Path, value: Any) -> Any:  # noqa: ANN401 - any part of a project
    """Return a project with an answer in its place; what it takes was checked by who made it."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        return (*stated[:step], _with(stated[step], rest, value), *stated[step + 1 :])
    return stated.model_copy(update={step: _with(getattr(stated, step), rest, value)})


def question_of(decision: Decision, need: Need) -> Question:
    """Return the question that a need gives rise to."""
    field = field_at(need.field)
    where = where_of(decision.project, need.field)
    return Question(
        field=need.field,
        zh=field.zh,
        question=f"{where}：{field.question}" if where else field.question,
        answer=field.answer,
        unit=field.unit,
        choices=field.choices,
        told=field.told,
        must_sign=field.answer is Answer.JUDGEMENT and _must_sign(decision.project, need.field),
        purpose=need.purpose,
        clause=need.clause,
        phrase=need.phrase,
    )


def _must_sign(project: Project, field: str) -> bool:
    # A judgement that the rest of the file speaks against counts only if signed (A13, A14).
    return field == "similar_use" or bool(against(project, field))


def _possible_paths(decision: Decision) -> tuple[str, ...]:
    if decision.review_path != "undetermined":
        return (decision.review_path,)
    _, possible = decision.extents["review_path"]
    paths = decision.rulebook.facts["review_path"].values
    return tuple(path for place, path in enumerate(paths) if possible >> place & 1)


SETTLED_ZH: Final = {
    "exempt": "施工图免于审查",
    "joint_review": "须联合审查",
    "deferred_review": "不能免于审查，也不必联合审查：审查后置",
    "prior_review": "继续办结原委托的施工图审查",
    "referred": "须请示",
    "out_of_scope": "本文件不适用",
}


def _whatever(decision: Decision) -> Iterator[str]:
    """Say what holds already, whatever the answers to the questions that are left."""
    possible = set(_possible_paths(decision))
    if len(possible) == 1:
        yield f"不论其余如何，{SETTLED_ZH[possible.pop()]}"
    else:
        here = possible - {"prior_review", "referred"}
        if len(here) == 1 and possible != here:
            yield f"只要委托施工图审查不早于文件所定的日期，{SETTLED_ZH[here.pop()]}"
        elif "exempt" not in possible:
            yield f"不论其余如何，不能免于审查{_because(decision)}"
        elif "joint_review" not in possible:
            yield "不论其余如何，不是须联合审查的特殊工程"
    if decision.permit.route == "closed":
        yield "不论其余如何，目前不能办理施工许可"


def _because(decision: Decision) -> str:
    """Quote the first phrase that stands against every exemption."""
    exempting = {r.id for r in decision.rulebook.rules if r.settled("review_path") == "exempt"}
    failed = (r for r in decision.reasons if r.rule in exempting and r.truth == "false")
    reason = next(failed, None)
    return f"（{reason.clause}「{reason.phrase}」不成立）" if reason else ""


def as_document(asked: Asked) -> dict[str, Any]:
    """Return where a project stands and what to ask, as the JSON that front ends read."""
    return {
        "settled": asked.settled,
        "review_path": asked.review_path,
        "next": None if asked.next is None else _as_document(asked.next),
        "ranking": [
            {"field": r.field, "expected_questions_left": r.expected_questions_left}
            for r in asked.ranking
        ],
        "possible_paths": list(asked.possible_paths),
        "whatever": list(asked.whatever),
        "follows": [_as_document(question) for question in asked.follows],
    }


def _as_document(question: Question) -> dict[str, Any]:
    return {
        "field": question.field,
        "question": question.question,
        "unit": question.unit,
        "clause": question.clause,
        "phrase": question.phrase,
        "answer": question.answer.value,
        "choices": [{"value": value, "words": words} for value, words in question.choices],
        "told": question.told,
        "must_sign": question.must_sign,
        "needed_for": question.purpose,
    }
