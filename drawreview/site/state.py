"""What is known of a site on a day: the log of events, folded into facts that rules read.

The log is the only state there is. An event that has not happened by the day has not happened.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

from drawreview.project.extent import FLAG, Extent
from drawreview.site.events import (
    TOUCHED_ZH,
    FireOpinionIssued,
    MajorDesignChange,
    ProgressVerified,
    ReportIssued,
    Stage,
    StageStarted,
    is_partial,
)
from drawreview.site.log import Counted, Known

# What a major design change must touch to undo a document.
_FOUNDATION: Final = {"mandatory_standards", "foundation_and_structure"}
_FIRE: Final = {"mandatory_standards", "fire_safety"}
_ANY: Final = set(TOUCHED_ZH)
_UNDONE_BY: Final = {
    "foundation_report_issued": _FOUNDATION,
    "review_certificate_issued": _ANY,
    "site_progress_verified": _ANY,
    "spot_check_certificate_issued": _ANY,
    "rectification_accepted": _ANY,
    "spot_check_waived": _ANY,
    "fire_opinion_issued": _FIRE,
}
UNDONE: Final = tuple(_UNDONE_BY)
_ABOVE_BLINDING: Final = (Stage.BASE_SLAB, Stage.MAIN_STRUCTURE)


def facts_of_site(
    known: Known,
    works: tuple[Stage, ...] | None = None,
    *,
    exempt: bool = False,
    uploaded_on: date | None = None,
) -> dict[str, Extent]:
    """Return what the rules of the site may read, as it stands at the end of the day.

    Args:
        known: What counts of the log on that day.
        works: The stages whose works are looked at; those that have started, if left out.
        exempt: Whether a change leaves standing what an exempt project has (a spot-check
            certificate), or what a reviewed one has; a paper of the other class never counts.
        uploaded_on: The day on which the project file says that all drawings were uploaded.
    """
    if works is None:
        works = tuple(e.event.stage for e in known.counted if isinstance(e.event, StageStarted))
    reports = standing(known, "foundation_report_issued")
    noted = _latest(reports, lambda e: isinstance(e.event, ReportIssued) and e.event.violations)
    spot_checked = _spot_checked(known)
    uploaded = _uploaded(known, uploaded_on)
    in_order = _spot_check_certified if exempt else _reviewed
    facts = {
        "full_set_submitted": bool(known.named("full_set_submitted")),
        "staging_requested": bool(known.named("staging_requested")),
        "drawings_uploaded": uploaded,
        "foundation_report_issued": bool(reports),
        "clean_foundation_report": bool(reports) and not noted,
        "foundation_report_notes_violations": noted,
        "construction_permit_issued": bool(known.named("permit_issued")),
        "review_certificate_issued": bool(_certificates(known)),
        "no_violations_since_certificate": not violations_since_certificate(known),
        "site_progress_verified": _verified(known),
        "spot_check_waived": _waived(known),
        "rectification_accepted": spot_checked and not rectification_outstanding(known),
        "spot_check_certificate_issued": _spot_check_certified(known),
        "fire_opinion_qualified": _fire_opinion_qualified(known),
        "works_started": bool(works),
        "base_slab_or_above_started": any(stage in _ABOVE_BLINDING for stage in works),
        "certified_before_change": uploaded and _kept(known, in_order),
    }
    return {name: FLAG[holds] for name, holds in facts.items()}


def undone_by(change: MajorDesignChange, document: str) -> bool:
    """Whether a major design change undoes a document that was had before it (D2)."""
    return bool(change.matters & _UNDONE_BY[document])


def standing(known: Known, document: str) -> tuple[Counted, ...]:
    """Return the documents of a name that no later change has undone."""
    changes = [
        entry.on
        for entry in known.named("major_design_change")
        if isinstance(entry.event, MajorDesignChange) and undone_by(entry.event, document)
    ]
    # Of one day nobody knows which came first, so the document is taken to be the older.
    last = max(changes, default=date.min)
    return tuple(entry for entry in known.named(document) if entry.on > last)


def _latest(entries: tuple[Counted, ...], holds: Callable[[Counted], bool]) -> bool:
    """Whether something holds of one of the entries of the last day that has any."""
    last = max((entry.on for entry in entries), default=None)
    return any(holds(entry) for entry in entries if entry.on == last)


def _verified(known: Known) -> bool:
    """Whether progress was verified, and not before there was a certificate to verify (C6)."""
    certified = min(_certificates(known), default=date.max)
    looked_at = tuple(e for e in standing(known, "site_progress_verified") if e.on >= certified)
    return bool(looked_at) and not _latest(looked_at, _failed)


def _failed(entry: Counted) -> bool:
    return isinstance(entry.event, ProgressVerified) and entry.event.passed is False


def _certificates(known: Known) -> list[date]:
    """Return the days of the certificates that stand and cover all drawings (C7)."""
    return [
        entry.on
        for entry in standing(known, "review_certificate_issued")
        if not is_partial(entry.event)
    ]


def violations_since_certificate(known: Known) -> tuple[str, ...]:
    """Return the reports that note violations and are no older than the certificate (C16).

    A later report of the same drawings without any answers one, or another certificate.
    """
    certified = max(_certificates(known), default=date.max)
    return tuple(
        name
        for name in ("foundation_report_issued", "remaining_report_issued")
        if _latest(
            tuple(entry for entry in known.named(name) if entry.on >= certified),
            lambda e: isinstance(e.event, ReportIssued) and e.event.violations,
        )
    )


def uploads(known: Known, stated: date | None) -> tuple[date, ...]:
    """Return the days on which all drawings were uploaded, by the log and by the project file."""
    told = tuple(entry.on for entry in known.named("drawings_uploaded"))
    return (*told, stated) if stated and stated <= known.day else told


def _uploaded(known: Known, stated: date | None) -> bool:
    """Whether all drawings were uploaded, and those of the last design change as well."""
    changed = max((e.on for e in known.named("major_design_change")), default=date.min)
    return any(on > changed for on in uploads(known, stated))


def _waived(known: Known) -> bool:
    """Whether the spot check was waived, and nothing came up since (C2).

    The project was not selected, no change made it another, and no violations are outstanding.
    """
    selected = max((entry.on for entry in known.named("spot_check_selected")), default=date.min)
    waived = any(entry.on > selected for entry in standing(known, "spot_check_waived"))
    return waived and not rectification_outstanding(known)


def _spot_checked(known: Known) -> bool:
    """Whether a spot check has come to anything: an opinion, a rectification, a certificate."""
    names = (
        "spot_check_opinion_issued",
        "rectification_accepted",
        "spot_check_certificate_issued",
    )
    last = max((e.on for e in known.named("major_design_change")), default=date.min)
    return any(entry.on > last for entry in known.named(*names))


def rectification_outstanding(known: Known) -> bool:
    """Whether violations were noted that nobody has accepted as put right (三(二)¶1s4).

    What is accepted on the day of the last opinion may be the work of an earlier one.
    """
    noted = [
        entry.on
        for entry in known.named("spot_check_opinion_issued")
        if isinstance(entry.event, ReportIssued) and entry.event.violations
    ]
    last = max(noted, default=None)
    if last is None:
        return False
    only = len(noted) == 1
    accepted = any(
        entry.on > last or (entry.on == last and only)
        for entry in known.named("rectification_accepted")
    )
    certified = any(entry.on > last for entry in known.named("spot_check_certificate_issued"))
    return not (accepted or certified)


def _fire_opinion_qualified(known: Known) -> bool:
    opinions = standing(known, "fire_opinion_issued")
    return bool(opinions) and not _latest(
        opinions, lambda e: isinstance(e.event, FireOpinionIssued) and not e.event.qualified
    )


def _reviewed(known: Known) -> bool:
    in_order = bool(_certificates(known)) and _verified(known)
    return in_order and not violations_since_certificate(known)


def _spot_check_certified(known: Known) -> bool:
    certified = bool(standing(known, "spot_check_certificate_issued"))
    return certified and not rectification_outstanding(known)


def _kept(known: Known, in_order: Callable[[Known], bool]) -> bool:
    """Whether all was in order before the last change, and is but for the change (D2)."""
    unchanged = tuple(e for e in known.counted if e.event.event != "major_design_change")
    still = in_order(replace(known, counted=unchanged))
    return still and _before_changes(known, in_order)


def _before_changes(known: Known, in_order: Callable[[Known], bool]) -> bool:
    """Whether all was in order just before a change, the last or one that it follows."""
    changed = _last_change(known)
    before = tuple(
        entry
        for entry in known.counted
        if entry.on < changed
        or (entry.on == changed and entry.event.event != "major_design_change")
    )
    if len(before) == len(known.counted):
        return False
    then = replace(known, counted=before)
    return in_order(then) or _before_changes(then, in_order)


def _last_change(known: Known) -> date:
    changes = known.named("major_design_change")
    return max((entry.on for entry in changes), default=date.max)
