"""Every page in both languages, from a phone's width to a wide screen: accessible, whole, light."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page

from tests.web.browser.conftest import Window

WIDTHS = (360, 1920)
SCREENS = Path("build/screens")
OFFICE = Path("examples/office.yaml")
MOST_BYTES = 200_000
NOBODY = "anybody"
PAGES = {
    NOBODY: (
        *("/", "/assess", "/law", "/law/questions", "/accessibility", "/login", "/nowhere"),
        *("/law/mohurd_51", "/law/fire_law"),
    ),
    "青山窗口": (
        *("/window", "/window/new", "/window?q=nothing", "/statistics"),
        *(f"/window/projects/{number}" for number in (1, 8, 9, 10)),
        *(f"/window/projects/{number}/decide" for number in (1, 8, 9)),
        *(f"/window/projects/{number}/site" for number in (1, 7, 9)),
        "/window/projects/9/change",
        *(
            f"/window/projects/10/form/{page}"
            for page in ("project", "building-0", "nature", "permit", "owner", "survey", "design")
        ),
        *("/account", "/account/password", "/account/second-factor", "/account/tokens"),
    ),
    "九原窗口": ("/window/projects/12", "/window/projects/12/site"),
    "审计员": ("/audit", "/audit?q=nothing", "/statistics"),
    "管理员": ("/admin", "/admin/users/1", "/admin/sessions", "/admin/tokens", "/admin/log"),
}


def click(page: Page, what: str) -> None:
    """Click the first of what is there, and wait for the page to which it leads."""
    with page.expect_navigation():
        page.locator(what).first.click()


def press(page: Page, action: str) -> None:
    click(page, f'main button[value="{action}"]:not(.unseen)')


def the_interview(page: Page) -> Iterator[str]:
    page.goto("/assess")
    press(page, "begin")
    seen = set[str]()
    for _ in range(40):
        field = page.locator('input[name="field"]')
        if not field.count():
            break
        kind = page.locator('[name="said"]').first.get_attribute("type") or "text"
        if kind not in seen or page.locator('[name="beside"], [name="by"]').count():
            seen.add(kind)
            yield f"interview-{len(seen)}"
        press(page, "unknown")
    if page.locator('main[id] button[value="go:result"]').count():
        click(page, 'main button[value="go:result"]')
    yield "result-unknown"


def the_form(page: Page) -> Iterator[str]:
    page.goto("/assess")
    page.locator('input[name="file"]').set_input_files(OFFICE)
    click(page, 'main form[action="/assess/open"] button')
    yield "result-exempt"
    for at in ("project", "building-0", "nature", "permit", "owner", "survey", "design"):
        click(page, f'nav button[value="go:{at}"]')
        yield f"form-{at}"
    click(page, 'nav button[value="go:building-0"]')
    page.locator('[name="buildings[0].floor_area_m2"]').fill("x")
    press(page, "next")
    yield "form-wrong"


def the_change(page: Page) -> Iterator[str]:
    page.goto("/window/projects/9/change")
    page.locator('[name="touches"]').fill("加层")
    press(page, "form")
    yield "change-form"
    page.locator('[name="name"]').fill("")
    press(page, "next")
    yield "change-wrong"
    page.locator('[name="name"]').fill("先锋道综合楼")
    press(page, "go:result")
    yield "change-seen"


def the_record(page: Page) -> Iterator[str]:
    page.goto("/window/projects/9")
    click(page, 'a[href*="/record/"]')
    yield "record"
    page.goto("/window/projects/10")
    page.locator('form[action$="/judgements"] button').first.evaluate(
        "b => b.form.noValidate = true"
    )
    click(page, 'form[action$="/judgements"] button')
    yield "judgement-wrong"


def the_second_factor(page: Page) -> Iterator[str]:
    page.goto("/account/second-factor")
    press(page, "begin")
    yield "second-factor-begun"


def the_audit(page: Page) -> Iterator[str]:
    for number in (1, 3):
        page.goto("/audit?q=先锋道")
        click(page, f"main tbody tr:nth-child({min(number, 2)}) a")
        yield f"audited-{number}"
    for what in ("replay", "verify"):
        page.goto("/audit")
        click(page, f'form[action="/audit/{what}"] button')
        page.locator("p.verdict").wait_for()
        yield what


WALKS: Final = {
    NOBODY: (the_interview, the_form),
    "青山窗口": (the_record, the_change),
    "九原窗口": (the_second_factor,),
    "审计员": (the_audit,),
}
# What is wider than the window, outside of what scrolls by itself.
TOO_WIDE = """() => {
  const wide = [...document.querySelectorAll('main *, header *, footer *')].filter(one =>
    one.getBoundingClientRect().right > document.documentElement.clientWidth + 1
    && !one.closest('.scroll, .unseen, .skip, aside'));
  return document.documentElement.scrollWidth > document.documentElement.clientWidth
    ? wide.slice(0, 3).map(one => one.outerHTML.slice(0, 120)).concat('the page scrolls sideways')
    : [];
}"""


@contextmanager
def reading(window: Window, name: str | None, language: str, width: int) -> Iterator[Page]:
    options = {"viewport": {"width": width, "height": 900}}
    opened = window.signed_in(name, **options) if name else window.open(**options)
    with opened as page:
        page.goto(f"/language/{language}")
        yield page


def weight(page: Page, address: str) -> int:
    """Return how many bytes the page and all that it loads are, had there been no cache."""
    page.goto(address, wait_until="load")
    return int(
        page.evaluate(
            "() => ['navigation', 'resource'].flatMap(kind => performance.getEntriesByType(kind))"
            ".reduce((sum, one) => sum + one.encodedBodySize, 0)"
        )
    )


def test_the_first_view_of_public_pages_is_light(window: Window) -> None:
    with window.open() as page:
        for address in ("/", "/assess", "/law", "/login"):
            assert weight(page, address) < MOST_BYTES, address


def test_a_narrow_screen_shows_whole_pages_in_both_languages(
    window: Window, accessible: Callable[[Page], None]
) -> None:
    with reading(window, "青山窗口", "zh", 360) as page:
        for language in ("zh", "en"):
            page.goto(f"/language/{language}")
            for address in (
                "/",
                "/assess",
                "/window",
                "/window/projects/9",
                "/window/projects/7/site",
                "/window/projects/9/change",
            ):
                page.goto(address)
                assert not page.evaluate(TOO_WIDE), address
        accessible(page)


@pytest.mark.full
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_whole_accessible_and_light(
    window: Window, accessible: Callable[[Page], None], language: str, width: int
) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    faults, heaviest, pages = list[str](), 0, 0

    def held(page: Page, kind: str) -> None:
        nonlocal pages
        pages += 1
        faults.extend(f"{kind}: {one}" for one in page.evaluate(TOO_WIDE))
        try:
            accessible(page)
        except AssertionError as error:
            faults.append(str(error))
        page.screenshot(path=SCREENS / f"{kind}-{language}-{width}.png", full_page=True)

    for name, addresses in PAGES.items():
        with reading(window, None if name == NOBODY else name, language, width) as page:
            for address in addresses:
                bytes_taken = weight(page, address)
                heaviest = max(heaviest, bytes_taken)
                if bytes_taken >= MOST_BYTES:
                    faults.append(f"{address} takes {bytes_taken} bytes")
                held(page, re.sub(r"\W+", "-", address).strip("-") or "front")
            for walk in WALKS.get(name, ()):
                for kind in walk(page):
                    held(page, kind)
    print(f"{language} {width}: {pages} pages, heaviest first view {heaviest} bytes")
    assert not faults, "\n".join(faults)
