"""One-time codes of RFC 6238, and the recovery codes for whoever has lost the telephone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import Final
from urllib.parse import quote

ISSUER: Final = "drawreview"
_STEP_SECONDS: Final = 30
_DIGITS: Final = 6
_NEIGHBOURS: Final = (0, -1, 1)  # clocks differ by so many steps
RECOVERY_CODES: Final = 10


def new_secret() -> str:
    """Return a secret of 160 bits, as telephones take it."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, step: int) -> str:
    """Return the code of a step of thirty seconds (RFC 4226, 5.3)."""
    mac = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), "sha1")
    start = mac[-1] & 15
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}}"


def step_of(code: str, secret: str, *, at: int, after: int) -> int | None:
    """Return the step to which a code belongs; None if to no step that is now and not yet used.

    Args:
        code: What somebody has typed.
        secret: What the telephone holds.
        at: The seconds since 1970.
        after: The step of the last code that was taken: none is taken twice.
    """
    typed = "".join(code.split())
    if not (typed.isascii() and typed.isdecimal()):
        return None
    now = at // _STEP_SECONDS
    steps = [now + by for by in _NEIGHBOURS if now + by > after]
    same = [step for step in steps if hmac.compare_digest(code_at(secret, step), typed)]
    return same[0] if same else None


def address_of(secret: str, name: str) -> str:
    """Return what the square code says to a telephone."""
    label = quote(f"{ISSUER}:{name}")
    return f"otpauth://totp/{label}?secret={secret}&issuer={ISSUER}"


def drawn(address: str) -> str:
    """Return an address as a square code: an SVG in the address of a picture."""
    import segno  # noqa: PLC0415 - only who sets up a telephone needs it

    return segno.make(address, error="m", micro=False).svg_data_uri(border=4, scale=5)


def new_recovery_codes() -> list[str]:
    """Return codes of 60 bits, each good for one signing in."""
    return [
        "-".join(text[at : at + 4] for at in (0, 4, 8))
        for text in (
            base64.b32encode(secrets.token_bytes(8)).decode()[:12].lower()
            for _ in range(RECOVERY_CODES)
        )
    ]


def kept_of(recovery_code: str) -> bytes:
    """Return what is kept of a recovery code, however it was typed."""
    plain = "".join(one for one in recovery_code.lower() if one.isalnum())
    return hashlib.sha256(plain.encode()).digest()
