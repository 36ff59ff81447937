"""Signed notes against the published example of their first implementation, and refusals."""

from __future__ import annotations

import base64
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from drawreview.records import merkle
from drawreview.records.note import (
    Checkpoint,
    NoteError,
    PublicKey,
    Signer,
    Use,
    checkpoint_from,
    cosigned,
    key_from_vkey,
    open_checkpoint,
    open_note,
    proof_from,
    proof_text,
    signed,
)

# The example of golang.org/x/mod/sumdb/note, from which C2SP's signed-note comes.
VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
NOTE = TEXT + (
    "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdng"
    "otpRZb6KE6RyyBwJnAM=\n"
)


def signer(name: str, use: Use = Use.LOG, seed: bytes = SEED) -> Signer:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return Signer(PublicKey(name, private.public_key().public_bytes_raw(), use), private.sign)


def test_the_published_example_is_opened_and_made_again() -> None:
    key = key_from_vkey(VKEY)
    assert key == signer("PeterNeumann").key
    assert key.vkey == VKEY
    assert open_note(NOTE, [key]).text == TEXT
    assert signed(TEXT, [signer("PeterNeumann")]) == NOTE


def test_the_known_answers_of_the_tree() -> None:
    # The inputs and roots of the reference implementation of RFC 6962.
    inputs = [
        bytes.fromhex(one)
        for one in (
            "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        )
    ]  # fmt: skip
    nodes: dict[merkle.Subtree, bytes] = {}
    roots: list[str] = []
    for index, one in enumerate(inputs):
        leaf = merkle.leaf_hash(one)
        nodes.update(merkle.completed_by(index, leaf, lambda *at: nodes[at]))
        roots.append(merkle.root(index + 1, lambda *at: nodes[at]).hex())
    assert roots[0] == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert roots[1] == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert roots[7] == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "PeterNeumann",
        VKEY.replace("c74f20a3", "c74f20a4"),
        VKEY.replace("PeterNeumann", "Peter Neumann"),
        VKEY[:-4],
        VKEY.replace("+AR", "+BR"),
        VKEY.replace("+A", "+*"),
    ],
)
def test_a_mangled_key_is_refused(vkey: str) -> None:
    with pytest.raises(NoteError):
        key_from_vkey(vkey)


@pytest.mark.parametrize(
    "note",
    [
        "",
        TEXT,
        NOTE.replace("your problem", "my problem"),
        NOTE.replace("x08go/ZJ", "x08go/ZK"),
        NOTE.replace("— Peter", "- Peter"),
        NOTE[:-1],
        NOTE.replace("\n\n", "\n\t\n"),
        NOTE.replace("If", "\x07If"),
        NOTE + "\n",
        NOTE + "— nobody\n",
        NOTE.replace("\n\n—", "\n—"),
        "x" * 70_000 + NOTE,
        TEXT + "\n" + NOTE.split("\n\n")[1] * 70,
    ],
)
def test_a_mangled_note_is_refused(note: str) -> None:
    with pytest.raises(NoteError):
        open_note(note, [key_from_vkey(VKEY)])


def test_unknown_signatures_are_passed_over_and_false_ones_are_not() -> None:
    known, other = signer("log.example"), signer("other.example", seed=b"\1" * 32)
    note = signed(TEXT, [other, known])
    assert [key.name for key in open_note(note, [known.key]).signed_by] == ["log.example"]
    with pytest.raises(NoteError, match="没有一把可信的公钥"):
        open_note(signed(TEXT, [other]), [known.key])
    pretended = Signer(known.key, other.sign)
    with pytest.raises(NoteError, match="签名不符"):
        open_note(signed(TEXT, [other, pretended]), [known.key, other.key])


def test_a_witness_signs_the_checkpoint_and_its_time() -> None:
    log = signer("log.example")
    witness = signer("witness.example/w1", Use.WITNESS, seed=b"\2" * 32)
    note = signed(Checkpoint("log.example", 7, b"\3" * 32).text, [log])
    seen = cosigned(note, witness, at=1679315147)
    assert open_note(seen, [log.key, witness.key]).witnessed_at == {
        "witness.example/w1": 1679315147
    }
    # The line by hand, as tlog-cosignature describes it.
    raw = base64.b64decode(seen.splitlines()[-1].split(" ")[2])
    material = b"witness.example/w1\n\x04" + witness.key.public
    assert raw[:4] == sha256(material).digest()[:4]
    assert int.from_bytes(raw[4:12], "big") == 1679315147
    text = note.split("\n\n")[0] + "\n"
    Ed25519PrivateKey.from_private_bytes(b"\2" * 32).public_key().verify(
        raw[12:], b"cosignature/v1\ntime 1679315147\n" + text.encode()
    )
    moved = seen.splitlines()[-1]
    shifted = base64.b64encode(raw[:11] + b"\0" + raw[12:]).decode()
    with pytest.raises(NoteError, match="签名不符"):
        open_note(seen.replace(moved, f"— witness.example/w1 {shifted}"), [log.key, witness.key])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "log\n",
        "log\n1\n",
        "log\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "log\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jx\n",
        "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
    ],
)
def test_a_text_that_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        checkpoint_from(text)


def test_the_published_checkpoint_is_read() -> None:
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    found = checkpoint_from(text)
    assert (found.origin, found.size) == ("example.com/behind-the-sofa", 20852163)
    assert found.text == text


def test_a_proof_file_is_written_and_read() -> None:
    log = signer("log.example")
    note = signed(Checkpoint("log.example", 3, b"\3" * 32).text, [log])
    written = proof_text(2, (b"\4" * 32, b"\5" * 32), note)
    assert written.startswith("c2sp.org/tlog-proof@v1\nindex 2\n")
    assert proof_from(written) == (2, (b"\4" * 32, b"\5" * 32), note)
    assert open_checkpoint(proof_from(written)[2], [log.key]).size == 3
    extra = written.replace("\nindex", "\nextra eA==\nindex")
    assert proof_from(extra) == proof_from(written)
    for wrong in ("", note, written.replace("index 2", "index 02"), written.replace("@v1", "@v2")):
        with pytest.raises(NoteError):
            proof_from(wrong)
