"""Which characters words must not hold, and how they are shown where somebody wrote them.

They cannot be seen, or change how others are seen: two names that look alike are not the same, or
a name looks like another, and a terminal takes some for orders.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Final

# Sets of Unicode 17 beside the controls: what is to be ignored when shown (but for the selectors of
# variants), what turns the direction, half characters, and what stands for a damaged one.
_NEVER: Final = (
    r"\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u200b\u200e\u200f\u2028-\u202e"
    r"\u2060-\u206f\u2800\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\uffff"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
# They join what stands around them: letters of Mongolian, or signs to one picture.
_JOINERS: Final = (
    r"(?<![\u1820-\u18aa])\u180e"
    r"|(?<![\u1820-\u18aa\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])[\u200c\u200d]"
)
_ILLEGIBLE: Final = re.compile(f"[{_NEVER}]|{_JOINERS}")
_PRINTABLE: Final = re.compile(r"[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc\ufffd]")
_LINES: Final = re.compile(r"[\n\t]")
_BIDI: Final = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_DAMAGED: Final = re.compile(r"[\ud800-\udfff\ufff0-\uffff]")
_NAMED: Final = {"\n": "换行", "\r": "换行", "\u2028": "换行", "\u2029": "换行", "\t": "制表符"}


def surely_legible(text: str) -> bool:
    """Whether words hold none, at a glance; what Python calls unprintable it leaves to others."""
    return text.isprintable() and (text.isascii() or _PRINTABLE.search(text) is None)


def illegible(text: str, *, lines: bool = False) -> tuple[str, ...]:
    """Return the characters that words must not hold, each once.

    Args:
        text: The words.
        lines: Whether they may stand on several lines, and be indented.
    """
    if text.isascii() and text.isprintable():
        return ()
    found = dict.fromkeys(_ILLEGIBLE.findall(text))
    return tuple(sign for sign in found if not (lines and _LINES.match(sign)))


def legible(text: str, *, lines: bool = True) -> str:
    """Return a text with each such character as its number, such as ⟨U+202E⟩."""
    if text.isascii() and text.isprintable():
        return text
    return _ILLEGIBLE.sub(
        lambda found: found[0] if lines and _LINES.match(found[0]) else f"⟨U+{ord(found[0]):04X}⟩",
        text,
    )


def legible_json(text: str, *, yaml: bool = False) -> str:
    """Return a JSON text that says the same and holds no such character but between its parts.

    Args:
        text: In JSON, or within the quotes of YAML.
        yaml: Whether it is read as YAML, to which two halves are no character.
    """

    def escaped(found: re.Match[str]) -> str:
        sign = found[0]
        if sign in "\n\r\t":
            return sign
        return f"\\U{ord(sign):08x}" if yaml and sign > "\uffff" else json.dumps(sign)[1:-1]

    return _ILLEGIBLE.sub(escaped, text)


def named(sign: str) -> str:
    """Return what to call a character that cannot be shown."""
    if sign in _NAMED:
        what = _NAMED[sign]
    elif _BIDI.match(sign):
        what = "改变文字方向的字符"
    elif _DAMAGED.match(sign):
        what = "残缺的编码"
    else:
        what = "控制字符" if unicodedata.category(sign) == "Cc" else "看不见的字符"
    return f"U+{ord(sign):04X}（{what}）"
