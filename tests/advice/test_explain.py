"""The picture of a decision: every phrase, every value, and bytes that stay the same."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from drawreview import decide
from drawreview.advice.explain import Node, svg_of, tree_of
from drawreview.engine.document import PATH_ZH
from tests.advice.projects import DAY, OFFICE, PROJECTS, building, decided, office
from tests.unit.test_cli import run

SVG = "{http://www.w3.org/2000/svg}"


def nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from nodes(child)


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - a picture of our own


def written(svg: str) -> str:
    """Return all text of a picture, without the breaks between its lines."""
    return "".join(text.text or "" for text in parsed(svg).iter(f"{SVG}text"))


@pytest.mark.parametrize("name", PROJECTS)
def test_the_picture_is_plain_svg_that_says_what_the_decision_says(name: str) -> None:
    decision = decided(name)
    svg = svg_of(decision)
    root = parsed(svg)
    assert root.get("viewBox")
    assert root.get("role") == "img"
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert title.text
    assert desc.text
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert PATH_ZH[decision.review_path] in title.text
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in {
            "svg",
            "title",
            "desc",
            "rect",
            "path",
            "g",
            "circle",
            "text",
        }
        assert not [
            key for key in element.attrib if key.startswith("on") or key in {"style", "href"}
        ]
    text = written(svg)
    for node in nodes(tree_of(decision)):
        assert node.words.replace(" ", "") in text.replace(" ", "")
        assert (node.value or "").replace(" ", "") in text.replace(" ", "")


@pytest.mark.parametrize("name", PROJECTS)
def test_nothing_is_drawn_outside_the_picture(name: str) -> None:
    root = parsed(svg_of(decided(name)))
    width, height = map(float, (root.get("viewBox") or "").split()[2:])
    for rect in root.iter(f"{SVG}rect"):
        x, y, w, h = (float(rect.get(key, "0")) for key in ("x", "y", "width", "height"))
        assert min(x, y) >= 0
        assert x + w <= width
        assert y + h <= height
    for text in root.iter(f"{SVG}text"):
        assert 0 < float(text.get("y", "0")) < height


def test_the_same_decision_gives_the_same_bytes_and_another_other_ids() -> None:
    assert svg_of(decided("exempt")) == svg_of(decided("exempt"))
    ids = {re.findall(r' id="([^"]+)"', svg_of(decided(name)))[0] for name in PROJECTS}
    assert len(ids) == len(PROJECTS)


def test_the_rule_that_decided_is_lit_and_the_one_it_overrides_is_struck() -> None:
    rules = {rule.clause: rule for rule in tree_of(decided("joint")).children}
    assert rules["二(一)2"].decides
    assert rules["二(一)2"].live
    assert rules["二(一)1(1)"].truth == "true"
    assert not rules["二(一)1(1)"].live
    assert rules["二(一)1(1)"].struck_by == "二(一)2"
    (phrase,) = rules["二(一)2"].children
    met = [child for child in phrase.children if child.kind == "rule"]
    assert [one.clause for one in met if one.live] == [
        "住房和城乡建设部令第51号 第十四条(六)",
        "住房和城乡建设部令第51号 第十四条(十一)",
    ]
    assert met[0].children[0].value == "620㎡"
    assert met[0].children[0].limit == "500㎡"
    assert "text-decoration" in svg_of(decided("joint"))


@pytest.mark.parametrize("name", ["undetermined", "gap", "after the trial"])
def test_nothing_is_lit_as_long_as_no_class_of_review_is_decided(name: str) -> None:
    tree = tree_of(decided(name))
    assert tree.truth == "unknown"
    assert not [n for n in nodes(tree) if n.live and n.kind == "rule"]


def test_what_may_prevail_is_told_apart_from_what_does() -> None:
    open_day = decide(office(review_commissioned_on=None), on=DAY)
    rules = {rule.clause: rule for rule in tree_of(open_day).children}
    exempting = rules["二(一)1(1)"]
    assert (exempting.truth, exempting.struck_by, exempting.may_yield_to) == ("true", None, "尾s3")
    assert "可能被 尾s3 优先" in written(svg_of(open_day))
    assert "text-decoration" not in svg_of(open_day)


def test_of_several_buildings_the_one_that_counts_is_named() -> None:
    found = {n.words: n for n in nodes(tree_of(decided("several buildings"))) if n.kind == "phrase"}
    assert found["总高度小于12米"].value == "12.3m（库房）"
    assert found["总建筑面积小于2000平方米"].value == "2100.5㎡"
    assert found["不超过二层"].value == "2层"


def test_on_a_day_without_law_the_branches_are_marked_as_supposed() -> None:
    assert "假如本文件有效" in (tree_of(decided("after the trial")).value or "")
    assert "假如本文件有效" in written(svg_of(decided("after the trial")))


def test_an_open_phrase_says_what_would_settle_it() -> None:
    found = {n.words: n for n in nodes(tree_of(decided("undetermined"))) if n.kind == "phrase"}
    assert found["总高度小于12米"].missing == ("buildings[0].height_m",)
    assert found["总高度小于12米"].value == "未填"
    assert found["技术要求简单"].value == "已声明，待署名认定"


def test_a_contested_phrase_names_its_question() -> None:
    pit = decide(office(building(underground_rooms=[{"kind": "lift_pit"}])), on=DAY)
    found = {n.clause: n for n in nodes(tree_of(pit)) if n.questions and n.kind == "phrase"}
    assert found["二(一)1(1)"].words.startswith("无地下室")
    assert found["二(一)1(1)"].questions == ("A12",)
    assert "取决于待定解释 A12" in written(svg_of(pit))


def test_names_that_look_like_markup_or_hold_what_xml_forbids_do_no_harm() -> None:
    name = '</svg><script>alert("x")</script>\x01&\ufffe'  # which no file can state
    svg = svg_of(decide(office().model_copy(update={"name": name}), on=DAY))
    parsed(svg)
    assert "<script" not in svg


def test_english_keeps_the_laws_words() -> None:
    done = run("explain", str(OFFICE), "--on", "2021-03-01", "--lang", "en")
    assert done.stdout.startswith("✓ Review path: exempt from review")
    assert "总建筑面积小于2000平方米" in done.stdout
    assert "1850 m²" in done.stdout


def test_the_picture_is_written_to_the_file_that_is_named(tmp_path: Path) -> None:
    place = tmp_path / "picture.svg"
    done = run("explain", str(OFFICE), "--on", "2021-03-01", "-o", str(place))
    assert done.stdout == f"{place}\n"
    shown = run("explain", str(OFFICE), "--on", "2021-03-01", "--format", "svg")
    assert place.read_text(encoding="utf-8") == shown.stdout == svg_of(decided("exempt"))
    assert run("explain", str(OFFICE), "-o", str(place), "--format", "text").returncode == 2
    assert (
        run("explain", str(OFFICE), "-o", f"{OFFICE}/x.svg", "--on", "2021-03-01").returncode == 3
    )
    assert run("explain", str(OFFICE), "--on", "2022-03-01").returncode == 4
