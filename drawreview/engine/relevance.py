"""Which open facts could still change the path, and which cannot.

A fact matters if some completion of the others makes two of its values lead to different paths.
The search tries, for each fact, one value on either side of every limit that rules set; the rest of
the values cannot be told apart by any rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from drawreview.condition.ast import Compare, Includes, Leaf, OneOf, Phrase, leaves, phrases
from drawreview.condition.to_truth import evaluate, evaluate_leaf
from drawreview.errors import EngineError
from drawreview.fact import Kind
from drawreview.project.buildings import SUMS
from drawreview.project.measure import Measured
from drawreview.rulebook.model import FACTS_KEPT, MOST_KEPT, Extents, Rule, Rulebook
from drawreview.truth import Truth

Extent = tuple[int, int]


def sure_path(extents: Extents, rulebook: Rulebook) -> str | None:
    """Return the review path that the derived facts settle, or None while more than one is open.

    Raises:
        EngineError: Rules that hold together conclude different paths.
    """
    sure, possible = extents["review_path"]
    if sure & (sure - 1):
        paths = [v for i, v in enumerate(rulebook.facts["review_path"].values) if sure >> i & 1]
        message = f"rules that hold together conclude different paths: {', '.join(paths)}"
        raise EngineError(message)
    if sure == 0 or sure != possible:
        return None
    return rulebook.facts["review_path"].values[sure.bit_length() - 1]


def path_after(base: Extents, rulebook: Rulebook) -> str | None:
    """Return the path that base facts alone lead to."""
    _, ends = rulebook.truths(base)
    return sure_path(rulebook.concluded(ends), rulebook)


@lru_cache(maxsize=MOST_KEPT)
def path_facts(rulebook: Rulebook) -> tuple[str, ...]:
    """Return the facts that the path depends on, those of the prevailing rules first."""
    wanted, facts = ["review_path"], list[str]()
    rank = {rule.id: -len(rule.overrides) for rule in rulebook.path.rules}
    while wanted:
        goal = wanted.pop(0)
        concluding = [r for r in rulebook.path.rules if r.settled(goal) is not None]
        for rule in sorted(concluding, key=lambda r: rank[r.id]):
            for leaf in leaves(rulebook.live[rule.id]):
                if leaf.fact in facts or leaf.fact in wanted:
                    continue
                (wanted if rulebook.facts[leaf.fact].derived else facts).append(leaf.fact)
    return tuple(facts)


@lru_cache(maxsize=FACTS_KEPT)
def _leaves_on(rulebook: Rulebook, fact: str) -> tuple[Leaf, ...]:
    return tuple(
        dict.fromkeys(
            leaf for r in rulebook.path.rules for leaf in leaves(r.when) if leaf.fact == fact
        )
    )


@lru_cache(maxsize=8192)
def telling_values(rulebook: Rulebook, fact: str, extent: Extent) -> tuple[Extent, ...]:
    """Return values of an open fact, one for each way in which rules can tell them apart."""
    tests = _leaves_on(rulebook, fact)
    seen: dict[tuple[int, ...], Extent] = {}
    for value in _candidates(rulebook, fact, extent, tests):
        seen.setdefault(tuple(evaluate_leaf(test, *value) for test in tests), value)
    return tuple(seen.values())


def _candidates(
    rulebook: Rulebook, fact: str, extent: Extent, tests: tuple[Leaf, ...]
) -> Iterable[Extent]:
    low, high = extent
    if rulebook.facts[fact].kind is not Kind.CHOICE:
        numbers = {low, high}
        for test in tests:
            if isinstance(test, Compare):
                numbers |= {test.limit - 1, test.limit, test.limit + 1}
        yield from ((n, n) for n in sorted(n for n in numbers if low <= n <= high))
        return
    if any(isinstance(test, Includes) for test in tests):
        yield (low, low)  # a set of works may stay as it is stated
    for test in tests:
        if isinstance(test, (OneOf, Includes)) and low | (high & test.bits):
            first = (high & test.bits) & -(high & test.bits)
            yield (low | first, low | first)
    for bit in range(high.bit_length()):
        if high >> bit & 1:
            yield (low | 1 << bit, low | 1 << bit)


def open_path_facts(rulebook: Rulebook, base: Extents) -> tuple[str, ...]:
    """Return the open facts that could still change the path, in the order of the rules."""
    if path_after(base, rulebook) is not None:
        return ()
    witnesses: list[Extents] = []
    found: list[str] = []
    for fact in path_facts(rulebook):
        if base[fact][0] == base[fact][1]:
            continue
        # Where one fact decides, others often do: a project that is exempt but for any of them.
        if not any(_decides(rulebook, witness, base, fact) for witness in witnesses):
            witness = _witness(rulebook, base, fact)
            if witness is None:
                continue
            witnesses.append(witness)
        found.append(fact)
    return tuple(found)


def telling_fields(rulebook: Rulebook, measured: Measured, fact: str) -> tuple[str, ...]:
    """Return the fields that would settle an open fact, of what buildings can still tell on it.

    The use of a building that is 6 m high cannot make it a tower.
    """
    parts = measured.parts.get(fact, ())
    telling = (
        part
        for part in parts
        if part.extent is None
        or fact in SUMS
        or len(telling_values(rulebook, fact, part.extent)) > 1
    )
    return tuple(dict.fromkeys(field for part in telling for field in part.fields))


def read_by(rulebook: Rulebook, extents: Extents, fact: str, field: str) -> tuple[Rule, Phrase]:
    """Return the phrase that asks for a field: the first that its fact leaves open, or reads it."""
    readers = _phrases_on(rulebook, fact)
    if field.endswith(".fire_hazard_class"):  # 甲、乙类 is asked for by 第十四条(九) (A16)
        explosive = rulebook.facts["special_works"].bits("flammable_explosive_site")
        for rule, phrase in readers:
            if any(isinstance(x, Includes) and x.bits & explosive for x in leaves(phrase)):
                return rule, phrase
    still_open = (r for r in readers if evaluate(r[1], extents) is Truth.UNKNOWN)
    return next(still_open, readers[0])


@lru_cache(maxsize=FACTS_KEPT)
def _phrases_on(rulebook: Rulebook, fact: str) -> tuple[tuple[Rule, Phrase], ...]:
    return tuple(
        (rule, phrase)
        for rule in rulebook.path.rules
        for phrase in phrases(rule.when)
        if any(leaf.fact == fact for leaf in leaves(phrase))
    )


def _decides(rulebook: Rulebook, witness: Extents, base: Extents, fact: str) -> bool:
    """Whether values of the fact lead to different paths where the others are as in the witness."""
    values = telling_values(rulebook, fact, base[fact])
    paths = {path_after({**witness, fact: value}, rulebook) for value in values}
    return len(paths - {None}) > 1


def _witness(rulebook: Rulebook, base: Extents, fact: str) -> Extents | None:
    """Return what the others may be for the fact to decide the path; None if it never does."""
    others = tuple(f for f in path_facts(rulebook) if f != fact and base[f][0] != base[f][1])
    variants = [{**base, fact: value} for value in telling_values(rulebook, fact, base[fact])]
    if len(variants) < 2:  # noqa: PLR2004 - one value cannot differ from itself
        return None
    return _differing(rulebook, variants, others, _readers(rulebook, fact))


def _differing(
    rulebook: Rulebook, variants: list[Extents], others: tuple[str, ...], readers: tuple[int, ...]
) -> Extents | None:
    paths: set[str | None] = set()
    read: set[tuple[int, ...]] = set()
    for variant in variants:
        truths, ends = rulebook.truths(variant)
        paths.add(sure_path(rulebook.concluded(ends), rulebook))
        read.add(tuple(truths[place] for place in readers))
    if len(paths - {None}) > 1:
        return variants[0]
    # Once all rules that read the fact are the same and settled, nothing else brings it back.
    if None not in paths or not others or (len(read) == 1 and 1 not in next(iter(read))):
        return None
    first, rest = others[0], others[1:]
    for value in telling_values(rulebook, first, variants[0][first]):
        fixed = [{**variant, first: value} for variant in variants]
        found = _differing(rulebook, fixed, rest, readers)
        if found is not None:
            return found
    return None


@lru_cache(maxsize=FACTS_KEPT)
def _readers(rulebook: Rulebook, fact: str) -> tuple[int, ...]:
    """Return the places, in the order of deciding, of the rules that read a fact."""
    return tuple(
        place
        for place, rule in enumerate(rulebook.order)
        if any(leaf.fact == fact for leaf in leaves(rulebook.live[rule.id]))
    )
