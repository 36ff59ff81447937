"""Every page in English says nothing in Chinese but what is marked as Chinese."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

import drawreview.web
from drawreview.web.app import create_app
from drawreview.web.form.sheet import page_of
from drawreview.web.settings import Settings
from drawreview.web.store import users
from examples.window import PEOPLE as DEMO
from examples.window import fill, set_back
from tests.web.conftest import EXAMPLE, Site, csrf_of
from tests.web.test_pages import answer_to, form_of

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_VOID = {"meta", "link", "input", "img", "br", "hr", "path", "rect", "circle"}
_SPOKEN = ("aria-label", "title", "alt", "placeholder")


class Unmarked(HTMLParser):
    """Collects Chinese words that stand outside of what is marked as Chinese."""

    def __init__(self) -> None:
        super().__init__()
        self.langs: list[tuple[str, bool]] = [("", False)]
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        lang = told.get("lang")
        chinese = lang.startswith("zh") if lang else self.langs[-1][1]
        if not chinese:
            self.found += [
                f"{tag}[{name}]: {value}"
                for name in _SPOKEN
                if _HAN.search(value := told.get(name) or "")
            ]
            if tag == "input" and told.get("type") in {"submit", "button"}:
                self.found += _HAN.findall(told.get("value") or "")
        if tag not in _VOID:
            # What people have written themselves stays as they wrote it: fields, and titles of windows.
            self.langs.append((tag, chinese or tag in {"textarea", "title", "script"}))

    def handle_endtag(self, tag: str) -> None:
        while len(self.langs) > 1 and self.langs.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self.langs[-1][1] and _HAN.search(data):
            self.found.append(f"{self.langs[-1][0]}: {' '.join(data.split())[:80]}")


def unmarked(text: str) -> list[str]:
    parser = Unmarked()
    parser.feed(text)
    return list(dict.fromkeys(parser.found))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    clock = set_back()
    app = create_app(Settings(tmp_path_factory.mktemp("demo"), secure=False, clock=clock))
    office = app.state.office
    fill(office, {name: "-" for name, _, _ in DEMO})
    for user in users.everyone(office.store):
        users.set_password(office.store, user.id, "-", at=0)
    yield Site(app, clock)  # pyright: ignore[reportArgumentType] - nobody moves it
    office.journal.close()
    office.store.close()


ROLES = {
    None: ("/", "/assess", "/law/questions", "/accessibility", "/login", "/nowhere"),
    "青山窗口": (
        "/window",
        "/window?q=nothing",
        "/window/new",
        *(f"/window/projects/{number}" for number in (1, 8, 9, 10, 11)),
        "/window/projects/1/decide",
        "/window/projects/9/decide",
        *(f"/window/projects/{number}/site" for number in (1, 7, 9)),
        "/window/projects/9/change",
        *(
            f"/window/projects/10/form/{page}"
            for page in ("project", "building-0", "nature", "permit", "owner", "survey", "design")
        ),
        "/statistics",
        "/account",
        "/account/tokens",
        "/account/password",
        "/account/second-factor",
    ),
    "九原窗口": ("/window/projects/12", "/window/projects/12/site", "/statistics"),
    "审计员": ("/audit", "/statistics"),
    "管理员": ("/admin", "/admin/users/1", "/admin/sessions", "/admin/tokens", "/admin/log"),
}


def reader(demo: Site, name: str | None):
    client = demo.anyone()
    client.cookies.set("language", "en")
    if name:
        person = users.named(demo.store, name)
        assert person
        from drawreview.web.store import sessions

        at = int(demo.clock().timestamp())
        client.cookies.set("session", sessions.begin(demo.store, person.id, at=at, address="-"))
    return client


@pytest.mark.parametrize("name", list(ROLES))
def test_pages_in_english_have_no_chinese_that_is_not_marked(demo: Site, name: str | None) -> None:
    client = reader(demo, name)
    faults = []
    for address in ROLES[name]:
        answer = client.get(address)
        assert answer.status_code in {200, 404}, address
        faults += [f"{address}  {one}" for one in unmarked(answer.text)]
    if name is None:
        for document in demo.app.state.office.rulebook.documents:
            text = client.get(f"/law/{document.id}").text
            faults += [f"/law/{document.id}  {one}" for one in unmarked(text)]
    assert not faults, "\n".join(faults)


def test_the_form_and_its_result_speak_english(demo: Site) -> None:
    client = reader(demo, None)
    for example, on in ((EXAMPLE, "2021-03-01"), (EXAMPLE.replace("1850.00", "2040.00"), "")):
        page = client.post(
            "/assess/open", files={"file": ("甲.yaml", example)}, data={"on": on or "2021-03-01"}
        )
        assert unmarked(page.text) == []
        for at in ("project", "building-0", "nature", "permit", "owner", "survey", "design"):
            page = client.post("/assess", data={**form_of(page.text), "do": f"go:{at}"})
            assert 'action="/assess"' in page.text
            assert unmarked(page.text) == []
    wrong = {**form_of(page.text), "do": "go:building-0"}
    page = client.post("/assess", data=wrong)
    form = form_of(page.text) | {"buildings[0].floor_area_m2": "一千", "do": "next"}
    page = client.post("/assess", data=form)
    assert page.status_code == 422
    assert unmarked(page.text) == []


WRONG = (
    ("buildings[0].floor_area_m2", "一千", "“一千” is not a number."),
    ("buildings[0].floor_area_m2", "12.00001", "more than four decimals"),
    ("buildings[0].floor_area_m2", "0", "must be more than 0."),
    ("buildings[0].storeys_above_ground", "两层", "“两层” is not a whole number."),
    ("buildings[0].max_storey_height_m", "99", "is more than the building height of"),
    ("name", "", "The project has no name."),
    ("district", "150203", "The project lies in Kundulun District, and this is the window of"),
    ("project_code", "甲", "Write a month like 2020-11"),
    ("review_commissioned_on", "2021-02-30", "There is no such day."),
    ("project_owner.credit_code", "甲", "“甲” is not a unified social credit code."),
)


@pytest.mark.parametrize("way", ["form/{at}", "change"])
@pytest.mark.parametrize(("field", "value", "told"), WRONG)
def test_what_is_wrong_with_a_form_is_told_in_english(
    demo: Site, way: str, field: str, value: str, told: str
) -> None:
    clerk, here = reader(demo, "青山窗口"), "/window/projects/1"
    at = page_of(field)
    page = clerk.get(f"{here}/form/{at}").text
    if way == "change":
        csrf = csrf_of(clerk, "/account/password")
        change = {"csrf": csrf, "event": "major_design_change", "on": "2021-06-30"}
        change |= {"touches": "加层"}
        page = clerk.post(f"{here}/change", data={**change, "do": "form"}).text
        page = clerk.post(f"{here}/change", data={**form_of(page), "do": f"go:{at}"}).text
    form = form_of(page) | {field: value, "review_commissioned_on:known": "on", "do": "next"}
    if field != "review_commissioned_on":
        del form["review_commissioned_on:known"]
    answer = clerk.post(f"{here}/{way.format(at=at)}", data=form)
    assert answer.status_code == 422
    said = re.sub(r"<[^>]+>", "", answer.text)
    assert told in said
    sentence = next(line for line in said.splitlines() if told in line)
    assert not _HAN.search(re.sub("“.*?”|「.*?」", "", sentence)), sentence


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name: [甲\n", "It is not well-formed YAML: “,” or “]” is missing."),
        ("- 甲\n", "The whole file is a list."),
        ("schema: drawreview/events@1\nevents: []\n", "This is an event file"),
        ("schema: drawreview/project@1\nnane: 甲\n", "Near to it are: "),
        ("schema: drawreview/project@1\ninvestment: 社会投资\n", "Write non_government."),
        (EXAMPLE.replace('"150204"', '"150203"'), "The window of Kundulun District deals with it"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_in_english(demo: Site, text: str, told: str) -> None:
    clerk = reader(demo, "青山窗口")
    form = {"csrf": csrf_of(clerk), "do": "open"}
    answer = clerk.post("/window/new", data=form, files={"file": ("甲.yaml", text)})
    assert answer.status_code == 422
    assert told in re.sub(r"<[^>]+>|&#\d+;", "", answer.text)
    assert unmarked(answer.text) == []


@pytest.mark.parametrize("unknown", [False, True])
def test_the_interview_speaks_english(demo: Site, *, unknown: bool) -> None:
    client = reader(demo, None)
    page = client.post("/assess", data={"do": "begin", "way": "ask"})
    asked, faults = 0, list[str]()
    while 'name="field"' in page.text and asked < 60:
        faults += unmarked(page.text)
        (heading,) = re.findall(r"<h1>(.*?)</h1>", page.text, flags=re.DOTALL)
        assert re.search("[A-Za-z]{3}", re.sub("<[^>]+>", "", heading)), heading
        answer = answer_to(page.text)
        if unknown and asked % 3 == 2:
            answer = {k: v for k, v in answer.items() if k != "said"} | {"do": "unknown"}
        page = client.post("/assess", data=answer)
        assert page.status_code == 200, page.text
        asked += 1
    assert asked > 15
    assert not faults, "\n".join(dict.fromkeys(faults))
    result = client.post("/assess", data={**form_of(page.text), "do": "go:result"})
    assert unmarked(result.text) == []


def test_entering_a_design_change_speaks_english(demo: Site) -> None:
    clerk, here = reader(demo, "青山窗口"), "/window/projects/3"
    csrf = csrf_of(clerk)
    change = {"csrf": csrf, "event": "major_design_change", "on": "2021-06-30", "touches": "加层"}
    page = clerk.post(f"{here}/change", data=change | {"do": "form"})
    faults = unmarked(page.text)
    page = clerk.post(f"{here}/change", data={**form_of(page.text), "do": "go:building-0"})
    form = form_of(page.text) | {"buildings[0].floor_area_m2": "2850", "do": "go:result"}
    page = clerk.post(f"{here}/change", data=form)
    assert "class changed: exempt from review → deferred review" in page.text
    faults += unmarked(page.text)
    done = clerk.post(f"{here}/change", data={**form_of(page.text), "do": "save"})
    for address in (done.headers["location"], here, f"{here}/decide"):
        faults += unmarked(clerk.get(address).text)
    assert "This project has had a major design change" in clerk.get(here).text
    assert not faults, "\n".join(dict.fromkeys(faults))


def test_recording_and_auditing_speak_english(demo: Site) -> None:
    clerk, auditor = reader(demo, "青山窗口"), reader(demo, "审计员")
    here = "/window/projects/11"
    form = form_of(clerk.get(f"{here}/decide").text) | {"on": "2021-06-30", "doubt:A22": "当面告知"}
    done = clerk.post(f"{here}/decide", data=form)
    assert done.status_code == 303, done.text
    faults = unmarked(clerk.get(done.headers["location"]).text)
    faults += unmarked(clerk.get(here).text)
    found = auditor.get("/audit").text
    for record in re.findall(r"/audit/records/[0-9a-f-]{36}", found):
        faults += unmarked(auditor.get(record).text)
    token = csrf_of(auditor, "/audit")
    for what in ("replay", "verify"):
        asked = auditor.post(f"/audit/{what}", data={"csrf": token, "level": "B"})
        place = asked.headers["location"]
        while "progress" in (page := auditor.get(place).text):
            faults += unmarked(page)
        faults += unmarked(page)
    wrong = clerk.post(f"{here}/decide", data={**form, "key": "0-first"})
    assert wrong.status_code == 409
    faults += unmarked(wrong.text)
    assert not faults, "\n".join(dict.fromkeys(faults))


def test_no_sentence_has_two_translations() -> None:
    catalogue = Path(drawreview.web.__file__).with_name("locale") / "en.po"
    said = re.findall(
        r'^msgid (".+(?:\n".*)*)', catalogue.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert [each for each, times in Counter(said).items() if times > 1] == []
