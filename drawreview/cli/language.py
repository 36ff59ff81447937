"""The language in which a command speaks of itself: Chinese, unless its arguments say English."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal


def language(arguments: Sequence[str] | None = None) -> Literal["zh", "en"]:
    """Return what `--lang` asks for; it may stand anywhere, so that a wrong usage finds it too."""
    said = sys.argv[1:] if arguments is None else arguments
    asked = ("--lang", "en") in pairwise(said) or "--lang=en" in said
    return "en" if asked else "zh"


def in_either(zh: str, en: str) -> str:
    """Return the one of two wordings that is asked for."""
    return zh if language() == "zh" else en
