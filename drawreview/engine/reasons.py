"""Because of which phrases: each that was tried, its truth, and the project's own values.

Under one rulebook the reasons of two decisions differ in few words: how true a phrase is, whether
its rule won or what overrode it, and what is told of its facts. For each of the former a text is
written beforehand; what is told of the facts are its blanks.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal, cast

from drawreview.condition.ast import Condition, Leaf, Phrase, leaves, phrases
from drawreview.condition.to_truth import TruthReader, compile_truth
from drawreview.engine.document import BLANK, FactReason, Reason, around_blanks, written
from drawreview.engine.told import Teller, inapplicable, not_applicable, teller
from drawreview.rulebook.model import MOST_KEPT, Extents, Rulebook
from drawreview.rulebook.rule import Rule
from drawreview.truth import Truth

Word = Literal["true", "false", "unknown"]
_WORDS: Final[tuple[Word, ...]] = ("false", "unknown", "true")
_OF_THE_PERMIT: Final = {"permit_prerequisites", "drawings_provided", "commitment_barred"}


def word_of(truth: Truth) -> Word:
    """Return the JSON word of a truth value."""
    return _WORDS[truth]


def reasons_of(rulebook: Rulebook, extents: Extents, live: Sequence[int]) -> bytes:
    """Return as JSON a reason for each phrase of each rule that bears on the path, won or lost.

    Args:
        rulebook: The law.
        extents: The project's facts, and what the rules conclude.
        live: The truths of the rules' live conditions, in the order of deciding.
    """
    tried = _tried(rulebook)
    truths, _ = tried.reader(extents)
    apart = not_applicable(extents)
    texts: list[bytes] = []
    told: list[bytes] = []
    holds = Truth.TRUE
    for rule in tried.rules:
        truth, overridden_by = live[rule.place], None
        if rule.prevailing and truths[rule.alone] != truth:
            overridden_by = next(winner for winner, place in rule.prevailing if truths[place])
        for place, facts, by_truth in rule.phrases[truth == holds, overridden_by]:
            texts.append(by_truth[truths[place]])
            for fact, tell, otherwise in facts:
                told.append(otherwise if fact in apart else tell(extents[fact]))
    return b"[%b]" % b",".join(texts) % tuple(told)


def reasons_in(text: bytes) -> tuple[Reason, ...]:
    """Return the reasons that are written as JSON."""
    said = cast("list[dict[str, Any]]", json.loads(text))
    for reason in said:
        reason["facts"] = tuple(FactReason(**fact) for fact in reason["facts"])
    return tuple(Reason(**reason) for reason in said)


# A fact of a phrase, what tells of it, and what is told where it cannot be told.
_FactTold = tuple[str, Teller, bytes]
# The place of a phrase among the truths, its facts, and its text for each truth that it may have.
_PhraseTold = tuple[int, tuple[_FactTold, ...], tuple[bytes, ...]]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule by the places of its truths.

    Attributes:
        place: Its place in the order of deciding.
        alone: The truth that it would have if nothing overrode it; asked only where some may.
        prevailing: The rules that may override it, and their truths.
        phrases: What its phrases say, by whether it won and what overrode it.
    """

    place: int
    alone: int
    prevailing: tuple[tuple[str, int], ...]
    phrases: dict[tuple[bool, str | None], tuple[_PhraseTold, ...]]


@dataclass(frozen=True, slots=True)
class _Tried:
    """What is the same in the reasons of all decisions under a rulebook."""

    rules: tuple[_Rule, ...]
    reader: TruthReader


@lru_cache(maxsize=MOST_KEPT)
def _tried(rulebook: Rulebook) -> _Tried:
    path = rulebook.path.rules
    bearing = [
        rule
        for rule in path
        if any(fact not in _OF_THE_PERMIT for c in rule.then for fact, _ in c.settles)
    ]
    rivals = [r for r in path if r.overrides or any(r.id in w.overrides for w in path)]
    asked: list[Condition] = [phrase for rule in bearing for phrase in phrases(rule.when)]
    # Rules come after their phrases, whose truths are known then.
    alone = {rule.id: place for place, rule in enumerate(rivals, len(asked))}
    asked += [rule.when for rule in rivals]
    places = itertools.count()
    rules: list[_Rule] = []
    for rule in bearing:
        prevailing = tuple((w.id, alone[w.id]) for w in rivals if rule.id in w.overrides)
        said = [
            (next(places), _facts(rulebook, phrase), _text(rulebook, rule, phrase))
            for phrase in phrases(rule.when)
        ]
        told = {
            (won, by): tuple((at, facts, _by_truth(text, won, by)) for at, facts, text in said)
            for won in (False, True)
            for by in (None, *(winner for winner, _ in prevailing))
        }
        place = rulebook.path.ids.index(rule.id)
        rules.append(_Rule(place, alone.get(rule.id, 0), prevailing, told))
    return _Tried(tuple(rules), compile_truth(asked))


def _facts(rulebook: Rulebook, phrase: Phrase) -> tuple[_FactTold, ...]:
    facts = rulebook.facts
    return tuple(
        (x.fact, teller(facts[x.fact], x), inapplicable(facts[x.fact], x)) for x in _firsts(phrase)
    )


def _text(rulebook: Rulebook, rule: Rule, phrase: Phrase) -> list[bytes]:
    """Return a reason around its blanks: the facts, what overrode it, its truth, and won."""
    return around_blanks(
        Reason(
            rule=rule.id,
            document=rulebook.document_of(rule).number,
            clause=rule.clause,
            phrase=phrase.words,
            truth=BLANK,
            won=BLANK,
            overridden_by=BLANK,
            facts=tuple(BLANK for _ in _firsts(phrase)),
        )
    )


def _by_truth(text: list[bytes], won: bool, overridden_by: str | None) -> tuple[bytes, ...]:  # noqa: FBT001 - as the document has it
    """Return a reason for each truth, in which only the facts are blanks."""
    *before, after_by, after_truth, end = text  # as JSON has the blanks, by their names
    before_truth = b"%b".join(before) + written(overridden_by) + after_by
    after_truth += written(won) + end
    return tuple(before_truth + written(word) + after_truth for word in _WORDS)


def _firsts(phrase: Phrase) -> tuple[Leaf, ...]:
    """Return the first leaf of each fact that a phrase reads."""
    found: dict[str, Leaf] = {}
    for leaf in leaves(phrase):
        found.setdefault(leaf.fact, leaf)
    return tuple(found.values())
