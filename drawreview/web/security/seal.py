"""Seals the secrets of second factors, under a key that lies in no database and no copy of one."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from drawreview.errors import DrawreviewError, Problem, system_words

_BEGINS: Final = "drawreview-second-factors-1:"
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_PUT_BACK: Final = "放回备份的密钥文件。"
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class SealError(DrawreviewError):
    """A secret cannot be sealed or opened: the key is missing, or is not the one of the secret."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Seal:
    """The file of a key; read each time, so that a key that was put back serves at once."""

    path: Path

    def sealed(self, secret: str, user: int) -> str:
        """Return a secret as it may lie in a database, of use for this user only.

        Raises:
            SealError: There is no key, or none that can be read.
        """
        nonce = secrets.token_bytes(_NONCE_BYTES)
        text = AESGCM(self._key()).encrypt(nonce, secret.encode(), _of(user))
        return base64.b64encode(nonce + text).decode()

    def opened(self, sealed: str, user: int) -> str:
        """Return a secret that was sealed for a user.

        Raises:
            SealError: There is no key, or it is not the one, or the secret is somebody else's.
        """
        key = AESGCM(self._key())
        try:
            kept = base64.b64decode(sealed, validate=True)
            return key.decrypt(kept[:_NONCE_BYTES], kept[_NONCE_BYTES:], _of(user)).decode()
        except (InvalidTag, ValueError):
            raise self._wrong("打不开已设的第二因素：不是封存时的密钥。", _PUT_BACK) from None

    def make(self) -> None:
        """Draw a key, unless there is one; only its owner may read the file.

        Raises:
            SealError: The file cannot be written.
        """
        if self.path.exists():
            return
        text = _BEGINS + base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode() + "\n"
        waiting = self.path.with_name(f"{self.path.name}.new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            waiting.unlink(missing_ok=True)  # of a start that was cut short
            with os.fdopen(
                os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w"
            ) as new:
                new.write(text)
                new.flush()
                os.fsync(new.fileno())
            waiting.replace(self.path)
            _sync_folder(self.path.parent)
        except OSError as error:
            raise self._wrong(f"写不了：{system_words(error)}。", "核对目录和权限。") from None

    def _key(self) -> bytes:
        try:
            if stat.S_IMODE(self.path.stat().st_mode) & _OTHERS:
                raise self._wrong("别人也读得到这个密钥文件。", f"先执行 chmod 600 {self.path}。")
            text = self.path.read_text(encoding="ascii").strip()
            key = base64.b64decode(text.removeprefix(_BEGINS), validate=True)
        except FileNotFoundError:
            raise self._wrong("没有这个密钥文件。", _PUT_BACK) from None
        except OSError as error:
            raise self._wrong(f"读不了：{system_words(error)}。", "核对路径和权限。") from None
        except (binascii.Error, UnicodeDecodeError):
            key = b""
        if len(key) != _KEY_BYTES:
            raise self._wrong("不是第二因素的密钥文件。", _PUT_BACK)
        return key

    def _wrong(self, problem: str, remedy: str) -> SealError:
        return SealError(Problem(str(self.path), problem, remedy))


def _of(user: int) -> bytes:
    """Return what binds a secret to its user: moved to another's row, it does not open."""
    return f"second factor of user {user}".encode()


def _sync_folder(folder: Path) -> None:
    """Have the name of a new file outlive a power cut, as what it seals does."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
