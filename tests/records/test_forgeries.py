"""Each forgery is reported by the mechanisms the documentation claims, and honest journals by none."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from drawreview.records.entry import Blob
from drawreview.records.journal import Journal, init_journal, new_id, new_personal, open_journal
from tests.records.conftest import body_of, correction_of, erase, record, rotate
from tests.records.forgeries import FORGERIES, ORIGIN, Forgery, noticed, scene

ROOT = Path(__file__).parents[2]
SEED = 20210801
EACH = 20
SHIFTED = (  # salt and content together have the same digest
    "UPDATE personal SET salt = CAST(salt || substr(content, 1, 1) AS BLOB), "
    "content = substr(content, 2)"
)


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda one: one.do.__name__)
def test_a_forgery_is_noticed_by_exactly_the_mechanisms_claimed(
    forgery: Forgery, quick: Path
) -> None:
    chance = random.Random(f"{SEED} {forgery.what}")
    done = 0
    for _ in range(EACH):
        made, held = scene(quick / "forged", chance)
        forgery.do(made)
        found = noticed(made, held)
        assert found == (forgery.journal, forgery.memory, forgery.held, forgery.receipt)
        done += 1
    print(f"{forgery.what}: {done} forged, seed {SEED}")
    assert done == EACH


def test_the_documentation_shows_the_table_that_was_measured() -> None:
    text = (ROOT / "docs" / "journal.md").read_text(encoding="utf-8")
    for forgery in FORGERIES:
        assert forgery.row in text


def test_two_hundred_honest_journals_raise_no_alarm(quick: Path) -> None:
    chance, done, records = random.Random(SEED), 0, 0
    for number in range(200):
        folder = quick / str(number)
        with init_journal(
            folder / "journal" / "j.db", origin=ORIGIN, key=folder / "keys" / "k.json"
        ) as journal:
            held = live(journal, chance, folder)
            report = journal.verify(held=held)
        assert report.holds, report.findings
        done, records = done + 1, records + report.size
    print(f"honest journals without an alarm {done}, records {records}, seed {SEED}")
    assert done == 200


def live(journal: Journal, chance: random.Random, folder: Path) -> dict[str, str]:
    """Do to a journal what an honest office does; return what it handed out."""
    held: dict[str, str] = {}
    for number in range(chance.randrange(0, 20)):
        name = str(number)
        match chance.randrange(12):
            case 0:
                personal = new_personal(chance.randbytes(20))
                receipt = record(journal, personal=personal)
                if chance.random() < 0.5:
                    erase(journal, receipt.id)
            case 1:
                rotate(journal)
            case 2:
                record(journal, blobs=[Blob("rulebook", chance.randbytes(100))])
            case 3:
                record(journal, idempotency_key=name)
                record(journal, idempotency_key=name)
            case 4:
                assert journal.back_up(folder / f"{name}.db").holds
            case 5:
                journal.reopen()
            case 6:
                journal.submit(correction_of(record(journal).id)).result()
            case _:
                receipt = record(journal)
                held[name] = receipt.tlog_proof if chance.random() < 0.5 else receipt.checkpoint
    return held


@pytest.mark.parametrize(
    ("statement", "mechanism"),
    [
        ("UPDATE record SET id = 'x' WHERE seq = 1", "id"),
        ("UPDATE record SET seq = 99 WHERE seq = 3", "numbering"),
        ("UPDATE record SET leaf = body WHERE seq = 2", "leaf"),
        ("UPDATE node SET hash = zeroblob(32) WHERE level = 1 AND place = 0", "tree"),
        ("DELETE FROM node WHERE level = 2", "tree"),
        ("INSERT INTO node VALUES (9, 9, zeroblob(32))", "tree"),
        ("UPDATE checkpoint SET note = replace(note, '=', '+') WHERE size = 2", "signature"),
        ("UPDATE checkpoint SET size = 77 WHERE size = 2", "checkpoint"),
        ("UPDATE blob SET content = zeroblob(3)", "blob"),
        ("UPDATE personal SET content = zeroblob(3)", "personal"),
        ("UPDATE personal SET record_id = 'x'", "personal"),
        ("UPDATE personal SET salt = NULL", "personal"),
        (SHIFTED, "personal"),
        ("UPDATE idempotency SET record_id = 'x'", "idempotency"),
    ],
)
def test_what_stands_beside_the_records_is_checked_too(
    quick: Path, statement: str, mechanism: str
) -> None:
    made, _ = scene(quick / "beside", random.Random(SEED))
    with open_journal(made.path, key=made.keys.path) as journal:
        personal = new_personal(b"name and phone")
        record(journal, personal=personal, blobs=[Blob("form", b"x")], idempotency_key="k")
    made.run(statement)
    with open_journal(made.path, key=made.keys.path) as journal:
        assert mechanism in journal.verify().counts


def test_a_body_that_names_another_record_does_not_pass_for_it(quick: Path) -> None:
    """Swapping two ids alone is noticed although one body names both records."""
    with init_journal(
        quick / "journal" / "j.db", origin=ORIGIN, key=quick / "keys" / "k.json"
    ) as journal:
        first = record(journal)
        name = new_id()
        journal.append(body_of(name, supersedes=first.id), id=name)
    made, _ = scene(quick / "other", random.Random(SEED))
    made.path = quick / "journal" / "j.db"
    made.run("UPDATE record SET id = 'x' WHERE seq = 0")
    made.run("UPDATE record SET id = ? WHERE seq = 1", first.id)
    made.run("UPDATE record SET id = ? WHERE seq = 0", name)
    with open_journal(made.path, key=quick / "keys" / "k.json") as journal:
        assert journal.verify().counts["id"] == 2
