"""What would change a path: verified, smallest, and never on paper alone."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drawreview import Decision, Project, decide
from drawreview.advice.design import FACTS_OF_THE_DESIGN, shares
from drawreview.advice.evasion import evasion_warnings
from drawreview.advice.side_by_side import flipped
from drawreview.advice.whatif import WEIGHT, Change, what_if
from drawreview.cli.changes import lines_of_changes, lines_side_by_side
from drawreview.errors import InputError
from drawreview.project.contradictions import contradictions
from drawreview.project.facts import FACTS
from tests.advice.projects import DAY, OFFICE, SAID, WAREHOUSE, building, decided, office
from tests.properties.projects import ON, filled, partial_project, place_of
from tests.unit.test_cli import run

DRAWN = re.compile(
    r"buildings\[\d+\]\.(floor_area_m2|height_m|highest_point_m|max_storey_height_m"
    r"|storeys_above_ground|partial_storeys|storeys_below_ground|underground_rooms"
    r"|fire_venues\[\d+\]\.floor_area_m2)"
)
STEP = {"m2": Decimal("0.0001"), "m": Decimal("0.001"), "": Decimal(1)}


def on(project: Project) -> Decision:
    return decide(project, on=DAY)


def told(change: Change) -> list[tuple[str, str, str]]:
    return [(s.edit.field, s.edit.old, s.edit.new) for s in change.steps]


def to(decision: Decision, path: str) -> list[Change]:
    return [change for change in what_if(decision).changes if change.to == path]


def test_fifty_square_metres_too_many() -> None:
    (change,) = to(on(office(building(floor_area_m2=2050))), "exempt")
    (step,) = (one.told() for one in change.steps)
    assert step == {
        "field": "buildings[0].floor_area_m2",
        "from": "2050",
        "to": "1999.9999",
        "by": "-50.0001",
        "unit": "㎡",
        "fact": "total_floor_area_m2",
        "clause": "二(一)1(1)",
        "phrase": "总建筑面积小于2000平方米",
    }


def test_every_limit_of_an_exempt_project_is_a_single_change() -> None:
    heavier = to(decided("exempt"), "deferred_review")
    assert [told(change)[0][2] for change in heavier] == ["2000", "12", "6", "3", "other"]
    assert all(len(change.needs) == 1 for change in what_if(decided("exempt")).changes)


def test_a_large_venue_is_made_smaller_to_its_limit_and_not_below() -> None:
    (change,) = to(decided("joint"), "exempt")
    assert told(change) == [("buildings[0].fire_venues[0].floor_area_m2", "620", "500")]


def test_two_and_three_facts_where_no_single_one_suffices() -> None:
    project = office(building(floor_area_m2=2050, storeys_above_ground=3, partial_storeys=1))
    (change,) = to(on(project), "exempt")
    assert {need.fact for need in change.needs} == {"total_floor_area_m2", "storeys_above_ground"}
    assert told(change) == [
        ("buildings[0].floor_area_m2", "2050", "1999.9999"),
        ("buildings[0].partial_storeys", "1", "0"),
        ("buildings[0].storeys_above_ground", "3", "2"),
    ]
    three = office(building(floor_area_m2=2050, storeys_above_ground=3, max_storey_height_m=6.5))
    assert len(to(on(three), "exempt")[0].needs) == 3
    four = office(
        building(floor_area_m2=2050, storeys_above_ground=3, max_storey_height_m=6.5, height_m=13)
    )
    assert to(on(four), "exempt") == []


def test_every_building_that_is_too_high_is_named_and_its_storeys_with_it() -> None:
    signed = {"value": True, "by": "王工", "on": "2021-02-18", "why": "办公与库房同属一个功能"}
    project = office(
        building(floor_area_m2=600, height_m=13),
        {**WAREHOUSE, "floor_area_m2": 500, "max_storey_height_m": 5},
        building(floor_area_m2=300, height_m=9),
        single_function=signed,
    )
    (change,) = to(on(project), "exempt")
    assert told(change) == [
        ("buildings[0].height_m", "13", "11.999"),
        ("buildings[1].height_m", "12.3", "11.999"),
    ]


def test_one_building_bears_the_surplus_if_half_of_it_is_left() -> None:
    (change,) = to(on(office(building(floor_area_m2=1200), building(floor_area_m2=900))), "exempt")
    assert told(change) == [("buildings[0].floor_area_m2", "1200", "1099.9999")]
    five = office(*[building(floor_area_m2=1000)] * 5)
    (change,) = to(on(five), "exempt")
    assert [new for _, _, new in told(change)] == ["400", "400", "400", "400", "399.9999"]


def test_a_storey_is_never_left_higher_than_its_building() -> None:
    project = office(building(height_m=12.5, max_storey_height_m=12.2, storeys_above_ground=1))
    for change in what_if(on(project)).changes:
        assert not list(contradictions(change.after.project))


def test_a_pit_is_left_out_and_a_pump_room_is_kept() -> None:
    rooms = [{"kind": "pump_room", "serves": "production"}, {"kind": "lift_pit"}]
    project = office(building(underground_rooms=rooms, storeys_below_ground=1))
    (change,) = to(on(project), "exempt")
    assert told(change) == [("buildings[0].underground_rooms", "pump_room、lift_pit", "pump_room")]
    alone = office(building(underground_rooms=[{"kind": "other"}], storeys_below_ground=1))
    (change,) = to(on(alone), "exempt")
    assert told(change)[1] == ("buildings[0].storeys_below_ground", "1", "0")


@pytest.mark.parametrize(
    "changes",
    [
        {"investment": "government"},
        {"single_function": False},
        {"simple_technique": False},
        {"special_works": ["archives_building"]},
    ],
)
def test_no_paper_change_is_proposed(changes: dict[str, Any]) -> None:
    assert to(on(office(**changes)), "exempt") == []


@pytest.mark.parametrize("name", ["undetermined", "gap", "after the trial", "prior"])
def test_where_no_design_decides_nothing_is_proposed(name: str) -> None:
    assert what_if(decided(name)).changes == ()


def test_an_open_fact_that_stands_in_the_way_is_named() -> None:
    project = office(building(floor_area_m2=2050), single_function=None)
    assert what_if(on(project)).opened == ("single_function",)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6), st.integers(0, 240), st.data())
def test_shares_take_off_the_surplus_and_no_more(
    amounts: list[int], surplus: int, data: st.DataObject
) -> None:
    floors = [data.draw(st.integers(0, amount)) for amount in amounts]
    left = shares(amounts, floors, surplus)
    if left is None:
        assert sum(amounts) - sum(floors) < surplus
    else:
        assert sum(left) == sum(amounts) - surplus
        assert all(f <= one <= a for f, one, a in zip(floors, left, amounts, strict=True))


def with_field(project: Project, field: str, value: object) -> Project | None:
    """Return the project with one number of a building, or of a venue, at another value."""
    _, place, *rest = map(str, place_of(field))
    built = list(project.buildings or ())
    one = built[int(place)]
    if len(rest) == 1:
        changed = one.model_copy(update={rest[0]: value})
    else:
        venues = list(one.fire_venues or ())
        index = int(rest[1])
        venues[index] = venues[index].model_copy(update={rest[2]: value})
        changed = one.model_copy(update={"fire_venues": tuple(venues)})
    built[int(place)] = changed
    return project.model_copy(update={"buildings": tuple(built)})


def check_changes(seed: int, counted: Counter[str] | None = None) -> None:
    """Every change reaches its path, is drawn, lawful, minimal, and contains no smaller set."""
    random = Random(seed)
    stated = (
        filled(random, {"district": "150204"}, kind=random.choice([0.5, 0.7, 0.9, 0.97]))
        if random.random() < 0.9
        else partial_project(random)
    )
    project = Project.model_validate(stated)
    decision = decide(project, on=ON)
    found = what_if(decision)
    count: Counter[str] = Counter() if counted is None else counted
    count["projects"] += 1
    count["projects with a change"] += bool(found.changes)
    for path in WEIGHT:
        sizes = {len({s.edit.fact for s in c.steps}) for c in found.changes if c.to == path}
        assert len(sizes) <= 1, (seed, path)
    for change in found.changes:
        count[f"changes of {len(change.needs)}"] += 1
        changed = change.after.project
        assert decide(changed, on=ON).review_path == change.to != decision.review_path, seed
        assert not list(contradictions(changed)), seed
        Project.model_validate(changed.model_dump())
        for step in change.steps:
            edit = step.edit
            assert DRAWN.fullmatch(edit.field), seed
            assert edit.fact in FACTS_OF_THE_DESIGN, seed
            if edit.fact == "basement":
                continue  # a storey below ground goes with its rooms
            # One step back, and the change no longer suffices, or the building cannot be built.
            value, by = Decimal(edit.new), Decimal(edit.by or 0)
            unit = next((u for u in ("m2", "m") if edit.field.endswith(f"_{u}")), "")
            back = value - STEP[unit].copy_sign(by)
            less = with_field(changed, edit.field, back if unit else int(back))
            assert less is not None
            count["steps back"] += 1
            short = any(contradictions(less)) or decide(less, on=ON).review_path != change.to
            assert short, (seed, edit)
        # No single need of a set suffices.
        for need in change.needs if len(change.needs) > 1 else ():
            own = [s.edit for s in change.steps if s.edit.fact == need.fact]
            alone: Project | None = project
            for edit in own:
                if alone and edit.kind:
                    number = Decimal(edit.new)
                    whole = edit.field.endswith(("storeys", "ground"))
                    alone = with_field(alone, edit.field, int(number) if whole else number)
            if alone and own and all(edit.kind for edit in own):
                assert decide(alone, on=ON).review_path != change.to, (seed, need)


LIMITS = {
    "floor_area_m2": ("500", "1000", "2000", "2500", "10000", "15000", "20000", "40000"),
    "height_m": ("12", "50", "54"),
    "max_storey_height_m": ("6",),
    "storeys_above_ground": ("2",),
}


def check_against_every_single_field(seed: int, counted: Counter[str] | None = None) -> None:
    """Where one field of a building alone reaches another path, no larger change is proposed."""
    random = Random(seed)
    one = {"buildings": [{}], "category": "building", "district": "150204"}
    stated = filled(random, one, kind=random.choice([0.7, 0.9, 0.97]))
    project = Project.model_validate(stated)
    decision = decide(project, on=ON)
    if decision.review_path not in WEIGHT:
        return
    count: Counter[str] = Counter() if counted is None else counted
    proposed: dict[tuple[str, str], Decimal] = {}
    for change in what_if(decision).changes:
        fields = {s.edit.field: abs(Decimal(s.edit.by or 0)) for s in change.steps}
        if len(fields) == 1:
            (field,) = fields
            key = (change.to, field.rpartition(".")[2])
            proposed[key] = min(fields[field], proposed.get(key, fields[field]))
    for name, limits in LIMITS.items():
        step = STEP["m2" if name.endswith("m2") else "m" if name.endswith("_m") else ""]
        now = Decimal(stated["buildings"][0][name])
        for limit in limits:
            for value in (Decimal(limit) - step, Decimal(limit), Decimal(limit) + step):
                whole = int(value) if step == 1 else value
                other = with_field(project, f"buildings[0].{name}", whole)
                if other is None or value == now or any(contradictions(other)):
                    continue
                count["single fields tried"] += 1
                path = decide(other, on=ON).review_path
                if path != decision.review_path:
                    assert proposed[path, name] <= abs(value - now), (seed, name, value)
                    count["single fields that reach another path"] += 1


@settings(
    deadline=None,
    max_examples=100,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.integers(0, 2**40))
def test_no_single_field_reaches_another_path_by_less(seed: int) -> None:
    check_against_every_single_field(seed)


@settings(
    deadline=None,
    max_examples=150,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.integers(0, 2**40))
def test_every_change_of_random_projects_holds_and_none_is_too_large(seed: int) -> None:
    check_changes(seed)


@pytest.mark.full
def test_every_change_of_very_many_projects_holds_and_none_is_too_large() -> None:
    counted: Counter[str] = Counter()
    for seed in range(10_000):
        check_changes(seed, counted)
        check_against_every_single_field(seed, counted)
    print(f"\nwhatif, seeds 0 to 9999: {dict(counted)}")
    assert counted["projects with a change"] > 2_500


def test_the_facts_of_the_design_are_facts() -> None:
    assert set(FACTS) >= FACTS_OF_THE_DESIGN


def warned(project: Project, *others: Project) -> list[str]:
    decision = on(project)
    beside = [(f"{number}.yaml", other) for number, other in enumerate(others)]
    return [w.text for w in evasion_warnings(decision, what_if(decision), beside)]


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [({"investment": "government"}, "社会投资"), ({"simple_technique": False}, "技术要求简单")],
)
def test_what_no_drawing_can_change_is_said_to_bar_the_way(
    changes: dict[str, Any], phrase: str
) -> None:
    decision = on(office(**changes))
    lines = list(lines_of_changes(decision, what_if(decision), (), alone=True))
    said = f"改面积、高度、层数、地下室不能走免于审查：〔二(一)1(1)〕「{phrase}」不成立。"
    assert said in lines


HAN = re.compile("[一-鿿]")
QUOTED = re.compile(r"「[^」]*」|\[[^]]*\]|附件|尾s4")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"investment": "government"},
        {"investment": None},
        {"special_works": ["tunnel"]},
        {"review_commissioned_on": date(2020, 11, 1)},
        {
            "buildings": [building(name="A", floor_area_m2=2050, storeys_above_ground=3)],
        },
    ],
)
def test_in_english_only_the_law_and_the_file_speak_chinese(changes: dict[str, Any]) -> None:
    decision = on(office(**{"name": "x", "buildings": [building(name="A")], **changes}))
    found = what_if(decision)
    warnings = evasion_warnings(decision, found, (), lang="en")
    other = on(office(investment="government", special_works=None))
    turned = flipped(decision, other, lang="en")
    lines = [
        *lines_of_changes(decision, found, warnings, alone=True, lang="en"),
        *lines_side_by_side(decision, other, turned, ["investment"], lang="en"),
    ]
    for line in lines:
        assert not HAN.search(QUOTED.sub("", line)), line


def test_a_concluded_fact_is_open_and_not_left_out() -> None:
    before, after = on(office()), on(office(special_works=None))
    (special,) = (f for f in flipped(before, after) if f.clause == "二(一)2")
    assert (special.value_before, special.value_after) == ("特殊建设工程：否", "特殊建设工程：未定")


def test_a_value_just_under_its_limit_is_a_risk_of_evasion() -> None:
    assert "再多0.01㎡即为审查后置" in warned(office(building(floor_area_m2=1999.99)))[0]
    assert warned(office()) == []
    assert "只差10.0001㎡即为免于审查" in warned(office(building(floor_area_m2=2010)))[0]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("某园区一期", "一期"),
        ("某厂3标段", "3标段"),
        ("某学校B区附属楼", "B区"),
        ("12号地块门卫", "12号地块"),
    ],
)
def test_a_name_that_tells_of_parts_is_a_risk_of_evasion(name: str, part: str) -> None:
    assert f"「{part}」" in warned(office(name=name))[0]


@pytest.mark.parametrize(
    "name", ["青山区办公楼", "稀土高新区管理用房", "九原区门卫", "东河区周期车间"]
)
def test_a_districts_name_does_not(name: str) -> None:
    assert warned(office(name=name)) == []


def test_two_parts_of_one_site_are_held_together() -> None:
    first, second = office(name="某园区一期"), office(name="某园区二期")
    (text,) = warned(first, second)
    assert text.startswith("规避风险")
    assert "合并总建筑面积3700㎡" in text
    assert "合并后为审查后置，单独申报为免于审查" in text


def test_another_owner_or_another_site_is_another_project() -> None:
    other_owner = office(project_owner={"name": "另一家公司"})
    other_site = office(name="别处", address="别处", project_code="2102-150204-04-01-999999")
    assert warned(office(), other_owner, other_site) == []
    small = office(building(floor_area_m2=100), name="门卫")
    (text,) = warned(office(building(floor_area_m2=100)), small)
    assert not text.startswith("规避风险")


def test_a_projects_own_file_is_no_other_part() -> None:
    assert warned(office(), office()) == []


def test_a_part_that_says_nothing_of_its_buildings_leaves_the_whole_open() -> None:
    (text,) = warned(office(), office().model_copy(update={"buildings": None}))
    assert "合并后为待补充" in text


def test_the_command_tells_changes_as_data_and_as_text(tmp_path: Any) -> None:
    over = tmp_path / "over.yaml"
    over.write_text(OFFICE.read_text(encoding="utf-8").replace("1850.00", "2050"), encoding="utf-8")
    done = run("whatif", str(over), "--on", "2021-03-01", "--format", "json")
    assert done.returncode == 0
    data = json.loads(done.stdout)
    assert data["path"] == "deferred_review"
    assert data["changes"][0]["verified"] is True
    assert data["changes"][0]["steps"][0]["by"] == "-50.0001"
    text = run("whatif", str(over), "--on", "2021-03-01").stdout
    assert "总建筑面积减少 50.0001㎡ 以上  〔二(一)1(1)〕「总建筑面积小于2000平方米」" in text
    done = run(
        *("whatif", str(over), "--on", "2021-03-01", "--format", "json"),
        *("--set", "floor_area_m2=1999", "--tolerance", "area=1%,height=50mm"),
    )
    data = json.loads(done.stdout)
    assert (data["before"]["review_path"], data["after"]["review_path"]) == (
        "deferred_review",
        "exempt",
    )
    assert next(one["phrase"] for one in data["flipped"]) == "总建筑面积小于2000平方米"
    assert not data["tolerance"]["survives"]
    assert done.returncode == 1


def test_the_command_says_all_that_is_wrong_with_its_options() -> None:
    done = run(
        *("whatif", str(OFFICE), "--on", "2021-03-01", "--set", "flor=1"),
        *("--set", "buildings[3].height_m=2", "--set", "x", "--set", "name.a.b=1"),
    )
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.count("--set ") >= 4
    done = run("whatif", str(OFFICE), "--set", "floor_area_m2=-1", "--on", "2021-03-01")
    assert (done.returncode, "必须大于 0" in done.stderr) == (3, True)
    done = run("whatif", str(OFFICE), "--others", "nope.yaml", "--others", "none.yaml")
    assert (done.returncode, done.stderr.count("没有这个文件")) == (3, 2)
    assert run("whatif", str(OFFICE), "--set", "a=1", "--others", "x").returncode == 2


def test_short_names_serve_one_building_only() -> None:
    from drawreview.project.assignments import assigned
    from drawreview.project.from_yaml import Written

    one = Written({**SAID, "buildings": [building()]}, {}, "a.yaml")
    changed, fields = assigned(
        one, ["floor_area_m2=1999.5", "permit.land_papers=false", "height_m="]
    )
    assert fields == ("buildings[0].floor_area_m2", "permit.land_papers", "buildings[0].height_m")
    assert changed.data["buildings"][0]["floor_area_m2"] == Decimal("1999.5")
    assert changed.data["buildings"][0]["height_m"] is None
    assert one.data["buildings"][0]["floor_area_m2"] == SAID["buildings"][0]["floor_area_m2"]
    two = Written({**SAID, "buildings": [building(), building()]}, {}, "a.yaml")
    with pytest.raises(InputError, match="2 栋"):
        assigned(two, ["floor_area_m2=1999"])
    room = "buildings[0].underground_rooms[0].kind=lift_pit"
    assert assigned(one, [room])[0].data["buildings"][0]["underground_rooms"] == [
        {"kind": "lift_pit"}
    ]
