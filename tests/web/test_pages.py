from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, nodes

from drawreview.project.places import path_of
from drawreview.project.statement import read_project
from drawreview.web.catalogue import catalogue
from drawreview.web.form.project_file import data_of, to_yaml
from drawreview.web.security.guessable import common_passwords
from drawreview.web.security.headers import CONTENT_POLICY
from drawreview.web.security.passwords import problems_of
from tests.web.conftest import EXAMPLE, PASSWORD, Site
from tests.web.words import WEB, strings

_HAN = re.compile(r"[\u4e00-\u9fff]")


def test_every_string_is_in_the_catalogue_with_the_same_blanks() -> None:
    def blanks(text: str) -> set[str]:
        return set(re.findall(r"\{\w+\}", text))

    known = catalogue("en")
    used = {text for text in strings() if text and _HAN.search(text)}
    assert used - set(known) == set()
    assert {t for t in known if _HAN.search(t)} - used == set()
    assert [text for text in used if blanks(text) != blanks(known[text])] == []


@pytest.mark.parametrize("file", sorted((WEB / "templates").glob("*.html")), ids=lambda p: p.name)
def test_no_template_says_anything_past_the_catalogue(file: Path) -> None:
    tree = Environment(autoescape=True).parse(file.read_text(encoding="utf-8"))
    literal = "".join(str(data.data) for data in tree.find_all(nodes.TemplateData))
    text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", literal, flags=re.DOTALL)
    said = re.findall(r"[A-Za-z\u4e00-\u9fff]{2,}", re.sub(r"&\w+;", " ", text))
    assert said == []
    attributes = re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', literal)
    assert [value for value in attributes if re.search(r"[A-Za-z\u4e00-\u9fff]{2,}", value)] == []


def test_every_answer_carries_the_headers(site: Site) -> None:
    client = site.anyone()
    for address in ("/", "/law/baotou_2021_8", "/nowhere", "/static/style.css", "/admin"):
        headers = client.get(address).headers
        assert headers["content-security-policy"] == CONTENT_POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert "server" not in headers
    assert client.get("/").headers["cache-control"] == "no-store"
    assert "immutable" in client.get("/static/style.css").headers["cache-control"]


def test_no_page_carries_script_or_style_of_its_own(site: Site) -> None:
    client = site.anyone()
    for address in ("/", "/assess", "/law/baotou_2021_8", "/law/questions", "/login"):
        text = client.get(address).text
        assert not re.search(r"<style|style=|\son\w+=|<script(?![^>]*src=)", text), address
        assert not re.search(r'(?:src|href)="(?:https?:)?//', text), address


def test_an_upload_longer_than_a_megabyte_is_refused(site: Site) -> None:
    client = site.anyone()
    long = {"file": ("long.yaml", b"a" * 1_100_000)}
    assert client.post("/assess/open", files=long).status_code == 413

    def pieces():
        for _ in range(20):
            yield b"x" * 100_000

    answer = client.post(
        "/assess", content=pieces(), headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 413


def test_the_language_can_be_chosen_and_no_foreign_address_be_reached(site: Site) -> None:
    client = site.anyone()
    for back, to in (
        ("/law", "/law"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil", "/"),
    ):
        answer = client.get("/language/en", params={"back": back})
        assert answer.headers["location"] == to
    assert "Must this project" in client.get("/").text


def test_each_sentence_of_the_law_can_be_read_word_for_word(site: Site) -> None:
    from html import unescape

    law = site.app.state.office.rulebook
    client = site.anyone()
    for document in law.documents:
        text = client.get(f"/law/{document.id}").text
        read = re.findall(r'<p class="words"[^>]*>(.*?)</p>', text, flags=re.DOTALL)
        words = [unescape(re.sub(r"<sup>.*?</sup>|<[^>]+>", "", one)) for one in read]
        assert words == list(document.clauses.values())


def form_of(text: str) -> dict[str, str]:
    """What a browser would send of a page of the form, without a button."""
    from html import unescape

    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", text):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="(\w+)"', tag)
        if name and (kind is None or kind[1] not in {"radio", "checkbox"} or " checked" in tag):
            found[unescape(name[1])] = unescape(value[1]) if value else "on"
    for name, inside in re.findall(
        r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', text, flags=re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', inside)
        found[unescape(name)] = chosen[1] if chosen else ""
    area = re.search(r'<textarea name="project" hidden>(.*?)</textarea>', text, flags=re.DOTALL)
    if area:
        found["project"] = unescape(area[1])
    return found


def test_a_project_file_passes_through_every_page_of_the_form_unchanged(site: Site) -> None:
    client = site.anyone()
    page = client.post(
        "/assess/open", files={"file": ("甲.yaml", EXAMPLE)}, data={"on": "2021-03-01"}
    )
    assert "免于审查" in page.text
    form = {**form_of(page.text), "do": "go:project"}
    for _ in range(7):
        page = client.post("/assess", data=form)
        assert page.status_code == 200, page.text
        form = {**form_of(page.text), "do": "next"}
    assert form["at"] == "design"
    saved = client.post("/assess", data={**form, "do": "file"})
    assert "filename*=UTF-8''" in saved.headers["content-disposition"]
    assert read_project(saved.text, "") == read_project(EXAMPLE, "")


def test_a_wrong_number_is_told_at_its_field_and_nothing_is_lost(site: Site) -> None:
    client = site.anyone()
    page = client.post("/assess/open", files={"file": ("甲.yaml", EXAMPLE)})
    page = client.post("/assess", data={**form_of(page.text), "do": "go:building-0"})
    form = form_of(page.text) | {
        "buildings[0].floor_area_m2": "一千",
        "buildings[0].height_m": "11.4001",
        "do": "next",
    }
    page = client.post("/assess", data=form)
    assert page.status_code == 422
    assert 'href="#buildings[0].floor_area_m2"' in page.text
    assert form_of(page.text)["buildings[0].floor_area_m2"] == "一千"
    assert form_of(page.text)["buildings[0].max_storey_height_m"] == "4.20"


@pytest.mark.parametrize(
    ("language", "apart"),
    [
        ("zh", "－ 不适用 不适用（非房屋建筑工程）"),
        ("en", "－ does not apply not applicable (not a building)"),
    ],
)
def test_the_limits_of_buildings_do_not_apply_to_a_road(
    site: Site, language: str, apart: str
) -> None:
    road = (
        'schema: drawreview/project@1\nname: 某路\ndistrict: "150204"\ninvestment: non_government\n'
        "category: municipal\nworks: new_build\nspecial_works: []\n"
        "review_commissioned_on: not_commissioned\n"
    )
    client = site.anyone()
    client.cookies.set("language", language)
    form = {"on": "2021-03-01"}
    page = client.post("/assess/open", files={"file": ("路.yaml", road)}, data=form).text
    row = page[page.index('<span class="truth truth-apart">') :]
    row = re.sub(r"<[^>]+>", " ", row[: row.index("</tr>")])
    told = " ".join(row.replace("二(一)1(1)", "").replace("总建筑面积小于2000平方米", "").split())
    assert told == apart


def test_the_letter_of_a_self_assessment_says_what_it_is(site: Site) -> None:
    client = site.anyone()
    page = client.post(
        "/assess/open", files={"file": ("甲.yaml", EXAMPLE)}, data={"on": "2021-03-01"}
    )
    letter = client.post("/assess", data={**form_of(page.text), "do": "letter:pdf"})
    assert letter.content.startswith(b"%PDF")
    import io

    from pypdf import PdfReader

    for sheet in PdfReader(io.BytesIO(letter.content)).pages:
        assert "自评·未经窗口决定" in sheet.extract_text()


def test_hostile_words_stay_words(site: Site) -> None:
    hostile = EXAMPLE.replace("青山区某配套办公楼", '"<script>alert(1)</script>{{7*7}}\'&"')
    page = site.anyone().post("/assess/open", files={"file": ("甲.yaml", hostile)})
    assert "<script>alert" not in page.text
    assert "{{7*7}}" in page.text


@pytest.mark.parametrize(
    "text",
    [
        'name: "是: 否 # 不"',
        "name: 'true'",
        'address: "2021"',
        'name: "- a\\n  b"',
        "buildings: [{}]",
        "hints: []",
    ],
)
def test_what_is_written_into_a_project_file_is_read_back(text: str) -> None:
    data = data_of(text, "")
    assert data_of(to_yaml(data), "") == {"schema": "drawreview/project@1", **data}


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "password1234",
        "aaaaaaaaaaaaaaaa",
        "123456789012",
        "qwertyuiopas",
        "drawreview2021",
        "青山窗口青山窗口青山窗口",
        "P@ssw0rd20210301",
        "zhangwei19880808",
        "dragon2021monkey!",
        "138472012340472",
        "我爱你包头2021年!!",
    ],
)
def test_passwords_that_everybody_tries_are_refused(password: str) -> None:
    assert problems_of(password, about=("青山窗口",))


def test_each_of_ten_thousand_common_passwords_is_refused_however_it_is_made_longer() -> None:
    common = common_passwords()
    assert len(common) == 10_000
    made = [f"{word}{'2021!'[: 1 + at % 5]}{word}"[:60] for at, word in enumerate(common)]
    assert [word for word in made if not problems_of(word.ljust(12, "1"))] == []


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        PASSWORD,
        "woxihuanchihuimian",
        "S56wJmJA57PAaAJ1f1Jx",
        "DfVtVuCKgT84SKRYXS06",
    ],
)
def test_a_sentence_is_a_password(password: str) -> None:
    assert problems_of(password) == []


def answer_to(page: str) -> dict[str, str]:
    """What the office of the example would answer."""
    told = read_project(EXAMPLE, "")
    form = {k: v for k, v in form_of(page).items() if k != "said"}
    field = form["field"]
    if field == "buildings":
        return form | {"said": "1", "do": "answer"}
    part: Any = told
    for step in path_of(field):
        part = part[step] if isinstance(step, int) else getattr(part, str(step))
    if part is None:
        return form | {"do": "unknown"}
    if isinstance(part, tuple):
        return form | {"said": "没有", "do": "answer"}
    if part == "not_commissioned":
        return form | {"said": "没有委托过"} if "没有委托过" in page else form | {"said": "1"}
    if isinstance(part, bool) or (hasattr(part, "value") and isinstance(part.value, bool)):
        return form | {"said": "是", "do": "answer"}
    return form | {"said": str(getattr(part, "value", part)), "do": "answer"}


def test_the_interview_asks_only_what_matters_and_comes_to_the_verdict(site: Site) -> None:
    client = site.anyone()
    page = client.post("/assess", data={"do": "begin", "way": "ask"})
    asked = 0
    while 'name="field"' in page.text and "审查方式已定" not in page.text:
        page = client.post("/assess", data=answer_to(page.text))
        assert page.status_code == 200, page.text
        asked += 1
        assert asked < 40
    assert "不论其余如何，施工图免于审查" in page.text
    assert asked < 25
    result = client.post("/assess", data={**form_of(page.text), "do": "go:result"})
    assert "审查方式：免于审查" in result.text


def test_an_answer_can_be_taken_back_and_a_wrong_one_is_told(site: Site) -> None:
    client = site.anyone()
    first = client.post("/assess", data={"do": "begin", "way": "ask"})
    start = form_of(first.text)
    wrong = client.post("/assess", data={**start, "said": "胡说", "do": "answer"})
    assert wrong.status_code == 422
    second = client.post("/assess", data=answer_to(first.text))
    assert form_of(second.text)["field"] != start["field"]
    back = client.post("/assess", data={**form_of(second.text), "do": "undo"})
    assert form_of(back.text)["field"] == start["field"]
    assert form_of(back.text)["project"] == start["project"]


def test_the_notice_of_a_self_assessment_says_what_it_is(site: Site) -> None:
    import io

    from pypdf import PdfReader

    client = site.anyone()
    page = client.post("/assess", data={"do": "begin", "way": "form"})
    form = form_of(page.text)
    notice = client.post("/assess", data={**form, "at": "result", "do": "notice:pdf"})
    assert notice.headers["content-type"] == "application/pdf"
    for sheet in PdfReader(io.BytesIO(notice.content)).pages:
        assert "自评·未经窗口决定" in sheet.extract_text()


def test_what_would_change_the_path_stands_beside_what_is(site: Site) -> None:
    big = EXAMPLE.replace("1850.00", "2040.00")
    page = site.anyone().post(
        "/assess/open", files={"file": ("甲.yaml", big)}, data={"on": "2021-03-01"}
    )
    assert "改走「免于审查」" in page.text
    assert "1999.9999" in page.text


@pytest.mark.parametrize("address", ["/assess", "/assess/verdict"])
@pytest.mark.parametrize("hidden", ["answered", "unknown"])
def test_what_somebody_writes_into_the_hidden_fields_is_told_and_not_followed(
    site: Site, address: str, hidden: str
) -> None:
    form = {"project": "", "at": "ask", hidden: "foo.bar", "do": "answer"}
    answer = site.anyone().post(address, data=form)
    assert answer.status_code == 422
    assert "foo.bar" in answer.text
