"""Every string of the pages: Chinese as written, other languages from one catalogue each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from babel.messages.pofile import read_po

Language = Literal["zh", "en"]
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


@dataclass(frozen=True, slots=True)
class Translate:
    """Says Chinese strings in a language, with their blanks filled."""

    language: Language

    def __call__(self, text: str, **blanks: object) -> str:
        """Return a string in the language; as it is where the catalogue does not know it."""
        said = catalogue(self.language).get(text, text)
        return said.format(**blanks) if blanks else said


@cache
def translator(language: Language) -> Translate:
    """Return what says Chinese strings in a language."""
    return Translate(language)
