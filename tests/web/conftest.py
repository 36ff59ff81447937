from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI

from drawreview.web.app import create_app
from drawreview.web.security.roles import Role
from drawreview.web.settings import Settings
from drawreview.web.store import sessions, users

with warnings.catch_warnings():
    # starlette would rather have the successor of httpx, which is not widely packaged yet.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

PASSWORD = "纸上得来终觉浅 绝知此事要躬行"  # noqa: S105 - of nobody
ORIGIN = "http://testserver"
PEOPLE = {
    Role.CLERK: ("青山窗口", "150204"),
    Role.AUDITOR: ("审计员", None),
    Role.ADMINISTRATOR: ("管理员甲", None),
}
EXAMPLE = Path("examples/office.yaml").read_text(encoding="utf-8")


@dataclass
class Clock:
    """A clock that tests move."""

    time: datetime = field(default_factory=lambda: datetime(2021, 3, 1, 1, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.time

    def later(self, **by: float) -> None:
        self.time += timedelta(**by)


@dataclass
class Site:
    """An application, its clock, and clients of it."""

    app: FastAPI
    clock: Clock

    @property
    def store(self):
        return self.app.state.office.store

    def anyone(self) -> TestClient:
        return TestClient(
            self.app,
            headers={"origin": ORIGIN},
            follow_redirects=False,
            raise_server_exceptions=False,
        )

    def signed_in(self, role: Role) -> TestClient:
        client = self.anyone()
        if role is not Role.ANYONE:
            person = users.named(self.store, PEOPLE[role][0])
            assert person
            at = int(self.clock().timestamp())
            client.cookies.set("session", sessions.begin(self.store, person.id, at=at, address="-"))
        return client


@pytest.fixture(scope="session")
def password_hash() -> str:
    from drawreview.web.security.passwords import hashed

    return hashed(PASSWORD)


@pytest.fixture
def make_site(tmp_path: Path, password_hash: str) -> Callable[..., Site]:
    def make(**settings: object) -> Site:
        clock = Clock()
        chosen = {"requests_per_minute": 100_000, "logins_per_minute": 1_000, "secure": False}
        app = create_app(Settings(data=tmp_path, clock=clock, **(chosen | settings)))  # pyright: ignore[reportArgumentType]
        for role, (name, district) in PEOPLE.items():
            users.add(
                app.state.office.store,
                name=name,
                role=role,
                district=district,
                password=password_hash,
                must_change=False,
                at=int(clock().timestamp()),
            )
        return Site(app, clock)

    return make


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Iterator[Site]:
    made = make_site()
    yield made
    made.store.close()


def csrf_of(client: TestClient, address: str = "/account/password") -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(address).text)
    assert found
    return found[1]
