"""Set recorded letters again from what they were made of, and compare them byte by byte."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from drawreview.engine.document import ANNEX_ZH, written
from drawreview.errors import LetterError, Problem
from drawreview.paths import FORMS
from drawreview.records.canonical import parsed
from drawreview.records.difference import Cause, Difference
from drawreview.records.laws import Blobs, Laws, LostError, content
from drawreview.records.materials import fonts, forms, lay_out
from drawreview.records.software import SETTERS, software
from drawreview.records.ways import Said, Ways


class NotSetError(Exception):
    """A letter cannot be set again, since what it says of persons is gone; the reason."""


class _OtherPersonsError(Exception):
    """What is kept of persons is not what the record committed to."""


class SetElsewhereError(Exception):
    """A letter was set by other software, which would have to be installed to set it again."""


def not_made_of(letter: Said, blobs: Blobs) -> Iterator[Difference]:
    """Yield which of the things that a letter was made from is lost or changed."""
    clauses = _clauses(letter)
    for cause, what, digest in (
        (Cause.TEMPLATE_CHANGED, "格式文本", letter["forms"]),
        *((Cause.FONT_CHANGED, f"字体 {name}", one) for name, one in letter["fonts"].items()),
    ):
        try:
            content(blobs, digest)
        except LostError as error:
            yield Difference(cause, clauses, f"{what} {error}")


def not_of_decision(letter: Said, seq: int, decision: Said) -> Iterator[Difference]:
    """Yield what a letter says of its decision that the decision's record does not."""
    clauses = _clauses(letter)
    if letter["annex"] not in {decision["decision"]["letter"], "notice"}:
        said = f"记为{ANNEX_ZH.get(letter['annex'], letter['annex'])}，决定用的是另一种"
        yield Difference(Cause.INPUT_EDITED, clauses, said)
    bare = decision["id"].replace("-", "").upper()
    if not letter["receipt"].startswith(f"DRAWREVIEW:2/{bare}/{seq}/"):
        yield Difference(Cause.INPUT_EDITED, clauses, "存证码不是这个决定的")


@dataclass(frozen=True, slots=True)
class Letters:
    """Sets letters again; what several were made from is laid out once, in a folder for it."""

    laws: Laws
    ways: Ways
    folder: Path
    erased: Container[str]  # the records whose personal data was erased

    def set_otherwise(self, letter: Said, decision: Said) -> Iterator[Difference]:
        """Yield how a letter, set again, differs from the recorded one.

        Raises:
            NotSetError: What it says of persons is not here.
            SetElsewhereError: It comes out otherwise, and other software set it.
            PackError: The rules of its decision are not here.
            LostError: What it was made from is not here, which `not_made_of` has told.
        """
        clauses = _clauses(letter)
        try:
            persons, missing = self._persons(decision)
        except _OtherPersonsError:
            yield Difference(Cause.INPUT_EDITED, clauses, "个人信息与记录里的承诺值不符")
            return
        try:
            again = self._set(letter, decision, persons, self._made_from(letter))
        except LetterError as error:
            again, said = {}, f"现在排不出：{error}"
        else:
            differ = [name for name, one in letter["files"].items() if again.get(name) != one]
            if not differ:
                return
            said = f"再次排出的 {'、'.join(differ)} 与所记的摘要不同"
        if missing:  # it names persons, else it would have come out
            raise NotSetError(missing)
        if causes := self._exchanged(letter, decision, persons):
            for cause in causes:
                yield Difference(cause, clauses, f"{said}，用随程序的排出相同")
            return
        here, then = software(), letter["software"]
        other = [f"{name} {then.get(name)}" for name in SETTERS if then.get(name) != here[name]]
        if again and other:
            message = f"由 {'、'.join(other)} 排出，这里的版本不同"
            raise SetElsewhereError(message)
        yield Difference(Cause.ENGINE_DEFECT, clauses, said)

    def _persons(self, decision: Said) -> tuple[Said, str | None]:
        """Return what a project stated of persons, and why it is missing if it is."""
        if not decision["personal"]:
            return {}, None
        personal = self.ways.personal(decision["id"])
        if personal is None:
            gone = decision["id"] in self.erased
            return {}, "个人信息已经删除" if gone else self.ways.no_personal
        if personal.commitment != decision["personal"]:
            raise _OtherPersonsError
        return parsed(personal.content), None

    def _exchanged(self, letter: Said, decision: Said, persons: Said) -> tuple[Cause, ...]:
        """Return what of a letter's record was exchanged, if the shipped things give its files."""
        causes = (
            *((Cause.TEMPLATE_CHANGED,) if letter["forms"] != forms().sha256 else ()),
            *((Cause.FONT_CHANGED,) if letter["fonts"] != _shipped_fonts() else ()),
        )
        try:
            same = causes and self._set(letter, decision, persons, FORMS) == letter["files"]
        except LetterError:
            return ()
        return causes if same else ()

    def _set(
        self, letter: Said, decision: Said, persons: Said, made_from: Path
    ) -> Mapping[str, str]:
        """Return the SHA-256 of each file of a letter; raises LetterError and NotSetError."""
        if self.ways.letter is None:
            message = "这里不排版"
            raise NotSetError(message)
        law = self.laws.under(decision["law"]["pack"], decision["law"]["readings"])
        files = self.ways.letter(letter, decision, law, personal=persons, forms=made_from)
        return {name: sha256(file).hexdigest() for name, file in files.items()}

    def _made_from(self, letter: Said) -> Path:
        """Return a folder of the forms and fonts that a letter was made from."""
        named: Mapping[str, str] = letter["fonts"]
        if letter["forms"] == forms().sha256 and named == _shipped_fonts():
            return FORMS
        folder = self.folder / sha256(written([letter["forms"], named])).hexdigest()
        if not folder.is_dir():
            blobs = self.laws.blobs
            kept = {name: content(blobs, one) for name, one in named.items()}
            try:
                lay_out(content(blobs, letter["forms"]), kept, folder)
            except ValueError as error:
                problem = Problem("forms", f"所指的不是格式文本：{error}", "核对承诺书的记录。")
                raise LetterError((problem,)) from error
        return folder


def _shipped_fonts() -> dict[str, str]:
    return {name: font.sha256 for name, font in fonts().items()}


def _clauses(letter: Said) -> tuple[str, ...]:
    annex = letter["annex"]
    return (ANNEX_ZH[annex],) if annex in ANNEX_ZH else ()
