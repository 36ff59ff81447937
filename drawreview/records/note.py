"""Signed notes, checkpoints, cosignatures and proofs, in the text formats of C2SP.

A note is text, an empty line, and a line for each signature.
A signature by a key that nobody here knows is passed over, so keys and witnesses can be added.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from typing import Final

from drawreview.records.merkle import Proof

_MOST_CHARACTERS: Final = 65_536
_MOST_SIGNATURES: Final = 64
_SIGNATURE_BYTES: Final = 64
_PUBLIC_BYTES: Final = 32
_ROOT_BYTES: Final = 32
_DASH: Final = "— "
_PROOF_HEAD: Final = "c2sp.org/tlog-proof@v1"
# No control characters, no Unicode space, no plus: signed-note, Format.
_KEY_NAME: Final = re.compile(r"[^\s\x00-\x1f+]+")
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")

Sign = Callable[[bytes], bytes]


class NoteError(ValueError):
    """A note is not one, or no trusted key has signed it."""


class Use(IntEnum):
    """The signature types of signed-note that are used here."""

    LOG = 0x01
    WITNESS = 0x04


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A named Ed25519 public key and the one use it has."""

    name: str
    public: bytes
    use: Use = Use.LOG

    @property
    def key_id(self) -> bytes:
        """Return the four bytes that stand before each signature of this key."""
        return sha256(self.name.encode() + b"\n" + bytes([self.use]) + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        """Return the key as one line of text: name, id and key."""
        material = base64.b64encode(bytes([self.use]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{material}"


@dataclass(frozen=True, slots=True)
class Signer:
    """A public key and the secret function that signs for it."""

    key: PublicKey
    sign: Sign


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: its origin, its size, its root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class Opened:
    """A note's text, the trusted keys that signed it, and when its witnesses did, in seconds."""

    text: str
    signed_by: tuple[PublicKey, ...]
    witnessed_at: dict[str, int]


def is_key_name(name: str) -> bool:
    """Say whether a key, or a log, can be called so."""
    return _KEY_NAME.fullmatch(name) is not None


def key_from_vkey(vkey: str) -> PublicKey:
    """Return the public key that one line of text names."""
    # The key itself is base64 and may hold a plus; name and id hold none.
    name, _, rest = vkey.strip().partition("+")
    key_id, _, material = rest.partition("+")
    raw = _decoded(material)
    if not is_key_name(name) or len(raw) != _PUBLIC_BYTES + 1 or raw[0] not in set(Use):
        raise NoteError(f"not an Ed25519 verifier key: {vkey.strip()!r}")
    key = PublicKey(name, raw[1:], Use(raw[0]))
    if key.key_id.hex() != key_id:
        raise NoteError(f"the key id of {name!r} is {key.key_id.hex()}, not {key_id!r}")
    return key


def signed(text: str, signers: Iterable[Signer]) -> str:
    """Return the note of a text, signed by each signer."""
    lines = "".join(_line(one.key, one.sign(text.encode())) for one in signers)
    return f"{text}\n{lines}"


def cosigned(note: str, witness: Signer, *, at: int) -> str:
    """Return the note with a witness's timestamped signature line added; `at` in seconds."""
    text, _ = _parts(note)
    signature = witness.sign(_witnessed(text, at))
    return note + _line(witness.key, at.to_bytes(8, "big") + signature)


def open_note(note: str, keys: Iterable[PublicKey]) -> Opened:
    """Return what trusted keys have signed.

    Raises NoteError if none has, or if a signature that bears the name of one is false.
    """
    text, signatures = _parts(note)
    known = {(key.name, key.key_id): key for key in keys}
    signed_by: list[PublicKey] = []
    witnessed_at: dict[str, int] = {}
    for name, raw in signatures:
        key = known.get((name, raw[:4]))
        if key is None:
            continue
        signature, message = raw[4:], text.encode()
        if key.use is Use.WITNESS:
            at = int.from_bytes(signature[:8], "big")
            signature, message = signature[8:], _witnessed(text, at)
            witnessed_at[name] = at
        if not _holds(key.public, signature, message):
            raise NoteError(f"{name} 的签名不符")
        signed_by.append(key)
    if not signed_by:
        raise NoteError("没有一把可信的公钥签过它")
    return Opened(text, tuple(signed_by), witnessed_at)


def open_checkpoint(note: str, keys: Iterable[PublicKey]) -> Checkpoint:
    """Return the checkpoint that a trusted key has signed; raises NoteError."""
    return checkpoint_from(open_note(note, keys).text)


def checkpoint_from(text: str) -> Checkpoint:
    """Return the checkpoint of a note's text, unverified; raises NoteError."""
    lines = text.split("\n\n", maxsplit=1)[0].split("\n")
    if len(lines) < 3 or not lines[0] or not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1]):  # noqa: PLR2004
        raise NoteError("not a checkpoint: origin, size and root are expected")
    root = _decoded(lines[2])
    if len(root) != _ROOT_BYTES:
        raise NoteError("the root of a checkpoint is 32 bytes")
    return Checkpoint(lines[0], int(lines[1]), root)


def proof_text(index: int, proof: Proof, note: str) -> str:
    """Return the file that proves a record's place without its journal (tlog-proof)."""
    hashes = "".join(f"{base64.b64encode(one).decode()}\n" for one in proof)
    return f"{_PROOF_HEAD}\nindex {index}\n{hashes}\n{note}"


def proof_from(text: str) -> tuple[int, Proof, str]:
    """Return index, hashes and checkpoint note of such a file, unverified; raises NoteError."""
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    if lines[0] == _PROOF_HEAD:
        rest = lines[2:] if len(lines) > 1 and lines[1].startswith("extra ") else lines[1:]
        if rest and (found := re.fullmatch(r"index (0|[1-9][0-9]{0,18})", rest[0])):
            return int(found[1]), tuple(map(_decoded, rest[1:])), note
    raise NoteError("not a tlog-proof file")


def held_in(text: str) -> tuple[int | None, Proof, str]:
    """Return what somebody holds: a proof file's index, hashes and note, or a note alone."""
    return proof_from(text) if text.startswith(_PROOF_HEAD) else (None, (), text)


def _line(key: PublicKey, signature: bytes) -> str:
    return f"{_DASH}{key.name} {base64.b64encode(key.key_id + signature).decode()}\n"


def _witnessed(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _parts(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    if len(note) > _MOST_CHARACTERS:
        raise NoteError("the note is too long")
    if _CONTROL.search(note):
        raise NoteError("the note holds control characters")
    text, found, lines = note.rpartition("\n\n")
    if not found or not lines.endswith("\n"):
        raise NoteError("the note has no signature lines")
    signatures: list[tuple[str, bytes]] = []
    for line in lines[:-1].split("\n"):
        name, _, signature = line.removeprefix(_DASH).partition(" ")
        raw = _decoded(signature)
        if not line.startswith(_DASH) or not is_key_name(name) or len(raw) <= 4:  # noqa: PLR2004
            raise NoteError(f"not a signature line: {line!r}")
        signatures.append((name, raw))
    if len(signatures) > _MOST_SIGNATURES:
        raise NoteError("the note has too many signatures")
    return text + "\n", signatures


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError(f"not base64: {text!r}") from None


def _holds(public: bytes, signature: bytes, message: bytes) -> bool:
    # Loaded when a signature is checked: the journal is opened to read more often than that.
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
        Ed25519PublicKey,
    )

    if len(signature) != _SIGNATURE_BYTES:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True
