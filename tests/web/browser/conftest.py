from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from drawreview.web.app import create_app
from drawreview.web.settings import Settings
from drawreview.web.store import users
from examples.window import DAY, PEOPLE, fill, set_back
from tests.web.conftest import PASSWORD
from tests.web.live import free_port, start

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE_MS = 20_000


@dataclass(frozen=True)
class Window:
    """A running server with the examples, and a browser before it."""

    base: str
    browser: Browser

    @contextmanager
    def open(self, **options: Any) -> Iterator[Page]:
        """Yield a page of a browser without history."""
        context: BrowserContext = self.browser.new_context(
            base_url=self.base, locale="zh-CN", **options
        )
        context.set_default_timeout(PATIENCE_MS)
        try:
            yield context.new_page()
        finally:
            context.close()

    @contextmanager
    def signed_in(self, name: str, **options: Any) -> Iterator[Page]:
        with self.open(**options) as page:
            sign_in(page, name, PASSWORD)
            yield page


def sign_in(page: Page, name: str, password: str) -> None:
    page.goto("/login")
    page.get_by_label("姓名").fill(name)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("main").get_by_role("button", name="登录").click()


# Not longer than these tests: the driver keeps an event loop running in this thread.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()


@pytest.fixture(scope="package")
def data(tmp_path_factory: pytest.TempPathFactory, password_hash: str) -> Path:
    """The folder of `make demo-web`, but for the passwords."""
    folder = tmp_path_factory.mktemp("window")
    office = create_app(Settings(folder, secure=False, clock=set_back())).state.office
    fill(office, {name: password_hash for name, _, _ in PEOPLE})
    for user in users.everyone(office.store):
        users.set_password(office.store, user.id, password_hash, at=office.settings.now())
    office.journal.close()
    office.store.close()
    return folder


@pytest.fixture(scope="package")
def window(browser: Browser, data: Path) -> Iterator[Window]:
    port = free_port()
    process = start(data, port, DAY.isoformat())
    try:
        yield Window(f"http://127.0.0.1:{port}", browser)
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="package")
def accessible() -> Callable[[Page], None]:
    """Hold a page against the rules of axe."""
    axe = Axe()

    def hold(page: Page) -> None:
        found = axe.run(page).response["violations"]
        grave = [
            (one["id"], one["help"], [node["target"] for node in one["nodes"][:3]])
            for one in found
            if one["impact"] in {"serious", "critical"}
        ]
        assert not grave, f"{page.url}: {grave}"

    return hold
