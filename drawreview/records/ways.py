"""How what other rooms did is done again; whoever replays hands this over, as records know none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from drawreview.records.entry import Personal
from drawreview.rulebook.model import Rulebook
from drawreview.timeline.workdays import Calendar

Said = Mapping[str, Any]
# What a record of events says, the law and the working days: the document that answers.
Answering = Callable[[Said, Rulebook, Calendar], Said]


class Setting(Protocol):
    """What sets a recorded letter again."""

    def __call__(
        self, letter: Said, decision: Said, law: Rulebook, *, personal: Said, forms: Path
    ) -> Mapping[str, bytes]:
        """Return the files of a letter of a recorded decision, by format.

        Args:
            letter: What the letter's record says.
            decision: What the decision's record says.
            law: The law that decided.
            personal: What the project stated of persons, by its place.
            forms: The folder of forms and fonts.

        Raises:
            LetterError: It cannot be set.
        """
        ...


@dataclass(frozen=True, slots=True)
class Ways:
    """What answers events again, by the schema of the answer, and what sets letters again.

    What has no way is counted and not done again.

    Attributes:
        answers: The document of each schema that follows from the same record.
        letter: Sets a letter.
        personal: Returns the personal data of a record, None where there is none.
        no_personal: Why there is none, unless a record tells that it was erased.
    """

    answers: Mapping[str, Answering] = field(default_factory=dict[str, Answering])
    letter: Setting | None = None
    personal: Callable[[str], Personal | None] = lambda _: None
    no_personal: str = "个人信息不在这里"
