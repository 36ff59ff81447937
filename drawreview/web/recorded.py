"""What the journal holds, indexed so that people can search it; the journal alone is evidence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from drawreview.records.note import checkpoint_from
from drawreview.records.reading import Record
from drawreview.web.identity import identity_of
from drawreview.web.office import Office
from drawreview.web.statistics import Group, noted, read
from drawreview.web.store.database import Row, Value

PAGE: Final = 50
_AT_ONCE: Final = 500
_COLUMNS: Final = (
    "seq, id, kind, at, decided_on, review_path, letter, certainty, district, name, actor,"
    " supersedes, identity, superseded_by"
)


# What is raised by a record that no version of this program wrote: whoever may append may write it.
MISSHAPEN: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
_STANDS: Final = (
    "superseded_by IS NULL AND NOT EXISTS (SELECT 1 FROM record later WHERE"
    " later.identity = record.identity AND later.seq > record.seq"
    " AND later.kind = 'decision' AND later.superseded_by IS NULL)"
)


@dataclass(frozen=True, slots=True)
class Indexed:
    """A record as a list shows it."""

    seq: int
    id: str
    kind: str
    at: str
    decided_on: str | None
    review_path: str | None
    letter: str | None
    certainty: str | None
    district: str | None
    name: str | None
    actor: str
    supersedes: str | None
    identity: str | None
    superseded_by: str | None


@dataclass(frozen=True, slots=True)
class Search:
    """What a list of records may be narrowed by; nothing is left out by an empty part."""

    words: str = ""
    review_path: str = ""
    district: str = ""
    first: str = ""
    last: str = ""

    def where(self) -> tuple[str, list[Value]]:
        """Return the condition and its values."""
        tests, values = ["kind = 'decision'"], list[Value]()
        for test, value in (
            ("(name LIKE '%' || ? || '%' OR id = ?)", self.words),
            ("review_path = ?", self.review_path),
            ("district = ?", self.district),
            ("decided_on >= ?", self.first),
            ("decided_on <= ?", self.last),
        ):
            if value:
                tests.append(test)
                values += [value] * test.count("?")
        return " AND ".join(tests), values


def catch_up(office: Office) -> int:
    """Index what has been recorded since, by whomever; return how many records there are.

    The checkpoint is taken at its word: what is shown proves nothing, and `verify` holds each
    signature against its key. So a forged one must not do more than hide what it does not cover.
    """
    store = office.store
    # Not by the last record's number: whoever forged it would have this count for ever.
    size = checkpoint_from(office.journal.checkpoint()).size
    row = store.one("SELECT coalesce(max(seq) + 1, 0) FROM record")
    start = cast("int", row[0]) if row else 0
    if start >= size:
        return size
    for low in range(start, size, _AT_ONCE):  # others may use the store in between
        with store.transaction():
            some = list(office.journal.records(low, min(low + _AT_ONCE, size)))
            for kept in some:
                _index(office, kept)
        if not some:  # whoever forged a size would have this go on for ever
            break
    return size


def _index(office: Office, kept: Record) -> None:
    try:
        _index_what_is_said(office, kept, _read(kept.body))
    except MISSHAPEN:  # its place is kept; a replay tells what is wrong with it
        office.store.rows(
            "INSERT OR REPLACE INTO record (seq, id, kind, at, actor) VALUES (?, ?, '?', '', '')",
            kept.seq,
            kept.id,
        )


def _index_what_is_said(office: Office, kept: Record, said: dict[str, Any]) -> None:
    decision = said.get("decision") if said.get("kind") == "decision" else None
    told = cast("dict[str, Any]", decision) if isinstance(decision, dict) else {}
    project = cast("dict[str, Any]", said.get("project") or {})
    actor = cast("dict[str, Any]", said.get("actor") or {})
    earlier = cast("dict[str, Any]", said.get("supersedes") or {})
    at = cast("dict[str, Any]", said.get("at") or {})
    office.store.rows(
        f"INSERT OR IGNORE INTO record ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,NULL)",  # noqa: S608 - our own list
        kept.seq,
        kept.id,
        str(said.get("kind", "?")),
        str(at.get("utc", "")),
        said.get("on"),
        told.get("review_path"),
        told.get("letter"),
        told.get("certainty"),
        project.get("district"),
        project.get("name"),
        str(actor.get("id", "")),
        earlier.get("id"),
        identity_of(project),
    )
    if said.get("kind") == "events":
        _follow(office, kept.seq, said)
    if said.get("kind") == "letter":
        office.store.rows(
            "UPDATE record SET paper_of = ? WHERE seq = ?", said.get("decision"), kept.seq
        )
    if told:
        office.store.rows(
            "INSERT OR IGNORE INTO noted VALUES (?, ?)", kept.seq, noted(told).written()
        )
    if earlier:
        office.store.rows(
            "UPDATE record SET superseded_by = ? WHERE id = ?", kept.id, earlier.get("id")
        )


def _follow(office: Office, seq: int, said: dict[str, Any]) -> None:
    """Note the latest that is recorded of what happened to a project, and if anything is due."""
    project = cast("dict[str, Any]", said.get("project") or {})
    answer = cast("dict[str, Any]", said.get("answer") or {})
    identity = identity_of(project)
    if identity is None or said.get("assumption"):  # nobody is late in what is only supposed
        return
    # An answer about stages says nothing of deadlines, so some may be open.
    due = answer.get("deadlines")
    pending = due is None or any(one.get("done_on") is None for one in due)
    office.store.rows(
        "INSERT OR REPLACE INTO followed VALUES (?, ?, ?, ?)",
        identity,
        project.get("district"),
        seq,
        int(pending),
    )


def followed(office: Office, district: str | None) -> Iterator[dict[str, Any]]:
    """Yield the latest records of events in which something is due, of projects not kept here."""
    catch_up(office)
    for (seq,) in office.store.rows(
        "SELECT seq FROM followed WHERE pending AND district = coalesce(?, district) AND identity"
        " NOT IN (SELECT identity FROM project WHERE identity IS NOT NULL AND events != '')",
        district,
    ):
        for kept in office.journal.records(cast("int", seq), cast("int", seq) + 1):
            yield _read(kept.body)


def _read(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", said) if isinstance(said, dict) else {}


def said(office: Office, record: str) -> dict[str, Any]:
    """Return what a record says; raises JournalError if it is not there."""
    return _read(office.journal.get(record).body)


def _indexed(row: Row) -> Indexed:
    return Indexed(*cast("Any", row))


def found(office: Office, search: Search, page: int = 1) -> tuple[list[Indexed], int]:
    """Return one page of the records that fit, the latest first, and how many fit in all."""
    catch_up(office)
    where, values = search.where()
    count = office.store.one(f"SELECT count(*) FROM record WHERE {where}", *values)  # noqa: S608 - our own tests
    rows = office.store.rows(
        f"SELECT {_COLUMNS} FROM record WHERE {where} ORDER BY seq DESC LIMIT ? OFFSET ?",  # noqa: S608 - likewise
        *values,
        PAGE,
        (page - 1) * PAGE,
    )
    return [_indexed(row) for row in rows], cast("int", count[0]) if count else 0


def groups(office: Office, search: Search) -> Iterator[Group]:
    """Yield what statistics count: of each project that fits, the newest decision that stands."""
    catch_up(office)
    where, values = search.where()
    for month, district, path, text, count in office.store.rows(
        "SELECT substr(decided_on, 1, 7), coalesce(district, ''), coalesce(review_path, ''),"  # noqa: S608 - our own tests
        " text, count(*)"
        f" FROM record JOIN noted USING (seq) WHERE {_STANDS} AND {where}"
        " GROUP BY 1, 2, 3, 4",
        *values,
    ):
        told = read(cast("str", text))
        yield cast("str", month), cast("str", district), cast("str", path), told, cast("int", count)


def standing(office: Office, search: Search) -> int:
    """Return how many decisions fit that none supersedes, however many on one project."""
    catch_up(office)
    where, values = search.where()
    row = office.store.one(
        f"SELECT count(*) FROM record WHERE superseded_by IS NULL AND {where}",  # noqa: S608 - our own tests
        *values,
    )
    return cast("int", row[0]) if row else 0


def one(office: Office, record: str) -> Indexed | None:
    """Return a record of that id."""
    catch_up(office)
    row = office.store.one(f"SELECT {_COLUMNS} FROM record WHERE id = ?", record)  # noqa: S608 - our own list
    return _indexed(row) if row else None


def newest_of(office: Office, record: str | None) -> str | None:
    """Return the decision that stands for one: itself, or what has superseded it, by whomever."""
    seen: set[str | None] = set()
    while record not in seen and (here := record and one(office, record)) and here.superseded_by:
        seen.add(record)
        record = here.superseded_by
    return record


def history_of(office: Office, record: str | None) -> list[Indexed]:
    """Return a decision and those that it superseded, the latest first."""
    found_: list[Indexed] = []
    while record is not None and len(found_) < 100:  # noqa: PLR2004 - nobody reads more
        here = one(office, record)
        if here is None:
            break
        found_.append(here)
        record = here.supersedes
    return found_


def ids(office: Office, search: Search, most: int) -> list[str]:
    """Return the ids of the records that fit, the latest first, no more than so many."""
    catch_up(office)
    where, values = search.where()
    rows = office.store.rows(
        f"SELECT id FROM record WHERE {where} ORDER BY seq DESC LIMIT ?",  # noqa: S608 - our own tests
        *values,
        most,
    )
    return [str(row[0]) for row in rows]


def with_what_followed(office: Office, decisions: Sequence[str]) -> list[str]:
    """Return decisions with the papers made of them, and what happened to their projects."""
    chosen = json.dumps(decisions)
    rows = office.store.rows(
        "WITH chosen AS (SELECT value FROM json_each(?))"
        " SELECT id FROM record WHERE paper_of IN chosen"
        " UNION SELECT id FROM record WHERE kind = 'events' AND identity IN"
        " (SELECT identity FROM record WHERE id IN chosen)",
        chosen,
    )
    return [*decisions, *(str(row[0]) for row in rows)]


def chain_of(office: Office, records: Sequence[str]) -> tuple[str, ...]:
    """Return records with all that they supersede, each once: a replay looks for those before."""
    found: dict[str, None] = {}
    for record in records:
        found |= dict.fromkeys(one.id for one in history_of(office, record))
    return tuple(found)
