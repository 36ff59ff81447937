"""The plain form of `decide`, answered without loading typer, which costs as much as deciding.

Only what needs no help, no checking of names and no message is taken here; any other wording goes
to typer, which knows the same options.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from typing import Final

_VALUES: Final = {
    "--on": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "--format": re.compile(r"text|json"),
    "--lang": re.compile(r"zh|en"),
}


def plain_decide(arguments: list[str]) -> Callable[[], object] | None:
    """Return what answers `decide FILE [--on D] [--format F] [--lang L]`, or None."""
    if len(arguments) < 2 or len(arguments) % 2 or arguments[0] != "decide":  # noqa: PLR2004
        return None
    if arguments[1].startswith("-") and arguments[1] != "-":
        return None
    options = dict(zip(arguments[2::2], arguments[3::2], strict=True))
    known = all(name in _VALUES and _VALUES[name].fullmatch(v) for name, v in options.items())
    if not known or 2 * len(options) != len(arguments) - 2:
        return None
    gc.disable()  # a process that decides once and ends makes too little garbage to look for
    from drawreview.cli.answer import answer, day_from  # noqa: PLC0415

    try:
        on = day_from(options.get("--on"))
    except ValueError:
        return None
    form, lang = options.get("--format", "text"), options.get("--lang", "zh")
    return lambda: answer(arguments[1], on=on, form=form, lang=lang)
