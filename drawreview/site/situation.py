"""A project on a day of its log: its path, and all facts that rules of the site read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from drawreview.engine.agreement import agree
from drawreview.engine.decide import decide
from drawreview.engine.decision import Decision
from drawreview.engine.document import ReviewPath
from drawreview.project.extent import Extent
from drawreview.project.model import Project
from drawreview.rulebook.model import Rulebook
from drawreview.rulebook.ruleset import Bar
from drawreview.site.changed import open_changes, project_on, project_told
from drawreview.site.events import MajorDesignChange, Stage
from drawreview.site.log import Known
from drawreview.site.state import facts_of_site

DECIDED: Final = ("exempt", "joint_review", "deferred_review")


@dataclass(frozen=True)
class Situation:
    """A project on a day of its log.

    Attributes:
        before: The same under the class that the project had before a change left that open.
    """

    decision: Decision
    known: Known
    works: tuple[Stage, ...] | None = None
    before: Situation | None = None

    @property
    def law(self) -> Rulebook:
        """The law by which it is judged."""
        return self.decision.rulebook

    @property
    def path(self) -> ReviewPath:
        """The review path."""
        return self.decision.review_path

    @property
    def decided(self) -> bool:
        """Whether the path is one of the three of which the rules of the site speak."""
        return self.path in DECIDED

    @property
    def binding(self) -> Situation | None:
        """What bars a stage for sure: this, or while a change leaves the class open, the former."""
        return self if self.decided else self.before

    @cached_property
    def base(self) -> dict[str, Extent]:
        """The facts that rules of the site read, before these conclude anything."""
        of_site = facts_of_site(
            self.known,
            self.works,
            exempt=self.path == "exempt",
            uploaded_on=self.decision.project.permit.drawings_uploaded_on,
        )
        return {**self.decision.extents, **of_site}

    @cached_property
    def open_changes(self) -> tuple[MajorDesignChange, ...]:
        """The changes of which nobody knows yet what they made of the project."""
        return open_changes(self.known)

    @cached_property
    def _found(self) -> tuple[tuple[int, ...], dict[str, Extent]]:
        rules = self.law.site
        truths, ends = rules.truths(self.base)
        extents = {**self.base, **rules.concluded(ends)}
        agree(rules, extents, truths)
        return truths, extents

    @property
    def extents(self) -> dict[str, Extent]:
        """All facts, with what the rules of the site conclude."""
        return self._found[1]

    @cached_property
    def truth_of(self) -> dict[str, int]:
        """Site rule id -> its truth."""
        return dict(zip((rule.id for rule in self.law.site.order), self._found[0], strict=False))

    @cached_property
    def bars(self) -> tuple[tuple[Bar, int], ...]:
        """What surely or possibly keeps a stage shut."""
        return bars_in(self.law, self._found[0])


def bars_in(law: Rulebook, truths: tuple[int, ...]) -> tuple[tuple[Bar, int], ...]:
    """Return the bars that are not false."""
    of_bars = truths[len(law.site.order) :]
    return tuple((bar, t) for bar, t in zip(law.site.bars, of_bars, strict=True) if t)


def situation_of(
    project: Project,
    known: Known,
    law: Rulebook,
    *,
    assume_in_force: bool = False,
    works: tuple[Stage, ...] | None = None,
) -> Situation:
    """Return the situation at the end of the day of which something is known.

    Args:
        project: What the applicant states.
        known: What counts of the log on that day.
        law: The law.
        assume_in_force: As if the trial were in force.
        works: The stages whose works are looked at; those that have started, if left out.
    """
    stated, told = project_on(project, known), project_told(project, known)

    def of(one: Project) -> Situation:
        decision = decide(one, on=known.day, rulebook=law, assume_in_force=assume_in_force)
        return Situation(decision, known, works)

    now = of(stated)
    if now.decided or stated == told:
        return now
    before = of(told)
    return replace(now, before=before) if before.decided else now
