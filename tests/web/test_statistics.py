from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawreview.engine.decide import decide
from drawreview.engine.document import written
from drawreview.legible import legible
from drawreview.project.statement import read_project
from drawreview.records.body import Actor, Circumstances, Superseded
from drawreview.records.record import record_decision, record_events
from drawreview.web.again import deadlines_again, gates_again
from drawreview.web.pages.statistics import _edges
from drawreview.web.recorded import Search, catch_up, found
from drawreview.web.security.roles import Role
from drawreview.web.spreadsheet import to_csv
from drawreview.web.statistics import (
    FIRST,
    LAST,
    UNDER,
    Histogram,
    Noted,
    noted,
    read,
    statistics,
    tail,
)
from drawreview.web.store import projects
from tests.records.conftest import unguarded
from tests.web.conftest import EXAMPLE, Site

ACTOR = Actor("user-1", "clerk", "web")


def called(name: str) -> tuple[str, str]:
    """The change that makes the example another project."""
    return "青山区某配套办公楼", name


def recorded(
    site: Site, *changes: tuple[str, str], on: str = "2021-03-01", instead_of: str | None = None
) -> str:
    text = EXAMPLE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    decision = decide(read_project(text, ""), on=date.fromisoformat(on))
    return record_decision(
        site.app.state.office.journal,
        decision,
        Circumstances(
            actor=ACTOR,
            supersedes=Superseded(instead_of, "面积写错") if instead_of else None,
        ),
    ).id


def counts(site: Site, role: Role = Role.AUDITOR, **asked: str) -> dict[str, Any]:
    answer = site.signed_in(role).get("/statistics/statistics.json", params=asked)
    assert answer.status_code == 200
    return answer.json()


def test_a_forged_number_of_a_record_is_not_counted_up_to(site: Site) -> None:
    record = recorded(site)
    office = site.app.state.office
    office.journal.close()
    with unguarded(Path(office.journal.store.name)) as connection:
        connection.execute("INSERT INTO record VALUES (?, 'x', x'7b7d', x'00')", (10**18,))
    office.journal.reopen()
    assert catch_up(office) == 1
    indexed, _ = found(office, Search())
    assert [one.id for one in indexed] == [record]


def noted_of(area: str) -> Noted:
    text = EXAMPLE.replace("1850.00", area)
    decision = decide(read_project(text, ""), on=date(2021, 3, 1))
    return noted(json.loads(written(decision.document)))


@pytest.mark.parametrize(
    ("area", "place"),
    [
        ("1899.9999", UNDER - 1),
        ("1900", UNDER),
        ("1999.9999", UNDER),
        ("2000", UNDER + 1),
        ("899.99", FIRST),
        ("999.99", FIRST),
        ("1000", FIRST + 1),
        ("2999.99", LAST - 1),
        ("3000", LAST),
        ("90000", LAST),
    ],
)
def test_exactly_2000_m2_lies_on_the_far_side_of_the_limit(area: str, place: int) -> None:
    assert ("total_floor_area_m2", "2000", place) in noted_of(area).bins


@pytest.mark.parametrize(
    ("value", "place"), [("2", UNDER), ("2.01", UNDER + 1), ("1.9", UNDER - 1)]
)
def test_a_value_at_a_limit_that_may_be_reached_lies_under_it(value: str, place: int) -> None:
    fact = {
        "fact": "building_height_m",
        "operator": "at_most",
        "limit": "2",
        "value": value,
        "distance": "0",
    }
    reason = {
        "clause": "二(一)1(1)",
        "phrase": "不超过",
        "truth": "true",
        "overridden_by": None,
        "facts": [fact],
    }
    assert noted({"reasons": [reason]}).bins == (("building_height_m", "2", place),)


def test_what_is_noted_reads_back() -> None:
    one = noted_of("2000")
    assert one.failed == ("总建筑面积小于2000平方米",)
    assert read(one.written()) == one


def test_the_bins_cover_every_percentage_once() -> None:
    edges = [_edges(at) for at in range(FIRST, LAST + 1)]
    assert edges[0] == (None, 50)
    assert edges[-1] == (150, None)
    assert all(left[1] == right[0] for left, right in pairwise(edges))
    assert _edges(UNDER) == (95, 100)


def test_a_decision_is_counted_by_month_district_and_path(site: Site) -> None:
    recorded(site)
    recorded(site, called("乙"), ("1850.00", "2850.00"), on="2021-04-02")
    recorded(site, ("150204", "150203"))
    found = counts(site)
    assert found["projects"] == found["decisions"] == 3
    assert sorted((p["month"], p["district"], p["review_path"]) for p in found["paths"]) == [
        ("2021-03", "150203", "exempt"),
        ("2021-03", "150204", "exempt"),
        ("2021-04", "150204", "deferred_review"),
    ]
    assert counts(site, first="2021-04")["projects"] == 1
    assert counts(site, last="2021-03", district="150203")["projects"] == 1


def test_a_project_decided_twice_without_superseding_counts_once_by_the_newer(site: Site) -> None:
    recorded(site)
    recorded(site, ("1850.00", "2850.00"), on="2021-04-02")
    found = counts(site)
    assert (found["projects"], found["decisions"]) == (1, 2)
    assert [p["review_path"] for p in found["paths"]] == ["deferred_review"]
    assert counts(site, last="2021-03")["projects"] == 0  # the newer one is of April
    page = site.signed_in(Role.AUDITOR).get("/statistics").text
    assert "1 个工程" in page
    assert "未被更正的决定共 2 个" in page


def test_a_superseded_decision_is_not_counted_beside_the_newer_one(site: Site) -> None:
    first = recorded(site, ("1850.00", "2850.00"))
    second = recorded(site, ("1850.00", "2750.00"), instead_of=first)
    assert counts(site)["lost_exemption"]["projects"] == 1
    recorded(site, instead_of=second)
    found = counts(site)
    assert [p["review_path"] for p in found["paths"]] == ["exempt"]
    assert found["lost_exemption"] == {
        "projects": 0,
        "phrases": {},
        "overridden": {"alone": 0, "together": 0, "unknown": 0},
    }


def test_the_phrases_that_failed_are_counted_alone_and_together(site: Site) -> None:
    recorded(site, ("1850.00", "2000.00"))
    recorded(site, called("乙"), ("1850.00", "2000.00"), ("11.40", "12.00"))
    found = counts(site)["lost_exemption"]
    assert found["projects"] == 2
    assert found["phrases"] == {
        "总建筑面积小于2000平方米": {"alone": 1, "together": 1, "unknown": 0},
        "总高度小于12米": {"alone": 0, "together": 1, "unknown": 0},
    }


def test_an_unknown_value_is_in_no_bin_and_is_told(site: Site) -> None:
    recorded(site, ("    floor_area_m2: 1850.00\n", ""))
    found = counts(site)
    area = found["distances"]["total_floor_area_m2"]
    assert area["unknown"] == 1
    assert sum(one["count"] for one in area["bins"]) == 0
    assert found["lost_exemption"]["phrases"]["总建筑面积小于2000平方米"]["unknown"] == 1


def test_a_clerk_counts_the_own_district_whatever_is_asked_for(site: Site) -> None:
    recorded(site)
    recorded(site, ("150204", "150203"))
    for asked in ({}, {"district": "150203"}, {"district": ""}):
        found = counts(site, Role.CLERK, **asked)
        assert {p["district"] for p in found["paths"]} == {"150204"}
    page = site.signed_in(Role.CLERK).get("/statistics?district=150203").text
    assert "昆都仑区" not in page
    assert "1 个工程" in page


@pytest.mark.parametrize("role", [Role.ANYONE, Role.ADMINISTRATOR])
def test_nobody_else_counts(site: Site, role: Role) -> None:
    for address in ("/statistics", "/statistics/paths.csv"):
        assert site.signed_in(role).get(address).status_code in {303, 403}


def test_overdue_reviews_are_those_that_are_late_today(site: Site) -> None:
    text = EXAMPLE.replace("1850.00", "2850.00")
    for district, day in (("150204", "2021-03-01"), ("150203", "2021-03-10")):
        number = projects.add(
            site.store,
            name="甲",
            district=district,
            file=text.replace("150204", district),
            by=1,
            at=0,
        )
        case = projects.numbered(site.store, number)
        assert case
        entries = "".join(
            f"  - {{on: {day}, event: {event}}}\n"
            for event in ("full_set_submitted", "staging_requested")
        )
        projects.happened(
            site.store, case, f"schema: drawreview/events@1\nevents:\n{entries}", at=0
        )
    site.clock.later(days=11)  # 2021-03-12: three working days are over for the first alone
    late = counts(site)["overdue"]
    assert {one["district"] for one in late} == {"150204"}
    foundation = [one for one in late if one["deadline"] == "foundation_report"]
    assert [one["count"] for one in foundation] == [1]
    assert counts(site, district="150203")["overdue"] == []


def test_overdue_reviews_recorded_without_a_window_are_counted_too(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = read_project(EXAMPLE.replace("1850.00", "2850.00"), "")
    law = site.app.state.office.rulebook
    for name, answered in (("甲", deadlines_again), ("乙", gates_again)):
        record_events(
            site.app.state.office.journal,
            project.model_copy(update={"name": name}),
            [
                {"event": event, "on": "2021-03-01"}
                for event in ("full_set_submitted", "staging_requested")
            ],
            answered,
            on=date(2021, 3, 1),
            rulebook=law,
            assume_in_force=False,
            actor=ACTOR,
        )
    assert counts(site)["overdue"] == []
    site.clock.later(days=11)
    foundation = [one for one in counts(site)["overdue"] if one["deadline"] == "foundation_report"]
    assert [(one["district"], one["count"]) for one in foundation] == [("150204", 2)]
    assert counts(site, district="150203")["overdue"] == []
    site.app.state.office.laws._loaded.clear()
    journal = site.app.state.office.journal
    monkeypatch.setattr(journal, "blob", lambda _: b"no rules")  # the rules of the records are lost
    counted = counts(site)
    assert (counted["overdue"], counted["overdue_not_reckoned"]) == ([], 2)


@pytest.mark.parametrize("file", ["paths", "reasons", "distances", "overdue"])
def test_every_table_is_a_csv_that_excel_opens(site: Site, file: str) -> None:
    recorded(site, ("1850.00", "2000.00"))
    answer = site.signed_in(Role.AUDITOR).get(f"/statistics/{file}.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len({len(row) for row in rows}) == 1
    assert re.search("[\u4e00-\u9fff]", rows[0][0])


@given(st.text(), st.integers())
def test_no_cell_of_a_csv_begins_a_formula(text: str, number: int) -> None:
    row = next(
        csv.reader(io.StringIO(to_csv([text], [[number]]).decode("utf-8-sig"), newline="")), [""]
    )
    cell = row[0] if row else ""
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert cell in {legible(text), legible(f"'{text}")}
    assert str(number).encode() in to_csv([], [[number]])


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_words_that_a_spreadsheet_would_reckon_with_get_an_apostrophe(start: str) -> None:
    assert (
        to_csv([f"{start}1"], []).decode("utf-8-sig").lstrip('"').startswith(legible(f"'{start}1"))
    )


def test_more_just_under_the_limit_than_chance_would_put_there_is_remarked() -> None:
    def of(left: int, under: int, right: int) -> str:
        found = Histogram()
        found.counts.update({UNDER - 1: left, UNDER: under, UNDER + 1: right})
        return found.bunching

    assert of(10, 11, 10) == "usual"
    assert of(10, 40, 2) == "more"
    assert of(40, 30, 20) == "usual"  # fewer and fewer, as sizes are
    assert of(3, 12, 3) == "few"
    assert of(0, 0, 0) == "few"
    assert of(30_000, 30_000, 30_000) == "usual"
    assert of(30_000, 40_000, 30_000) == "more"


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_chance_is_that_of_one_bin_in_three(given_: tuple[int, int]) -> None:
    from fractions import Fraction
    from math import comb

    least, of = given_
    exact = sum(
        comb(of, k) * Fraction(1, 3) ** k * Fraction(2, 3) ** (of - k) for k in range(least, of + 1)
    )
    if least > of / 3:
        assert tail(least, of) == pytest.approx(float(exact), rel=1e-9)
    else:
        assert exact > Fraction(1, 1000)
        assert tail(least, of) == 1


def test_groups_of_equal_decisions_count_as_often_as_they_were_made() -> None:
    one = noted_of("2000")
    many = statistics([("2021-03", "150204", "deferred_review", one, 3)])
    each = statistics([("2021-03", "150204", "deferred_review", one, 1)] * 3)
    assert many == each
    assert many.projects == 3


def test_the_page_says_in_words_and_numbers_what_it_draws(site: Site) -> None:
    for number in range(25):
        recorded(site, called(f"第 {number} 个"), ("1850.00", "1990.00"), ("11.40", "9.00"))
    for language in ("zh", "en"):
        client = site.signed_in(Role.AUDITOR)
        client.cookies.set("language", language)
        text = client.get("/statistics").text
        assert not re.search(r"<style|style=|\son\w+=", text)
        plots = re.findall(r'<svg class="plot".*?</svg>', text, flags=re.DOTALL)
        assert len(plots) == 5
        assert all('role="img"' in one and "<title" in one and "<desc" in one for one in plots)
        remark = {"zh": "界限下的一格偏多", "en": "More than usual just under the limit"}
        assert text.count(remark[language]) == 1


def test_hostile_words_of_a_record_stay_words(site: Site) -> None:
    site.signed_in(Role.AUDITOR).get("/statistics")
    site.store.rows(
        "INSERT INTO record VALUES (0, 'x', 'decision', '-', '2021-03-01', 'deferred_review', NULL,"
        " NULL, '=cmd|1', NULL, '-', NULL, NULL, NULL, NULL)"
    )
    site.store.rows(
        "INSERT INTO noted VALUES (0, ?)",
        Noted(('=HYPERLINK("//evil")<script>',), (), False, ()).written(),
    )
    client = site.signed_in(Role.AUDITOR)
    page = client.get("/statistics").text
    assert "<script>" not in page.replace("<script src", "")
    assert "'=HYPERLINK" in client.get("/statistics/reasons.csv").text
    assert ",'=cmd|1," in client.get("/statistics/paths.csv").text


def test_a_data_folder_of_before_gets_the_table_and_counts_what_it_holds(
    tmp_path: Path, make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    from drawreview.web.store import database

    with monkeypatch.context() as before:
        before.setattr(database, "_STEPS", database._STEPS[:1])
        database.open_store(tmp_path).close()
    site = make_site()
    assert site.store.one("PRAGMA user_version") == (len(database._STEPS),)
    recorded(site)
    assert counts(site)["projects"] == 1
