"""Reckon what is due when: 二(二), and 13号令 第十二条 where staging was not asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from drawreview.engine.decide import decide, standing_of
from drawreview.engine.decision import Decision
from drawreview.errors import Problem, RuleError
from drawreview.project.model import Project
from drawreview.rulebook.convention import CONVENTION, Convention
from drawreview.rulebook.load import load_rulebook
from drawreview.rulebook.model import Rulebook
from drawreview.rulebook.rule import Conclusion, Rule
from drawreview.site.changed import project_on, with_commission
from drawreview.site.events import is_partial
from drawreview.site.findings import findings_on
from drawreview.site.log import Counted, Known, Log
from drawreview.site.notes import notes_on
from drawreview.site.schedule import Due, Reading, Schedule
from drawreview.site.stops import pauses_of, re_reviews
from drawreview.timeline.clocks import Pause, Term
from drawreview.timeline.workdays import Calendar, published_calendar

FOUNDATION, REMAINING = "foundation_report", "remaining_report"


def deadlines(  # noqa: PLR0913 - two say what, the others how, each by its name
    project: Project,
    log: Log,
    *,
    on: date,
    rulebook: Rulebook | None = None,
    calendar: Calendar | None = None,
    assume_in_force: bool = False,
) -> Schedule:
    """Return what is due when, as it stands at the end of a day.

    Args:
        project: What the applicant states.
        log: What has happened; events after the day do not count.
        on: The day; nothing here reads the clock.
        rulebook: The law; the shipped one if none is given.
        calendar: The working days; those of the installed package if none is given.
        assume_in_force: Reckon as if the trial were in force, as a labelled what-if.

    Raises:
        RuleError: The rules do not say how working days are counted.
    """
    law = rulebook or load_rulebook()
    if law.convention is None:
        problem = Problem("rules", f"缺少 {CONVENTION}，不知道工作日怎样计。", "补上。")
        raise RuleError((problem,))
    known = log.known_on(on)
    submitted, staging = known.last("full_set_submitted"), known.first("staging_requested")
    begun = _later(submitted, staging) if submitted and staging else submitted
    day = begun.on if begun else on
    clock = _Clock(law, law.convention, calendar or published_calendar(), known, on)
    # What is due follows from the text and the class of the day on which the term began.
    stated = project_on(with_commission(project, known), log.known_on(day, as_of=on))
    decision = decide(stated, on=day, rulebook=law, assume_in_force=assume_in_force)
    dues: tuple[Due, ...] = ()
    information: tuple[Due, ...] = ()
    if submitted and decision.review_path != "exempt":
        if staging and _governed(decision):
            dues = tuple(clock.staged(submitted, staging))
        else:
            information = tuple(clock.national(submitted))
    return Schedule(
        decision=decision,
        on=on,
        log=log,
        known=known,
        calendar=clock.calendar,
        convention=clock.convention,
        deadlines=dues,
        information=information,
        notes=tuple(notes_on(decision, standing_of(law, on), known, (*dues, *information))),
        findings=findings_on(log, known, project, decision.review_path),
    )


def _governed(decision: Decision) -> bool:
    """Whether 二(二) applies to the review: not to one that 尾s4 has finished the old way."""
    return decision.review_path in {"deferred_review", "joint_review", "undetermined"}


@dataclass(frozen=True)
class _Clock:
    """What every deadline of a schedule is reckoned from."""

    law: Rulebook
    convention: Convention
    calendar: Calendar
    known: Known
    on: date

    def staged(self, submitted: Counted, staging: Counted) -> Iterator[Due]:
        """Yield the deadlines of 二(二)s1, both at once and one after the other (B4)."""
        start = _later(submitted, staging)
        pauses = tuple(pauses_of(self.known, self.on))
        begins: tuple[date, str] = (start.on, start.event.event)
        readings: tuple[Reading, ...] = ("parallel", "serial")
        for reading in readings:
            first = self._due(FOUNDATION, reading, begins, submitted, pauses)
            yield first
            if reading == "serial" and first.due:
                # A late report does not lengthen the second term, nor one before both shorten it.
                if first.done_on and first.done_on <= first.due:
                    if first.done_on > start.on:
                        begins = (first.done_on, "foundation_report_issued")
                else:
                    begins = (first.due, "foundation_report_due")
            yield self._due(REMAINING, reading, begins, submitted, pauses)

    def national(self, submitted: Counted) -> Iterator[Due]:
        """Yield the limits of 13号令 第十二条; which of them apply, no project file says."""
        pauses = (*pauses_of(self.known, self.on), *re_reviews(self.known, submitted.on, self.on))
        for rule, conclusion in _deadlines_in(self.law):
            if rule.document != self.law.city.id and conclusion.deadline:
                begins = (submitted.on, submitted.event.event)
                yield self._due(conclusion.deadline.what, None, begins, submitted, pauses)

    def _due(
        self,
        what: str,
        reading: Reading | None,
        begins: tuple[date, str],
        submitted: Counted,
        pauses: tuple[Pause, ...],
    ) -> Due:
        rule, conclusion = _deadline_called(self.law, what)
        done = self._done(what, submitted.on)
        if done:
            pauses = tuple(pause for pause in pauses if pause.since < done)
        deadline = conclusion.deadline
        workdays = deadline.within_workdays if deadline else 0
        counts = self.convention.start_day_counts
        return Due(
            what=what,
            reading=reading,
            document=self.law.document_of(rule).number,
            clause=rule.clause,
            words=conclusion.words,
            term=Term(begins[0], workdays, counts, pauses),
            start_event=begins[1],
            on=self.on,
            calendar=self.calendar,
            done_on=done,
            stopped_since=next((p.since for p in pauses if p.still_open), None),
        )

    def _done(self, what: str, submitted: date) -> date | None:
        """Return the day on which what is due was done, for this submission.

        A certificate for all drawings ends the whole review, whatever reports the log leaves out.
        """
        named = {
            FOUNDATION: ("foundation_report_issued", "review_certificate_issued"),
            REMAINING: ("remaining_report_issued", "review_certificate_issued"),
            "large_project_review": ("review_certificate_issued",),
            "other_project_review": ("review_certificate_issued",),
        }
        done = self.known.named(*named.get(what, ()))
        return next((e.on for e in done if e.on >= submitted and not is_partial(e.event)), None)


def _later(submitted: Counted, staging: Counted) -> Counted:
    """Return the later of both, with which the term begins; the set, if they are of one day."""
    return max(submitted, staging, key=lambda entry: entry.on)


def _deadlines_in(law: Rulebook) -> Iterator[tuple[Rule, Conclusion]]:
    for rule in law.site.rules:
        for conclusion in rule.then:
            if conclusion.deadline:
                yield rule, conclusion


def _deadline_called(law: Rulebook, what: str) -> tuple[Rule, Conclusion]:
    """Return the rule that sets a deadline; raises RuleError where none does."""
    for rule, conclusion in _deadlines_in(law):
        if conclusion.deadline and conclusion.deadline.what == what:
            return rule, conclusion
    problem = Problem("rules", f"没有规则写明期限 {what}。", "在结论里写 deadline。")
    raise RuleError((problem,))
