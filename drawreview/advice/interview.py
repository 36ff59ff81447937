"""A guided interview: what was asked and answered, in order, and what an answer leads to.

An interview is a value. Answering, going back and changing an answer return a new one; nothing
here reads a terminal, a file or the clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from drawreview.advice.ask import Asked, Question, next_question, question_of
from drawreview.engine.needs import Need
from drawreview.project.answers import with_answer
from drawreview.project.fields import BESIDE, pattern_of
from drawreview.project.from_yaml import is_mapping
from drawreview.project.model import Project
from drawreview.project.places import found_at, remove
from drawreview.rulebook.model import Rulebook


@dataclass(frozen=True)
class Interview:
    """An interview so far.

    Attributes:
        stated: The project file as it stands.
        answered: The questions that were answered, in their order, each once.
        unknown: The fields to which the answer was 不知道.
    """

    rulebook: Rulebook
    on: date
    stated: Mapping[str, Any]
    assume_in_force: bool = False
    answered: tuple[Question, ...] = ()
    unknown: tuple[str, ...] = field(default=())

    @property
    def asked(self) -> Asked:
        """Where the project stands, and what to ask next about its path."""
        return next_question(
            Project.model_validate(self.stated),
            on=self.on,
            rulebook=self.rulebook,
            assume_in_force=self.assume_in_force,
            unknown=self.unknown,
        )

    def answer(self, question: Question, value: Any) -> Interview:  # noqa: ANN401
        """Return the interview with an answer; raises `InputError` if it cannot be."""
        return replace(
            self,
            stated=with_answer(self.stated, question.field, value),
            answered=(*_but(self.answered, question), question),
            unknown=tuple(name for name in self.unknown if name != question.field),
        )

    def answer_unknown(self, question: Question) -> Interview:
        """Return the interview after 不知道: an earlier answer to the question is withdrawn."""
        return replace(
            self,
            stated=remove(self.stated, question.field),
            answered=(*_but(self.answered, question), question),
            unknown=(*(n for n in self.unknown if n != question.field), question.field),
        )

    def beside(self, question: Question) -> Question | None:
        """Return what is asked beside a question that was answered; None if it cannot matter.

        What a file leaves out of `hints`, `height_basis` and `partial_storeys` counts as none; who
        answers questions should be asked, as long as the project may still be exempt.
        """
        closed = BESIDE.get(pattern_of(question.field))
        answer = found_at(self.stated, question.field)
        if closed is None or answer is None or (is_mapping(answer) and not answer.get("value")):
            return None
        at, _, name = question.field.rpartition(".")
        field = f"{at}.{closed.rpartition('.')[2]}" if name != question.field else closed
        if found_at(self.stated, field) is not None or field in self.unknown:
            return None
        asked = self.asked
        if "exempt" not in asked.possible_paths:
            return None
        return question_of(asked.decision, Need(field, "path", question.clause, question.phrase))

    def value_at(self, question: Question) -> Any:  # noqa: ANN401
        """Return the present answer to a question, None if there is none."""
        return found_at(self.stated, question.field)


def _but(answered: tuple[Question, ...], question: Question) -> tuple[Question, ...]:
    return tuple(other for other in answered if other.field != question.field)
