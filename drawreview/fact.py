"""A fact is something about a project that a rule may read: its name, its kind and its scale."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, Rounded
from enum import StrEnum
from typing import Final

# Whole numbers up to here are exact in every reader: durable-rules, JSON and IEEE doubles alike.
UNBOUNDED: Final = 2**53


class Kind(StrEnum):
    """What the values of a fact look like."""

    AREA = "area"  # ㎡, held in whole square centimetres
    LENGTH = "length"  # m, held in whole millimetres
    COUNT = "count"
    DATE = "date"  # held as the proleptic Gregorian ordinal
    FLAG = "flag"  # false 0, true 1
    CHOICE = "choice"  # a set of named values, held as bits


# How many of the smallest steps make one unit. Finer input is refused, never rounded:
# 1999.996 ㎡ must not become 2000.00 ㎡.
SCALE: Final = {Kind.AREA: 10_000, Kind.LENGTH: 1_000, Kind.COUNT: 1, Kind.DATE: 1, Kind.FLAG: 1}
# Without the traps, digits beyond the precision would be rounded off in silence. Noughts too: a
# number of a million digits is no quantity, and nobody should keep it.
_EXACT: Final = Context(prec=60, traps=[Inexact, Rounded])
UNIT_ZH: Final = {Kind.AREA: "㎡", Kind.LENGTH: "m", Kind.COUNT: "层"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One name that rules may read.

    Attributes:
        name: English identifier, with its unit where it has one.
        kind: What its values look like.
        zh: Chinese label.
        en: English label.
        values: The named values of a choice, in the order of their bits.
        labels: The words by which a clause may name each value (value -> Chinese words).
        derived: Whether rules conclude it, rather than an applicant.
    """

    name: str
    kind: Kind
    zh: str
    en: str
    values: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    derived: bool = False

    def bits(self, *names: str) -> int:
        """Return the bit set of the named values of this choice."""
        return sum(1 << self.values.index(name) for name in names)

    @property
    def every_bit(self) -> int:
        """The bit set of all values of this choice."""
        return (1 << len(self.values)) - 1

    @property
    def extent(self) -> tuple[int, int]:
        """What is known of the fact when nothing has been stated."""
        if self.kind is Kind.CHOICE:
            return (0, self.every_bit)
        return (0, 1) if self.kind is Kind.FLAG else (0, UNBOUNDED)


def scaled(kind: Kind, value: Decimal | int) -> int:
    """Return the value in whole smallest steps of its kind.

    Raises:
        ValueError: The value is finer than the smallest step.
    """
    try:
        exact = _EXACT.multiply(value, SCALE[kind])
        if exact == (steps := int(exact)):
            return steps
    except (Inexact, Rounded):
        pass
    message = f"{value} is finer than 1/{SCALE[kind]}"
    raise ValueError(message)
