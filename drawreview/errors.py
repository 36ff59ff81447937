"""Every error names the place, the problem and the remedy, in words its reader uses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self


class DrawreviewError(Exception):
    """What drawreview raises on purpose; anything else that escapes is a defect."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where it stands, what it is, how to mend it."""

    place: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem} {self.remedy}"


class InputError(DrawreviewError):
    """A file that an applicant or a clerk wrote cannot be used; it lists every problem at once."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class RuleError(DrawreviewError):
    """A rule file does not say what the law says, or cannot be read."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class CalendarError(DrawreviewError):
    """A day lies outside the years whose holidays were published; nothing is guessed."""


class EngineError(DrawreviewError):
    """The engine did not complete a decision, so nothing of it may be used."""


class DisagreementError(EngineError):
    """The two engines found different things, so there is no decision."""


class LetterError(DrawreviewError):
    """No letter may be written, or it cannot be set on its two pages."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class JournalError(DrawreviewError):
    """A journal, or its key file, cannot be used as named."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems

    @classmethod
    def of(cls, place: object, problem: str, remedy: str) -> Self:
        """Return the error of one problem."""
        return cls((Problem(str(place), problem, remedy),))


class AppendRefusedError(JournalError):
    """The journal does not hold what it once signed, so nothing may be appended to it."""


class StoreError(JournalError):
    """The journal's store failed, so nothing was acknowledged."""


class BusyError(StoreError):
    """Somebody else held the journal for too long; nothing was written."""


class ForbiddenError(StoreError):
    """The store's own rights forbid it; nothing was written."""


class LingeringError(StoreError):
    """An erasure stands in the journal, but old bytes still lie in the store's files."""


def place_in(file: Path | str, line: int | None = None) -> str:
    """Return `file:line`, the form that editors and terminals can follow."""
    return f"{file}:{line}" if line else str(file)
