from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    sync_playwright,
)

from drawreview.web.app import create_app
from drawreview.web.pages.account import HOME
from drawreview.web.settings import Settings
from drawreview.web.store import sessions, users
from drawreview.web.store.database import Store, open_store
from examples.window import DAY, PEOPLE, fill, set_back
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
# The extension that Chromium shows PDFs with; it is part of the browser.
PDF_VIEWER = "chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai/"


@dataclass(frozen=True)
class Window:
    """A running server with the examples, and a browser before it."""

    base: str
    browser: Browser
    store: Store

    @contextmanager
    def open(self, **options: Any) -> Iterator[Page]:
        """Yield a page of a browser without history; it asks no other host, and obeys the policy."""
        context: BrowserContext = self.browser.new_context(
            base_url=self.base, locale="zh-CN", **options
        )
        context.set_default_timeout(PATIENCE_MS)
        strange = list[str]()

        def note(request: Request) -> None:
            inside = (f"{self.base}/", "data:", "blob:", PDF_VIEWER)
            if not request.url.startswith(inside):
                strange.append(request.url)

        def hear(message: ConsoleMessage) -> None:
            if "Content Security Policy" in message.text:
                strange.append(message.text)

        context.on("request", note)
        context.on("console", hear)
        try:
            yield context.new_page()
        finally:
            context.close()
        assert not strange

    @contextmanager
    def signed_in(self, name: str, **options: Any) -> Iterator[Page]:
        """Yield a page of somebody who has signed in; hashing a password each time takes long."""
        user = users.named(self.store, name)
        assert user
        at = int(set_back()().timestamp())
        session = sessions.begin(self.store, user.id, at=at, address="-")
        with self.open(**options) as page:
            page.context.add_cookies([{"name": "session", "value": session, "url": self.base}])
            page.goto(HOME[user.role])
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
        store = open_store(data)
        yield Window(f"http://127.0.0.1:{port}", browser, store)
        store.close()
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="package")
def accessible() -> Callable[[Page], None]:
    """Hold a page against the rules of axe: nothing is to be found, be it grave or slight."""
    axe = Axe()

    def hold(page: Page) -> None:
        found = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
        told = [
            (one["impact"], one["id"], one["help"], [node["target"] for node in one["nodes"][:3]])
            for one in found
        ]
        assert not told, f"{page.url}: {told}"

    return hold
