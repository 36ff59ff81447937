"""The condition of a rule: a small immutable tree that every reader shares."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


class Operator(Enum):
    """How a number stands to its limit; the words are those of the rule files."""

    BELOW = "below"  # 小于
    AT_MOST = "at_most"  # 不超过、不大于、以下
    ABOVE = "above"  # 大于、超过
    AT_LEAST = "at_least"  # 不小于、以上

    @property
    def contrary(self) -> Operator:
        """The operator that holds exactly where this one does not."""
        return _CONTRARY[self]

    @property
    def bounds_from_above(self) -> bool:
        """Whether the number must stay under its limit."""
        return self in (Operator.BELOW, Operator.AT_MOST)


_CONTRARY = {
    Operator.BELOW: Operator.AT_LEAST,
    Operator.AT_LEAST: Operator.BELOW,
    Operator.ABOVE: Operator.AT_MOST,
    Operator.AT_MOST: Operator.ABOVE,
}


@dataclass(frozen=True, slots=True)
class Compare:
    """A number against a limit, both in whole smallest steps; a flag is a number, 0 or 1."""

    fact: str
    operator: Operator
    limit: int


@dataclass(frozen=True, slots=True)
class OneOf:
    """Everything that the choice surely or possibly is lies within these bits."""

    fact: str
    bits: int


@dataclass(frozen=True, slots=True)
class Includes:
    """The choice has at least one of these bits."""

    fact: str
    bits: int


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; no parts hold trivially."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part holds; no parts never hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Phrase:
    """The law's own words and their formal reading."""

    words: str
    reading: Condition


Leaf: TypeAlias = Compare | OneOf | Includes
Condition: TypeAlias = Leaf | All | Either | Not | Phrase


def leaves(condition: Condition) -> tuple[Leaf, ...]:
    """Return the leaves in the order in which they are written."""
    match condition:
        case All(parts) | Either(parts):
            return tuple(leaf for part in parts for leaf in leaves(part))
        case Not(part) | Phrase(_, part):
            return leaves(part)
        case Compare() | OneOf() | Includes():
            return (condition,)


def phrases(condition: Condition) -> tuple[Phrase, ...]:
    """Return the phrases, outermost first, in the order in which they are written."""
    match condition:
        case Phrase():
            return (condition, *phrases(condition.reading))
        case All(parts) | Either(parts):
            return tuple(phrase for part in parts for phrase in phrases(part))
        case Not(part):
            return phrases(part)
        case Compare() | OneOf() | Includes():
            return ()
