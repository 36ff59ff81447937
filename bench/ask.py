"""How many questions the interview asks, against the form's order and the best order there is."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any, Final

from bench.clock import say
from bench.rows import ON, projects
from drawreview.advice.ask import next_question
from drawreview.advice.prior import answers, without_building
from drawreview.engine.decide import decide
from drawreview.engine.needs import needs
from drawreview.engine.relevance import path_after
from drawreview.project.fields import FIELDS, field_at
from drawreview.project.kinds import Category, FireHazardClass, RoomPurpose, Works
from drawreview.project.measure import measure
from drawreview.project.model import Building, FireVenue, Project, UndergroundRoom
from drawreview.project.places import path_of
from drawreview.rulebook.load import load_rulebook
from drawreview.rulebook.model import Rulebook

LAW: Final = load_rulebook()
_ORDER: Final = {pattern: place for place, pattern in enumerate(FIELDS)}
_OF_PROJECT: Final = (
    *("investment", "category", "single_function", "simple_technique", "similar_use"),
    *("special_works", "review_commissioned_on"),
)
_OF_BUILDING: Final = (
    *("use", "floor_area_m2", "height_m", "max_storey_height_m", "storeys_above_ground"),
    *("storeys_below_ground", "underground_rooms", "fire_venues", "fire_hazard_class"),
    "public_building",
)
_MOST_MS: Final = 20.0
_KNOWN: Final = 0.4
_FORM_THAT_MATTERS: Final = "the form's order, what cannot matter left out"


def _drawn(chance: Random, field: str) -> Any:  # noqa: ANN401 - whatever a field takes
    weights, values = zip(*answers(LAW, field), strict=True)
    return chance.choices(values, weights)[0]


def expected_project(chance: Random) -> Project:
    """Return a complete project drawn from the prior on which the order of questions rests."""
    buildings = _drawn(chance, "buildings")
    drawn = {name: _drawn(chance, name) for name in _OF_PROJECT}
    return Project(
        works=Works.NEW_BUILD, buildings=tuple(_building(chance) for _ in buildings)
    ).model_copy(update=drawn)


def _building(chance: Random) -> Building:
    drawn = {name: _drawn(chance, name) for name in _OF_BUILDING}
    drawn["underground_rooms"] = tuple(
        UndergroundRoom(kind=room.kind, serves=_drawn(chance, "underground_rooms[].serves"))
        for room in drawn["underground_rooms"]
    )
    if drawn["underground_rooms"]:
        drawn["storeys_below_ground"] = 1
    drawn["fire_venues"] = tuple(
        FireVenue(kind=venue.kind, floor_area_m2=_drawn(chance, "fire_venues[].floor_area_m2"))
        for venue in drawn["fire_venues"]
    )
    return Building().model_copy(update=drawn)


def _answered(partial: Project, full: Project, field: str) -> Project:
    """Return the partial project with the answer that the full one gives, and no more."""
    return _copied(partial, full, path_of(field))


def _copied(part: Any, full: Any, path: tuple[str | int, ...]) -> Any:  # noqa: ANN401
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        return (*part[:step], _copied(part[step], full[step], rest), *part[step + 1 :])
    value = getattr(full, step)
    if rest:
        value = _copied(getattr(part, step), value, rest)
    elif step == "buildings":
        value = tuple(Building() for _ in value)
    elif step == "underground_rooms":
        value = tuple(UndergroundRoom(kind=room.kind) for room in value)
    elif step == "fire_venues":
        value = tuple(FireVenue(kind=venue.kind) for venue in value)
    return part.model_copy(update={step: value})


def _on_the_form(field: str) -> tuple[int, str, int]:
    """Return where a field stands on the form: each building's are where `buildings` is."""
    place, pattern = _ORDER[field_at(field).pattern], field.partition("]")[0]
    if field.startswith("buildings["):
        return (_ORDER["buildings"], pattern, place)
    return (place, "", 0)


@cache
def _ours(partial: Project, law: Rulebook = LAW) -> str | None:
    question = next_question(partial, on=ON, rulebook=law).next
    return question and question.field


@cache
def _next_on_the_form(partial: Project, law: Rulebook = LAW) -> str | None:
    """Return the first field of the form that can still change the path."""
    decision = decide(partial, on=ON, rulebook=law)
    if decision.review_path != "undetermined":
        return None
    return min((need.field for need in needs(decision)), key=_on_the_form)


def _asked(full: Project, following: Callable[[Project], str | None]) -> int:
    partial, count = Project(works=full.works), 0
    while (field := following(partial)) is not None:
        partial, count = _answered(partial, full, field), count + 1
    return count


def _whole_form(full: Project) -> int:
    """Return how many fields are filled in, one after the other, until the path is settled."""
    partial = Project(works=full.works)
    for count, field in enumerate(_fields_of(full), start=1):
        partial = _answered(partial, full, field)
        if _settled(partial):
            return count
    message = f"not settled: {full}"
    raise AssertionError(message)


def _settled(project: Project, law: Rulebook = LAW) -> bool:
    return path_after(measure(project, on=ON, district_listed=False).extents, law) is not None


def _fields_of(full: Project) -> Iterator[str]:
    """Yield the fields of the form in their order, those that make no sense left out."""
    found = [*_OF_PROJECT, "buildings"]
    uses = {building.use for building in full.buildings or ()}
    if not uses & {"residential", "dormitory", "other"}:
        found.remove("similar_use")
    if full.category is Category.MUNICIPAL:
        found.remove("buildings")
    for index, building in enumerate(full.buildings or ()):
        at = f"buildings[{index}]"
        skipped = set() if building.use == "other" else {"public_building"}
        if building.use not in {"ordinary_warehouse", "ordinary_factory"}:
            skipped.add("fire_hazard_class")
        found += [f"{at}.{name}" for name in _OF_BUILDING if name not in skipped]
        rooms, venues = building.underground_rooms or (), building.fire_venues or ()
        found += [f"{at}.underground_rooms[{j}].serves" for j in range(len(rooms))]
        found += [f"{at}.fire_venues[{j}].floor_area_m2" for j in range(len(venues))]
    if full.category is Category.MUNICIPAL:
        found = [field for field in found if not field.startswith("buildings")]
    return iter(sorted(found, key=_on_the_form))


def _say_counts(name: str, counts: list[int]) -> None:
    ranked = sorted(counts)
    high = ranked[int(0.95 * (len(ranked) - 1))]
    say(f"  {name:<52} {statistics.fmean(counts):>6.2f} {high:>6}")


def _over(title: str, drawn: list[Project]) -> None:
    say(f"\n{title}: {len(drawn)} projects; questions until the path is settled")
    say(f"  {'':<52} {'mean':>6} {'p95':>6}")
    _say_counts("ask", [_asked(project, _ours) for project in drawn])
    _say_counts(_FORM_THAT_MATTERS, [_asked(p, _next_on_the_form) for p in drawn])
    _say_counts("the form's order, every field", [_whole_form(project) for project in drawn])


# --- the low-risk rule alone: small enough that every order of asking can be tried ---

# Order 51 keeps one rule, which the project has answered: what is left open is the exemption.
_ALONE: Final = replace(
    LAW,
    rules=tuple(
        rule
        for rule in LAW.rules
        if rule.settled("special_construction_project") is None
        or rule.id == "rail_tunnel_or_power_works"
    ),
)
_BESIDE: Final = Project(
    category=Category.BUILDING,
    works=Works.NEW_BUILD,
    special_works=(),
    review_commissioned_on="not_commissioned",
    buildings=(Building(fire_venues=(), fire_hazard_class=FireHazardClass.D),),
)
_SERVES: Final = "buildings[0].underground_rooms[0].serves"
_TRIED: Final = (
    *("investment", "single_function", "simple_technique", "similar_use"),
    *(f"buildings[0].{name}" for name in _OF_BUILDING[:7]),
    _SERVES,
)
_Following = Callable[[Project, Rulebook], str | None]


def _fields_open(partial: Project) -> Iterator[str]:
    """Yield the fields that may be asked for, what hangs on another answer after that answer."""
    building = (partial.buildings or (Building(),))[0]
    rooms = building.underground_rooms or ()
    for field in _TRIED:
        if field == _SERVES:
            if rooms and rooms[0].serves is None:
                yield field
        elif field.startswith("buildings[0]."):
            if getattr(building, field.partition(".")[2]) is None:
                yield field
        elif getattr(partial, field) is None and (field != "similar_use" or building.use):
            yield field


def _put(part: Any, path: tuple[str | int, ...], value: Any) -> Any:  # noqa: ANN401
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        return (*part[:step], _put(part[step], rest, value), *part[step + 1 :])
    return part.model_copy(update={step: _put(getattr(part, step), rest, value)})


def _on_average(field: str, partial: Project, left: Callable[[Project], float]) -> float:
    path = path_of(field)
    weighed = answers(LAW, without_building(field))
    return sum(weight * left(_put(partial, path, value)) for weight, value in weighed)


def _expected(following: _Following) -> float:
    """Return how many questions an order asks on average over the prior, exactly."""

    @cache
    def left(partial: Project) -> float:
        if _settled(partial, _ALONE):
            return 0.0
        field = following(partial, _ALONE)
        if field is None:
            message = f"nothing is asked, but the path is open: {partial}"
            raise AssertionError(message)
        return 1 + _on_average(field, partial, left)

    return left(_BESIDE)


def _optimum() -> tuple[float, int]:
    """Return the least average that any order reaches, and in how many states all were tried."""
    tried = 0

    @cache
    def left(partial: Project) -> float:
        nonlocal tried
        if _settled(partial, _ALONE):
            return 0.0
        tried += 1
        return 1 + min(_on_average(field, partial, left) for field in _fields_open(partial))

    return left(_BESIDE), tried


def _low_risk_rule() -> bool:
    best, states = _optimum()
    ours, form = _expected(_ours), _expected(_next_on_the_form)
    say(
        f"\nthe low-risk rule alone, exact averages over the prior (every order in {states} states)"
    )
    for name, average in (("ask", ours), (_FORM_THAT_MATTERS, form), ("the optimum", best)):
        say(f"  {name:<52} {average:>6.3f}")
    say(f"  ask / optimum: {ours / best:.3f}")
    return ours <= form


# --- how long a question takes to choose ---


def _partial(chance: Random) -> Project:
    """Return a project of three buildings of which some fields are known."""

    def some(names: Sequence[str], full: Any) -> dict[str, Any]:  # noqa: ANN401
        return {name: getattr(full, name) for name in names if chance.random() < _KNOWN}

    buildings = tuple(
        Building().model_copy(update=some(_OF_BUILDING[:6], _building(chance))) for _ in range(3)
    )
    stated = some(("investment", "special_works"), expected_project(chance))
    return Project(category=Category.BUILDING, works=Works.NEW_BUILD).model_copy(
        update={"buildings": buildings, **stated}
    )


def _times(rounds: int) -> bool:
    chance = Random("three buildings")  # noqa: S311 - rows, not secrets
    blank = Project(buildings=(Building(), Building(), Building()))
    some = [p for p in (_partial(chance) for _ in range(60)) if not _settled(p)][:20]
    met = True
    say(f"\nask --next, warm, CPU ms per call ({rounds} rounds)")
    for name, rows in (
        ("three blank buildings", [blank]),
        ("three buildings, some fields known", some),
    ):
        taken: list[float] = []
        for number in range(rounds + 1):
            for row in rows:
                start = time.process_time()
                next_question(row, on=ON, rulebook=LAW)
                if number:
                    taken.append((time.process_time() - start) * 1e3)
        median = statistics.median(taken)
        met = met and median <= _MOST_MS
        verdict = "met" if median <= _MOST_MS else "MISSED"
        say(
            f"  {name:<40} median {median:>6.2f}  max {max(taken):>6.2f};"
            f" goal <= {_MOST_MS:.0f}: {verdict}"
        )
    return met


def run(count: int, rounds: int) -> bool:
    """Count questions over random complete projects, try every order of one rule, take the time."""
    chance = Random("20210127")  # noqa: S311 - rows, not secrets
    met = _times(rounds)
    met = _low_risk_rule() and met
    drawn = [expected_project(chance) for _ in range(count)]
    predicted = next_question(Project(works=Works.NEW_BUILD), on=ON, rulebook=LAW).ranking[0]
    say(
        "\npredicted for a project of which nothing is known:"
        f" {predicted.expected_questions_left:.2f}"
    )
    _over("drawn from the prior of ask", drawn)
    near = [p.model_copy(update={"works": Works.NEW_BUILD}) for p in projects(max(1, count // 10))]
    _over(
        "drawn near the limits (bench/rows.py), another distribution", [_complete(p) for p in near]
    )
    return met


def _complete(project: Project) -> Project:
    """Return a project of bench/rows.py with what it leaves out because no peer reads it."""
    buildings = tuple(
        b.model_copy(
            update={
                "fire_hazard_class": b.fire_hazard_class or FireHazardClass.D,
                "underground_rooms": tuple(
                    UndergroundRoom(kind=r.kind, serves=r.serves or RoomPurpose.OTHER)
                    for r in b.underground_rooms or ()
                ),
            }
        )
        for b in project.buildings or ()
    )
    return project.model_copy(update={"buildings": buildings})
