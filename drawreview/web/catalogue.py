"""Every string of the pages: Chinese as written, other languages from one catalogue each."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final, Literal

from babel.messages.pofile import read_po

Language = Literal["zh", "en"]
Translate = Callable[..., str]
_LOCALE: Final = Path(__file__).parent / "locale"


@cache
def catalogue(language: Language) -> dict[str, str]:
    """Return Chinese -> the words of a language."""
    if language == "zh":
        return {}
    with (_LOCALE / f"{language}.po").open("rb") as file:
        return {
            str(message.id): str(message.string)
            for message in read_po(file, locale=language)
            if message.id and message.string
        }


@cache
def translator(language: Language) -> Translate:
    """Return the function that says a Chinese string in a language, with its blanks filled."""
    words = catalogue(language)

    def say(text: str, **blanks: object) -> str:
        said = words.get(text, text)
        return said.format(**blanks) if blanks else said

    return say
