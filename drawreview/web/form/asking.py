"""One question at a time: what is asked next, and what an answer in a form says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from starlette.datastructures import FormData

from drawreview.advice.ask import Question
from drawreview.advice.interview import Interview
from drawreview.errors import InputError, Problem
from drawreview.project.answers import value_of, with_answer
from drawreview.project.fields import BESIDE, Answer, field_at, pattern_of
from drawreview.project.from_yaml import is_sequence
from drawreview.project.places import found_at, remove
from drawreview.web.form.fields import GROUPS, Field
from drawreview.web.form.sheet import Data

ASK: Final = "ask"
_SEVERAL: Final = {Answer.CHOICES, Answer.PARTS}
_MOST: Final = 400


@dataclass(frozen=True, slots=True)
class Asking:
    """An interview as it travels in its form: the fields answered, in order, and the unknown."""

    answered: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


NOTHING_ASKED: Final = Asking()


def asking_in(form: FormData) -> Asking:
    """Return the interview so far; raises `InputError` if somebody has written into it."""
    return Asking(_fields(form, "answered"), _fields(form, "unknown"))


def _fields(form: FormData, name: str) -> tuple[str, ...]:
    value = form.get(name)
    fields = tuple(value.split())[:_MOST] if isinstance(value, str) else ()
    for field in fields:
        try:
            field_at(field)
        except KeyError:
            unknown = Problem(name, f"没有「{field[:40]}」这一项。", "回到上一页，重新回答。")
            raise InputError((unknown,)) from None
    return fields


@dataclass(frozen=True, slots=True)
class Beside:
    """What is asked beside a question: a field, where its answer goes, what so far."""

    field: Field
    place: str
    chosen: tuple[str, ...]


def beside(question: str, data: Data) -> Beside | None:
    """Return what is asked beside a question, because its answer bears on it."""
    closed = BESIDE.get(pattern_of(question))
    if closed is None:
        return None
    name = closed.rpartition(".")[2]
    head, dot, _ = question.rpartition(".")
    found = found_at(data, place := f"{head}{dot}{name}")
    chosen = found if is_sequence(found) else () if found is None else (found,)
    fields = (field for group in GROUPS.values() for field in group.fields)
    return Beside(next(one for one in fields if one.name == name), place, tuple(map(str, chosen)))


def _with_beside(form: FormData, data: Data, question: str) -> Data:
    """Return the project file with what was answered beside a question; blank leaves it out."""
    asked = beside(question, data)
    if asked is None:
        return data
    said = "、".join(str(one) for one in form.getlist("beside") if one)
    if not said:
        return remove(data, asked.place)
    return with_answer(data, asked.place, value_of(asked.place, said))


def next_of(interview: Interview) -> tuple[Question | None, Any]:
    """Return the question to put next, and where the project stands."""
    asked = interview.asked
    follows = (q for q in asked.follows if q.field not in interview.unknown)
    return asked.next or next(follows, None), asked


def answered(form: FormData, data: Data, asking: Asking, *, signer: str) -> tuple[Data, Asking]:
    """Return the project file and the interview with what a form answers.

    Args:
        form: The answer; `do` says whether it is one, is unknown, or takes the last one back.
        data: The project file so far.
        asking: The interview so far.
        signer: The day on which a judgement is signed if none is written.

    Raises:
        InputError: It is not an answer to the question, or cannot be beside what is stated.
    """
    if form.get("do") == "undo":
        return _undone(data, asking)
    field = str(form.get("field") or "")
    about = field_at(field)
    before = tuple(name for name in asking.answered if name != field)
    unknown = tuple(name for name in asking.unknown if name != field)
    if form.get("do") == "unknown":
        return remove(data, field), Asking((*before, field), (*unknown, field))
    said = (
        "、".join(str(one) for one in form.getlist("said"))
        if about.answer in _SEVERAL
        else str(form.get("said") or "")
    )
    try:
        value = value_of(field, said)
        if about.answer is Answer.JUDGEMENT and value["value"]:
            value |= _signature(form, signer)
        told = with_answer(_with_beside(form, data, field), field, value)
        return told, Asking((*before, field), unknown)
    except InputError as error:
        raise InputError(
            tuple(Problem("said", p.problem, p.remedy) for p in error.problems)
        ) from None


def _undone(data: Data, asking: Asking) -> tuple[Data, Asking]:
    if not asking.answered:
        return data, asking
    *before, last = asking.answered
    unknown = tuple(name for name in asking.unknown if name != last)
    return remove(data, last), Asking(tuple(before), unknown)


def _signature(form: FormData, day: str) -> dict[str, str]:
    signed = {
        key: text.strip()
        for key in ("by", "on_day", "why")
        if isinstance(text := form.get(key), str) and text.strip()
    }
    if "by" not in signed and "why" not in signed:
        return {}
    found = {key: signed[key] for key in ("by", "why") if key in signed}
    return {**found, "on": signed.get("on_day", day)}
