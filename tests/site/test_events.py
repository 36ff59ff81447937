"""What an event file may say, and what counts of it on a day."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawreview.errors import InputError
from drawreview.site.contradictions import contradictions
from drawreview.site.events import EVENT_ZH, EventFile
from drawreview.site.log import Finding, Known, Log
from drawreview.site.statement import read_log
from drawreview.site.stops import stops_of

EXAMPLES = Path(__file__).parents[2] / "examples"
LATE = date(2021, 12, 31)


def log(*events: str) -> Log:
    lines = "\n".join(f"  - {{{event}}}" for event in events)
    return read_log(f"schema: drawreview/events@1\nevents:\n{lines}\n", "e.yaml")


def known(*events: str, day: date = LATE) -> Known:
    return log(*events).known_on(day)


def findings(found: Known) -> tuple[Finding, ...]:
    return tuple(sorted(contradictions(found), key=lambda finding: finding.number))


def told(found: Known) -> list[str]:
    return [f"{entry.on:%m-%d} {entry.event.event}" for entry in found.counted]


@pytest.mark.parametrize("name", ["office_events.yaml", "housing_events.yaml"])
def test_the_examples_contradict_nothing(name: str) -> None:
    read = read_log((EXAMPLES / name).read_text(encoding="utf-8"), name)
    assert findings(read.known_on(LATE)) == ()
    assert read.out_of_order == ()


def test_json_says_the_same_as_yaml() -> None:
    text = json.dumps({"events": [{"on": "2021-03-02", "event": "permit_issued"}]})
    one, other = read_log(text, "e.json"), log("on: 2021-03-02, event: permit_issued")
    assert [e.event for e in one.entries] == [e.event for e in other.entries]


def test_every_event_has_a_chinese_name() -> None:
    mapping = EventFile.model_json_schema()["properties"]["events"]["items"]["discriminator"]
    assert set(mapping["mapping"]) == set(EVENT_ZH)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("on: 2021-03-02, event: permit_isued", "相近的有：permit_issued"),
        ("on: 2021-03-02", "缺少 event"),
        ("event: permit_issued", "events[0].on: 缺少这一项"),
        ("on: 2021-02-30, event: permit_issued", "没有这一天"),
        ("on: 2021-03-02, event: permit_issued, by: 王工", "不认识这个字段"),
        ("on: 2021-03-02, event: foundation_report_issued", "violations: 缺少这一项"),
        ("on: 2021-03-02, event: foundation_report_issued, violations: 否", "true 或 false"),
        ("on: 2021-03-02, event: fire_opinion_issued", "qualified: 缺少这一项"),
        ("on: 2021-03-02, event: spot_check_waived", "document: 缺少这一项"),
        ("on: 2021-03-02, event: stage_started, stage: roof", "base_slab（底板及以上）"),
        ("on: 2021-03-02, event: major_design_change, touches: []", "至少写一项"),
        ("on: 2021-03-02, event: correction, of: 1, why: 笔误", "二者居其一"),
        ("on: 2021-03-02, event: correction, of: 1, why: 笔误, withdrawn: true", "不在此前"),
    ],
)
def test_a_bad_entry_is_named_with_its_line(event: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        log(event)
    assert said in str(caught.value)
    assert str(caught.value).startswith("e.yaml:3: events[0]")


def test_json_is_placed_by_line_too() -> None:
    text = '{"events": [\n{"on": "2021-03-02", "event": "permit_issued"},\n{"event": "x"}]}'
    with pytest.raises(InputError) as caught:
        read_log(text, "e.json")
    assert str(caught.value).startswith("e.json:3: events[1].event: 「x」")


def test_a_file_without_events_is_told_where_to_begin() -> None:
    with pytest.raises(InputError) as caught:
        read_log("- 1", "e.yaml")
    named = next(word for word in caught.value.problems[0].remedy.split() if "/" in word)
    assert (EXAMPLES.parent / named).exists()


def test_every_bad_entry_is_named_at_once() -> None:
    with pytest.raises(InputError) as caught:
        log(
            "on: 2021-03-02, event: permit_isued",
            "on: 2021-03-02, event: spot_check_waived",
            "on: 2021-03-02, event: correction, of: 9, why: 笔误, withdrawn: true",
        )
    assert [p.place[:8] for p in caught.value.problems] == ["e.yaml:3", "e.yaml:4", "e.yaml:5"]


def test_a_correction_of_a_correction_is_refused() -> None:
    with pytest.raises(InputError, match="本身是更正"):
        log(
            "on: 2021-03-02, event: permit_issued",
            "on: 2021-03-03, event: correction, of: 1, why: 笔误, withdrawn: true",
            "on: 2021-03-04, event: correction, of: 2, why: 笔误, withdrawn: true",
        )


def test_a_correction_counts_from_the_day_it_was_made() -> None:
    read = log(
        "on: 2021-03-02, event: permit_issued",
        "on: 2021-03-09, event: correction, of: 1, why: 笔误, "
        "replaced_by: {on: 2021-03-05, event: permit_issued}",
    )
    assert told(read.known_on(date(2021, 3, 8))) == ["03-02 permit_issued"]
    assert told(read.known_on(date(2021, 3, 9))) == ["03-05 permit_issued"]
    assert told(read.known_on(date(2021, 3, 4), as_of=date(2021, 3, 9))) == []
    assert read.entries[0].event.on == date(2021, 3, 2)  # what was written stays


def test_the_last_correction_of_an_entry_holds() -> None:
    read = log(
        "on: 2021-03-02, event: permit_issued",
        "on: 2021-03-09, event: correction, of: 1, why: 误记, withdrawn: true",
        "on: 2021-03-10, event: correction, of: 1, why: 撤回有误, "
        "replaced_by: {on: 2021-03-02, event: permit_issued}",
    )
    assert told(read.known_on(date(2021, 3, 9))) == []
    assert "第 2 条更正撤回" in read.known_on(date(2021, 3, 9)).uncounted[0].why
    assert told(read.known_on(date(2021, 3, 10))) == ["03-02 permit_issued"]


def test_the_future_is_listed_but_not_counted() -> None:
    found = known("on: 2021-03-02, event: permit_issued", day=date(2021, 3, 1))
    assert told(found) == []
    assert [(entry.number, entry.place) for entry in found.uncounted] == [(1, "e.yaml:3")]
    assert "尚未发生" in found.uncounted[0].why


def test_an_entry_out_of_order_is_named_and_counts_by_its_day() -> None:
    read = log(
        "on: 2021-03-10, event: stage_started, stage: pit", "on: 2021-03-02, event: permit_issued"
    )
    (finding,) = read.out_of_order
    assert (finding.number, finding.place) == (2, "e.yaml:4")
    assert told(read.known_on(LATE)) == ["03-02 permit_issued", "03-10 stage_started"]


def test_a_corrected_entry_is_not_out_of_order() -> None:
    read = log(
        "on: 2022-03-10, event: stage_started, stage: pit",
        "on: 2021-03-11, event: correction, of: 1, why: 年份笔误, "
        "replaced_by: {on: 2021-03-10, event: stage_started, stage: pit}",
    )
    assert read.out_of_order == ()


@pytest.mark.parametrize(
    ("events", "said"),
    [
        (["event: review_certificate_issued"], "委托施工图审查」或「报送全套施工图"),
        (["event: site_progress_verified"], "审查合格书"),
        (["event: correction_finished"], "不停表"),
        (["event: foundation_report_issued, violations: false"], "报送全套施工图"),
        (
            ["event: spot_check_selected", "event: spot_check_waived, document: 抽查〔2021〕1号"],
            "又有「免于抽查」",
        ),
        (["event: permit_issued", "event: permit_issued"], "与第 1 条相同"),
    ],
)
def test_a_contradiction_is_named_with_its_line(events: list[str], said: str) -> None:
    found = known(*(f"on: 2021-03-02, {event}" for event in events))
    (finding,) = findings(found)
    assert said in finding.text
    assert finding.place == f"e.yaml:{2 + len(events)}"
    assert len(found.counted) == len(events)  # nothing is dropped


def test_a_certificate_over_noted_violations_is_named() -> None:
    start = "on: 2021-03-01, event: full_set_submitted"
    bad = "on: 2021-03-04, event: remaining_report_issued, violations: true"
    good = "on: 2021-03-08, event: remaining_report_issued, violations: false"
    certificate = "on: 2021-03-09, event: review_certificate_issued"
    (finding,) = findings(known(start, bad, certificate))
    assert "注明违反强制性标准" in finding.text
    assert findings(known(start, bad, good, certificate)) == ()


def test_a_spot_check_certificate_needs_the_rectification() -> None:
    events = (
        "on: 2021-03-01, event: spot_check_selected",
        "on: 2021-03-04, event: spot_check_opinion_issued, violations: true",
        "on: 2021-03-09, event: spot_check_certificate_issued",
    )
    (finding,) = findings(known(*events))
    assert finding.clause == "三(二)¶1s4"
    assert findings(known(*events, "on: 2021-03-08, event: rectification_accepted")) == ()


def test_a_second_beginning_does_not_move_the_first() -> None:
    found = known(
        "on: 2021-03-02, event: correction_started",
        "on: 2021-03-04, event: correction_started",
        "on: 2021-03-08, event: correction_finished",
    )
    (stop,) = stops_of(found).stops
    assert (stop.first, stop.last) == (date(2021, 3, 2), date(2021, 3, 8))
    assert "尚未完毕" in findings(found)[0].text


CORRECTIONS = st.lists(
    st.tuples(st.integers(1, 6), st.sampled_from(["correction_started", "correction_finished"])),
    max_size=8,
)


@given(CORRECTIONS, st.randoms())
def test_the_order_of_one_days_corrections_does_not_matter(
    events: list[tuple[int, str]], chance: object
) -> None:
    events.sort(key=lambda pair: pair[0])
    shuffled = events.copy()
    chance.shuffle(shuffled)  # pyright: ignore[reportAttributeAccessIssue]
    shuffled.sort(key=lambda pair: pair[0])

    def spans(pairs: list[tuple[int, str]]) -> list[tuple[date, date | None]]:
        found = known(*(f"on: 2021-03-0{day}, event: {name}" for day, name in pairs))
        return [(stop.first, stop.last) for stop in stops_of(found).stops]

    if events:
        assert spans(events) == spans(shuffled)


@given(st.integers(0, 17))
def test_any_prefix_of_a_log_gives_the_state_of_its_last_day(length: int) -> None:
    whole = read_log((EXAMPLES / "housing_events.yaml").read_text(encoding="utf-8"), "h.yaml")
    prefix = Log(whole.entries[:length])
    day = prefix.entries[-1].event.on if prefix.entries else date(2021, 1, 1)
    rest = [entry for entry in whole.entries[length:] if entry.event.on <= day]
    if not rest:
        assert whole.known_on(day).counted == prefix.known_on(day).counted
