"""Once everything that a notice lists is there, the path is decided and nothing else is asked."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drawreview import Project, decide, load_rulebook
from drawreview.engine.relevance import open_path_facts, path_after, path_facts, telling_values
from drawreview.engine.supplies import supplies
from drawreview.project.facts import FACTS
from drawreview.project.measure import NEVER
from tests.properties.projects import ON, Stated, filled, partial_project, path_of, place_of

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
LAW = load_rulebook()


def listed(partial: Stated) -> list[str]:
    """Return the fields that the notice of a project lists for its path."""
    decision = decide(Project.model_validate(partial), on=ON)
    found = supplies(decision)
    assert found.decided_then == (decision.review_path != "referred")
    return [item.field for item in found.items if item.purpose == "path"]


def supplied(partial: Stated, full: Stated, fields: Sequence[str]) -> Stated:
    """Return the partial project with what the notice lists, and no more, as the full one has it."""
    result = deepcopy(partial)
    for name in fields:
        if name in full and not name.startswith("buildings"):
            result[name] = deepcopy(full[name])
    if "buildings" in fields and full.get("buildings"):
        result["buildings"] = [{} for _ in full["buildings"]]
    for index, building in enumerate(result.get("buildings") or ()):
        source = full["buildings"][index]
        own = [re.sub(r"^buildings\[\d*\]\.", "", f) for f in fields if _of(f, index)]
        for name in sorted(own, key=len):
            _supply(building, source, name, own)
    return result


def _of(field: str, index: int) -> bool:
    return field.startswith((f"buildings[{index}].", "buildings[]."))


def _supply(building: Stated, source: Stated, name: str, own: Sequence[str]) -> None:
    parts, _, inner = name.partition("[")
    if not inner:
        if name in source:
            value = deepcopy(source[name])
            for key in ("serves", "floor_area_m2"):
                if isinstance(value, list) and f"{name}[].{key}" not in own:
                    value = [{k: v for k, v in part.items() if k != key} for part in value]
            building[name] = value
    elif not inner.startswith("]"):
        place, key = place_of(name)[1:]
        if key in source[parts][place]:
            building[parts][place][key] = source[parts][place][key]


def with_other_uses(random: Random, partial: Stated, full: Stated) -> Stated:
    """Return the full project with some uses that nobody had stated turned into 「其他」."""
    known = partial.get("buildings") or [{} for _ in full.get("buildings", ())]
    for building, before in zip(full.get("buildings", ()), known, strict=True):
        if "use" not in before and random.random() < 0.4:
            building["use"] = "other"
            building["public_building"] = random.choice([True, False])
    return full


def check_guarantee(seed: int) -> None:
    random = Random(seed)
    partial = partial_project(random)
    if random.random() < 0.2 and "single_function" in partial:
        partial["single_function"] = True  # unsigned: several uses would reopen it
    fields = listed(partial)
    if path_of(partial) != "undetermined":
        assert all(field.startswith("readings.") for field in fields)
        return
    for _ in range(3):
        full = with_other_uses(random, partial, filled(random, partial))
        if "single_function" in fields:
            full["single_function"] = {"value": True, "by": "王", "on": "2021-02-18", "why": "一"}
        supply = supplied(partial, full, fields)
        decision = decide(Project.model_validate(supply), on=ON)
        assert decision.review_path != "undetermined", (decision.missing, fields, partial, supply)
        assert decision.missing == ()


def check_needed(seed: int) -> None:
    """Each listed field tells two complete projects apart that differ in it alone."""
    random = Random(seed)
    partial = partial_project(random)
    fields = listed(partial) if path_of(partial) == "undetermined" else []
    use_open = any(field.endswith((".use", "category", "buildings")) for field in fields)
    for field in fields:
        if "[]" in field or "fire_venues" in field:
            continue  # in the full project to come; the venues of all buildings are listed at once
        if use_open and not field.endswith(_APART_FROM_THE_USE):
            continue  # what hangs on the use is listed with it
        TRIED[field.rpartition(".")[2]] += 1
        assert any(_matters(random, partial, field) for _ in range(1000)), (field, partial)


_APART_FROM_THE_USE = (
    "investment",
    "technique",
    "special_works",
    "_on",
    "storey_height_m",
    "_ground",
)
TRIED: Counter[str] = Counter()


def _matters(random: Random, partial: Stated, field: str) -> bool:
    one = filled(random, partial, kind=random.choice([0, 0.7, 0.9, 1]))
    *above, last = place_of(field)
    other = deepcopy(one)
    target: Any = other
    for step in above:
        target = target[step]
    target.pop(last, None)
    return path_of(one) != path_of(filled(random, other))


def test_all_that_is_listed_decides_whatever_the_answers():
    settings(SLOW, max_examples=400)(given(st.integers(0, 2**40))(check_guarantee))()


def test_nothing_is_listed_that_cannot_matter():
    settings(SLOW, max_examples=120)(given(st.integers(0, 2**40))(check_needed))()
    assert len(TRIED) >= 9, TRIED
    assert TRIED.total() >= 100, TRIED


@pytest.mark.full
def test_all_that_is_listed_decides_on_very_many_projects():
    settings(SLOW, max_examples=20_000)(given(st.integers(0, 2**40))(check_guarantee))()


# --- the truth tables of the facts: what is known of each is open or one of its telling values ---

SPECIAL = tuple(
    f
    for f in path_facts(LAW)
    if f.endswith("_venue_m2") or f.startswith(("public_", "residential"))
)
STANDS_FOR = "entertainment_venue_m2"  # one venue stands for all special facts
Extent = tuple[int, int]


def opened(fact: str) -> Extent:
    return (1, NEVER) if fact == "review_commissioned_on" else FACTS[fact].extent


def table(facts: Sequence[str]) -> list[tuple[Extent, ...]]:
    """Return, of each fact, its telling values and at last that nothing is known of it."""
    return [(*telling_values(LAW, fact, opened(fact)), opened(fact)) for fact in facts]


def check_states(facts: Sequence[str], others: dict[str, Extent]) -> tuple[int, int]:
    """Check that a path is found in a state of knowledge exactly if only one is possible.

    It follows that once no open fact matters the path is decided: a function that none of its
    open arguments can change is constant. Returns how many states and full assignments there are.
    """
    columns = table(facts)
    base = {**{fact: FACTS[fact].extent for fact in FACTS if not FACTS[fact].derived}, **others}
    sizes = [len(column) for column in columns]
    possible: list[frozenset[str | None]] = []
    strides = [1] * len(sizes)
    for place in range(len(sizes) - 2, -1, -1):
        strides[place] = strides[place + 1] * sizes[place + 1]
    full = 0
    # Known values come before "open" in each column, so what a state is made of is there already.
    for number, state in enumerate(itertools.product(*(range(size) for size in sizes))):
        extents = {**base, **{f: c[v] for f, c, v in zip(facts, columns, state, strict=True)}}
        path = path_after(extents, LAW)
        gap = next((i for i, v in enumerate(state) if v == sizes[i] - 1), None)
        if gap is None:
            full += 1
            assert path is not None, extents
            possible.append(frozenset({path}))
            continue
        start = number - (sizes[gap] - 1) * strides[gap]
        paths = frozenset().union(
            *(possible[start + value * strides[gap]] for value in range(sizes[gap] - 1))
        )
        possible.append(paths)
        assert (path is not None) == (len(paths) == 1), (path, paths, extents)
        assert path is None or path in paths
    return len(possible), full


def special_states() -> Iterator[tuple[int, int]]:
    """All special facts together, beside a project that is exempt but for them and one that is not."""
    facts = (*SPECIAL, "special_works")
    for investment in telling_values(LAW, "investment", FACTS["investment"].extent):
        known = {f: telling_values(LAW, f, opened(f))[0] for f in path_facts(LAW) if f not in facts}
        for flag in ("single_function", "simple_technique"):
            known[flag] = (1, 1)
        known |= {"investment": investment, "review_commissioned_on": (NEVER, NEVER)}
        yield check_states(facts, known)


def other_states(facts: Sequence[str]) -> tuple[int, int]:
    """The other facts, with one special fact that stands for all of them."""
    none = {f: (0, 0) for f in (*SPECIAL, "special_works") if f != STANDS_FOR}
    kept = {f: telling_values(LAW, f, opened(f))[0] for f in path_facts(LAW) if f not in facts}
    kept |= dict.fromkeys(("single_function", "simple_technique"), (1, 1))
    return check_states(facts, {**kept, **none})


EXEMPTING = (
    *("investment", "total_floor_area_m2", "building_height_m", "storey_height_m"),
    *("storeys_above_ground", "basement", "single_function", "simple_technique"),
    *("building_use", "similar_use", "review_commissioned_on"),
)


def test_a_path_is_found_exactly_where_only_one_is_possible():
    few = ("investment", "basement", "single_function", "building_use", "similar_use")
    states, full = other_states((*few, "review_commissioned_on", "district_listed", STANDS_FOR))
    assert states > 10_000
    assert full > 500


@pytest.mark.full
def test_a_path_is_found_exactly_where_only_one_is_possible_in_every_state():
    found = [other_states((*EXEMPTING, STANDS_FOR)), *special_states()]
    found.append(other_states(("investment", "district_listed", *EXEMPTING[8:], STANDS_FOR)))
    print(
        f"states of knowledge: {sum(s for s, _ in found):,}; "
        f"full truth assignments among them: {sum(f for _, f in found):,}"
    )


@pytest.mark.parametrize("seed", range(60))
def test_a_fact_is_said_to_matter_exactly_if_two_completions_differ_in_it_alone(seed):
    random = Random(seed)
    facts = [*EXEMPTING, STANDS_FOR, "special_works", "residential_height_m"]
    columns = dict(zip(facts, table(facts), strict=True))
    gaps = random.sample(facts, 5)
    base = {fact: FACTS[fact].extent for fact in FACTS if not FACTS[fact].derived}
    base |= dict.fromkeys((*SPECIAL, "district_listed"), (0, 0))
    for fact, column in columns.items():
        kind = column[1] if fact in ("single_function", "simple_technique") else column[0]
        base[fact] = kind if random.random() < 0.8 else random.choice(column[:-1])
    if base["review_commissioned_on"][0] == 1 and random.random() < 0.9:
        base["review_commissioned_on"] = (NEVER, NEVER)
    base |= {fact: columns[fact][-1] for fact in gaps}

    def differs(fact: str) -> bool:
        others = [g for g in gaps if g != fact]
        for values in itertools.product(*(columns[g][:-1] for g in others)):
            known = {**base, **dict(zip(others, values, strict=True))}
            if len({path_after({**known, fact: v}, LAW) for v in columns[fact][:-1]}) > 1:
                return True
        return False

    assert set(open_path_facts(LAW, base)) == {fact for fact in gaps if differs(fact)}
