"""What a clerk should check beside a decision, although the path does not depend on it."""

from __future__ import annotations

import sys

from drawreview.advice.closeness import may_evade
from drawreview.engine.decision import Decision
from drawreview.engine.document import Warned


def evasion_hints(decision: Decision, *, lang: str) -> tuple[Warned, ...]:
    """Return where a risk of evasion (规避风险) should be looked into."""
    if not may_evade(decision):
        return ()
    from drawreview.advice.evasion import evasion_warnings  # noqa: PLC0415 - rarely needed
    from drawreview.advice.whatif import what_if  # noqa: PLC0415

    return evasion_warnings(decision, what_if(decision), lang=lang)


def hint_beside(decision: Decision, *, lang: str) -> None:
    """Say the hints beside a document on standard output, which is a published one."""
    mark = "提示：" if lang == "zh" else "note: "
    for hint in evasion_hints(decision, lang=lang):
        sys.stderr.write(f"{mark}[{hint.question} {hint.clause}] {hint.text}\n")
