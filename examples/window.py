"""A window to try out: the examples as projects of three districts, decided, built, and overdue.

`make demo-web` fills a folder with it and serves it, with the clock set back into the trial of
包府办发〔2021〕8号: today nothing would be decided by it any more.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI

from drawreview.project.assignments import assigned
from drawreview.project.from_yaml import read
from drawreview.records.body import Circumstances, Superseded
from drawreview.records.record import record_decision
from drawreview.site.events import EVENTS_SCHEMA
from drawreview.web.app import create_app
from drawreview.web.case import as_kept, decision_on
from drawreview.web.form.project_file import to_yaml
from drawreview.web.happened import keep
from drawreview.web.office import Office
from drawreview.web.recording import actor_of
from drawreview.web.security.passwords import hashed, one_time
from drawreview.web.security.roles import Role, Who
from drawreview.web.settings import Settings
from drawreview.web.store import projects, users

DAY: Final = date(2021, 6, 30)
PEOPLE: Final = (
    ("青山窗口", Role.CLERK, "150204"),
    ("九原窗口", Role.CLERK, "150207"),
    ("昆都仑窗口", Role.CLERK, "150203"),
    ("审计员", Role.AUDITOR, None),
    ("管理员", Role.ADMINISTRATOR, None),
)
_FOLDER: Final = Path(__file__).parent


def set_back(day: date = DAY) -> Callable[[], datetime]:
    """Return a clock that goes on from ten in the morning of a day, Chinese time."""
    started = datetime.now(UTC)
    begins = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
    return lambda: begins + (datetime.now(UTC) - started)


def fill(office: Office, passwords: dict[str, str]) -> None:
    """Fill an empty folder with the users, each with the hash of a password, and the projects.

    Args:
        office: Whose folder and journal.
        passwords: Name -> hash.
    """
    clerks: dict[str, Who] = {}
    for name, role, district in PEOPLE:
        user = users.add(
            office.store,
            name=name,
            role=role,
            district=district,
            password=passwords[name],
            must_change=True,
            at=office.settings.now(),
        )
        if district:
            clerks[district] = Who(role, user=user, name=name, district=district)
    table = _FOLDER / "window.yaml"
    for example in read(table.read_text(encoding="utf-8"), table.name).data:
        _take_in(office, example, clerks[example["district"]])


def _take_in(office: Office, example: dict[str, Any], clerk: Who) -> None:
    name, like = example["name"], _FOLDER / f"{example['like']}.yaml"
    on = date.fromisoformat(example["on"]) if "on" in example else None
    written = read(like.read_text(encoding="utf-8"), name)
    said = (f"name={name}", f'district="{example["district"]}"', *example.get("differs", ()))
    written, _ = assigned(written, said)
    case = _case(
        office,
        projects.add(
            office.store,
            name=name,
            district=example["district"],
            file=as_kept(to_yaml(written.data)),
            by=clerk.user or 0,
            at=office.settings.now(),
        ),
    )
    if on:
        _decide(office, case, clerk, on)
    if on and (corrected := example.get("corrected")):
        case = _case(office, case.id)
        written, _ = assigned(written, (corrected["differs"],))
        projects.write(
            office.store,
            case,
            name=name,
            district=case.district,
            file=as_kept(to_yaml(written.data)),
            at=office.settings.now(),
        )
        _decide(office, _case(office, case.id), clerk, on, corrected["why"])
    events = _events(example)
    if events:
        keep(office, _case(office, case.id), events, clerk)


def _events(example: dict[str, Any]) -> str:
    """Return the event file of a project; nothing where nothing has happened."""
    if example.get("follows"):
        return (_FOLDER / f"{example['like']}_events.yaml").read_text(encoding="utf-8")
    happened = [f"  - {json.dumps(event)}\n" for event in example.get("events", ())]
    return "".join((f"schema: {EVENTS_SCHEMA}\nevents:\n", *happened)) if happened else ""


def _case(office: Office, number: int) -> projects.Case:
    case = projects.numbered(office.store, number)
    if case is None:
        raise LookupError(number)
    return case


def _decide(office: Office, case: projects.Case, clerk: Who, on: date, why: str = "") -> None:
    decision = decision_on(office, case, on)
    receipt = record_decision(
        office.journal,
        decision,
        Circumstances(
            actor=actor_of(clerk, "web"),
            at=office.settings.moment(),
            supersedes=Superseded(case.record, why) if case.record else None,
        ),
    )
    projects.decided(
        office.store,
        case,
        record=receipt.id,
        review_path=decision.review_path,
        on=on.isoformat(),
        at=office.settings.now(),
        version=case.version,
    )


def main() -> None:
    """Fill the folder if it is not there yet, say who may sign in, and serve."""
    from drawreview.web.server import run  # noqa: PLC0415 - only serving needs a server

    options = argparse.ArgumentParser(description="示例窗口")
    options.add_argument("data", type=Path, help="数据目录")
    options.add_argument("--port", type=int, default=8471)
    chosen = options.parse_args()
    settings = Settings(chosen.data, secure=False, clock=set_back())

    def made(settings: Settings) -> FastAPI:
        app = create_app(settings)
        if users.everyone(app.state.office.store):
            told = [f"接着用 {chosen.data}；要从头开始，先删去它。"]
        else:
            passwords = {name: one_time() for name, _, _ in PEOPLE}
            fill(app.state.office, {name: hashed(word) for name, word in passwords.items()})
            told = ["一次性密码，首次登录时换成自己的："]
            told += [f"  {name}  {password}" for name, password in passwords.items()]
        told += [f"窗口的今天是 {DAY}，在试行期内。", f"http://127.0.0.1:{chosen.port}/", ""]
        sys.stdout.write("\n".join(told))
        sys.stdout.flush()
        return app

    run(made, settings, port=chosen.port)


if __name__ == "__main__":
    main()
