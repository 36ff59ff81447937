"""Events that cannot all be true, or that lack what must have gone before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from drawreview.site.events import (
    EVENT_EN,
    EVENT_ZH,
    Event,
    ProgressVerified,
    ReportIssued,
    Stage,
    StageStarted,
    is_partial,
)
from drawreview.site.log import Counted, Finding, Known, named
from drawreview.site.stops import stops_of

# An event, and those of which at least one must stand on the same day or before, with the clause.
_AFTER: Final = {
    "staging_requested": (("full_set_submitted",), "二(二)s1"),
    "foundation_report_issued": (("full_set_submitted",), "二(二)s1"),
    "remaining_report_issued": (("full_set_submitted",), "二(二)s1"),
    "review_certificate_issued": (("review_commissioned", "full_set_submitted"), "三(一)¶2"),
    "site_progress_verified": (("review_certificate_issued",), "三(一)¶2"),
    "spot_check_opinion_issued": (("spot_check_selected",), "三(二)¶1s4"),
    "rectification_accepted": (("spot_check_opinion_issued",), "三(二)¶1s4"),
    "spot_check_certificate_issued": (
        ("spot_check_selected", "spot_check_opinion_issued"),
        "附件1¶2",
    ),
}
# A certificate, the papers that may note violations before it, and what would have answered them.
_SPOTLESS: Final = (
    ("review_certificate_issued", "foundation_report_issued", (), "三(一)¶2"),
    ("review_certificate_issued", "remaining_report_issued", (), "三(一)¶2"),
    (
        "spot_check_certificate_issued",
        "spot_check_opinion_issued",
        ("rectification_accepted",),
        "三(二)¶1s4",
    ),
)
# A paper that may note violations, and the certificate that came before it (C16).
_NOTED_AFTER: Final = (
    ("foundation_report_issued", "review_certificate_issued", "三(一)¶2"),
    ("remaining_report_issued", "review_certificate_issued", "三(一)¶2"),
    ("spot_check_opinion_issued", "spot_check_certificate_issued", "三(二)¶1s4"),
)
_EACH_OTHER: Final = (("spot_check_selected", "spot_check_waived", "三(二)¶1s2"),)


def contradictions(known: Known) -> Iterator[Finding]:
    """Yield what the events that count say against each other; events of one day have no order."""
    for entry in known.counted:
        yield from _without_what_goes_before(known, entry)
        yield from _of_no_effect(known, entry)
    yield from _certified_with_violations(known)
    yield from _violations_after_certificate(known)
    yield from _started_before_what_it_stands_on(known)
    yield from _told_twice(known)
    for one, other, clause in _EACH_OTHER:
        first, last = known.first(one), known.first(other)
        if first and last:
            entry = max(first, last, key=lambda e: e.number)
            text = f"既有「{EVENT_ZH[one]}」（{first.on}），又有「{EVENT_ZH[other]}」（{last.on}）"
            english = f"both “{EVENT_EN[one]}” ({first.on}) and “{EVENT_EN[other]}” ({last.on})"
            yield Finding(entry.number, entry.place, clause, text, english)
    yield from _unpaired_corrections(known)


def _without_what_goes_before(known: Known, entry: Counted) -> Iterator[Finding]:
    name = entry.event.event
    if name not in _AFTER:
        return
    wanted, clause = _AFTER[name]
    if not any(other.on <= entry.on for other in known.named(*wanted)):
        listed = "」或「".join(EVENT_ZH[one] for one in wanted)
        text = f"{entry.on}「{named(entry.event)}」之前没有「{listed}」"
        wanting = "” or “".join(EVENT_EN[one] for one in wanted)
        english = f"{entry.on} “{named(entry.event, 'en')}” without “{wanting}” before it"
        yield Finding(entry.number, entry.place, clause, text, english)


def _of_no_effect(known: Known, entry: Counted) -> Iterator[Finding]:
    """Yield what an entry says of itself, or its day says of it, that keeps it from counting."""
    for clause, why, english in _reasons_of_no_effect(known, entry.event):
        text = f"{entry.on}「{named(entry.event)}」{why}"
        told = f"{entry.on} “{named(entry.event, 'en')}” {english}"
        yield Finding(entry.number, entry.place, clause, text, told)


def _reasons_of_no_effect(known: Known, event: Event) -> Iterator[tuple[str, str, str]]:
    if is_partial(event):
        yield (
            "三(三)s1",
            "只覆盖部分施工图，不作全部工程施工图审查合格书",
            "covers some of the drawings only, and does not count as the certificate of all",
        )
    if not isinstance(event, ProgressVerified):
        return
    if event.passed is False:
        yield "三(一)¶2", "未通过，不作数", "was not passed, and does not count"
    certificates = known.named("review_certificate_issued")
    whole = [one.on for one in certificates if not is_partial(one.event)]
    # Without any certificate the log lacks what must go before; that is told of it already.
    if any(one.on <= event.on for one in certificates) and min(whole, default=date.max) > event.on:
        yield (
            "三(一)¶2",
            "之前没有覆盖全部施工图的审查合格书，不作数",
            "has no certificate of all drawings before it, and does not count",
        )


def _certified_with_violations(known: Known) -> Iterator[Finding]:
    for certificate, paper, answers, clause in _SPOTLESS:
        for entry in known.named(certificate):
            papers = [e for e in known.named(paper) if e.on <= entry.on]
            last = max((e.on for e in papers), default=entry.on)
            of_last_day = [e.event for e in papers if e.on == last]
            noted = of_last_day and all(
                isinstance(event, ReportIssued) and event.violations for event in of_last_day
            )
            answered = any(last <= e.on <= entry.on for e in known.named(*answers))
            if noted and not answered:
                text = (
                    f"{entry.on}「{named(entry.event)}」之前最后一次「{EVENT_ZH[paper]}」"
                    f"（{last}）注明违反强制性标准，其后没有合格的"
                )
                english = (
                    f"{entry.on} “{named(entry.event, 'en')}”: the last “{EVENT_EN[paper]}” before "
                    f"it ({last}) notes violations of mandatory standards, and none without follows"
                )
                yield Finding(entry.number, entry.place, clause, text, english)


def _violations_after_certificate(known: Known) -> Iterator[Finding]:
    for paper, certificate, clause in _NOTED_AFTER:
        had = [e.on for e in known.named(certificate) if not is_partial(e.event)]
        for entry in known.named(paper):
            before = max((on for on in had if on < entry.on), default=None)
            if before and isinstance(entry.event, ReportIssued) and entry.event.violations:
                text = (
                    f"{entry.on}「{named(entry.event)}」注明违反强制性标准，"
                    f"而此前已「{EVENT_ZH[certificate]}」（{before}）；改正前不得继续"
                )
                english = (
                    f"{entry.on} “{named(entry.event, 'en')}” notes violations of mandatory "
                    f"standards after “{EVENT_EN[certificate]}” ({before}); "
                    "not to go on before they are put right"
                )
                yield Finding(entry.number, entry.place, clause, text, english)


def _started_before_what_it_stands_on(known: Known) -> Iterator[Finding]:
    """Yield the first start of a stage that comes after the first start of a later one."""
    first: dict[Stage, Counted] = {}
    for entry in known.named("stage_started"):
        if isinstance(entry.event, StageStarted):
            first.setdefault(entry.event.stage, entry)
    for stage, entry in first.items():
        above = [at for at in list(Stage)[list(Stage).index(stage) + 1 :] if at in first]
        before = next((first[at] for at in above if first[at].on < entry.on), None)
        if before:
            text = f"{entry.on}「{named(entry.event)}」晚于 {before.on}「{named(before.event)}」"
            english = (
                f"“{named(entry.event, 'en')}” on {entry.on} is later than "
                f"“{named(before.event, 'en')}” on {before.on}"
            )
            yield Finding(entry.number, entry.place, None, text, english)


def _told_twice(known: Known) -> Iterator[Finding]:
    seen: dict[str, Counted] = {}
    for entry in known.counted:
        said = entry.event.model_dump_json()
        if said in seen:
            text = f"{entry.on}「{named(entry.event)}」与第 {seen[said].number} 条相同"
            english = f"{entry.on} “{named(entry.event, 'en')}” repeats entry {seen[said].number}"
            yield Finding(entry.number, entry.place, None, text, english)
        seen.setdefault(said, entry)


def _unpaired_corrections(known: Known) -> Iterator[Finding]:
    stops = stops_of(known)
    for entry in stops.begun_again:
        text = f"{entry.on}「{named(entry.event)}」时，先前的修改尚未完毕；停表自先前那次起算"
        english = (
            f"{entry.on} “{named(entry.event, 'en')}” while an earlier correction goes on; "
            "the clock has stood since that one"
        )
        yield Finding(entry.number, entry.place, None, text, english)
    for entry in stops.never_begun:
        text = f"{entry.on}「{named(entry.event)}」之前没有「开始修改施工图」；不停表"
        english = (
            f"{entry.on} “{named(entry.event, 'en')}” without a beginning before it; "
            "the clock does not stop"
        )
        yield Finding(entry.number, entry.place, None, text, english)
