"""The projects at the window: the file as the firm would write it, and where its case stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

from drawreview.web.store.database import Row, Store

PAGE: Final = 50
_CaseRow = tuple[
    int,
    str,
    str,
    str,
    int,
    int,
    str | None,
    str | None,
    str | None,
    int | None,
    str | None,
    str | None,
    str | None,
    str | None,
    str | None,
    str,
    int,
]
_COLUMNS: Final = (
    "id, name, district, file, version, changed_at, record, review_path, decided_on,"
    " decided_version, due_on, due_what, due_state, due_reading, due_why, events, created_at"
)


@dataclass(frozen=True, slots=True)
class Case:
    """A project at the window.

    Attributes:
        file: The project file.
        version: How often it has been written.
        record: The record of the latest decision.
        decided_version: The version of the file on which that was decided.
        due_on: The next deadline, as `web/due.py` has reckoned it last; so are the other four.
        events: What has happened since, as an event file.
    """

    id: int
    name: str
    district: str
    file: str
    version: int
    changed_at: int
    record: str | None
    review_path: str | None
    decided_on: str | None
    decided_version: int | None
    due_on: str | None
    due_what: str | None
    due_state: str | None
    due_reading: str | None
    due_why: str | None
    events: str
    created_at: int

    @property
    def mark(self) -> str:
        """What no other project has: the time tells it from one of a folder that was lost."""
        return f"{self.id}-{self.created_at}"

    @property
    def stands(self) -> bool:
        """Whether the latest decision is one on the file as it now is."""
        return self.record is not None and self.decided_version == self.version


def _case(row: Row) -> Case:
    return Case(*cast("_CaseRow", row))


class StaleError(Exception):
    """Somebody else has changed the project meanwhile."""


def add(  # noqa: PLR0913 - what a project consists of
    store: Store, *, name: str, district: str, file: str, by: int, at: int
) -> int:
    """Add a project; return its number."""
    row = store.one(
        "INSERT INTO project (name, district, file, version, created_by, created_at, changed_at)"
        " VALUES (?, ?, ?, 1, ?, ?, ?) RETURNING id",
        name,
        district,
        file,
        by,
        at,
        at,
    )
    return cast("int", row[0]) if row else 0


def numbered(store: Store, project: int) -> Case | None:
    """Return the project of that number."""
    row = store.one(f"SELECT {_COLUMNS} FROM project WHERE id = ?", project)  # noqa: S608 - our own list
    return _case(row) if row else None


def write(  # noqa: PLR0913 - likewise
    store: Store, case: Case, *, name: str, district: str, file: str, at: int
) -> None:
    """Replace the file of a project.

    Raises:
        StaleError: It is no longer the version that `case` is.
    """
    row = store.one(
        "UPDATE project SET name = ?, district = ?, file = ?, version = version + 1,"
        " changed_at = ?, reckoned = NULL WHERE id = ? AND version = ? RETURNING id",
        name,
        district,
        file,
        at,
        case.id,
        case.version,
    )
    if row is None:
        raise StaleError


def decided(  # noqa: PLR0913 - what the list shows of a decision
    store: Store,
    case: Case,
    *,
    record: str,
    review_path: str,
    on: str,
    at: int,
    version: int,
) -> None:
    """Note which record holds the latest decision on a project, unless another is noted by now."""
    store.rows(
        "UPDATE project SET record = ?, review_path = ?, decided_on = ?,"
        " decided_version = ?, changed_at = ? WHERE id = ? AND record IS ?",
        record,
        review_path,
        on,
        version,
        at,
        case.id,
        case.record,
    )


def happened(store: Store, case: Case, events: str, *, at: int) -> None:
    """Replace the event file of a project.

    Raises:
        StaleError: Somebody else has written to it meanwhile.
    """
    row = store.one(
        "UPDATE project SET events = ?, changed_at = ?, reckoned = NULL"
        " WHERE id = ? AND events = ? RETURNING id",
        events,
        at,
        case.id,
        case.events,
    )
    if row is None:
        raise StaleError


@dataclass(frozen=True, slots=True)
class Next:
    """What is due next in a project; nothing if nothing is; why, if no day is known."""

    on: str | None = None
    what: str | None = None
    state: str | None = None
    reading: str | None = None
    why: str | None = None


def reckoned_before(store: Store, mark: str, *, district: str | None) -> list[Case]:
    """Return the projects with events whose deadlines were reckoned under another mark."""
    rows = store.rows(
        f"SELECT {_COLUMNS} FROM project"  # noqa: S608 - our own list
        " WHERE events != '' AND reckoned IS NOT ? AND district = coalesce(?, district)",
        mark,
        district,
    )
    return [_case(row) for row in rows]


def reckoned(store: Store, case: Case, due: Next, *, identity: str | None, mark: str) -> None:
    """Note what is due next, unless somebody has written to the project meanwhile."""
    store.rows(
        "UPDATE project SET due_on = ?, due_what = ?, due_state = ?, due_reading = ?,"
        " due_why = ?, identity = ?, reckoned = ? WHERE id = ? AND version = ? AND events = ?",
        due.on,
        due.what,
        due.state,
        due.reading,
        due.why,
        identity,
        mark,
        case.id,
        case.version,
        case.events,
    )


def overdue(store: Store, *, district: str | None) -> list[Case]:
    """Return the projects whose next deadline is overdue or not known, as last reckoned."""
    rows = store.rows(
        f"SELECT {_COLUMNS} FROM project"  # noqa: S608 - our own list
        " WHERE due_state IN ('overdue', 'refused') AND district = coalesce(?, district)",
        district,
    )
    return [_case(row) for row in rows]


def found(  # noqa: PLR0913 - what a list may be narrowed by
    store: Store,
    *,
    district: str | None,
    words: str = "",
    review_path: str = "",
    due_before: str = "",
    page: int = 1,
) -> tuple[list[Case], int]:
    """Return one page of the projects that fit, and how many fit in all.

    First come those of which no day is known, then what is due first.
    """
    tests, values = ["1"], list[str]()
    for test, value in (
        ("district = ?", district),
        ("(name LIKE '%' || ? || '%' OR file LIKE '%' || ? || '%')", words),
        ("coalesce(review_path, 'open') = ?", review_path),
        ("(due_on <= ? OR due_state = 'refused')", due_before),
    ):
        if value:
            tests.append(test)
            values += [value] * test.count("?")
    where = " AND ".join(tests)
    count = store.one(f"SELECT count(*) FROM project WHERE {where}", *values)  # noqa: S608 - our own tests
    rows = store.rows(
        f"SELECT {_COLUMNS} FROM project WHERE {where}"  # noqa: S608 - likewise
        " ORDER BY due_state IS NOT 'refused', due_on IS NULL, due_on, changed_at DESC"
        " LIMIT ? OFFSET ?",
        *values,
        PAGE,
        (page - 1) * PAGE,
    )
    return [_case(row) for row in rows], cast("int", count[0]) if count else 0
