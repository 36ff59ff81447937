"""Every page in both languages, from a phone's width to a wide screen: accessible, whole, light."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.web.browser.conftest import Window

WIDTHS = (360, 1920)
SCREENS = Path("build/screens")
MOST_BYTES = 200_000
PUBLIC = ("/", "/assess", "/law", "/law/questions", "/accessibility", "/login", "/nowhere")
SIGNED_IN = {
    "青山窗口": (
        "/window",
        "/window/new",
        "/window/projects/1",
        "/window/projects/9",
        "/window/projects/1/decide",
        "/window/projects/9/decide",
        "/window/projects/10",
        "/window/projects/10/form/building-0",
        "/window/projects/10/form/nature",
        "/window/projects/8",
        "/window/projects/1/site",
        "/window/projects/7/site",
        "/account/password",
    ),
    "九原窗口": ("/window/projects/12", "/window/projects/12/site"),
    "审计员": ("/audit", "/statistics"),
    "管理员": ("/admin", "/admin/users/1", "/admin/sessions", "/admin/tokens", "/admin/log"),
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
    """Return how many bytes the page and all that it loads are, taken without a cache."""
    page.goto(address, wait_until="load")
    return int(
        page.evaluate(
            "() => ['navigation', 'resource'].flatMap(kind => performance.getEntriesByType(kind))"
            ".reduce((sum, one) => sum + one.encodedBodySize, 0)"
        )
    )


def test_the_first_view_of_public_pages_is_light(window: Window) -> None:
    for address in ("/", "/assess", "/law", "/login"):
        with window.open() as page:
            assert weight(page, address) < MOST_BYTES, address


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_narrow_screen_shows_whole_pages_in_both_languages(
    window: Window, accessible: Callable[[Page], None], language: str
) -> None:
    with reading(window, "青山窗口", language, 360) as page:
        for address in ("/", "/assess", "/window", "/window/projects/1", "/window/projects/1/site"):
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
    for name, addresses in ((None, PUBLIC), *SIGNED_IN.items()):
        for address in addresses:
            with reading(window, name, language, width) as page:
                bytes_taken = weight(page, address)
                pages += 1
                heaviest = max(heaviest, bytes_taken)
                if bytes_taken >= MOST_BYTES:
                    faults.append(f"{address} takes {bytes_taken} bytes")
                faults += [f"{address}: {one}" for one in page.evaluate(TOO_WIDE)]
                try:
                    accessible(page)
                except AssertionError as error:
                    faults.append(str(error))
                kind = re.sub(r"\W+", "-", address).strip("-") or "front"
                page.screenshot(path=SCREENS / f"{kind}-{language}-{width}.png", full_page=True)
    print(f"{language} {width}: {pages} pages, heaviest first view {heaviest} bytes")
    assert not faults, "\n".join(faults)
