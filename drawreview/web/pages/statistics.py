"""Statistics of what was decided: as plots, as tables, as CSV and as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from drawreview.engine.document import PATH_ZH
from drawreview.project.facts import FACTS
from drawreview.project.kinds import DISTRICTS
from drawreview.site.words import SCHEDULE_WORDS
from drawreview.web import recorded
from drawreview.web.catalogue import Translate
from drawreview.web.download import download
from drawreview.web.office import language_of, office_of, page, said, who_asks
from drawreview.web.overdue import Overdue, overdue
from drawreview.web.refusal import RefusalError
from drawreview.web.security.guard import GuardedRoute
from drawreview.web.security.roles import Role
from drawreview.web.spreadsheet import to_csv
from drawreview.web.statistics import FIRST, LAST, PER_LIMIT, UNDER, Statistics, most, statistics

router: Final = APIRouter(route_class=GuardedRoute, include_in_schema=False)
_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_UNITS: Final = {"_m2": "㎡", "_m": "m"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the counts are narrowed to; nothing is left out by an empty part."""

    district: str
    first: str
    last: str

    @property
    def query(self) -> str:
        """The choice as the end of an address."""
        return f"?district={self.district}&first={self.first}&last={self.last}"


def _chosen(request: Request, district: str, first: str, last: str) -> Chosen:
    """Return what may be seen of what is asked for: a clerk sees the own district alone."""
    who = who_asks(request)
    if who.role is Role.CLERK:
        district = who.district or "-"
    elif district not in DISTRICTS:
        district = ""
    months = [month if _MONTH.fullmatch(month) else "" for month in (first, last)]
    return Chosen(district, *months)


def _search(chosen: Chosen) -> recorded.Search:
    return recorded.Search(
        district=chosen.district,
        first=f"{chosen.first}-01" if chosen.first else "",
        last=f"{chosen.last}-31" if chosen.last else "",
    )


def _counted(request: Request, chosen: Chosen) -> tuple[Statistics, Overdue]:
    office = office_of(request)
    return (
        statistics(recorded.groups(office, _search(chosen))),
        overdue(office, chosen.district or None),
    )


@router.get("/statistics")
def show(request: Request, district: str = "", first: str = "", last: str = "") -> Response:
    """Show the statistics."""
    chosen = _chosen(request, district, first, last)
    counted, late = _counted(request, chosen)
    language = language_of(request)
    return page(
        request,
        "statistics.html",
        chosen=chosen,
        counted=counted,
        standing=recorded.standing(office_of(request), _search(chosen)),
        late=late.late,
        not_reckoned=late.not_reckoned,
        paths=[(path, zh) for path, zh in PATH_ZH.items() if counted_of(counted, path)],
        districts=DISTRICTS,
        facts={
            name: FACTS[name].zh if language == "zh" else FACTS[name].en
            for name in counted.histograms
        },
        units={name: _unit(name) for name in counted.histograms},
        words=SCHEDULE_WORDS[language],
        bins=range(FIRST, LAST + 1),
        under=UNDER,
        edges=_edges,
        most=most,
    )


def counted_of(counted: Statistics, path: str) -> int:
    """Return how many projects took a path."""
    return sum(count for key, count in counted.paths.items() if key[2] == path)


def _unit(fact: str) -> str:
    return next(unit for end, unit in _UNITS.items() if fact.endswith(end))


def _edges(at: int) -> tuple[int | None, int | None]:
    """Return from which to which percentage of the limit a bin reaches."""
    step = 100 // PER_LIMIT
    return (at * step if at > FIRST else None), ((at + 1) * step if at < LAST else None)


@router.get("/statistics/{file}")
def kept(
    request: Request, file: str, district: str = "", first: str = "", last: str = ""
) -> Response:
    """Return one table as CSV, or all of them as JSON."""
    chosen = _chosen(request, district, first, last)
    if file == "statistics.json":
        standing = recorded.standing(office_of(request), _search(chosen))
        document = _document(chosen, standing, *_counted(request, chosen))
        content = json.dumps(document, ensure_ascii=False)
        return download(content.encode(), file, "application/json")
    table = _TABLES.get(file)
    if table is None:
        raise RefusalError(404, "没有这个页面。")
    counted, late = _counted(request, chosen)
    header, *rows = table(counted, late, said(request), SCHEDULE_WORDS[language_of(request)])
    return download(to_csv([str(name) for name in header], rows), file, "text/csv; charset=utf-8")


Line = tuple[str | int, ...]


def _paths(counted: Statistics, _late: Overdue, say: Translate, _words: Any) -> Iterator[Line]:  # noqa: ANN401
    yield say("月份"), say("旗县区代码"), say("旗县区"), say("审查方式"), say("工程数")
    for (month, district, path), count in sorted(counted.paths.items()):
        name = say(DISTRICTS[district]) if district in DISTRICTS else ""
        yield month, district, name, say(PATH_ZH.get(path, path)), count


def _causes(counted: Statistics, _late: Overdue, say: Translate, _words: Any) -> Iterator[Line]:  # noqa: ANN401
    yield say("条文"), say("只差这一项"), say("与别的一起"), say("未知")
    for phrase, cause in counted.causes_in_order:
        yield (phrase, *cause.counts)
    yield (say("各项都符合，但属特殊工程（或未知是否属于）"), *counted.overridden.counts)


def _distances(counted: Statistics, _late: Overdue, say: Translate, _words: Any) -> Iterator[Line]:  # noqa: ANN401
    yield say("事实"), say("自（界限的 %）"), say("至（界限的 %）"), say("工程数")
    for fact, histogram in counted.histograms.items():
        for at in range(FIRST, LAST + 1):
            low, high = _edges(at)
            yield (
                fact,
                "" if low is None else low,
                "" if high is None else high,
                histogram.counts[at],
            )
        yield fact, say("未知"), "", histogram.unknown


def _late(_counted: Statistics, late: Overdue, say: Translate, words: Any) -> Iterator[Line]:  # noqa: ANN401
    yield (
        say("旗县区代码"),
        say("旗县区"),
        say("期限"),
        say("读法"),
        say("逾期件数"),
        say("最长逾期（工作日）"),
    )
    for (district, what, reading), one in late.late.items():
        name = say(DISTRICTS[district])
        yield district, name, words[what], words.get(reading, ""), one.count, one.longest
    if late.not_reckoned:
        yield "", "", words["refused"], "", late.not_reckoned, ""


_TABLES: Final = {
    "paths.csv": _paths,
    "reasons.csv": _causes,
    "distances.csv": _distances,
    "overdue.csv": _late,
}


def _document(chosen: Chosen, standing: int, counted: Statistics, late: Overdue) -> dict[str, Any]:
    return {
        "schema": "drawreview/statistics@1",
        "chosen": asdict(chosen),
        "projects": counted.projects,
        "decisions": standing,
        "paths": [
            {"month": month, "district": district, "review_path": path, "count": count}
            for (month, district, path), count in sorted(counted.paths.items())
        ],
        "lost_exemption": {
            "projects": counted.lost,
            "phrases": {phrase: asdict(cause) for phrase, cause in counted.causes_in_order},
            "overridden": asdict(counted.overridden),
        },
        "distances": {
            fact: {
                "limits": sorted(histogram.limits),
                "bins": [
                    {"from_percent": low, "to_percent": high, "count": histogram.counts[at]}
                    for at in range(FIRST, LAST + 1)
                    for low, high in (_edges(at),)
                ],
                "unknown": histogram.unknown,
                "bunching": histogram.bunching,
                "chance": histogram.odds,
            }
            for fact, histogram in counted.histograms.items()
        },
        "overdue": [
            {"district": district, "deadline": what, "reading": reading or None, **asdict(one)}
            for (district, what, reading), one in late.late.items()
        ],
        "overdue_not_reckoned": late.not_reckoned,
    }
