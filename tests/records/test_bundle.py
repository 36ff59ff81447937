"""A bundle is believed only as far as what its reader holds apart from it."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from drawreview import Project, decide, load_rulebook
from drawreview.errors import ArgumentError, JournalError
from drawreview.letters import fill_letter
from drawreview.letters.footer import Receipt
from drawreview.records.body import Circumstances, Superseded, body_of, decision_record
from drawreview.records.bundle import Bundle
from drawreview.records.canonical import canonical
from drawreview.records.entry import Blob
from drawreview.records.export import export
from drawreview.records.importing import import_bundle
from drawreview.records.journal import init_journal, open_journal
from drawreview.records.keys import new_key
from drawreview.records.note import Use, open_note
from drawreview.records.record import record_decision, record_events, record_letter
from drawreview.records.replay import replay
from drawreview.records.verify_bundle import (
    FAILS,
    HOLDS,
    UNCHECKED,
    Held,
    ed25519_holds,
    main,
    verify,
)
from drawreview.records.witness import witnessed
from drawreview.web.again import deadlines_again, ways_of
from tests.properties.projects import ON
from tests.records.conftest import Place, correction_of, erase, rotate
from tests.records.logs import BY_CLERK, CLERK, EVENTS, HOUSING, PERSON, peopled, plain

ORIGIN = "permits.example/window"


def decide_some(journal, count, seed=1):
    random = Random(seed)
    return [
        record_decision(journal, decide(Project.model_validate(peopled(random)), on=ON), BY_CLERK)
        for _ in range(count)
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("bundle")


@pytest.fixture(scope="module")
def journal(folder):
    with init_journal(folder / "j" / "a.db", origin=ORIGIN, key=folder / "keys" / "k.json") as made:
        decide_some(made, 5)
        yield made


@pytest.fixture(scope="module")
def held_early(journal):
    """Return the checkpoint that an auditor took along after three records."""
    return dict(journal.checkpoints())[3]


@pytest.fixture(scope="module")
def vkeys(journal):
    return tuple(key.vkey for key in journal.public_keys())


@pytest.fixture(scope="module")
def bundle(journal, folder):
    export(journal, folder / "whole.zip")
    return folder / "whole.zip"


def verdicts(path, vkeys=(), checkpoint=None):
    return {name: v.verdict for name, v in verify(path, Held(tuple(vkeys), checkpoint)).items()}


def rewritten(bundle, to, change, *, manifest=True):
    """Write the bundle with parts changed by an enemy, who also mends the manifest."""
    with zipfile.ZipFile(bundle) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    if manifest:
        said = json.loads(parts["manifest.json"])
        said["files"] = {
            n: hashlib.sha256(c).hexdigest() for n, c in parts.items() if n != "manifest.json"
        }
        parts["manifest.json"] = json.dumps(said).encode()
    with zipfile.ZipFile(to, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return to


def test_an_honest_bundle_holds(bundle, vkeys, held_early):
    assert verdicts(bundle) == {"intact": UNCHECKED, "consistent": UNCHECKED}
    assert verdicts(bundle, vkeys, held_early) == {"intact": HOLDS, "consistent": HOLDS}
    with Bundle(bundle) as log:
        done = replay(log)
    assert (done.findings, done.decisions, len(log)) == ([], 5, 5)


def test_no_person_travels_in_a_bundle(bundle):
    with zipfile.ZipFile(bundle) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    for said in PERSON.values():
        assert said.encode() not in everything


def swap(parts):
    lines = parts["records.jsonl"].splitlines(keepends=True)
    lines[0], lines[1] = lines[1], lines[0]
    parts["records.jsonl"] = b"".join(lines)


def edit_body(parts):
    parts["records.jsonl"] = parts["records.jsonl"].replace("号项目".encode(), "号工程".encode(), 1)


def edit_early_checkpoint(parts):
    lines = [json.loads(line) for line in parts["checkpoints.jsonl"].splitlines()]
    note = lines[2]["note"].split("\n")
    note[2] = base64.b64encode(b"\1" * 32).decode()
    lines[2]["note"] = "\n".join(note)
    parts["checkpoints.jsonl"] = "".join(json.dumps(line) + "\n" for line in lines).encode()


def manifest(change):
    """Return a forgery of what the manifest says beside the digests."""

    def forge(parts):
        said = json.loads(parts["manifest.json"])
        change(said)
        parts["manifest.json"] = json.dumps(said).encode()

    return forge


def lose_blob(parts):
    """Lose the rules, and leave no trace of them in the manifest."""
    (name,) = [n for n in parts if n.startswith("blobs/")]
    del parts[name]
    manifest(lambda said: said["blobs"].clear())(parts)


def list_under_another_size(parts):
    lines = [json.loads(line) for line in parts["checkpoints.jsonl"].splitlines()]
    lines[2]["size"] = 4
    parts["checkpoints.jsonl"] = "".join(json.dumps(line) + "\n" for line in lines).encode()


FORGERIES = {
    "the size in the manifest": manifest(lambda said: said.update(size=6)),
    "the name in the manifest": manifest(lambda said: said.update(origin="x.example/y")),
    "a blob called something else": manifest(
        lambda said: said.update(blobs=dict.fromkeys(said["blobs"], "font"))
    ),
    "a loss that nobody declared": manifest(
        lambda said: said["losses"].append({"size": 3, "newest": "", "note": ""})
    ),
    "a blob lost": lose_blob,
    "a checkpoint listed under another size": list_under_another_size,
    "the keys lost": lambda parts: parts.pop("keys.json"),
    "the verifier lost": lambda parts: parts.pop("verify.py"),
    "a body edited": edit_body,
    "two records swapped": swap,
    "a record inserted": lambda parts: parts.update(
        {"records.jsonl": parts["records.jsonl"].splitlines(True)[0] + parts["records.jsonl"]}
    ),
    "the tail cut": lambda parts: parts.update(
        {"records.jsonl": b"".join(parts["records.jsonl"].splitlines(True)[:-1])}
    ),
    "an early checkpoint edited": edit_early_checkpoint,
    "a blob changed": lambda parts: parts.update(
        {n: c + b"x" for n, c in parts.items() if n.startswith("blobs/")}
    ),
    "the newest root edited": lambda parts: parts.update(
        {"checkpoint.note": parts["checkpoint.note"].replace(b"\n5\n", b"\n4\n")}
    ),
    "a file lost": lambda parts: parts.pop("records.jsonl"),
    "no checkpoint": lambda parts: parts.update({"checkpoint.note": b"hello"}),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_every_forgery_is_noticed_even_with_a_mended_manifest(name, bundle, tmp_path):
    forged = rewritten(bundle, tmp_path / "f.zip", FORGERIES[name])
    assert verdicts(forged)["intact"] == FAILS
    with pytest.raises(JournalError):
        import_bundle(forged, tmp_path / "new.db")
    assert not (tmp_path / "new.db").exists()


def test_forged_records_do_not_match_the_checkpoint_that_is_held(bundle, tmp_path, journal, vkeys):
    """The forger leaves the newest checkpoint, which is the very one that the auditor holds."""
    forged = rewritten(bundle, tmp_path / "f.zip", edit_body)
    assert verdicts(forged, vkeys, journal.checkpoint())["consistent"] == FAILS


def test_who_gives_every_key_misses_no_signature(bundle, vkeys, tmp_path):
    """An early checkpoint loses its signature's key; its root is still right."""

    def strip(parts):
        lines = [json.loads(line) for line in parts["checkpoints.jsonl"].splitlines()]
        lines[2]["note"] = lines[2]["note"].replace(f"— {ORIGIN} ", f"— {ORIGIN}x ")
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        parts["checkpoints.jsonl"] = text.encode()

    forged = rewritten(bundle, tmp_path / "f.zip", strip)
    assert verdicts(forged)["intact"] == UNCHECKED
    assert verdicts(forged, vkeys)["intact"] == FAILS


def test_a_key_that_a_record_puts_in_force_is_among_the_keys(tmp_path):
    key = tmp_path / "k" / "k.json"
    with init_journal(tmp_path / "j" / "a.db", origin=ORIGIN, key=key) as made:
        rotate(made)
        export(made, tmp_path / "rotated.zip")
        rotated = tuple(one.vkey for one in made.public_keys())

    def exchange(parts):
        said = json.loads(parts["keys.json"])
        said[1]["vkey"] = new_key("x", Use.LOG, at="").key.vkey
        parts["keys.json"] = json.dumps(said).encode()

    assert verdicts(tmp_path / "rotated.zip")["intact"] == UNCHECKED
    forged = rewritten(tmp_path / "rotated.zip", tmp_path / "f.zip", exchange)
    assert verdicts(forged)["intact"] == FAILS
    assert verdicts(tmp_path / "rotated.zip", rotated)["intact"] == HOLDS


def test_the_key_that_signed_is_among_the_keys(bundle, tmp_path, vkeys):
    def exchange(parts):
        said = json.loads(parts["keys.json"])
        said[0]["vkey"] = said[0]["vkey"][:-1] + "x"
        parts["keys.json"] = json.dumps(said).encode()

    forged = rewritten(bundle, tmp_path / "f.zip", exchange)
    assert verdicts(forged, vkeys)["intact"] == FAILS


@pytest.mark.parametrize("name", ["README.txt", "keys.json", "verify.py"])
def test_every_byte_of_every_file_is_listed(name, bundle, tmp_path):
    def change(parts):
        parts[name] += b" "

    forged = rewritten(bundle, tmp_path / "f.zip", change, manifest=False)
    assert verdicts(forged)["intact"] == FAILS


def test_a_strange_or_doubled_file_is_noticed(bundle, tmp_path):
    strange = tmp_path / "strange.zip"
    strange.write_bytes(bundle.read_bytes())
    with zipfile.ZipFile(strange, "a") as archive:
        archive.writestr("run-me.exe", b"")
    assert verdicts(strange)["intact"] == FAILS
    doubled = tmp_path / "doubled.zip"
    doubled.write_bytes(bundle.read_bytes())
    with zipfile.ZipFile(doubled, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("records.jsonl", b"")
    assert verdicts(doubled)["intact"] == FAILS


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_bundle_is_told_so(content, tmp_path):
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    assert verdicts(path)["intact"] == FAILS
    with pytest.raises(JournalError):
        Bundle(path)


def test_whoever_signs_everything_anew_is_noticed_only_from_outside(
    journal, bundle, vkeys, held_early, tmp_path
):
    """The strongest forger: another history, a key of his own, everything in the bundle fitting."""
    with init_journal(
        tmp_path / "j" / "f.db", origin=ORIGIN, key=tmp_path / "k" / "k.json"
    ) as other:
        decide_some(other, 5, seed=2)
        export(other, tmp_path / "forged.zip")
    forged = tmp_path / "forged.zip"
    assert verdicts(forged)["intact"] == UNCHECKED
    assert verdicts(forged, vkeys)["intact"] == FAILS
    assert verdicts(forged, (), held_early)["consistent"] == FAILS


def test_a_cut_tail_is_noticed_by_whoever_holds_a_newer_checkpoint(
    journal, folder, tmp_path, vkeys
):
    with init_journal(
        tmp_path / "j" / "a.db", origin=ORIGIN, key=tmp_path / "k" / "k.json"
    ) as made:
        decide_some(made, 2)
        export(made, tmp_path / "short.zip")
        own = tuple(key.vkey for key in made.public_keys())
        decide_some(made, 1, seed=3)
        newer = made.checkpoint()
    assert verdicts(tmp_path / "short.zip", own)["intact"] == HOLDS
    assert verdicts(tmp_path / "short.zip", own, newer)["consistent"] == FAILS


def test_some_records_travel_with_the_proofs_of_their_places(journal, tmp_path, vkeys, held_early):
    kept = list(journal.records())
    some = tmp_path / "some.zip"
    assert export(journal, some, ids=[kept[3].id, kept[1].id]).records == 2
    assert verdicts(some, vkeys, journal.checkpoint()) == {"intact": HOLDS, "consistent": HOLDS}
    assert verdicts(some, vkeys, held_early)["consistent"] == UNCHECKED
    with Bundle(some) as log:
        assert [one.seq for one in log.records()] == [1, 3]
        assert not replay(log).findings

    def edit_proofs_signature(parts):
        name = min(n for n in parts if n.startswith("proofs/"))
        parts[name] = parts[name].replace("— ".encode(), "— x".encode())

    for forgery in (edit_body, swap, edit_proofs_signature):
        forged = rewritten(some, tmp_path / "f.zip", forgery)
        assert verdicts(forged)["intact"] == FAILS
    with pytest.raises(JournalError):
        import_bundle(some, tmp_path / "new.db")


def record_happened(journal):
    return record_events(
        journal,
        HOUSING,
        EVENTS,
        deadlines_again,
        on=date(2021, 5, 6),
        rulebook=load_rulebook(),
        assume_in_force=False,
        actor=CLERK,
    )


def test_a_part_carries_what_its_records_build_on(tmp_path):
    """A correction with what it corrects, events with their days: nothing honest is damaged."""
    key = tmp_path / "k" / "k.json"
    with init_journal(tmp_path / "j" / "a.db", origin=ORIGIN, key=key) as made:
        first, other, _ = decide_some(made, 3)
        decision = decide(Project.model_validate(peopled(Random(7))), on=ON)
        for earlier in (first, other):
            why = Superseded(earlier.id, "面积写错")
            by = Circumstances(actor=CLERK, supersedes=why)
            last = record_decision(made, decision, by)
        events = record_happened(made)
        export(made, tmp_path / "some.zip", ids=[events.id, last.id])
    with Bundle(tmp_path / "some.zip") as log:
        assert [one.seq for one in log.records()] == [1, 4, 5]
        assert set(log.manifest["blobs"].values()) == {"rules", "calendar"}
        done = replay(log, ways=ways_of(log), partial=log.is_part)
    assert (done.findings, done.events, done.outside) == ([], 1, 0)


def test_an_imported_journal_is_the_same_and_never_a_second_one(journal, bundle, tmp_path, vkeys):
    place = tmp_path / "new" / "b.db"
    assert import_bundle(bundle, place, vkeys=vkeys) == 5
    with open_journal(place, key=tmp_path / "none.json") as again:
        assert [one.body for one in again.records()] == [one.body for one in journal.records()]
        assert list(again.checkpoints()) == list(journal.checkpoints())
        assert again.verify(trusted=journal.public_keys(), persons=False).holds
        missed = again.verify(trusted=journal.public_keys())
        assert missed.counts == {"personal": 5}
        assert "--without-persons" in missed.notices[0]
        assert not replay(again).findings
        with pytest.raises(JournalError):
            decide_some(again, 1)
    with pytest.raises(JournalError):
        import_bundle(bundle, place)
    with pytest.raises(JournalError):
        import_bundle(bundle, tmp_path / "c.db", vkeys=(new_key("x", Use.LOG, at="").key.vkey,))


def test_who_holds_the_keys_goes_on_where_the_import_ends(tmp_path):
    key = tmp_path / "k" / "k.json"
    with init_journal(tmp_path / "j" / "a.db", origin=ORIGIN, key=key) as made:
        first, *_ = decide_some(made, 2)
        made.submit(correction_of(first.id)).result()
        export(made, tmp_path / "a.zip")
    import_bundle(tmp_path / "a.zip", tmp_path / "n" / "b.db")
    with open_journal(tmp_path / "n" / "b.db", key=key) as again:
        (receipt,) = decide_some(again, 1, seed=4)
        assert receipt.seq == 3
        with pytest.raises(ArgumentError, match="已被第 2 条"):
            again.submit(correction_of(first.id)).result()
        assert again.verify(persons=False).holds
        assert again.verify().counts == {"personal": 2}
    with open_journal(tmp_path / "j" / "a.db", key=key) as first, pytest.raises(JournalError):
        decide_some(first, 1)  # now the older of two copies


def test_what_was_erased_is_missed_by_no_proof_and_no_replay(place: Place, tmp_path: Path):
    with place.init() as journal:
        receipt, *_ = decide_some(journal, 2)
        assert b"13847201234" in (journal.personal(receipt.id) or b"")
        assert erase(journal, receipt.id)
        assert journal.personal(receipt.id) is None
        assert journal.verify(held={"receipt": receipt.tlog_proof}).holds
        assert not replay(journal).findings
        vkeys = [key.vkey for key in journal.public_keys()]
        export(journal, tmp_path / "e.zip")
    assert verdicts(tmp_path / "e.zip", vkeys)["intact"] == HOLDS


def sign_as(journal, seen, *, trusted=None, at=1_700_000_000, name="audit.example"):
    key = new_key(name, Use.WITNESS, at="")
    trusted = trusted or journal.public_keys()
    note = witnessed(
        journal, journal.checkpoint(), trusted=trusted, seen=seen, witness=key.signer, at=at
    )
    return note, key.key


def test_a_witness_signs_what_goes_on_from_what_it_saw(tmp_path):
    with init_journal(
        tmp_path / "j" / "a.db", origin=ORIGIN, key=tmp_path / "k" / "k.json"
    ) as made:
        decide_some(made, 2)
        seen, witness = sign_as(made, None)
        decide_some(made, 2, seed=5)
        note, witness = sign_as(made, seen, at=1_700_000_001)
        opened = open_note(note, (*made.public_keys(), witness))
        assert opened.witnessed_at == {"audit.example": 1_700_000_001}
        assert len(opened.signed_by) == 2


def test_a_witness_does_not_sign_another_history(journal, tmp_path):
    seen, _ = sign_as(journal, None)
    with init_journal(
        tmp_path / "j" / "a.db", origin=ORIGIN, key=tmp_path / "k" / "k.json"
    ) as other:
        decide_some(other, 6, seed=9)
        with pytest.raises(JournalError, match="历史被改写"):
            sign_as(other, seen)
        with pytest.raises(JournalError, match="检查点不成立"):
            sign_as(other, None, trusted=journal.public_keys())
        shorter = dict(other.checkpoints())[6]
        with pytest.raises(JournalError, match="上次见到 6 条"):
            sign_as(journal, shorter)


@settings(max_examples=10, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 10**6))
def test_signatures_are_verified_as_a_library_does(seed, message, where):
    secret = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = secret.public_key().public_bytes_raw(), secret.sign(message)
    assert ed25519_holds(public, signature, message)
    broken = bytearray(signature)
    broken[where % 64] ^= 1 << where % 8
    assert not ed25519_holds(public, bytes(broken), message)
    assert not ed25519_holds(public, signature, message + b"x")


def test_a_signature_with_a_scalar_beyond_the_order_is_refused():
    """RFC 8032, 5.1.7: otherwise each signature would have a twin."""
    secret = Ed25519PrivateKey.generate()
    public, signature = secret.public_key().public_bytes_raw(), secret.sign(b"m")
    order = 2**252 + 27742317777372353535851937790883648493
    twin = int.from_bytes(signature[32:], "little") + order
    assert not ed25519_holds(public, signature[:32] + twin.to_bytes(32, "little"), b"m")


def test_the_verifier_in_the_bundle_needs_the_standard_library_alone(bundle, vkeys, tmp_path):
    with zipfile.ZipFile(bundle) as archive:
        script = Path(archive.extract("verify.py", tmp_path))
    ran = subprocess.run(
        [sys.executable, "-I", "-S", script, bundle, "--key", vkeys[0], "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 4, ran.stderr
    told = {name: said["verdict"] for name, said in json.loads(ran.stdout).items()}
    assert told == {"intact": HOLDS, "consistent": UNCHECKED, "reproduces": UNCHECKED}


def print_letter(journal, stated):
    decision = decide(Project.model_validate(stated), on=ON)
    receipt = record_decision(journal, decision, BY_CLERK)
    printed = Receipt(receipt.id, receipt.seq, receipt.size, receipt.root.hex())
    clauses = decision.rulebook.city.clauses
    files = fill_letter(decision, clauses=clauses, formats=["pdf"], receipt=printed)
    record_letter(
        journal,
        files,
        decision=receipt.id,
        annex="annex_1",
        receipt=printed.code,
        actor=CLERK,
    )


def test_the_verifier_reproduces_what_it_can_and_says_apart_what_it_cannot(tmp_path, capsys):
    """Persons do not travel in a bundle, so a letter that names some stays as it is."""
    stated = plain("office.yaml")
    nameless = {
        **stated,
        "project_owner": {"name": "甲公司"},
        "survey": {"not_surveyed": "场地已有资料"},
        "design": {"firms": [{"name": "丙公司"}]},
    }
    key = tmp_path / "k" / "k.json"
    with init_journal(tmp_path / "j" / "a.db", origin=ORIGIN, key=key) as made:
        print_letter(made, stated)
        print_letter(made, nameless)
        record_happened(made)
        assert replay(made, ways=ways_of(made)).letters == 2
        export(made, tmp_path / "letters.zip")
    assert main([str(tmp_path / "letters.zip"), "--format", "json"]) == 4
    told = json.loads(capsys.readouterr().out)["reproduces"]
    assert told["verdict"] == HOLDS
    assert told["because"] == [
        "2 个决定由 drawreview 重新作出，逐字节相同",
        "1 份期限重新推算，逐字节相同",
        "1 份承诺书或告知书重新排出，逐字节相同",
    ]
    assert told["beyond"] == ["承诺书或告知书 1 份：存证包不带个人信息"]


def test_whoever_holds_the_key_and_records_a_lie_is_found_by_the_verifier(tmp_path, capsys):
    """The bytes are intact and signed; the project was made smaller, the decision was not."""
    decision = decide(Project.model_validate(plain("office.yaml")), on=ON)
    record, _ = decision_record(decision, Circumstances(actor=CLERK))
    said = json.loads(body_of(record))
    said["project"]["buildings"][0]["floor_area_m2"] = "1"
    key = tmp_path / "k" / "k.json"
    with init_journal(tmp_path / "j" / "a.db", origin=ORIGIN, key=key) as made:
        law = Blob("rules", load_rulebook().archive)
        made.append(canonical(said), id=record.id, blobs=[law])
        export(made, tmp_path / "lie.zip")
        (key,) = made.public_keys()
    assert main([str(tmp_path / "lie.zip"), "--key", key.vkey]) == 1
    out = capsys.readouterr().out
    assert "字节完整：成立" in out
    assert "可以重现：不成立" in out
    assert "输入被改〔" in out


def test_the_verifier_gives_three_verdicts(bundle, vkeys, held_early, tmp_path, capsys):
    held = tmp_path / "held.note"
    held.write_text(held_early, encoding="utf-8")
    keys = tmp_path / "keys.txt"
    keys.write_text("\n".join(vkeys) + "\n", encoding="utf-8")
    assert main([str(bundle), "--key", str(keys), "--checkpoint", str(held)]) == 0
    said = capsys.readouterr().out
    for verdict in (
        "字节完整：成立",
        "与我持有的检查点一致：成立",
        "决定、期限和承诺书可以重现：成立",
    ):
        assert verdict in said
    assert main([str(bundle)]) == 4
    said = capsys.readouterr().out
    assert "字节完整：未核对\n" in said
    assert "签名没有核对（没有给 --key）" in said
    assert said.endswith("不能当作全部成立。\n")
    assert main([str(bundle), "--key", vkeys[0]]) == 4  # no checkpoint that the auditor holds
    capsys.readouterr()
    (tmp_path / "x.zip").write_text("x", encoding="utf-8")
    assert main([str(tmp_path / "x.zip")]) == 1
    assert "不是存证包（.zip），或已损坏" in capsys.readouterr().out
    forged = rewritten(bundle, tmp_path / "f.zip", edit_body)
    assert main([str(forged), "--key", vkeys[0], "--checkpoint", str(held)]) == 1
    assert "决定、期限和承诺书可以重现：未核对" in capsys.readouterr().out
    assert main([str(tmp_path / "none.zip")]) == 3


@pytest.mark.parametrize(
    "damage", ["nested without end", "deflated badly", "encrypted", "of an unknown method"]
)
def test_a_bundle_whose_files_cannot_be_unpacked_fails_in_words(
    tmp_path: Path, damage: str
) -> None:
    path = tmp_path / "bad.zip"
    said = "[" * 100_000 if damage == "nested without end" else json.dumps(list(range(3_000)))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("manifest.json", said)
    content = bytearray(path.read_bytes())
    listed = content.find(b"PK\x01\x02")
    if damage == "deflated badly":
        content[60:90] = b"\xff" * 30
    if damage == "encrypted":
        content[6] |= 1
        content[listed + 8] |= 1
    if damage == "of an unknown method":
        content[8] = content[listed + 10] = 99
    path.write_bytes(content)
    found = verify(path, Held((), None))["intact"]
    assert found.verdict == FAILS
    assert found.because == ["不是存证包（.zip），或已损坏"]
