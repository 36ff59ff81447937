"""A batch answers each project as a request for that project alone would, in its place."""

from __future__ import annotations

import asyncio
import copy
import json
from random import Random
from threading import Event
from typing import Any

import httpx
import pytest

from drawreview.web.api import decisions
from drawreview.web.api.body import batch_asked
from tests.properties.projects import Stated, partial_project
from tests.properties.test_plain_projects import EVERYTHING, changed, places
from tests.web.conftest import ORIGIN, Site

ODD = [
    *(None, True, 0, -1, 3, 10**25, 0.00001, 1e8, float("nan"), "", " 办公楼", "a\u0301", "office"),
    *("2021-02-30", "20210220", "150299", [], {}, [None], [[]], {"value": True}, ["tunnel"] * 2),
]
PLACES = places(EVERYTHING)


def drawn(random: Random) -> Stated:
    """Return a project with gaps, or one that states everything and some of it wrongly."""
    if random.random() < 0.4:
        return partial_project(random)
    stated = copy.deepcopy(EVERYTHING)
    for _ in range(random.choice([0, 1, 2, 3])):
        how = random.choice(["set", "set", "drop", "add"])
        changed(stated, random.choice(PLACES), copy.deepcopy(random.choice(ODD)), how=how)
    return stated


def sent(**said: object) -> dict[str, Any]:
    """Return a body and its type; a number is sent as it stands in its project."""
    body = json.dumps({"on": "2021-03-01", **said}, ensure_ascii=False, default=float)
    return {"content": body.encode(), "headers": {"content-type": "application/json"}}


@pytest.mark.parametrize("want", ["outcome", "path"])
def test_an_item_is_what_its_project_alone_is_answered(site: Site, want: str) -> None:
    client, random = site.anyone(), Random(f"a batch for each {want}")
    projects = [drawn(random) for _ in range(150)]
    answer = client.post("/api/v1/decisions/batch", **sent(projects=projects, want=want)).json()
    assert list(answer) == ["on", "rulebook", "items"]
    assert len(answer["items"]) == len(projects)
    statuses: set[int] = set()
    for place, (project, item) in enumerate(zip(projects, answer["items"], strict=True)):
        alone = client.post("/api/v1/decisions", **sent(project=project, want=want))
        statuses.add(alone.status_code)
        if alone.status_code == 200:
            assert item == {"outcome": alone.json(), "problems": []}
        else:
            problems = alone.json()["problems"]
            assert problems
            for problem in problems:
                assert problem["place"].startswith("project")
                problem["place"] = problem["place"].replace("project", f"projects[{place}]", 1)
            assert item == {"outcome": None, "problems": problems}
    assert statuses == {200, 422}


def test_who_asks_about_one_project_does_not_wait_for_a_batch(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = Event()

    def after_the_other(*asked: Any) -> Any:
        assert answered.wait(10)
        return batch_asked(*asked)

    async def both() -> None:
        transport = httpx.ASGITransport(site.app)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            batch = asyncio.create_task(
                client.post("/api/v1/decisions/batch", **sent(projects=[{}]))
            )
            await asyncio.sleep(0)
            alone = await client.post("/api/v1/decisions", **sent(project={}))
            answered.set()
            assert (alone.status_code, (await batch).status_code) == (200, 200)

    monkeypatch.setattr(decisions, "batch_asked", after_the_other)
    asyncio.run(both())
