"""What a project's statement makes of each fact: the least and the most it can be.

A number that is partly known is an interval: where one building reaches 12 m, the height of
another cannot bring the project back under it. A choice is two bit sets: the values it surely has
and those it may have.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Final

from drawreview.fact import UNBOUNDED
from drawreview.project.buildings import (
    ANY_USE,
    COMBINED,
    USE,
    Row,
    may_be_explosive,
    rows,
    worst,
)
from drawreview.project.extent import (
    FLAG,
    NOTHING_KNOWN,
    Extent,
    area_of,
    exactly,
    extents_of,
    greatest,
    total,
)
from drawreview.project.facts import FACTS, SITE_FACTS
from drawreview.project.judgements import JUDGED, unanswered
from drawreview.project.kinds import VENUE_FACT, Category, FireHazardClass, Works
from drawreview.project.open_fields import SINGLE, Part, open_fields

if TYPE_CHECKING:
    from drawreview.project.model import Judgement, Project

_WORKS: Final = FACTS["special_works"]
_INVESTMENT: Final = extents_of(FACTS["investment"])
_OF_WORKS: Final = extents_of(FACTS["works"])
_EXPLOSIVE_SITE: Final = _WORKS.bits("flammable_explosive_site")
_EVERY_WORK: Final = _WORKS.every_bit
# Each fact that a project has; whatever is not said here of one is not known.
_UNKNOWN: Final = {
    name: fact.extent for name, fact in FACTS.items() if not fact.derived and name not in SITE_FACTS
}
_NO_VENUES: Final[dict[str, Extent]] = dict.fromkeys((*SINGLE, *SINGLE.values()), (0, 0))
_NOT_A_BUILDING: Final = USE.bits("not_a_building")
_EXPLOSIVE: Final = (FireHazardClass.A, FireHazardClass.B)
NEVER: Final = date.max.toordinal()


@dataclass(frozen=True)
class Measured:
    """Facts of a project on a day: their extents, and the fields to fill where one is open."""

    extents: dict[str, Extent]
    project: Project

    @cached_property
    def parts(self) -> dict[str, tuple[Part, ...]]:
        """What each building, or the project itself, leaves open of each open fact."""
        return open_fields(self.project, self.extents)

    @cached_property
    def fields(self) -> dict[str, tuple[str, ...]]:
        """The fields of the project file that would settle each open fact."""
        return {
            name: tuple(dict.fromkeys(field for part in parts for field in part.fields))
            for name, parts in self.parts.items()
        }


def measure(project: Project, *, on: date, district_listed: bool | None = False) -> Measured:
    """Return every fact that rules read, with the fields that would settle what is open.

    Args:
        project: What the applicant states.
        on: The day of the decision.
        district_listed: Whether a notice filed under 二(一)1(2) names the project; None if a
            notice may and nobody said.
    """
    extents = _UNKNOWN.copy()
    built = rows(project)
    if len(built) == 1:
        extents |= built[0]
    else:
        extents |= {name: combine(r[name] for r in built) for name, combine in COMBINED.items()}
        extents["basement"] = worst([row["basement"] for row in built])
    extents |= _of_the_project(project, on)
    extents |= _venues(project)
    extents["building_use"] = _use(project, built)
    extents["special_works"] = _special_works(project)
    extents["works_floor_area_m2"] = _works_area(project, extents["total_floor_area_m2"])
    extents["district_listed"] = FLAG[district_listed]
    return Measured(extents, project)


def _of_the_project(project: Project, on: date) -> dict[str, Extent]:
    permit, listed = project.permit, project.project_owner.blacklisted_on
    return {
        "investment": _INVESTMENT[project.investment],
        "works": _OF_WORKS[project.works],
        **{name: _judged(project, name, on) for name in JUDGED},
        "review_commissioned_on": _commissioned(project.review_commissioned_on),
        "land_papers": FLAG[permit.land_papers],
        "planning_papers": FLAG[permit.planning_papers],
        "site_verified_not_started": FLAG[permit.site_verified_not_started],
        "drawings_complete": FLAG[permit.drawings_complete],
        # The blacklist is the authority's own list: not being named as listed is not unknown.
        "owner_blacklisted": FLAG[listed is not None and listed <= on],
    }


def _judged(project: Project, name: str, on: date) -> Extent:
    """Hold a judgement that the statement itself contradicts open until somebody signs it."""
    judgement: Judgement | None = getattr(project, name)
    if judgement is None or (judgement.value and unanswered(project, name, on)):
        return FLAG[None]
    return FLAG[judgement.value]


def _commissioned(day: date | str | None) -> Extent:
    if day is None:
        return (1, NEVER)
    return (NEVER, NEVER) if isinstance(day, str) else exactly(day.toordinal())


def _venues(project: Project) -> dict[str, Extent]:
    """Add up the venues of each kind; what is not stated may be as large as its building."""
    buildings = project.buildings or ()
    unstated = 0 if buildings or project.category is Category.MUNICIPAL else UNBOUNDED
    sums: dict[str, list[Extent]] = {}
    for building in buildings:
        if building.fire_venues is None:
            unstated += area_of(building.floor_area_m2)[1]
        for venue in building.fire_venues or ():
            area = area_of(venue.floor_area_m2)
            if area == NOTHING_KNOWN:
                area = (0, area_of(building.floor_area_m2)[1])
            sums.setdefault(VENUE_FACT[venue.kind], []).append(area)
    if not sums and not unstated:
        return _NO_VENUES
    found: dict[str, Extent] = dict.fromkeys(_NO_VENUES, (0, min(unstated, UNBOUNDED)))
    for fact, areas in sums.items():
        low, high = total(areas)
        found[fact] = (low, min(high + unstated, UNBOUNDED))
        low, high = greatest(areas)
        found[SINGLE[fact]] = (low, min(max(high, unstated), UNBOUNDED))
    return found


def _use(project: Project, built: tuple[Row, ...]) -> Extent:
    sure = possible = 0
    for row in built:
        row_sure, row_possible = row["building_use"]
        sure, possible = sure | row_sure, possible | row_possible
    category = project.category
    if category is Category.BUILDING:
        return (sure, possible)
    if category is Category.MUNICIPAL:
        return exactly(_NOT_A_BUILDING)
    return (sure if sure == possible and sure & ~ANY_USE else 0, possible | _NOT_A_BUILDING)


def _works_area(project: Project, total: Extent) -> Extent:
    if project.works is Works.NEW_BUILD:
        return total
    low, high = area_of(project.works_floor_area_m2)
    # The works are part of what stands when they are done.
    return (low, max(low, min(high, total[1])))


def _special_works(project: Project) -> Extent:
    declared = project.special_works
    sure = _WORKS.bits(*declared) if declared else 0
    if any(b.fire_hazard_class in _EXPLOSIVE for b in project.buildings or ()):
        sure |= _EXPLOSIVE_SITE  # 甲、乙类 (A16)
    possible = _EVERY_WORK if declared is None else sure
    if may_be_explosive(project):
        possible |= _EXPLOSIVE_SITE
    return (sure, possible)
