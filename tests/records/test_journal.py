"""What every store promises: one suite for SQLite and PostgreSQL."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from drawreview.cli.listed import listed
from drawreview.errors import (
    AppendRefusedError,
    ArgumentError,
    JournalError,
    LingeringError,
    StoreError,
)
from drawreview.project.model import Project
from drawreview.records import merkle
from drawreview.records.append import Writer
from drawreview.records.correction import check_correction
from drawreview.records.entry import Blob, Entry, Receipt
from drawreview.records.journal import Journal, new_id, new_personal
from drawreview.records.note import checkpoint_from, open_checkpoint, proof_from
from tests.records.conftest import (
    Place,
    body_of,
    correction_of,
    erase,
    record,
    rotate,
    snapshot,
    sqlite_place,
)

PHONE = "13800138000"


def test_a_record_is_the_exact_bytes_that_were_given(journal: Journal) -> None:
    name = new_id()
    body = f'{{"id":"{name}", "a": "1.50", "é": "e\u0301\\u4e2d"}}\r\n'.encode()
    receipt = journal.append(body, id=name)
    found = journal.get(name)
    assert (found.seq, found.body, found.leaf) == (0, body, merkle.leaf_hash(body))
    assert (receipt.id, receipt.seq, receipt.size, receipt.root) == (name, 0, 1, found.leaf)


def test_a_body_that_only_mentions_the_id_is_refused(journal: Journal) -> None:
    name = new_id()
    for body in (body_of(new_id(), other=name), name.encode(), b'{"id":"%b"' % name.encode()):
        with pytest.raises(JournalError, match="编号"):
            journal.append(body, id=name)
    assert len(journal) == 0


def test_records_are_numbered_from_zero_without_gaps(journal: Journal) -> None:
    receipts = [record(journal) for _ in range(20)]
    assert [one.seq for one in receipts] == list(range(20))
    assert [one.id for one in journal.records()] == [one.id for one in receipts]
    assert [one.seq for one in journal.records(5, 8)] == [5, 6, 7]


def test_a_receipt_proves_its_record_under_its_checkpoint(journal: Journal) -> None:
    trusted = journal.key_file().publics
    for _ in range(13):
        receipt = record(journal)
        index, proof, note = proof_from(receipt.tlog_proof)
        signed = open_checkpoint(note, trusted)
        body = journal.get(receipt.id).body
        assert (signed.size, signed.root, index) == (receipt.size, receipt.root, receipt.seq)
        assert merkle.includes(signed.root, signed.size, index, merkle.leaf_hash(body), proof)


def test_every_older_checkpoint_is_the_beginning_of_the_newest(journal: Journal) -> None:
    receipts = [record(journal) for _ in range(17)]
    newest = checkpoint_from(journal.checkpoint())
    for one in receipts:
        assert merkle.extends(
            one.root, one.size, newest.root, newest.size, journal.consistency(one.size)
        )
        assert merkle.includes(
            newest.root, newest.size, one.seq, one.leaf, journal.inclusion(one.seq)
        )


def test_a_retried_append_returns_the_first_record(journal: Journal) -> None:
    first = record(journal, idempotency_key="window 3, ticket 88")
    again = record(journal, idempotency_key="window 3, ticket 88")
    assert (again.id, again.seq, again.leaf) == (first.id, first.seq, first.leaf)
    assert (first.repeated, again.repeated, len(journal)) == (False, True, 1)
    assert merkle.includes(again.root, again.size, again.seq, again.leaf, again.proof)


def test_an_id_stands_once_and_an_entry_that_cannot_stand_harms_no_other(journal: Journal) -> None:
    name, other = new_id(), new_id()
    asked = [
        Entry(name, body_of(name)),
        Entry(name, body_of(name)),
        Entry("nowhere", b"{}"),
        Entry(other, body_of(other)),
    ]
    answers = [journal.submit(one) for one in asked]
    assert answers[0].result().seq == 0
    with pytest.raises(JournalError, match="已经记过"):
        answers[1].result()
    with pytest.raises(JournalError, match="没有它自己的编号"):
        answers[2].result()
    assert answers[3].result().seq == 1
    assert journal.verify().holds


def test_many_clients_share_one_order(journal: Journal) -> None:
    receipts: list[Receipt] = []

    def client() -> None:
        receipts.extend(record(journal) for _ in range(25))

    clients = [threading.Thread(target=client) for _ in range(8)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    assert sorted(one.seq for one in receipts) == list(range(200))
    assert all(
        merkle.includes(one.root, one.size, one.seq, one.leaf, one.proof) for one in receipts
    )
    assert journal.verify().holds


def test_who_gives_up_waiting_disturbs_nobody(journal: Journal) -> None:
    entries = [Entry(name, body_of(name)) for name in (new_id() for _ in range(200))]
    answers = [journal.submit(one) for one in entries]
    given_up = [one for one in answers[::2] if one.cancel()]
    kept = [one.result() for one in answers if not one.cancelled()]
    assert len(kept) == len(journal) == 200 - len(given_up)
    assert record(journal).seq == len(kept)


def test_two_writers_of_one_journal_do_not_fork_it(journal: Journal, place: Place) -> None:
    with place.open() as other:
        seqs = [record(one).seq for _ in range(10) for one in (journal, other)]
    assert seqs == list(range(20))
    assert journal.verify().holds


def test_of_those_who_correct_one_record_at_once_one_does(journal: Journal, place: Place) -> None:
    rounds, start = 12, threading.Barrier(4)
    earlier = [record(journal).id for _ in range(rounds)]
    won: list[Receipt] = []
    told: list[str] = []

    def correct(one: Journal) -> None:
        for name in earlier:
            start.wait()
            try:
                won.append(one.submit(correction_of(name)).result())
            except ArgumentError as error:
                told.append(str(error))

    with place.open() as other:  # another writer with its own connection, as another process is
        clerks = [threading.Thread(target=correct, args=[one]) for one in (journal, other) * 2]
        for one in clerks:
            one.start()
        for one in clerks:
            one.join()
    assert (len(won), len(told), len(journal)) == (rounds, 3 * rounds, 2 * rounds)
    by = {
        f"第 {seq} 条记录: 已被第 {one.seq} 条（{one.id}）更正。 改为更正那一条。"
        for seq, one in enumerate(sorted(won, key=lambda one: one.seq))
    }
    assert set(told) == by
    assert journal.verify().holds


def test_of_two_in_one_transaction_that_correct_one_record_the_first_does(
    journal: Journal,
) -> None:
    earlier = record(journal).id
    entries = [correction_of(earlier) for _ in range(3)]
    writer = Writer(journal.store.connect(writes=True), journal.key_file())
    first, *others = writer.write(entries)
    writer.connection.close()
    assert isinstance(first, Receipt)
    assert all(entries[0].id in str(one) and isinstance(one, ArgumentError) for one in others)
    assert len(journal) == 2
    assert journal.submit(correction_of(entries[0].id)).result().seq == 2


def test_whoever_asks_again_to_correct_with_the_same_key_gets_the_first_record(
    journal: Journal,
) -> None:
    earlier = record(journal).id
    first = journal.submit(replace(correction_of(earlier), idempotency_key="k")).result()
    again = journal.submit(replace(correction_of(earlier), idempotency_key="k")).result()
    assert (again.id, again.repeated) == (first.id, True)


@pytest.mark.parametrize(
    "forged",
    [
        "DELETE FROM correction",
        "UPDATE correction SET earlier = 'x'",
        "UPDATE correction SET record_id = earlier",
        "INSERT INTO correction VALUES ('x', 'y')",
    ],
)
def test_an_index_of_corrections_that_differs_from_the_records_is_found(
    journal: Journal, place: Place, forged: str
) -> None:
    journal.submit(correction_of(record(journal).id)).result()
    place.tamper(forged)
    assert set(journal.verify().counts) == {"correction"}


def test_two_corrections_of_one_record_are_found_however_they_came_there(
    journal: Journal, place: Place
) -> None:
    earlier = record(journal).id
    journal.submit(correction_of(earlier)).result()
    place.tamper("DELETE FROM correction")
    journal.submit(correction_of(earlier)).result()
    assert journal.verify().counts == {"correction": 3}


def test_contents_are_stored_once_under_their_sha256(journal: Journal) -> None:
    rulebook = Blob("rulebook", b"rules of 2021" * 1000)
    record(journal, blobs=[rulebook])
    record(journal, blobs=[rulebook, Blob("calendar", b"days")])
    assert journal.blob(rulebook.sha256) == rulebook.content
    assert sorted(kind for _, kind in journal.blobs()) == ["calendar", "rulebook"]
    with pytest.raises(JournalError, match="没有存"):
        journal.blob("0" * 64)


def test_personal_data_is_erased_and_everything_still_holds(journal: Journal) -> None:
    personal = new_personal(f"王工 {PHONE}".encode())
    receipt = record(journal, personal=personal)
    assert PHONE.encode() not in journal.get(receipt.id).body
    assert journal.personal(receipt.id) == personal.content
    assert erase(journal, receipt.id)
    assert journal.personal(receipt.id) is None
    assert not erase(journal, receipt.id)
    assert journal.verify(held={"receipt": receipt.tlog_proof}).holds


def test_an_erasure_is_a_record_and_says_nothing_of_what_was_erased(journal: Journal) -> None:
    people = [new_personal(f"王工 {PHONE[:-1]}{n}".encode()) for n in range(3)]
    names = [record(journal, personal=one).id for one in people]
    other = record(journal).id
    receipt = erase(journal, names[0], other, names[2], names[0])
    assert receipt is not None
    said = json.loads(journal.get(receipt.id).body)
    assert (said["kind"], said["actor"]["role"], said["why"]) == ("erasure", "clerk", "保存期满")
    assert said["at"]["utc"].endswith("Z")
    assert said["erased"] == [
        {"record": names[n], "personal": people[n].commitment} for n in (0, 2)
    ]
    assert PHONE[:-1] not in journal.get(receipt.id).body.decode()
    assert merkle.includes(receipt.root, receipt.size, 4, receipt.leaf, receipt.proof)
    report = journal.verify(held={"receipt": receipt.tlog_proof})
    assert (report.holds, report.personal, report.erased) == (True, 3, 2)


def test_an_erasure_of_a_record_that_is_not_there_erases_nothing(journal: Journal) -> None:
    name = record(journal, personal=new_personal(b"x")).id
    with pytest.raises(JournalError, match="没有记录 nowhere"):
        erase(journal, name, "nowhere")
    assert (journal.personal(name), len(journal)) == (b"x", 1)


def test_an_erasure_that_cannot_be_recorded_erases_nothing(journal: Journal) -> None:
    name = record(journal, personal=new_personal(b"x")).id
    with pytest.raises(JournalError, match="没有它自己的编号"):
        journal.erase([name], lambda _: Entry("nowhere", b"{}"))
    assert (journal.personal(name), len(journal)) == (b"x", 1)
    assert record(journal).seq == 1


def test_a_reading_holds_an_erasure_up_and_not_the_appends(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drawreview.records.sqlite._FORGET_MS", 10)
    monkeypatch.setattr("drawreview.records.postgres._FORGET_S", 0.01)
    name = record(journal, personal=new_personal(PHONE.encode())).id
    with snapshot(journal):
        with pytest.raises(LingeringError, match="再执行一次"):
            erase(journal, name)
        assert journal.personal(name) is None
        assert record(journal).seq == 2
        with pytest.raises(LingeringError):
            erase(journal, name)
    assert erase(journal, name) is None
    assert len(journal) == 3
    assert journal.verify().holds


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM personal",
        "UPDATE personal SET salt = NULL, content = NULL, erased_at = '2026-01-01'",
        "UPDATE personal SET salt = NULL",
        "UPDATE personal SET content = NULL",
    ],
)
def test_personal_data_that_is_gone_without_an_erasure_is_missed(
    journal: Journal, place: Place, statement: str
) -> None:
    names = [record(journal, personal=new_personal(b"x")).id for _ in range(2)]
    erase(journal, names[0])
    place.tamper(f"{statement} WHERE record_id = '{names[1]}'")
    report = journal.verify()
    assert report.counts == {"personal": 1}
    assert report.findings[0].place == names[1]
    assert journal.verify(persons=False).holds


def test_personal_data_that_comes_back_after_its_erasure_is_found(
    journal: Journal, place: Place
) -> None:
    personal = new_personal(b"x")
    name = record(journal, personal=personal).id
    erase(journal, name)
    salt, content = place.literal(personal.salt), place.literal(personal.content)
    place.tamper(f"UPDATE personal SET salt = {salt}, content = {content}, erased_at = NULL")  # noqa: S608
    assert journal.verify().counts == {"personal": 1}


def test_a_record_that_claims_the_erasure_of_something_else_explains_nothing(
    journal: Journal, place: Place
) -> None:
    kept, gone = (record(journal, personal=new_personal(b"x")).id for _ in range(2))
    said = {"record": gone, "personal": "0" * 64}
    name = new_id()
    body = json.dumps({"erased": [said, {"who": kept}], "id": name, "kind": "erasure"})
    journal.append(body.encode(), id=name)
    place.tamper(f"UPDATE personal SET salt = NULL, content = NULL WHERE record_id = '{gone}'")  # noqa: S608
    assert journal.verify().counts == {"personal": 3}


def test_contents_that_a_record_was_made_from_are_missed(journal: Journal, place: Place) -> None:
    rules, forms, font = (Blob(kind, kind.encode()) for kind in ("rules", "forms", "font"))
    for said, blobs in (
        ({"kind": "decision", "law": {"pack": rules.sha256}}, [rules]),
        ({"kind": "events", "law": {"pack": rules.sha256}}, [rules]),
        ({"kind": "letter", "forms": forms.sha256, "fonts": {"a": font.sha256}}, [forms, font]),
    ):
        name = new_id()
        journal.append(json.dumps({"id": name, **said}).encode(), id=name, blobs=blobs)
    assert journal.verify().holds
    place.tamper(f"DELETE FROM blob WHERE sha256 = '{font.sha256}'")  # noqa: S608
    assert [one.place for one in journal.verify().findings] == [font.sha256]
    place.tamper("DELETE FROM blob")
    assert journal.verify().counts == {"blob": 3}


def test_a_verification_goes_on_beside_appends_and_erasures(journal: Journal) -> None:
    names = [record(journal, personal=new_personal(b"x")).id for _ in range(30)]
    stop = threading.Event()

    def live() -> None:
        for name in names:
            record(journal, personal=new_personal(b"y"))
            erase(journal, name)
            if stop.is_set():
                return

    office = threading.Thread(target=live)
    office.start()
    reports = [journal.verify() for _ in range(5)]
    stop.set()
    office.join()
    assert [one.findings for one in reports] == [[]] * 5
    assert journal.verify().holds


@pytest.mark.parametrize(
    ("statement", "mechanism"),
    [
        ("INSERT INTO record VALUES (-1, 'x', {body}, {leaf})", "numbering"),
        ("INSERT INTO record VALUES (4611686018427387904, 'x', {body}, {leaf})", "numbering"),
        ("INSERT INTO record VALUES (9223372036854775807, 'x', {body}, {leaf})", "numbering"),
        ("INSERT INTO checkpoint VALUES (-5, 'x')", "checkpoint"),
        ("DELETE FROM checkpoint", "checkpoint"),
        ("DELETE FROM key", "signature"),
    ],
)
def test_rows_that_no_honest_writer_makes_are_found(
    journal: Journal, place: Place, statement: str, mechanism: str
) -> None:
    """A forged number may be any: below the tree, or so far beyond it that counting never ends."""
    for _ in range(3):
        record(journal)
    body = b'{"id":"x"}'
    said = {"body": place.literal(body), "leaf": place.literal(merkle.leaf_hash(body))}
    place.tamper(statement.format(**said))
    assert mechanism in journal.verify().counts
    assert len(list(journal.records())) in {3, 4}


@pytest.mark.parametrize(
    "statement", ["INSERT INTO journal VALUES ('another', 1)", "DELETE FROM journal"]
)
def test_a_journal_has_one_name(journal: Journal, place: Place, statement: str) -> None:
    journal.close()
    place.tamper(statement)
    with pytest.raises(JournalError, match="被改动过"):
        place.open()


def test_what_cannot_be_read_is_told_in_words(journal: Journal, place: Place) -> None:
    record(journal)
    place.tamper("UPDATE checkpoint SET note = 'x'", "UPDATE key SET vkey = 'y'")
    with pytest.raises(JournalError, match="检查点读不懂"):
        journal.checkpoint()
    with pytest.raises(JournalError, match="公钥读不懂"):
        journal.public_keys()


def test_a_writer_signs_with_the_key_that_another_process_has_rotated_to(
    journal: Journal, place: Place
) -> None:
    record(journal)
    with place.open() as desk:
        rotate(desk)
        record(journal)
        rotate(desk)
        rotate(journal)
        record(desk)
    assert len(journal.key_file().keys) == 4
    assert journal.checkpoint().count("— ") == 1
    assert journal.verify().holds


def test_personal_data_needs_its_commitment_in_the_record(journal: Journal) -> None:
    name = new_id()
    with pytest.raises(JournalError, match="承诺值"):
        journal.append(body_of(name), id=name, personal=new_personal(b"x"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record SET body = body",
        "DELETE FROM record",
        "UPDATE node SET hash = hash",
        "DELETE FROM node",
        "UPDATE checkpoint SET note = note",
        "DELETE FROM checkpoint",
        "UPDATE blob SET kind = kind",
        "DELETE FROM blob",
        "UPDATE key SET since = since",
        "DELETE FROM idempotency",
        "UPDATE correction SET record_id = record_id",
        "DELETE FROM correction",
        "UPDATE personal SET content = content",
        "DELETE FROM personal",
    ],
)
def test_the_store_refuses_to_change_or_delete(journal: Journal, statement: str) -> None:
    record(
        journal,
        personal=new_personal(b"x"),
        blobs=[Blob("form", b"y")],
        idempotency_key="k",
    )
    journal.submit(correction_of(record(journal).id)).result()
    connection = journal.store.connect(writes=True)
    with pytest.raises(StoreError, match=r"append-only|emptied"):
        connection.rows(statement)
    connection.close()


def test_a_new_key_is_signed_in_by_the_old_one_once(journal: Journal, place: Place) -> None:
    record(journal)
    old = journal.key_file().current.key
    new = rotate(journal)
    both = journal.checkpoint()
    assert open_checkpoint(both, [old]) == open_checkpoint(both, [new])
    record(journal)
    alone = journal.checkpoint()
    assert f"— {new.name} " in alone
    assert f"— {old.name} " not in alone
    assert journal.public_keys() == (old, new)
    assert journal.key_file().keys[0].until is not None
    journal.close()
    with place.open() as again:
        record(again)
        assert again.verify().holds


def test_each_of_several_who_rotate_at_once_signs_with_its_key(
    journal: Journal, place: Place
) -> None:
    record(journal)
    with place.open() as desk, ThreadPoolExecutor(4) as pool:
        made = list(pool.map(rotate, [journal, desk] * 4))
        assert set(desk.public_keys()) == {journal.key_file().keys[0].key, *made}
        assert len(set(made)) == 8
        assert desk.verify().holds


def test_a_key_rotated_just_before_a_crash_is_signed_in_later(
    journal: Journal, place: Place
) -> None:
    from drawreview.records.keys import rotated

    record(journal)
    journal.close()
    rotated(journal.key_file(), at="2026-01-01T00:00:00+00:00")
    rotated(journal.key_file(), at="2026-01-02T00:00:00+00:00")
    with place.open() as again:
        record(again)
        first, _, third = (key.key for key in again.key_file().keys)
        both = again.checkpoint()
        assert open_checkpoint(both, [first]) == open_checkpoint(both, [third])
        record(again)
        assert again.checkpoint().count("— ") == 1
        assert again.verify().holds


def test_another_journals_key_is_refused(journal: Journal, tmp_path: Path) -> None:
    from drawreview.records.keys import new_key_file

    other = new_key_file(tmp_path / "other.json", "another.example", at="2026")
    with Journal(journal.store, other.path) as wrong, pytest.raises(JournalError, match="another"):
        record(wrong)


def test_without_the_key_one_may_read_and_not_append(journal: Journal, tmp_path: Path) -> None:
    record(journal)
    with Journal(journal.store, tmp_path / "none.json") as reader:
        assert len(list(reader.records())) == 1
        report = reader.verify()
        assert report.holds
        assert "自带的公钥" in report.notices[0]
        with pytest.raises(JournalError, match="没有这个密钥文件"):
            record(reader)


def test_a_tail_that_was_tampered_with_refuses_appends(journal: Journal, place: Place) -> None:
    record(journal)
    record(journal)
    journal.close()
    place.tamper("UPDATE record SET body = leaf WHERE seq = 1")
    with place.open() as again, pytest.raises(AppendRefusedError, match="与树不符"):
        record(again)


def test_a_clock_that_runs_backwards_is_flagged_and_changes_no_order(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    record(journal)
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now - 3_600_000_000_000)
    late = record(journal)
    report = journal.verify()
    assert late.seq == 1
    assert report.holds
    assert any("时钟倒退了 3" in notice for notice in report.notices)


def test_a_record_without_end_is_listed_and_not_corrected(quick: Path) -> None:
    place = sqlite_place(quick)
    with place.init() as made:
        name = record(made).id
        place.tamper(
            "UPDATE record SET body = CAST('{\"a\":' || printf('%.*c', 100000, '[') AS BLOB)"
        )
        assert [one.id for one in listed(made, 5)] == [name]
        with pytest.raises(ArgumentError, match="不是决定"):
            check_correction(made, Project(), name)
