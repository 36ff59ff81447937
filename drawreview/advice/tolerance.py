"""Whether a path survives the errors of measurement: every area and height somewhat larger or less.

The measured facts are widened by the tolerance, each by itself; what may lie on either side of a
limit is then unknown. Facts that hang together are widened apart, which errs on the side of doubt.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from drawreview.condition.ast import Compare, leaves, phrases
from drawreview.condition.to_prose import number
from drawreview.condition.to_truth import evaluate
from drawreview.engine.decision import Decision
from drawreview.engine.relevance import path_after
from drawreview.errors import InputError, Problem
from drawreview.fact import SCALE, UNBOUNDED, UNIT_ZH, Kind
from drawreview.truth import Truth

_KINDS: Final = {"area": Kind.AREA, "height": Kind.LENGTH}
_UNITS: Final = {
    Kind.AREA: {"m2": 1, "㎡": 1},
    Kind.LENGTH: {"m": 1, "cm": Fraction(1, 100), "mm": Fraction(1, 1000)},
}
_AMOUNT: Final = re.compile(r"(\d+(?:\.\d+)?)(%|[a-z]+2?|㎡)")
_EXAMPLE: Final = "例如 area=1%,height=50mm。"


@dataclass(frozen=True, slots=True)
class Margin:
    """How far a measurement may be off: a part of the value, or whole steps."""

    part: Fraction = Fraction(0)
    steps: int = 0

    def of(self, value: int) -> int:
        """Return the steps by which a value may be off, rounded up."""
        return math.ceil(value * self.part) + self.steps


@dataclass(frozen=True, slots=True)
class Crossed:
    """A limit on both sides of which a measured value may lie."""

    fact: str
    value: str
    at_least: str
    at_most: str
    limit: str
    unit: str
    clause: str
    phrase: str


@dataclass(frozen=True, slots=True)
class Survival:
    """Whether a path stands whatever the errors of measurement, and the limits that it hangs on.

    A path that is still open neither stands nor falls: `survives` is None.
    """

    path: str
    survives: bool | None
    crossed: tuple[Crossed, ...]


def read_tolerance(text: str) -> Mapping[Kind, Margin]:
    """Return what `area=1%,height=50mm` says; raises `InputError`."""
    found: dict[Kind, Margin] = {}
    for part in re.split("[,、]", unicodedata.normalize("NFKC", text)):
        name, sign, amount = (piece.strip() for piece in part.partition("="))
        said = _AMOUNT.fullmatch(amount)
        kind = _KINDS.get(name)
        if not sign or kind is None or said is None:
            raise _refuse(part, "不是「area=…」或「height=…」。", _EXAMPLE)
        if kind in found:
            raise _refuse(part, f"{name} 写了两次。", "只留一处。")
        found[kind] = _margin(kind, Fraction(said[1]), said[2], part)
    return found


def _margin(kind: Kind, amount: Fraction, unit: str, part: str) -> Margin:
    if unit == "%":
        if amount >= 100:  # noqa: PLR2004 - all of it
            raise _refuse(part, "误差不能达到 100%。", _EXAMPLE)
        return Margin(part=amount / 100)
    scale = _UNITS[kind].get(unit)
    if scale is None:
        raise _refuse(part, f"单位 {unit} 不能用。", f"可用：%、{'、'.join(_UNITS[kind])}。")
    steps = amount * scale * SCALE[kind]
    if steps.denominator != 1:
        raise _refuse(part, "比最小的一步还细。", "面积写到平方厘米，高度写到毫米。")
    return Margin(steps=int(steps))


def _refuse(part: str, problem: str, remedy: str) -> InputError:
    return InputError((Problem(f"--tolerance {part.strip()}", problem, remedy),))


def survival(decision: Decision, tolerance: Mapping[Kind, Margin]) -> Survival:
    """Return whether the decided path stands whatever the errors of measurement.

    A path that measured facts do not settle stands as it is.
    """
    base = decision.measured.extents
    facts = decision.rulebook.facts
    wide = {name: _widened(e, tolerance.get(facts[name].kind)) for name, e in base.items()}
    path = decision.review_path
    if path == "undetermined":
        return Survival(path, survives=None, crossed=())
    if decision.path is None or decision.path != path:
        return Survival(path, survives=True, crossed=())
    if path_after(wide, decision.rulebook) == path:
        return Survival(path, survives=True, crossed=())
    alone = [
        name
        for name, extent in wide.items()
        if extent != base[name] and path_after({**base, name: extent}, decision.rulebook) != path
    ]
    widened = [name for name, extent in wide.items() if extent != base[name]]
    crossed = _crossed(decision, wide, set(alone or widened))
    return Survival(path, survives=False, crossed=tuple(crossed))


def _widened(extent: tuple[int, int], margin: Margin | None) -> tuple[int, int]:
    low, high = extent
    if margin is None or high == 0:  # what is not there cannot be measured wrongly
        return extent
    return (
        max(0, low - margin.of(low)),
        high if high >= UNBOUNDED else min(UNBOUNDED, high + margin.of(high)),
    )


def _crossed(
    decision: Decision, wide: dict[str, tuple[int, int]], facts: set[str]
) -> list[Crossed]:
    """Return the phrases that a widened fact leaves open."""
    base, found = decision.extents, list[Crossed]()
    for rule in decision.rulebook.rules:
        for phrase in phrases(rule.when):
            for leaf in leaves(phrase):
                if not isinstance(leaf, Compare) or leaf.fact not in facts:
                    continue
                opened = evaluate(leaf, {**base, leaf.fact: wide[leaf.fact]})
                if opened is not Truth.UNKNOWN or evaluate(leaf, base) is Truth.UNKNOWN:
                    continue
                kind = decision.rulebook.facts[leaf.fact].kind
                low, high = wide[leaf.fact]
                found.append(
                    Crossed(
                        fact=leaf.fact,
                        value=number(kind, base[leaf.fact][0]),
                        at_least=number(kind, low),
                        at_most=number(kind, high),
                        limit=number(kind, leaf.limit),
                        unit=UNIT_ZH[kind],
                        clause=rule.clause,
                        phrase=phrase.words,
                    )
                )
    return found
