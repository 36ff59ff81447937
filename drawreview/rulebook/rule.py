"""One rule, and all that its conclusions can say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from drawreview.condition.ast import All, Condition

EVERYTHING: Final = All(())
MayStart = Literal["then", "only_then", "not_then", "ask_until_then"]


@dataclass(frozen=True, slots=True)
class Duty:
    """Who must do what, by when, and in which words."""

    words: str
    who: tuple[str, ...]
    what: str
    before: str | None = None
    upon: str | None = None
    within_workdays: int | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """What must be done within how many working days of what."""

    what: str
    within_workdays: int
    starts_with: str


@dataclass(frozen=True, slots=True)
class StageGate:
    """What a rule says of construction stages, where its condition holds.

    `then` 允许: it lets them start where another rule would not. `only_then` 方可: until it holds
    they may not start. `not_then` 不得: while it holds they may not. `ask_until_then`: until it
    holds the text gives no answer.
    """

    names: tuple[str, ...] = ()
    may_start: MayStart = "then"

    @property
    def bars(self) -> bool:
        """Whether it can keep a stage shut."""
        return bool(self.names) and self.may_start != "then"

    @property
    def not_then(self) -> bool:
        """Whether the stage is shut while the condition holds, rather than until it does."""
        return self.may_start == "not_then"


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows from a breach, and who must see to it."""

    who: tuple[str, ...]
    what: str


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The law's words for what follows, and the facts that it settles."""

    words: str
    settles: tuple[tuple[str, str | bool], ...] = ()
    letter: str | None = None
    duty: Duty | None = None
    deadline: Deadline | None = None
    stage: StageGate | None = None
    consequence: Consequence | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its clause, its condition in the clause's own words, and what follows.

    Attributes:
        scope: Of which projects it speaks (`for`), where that is not part of the condition.
        under: The readings of open questions under which it stands; always, if none is named.
    """

    id: str
    document: str
    clause: str
    when: Condition
    then: tuple[Conclusion, ...]
    overrides: tuple[str, ...] = ()
    defined_by: Mapping[str, str] | None = None
    place: str = ""
    scope: Condition = EVERYTHING
    under: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def holds(self) -> Condition:
        """The condition, for the projects of which the rule speaks."""
        return self.when if self.scope == EVERYTHING else All((self.scope, self.when))

    @property
    def stage_gate(self) -> StageGate:
        """What the rule says of stages; nothing, if it says nothing."""
        return next((c.stage for c in self.then if c.stage), StageGate())

    @property
    def letter(self) -> str | None:
        """The annex that goes with the conclusion, if any."""
        return next((c.letter for c in self.then if c.letter), None)

    def settled(self, fact: str) -> str | bool | None:
        """The value that this rule concludes for a fact."""
        return next((v for c in self.then for f, v in c.settles if f == fact), None)
