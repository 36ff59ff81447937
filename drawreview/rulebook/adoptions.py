"""Readings that an authority has adopted by a document, filed in a city's overlay.

An adoption settles its question, so only the authority that the register names may make it, and it
counts from the day on which its document is in force.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final

from drawreview.errors import InputError, Problem
from drawreview.project.from_yaml import Written, is_mapping
from drawreview.rulebook.model import MOST_KEPT, Adoption, Question, Rulebook
from drawreview.rulebook.readings import readings_with_meaning, with_readings
from drawreview.rulebook.rule import Rule

_NEEDED: Final = ("reading", "number", "issuer", "issued")
_DAYS: Final = ("issued", "in_force_from", "in_force_until")
_ALLOWED: Final = {*_NEEDED, *_DAYS, "acting_as"}


def read_adoptions(
    file: Written, questions: Mapping[str, Question], rules: Sequence[Rule]
) -> tuple[Adoption, ...]:
    """Return the readings that an overlay files.

    Raises:
        InputError: With every problem, each with its line.
    """
    said = file.data.get("readings")
    if not is_mapping(said):
        remedy = "写「编号: {reading: …, number: …, issuer: …, issued: …}」。"
        raise InputError((Problem(file.place(("readings",)), "readings 应是编号和读法。", remedy),))
    problems = [
        Problem(f"{file.place(('readings', name, *key))}: readings.{name}", problem, remedy)
        for name, entry in said.items()
        for key, problem, remedy in _wrong(name, entry, questions, rules)
    ]
    if problems:
        raise InputError(tuple(problems))
    return tuple(_adoption(name, entry) for name, entry in said.items())


# Where in an entry something is wrong, what it is, and how to mend it.
_Wrong = tuple[tuple[str, ...], str, str]


def _wrong(
    name: str, entry: object, questions: Mapping[str, Question], rules: Sequence[Rule]
) -> Iterator[_Wrong]:
    """Yield everything that is wrong with one entry."""
    if not is_mapping(entry):
        yield (), "这里应是若干键和值。", f"写 {'、'.join(_NEEDED)}。"
        return
    for key in entry:
        if key not in _ALLOWED:
            yield (key,), f"不认识的键 {key}。", f"可用：{'、'.join(sorted(_ALLOWED))}。"
    for key in _NEEDED:
        if entry.get(key) in (None, ""):
            yield (), f"缺少 {key}。", "补上。"
    for key in _DAYS:
        if entry.get(key) not in (None, "") and _day(entry, key) is None:
            yield (key,), f"{entry[key]} 不是日期。", "写成 2022-01-20。"
    question = questions.get(name)
    if question is None:
        yield (), f"没有待定问题 {name}。", "编号见 drawreview questions。"
    else:
        yield from _wrong_answer(question, entry, rules)


def _wrong_answer(
    question: Question, entry: Mapping[str, Any], rules: Sequence[Rule]
) -> Iterator[_Wrong]:
    """Yield a reading that the question does not have, and an authority that cannot settle it."""
    possible = (question.adopted, *readings_with_meaning(rules, question))
    reading, issuer = entry.get("reading"), entry.get("issuer")
    if len(possible) == 1:
        yield (), "这个问题没有另一种可据以判定的读法。", "删去这一项。"
    elif reading and str(reading) not in possible:
        remedy = f"可用：{'、'.join(possible)}。"
        yield ("reading",), f"没有可据以判定的读法 {reading}。", remedy
    if issuer and question.settled_by not in {str(issuer), str(entry.get("acting_as"))}:
        problem = f"{issuer} 不是能裁定此问题的机关（{question.settled_by}）。"
        remedy = (
            f"由该机关行文；以该身份行文的，另写 acting_as: {question.settled_by}。"
            "只想看另一种读法，用 --reading。"
        )
        yield ("issuer",), problem, remedy


def _day(entry: Mapping[str, Any], key: str) -> date | None:
    try:
        return date.fromisoformat(str(entry.get(key)))
    except ValueError:
        return None


def _adoption(name: str, entry: Mapping[str, Any]) -> Adoption:
    issued = date.fromisoformat(str(entry["issued"]))
    return Adoption(
        question=name,
        reading=str(entry["reading"]),
        number=str(entry["number"]),
        issuer=str(entry["issuer"]),
        issued=issued,
        in_force_from=_day(entry, "in_force_from") or issued,
        in_force_until=_day(entry, "in_force_until"),
    )


def adopted_on(rulebook: Rulebook, on: date) -> tuple[Adoption, ...]:
    """Return the adoptions in force that day, but for questions that are read otherwise here."""
    return tuple(
        adoption
        for adoption in rulebook.adoptions
        if adoption.in_force(on)
        and rulebook.readings.get(adoption.question, adoption.reading) == adoption.reading
    )


def under_adoptions(rulebook: Rulebook, on: date) -> Rulebook:
    """Return the rulebook under the readings that authorities have adopted by that day.

    A reading that was chosen for the decision prevails over one that was adopted.
    """
    if not rulebook.adoptions:
        return rulebook
    adopted = {a.question: a.reading for a in adopted_on(rulebook, on)}
    chosen = {q: r for q, r in adopted.items() if q not in rulebook.readings}
    return _under(rulebook, tuple(sorted(chosen.items()))) if chosen else rulebook


@lru_cache(maxsize=MOST_KEPT)
def _under(rulebook: Rulebook, chosen: tuple[tuple[str, str], ...]) -> Rulebook:
    return with_readings(rulebook, dict(chosen))
