"""Which papers the law asks for before each stage, read off a list of events a second time.

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

    def pit(self, *, special: bool) -> bool:
        """三(一)¶1s1: permit; 消防法 第十二条: a special project waits for the fire opinion."""
        return bool(self._all("permit_issued")) and (not special or self._fire_design_passes())

    def reviewed_blinding(self, *, special: bool) -> bool:
        """三(一)¶1: a foundation report without violations, or the whole certificate."""
        since = self._changed({"mandatory_standards", "foundation_and_structure"})
        reports = [e for e in self._all("foundation_report_issued") if e["on"] > since]
        clean = bool(reports) and not any(e["violations"] for e in last_of(reports))
        return self.pit(special=special) and (clean or bool(self._certificates_that_stand()))

    def blinding_asks(self, *, special: bool) -> bool:
        """C16: there is a certificate, called in question since; of blinding 三(一) says no more."""
        return self.pit(special=special) and bool(self._whole_certificates())

    def reviewed(self, *, special: bool) -> bool:
        """三(一)¶2: permit, whole certificate, then progress verified; 消防法 第十二条."""
        whole = self._certificates_that_stand()
        looked_at = [
            e
            for e in self._all("site_progress_verified")
            if whole and e["on"] > self._changed() and e["on"] >= min(whole)
        ]
        return (
            self.pit(special=special)
            and bool(looked_at)
            and all(e.get("passed") is not False for e in last_of(looked_at))
        )

    def exempt_blinding(self) -> bool:
        """附件1¶2, C13: permit, and the spot-check certificate or a waiver of the check."""
        selected = max((e["on"] for e in self._all("spot_check_selected")), default="")
        certified = [e["on"] for e in self._all("spot_check_certificate_issued")]
        waived = [e["on"] for e in self._all("spot_check_waived") if e["on"] > selected]
        noted = [e["on"] for e in self._all("spot_check_opinion_issued") if e["violations"]]
        answered = (
            not noted
            or any(
                e["on"] > max(noted) or [e["on"]] == noted
                for e in self._all("rectification_accepted")
            )
            or any(day > max(noted) for day in certified)
        )
        checked = answered and any(day > self._changed() for day in (*certified, *waived))
        return checked and self.pit(special=False)

    def spot_checked(self) -> bool:
        """附件1¶2: all that, and the drawings uploaded."""
        uploaded = any(e["on"] > self._changed() for e in self._all("drawings_uploaded"))
        return uploaded and self.exempt_blinding()

    def _certificates_that_stand(self) -> list[str]:
        """C16: not called in question since."""
        whole = self._whole_certificates()
        noted = whole and any(
            self._noted_since(part, max(whole)) for part in ("foundation", "remaining")
        )
        return [] if noted else whole

    def _whole_certificates(self) -> list[str]:
        """C7, D2: whole, after the last change."""
        whole = [e["on"] for e in self._all("review_certificate_issued") if not e.get("partial")]
        return [day for day in whole if day > self._changed()]

    def _noted_since(self, part: str, day: str) -> bool:
        """二(二)s2, C16: the last report since the certificate notes violations."""
        reports = [e for e in self._all(f"{part}_report_issued") if e["on"] >= day]
        return any(e["violations"] for e in last_of(reports))

    def _fire_design_passes(self) -> bool:
        """51号令 第二十五条: a change of the fire design is reviewed again."""
        since = self._changed({"mandatory_standards", "fire_safety"})
        opinions = [e for e in self._all("fire_opinion_issued") if e["on"] > since]
        return bool(opinions) and all(e["qualified"] for e in last_of(opinions))

    def _changed(self, matters: set[str] = _LISTED) -> str:
        """Return the day of the last change of these matters; other words may mean any of them."""
        touched = ((e["on"], {*e["touches"]}) for e in self._changes)
        days = (on for on, words in touched if words & matters or words - _LISTED)
        return max(days, default="")

    def _all(self, name: str) -> list[Said]:
        return [event for event in self._events if event["event"] == name]


def last_of(events: list[Said]) -> list[Said]:
    """Return the events of the last day; one day has no order."""
    last = max((event["on"] for event in events), default="")
    return [event for event in events if event["on"] == last]
