"""Which papers the law asks for before a base slab, read off a list of events a second time.

It is written down without the program's own reading of a log, so that both can be compared.
"""

from __future__ import annotations

from typing import Any

Said = dict[str, Any]
_LISTED = {
    *("mandatory_standards", "foundation_and_structure", "fire_safety"),
    *("civil_air_defence", "energy_efficiency"),
}


class Papers:
    """The papers of a project whose log holds these events, none of them withdrawn."""

    def __init__(self, events: list[Said]) -> None:
        self._events = events
        self._changes = self._all("major_design_change")

    @property
    def changed(self) -> bool:
        """Whether there was a major design change."""
        return bool(self._changes)

    def reviewed(self, *, special: bool) -> bool:
        """三(一)¶2: permit, whole certificate, then progress verified; 消防法 第十二条."""
        since = max((change["on"] for change in self._changes), default="")
        whole = [e["on"] for e in self._all("review_certificate_issued") if not e.get("partial")]
        whole = [day for day in whole if day > since]
        looked_at = [
            e
            for e in self._all("site_progress_verified")
            if whole and e["on"] > since and e["on"] >= min(whole)
        ]
        return (
            bool(self._all("permit_issued"))
            and bool(looked_at)
            and all(e.get("passed") is not False for e in last_of(looked_at))
            and not any(self._noted_since(name, max(whole)) for name in ("foundation", "remaining"))
            and (not special or self._fire_design_passes())
        )

    def spot_checked(self) -> bool:
        """附件1¶2: permit, drawings uploaded, and the certificate or a waiver of the check."""
        since = max((change["on"] for change in self._changes), default="")
        selected = max((e["on"] for e in self._all("spot_check_selected")), default="")
        certified = [e["on"] for e in self._all("spot_check_certificate_issued")]
        waived = [e["on"] for e in self._all("spot_check_waived") if e["on"] > selected]
        noted = [e["on"] for e in self._all("spot_check_opinion_issued") if e["violations"]]
        answered = (
            not noted
            or any(e["on"] >= max(noted) for e in self._all("rectification_accepted"))
            or any(day > max(noted) for day in certified)
        )
        return (
            bool(self._all("permit_issued"))
            and any(e["on"] > since for e in self._all("drawings_uploaded"))
            and any(day > since for day in (*certified, *waived))
            and answered
        )

    def _noted_since(self, part: str, day: str) -> bool:
        """二(二)s2, C16: the last report since the certificate notes violations."""
        reports = [e for e in self._all(f"{part}_report_issued") if e["on"] >= day]
        return any(e["violations"] for e in last_of(reports))

    def _fire_design_passes(self) -> bool:
        """51号令 第二十五条: a change of the fire design is reviewed again."""
        since = max(
            (
                change["on"]
                for change in self._changes
                if {*change["touches"]} & {"mandatory_standards", "fire_safety"}
                or {*change["touches"]} - _LISTED
            ),
            default="",
        )
        opinions = [e for e in self._all("fire_opinion_issued") if e["on"] > since]
        return bool(opinions) and all(e["qualified"] for e in last_of(opinions))

    def _all(self, name: str) -> list[Said]:
        return [event for event in self._events if event["event"] == name]


def last_of(events: list[Said]) -> list[Said]:
    """Return the events of the last day; one day has no order."""
    last = max((event["on"] for event in events), default="")
    return [event for event in events if event["on"] == last]
