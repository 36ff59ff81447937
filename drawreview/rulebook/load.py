"""Load the shipped rule folders, and an overlay beside them, into a rulebook."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from drawreview.errors import InputError, Problem, RuleError
from drawreview.paths import RULES
from drawreview.project.facts import FACTS
from drawreview.rulebook.archive import OVERLAY, archived, unpacked
from drawreview.rulebook.convention import read_convention
from drawreview.rulebook.folder import DocumentFolder
from drawreview.rulebook.model import Document, Question, Rulebook
from drawreview.rulebook.overlay import read_district_lists, read_overlay
from drawreview.rulebook.rule import Rule

CHECKED: Final = "checked.sha256"


@cache
def load_rulebook(rules: Path = RULES, overlay: Path | None = None) -> Rulebook:
    """Return the checked rulebook of a rules folder, with an overlay if one is given.

    Raises:
        RuleError: A file cannot be read, or does not say what its clause says.
        InputError: The overlay cannot be read.
    """
    rulebook, problems = read_rulebook(rules, overlay)
    if not problems and rulebook.digest != _checked(rules):
        from drawreview.rulebook.check import problems_of  # noqa: PLC0415 - it checks what this loads

        problems += problems_of(rulebook)
    if problems:
        raise RuleError(tuple(problems))
    return rulebook


def _checked(rules: Path) -> str | None:
    """Return the digest of the rule files that were checked when they were shipped.

    To compare every phrase with the law takes longer than to decide. Files that differ by one byte
    from those of the note are compared again.
    """
    note = rules / CHECKED
    return note.read_text(encoding="ascii").strip() if note.exists() else None


def rulebook_of(archive: bytes) -> Rulebook:
    """Return the rulebook that an archive holds, as it was when its digest was recorded.

    It is not checked against the law anew: it was when it decided, by the checks of its time.

    Raises:
        RuleError: A file cannot be read.
        InputError: The overlay cannot be read.
        ValueError: The bytes are not an archive.
    """
    with unpacked(archive) as (rules, overlay):
        rulebook, problems = read_rulebook(rules, overlay)
    if problems:
        raise RuleError(tuple(problems))
    return rulebook


def read_rulebook(rules: Path, overlay: Path | None = None) -> tuple[Rulebook, list[Problem]]:
    """Return what the folders say without checking it against the law, and what is unreadable."""
    if not any(rules.glob("**/document.yaml")):
        raise InputError(
            (Problem(str(rules), "这里没有规则目录。", "每个规则目录应有 document.yaml。"),)
        )
    folders = [
        DocumentFolder(path.parent, rules) for path in sorted(rules.glob("**/document.yaml"))
    ]
    documents: list[Document] = []
    found: list[Rule] = []
    questions: dict[str, Question] = {}
    problems: list[Problem] = []
    for folder in folders:
        document, own = folder.document()
        documents.append(document)
        found += own
        questions |= folder.questions()
        problems += folder.problems
    filed = read_overlay(overlay, documents, questions, found) if overlay else None
    lists = read_district_lists(sorted(rules.glob("baotou_districts/*.yaml")))
    files = [
        (path.relative_to(rules).as_posix(), path.read_bytes())
        for path in sorted(rules.glob("**/*"))
        if path.suffix in {".yaml", ".md"}
    ]
    if overlay:
        files += [
            (f"{OVERLAY}/{path.name}", path.read_bytes()) for path in sorted(overlay.glob("*.yaml"))
        ]
    archive = archived(files)
    rulebook = Rulebook(
        documents=tuple(documents),
        rules=tuple(found),
        questions=questions,
        facts=FACTS,
        digest=hashlib.sha256(archive).hexdigest(),
        archive=archive,
        district_lists=(*lists, *(filed.district_lists if filed else ())),
        successors=filed.successors if filed else (),
        adoptions=filed.adoptions if filed else (),
        overlay=filed and filed.about,
        convention=read_convention(rules, problems),
    )
    return rulebook, problems
