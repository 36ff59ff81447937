"""Two decisions side by side: what each says, and the phrases whose truth has turned."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from drawreview.engine.decision import Decision
from drawreview.engine.document import Reason
from drawreview.engine.wording import value_in_words
from drawreview.project.facts import FACTS


@dataclass(frozen=True, slots=True)
class Flipped:
    """A phrase that holds of one project and not of the other, or is open of one of them."""

    clause: str
    phrase: str
    before: str
    after: str
    value_before: str | None
    value_after: str | None


def flipped(before: Decision, after: Decision, *, lang: str = "zh") -> tuple[Flipped, ...]:
    """Return the phrases whose truth differs, in the order of the rules; values in a language."""
    pairs = zip(before.reasons, after.reasons, strict=True)
    return tuple(
        Flipped(
            one.clause, one.phrase, one.truth, other.truth, _value(one, lang), _value(other, lang)
        )
        for one, other in pairs
        if one.truth != other.truth
    )


def _value(reason: Reason, lang: str) -> str | None:
    if not reason.facts:
        return None
    fact = FACTS[reason.facts[0].fact]
    concluded = f"{fact.zh}：未定" if lang == "zh" else f"{fact.en}: open"
    # What is concluded was never stated.
    return value_in_words(reason.facts[0], lang) or (concluded if fact.derived else None)


def told_side(decision: Decision) -> dict[str, object]:
    """Return what a decision comes to, for one side."""
    return {
        "review_path": decision.review_path,
        "letter": decision.letter,
        "certainty": decision.certainty,
        "depends_on": list(decision.depends_on),
        "missing": [asdict(item)["field"] for item in decision.missing],
        "permit_route": decision.permit.route,
        "decision_id": decision.decision_id,
    }
