"""Because of which phrases: each that was tried, its truth, and the project's own values.

Under one rulebook the reasons of two decisions differ in few words: how true a phrase is, whether
its rule won or what overrode it, and what is told of its facts. All the rest is written beforehand.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal, cast

from drawreview.condition.ast import Compare, Condition, Includes, Leaf, Phrase, leaves, phrases
from drawreview.condition.to_prose import number
from drawreview.condition.to_truth import TruthReader, compile_truth
from drawreview.engine.document import FactReason, Reason, written
from drawreview.engine.told import NOT_APPLICABLE, Teller, not_applicable, teller, values
from drawreview.fact import Fact, Kind
from drawreview.rulebook.model import Extents, Rulebook
from drawreview.rulebook.rule import Rule
from drawreview.truth import Truth

Word = Literal["true", "false", "unknown"]
_WORDS: Final[tuple[Word, ...]] = ("false", "unknown", "true")
_QUOTED: Final = tuple(written(word) for word in _WORDS)
_OF_THE_PERMIT: Final = {"permit_prerequisites", "drawings_provided", "commitment_barred"}
_BLANK: Final[Any] = "\ue000"  # a character of nobody's writing


def word_of(truth: Truth) -> Word:
    """Return the JSON word of a truth value."""
    return _WORDS[truth]


def reasons_of(rulebook: Rulebook, extents: Extents, truth_of: Mapping[str, Truth]) -> bytes:
    """Return as JSON a reason for each phrase of each rule that bears on the path, won or lost."""
    tried = _tried(rulebook)
    truths, _ = tried.reader(extents)
    apart = not_applicable(extents)
    words: list[bytes] = []
    for rule in tried.rules:
        live, overridden_by = truth_of[rule.id], b"null"
        if rule.prevailing and truths[rule.alone] != live:
            overridden_by = next(winner for winner, place in rule.prevailing if truths[place])
        won = b"true" if live is Truth.TRUE else b"false"
        for place, facts in rule.phrases:
            for fact, tell in facts:
                words += NOT_APPLICABLE if fact in apart else tell(extents[fact])
            words += (overridden_by, _QUOTED[truths[place]], won)
    return tried.text % tuple(words)


def reasons_in(text: bytes) -> tuple[Reason, ...]:
    """Return the reasons that are written as JSON."""
    said = cast("list[dict[str, Any]]", json.loads(text))
    for reason in said:
        reason["facts"] = tuple(FactReason(**fact) for fact in reason["facts"])
    return tuple(Reason(**reason) for reason in said)


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule by the places of its truths.

    Attributes:
        alone: The truth that it would have if nothing overrode it; asked only where some may.
        prevailing: The rules that may override it, as JSON, and their truths.
        phrases: Its phrases, and what tells of the facts of each.
    """

    id: str
    alone: int
    prevailing: tuple[tuple[bytes, int], ...]
    phrases: tuple[tuple[int, tuple[tuple[str, Teller], ...]], ...]


@dataclass(frozen=True, slots=True)
class _Tried:
    """What is the same in the reasons of all decisions under a rulebook.

    In the text the blanks of each reason stand in the order of their names, as JSON has them.
    """

    rules: tuple[_Rule, ...]
    reader: TruthReader
    text: bytes


@cache
def _tried(rulebook: Rulebook) -> _Tried:
    path = rulebook.path.rules
    bearing = [
        rule
        for rule in path
        if any(fact not in _OF_THE_PERMIT for c in rule.then for fact, _ in c.settles)
    ]
    tried = [(rule, phrase) for rule in bearing for phrase in phrases(rule.when)]
    rivals = [r for r in path if r.overrides or any(r.id in w.overrides for w in path)]
    # Rules come after their phrases, whose truths are known then.
    asked: list[Condition] = [*(phrase for _, phrase in tried), *(rule.when for rule in rivals)]
    alone = {rule.id: place for place, rule in enumerate(rivals, len(tried))}
    place = itertools.count()
    rules = tuple(
        _Rule(
            rule.id,
            alone.get(rule.id, 0),
            tuple((written(w.id), alone[w.id]) for w in rivals if rule.id in w.overrides),
            tuple((next(place), _tellers(rulebook, phrase)) for phrase in phrases(rule.when)),
        )
        for rule in bearing
    )
    text = written([_blank(rulebook, rule, phrase) for rule, phrase in tried])
    text = text.replace(b"%", b"%%").replace(written(_BLANK), b"%b")
    return _Tried(rules, compile_truth(asked), text)


def _tellers(rulebook: Rulebook, phrase: Phrase) -> tuple[tuple[str, Teller], ...]:
    return tuple((x.fact, teller(rulebook.facts[x.fact], x)) for x in _firsts(phrase))


def _blank(rulebook: Rulebook, rule: Rule, phrase: Phrase) -> Reason:
    return Reason(
        rule=rule.id,
        document=rulebook.document_of(rule).number,
        clause=rule.clause,
        phrase=phrase.words,
        truth=_BLANK,
        won=_BLANK,
        overridden_by=_BLANK,
        facts=tuple(_blank_fact(rulebook.facts[leaf.fact], leaf) for leaf in _firsts(phrase)),
    )


def _blank_fact(fact: Fact, leaf: Leaf) -> FactReason:
    operator, limit = "is", "true"
    if not isinstance(leaf, Compare):
        operator = "includes" if isinstance(leaf, Includes) else "one_of"
        limit = values(fact, leaf.bits)
    elif fact.kind is not Kind.FLAG:
        operator, limit = leaf.operator.value, number(fact.kind, leaf.limit)
    return FactReason(fact.name, _BLANK, operator, limit, _BLANK, _BLANK)


def _firsts(phrase: Phrase) -> tuple[Leaf, ...]:
    """Return the first leaf of each fact that a phrase reads."""
    found: dict[str, Leaf] = {}
    for leaf in leaves(phrase):
        found.setdefault(leaf.fact, leaf)
    return tuple(found.values())
