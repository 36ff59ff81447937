"""Say which words hold characters that nobody can see, wherever people write words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from drawreview.errors import Problem
from drawreview.legible import illegible, named

_MOST: Final = 5
_ONE_LINE: Final = "写在一行里，不用制表符。"
_ANEW: Final = "删去；看不出在哪里，就把这一项重新打一遍，不从别处粘贴。"


def told_of(signs: Iterable[str]) -> tuple[str, str]:
    """Return what to say of such characters, and how to get rid of them."""
    some = list(signs)[:_MOST]
    said = f"里面有 {'、'.join(map(named, some))}。"
    return said, _ONE_LINE if set(some) <= set("\n\r\t") else _ANEW


def illegible_in(place: str, text: str, *, lines: bool = False) -> list[Problem]:
    """Return what is wrong with words that hold such characters; nothing if they hold none.

    Args:
        place: Where the words stand.
        text: The words.
        lines: Whether they may stand on several lines.
    """
    signs = illegible(text, lines=lines)
    return [Problem(place, *told_of(signs))] if signs else []
