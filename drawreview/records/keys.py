"""The journal's signing keys, in a file of their owner's alone, and what was last signed with them.

The file lies outside the journal's folder: who copies the journal must not take its keys along.
Beside it lies the newest checkpoint that was signed, so that a restored older journal is noticed.
"""

from __future__ import annotations

import base64
import json
import os
import stat
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from drawreview.errors import ArgumentError, JournalError, StoreError, system_words
from drawreview.records.note import PublicKey, Sign, Signer, Use
from drawreview.records.store import sync

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_PAGE_BYTES: Final = 4096


@dataclass(frozen=True, slots=True)
class Key:
    """One signing key: its public half, its seed, and the times between which it signs."""

    key: PublicKey
    seed: bytes
    since: str
    until: str | None = None

    @property
    def signer(self) -> Signer:
        """Return the key as one that signs."""
        return Signer(self.key, _signing(self.seed))


@cache
def _signing(seed: bytes) -> Sign:
    """Return what signs; to draw the key anew from its seed costs as much as to sign."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
        Ed25519PrivateKey,
    )

    return Ed25519PrivateKey.from_private_bytes(seed).sign


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The keys of one journal, the newest last, and where they are kept."""

    path: Path
    origin: str
    keys: tuple[Key, ...]

    @property
    def current(self) -> Key:
        """Return the key that signs today."""
        return self.keys[-1]

    @property
    def publics(self) -> tuple[PublicKey, ...]:
        """Return every public key this journal has had, the oldest first."""
        return tuple(key.key for key in self.keys)

    @property
    def remembered(self) -> Path:
        """Return where the newest checkpoint signed with these keys is kept."""
        return self.path.with_name(f"{self.path.name}.signed")


def default_key_path(origin: str) -> Path:
    """Return where the keys of an origin lie if nobody says otherwise."""
    home = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(home) / "drawreview" / "keys" / f"{origin.replace('/', '_')}.json"


def new_key_file(path: Path, origin: str, *, at: str, use: Use = Use.LOG) -> KeyFile:
    """Make the keys of a new journal, or of a witness, in a file that only its owner may read."""
    made = KeyFile(path, origin, (new_key(origin, use, at=at),))
    if made.remembered.exists() and not path.exists():
        problem = "已经有这个文件：它记得用这里的密钥签过什么，或是别的密钥。"
        raise ArgumentError.of(made.remembered, problem, "换一个 --key，或先把它移开保存。")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_new(path, made)
        sync(path.parent)
    except FileExistsError:
        raise ArgumentError.of(
            path, "密钥文件已经在了。", "换一个 --key，或先确认它属于哪个日志。"
        ) from None
    except OSError as error:
        raise ArgumentError.of(
            path, f"写不了：{system_words(error)}。", "核对路径和权限。"
        ) from None
    return made


def new_key(name: str, use: Use, *, at: str) -> Key:
    """Draw a new key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
        Ed25519PrivateKey,
    )

    drawn = Ed25519PrivateKey.generate()
    public = PublicKey(name, drawn.public_key().public_bytes_raw(), use)
    return Key(public, drawn.private_bytes_raw(), at)


def read_key_file(path: Path) -> KeyFile:
    """Return the keys of a file; raises JournalError if it is missing, open to others or broken."""
    try:
        if stat.S_IMODE(path.stat().st_mode) & _OTHERS:
            raise JournalError.of(path, "别人也读得到这个密钥文件。", f"先执行 chmod 600 {path}。")
        said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        keys = tuple(_key(one) for one in said["keys"])
        return KeyFile(path, str(said["origin"]), keys)
    except FileNotFoundError:
        raise JournalError.of(
            path, "没有这个密钥文件。", "用 --key 写明它在哪里；没有它不能追加。"
        ) from None
    except OSError as error:
        raise JournalError.of(
            path, f"读不了：{system_words(error)}。", "核对路径和权限。"
        ) from None
    except (ValueError, KeyError, TypeError, IndexError):
        raise JournalError.of(path, "不是密钥文件。", "核对 --key。") from None


def rotated(file: KeyFile, *, at: str) -> KeyFile:
    """Replace the signing key by a new one with a new name; the old one stays for verifying."""
    number = len(file.keys) + 1
    old = replace(file.current, until=at)
    new = new_key(f"{file.origin}/key-{number}", Use.LOG, at=at)
    made = replace(file, keys=(*file.keys[:-1], old, new))
    waiting = file.path.with_name(f"{file.path.name}.new")
    try:
        waiting.unlink(missing_ok=True)  # of a rotation that was cut short
        _write_new(waiting, made)
        waiting.replace(file.path)
    except OSError as error:
        problem = f"新密钥写不下：{system_words(error)}。"
        raise JournalError.of(waiting, problem, "核对目录和磁盘；旧密钥照旧有效。") from error
    sync(file.path.parent)
    return made


def remember(path: Path, note: str) -> None:
    """Keep the newest checkpoint that was signed.

    One page written in place and not synced: a power cut may leave an older one, which notices
    less but never wrongly.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.pwrite(handle, note.encode().ljust(_PAGE_BYTES, b"\n"), 0)
        finally:
            os.close(handle)
    except OSError as error:
        problem = f"已经记下，这里却写不了：{system_words(error)}。"
        raise StoreError.of(path, problem, "检查该目录，再重新打开日志。") from error


def remembered(path: Path) -> str | None:
    """Return the newest checkpoint that was signed, if one is kept."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").rstrip("\n") + "\n"
    except FileNotFoundError:
        return None
    except OSError as error:
        raise JournalError.of(path, f"读不了：{system_words(error)}。", "检查该目录。") from error


def _key(said: dict[str, Any]) -> Key:
    seed = base64.b64decode(said["seed"], validate=True)
    public = base64.b64decode(said["public"], validate=True)
    key = PublicKey(str(said["name"]), public, Use(said["use"]))
    return Key(key, seed, str(said["since"]), said["until"])


def _write_new(path: Path, keys: KeyFile) -> None:
    """Write keys to a file that was not there, for its owner alone; leave none half-written."""
    said = [
        {
            "name": one.key.name,
            "use": int(one.key.use),
            "public": base64.b64encode(one.key.public).decode(),
            "seed": base64.b64encode(one.seed).decode(),
            "since": one.since,
            "until": one.until,
        }
        for one in keys.keys
    ]
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        try:
            json.dump({"origin": keys.origin, "keys": said}, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            path.unlink()
            raise
