"""Every string of the pages: Chinese as written, other languages from one catalogue each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from babel.messages.pofile import read_po

Language = Literal["zh", "en"]
_BLANK: Final = re.compile(r"\{[0-9]\}")
_QUOTED: Final = re.compile("(「.*?」)(.+)", flags=re.DOTALL)  # a value, and what is wrong with it
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
def _messages(language: Language) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what messages with numbered blanks look like once these are filled, with their words.

    Those that say most come first: 「{0}」不是年月。 says more than {0}不是年月。
    """
    found = [(zh, words) for zh, words in catalogue(language).items() if "{0}" in zh]
    found.sort(key=lambda pair: -len(_BLANK.sub("", pair[0])))
    return tuple((_filled(zh), words) for zh, words in found)


def _filled(message: str) -> re.Pattern[str]:
    between = map(re.escape, _BLANK.split(message))
    return re.compile("(.+)".join(between), flags=re.DOTALL)


@dataclass(frozen=True, slots=True)
class Translate:
    """Says Chinese strings in a language, with their blanks filled."""

    language: Language

    def __call__(self, text: str, **blanks: object) -> str:
        """Return a string in the language; as it is where the catalogue does not know it."""
        said = catalogue(self.language).get(text, text)
        return said.format(**blanks) if blanks else said

    def told(self, message: str) -> str:
        """Return a message whose blanks have been filled already: what is wrong, how to mend it."""
        if self.language == "zh" or message in catalogue(self.language):
            return self(message)
        for pattern, words in _messages(self.language):
            if found := pattern.fullmatch(message):
                return words.format(*self._blanks(found))
        quoted = _QUOTED.fullmatch(message)
        if quoted and (rest := self.told(quoted[2])) != quoted[2]:
            return f"{quoted[1]} {rest}"
        return message

    def _blanks(self, found: re.Match[str]) -> Iterator[str]:
        """Yield what fills the blanks; what somebody has written stands between quotation marks."""
        for number, said in enumerate(found.groups(), start=1):
            quoted = found.string[: found.start(number)].endswith("「")
            yield said if quoted else self.told(said)


@cache
def translator(language: Language) -> Translate:
    """Return what says Chinese strings in a language."""
    return Translate(language)
